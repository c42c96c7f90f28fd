"""The names of a session, pasted or from a file → rows, and what is wrong with the others.

Responsible for the lines that people paste (`name, birth[, name in Latin letters]`) and for the rows
that a file has.  Leaves the reading itself to `adapters.tables`, so that a sheet understands what a
list understands.

- what all rows share fills what a row leaves out; a row keeps only what is its own;
- every fault is told by line and column, and stops nobody else;
- whoever stands in the list twice is taken once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from huxin.adapters import tables
from huxin.adapters.tables import RowFault
from huxin.kernel.errors import RefusalError
from huxin.node.trust.forms.desk import WHO
from huxin.node.trust.forms.desk_words import fault_words
from huxin.packs.entries import Entry, Fault, Value, read_entry
from huxin.packs.reader import Choice, Pack, Words

__all__ = ["MOST_ROWS", "NameFault", "Names", "cells_of", "pasted", "read_names"]

MOST_ROWS: Final = 500
_BETWEEN: Final = re.compile(r"[,，;；、\t]")
_ORDER: Final = ("name", "birth", "latin")
_ROW: Final = Words("整行", "The whole line")
_MORE: Final = Words(
    "这一行的格数不对，每行写：姓名, 出生日期, 拼音",
    "This line has too many parts; write: name, date of birth, name in Latin letters",
)


@dataclass(frozen=True, slots=True)
class NameFault:
    """What is wrong with one line: where, under which head, and what is right."""

    line: int
    head: Words
    said: Words


@dataclass(frozen=True, slots=True)
class Names:
    """The rows by line, each with its own cells, and the faults of the other lines."""

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    faults: tuple[NameFault, ...]

    def packed(self) -> str:
        """Return the rows as JSON Lines, to be sent again by a form."""
        return "\n".join(json.dumps(dict(cells), ensure_ascii=False) for _, cells in self.rows)


def pasted(text: str, pack: Pack) -> tuple[bytes, tuple[RowFault, ...]]:
    """Return pasted lines as JSON Lines, line for line, and the lines that have too many parts."""
    lines, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        parts = [part.strip() for part in _BETWEEN.split(line)]
        if len(parts) > len(_ORDER) and any(parts[len(_ORDER) :]):
            faults.append(RowFault(number, "", "bad-input", "more cells than heads"))
            parts = []
        lines.append(_json(parts, pack) if any(parts) else "")
    return "\n".join(lines).encode(), tuple(faults)


def _json(parts: list[str], pack: Pack) -> str:
    cells = dict(zip(_ORDER, parts, strict=False))
    if pack.column("latin").required and not cells.get("latin") and cells["name"].isascii():
        cells["latin"] = cells["name"]
    return json.dumps(cells, ensure_ascii=False)


def read_names(
    data: bytes, pack: Pack, shared: Mapping[str, str], *, today: date, before: tuple[RowFault, ...]
) -> Names:
    """Read rows, with what all share; refuses as `tables.read_list` does, `too-big` past 500 names."""
    if not data.strip() and before:
        return Names((), tuple(_told(one, pack, today) for one in before))
    found = tables.read_list(data, pack, today=today, given=shared)
    faults = [*before, *found.faults]
    rows: list[tuple[int, Mapping[str, str]]] = []
    seen: dict[tuple[str, str], int] = {}
    for line, entry in found.entries:
        first = seen.setdefault(_person(entry), line)
        if first == line:
            rows.append((line, _own(entry, shared, today)))
        else:
            faults.append(RowFault(line, "", "duplicate", f"line {first}"))
    if len(rows) > MOST_ROWS:
        raise RefusalError("too-big", f"more than {MOST_ROWS} names")
    faults.sort(key=lambda fault: fault.line)
    return Names(tuple(rows), tuple(_told(one, pack, today) for one in faults))


def _person(entry: Entry) -> tuple[str, str]:
    name = entry.text("name") or entry.text("latin") or ""
    return name.casefold(), entry.text("birth") or ""


def cells_of(entry: Entry) -> dict[str, str]:
    """Return what was read as cells: a choice by its name, a date as ISO date."""
    return {name: _text(value) for name, value in entry.values.items()}


def _text(value: Value) -> str:
    return value.id if isinstance(value, Choice) else str(value)


def _own(entry: Entry, shared: Mapping[str, str], today: date) -> dict[str, str]:
    """Return the cells that the sheet does not give by itself: who it is, and what differs."""
    cells = cells_of(entry)
    who = {name: text for name, text in cells.items() if name in WHO}
    usual = read_entry(entry.pack, {**shared, **who}, today=today)
    given = cells_of(usual) if isinstance(usual, Entry) else {}
    return who | {name: text for name, text in cells.items() if given.get(name) != text}


def _told(fault: RowFault, pack: Pack, today: date) -> NameFault:
    if fault.field:
        column = pack.column(fault.field)
        said = fault_words(column, Fault(fault.field, fault.code, fault.detail), today=today)
        return NameFault(fault.line, column.head, said)
    if fault.code == "duplicate":
        line = fault.detail.removeprefix("line ")
        return NameFault(
            fault.line, _ROW, Words(f"和第 {line} 行是同一位", f"The same person as line {line}")
        )
    return NameFault(fault.line, _ROW, next(_whole(fault)))


def _whole(fault: RowFault) -> Iterator[Words]:
    if fault.detail == "more cells than heads":
        yield _MORE
    detail = fault.detail
    yield Words(f"这一行读不懂：{detail}", f"This line cannot be read: {detail}")
