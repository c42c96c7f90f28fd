"""`huxin packs`: which packs there are, rules for a region from one of them, a new one sealed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table
from rich.text import Text

from huxin.adapters import clock, pack_folder
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import EXISTING_FOLDER, json_option, language_option
from huxin.packs import reader
from huxin.trust.rules.adopt import adopt as adopt_pack

__all__ = ["PackChoice", "packs"]

_REFUSED: Final = 1
_LIST_EPILOG: Final = """\b
Examples 例:
  pip install huxin-pack-pool
  huxin packs list

\b
Exit status 退出码: 0 all can be used 都能用 · 1 one was left out 有一个没有用上
"""
_ADOPT_EPILOG: Final = """\b
Example 例:
  huxin packs adopt school-entry --region QV --from 2026-12-04 --until 2027-08-31 > rules.json
  huxin rules lint rules.json
"""
_SEAL_EPILOG: Final = """\b
Example 例:
  huxin packs seal src/huxin_pack_pool
"""


class PackChoice(click.Choice[str]):
    """The id of a pack; of one that was installed and left out it says why."""

    def __init__(self) -> None:
        super().__init__(reader.pack_ids())

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        for one in reader.refused_packs():
            if one.id == value and value not in reader.pack_ids():
                self.fail(speech.harmless(f"{one.id} ({one.origin}): {one.why}"), param, ctx)
        return super().convert(value, param, ctx)


@click.group(short_help="Packs: what there is, and new ones. 场景包")
def packs() -> None:
    """Look at packs, take rules from them, make new ones.

    场景包：有哪些、采用其中的规则、做新的。
    """


@packs.command("list", epilog=_LIST_EPILOG, short_help="Which packs there are. 列出")
@json_option
@language_option
def list_(as_json: bool) -> None:
    """List the packs: those that come with Huxin, those installed, those left out and why.

    列出场景包：自带的、装上的，以及没有用上的和原因。
    """
    rows = [_row(name) for name in reader.pack_ids()]
    refused = [
        {"id": one.id, "from": one.origin, "refused": one.why} for one in reader.refused_packs()
    ]
    if as_json:
        speech.print_json([*rows, *refused])
    else:
        _show(rows, refused)
    click.get_current_context().exit(_REFUSED if refused else 0)


def _row(name: str) -> dict[str, Any]:
    words = speech.current()
    found = reader.pack(name)
    name_words = found.name.zh if words.language == "zh" else found.name.en
    purposes = list(reader.templates(name).purposes())
    return {"id": name, "name": name_words, "from": reader.origin(name) or "huxin",
            "effect": found.effect, "purposes": purposes}  # fmt: skip


def _show(rows: list[dict[str, Any]], refused: list[dict[str, Any]]) -> None:
    table = Table.grid(padding=(0, 2, 0, 0))
    for row in rows:
        told = f"{row['name']} · {', '.join(row['purposes'])}"
        table.add_row("✓", row["id"], row["from"], speech.harmless(told))
    for row in refused:
        cells = (speech.harmless(row[name]) for name in ("id", "from", "refused"))
        table.add_row(*(Text(cell) for cell in ("✕", *cells)))
    speech.console().print(table)


@packs.command("adopt", epilog=_ADOPT_EPILOG, short_help="Rules for a region, from a pack. 采用")
@click.argument("pack", type=PackChoice())
@click.option("--region", required=True, metavar="CODE", help="The region that adopts them.")
@click.option("--from", "begins", type=Instant(), required=True, help="First instant of validity.")
@click.option("--until", "ends", type=Instant(), required=True, help="Last instant of validity.")
@click.option("--published", type=Instant(), help="Publication (default: now).")
@click.option("--declared", type=Instant(), help="Day on which an outbreak was declared.")
def adopt(
    pack: str, region: str, begins: datetime, ends: datetime, **more: datetime | None
) -> None:
    """Write a pack's rules as rules of a region: a file of rules on standard output.

    A region is bound by them once it publishes them, and by nothing here.

    把场景包的规则写成一个区域的规则文件；公布以后才算数。
    """
    declared = more["declared"]
    book = adopt_pack(
        pack,
        region=region,
        published=more["published"] or clock.now(),
        valid_from=begins,
        valid_until=ends,
        declared=declared.date() if declared else None,
    )
    made = [dict(rule.document) for rule in book.rules]
    speech.print_json({"valueSets": dict(book.value_sets), "rules": made})


@packs.command("seal", epilog=_SEAL_EPILOG, short_help="Look at a new pack and seal it. 封存")
@click.argument("folder", type=EXISTING_FOLDER)
@json_option
@language_option
def seal(folder: Path, as_json: bool) -> None:
    """Look at a folder that is to be a pack, and write the manifest of its files.

    查看要做成场景包的文件夹，写好文件校验单。
    """
    found = pack_folder.seal(folder)
    rules = len(found.templates.rules)
    if as_json:
        told = {"id": found.pack.id, "files": list(found.files), "rules": rules}
        speech.print_json(told)
        return
    words = speech.current()
    click.echo(words.say("pack-sealed", id=found.pack.id, files=len(found.files), rules=rules))
