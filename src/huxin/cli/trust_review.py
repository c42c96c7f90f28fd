"""`huxin trust diff`, `lint` and `status`: what would change, what is wrong, and how the list stands."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table

from huxin.cli import speech
from huxin.cli.options import EXISTING_FILE, json_option, language_option
from huxin.cli.trust_files import (
    FOLDER,
    at_option,
    moment,
    read_folder,
    read_proposal,
    repository_option,
    show_review,
)
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.review import review
from huxin.trust.federation.glance import regions_of, roles_of
from huxin.trust.federation.lint import findings
from huxin.trust.federation.repository import Repository, read_list

__all__ = ["diff", "lint", "status"]

_DIFF: Final = """\b
Examples 例:
  huxin trust diff join.json --repository list
  huxin trust diff join.json --repository list --json

\b
Exit status 退出码: 0 nothing wrong 没有问题 · 1 lint found something, or refused 有问题，或读不了
"""
_LINT: Final = """\b
Examples 例:
  huxin trust lint list
  huxin trust lint list --at 2027-01-01T00:00:00Z

\b
Exit status 退出码: 0 nothing found 没有发现 · 1 something found, or refused 有发现，或读不了
"""
_STATUS: Final = """\b
Examples 例:
  huxin trust status list
  huxin trust status list --json
"""


@click.command("diff", epilog=_DIFF, short_help="What a proposal changes. 看改动")
@click.argument("path", type=EXISTING_FILE, metavar="FILE")
@repository_option
@at_option
@json_option
@language_option
def diff(path: Path, folder: Path, at: datetime | None, as_json: bool) -> None:
    """Say in words what a proposal changes, what it does to cards, what lint finds, and who signed.

    用话说清一份提案改什么、对卡有何影响、检查有何发现、谁签了。
    """
    told = review(read_proposal(path), read_folder(folder), now=moment(at))
    if as_json:
        speech.print_json(told)
    else:
        show_review(told)
    click.get_current_context().exit(1 if told["lint"] else 0)


@click.command("lint", epilog=_LINT, short_help="What is wrong with a list. 检查清单")
@click.argument("folder", type=FOLDER)
@at_option
@json_option
@language_option
def lint(folder: Path, at: datetime | None, as_json: bool) -> None:
    """Hold a list against the rules that every client holds it against, and name all that is wrong.

    按每个客户端都用的规则检查一份清单，一次列出全部问题。
    """
    faults = findings(_stands(folder), held=None, now=moment(at))
    words = speech.current()
    if as_json:
        speech.print_json(
            {"findings": [{"code": one.code, "detail": one.detail} for one in faults]}
        )
    else:
        for one in faults:
            line = f"✕ {words.sentence(one.code)} [{one.code}] {speech.harmless(one.detail)}"
            speech.console().print(line)
        if not faults:
            speech.console().print(f"✓ {words.say('proposal-lint-clean')}")
    click.get_current_context().exit(1 if faults else 0)


def _stands(folder: Path) -> Repository:
    repository = read_folder(folder)
    if repository is None:
        raise RefusalError("trust-missing", "no list has been published here")
    return repository


@click.command("status", epilog=_STATUS, short_help="How the list stands. 清单状态")
@click.argument("folder", type=FOLDER)
@at_option
@json_option
@language_option
def status(folder: Path, at: datetime | None, as_json: bool) -> None:
    """Show regions, keys, what ends when, and who signed what.

    看各区域、密钥、到期日，以及谁签了什么。
    """
    now, repository = moment(at), read_folder(folder)
    if repository is None:
        click.echo(speech.current().say("trust-empty"))
        click.get_current_context().exit(1)
    found = {"regions": _regions(repository), "roles": _roles(repository, now)}
    if as_json:
        speech.print_json(found)
        return
    _show(found)


def _regions(repository: Repository) -> list[dict[str, Any]]:
    return [
        asdict(row) | {"name": dict(row.name), "first_to_end": _day(row.first_to_end)}
        for row in regions_of(read_list(repository))
    ]


def _day(instant: datetime | None) -> str | None:
    return None if instant is None else instant.date().isoformat()


def _roles(repository: Repository, now: datetime) -> list[dict[str, Any]]:
    return [
        asdict(row) | {"expires": row.expires.isoformat(), "signed_by": list(row.signed_by)}
        for row in roles_of(repository, now=now)
    ]


def _show(found: dict[str, Any]) -> None:
    console, words = speech.console(), speech.current()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("trust-regions", "trust-standing", "trust-keys-number", "trust-buried", "trust-next-end"):  # fmt: skip
        table.add_column(words.say(head))
    for row in found["regions"]:
        name = speech.harmless(f"{row['region']} {row['name'][words.language]}")
        standing = words.say(f"standing-{row['standing']}")
        table.add_row(name, standing, f"{row['keys']:,}", f"{row['buried']:,}", row["first_to_end"] or "—")  # fmt: skip
    console.print(table)
    console.print()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for head in ("trust-role", "trust-version", "trust-lasts", "trust-signed-by"):
        table.add_column(words.say(head))
    for row in found["roles"]:
        mark = "trust-over" if row["over"] else "trust-resign" if row["resign"] else ""
        ends = row["expires"][:16].replace("T", " ") + (f"  ! {words.say(mark)}" if mark else "")
        table.add_row(row["role"], str(row["version"]), ends, ", ".join(row["signed_by"]))
    console.print(table)
