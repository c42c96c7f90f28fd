"""`huxin issue`: one card, or a list of them, into text, pictures and paper.

- one bad row never stops the others, and is told by line and field;
- a run that was killed is continued with `--resume`, and makes no card twice.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, cast

import click

from huxin.adapters import clock, intake, tables
from huxin.adapters.batch import FILE_FORMATS
from huxin.cli.instant_type import Instant
from huxin.cli.issue_report import show_preview, show_summary
from huxin.cli.issue_run import Asked, run
from huxin.cli.options import (
    EXISTING_FILE,
    json_option,
    language_option,
    passphrase_option,
)
from huxin.cli.packs import PackChoice
from huxin.packs import reader
from huxin.packs.entries import Entry, match_head, read_entry
from huxin.packs.reader import Pack

__all__ = ["issue"]

_SOME_REFUSED: Final = 1
_STDIN: Final = "-"
_LAYOUTS: Final = ("sheet", "card")
_FAULTS: Final = "faults.csv"
_EPILOG: Final = """\b
Examples 例:
  huxin issue --template school-entry > list.csv
  huxin issue --pack school-entry --list list.xlsx --preview
  huxin issue --pack school-entry --key qw.key --list list.xlsx --out cards
  huxin issue --pack school-entry --key qw.key --list list.xlsx --out cards --resume
  huxin issue --pack occupational-health --key qv.key --list list.csv --one-pdf cards.pdf --layout card
  huxin issue --pack occupational-health --key qv.key --set name=顾小舟 --set birth=1990 \\
      --set work_class=食品 --set date=2026-11-01

\b
Exit status 退出码:
  0  every row became a card                         每一行都签发了
  1  some row was refused, the others are issued;    有的行没有签发，其余已签发；
     or the input was refused as a whole             或整个输入有误
  2  wrong usage of a command                        命令用法不对
"""


def _formats(
    _context: click.Context, _option: click.Parameter, text: str | None
) -> tuple[str, ...] | None:
    if text is None:
        return None
    chosen = tuple(dict.fromkeys(one.strip().lower() for one in text.split(",") if one.strip()))
    if not chosen or not set(chosen) <= set(FILE_FORMATS):
        raise click.BadParameter(f"some of {', '.join(FILE_FORMATS)}, with commas between them")
    return chosen


_PACKS: Final = PackChoice()
_FOLDER: Final = click.Path(file_okay=False, path_type=Path)
_NEW: Final = click.Path(dir_okay=False, path_type=Path)


@click.command(epilog=_EPILOG, short_help="Issue cards, one or a whole list. 签发")
@click.option("--pack", type=_PACKS, help="What the cards are for.")
@click.option("--key", type=EXISTING_FILE, help="Key file that signs.")
@passphrase_option
@click.option(
    "--list",
    "list_file",
    metavar="FILE",
    help="List of people: .xlsx, CSV, JSON Lines; - is stdin.",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="COLUMN=VALUE",
    help="Value of a column: for a single card, or for all rows that leave it empty.",
)
@click.option("--ignore", multiple=True, metavar="HEAD", help="Column of the list to leave out.")
@click.option("--out", type=_FOLDER, help="Folder for one file a card and format, and the receipt.")
@click.option(
    "--format",
    "formats",
    show_default="txt,png,pdf; txt,png without huxin[paper]",
    callback=_formats,
    help="Files of each card in --out: some of txt, png, svg, pdf.",
)
@click.option("--one-pdf", type=_NEW, help="One PDF of all cards (keeps txt in --out, if given).")
@click.option(
    "--layout",
    type=click.Choice(_LAYOUTS),
    default=_LAYOUTS[0],
    show_default=True,
    help="Paper: an A4 sheet a card, or card size (ten on an A4 page in --one-pdf).",
)
@click.option("--region-name", metavar="ZH/EN", help="The region's name on paper: 苇洲/Reed Isles.")
@click.option("--minimal", is_flag=True, help="Minimal cards: name, birth year, purpose, last day.")
@click.option(
    "--as",
    "envelope",
    type=click.Choice(("hcert", "shc")),
    default="hcert",
    show_default=True,
    help="HCERT, or a SMART Health Card (vaccinations).",
)
@click.option("--status-uri", help="Status list in which each card gets a place.")
@click.option("--status-start", type=click.IntRange(0), help="First free place of that list.")
@click.option("--preview", is_flag=True, help="Show what would be issued; signs nothing.")
@click.option("--resume", is_flag=True, help="Continue a run that was stopped in --out.")
@click.option("--at", type=Instant(), help="Issue as at this instant instead of now.")
@click.option(
    "--template", type=_PACKS, help="Write an empty list with this pack's heads, no more."
)
@json_option
@language_option
def issue(**asked: Any) -> None:
    """Issue cards: one from --set, or one a row from --list.

    签发卡片：用 --set 签一张，或用 --list 按名单一行签一张。有问题的行按行和栏列出，其余照常签发。
    """
    wish = Asked(**asked)
    if wish.template is not None:
        click.echo(tables.template(reader.pack(wish.template)), nl=False)
        return
    _check_usage(wish)
    pack = reader.pack(cast("str", wish.pack))
    now = wish.at or clock.now()
    data = _list_bytes(wish)
    found = _read(wish, pack, data, now)
    if wish.preview:
        show_preview(found, as_json=wish.as_json)
        _end(found.faults)
    if wish.key is None:
        raise click.UsageError("Which key signs? Give --key FILE, or --preview.")
    summary = run(wish, found, data, now)
    for text in () if wish.as_json else summary.texts:
        click.echo(text)
    if wish.as_json or not summary.texts:
        show_summary(summary, as_json=wish.as_json)
    _end(summary.faults)


def _end(faults: Sequence[tables.RowFault]) -> None:
    click.get_current_context().exit(_SOME_REFUSED if faults else 0)


def _check_usage(wish: Asked) -> None:
    for wrong, sentence in (
        (wish.pack is None, "What are the cards for? Give --pack."),
        (not wish.list_file and not wish.given, "Whose cards? Give --list FILE or --set."),
        (
            bool(wish.list_file) and not (wish.out or wish.one_pdf or wish.preview),
            "Where to? Give --out DIR, --one-pdf FILE or --preview.",
        ),
        (wish.resume and wish.out is None, "--resume continues a folder: give --out DIR."),
        (
            (wish.status_uri is None) != (wish.status_start is None),
            "--status-uri and --status-start go together.",
        ),
    ):
        if wrong:
            raise click.UsageError(sentence)


def _list_bytes(wish: Asked) -> bytes:
    if wish.list_file is None:
        return b""
    if wish.list_file == _STDIN:
        return intake.read_stream(sys.stdin.buffer, limit=tables.MAX_BYTES, name=_STDIN)
    path = Path(wish.list_file)
    if not path.is_file():
        raise click.BadParameter(f"no such file: {path}", param_hint="--list")
    return intake.read(path, limit=tables.MAX_BYTES)


def _read(wish: Asked, pack: Pack, data: bytes, now: datetime) -> tables.List:
    # A list may come from where the day has already begun.
    today = (now.astimezone(UTC) + timedelta(hours=14)).date()
    given = _given(wish.given, pack)
    if wish.list_file is not None:
        return tables.read_list(data, pack, today=today, given=given, ignore=wish.ignore)
    return _single(pack, given, today)


def _given(pairs: Sequence[str], pack: Pack) -> dict[str, str]:
    given: dict[str, str] = {}
    for pair in pairs:
        head, equals, value = pair.partition("=")
        column = match_head(pack, head)
        if column is None or not equals:
            known = ", ".join(one.id for one in pack.columns)
            raise click.BadParameter(f"{head!r}: COLUMN=VALUE, of {known}", param_hint="--set")
        given[column.id] = value
    return given


def _single(pack: Pack, given: Mapping[str, str], today: date) -> tables.List:
    found = read_entry(pack, given, today=today)
    if isinstance(found, Entry):
        return tables.List(pack, ((1, found),), ())
    faults = (tables.RowFault(1, one.field, one.code, one.detail) for one in found)
    return tables.List(pack, (), tuple(faults))
