"""`huxin rules publish`: rules handed in at a node's rule desk, where another officer publishes them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from rich.progress import Progress

from huxin.adapters import intake, rule_files
from huxin.cli import rule_words, speech
from huxin.cli.options import EXISTING_FILE, EXISTING_FOLDER, json_option, language_option
from huxin.cli.simulation import show_moves

if TYPE_CHECKING:
    from huxin.node.project.rule_filing import Filed

__all__ = ["publish"]

_EPILOG: Final = """\b
Examples 例:
  huxin rules lint rules.json
  huxin rules publish reed-isles rules.json --as officer-one

\b
Exit status 退出码: 0 handed in 已交 · 1 refused, nothing handed in 有问题，没有交
"""


@click.command(
    "publish", epilog=_EPILOG, short_help="Hand rules in at a node's rule desk. 交规则台"
)
@click.argument("node", type=EXISTING_FOLDER)
@click.argument("files", nargs=-1, required=True, type=EXISTING_FILE, metavar="FILE...")
@click.option("--as", "officer", required=True, metavar="NAME", help="The rule officer's account.")
@json_option
@language_option
def publish(node: Path, files: tuple[Path, ...], officer: str, as_json: bool) -> None:
    """Lint rules, simulate them, and hand them in at the rule desk of the node in NODE.

    Nothing is published by this: another officer reads it at the rule desk, and publishes it or sends it back.
    To be typed on the node's own computer.

    检查、模拟，再交到节点的规则台；由另一位规则员审签后才公布。在节点本机上运行。
    """
    from huxin.node.project import rule_filing

    text, number = _text(files)
    console = speech.console(errors=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def going(asked: int, of: int) -> None:
            bar.update(task, completed=asked, total=of)

        found = rule_filing.file_rules(node, text, officer, going=going)
    told = rule_words.faults(found.faults)
    if as_json:
        speech.print_json(
            {
                "rules": number,
                "waiting": found.waiting,
                "page": found.page or None,
                "faults": told,
                "moved": [
                    {"purpose": one.purpose, "people": one.people, "moved": one.moved}
                    for one in found.effects
                ],
            }
        )
    else:
        _show(found, told, number)
    click.get_current_context().exit(0 if found.waiting else 1)


def _text(files: tuple[Path, ...]) -> tuple[str, int]:
    """Return the rules as one text for the desk, and how many they are; a single file as it was written."""
    book = rule_files.read_book(*files)
    if len(files) == 1:
        data = intake.read(files[0], limit=rule_files.MAX_FILE)
        return data.decode("utf-8-sig"), len(book.rules)
    documents = [dict(rule.document) for rule in book.rules]
    whole = {"valueSets": dict(book.value_sets), "rules": documents}
    return json.dumps(whole, ensure_ascii=False, indent=2), len(documents)


def _show(found: Filed, told: list[dict[str, Any]], number: int) -> None:
    words, console = speech.current(), speech.console()
    rule_words.show_faults(told, number)
    for effect in found.effects:
        console.print(f"\n{effect.purpose}")
        show_moves(effect, words)
    name = "rules-filed" if found.waiting else "rules-drafted" if found.page else "rules-not-filed"
    # A wrapped address cannot be opened.
    console.print(f"\n{words.say(name, page=found.page)}", soft_wrap=True)
