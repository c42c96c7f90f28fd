"""What a credential says, in one form for all formats.  Frozen values, nothing believed yet.

A `Facts` is one person and what was recorded of them: a vaccination, a test, a
recovery, an examination or a clearance.  Codes keep the code system they came from;
their names are not kept, since lists of names belong to those who publish them.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, ClassVar

from huxin.kernel.instants import PartialDate, rfc3339
from huxin.kernel.value import value

__all__ = [
    "KINDS",
    "Clearance",
    "Code",
    "Event",
    "Examination",
    "Facts",
    "Name",
    "Person",
    "Recovery",
    "Test",
    "Vaccination",
    "as_json",
]

KINDS = ("vaccination", "test", "recovery", "examination", "clearance")


@value()
class Code:
    """A code of a code system; `system` is our short word for it, or its URI."""

    system: str
    code: str

    def __str__(self) -> str:
        return f"{self.system}:{self.code}"

    @classmethod
    def parse(cls, text: str) -> Code:
        """Read `system:code`; the code may itself contain colons."""
        system, _, code = text.partition(":")
        return cls(system, code) if code else cls("", system)


@value()
class Name:
    """A name in native script and in Latin letters; either whole or as family and given."""

    family: str = ""
    given: str = ""
    latin_family: str = ""
    latin_given: str = ""
    whole: str = ""
    latin_whole: str = ""

    @property
    def native(self) -> str:
        """The name as its bearer writes it."""
        return self.whole or _joined(self.family, self.given)

    @property
    def latin(self) -> str:
        """The name in Latin letters, as on a travel document."""
        joined = f"{self.latin_family} {self.latin_given}".replace("<", " ").strip()
        return self.latin_whole or joined

    @property
    def shown(self) -> str:
        """The one line that is shown largest: native script first, else Latin letters."""
        return self.native or self.latin

    def parts(self) -> tuple[str, ...]:
        """Return the parts that are present, for the question whether they can be names."""
        every = (
            self.family, self.given, self.latin_family, self.latin_given,
            self.whole, self.latin_whole,
        )  # fmt: skip
        return tuple([part for part in every if part])


def _joined(family: str, given: str) -> str:
    """Join as the script does: Han names without a space and family first, others given first."""
    if family and given and _is_han(family[0]) and _is_han(given[0]):
        return family + given
    return f"{given} {family}".strip()


def _is_han(letter: str) -> bool:
    return (
        "\u2e80" <= letter <= "\u9fff" or "\uf900" <= letter <= "\ufaff" or letter >= "\U00020000"
    )


@value()
class Person:
    """Whom a card speaks of: enough to compare with a document, no more."""

    name: Name
    birth: PartialDate | None = None
    sex: str | None = None
    nationality: str | None = None
    document: str | None = None
    guardian: str | None = None


@value(kw_only=True)
class _Event:
    """What all events share."""

    kind: ClassVar[str]
    valid_from: PartialDate | None = None
    valid_until: PartialDate | None = None
    centre: str | None = None


@value(kw_only=True)
class Vaccination(_Event):
    """One dose given; `dose` of `series` (numbers as the card writes them)."""

    kind: ClassVar[str] = "vaccination"
    disease: Code | None
    vaccine: Code | None = None
    product: Code | None = None
    maker: Code | None = None
    dose: float | None = None
    series: float | None = None
    date: PartialDate | None = None
    batch: str | None = None


@value(kw_only=True)
class Test(_Event):
    """One test: what was looked for, how, when the sample was taken, and the result."""

    __test__: ClassVar[bool] = False  # not a test case, whatever pytest may think of the name
    kind: ClassVar[str] = "test"
    disease: Code | None
    method: Code | None = None
    result: Code | None = None
    sampled: datetime | None = None
    device: Code | None = None
    name: str | None = None


@value(kw_only=True)
class Recovery(_Event):
    """A past infection; `first_positive` is the date of the first positive test."""

    kind: ClassVar[str] = "recovery"
    disease: Code | None
    first_positive: PartialDate | None = None


@value(kw_only=True)
class Examination(_Event):
    """An examination passed for a purpose (`fit for work class X`): no disease, no result."""

    kind: ClassVar[str] = "examination"
    purpose: str
    performed: PartialDate | None = None


@value(kw_only=True)
class Clearance(_Event):
    """A statement that a purpose is met, or (as `exemption`) need not be met, until a date."""

    kind: ClassVar[str] = "clearance"
    purpose: str
    exemption: bool = False


Event = Vaccination | Test | Recovery | Examination | Clearance


@value()
class Facts:
    """One card's content: a person, the events, who says so, and the card's own identifier."""

    person: Person
    events: tuple[Event, ...]
    identifier: str | None = None
    issuer: str | None = None
    place: str | None = None
    pack: str | None = None


def as_json(value: Any) -> Any:
    """Turn facts into plain JSON data; what is absent is left out."""
    if isinstance(value, Code | PartialDate):
        return str(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if is_dataclass(value):
        kind = {"kind": value.kind} if isinstance(value, _Event) else {}
        pairs = ((item.name, getattr(value, item.name)) for item in fields(value))
        return kind | {name: as_json(item) for name, item in pairs if item not in (None, "", ())}
    return value
