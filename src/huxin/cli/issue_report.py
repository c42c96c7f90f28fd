"""How `huxin issue` shows what it read and did: previews, faults by line and field, the summary.

Names stand on the clerk's own screen, in a preview that was asked for; in no file but the cards.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from huxin.adapters import output
from huxin.adapters.tables import List, RowFault
from huxin.cli import speech
from huxin.cli.issue_words import say
from huxin.cli.speech import LANGUAGES, Speech, harmless
from huxin.kernel.instants import PartialDate
from huxin.packs.entries import Entry
from huxin.packs.reader import Pack

__all__ = ["Summary", "show_preview", "show_summary", "write_faults"]

_MOST_FAULTS: Final = 30
_PREVIEW_ROWS: Final = 10
_HEADS: Final = (
    "行 line",
    "栏 column",
    "代号 code",
    "说明",
    "what is wrong",
    "应填",
    "what is right",
)


@dataclass(frozen=True, slots=True)
class Summary:
    """What became of a list."""

    pack: Pack
    issued: int
    lines: int
    faults: Sequence[RowFault]
    resumed: int = 0
    texts: Sequence[str] = ()
    folder: Path | None = None
    one_pdf: Path | None = None
    faults_file: Path | None = None

    def plain(self) -> dict[str, Any]:
        """Return the summary as plain data."""
        words = speech.current()
        return {
            "issued": self.issued,
            "resumed": self.resumed,
            "lines": self.lines,
            "texts": list(self.texts),
            "folder": str(self.folder) if self.folder else None,
            "one_pdf": str(self.one_pdf) if self.one_pdf else None,
            "faults_file": str(self.faults_file) if self.faults_file else None,
            "faults": [
                {
                    "line": one.line,
                    "field": one.field,
                    "code": one.code,
                    "text": words.sentence(one.code),
                    "detail": one.detail,
                }
                for one in self.faults
            ],
        }


def show_preview(found: List, *, as_json: bool) -> None:
    """Show the first entries as they were understood, and every fault."""
    summary = Summary(found.pack, len(found.entries), _lines(found), found.faults)
    if as_json:
        speech.print_json(summary.plain())
        return
    console = speech.console()
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for label in ("line", "name", "birth", "about", "date"):
        table.add_column(say(label), overflow="fold")
    for line, entry in found.entries[:_PREVIEW_ROWS]:
        table.add_row(str(line), *(Text(harmless(text)) for text in _gist(entry)))
    console.print(table)
    console.print(say("would-issue", issued=summary.issued, lines=summary.lines))
    _show_faults(summary)
    console.print(say("preview"), style="bold")


def _lines(found: List) -> int:
    return len({line for line, _ in found.entries} | {fault.line for fault in found.faults})


def _gist(entry: Entry) -> tuple[str, ...]:
    words = entry.choice.words
    choice = words.zh if speech.current().language == "zh" else words.en
    name = entry.text("name") or entry.text("latin") or ""
    return name, entry.text("birth") or "", choice, _day(entry.date("date"))


def _day(day: PartialDate | None) -> str:
    return "" if day is None else str(day)


def show_summary(summary: Summary, *, as_json: bool) -> None:
    """Say what was issued and where it is; the faults by line and field."""
    if as_json:
        speech.print_json(summary.plain())
        return
    console = speech.console()
    console.print(say("issued", issued=summary.issued, lines=summary.lines), style="bold")
    if summary.resumed:
        console.print(say("resumed", resumed=summary.resumed))
    for key, path in (("folder", summary.folder), ("one-pdf", summary.one_pdf)):
        if path is not None:
            # Files are named on a line of their own, whole, so that they can be copied.
            console.print(Text(say(key, folder=path, file=path)), soft_wrap=True)
    _show_faults(summary)


def _show_faults(summary: Summary) -> None:
    if not summary.faults:
        return
    console, words = speech.console(), speech.current()
    refused = len({fault.line for fault in summary.faults})
    console.print()
    console.print(say("refused", refused=refused), style="bold")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for label in ("line", "field", "what", "hint"):
        table.add_column(say(label), overflow="fold")
    for fault in summary.faults[:_MOST_FAULTS]:
        table.add_row(
            str(fault.line),
            _head(summary.pack, fault, words) or say("whole-row"),
            f"{words.sentence(fault.code)} [{fault.code}]",
            Text(harmless(_hint(summary.pack, fault, words))),
        )
    console.print(table)
    more = len(summary.faults) - _MOST_FAULTS
    if more > 0 and summary.faults_file:
        console.print(say("more", more=more, file=summary.faults_file.name))
    elif more > 0:
        console.print(say("more-only", more=more))
    if summary.faults_file:
        console.print(Text(say("faults-file", file=summary.faults_file)), soft_wrap=True)


def _head(pack: Pack, fault: RowFault, words: Speech) -> str:
    if not fault.field:
        return ""
    head = pack.column(fault.field).head
    return head.zh if words.language == "zh" else head.en


def _hint(pack: Pack, fault: RowFault, words: Speech) -> str:
    """Return what is right in the field; for a whole row, what is known of the fault."""
    if not fault.field:
        return fault.detail
    hint = pack.column(fault.field).hint
    said = hint.zh if words.language == "zh" else hint.en
    return f"{said} ({fault.detail})" if fault.detail else said


def write_faults(path: Path, pack: Pack, faults: Sequence[RowFault]) -> Path | None:
    """Write the faults as a list that a spreadsheet opens, in the place of an earlier one.

    What people had typed is not repeated: line and column are enough to find it.
    """
    path.unlink(missing_ok=True)
    if not faults:
        return None
    both = tuple(Speech(language) for language in LANGUAGES)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow(_HEADS)
    for fault in faults:
        heads = " ".join(_head(pack, fault, words) for words in both).strip()
        sentences = (words.sentence(fault.code) for words in both)
        hints = (_hint(pack, fault, words) for words in both)
        table.writerow([fault.line, heads, fault.code, *sentences, *hints])
    output.write_new(path, out.getvalue().encode("utf-8-sig"))
    return path
