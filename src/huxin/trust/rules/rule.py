"""Rule documents: bytes that became JSON → a `Rule`, in our own spelling or in that of the EU's rules.

Responsible for form: fields, types, dates, texts, and the logic as a checked tree.  Leaves to the
linter what a rule may ask, and to `book` when it is asked.

- a rule that is valid for no time is refused (`rule-dates`), and so is a date without an offset;
- texts are in Unicode's form NFC, or two texts that look alike would not be equal (`rule-text`);
- our own documents are refused with a field that the law does not know; other people's are not;
- the document is kept as it came, beside what was read from it.

The law of our own form is `spec/rules.md` and `rule.schema.json`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Final, Literal

from huxin.kernel.errors import Refusal, RefusalError
from huxin.trust.rules.compile import Compiled, compile_logic
from huxin.trust.rules.expression import parse_logic

__all__ = [
    "EFFECTS",
    "FORMAT",
    "KINDS",
    "LANGUAGES",
    "PURPOSES",
    "Basis",
    "Outbreak",
    "Reads",
    "Rule",
    "parse_rule",
]

FORMAT: Final = "huxin-rule/1"
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")
PURPOSES: Final = ("campus", "entry", "event", "school", "travel", "visit", "work")
"""What people may be asked for a card for; a scope may follow: `work/food`.

The list is closed, and a charter may only shorten it.  The linter judges that, not the parser: what
another region published is read as it is.
"""
EFFECTS: Final = ("admits", "informs")
KINDS: Final = ("vaccination", "test", "recovery", "examination", "clearance")

Reads = Literal["facts", "dcc"]

_MAX_TEXT: Final = 2_000
_MAX_TEXTS: Final = 40
_MAX_FIELDS: Final = 200

_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_PURPOSE: Final = re.compile(r"[a-z0-9-]{1,32}(?:/[a-z0-9-]{1,32})?")
_VERSION: Final = re.compile(r"(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
# RFC 3339 in capital letters; Python's own reader takes weeks, blanks and any letter for the T.
_INSTANT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
    r"(Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_LONGEST_INSTANT: Final = 40


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on: the instrument in several languages, the article, the day it was read."""

    instrument: Mapping[str, str]
    article: str
    read: date


@dataclass(frozen=True, slots=True)
class Outbreak:
    """A declared outbreak, for whose time a school may be closed to people without proof.

    `declared` is the day of the declaration, `remote_lessons` says how lessons are had meanwhile.
    """

    declared: date
    remote_lessons: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """One published rule.  Times are aware UTC instants; `valid_until` is the last of validity.

    `of_issuer` is true of the EU's rules of invalidation: a country says of the certificates that it issued
    itself which of them count no longer, wherever they are shown, and asks nothing of anybody else's.
    `fault` says why nobody here can know what the rule means; its logic was not read.
    """

    id: str
    region: str
    version: tuple[int, int, int]
    type: str
    purpose: str
    kinds: tuple[str, ...]
    reads: Reads
    valid_from: datetime
    valid_until: datetime
    logic: Compiled = field(hash=False, compare=False)
    description: Mapping[str, str] = field(default_factory=dict, hash=False)
    fields: tuple[str, ...] = ()
    published: datetime | None = None
    basis: Basis | None = field(default=None, hash=False)
    standing: str | None = None
    effect: str = "admits"
    outbreak: Outbreak | None = field(default=None, hash=False)
    of_issuer: bool = False
    fault: Refusal | None = field(default=None, hash=False)
    next_step: Mapping[str, str] = field(default_factory=dict, hash=False)
    document: Mapping[str, Any] = field(default_factory=dict, hash=False, compare=False)

    @property
    def base(self) -> str:
        """The purpose without its scope: the word of the closed list."""
        return self.purpose.partition("/")[0]

    def in_force(self, now: datetime) -> bool:
        """Tell whether the rule is asked at `now`."""
        return self.valid_from <= now <= self.valid_until

    @property
    def version_text(self) -> str:
        """The version as the document writes it."""
        return ".".join(map(str, self.version))


def parse_rule(document: Any) -> Rule:
    """Read a rule document; refuses with a code and the place in the detail."""
    if not isinstance(document, dict):
        raise RefusalError("rule-shape", "at /: a rule is an object")
    if "Logic" in document or "Identifier" in document:
        return _foreign(_Source(document))
    return _own(_Source(document))


class _Source:
    """A rule document that is being read: every value is asked for by its name and its type."""

    def __init__(self, document: Mapping[str, Any], place: str = "") -> None:
        self.document = document
        self._place = place
        self._asked: set[str] = set()

    def refuse(self, name: str, why: str, code: str = "rule-shape") -> RefusalError:
        return RefusalError(code, f"at {self._place}/{name}: {why}")

    def __contains__(self, name: str) -> bool:
        return self.document.get(name) is not None

    def any(self, name: str) -> Any:
        self._asked.add(name)
        if self.document.get(name) is None:
            raise self.refuse(name, "missing")
        return self.document[name]

    def text(self, name: str, pattern: re.Pattern[str] | None = None) -> str:
        found = self.any(name)
        if not isinstance(found, str) or not found or len(found) > _MAX_TEXT:
            raise self.refuse(name, "not a text of a usable length")
        if not unicodedata.is_normalized("NFC", found):
            raise self.refuse(name, "not in Unicode's form NFC", "rule-text")
        if pattern is not None and not pattern.fullmatch(found):
            raise self.refuse(name, "not of the form that is needed here")
        return found

    def choice(self, name: str, allowed: tuple[str, ...]) -> str:
        found = self.text(name)
        if found not in allowed:
            raise self.refuse(name, f"none of {', '.join(allowed)}")
        return found

    def texts(self, name: str, allowed: tuple[str, ...] | None = None) -> tuple[str, ...]:
        found = self.any(name)
        if not isinstance(found, list) or len(found) > _MAX_FIELDS:
            raise self.refuse(name, "not a list of texts")
        inner = _Source(dict(zip(map(str, range(len(found))), found, strict=True)), self._at(name))
        if allowed is None:
            return tuple([inner.text(one) for one in inner.document])
        return tuple([inner.choice(one, allowed) for one in inner.document])

    def by_language(self, name: str) -> dict[str, str]:
        inner = self.inner(name)
        if len(inner.document) > _MAX_TEXTS:
            raise self.refuse(name, "too many languages")
        for language in inner.document:
            if not isinstance(language, str) or not _LANGUAGE.fullmatch(language):
                raise self.refuse(name, "not a language")
        return {language: inner.text(language) for language in inner.document}

    def inner(self, name: str) -> _Source:
        found = self.any(name)
        if not isinstance(found, dict):
            raise self.refuse(name, "not an object")
        return _Source(found, self._at(name))

    def instant(self, name: str) -> datetime:
        text = self.text(name)
        form = _INSTANT.fullmatch(text) if len(text) <= _LONGEST_INSTANT else None
        if form is None:
            raise self.refuse(name, "not an instant", "rule-dates")
        if form[1] is None:
            raise self.refuse(name, "an instant needs its offset", "rule-dates")
        try:
            # Decimals behind the sixth are dropped: .NET's last instant of all has seven.
            return datetime.fromisoformat(text).astimezone(UTC)
        except ValueError as error:
            raise self.refuse(name, "not an instant", "rule-dates") from error
        except OverflowError as error:
            raise self.refuse(name, "outside the calendar", "rule-dates") from error

    def day(self, name: str) -> date:
        text = self.text(name)
        try:
            if _DAY.fullmatch(text) is None:
                raise ValueError(text)
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.refuse(name, "not a day", "rule-dates") from error

    def version(self, name: str) -> tuple[int, int, int]:
        major, minor, patch = map(int, self.text(name, _VERSION).split("."))
        return major, minor, patch

    def logic(self, name: str) -> Compiled:
        given = self.any(name)
        try:
            return compile_logic(parse_logic(given))
        except RefusalError as error:
            code, detail = error.refusal.code, error.refusal.detail.removeprefix("at ")
            detail = detail.removeprefix("/: ") if detail.startswith("/: ") else detail
            raise RefusalError(code, f"at {self._place}/{name}{_joined(detail)}") from error

    def every(self, names: Mapping[str, Callable[[str], Any]]) -> dict[str, Any]:
        """Return what each reader finds under its name; names that are absent are left out."""
        return {name: read(name) for name, read in names.items() if name in self}

    def nothing_else(self) -> None:
        """Refuse a field that nobody asked for."""
        for name in self.document:
            if name not in self._asked:
                raise self.refuse(str(name)[:40], "a field that the law does not know")

    def _at(self, name: str) -> str:
        return f"{self._place}/{name}"


def _joined(detail: str) -> str:
    return detail if detail.startswith("/") else f": {detail}"


def _own(source: _Source) -> Rule:
    if source.text("format") != FORMAT:
        raise source.refuse("format", f"not {FORMAT}")
    optional = source.every(
        {
            "published": source.instant,
            "standing": lambda name: source.choice(name, ("illustrative", "adopted")),
            "effect": lambda name: source.choice(name, EFFECTS),
            "basis": lambda name: _basis(source.inner(name)),
            "outbreak": lambda name: _outbreak(source.inner(name)),
            "next_step": source.by_language,
            "fields": source.texts,
        }
    )
    rule = Rule(
        id=source.text("id", _ID),
        region=source.text("region", _ID),
        version=source.version("version"),
        type=source.choice("type", ("acceptance", "invalidation")),
        purpose=source.text("purpose", _PURPOSE),
        kinds=source.texts("kinds", KINDS),
        reads=_reads(source),
        valid_from=source.instant("valid_from"),
        valid_until=source.instant("valid_until"),
        description=source.by_language("description"),
        logic=source.logic("logic"),
        document=source.document,
        **optional,
    )
    source.nothing_else()
    _lasting(rule, source, "valid_until")
    return rule


def _reads(source: _Source) -> Reads:
    return "dcc" if source.choice("reads", ("facts", "dcc")) == "dcc" else "facts"


def _basis(source: _Source) -> Basis:
    basis = Basis(source.by_language("instrument"), source.text("article"), source.day("read"))
    source.nothing_else()
    return basis


def _outbreak(source: _Source) -> Outbreak:
    outbreak = Outbreak(source.day("declared"), source.by_language("remote_lessons"))
    source.nothing_else()
    return outbreak


def _lasting(rule: Rule, source: _Source, name: str) -> None:
    if rule.valid_until <= rule.valid_from:
        raise source.refuse(name, "the rule ends before it begins", "rule-dates")


# ------------------------------------------------------------------------- the spelling of the EU

_CERTIFICATES: Final[Mapping[str, tuple[str, ...]]] = {
    "General": ("vaccination", "test", "recovery"),
    "Vaccination": ("vaccination",),
    "Test": ("test",),
    "Recovery": ("recovery",),
}


_ENGINE: Final = (1, 3)
"""The version of CertLogic that is spoken here."""
_UNREAD: Final = compile_logic(parse_logic([]))


def _foreign(source: _Source) -> Rule:
    """Read a rule as the gateways of the EU publish it; it is asked at an entry, by a region."""
    if "Engine" in source and source.text("Engine") != "CERTLOGIC":
        raise source.refuse("Engine", "not CERTLOGIC")
    described = source.any("Description") if "Description" in source else []
    optional = source.every({"AffectedFields": source.texts})
    fault = _engine(source)
    name, region = source.text("Identifier", _ID), source.text("Country", _ID)
    version = source.version("Version")
    kind = source.choice("Type", ("Acceptance", "Invalidation")).lower()
    rule = Rule(
        id=name,
        region=region,
        version=version,
        type=kind,
        purpose="entry",
        kinds=_CERTIFICATES[source.choice("CertificateType", tuple(_CERTIFICATES))],
        reads="dcc",
        valid_from=source.instant("ValidFrom"),
        valid_until=source.instant("ValidTo"),
        description=dict(_described(source, described)),
        fields=optional.get("AffectedFields", ()),
        logic=_foreign_logic(source, fault),
        document=source.document,
        of_issuer=kind == "invalidation",
        fault=fault,
    )
    _lasting(rule, source, "ValidTo")
    return rule


def _engine(source: _Source) -> Refusal | None:
    """Return what is against a rule written for an engine that may have other operations, or other ideas of these."""
    given = source.document.get("EngineVersion")
    if given is None:
        return None
    found = _VERSION.fullmatch(given) if isinstance(given, str) else None
    if found is not None and (int(found[1]), int(found[2])) <= _ENGINE:
        return None
    return source.refuse("EngineVersion", "not a version of CertLogic up to 1.3").refusal


def _foreign_logic(source: _Source, fault: Refusal | None) -> Compiled:
    # A text or a number is true, so that a rule which is one would be met always: it was quoted by mistake.
    if not isinstance(source.any("Logic"), dict | bool):
        raise source.refuse("Logic", "not an object")
    return source.logic("Logic") if fault is None else _UNREAD


def _described(source: _Source, rows: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(rows, list) or len(rows) > _MAX_TEXTS:
        raise source.refuse("Description", "not a list")
    for row in rows:
        language = row.get("lang") if isinstance(row, dict) else None
        text = row.get("desc") if isinstance(row, dict) else None
        if not isinstance(language, str) or not isinstance(text, str) or len(text) > _MAX_TEXT:
            raise source.refuse("Description", "not a text with its language")
        yield language, text
