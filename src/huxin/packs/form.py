"""The form of `pack.json`: its content → a `Pack`, frozen and checked as it is read.

What a person may see stands in Chinese and English.  A pack that does not hold together is refused with
`PackError`, which says plainly what is wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from huxin.packs.confidence import OF_AGE, Confidence
from huxin.packs.errors import PackError
from huxin.packs.fields import MOST_DAYS, MOST_YEARS, flag, text, text_or_none, texts, whole

__all__ = ["Choice", "Column", "Minimal", "Pack", "Term", "Words", "parse_pack"]

_KINDS: Final = ("vaccination", "examination", "clearance")
_FORMATS: Final = ("hcert-1", "hcert-6", "hcert-100", "shc")
_EFFECTS: Final = ("admits", "informs")
_STANDINGS: Final = ("illustrative", "in-force")
_TYPES: Final = ("name", "latin", "birth", "date", "number", "choice", "code", "text")
# What a card can say at all; a column of another name would be typed in and then lost.
_COLUMNS: Final = frozenset(
    (
        *("name", "latin", "latin_family", "birth", "sex", "nationality", "document", "guardian"),
        *("vaccine", "disease", "product", "maker", "dose", "series", "date", "batch"),
        *(
            "work_class",
            "clearance",
            "centre",
            "office",
            "valid_from",
            "valid_until",
            "complete_until",
        ),
    )
)
# Every form of a pack knows whose card it is by these.
_WHOSE: Final = ("name", "latin", "birth")
# The events that a format has room for, where it has not room for all.
_HOLDS: Final = {"hcert-1": ("vaccination",), "hcert-6": ("vaccination",), "shc": ("vaccination",)}
_PURPOSE: Final = re.compile(r"[a-z0-9-]{1,32}(/[a-z0-9-]{1,32})?")
_CODE: Final = re.compile(r"[a-z0-9-]{1,16}:[^\s]{1,40}")
_WORD: Final = re.compile(r"[a-z0-9-]{1,32}")
_MOST_VERSIONS: Final = 1_000_000
_MOST_LETTERS: Final = 1_000
_MOST_DOSES: Final = 20
_MAX_NAME: Final = 80  # the law's bound for names (attestation.schema.json)
_LONGEST: Final = {"name": _MAX_NAME, "latin": _MAX_NAME}


@dataclass(frozen=True, slots=True)
class Words:
    """One thing said in Chinese and in English."""

    zh: str
    en: str

    def fill(self, **blanks: Words) -> Words:
        """Return the same sentence with `{blank}` replaced, each language by its own word."""
        zh, en = self.zh, self.en
        for name, words in blanks.items():
            zh, en = zh.replace(f"{{{name}}}", words.zh), en.replace(f"{{{name}}}", words.en)
        return Words(zh, en)


@dataclass(frozen=True, slots=True)
class Term:
    """When a date that was left empty falls: so long after another column, or never (`life`)."""

    after: str = ""
    days: int = 0
    years: int = 0
    life: bool = False

    def of(self, start: date) -> date | None:
        """Return the date; `years` end on the day before the anniversary, as certificates do.

        There is none where it would fall into the last year of the calendar, which stands for "for life".
        """
        if self.life:
            return date.max
        try:
            end = self._end(start)
        except (OverflowError, ValueError):  # past the calendar
            return None
        return end if end.year < date.max.year else None

    def _end(self, start: date) -> date:
        if not self.years:
            return start + timedelta(days=self.days)
        # 29 February has its anniversary on 1 March, so its year ends on 28 February.
        same_day = start.replace(day=28) if (start.month, start.day) == (2, 29) else start
        end = same_day.replace(year=start.year + self.years)
        return end if same_day != start else end - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a column that offers a list, with the codes that go onto the card."""

    id: str
    words: Words
    also: tuple[str, ...] = ()
    disease: str | None = None
    vaccine: str | None = None
    series: int | None = None
    terms: Mapping[str, Term] = field(default_factory=dict, hash=False)
    exemption: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the pack's list, which is also one field of its form."""

    id: str
    type: str
    required: bool
    head: Words
    hint: Words
    also: tuple[str, ...] = ()
    longest: int = _MAX_NAME
    future: bool = False
    choices: tuple[Choice, ...] = ()

    def names(self) -> frozenset[str]:
        """Return every head that means this column, in lower case."""
        zh, en = self.head.zh, self.head.en
        both = (f"{zh} {en}", f"{en} {zh}")
        return frozenset(map(str.casefold, (self.id, zh, en, *both, *self.also)))


@dataclass(frozen=True, slots=True)
class Minimal:
    """The minimal card: which purpose it states, and the column that says until when."""

    purpose: str
    until: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything about one use of cards; see the fields of `pack.json`."""

    id: str
    version: int
    standing: str
    name: Words
    short: Words
    kind: str
    format: str
    effect: str
    outcome: Mapping[str, Words]
    basis: Words
    purpose: str
    purpose_words: Words
    card_days: int
    choice: str
    proves: Mapping[str, Words]
    reveals: Mapping[str, Words]
    minimal: Minimal
    terms: Mapping[str, Term]
    columns: tuple[Column, ...]
    confidential: Confidence | None = None

    def column(self, name: str) -> Column:
        """Return the column whose id is `name`; raises `KeyError`."""
        for column in self.columns:
            if column.id == name:
                return column
        raise KeyError(name)


def parse_pack(data: Mapping[str, Any]) -> Pack:
    """Read the content of a `pack.json`; raises `PackError` where it does not hold together."""
    try:
        found = _pack(data)
        fault = next(iter(_faults(found)), None)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PackError(f"a pack lacks a field or has one of the wrong type: {error}") from error
    if fault is not None:
        raise PackError(f"{found.id}: {fault}")
    return found


def _pack(data: Mapping[str, Any]) -> Pack:
    purpose = data["purpose"]
    return Pack(
        id=text(data["id"]),
        version=whole(data["version"], 0, _MOST_VERSIONS),
        standing=text(data["standing"]),
        name=_words(data["name"]),
        short=_words(data["short"]),
        kind=text(data["kind"]),
        format=text(data["format"]),
        effect=text(data["effect"]),
        outcome=_sentences(data["outcome"], "met", "not_met"),
        basis=_words(data["basis"]),
        purpose=text(purpose["id"]),
        purpose_words=_words(purpose),
        card_days=whole(data["card_days"], 1, MOST_DAYS),
        choice=text(data["choice"]),
        proves=_sentences(data["proves"], "full", "minimal"),
        reveals=_sentences(data["reveals"], "full", "minimal"),
        minimal=Minimal(**{name: text(value) for name, value in data["minimal"].items()}),
        terms=_terms(data["terms"]),
        columns=tuple(map(_column, data["columns"])),
        confidential=_confidence(data.get("confidential")),
    )


def _confidence(data: Mapping[str, Any] | None) -> Confidence | None:
    if data is None:
        return None
    return Confidence(whole(data["from"], 0, OF_AGE - 1), frozenset(texts(data["columns"])))


def _words(data: Mapping[str, Any]) -> Words:
    zh, en = data["zh"].strip(), data["en"].strip()
    if not zh or not en:
        raise ValueError("a sentence lacks one of its languages")
    return Words(zh, en)


def _sentences(data: Mapping[str, Any], *names: str) -> dict[str, Words]:
    return {name: _words(data[name]) for name in names}


def _terms(data: Mapping[str, Any]) -> dict[str, Term]:
    return {name: _term(Term(**term)) for name, term in data.items()}


def _term(found: Term) -> Term:
    text(found.after)
    whole(found.days, 0, MOST_DAYS)
    whole(found.years, 0, MOST_YEARS)
    flag(found.life)
    return found


def _column(data: Mapping[str, Any]) -> Column:
    return Column(
        id=text(data["id"]),
        type=text(data["type"]),
        required=flag(data["required"]),
        head=_words(data),
        hint=_words(data["hint"]),
        also=texts(data["also"]),
        longest=whole(data.get("longest", _LONGEST.get(data["type"], _MAX_NAME)), 1, _MOST_LETTERS),
        future=flag(data.get("future", False)),
        choices=tuple(map(_choice, data.get("choices", ()))),
    )


def _choice(data: Mapping[str, Any]) -> Choice:
    series = data.get("series")
    return Choice(
        id=text(data["id"]),
        words=_words(data),
        also=texts(data["also"]),
        disease=text_or_none(data.get("disease")),
        vaccine=text_or_none(data.get("vaccine")),
        series=None if series is None else whole(series, 1, _MOST_DOSES),
        terms=_terms(data.get("terms", {})),
        exemption=flag(data.get("exemption", False)),
    )


def _faults(found: Pack) -> Iterable[str]:
    """Yield what does not hold together, first things first."""
    for value, allowed in (
        (found.kind, _KINDS),
        (found.format, _FORMATS),
        (found.effect, _EFFECTS),
        (found.standing, _STANDINGS),
    ):
        if value not in allowed:
            yield f"{value} is none of {', '.join(allowed)}"
    yield from _card_faults(found)
    names = [column.id for column in found.columns]
    yield from (f"the column {name} is missing" for name in _WHOSE if name not in names)
    yield from (f"the column {name} stands twice" for name in names if names.count(name) > 1)
    yield from (f"the column {name} goes onto no card" for name in names if name not in _COLUMNS)
    pointers = (found.choice, found.minimal.until, *found.terms)
    yield from (f"there is no column {name}" for name in pointers if name not in names)
    for column in found.columns:
        yield from _column_faults(column, names)
    yield from _repeated_heads(found)
    yield from _confidence_faults(found.confidential, names)
    if found.choice in names and found.column(found.choice).type != "choice":
        yield f"the column {found.choice} offers no choice"
    if found.choice in names and not found.column(found.choice).required:
        yield f"the column {found.choice} decides what a card is about, and may be left empty"


def _card_faults(found: Pack) -> Iterable[str]:
    """Yield what would keep its cards from being written, whatever is typed."""
    if found.kind not in _HOLDS.get(found.format, _KINDS):
        yield f"{found.format} holds no {found.kind}"
    whole = found.minimal.purpose.replace("{choice}", "x")
    written = ((found.id, _WORD), (found.purpose, _WORD), (whole, _PURPOSE))
    yield from (
        f"{one} cannot be written onto a card" for one, form in written if not form.fullmatch(one)
    )
    for column in found.columns:
        without = [one.id for one in column.choices if not one.disease]
        if column.id == found.choice and found.kind == "vaccination":
            yield from (f"{column.id}: {name} is against no disease" for name in without)


def _confidence_faults(found: Confidence | None, names: list[str]) -> Iterable[str]:
    if found is None:
        return
    yield from (f"there is no column {name}" for name in sorted(found.columns - set(names)))


def _column_faults(column: Column, names: list[str]) -> Iterable[str]:
    if column.type not in _TYPES:
        yield f"{column.id}: no type {column.type}"
    if (column.type == "choice") != bool(column.choices):
        yield f"{column.id}: choices where there should be none, or none where there should be"
    for choice in column.choices:
        if not _WORD.fullmatch(choice.id):
            yield f"{column.id}: {choice.id} cannot be written into a purpose"
        for code in (choice.disease, choice.vaccine):
            if code is not None and not _CODE.fullmatch(code):
                yield f"{column.id}: {code} is no code of a system"
        for name, term in choice.terms.items():
            if name not in names or not (term.life or term.after in names):
                yield f"{column.id}: a term without its column"


def _repeated_heads(found: Pack) -> Iterable[str]:
    heads = [head for column in found.columns for head in column.names()]
    yield from (f"two columns are called {head}" for head in heads if heads.count(head) > 1)
