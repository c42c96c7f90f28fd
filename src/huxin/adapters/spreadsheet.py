"""Spreadsheets (.xlsx) → rows of text, as the person at the screen saw them.

- a spreadsheet is a ZIP: the total size of what is inside is looked at before it is unpacked;
- leading zeros are kept: text stays as it is, a number shown as 00731 becomes `00731`;
- a sheet is as wide as its caller allows; empty cells further right are left out;
- a date becomes `2024-09-01 00:00:00`, however the sheet shows it;
- a formula gives the value that was last computed; one without a value is told, never taken
  as empty.  A number so long that the spreadsheet lost digits of it is told too.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from huxin.kernel.errors import RefusalError

__all__ = ["Cell", "Unreadable", "rows", "workbook"]

_MAX_UNPACKED: Final = 100_000_000
_MAX_PARTS: Final = 2_000
_ZEROS: Final = re.compile(r"0+")
_EXACT: Final = 10**15  # spreadsheets keep fifteen digits of a number
# The library lets the errors of all it stands on through when a file is damaged.
_DAMAGED: Final = (
    zipfile.BadZipFile, zlib.error, ParseError, InvalidFileException, LookupError, ValueError,
    TypeError, AttributeError, ArithmeticError, OSError, EOFError, NotImplementedError,
    RuntimeError, AssertionError, MemoryError,
)  # fmt: skip


class Unreadable(str):
    """A cell that shows something a program cannot take as text; the text says what."""

    __slots__ = ()


Cell = str
"""The text of a cell, or an `Unreadable`."""


def rows(data: bytes, *, columns: int, cells: int) -> Iterator[list[Cell]]:
    """Yield the rows of the first sheet that is not hidden; refuses with `table` or `too-big`.

    A row has at most so many `columns`, and the sheet so many `cells`, empty ones too.
    """
    try:
        _check_size(data)
        with warnings.catch_warnings():
            # The library remarks on styles and extensions that it does not know; values are whole.
            warnings.simplefilter("ignore")
            yield from _rows(data, columns, cells)
    except _DAMAGED as error:
        raise RefusalError("table", "the spreadsheet is damaged") from error


def _check_size(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise RefusalError("too-big", "the unpacked spreadsheet")
        if "xl/workbook.xml" not in archive.namelist():
            raise RefusalError("table", "a ZIP file that is no spreadsheet")


def _rows(data: bytes, columns: int, cells: int) -> Iterator[list[Cell]]:
    # Values and formulas are two views of a file; both are needed to see a formula without value.
    shown, typed = (_sheet(data, values=True), _sheet(data, values=False))
    looked = 0
    for values, formulas in zip(shown.iter_rows(), typed.iter_rows(), strict=True):
        looked += len(values)
        if looked > cells:
            raise RefusalError("too-big", f"more than {cells} cells, empty ones too")
        if any(formula.value is not None for formula in formulas[columns:]):
            raise RefusalError("too-big", f"more than {columns} columns")
        inside = zip(values[:columns], formulas[:columns], strict=True)
        yield [_text(value, formula) for value, formula in inside]


def _sheet(data: bytes, *, values: bool) -> Any:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=values)
    for sheet in book.worksheets:
        if sheet.sheet_state == "visible":
            # The size that a file claims for a sheet is often wrong; without it all rows come.
            sheet.reset_dimensions()
            return sheet
    raise RefusalError("table", "no sheet to be seen")


def _text(cell: Any, formula: Any) -> Cell:
    value = cell.value
    if formula.data_type == "f" and value is None:
        return Unreadable("a formula without a computed value")
    if cell.data_type == "e":
        return Unreadable("an error value of the spreadsheet")
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, str(cell.number_format))
    return "" if value is None else str(value)


def _number(value: float, number_format: str) -> Cell:
    if abs(value) >= _EXACT:
        return Unreadable("a number too long for a spreadsheet; format the column as text")
    text = str(int(value)) if value == int(value) else repr(value)
    return text.zfill(len(number_format)) if _ZEROS.fullmatch(number_format) else text


def workbook(lines: Iterable[Sequence[str]]) -> bytes:
    """Return a spreadsheet with these lines on its one sheet; every cell is a text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for line in lines:
        sheet.append(list(line))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
