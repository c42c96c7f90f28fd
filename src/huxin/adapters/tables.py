"""A list as people have it → entries of a pack, and what is wrong, by line and field.

Reads .xlsx, CSV (UTF-8 with or without mark, UTF-16 with its mark, GB18030; comma, semicolon or
tab) and JSON Lines, told apart by their content.  Leaves what a cell means to `packs.entries`.

- heads stand in Chinese or English, in any order, perhaps below a title;
- a column that the pack does not know is refused by name, so that nothing somebody typed is
  silently left off the cards; the caller may say which ones to ignore;
- a list has at most so many rows and columns, and cells beyond are not looked at;
- a row with a fault never stops the others; a line counts from 1, as the spreadsheet shows it.
"""

from __future__ import annotations

import csv
import io
import itertools
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from huxin.adapters import spreadsheet
from huxin.adapters.spreadsheet import Cell, Unreadable
from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.packs.entries import Entry, Fault, match_head, read_entry
from huxin.packs.reader import Column, Pack

__all__ = ["MAX_BYTES", "MAX_ROWS", "List", "RowFault", "read_list", "template"]

MAX_BYTES: Final = 20_000_000
MAX_ROWS: Final = 20_000

_MAX_COLUMNS: Final = 100
_TITLE_ROWS: Final = 10  # heads stand within so many rows from the top
_DELIMITERS: Final = (",", ";", "\t")
_ZIP: Final = b"PK\x03\x04"
_OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one field of one line; `field` is a column's id, or empty for the row."""

    line: int
    field: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class List:
    """A list that was read: the entries by line, and the faults of the other lines."""

    pack: Pack
    entries: tuple[tuple[int, Entry], ...]
    faults: tuple[RowFault, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, Cell]
    faults: tuple[Fault, ...] = ()


def template(pack: Pack) -> bytes:
    """Return an empty list with the pack's heads: CSV that spreadsheet programs open as UTF-8."""
    out = io.StringIO()
    csv.writer(out).writerow(f"{column.head.zh} {column.head.en}" for column in pack.columns)
    return out.getvalue().encode("utf-8-sig")


def read_list(
    data: bytes,
    pack: Pack,
    *,
    today: date,
    given: Mapping[str, str] | None = None,
    ignore: Collection[str] = (),
) -> List:
    """Read a list; `given` fills columns that are missing or empty, `ignore` names heads to skip.

    Refuses as a whole with `table` (not a list), `column` (a head is missing or not known), or
    `too-big`.
    """
    if len(data) > MAX_BYTES:
        raise RefusalError("too-big", "list")
    defaults = dict(given or {})
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        rows = list(_json_rows(data, pack, ignore))
    else:
        rows = list(_grid_rows(_grid(data, pack), pack, defaults, ignore))
    if not rows:
        raise RefusalError("table", "no row under the heads")
    return _entries(pack, rows, defaults, today)


def _entries(pack: Pack, rows: Sequence[_Row], defaults: Mapping[str, str], today: date) -> List:
    entries: list[tuple[int, Entry]] = []
    faults: list[RowFault] = []
    seen: dict[object, int] = {}
    for row in rows:
        found = _entry(pack, row, defaults, today)
        if isinstance(found, Entry):
            first = seen.setdefault(tuple(found.values.items()), row.line)
            if first == row.line:
                entries.append((row.line, found))
                continue
            found = (Fault("", "duplicate", f"line {first}"),)
        faults += (RowFault(row.line, one.field, one.code, one.detail) for one in found)
    return List(pack, tuple(entries), tuple(faults))


def _entry(
    pack: Pack, row: _Row, defaults: Mapping[str, str], today: date
) -> Entry | tuple[Fault, ...]:
    if row.faults and not row.cells:
        return row.faults
    unreadable = tuple(
        Fault(name, "bad-input", str(cell))
        for name, cell in row.cells.items()
        if isinstance(cell, Unreadable)
    )
    cells = dict(defaults) | {name: cell for name, cell in row.cells.items() if cell.strip()}
    found = read_entry(pack, cells, today=today)
    if not unreadable and not row.faults:
        return found
    told = {fault.field for fault in unreadable}
    others = () if isinstance(found, Entry) else found
    return (*row.faults, *unreadable, *(one for one in others if one.field not in told))


# ------------------------------------------------------------------------------ rows of a grid


def _grid(data: bytes, pack: Pack) -> Iterator[list[Cell]]:
    if data.startswith(_ZIP):
        return spreadsheet.rows(data, columns=_MAX_COLUMNS, cells=_MAX_COLUMNS * MAX_ROWS)
    if data.startswith(_OLD_EXCEL):
        raise RefusalError("table", "the old .xls form; save it as .xlsx")
    return _csv_rows(_decoded(data), pack)


def _decoded(data: bytes) -> str:
    encodings = ("utf-16",) if data.startswith(_UTF16) else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        # GB18030 finds characters in nearly any bytes; controls show that it was no text.
        if not any(unicodedata.category(one) == "Cc" for one in set(text) - set("\t\r\n")):
            return text
    raise RefusalError("table", "neither a spreadsheet nor text in UTF-8 or GB18030")


def _csv_rows(text: str, pack: Pack) -> Iterator[list[Cell]]:
    delimiter = max(_DELIMITERS, key=lambda one: _known_heads(text, one, pack))
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise RefusalError("table", f"a quotation mark out of place: {error}") from error


def _known_heads(text: str, delimiter: str, pack: Pack) -> int:
    head = text.splitlines()[:_TITLE_ROWS]
    cells = (line.split(delimiter, _MAX_COLUMNS) for line in head)
    return max((sum(map(bool, _matched(line, pack))) for line in cells), default=0)


def _matched(cells: Sequence[str], pack: Pack) -> list[str]:
    """Return the ids of the columns that a row's first cells name, empty for a cell that names none."""
    looked = cells[:_MAX_COLUMNS]
    columns = (match_head(pack, cell.strip('" ')) if cell.strip() else None for cell in looked)
    return [column.id if column else "" for column in columns]


def _grid_rows(
    grid: Iterator[list[Cell]], pack: Pack, given: Mapping[str, str], ignore: Collection[str]
) -> Iterator[_Row]:
    top = list(itertools.islice(grid, _TITLE_ROWS))
    at = _head_row(top, pack)
    names = _columns(_without_blanks(top[at]), pack, given, ignore)
    body = itertools.chain(top[at + 1 :], grid)
    for line, cells in enumerate(body, start=at + 2):
        if line - at > MAX_ROWS + 1:
            raise RefusalError("too-big", f"more than {MAX_ROWS} rows")
        if any(cell.strip() for cell in cells):
            yield _row(line, names, cells)


def _head_row(top: Sequence[list[Cell]], pack: Pack) -> int:
    known = [sum(map(bool, _matched(cells, pack))) for cells in top]
    if not any(known):
        raise RefusalError("table", "no heads of this pack in the first rows")
    return known.index(max(known))


def _without_blanks(cells: Sequence[str]) -> Sequence[str]:
    """Return a row without the empty cells at its end: a spreadsheet may have thousands of them."""
    last = max((at for at, cell in enumerate(cells) if cell.strip()), default=-1)
    return cells[: last + 1]


def _columns(
    heads: Sequence[str], pack: Pack, given: Mapping[str, str], ignore: Collection[str]
) -> list[str]:
    """Return the column id under each head; empty where it is to be ignored."""
    if len(heads) > _MAX_COLUMNS:
        raise RefusalError("too-big", f"more than {_MAX_COLUMNS} columns")
    names = _matched(heads, pack)
    unknown = [
        head.strip()
        for head, name in zip(heads, names, strict=True)
        if head.strip() and not name and head.strip() not in ignore
    ]
    if unknown:
        raise RefusalError("column", f"不认得 unknown: {', '.join(unknown)[:200]}")
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise RefusalError("column", f"重复 twice: {', '.join(twice)}")
    missing = [
        f"{column.head.zh} {column.head.en}"
        for column in pack.columns
        if column.required and column.id not in names and column.id not in given
    ]
    if missing:
        raise RefusalError("column", f"缺少 missing: {', '.join(missing)}")
    return names


def _row(line: int, names: Sequence[str], cells: Sequence[Cell]) -> _Row:
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    loose = any(cell.strip() for cell in cells[len(names) :])
    # A value outside of the table is most often one comma too many further left.
    faults = (Fault("", "bad-input", "more cells than heads"),) if loose else ()
    return _Row(line, named, faults)


# --------------------------------------------------------------------------------- JSON Lines


def _json_rows(data: bytes, pack: Pack, ignore: Collection[str]) -> Iterator[_Row]:
    lines = data.splitlines()
    if len(lines) > MAX_ROWS:
        raise RefusalError("too-big", f"more than {MAX_ROWS} rows")
    heads: dict[str, Column | None] = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            document = _json_document(line)
            _match_new(document or {}, heads, pack)
            yield _json_row(number, document, heads, ignore)


def _json_document(line: bytes) -> dict[str, Any] | None:
    try:
        document = strict_json.parse(line, code="bad-input")
    except RefusalError:
        return None
    return document if isinstance(document, dict) else None


def _match_new(heads: Iterable[str], known: dict[str, Column | None], pack: Pack) -> None:
    """Find out what heads mean that no line before had."""
    for head in heads:
        if head not in known:
            if len(known) >= _MAX_COLUMNS:
                raise RefusalError("too-big", f"more than {_MAX_COLUMNS} columns")
            known[head] = match_head(pack, head)


def _json_row(
    number: int,
    document: dict[str, Any] | None,
    heads: Mapping[str, Column | None],
    ignore: Collection[str],
) -> _Row:
    if document is None:
        return _Row(number, {}, (Fault("", "bad-input", "not a JSON object"),))
    cells: dict[str, Cell] = {}
    faults: list[Fault] = []
    for head, value in document.items():
        column = heads[head]
        if column is None:
            if head not in ignore:
                faults.append(Fault("", "column", f"不认得 unknown: {head[:50]}"))
        elif column.id in cells:
            faults.append(Fault(column.id, "column", "重复 twice"))
        else:
            cells[column.id] = _json_text(value)
    return _Row(number, cells, tuple(faults))


def _json_text(value: Any) -> Cell:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return Unreadable("neither a text nor a whole number")
