"""What people typed into a pack's columns → values, or what is wrong with each field.

Responsible for reading as people write: full-width digits, `2024/9/1`, `2024年9月1日`, a
vaccine by any of its usual words.  Leaves files and tables to `adapters.tables`, and
the making of facts to those who know what facts are.

- every fault of a row is told, not only the first;
- a date that can be read in two ways is not guessed;
- letters of a name are kept as they are (NFC); one from a private font is refused,
  because every other computer would print another letter.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate, parse_partial_date
from huxin.kernel.letters import has_letter
from huxin.packs.reader import Choice, Column, Pack

__all__ = ["Entry", "Fault", "Value", "match_head", "read_cell", "read_entry"]

Value = str | int | PartialDate | Choice

_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
# What a spreadsheet puts behind a date; cards say the day only.
_TIME_OF_DAY: Final = re.compile(r"[T ]+[0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?$")
_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_PARTIAL: Final = re.compile(r"([0-9]{4})(?:[-/.年]([0-9]{1,2})月?|年)?")
_NUMBER: Final = re.compile(r"第?([0-9]{1,2})[剂针次]{0,2}")
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z '.-]*")
_CODE: Final = re.compile(r"[!-~]+")
_DOSES: Final = range(1, 21)
_EARLIEST: Final = date(1900, 1, 1)
_IN_ORDER: Final = (
    ("birth", "date"),
    ("date", "valid_from"),
    ("date", "valid_until"),
    ("valid_from", "valid_until"),
)
# Control, surrogate, private use, unassigned: letters that no other computer can show.
_UNSHOWABLE: Final = ("Cc", "Cs", "Co", "Cn")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field: a code of the register; `detail` holds no personal data."""

    field: str
    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a pack's list, read; a column that was left empty is absent or has its default."""

    pack: Pack
    values: Mapping[str, Value] = field(hash=False)

    @property
    def choice(self) -> Choice:
        """The value of the column that decides what the card is about."""
        value = self.values[self.pack.choice]
        assert isinstance(value, Choice)
        return value

    def text(self, name: str) -> str | None:
        """Return a value as text, or `None` where the column was left empty."""
        value = self.values.get(name)
        return None if value is None else str(value)

    def date(self, name: str) -> PartialDate | None:
        """Return the date of a column, or `None`."""
        value = self.values.get(name)
        return value if isinstance(value, PartialDate) else None

    def number(self, name: str) -> int | None:
        """Return the number of a column, or `None`."""
        value = self.values.get(name)
        return value if isinstance(value, int) else None


def match_head(pack: Pack, head: str) -> Column | None:
    """Return the column that a table's head means: its id, a usual word, or both languages."""
    wanted = _bare(head)
    for column in pack.columns:
        if wanted in map(_bare, column.names()):
            return column
    return None


def _bare(head: str) -> str:
    """Reduce a head to its letters: case, width, spaces and marks such as `*` say nothing."""
    folded = unicodedata.normalize("NFKC", head).casefold()
    return re.sub(r"\((必填|选填|required|optional)\)|[\s*/_·:|-]", "", folded)


def read_entry(pack: Pack, cells: Mapping[str, str], *, today: date) -> Entry | tuple[Fault, ...]:
    """Read one row, given as column id → text; `today` is the date where the day begins first.

    Gives the entry, or every fault of the row.
    """
    values: dict[str, Value] = {}
    faults: list[Fault] = []
    for column in pack.columns:
        value = read_cell(column, cells.get(column.id, ""), today=today)
        if isinstance(value, Fault):
            faults.append(value)
        elif value is not None:
            values[column.id] = value
    if not faults:
        faults += _add_defaults(pack, values)
        faults += _contradictions(values)
    return tuple(faults) or Entry(pack, values)


def read_cell(column: Column, text: str, *, today: date) -> Value | Fault | None:
    """Read one cell; gives its value, what is wrong with it, or nothing where it may be empty."""
    trimmed = _trimmed(text)
    if not trimmed:
        return Fault(column.id, "missing") if column.required else None
    try:
        return _value(column, trimmed, today)
    except RefusalError as error:
        return Fault(column.id, error.refusal.code, error.refusal.detail)


def _trimmed(text: str) -> str:
    """Return the text in NFC, with single spaces, without what is invisible at its ends."""
    return " ".join(unicodedata.normalize("NFC", text).strip("\ufeff\u200b\u00a0").split())


def _plain(text: str) -> str:
    """Return digits, letters and signs in their ordinary width."""
    return unicodedata.normalize("NFKC", text).translate(_DASHES)


def _value(column: Column, text: str, today: date) -> Value:
    if column.type == "choice":
        return _choice(column, text)
    value = _READERS[column.type](text)
    if isinstance(value, PartialDate):
        _check_time(column, value, today)
    elif isinstance(value, str):
        _check_text(column, value)
    return value


def _choice(column: Column, text: str) -> Choice:
    wanted = _bare(text)
    for choice in column.choices:
        zh, en = choice.words.zh, choice.words.en
        if wanted in map(_bare, (choice.id, zh, en, zh + en, *choice.also)):
            return choice
    raise RefusalError("bad-input", "not one of the list")


def _check_text(column: Column, text: str) -> None:
    if len(text) > column.longest:
        raise RefusalError("bad-input", f"{len(text)} characters, {column.longest} allowed")
    if any(map(_is_unshowable, text)):
        raise RefusalError("bad-input", "a character that other computers cannot show")


def _is_unshowable(character: str) -> bool:
    # A rare ideograph may be newer than this computer; its bearer is called so all the same.
    return unicodedata.category(character) in _UNSHOWABLE and not has_letter(character)


def _check_time(column: Column, found: PartialDate, today: date) -> None:
    if found.earliest() < _EARLIEST:
        raise RefusalError("bad-input", "before 1900")
    if not column.future and found.earliest() > today:
        raise RefusalError("bad-input", "in the future")


def _text(text: str) -> str:
    return text


def _name(text: str) -> str:
    if not has_letter(text):
        raise RefusalError("bad-input", "no letter")
    return text


def _latin(text: str) -> str:
    plain = _plain(text).replace("’", "'")
    if not _LATIN.fullmatch(plain):
        raise RefusalError("bad-input", "not Latin letters")
    return plain


def _code(text: str) -> str:
    plain = _plain(text).replace(" ", "")
    if not _CODE.fullmatch(plain):
        raise RefusalError("bad-input", "not letters, digits and signs of ASCII")
    return plain


def _number(text: str) -> int:
    match = _NUMBER.fullmatch(_plain(text).replace(" ", ""))
    if match is None or int(match[1]) not in _DOSES:
        raise RefusalError("bad-input", "not a number from 1 to 20")
    return int(match[1])


def _birth(text: str) -> PartialDate:
    return _partial(_match_day(text) or _PARTIAL.fullmatch(_plain(text).replace(" ", "")))


def _date(text: str) -> PartialDate:
    found = _partial(_match_day(text))
    if found.day is None:  # 2024-09-00: people write zeros for what they do not know
        raise RefusalError("bad-input", "not a whole date")
    return found


def _match_day(text: str) -> re.Match[str] | None:
    plain = _TIME_OF_DAY.sub("", _plain(text)).replace(" ", "")
    return _DAY.fullmatch(plain) or _DIGITS.fullmatch(plain)


def _partial(match: re.Match[str] | None) -> PartialDate:
    if match is None:
        raise RefusalError("bad-input", "not a date")
    try:
        return parse_partial_date("-".join(part.zfill(2) for part in match.groups() if part))
    except RefusalError as error:
        raise RefusalError("bad-input", "not a date of the calendar") from error


_READERS: Final[dict[str, Callable[[str], Value]]] = {
    "name": _name,
    "latin": _latin,
    "birth": _birth,
    "date": _date,
    "number": _number,
    "code": _code,
    "text": _text,
}


def _add_defaults(pack: Pack, values: dict[str, Value]) -> list[Fault]:
    """Fill in what follows from other columns; returns the dates from which nothing can follow, as faults."""
    choice = values[pack.choice]
    assert isinstance(choice, Choice)
    faults = []
    for name, term in (dict(pack.terms) | dict(choice.terms)).items():
        start = values.get(term.after)
        if name in values:
            continue
        if term.life or isinstance(start, PartialDate):
            day = term.of(start.earliest() if isinstance(start, PartialDate) else date.min)
            if day is None:
                faults.append(Fault(term.after, "bad-input", "too far ahead"))
            else:
                values[name] = PartialDate(day.year, day.month, day.day)
    dose = values.get("dose")
    # A dose past the usual number is a booster of an unknown series, no mistake.
    if "series" not in values and choice.series and isinstance(dose, int) and dose <= choice.series:
        values["series"] = choice.series
    return faults


def _contradictions(values: Mapping[str, Value]) -> list[Fault]:
    """Return what cannot be true of two columns together, a fault a column."""
    found: dict[str, Fault] = {}
    for earlier, later in _IN_ORDER:
        first, second = values.get(earlier), values.get(later)
        if not isinstance(first, PartialDate) or not isinstance(second, PartialDate):
            continue
        if first.earliest() > second.latest():
            found.setdefault(later, Fault(later, "bad-input", f"before {earlier}"))
    dose, series = values.get("dose"), values.get("series")
    if isinstance(dose, int) and isinstance(series, int) and dose > series:
        found["dose"] = Fault("dose", "bad-input", "more than the doses of the series")
    family, latin = values.get("latin_family"), values.get("latin")
    begins = f"{latin} ".casefold().startswith(f"{family} ".casefold())
    if family is not None and not begins:
        found["latin_family"] = Fault("latin_family", "bad-input", "not how the name begins")
    return list(found.values())
