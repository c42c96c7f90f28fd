"""One entry of a pack → facts → a signed card, with all that its paper needs to say.

Responsible for what a pack's columns mean in facts, for the card's own identifier, and for
the last day that is printed.  Leaves reading of lists to `tables`, many cards to `batch`,
and paper to `paper`.

- an identifier is a region and chance, never a number of the person or of the list;
- the printed last day is whole everywhere on earth, and never later than the key's own end:
  a card must not promise days on which nobody would believe it;
- a card of a test key says SPECIMEN inside what is signed too, so that no copy loses it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, Literal

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.packs.entries import Entry
from huxin.packs.reader import Words
from huxin.trust import issue
from huxin.trust.credentials.credential import Credential, StatusIndex
from huxin.trust.credentials.facts import (
    Code,
    Event,
    Examination,
    Facts,
    Name,
    Person,
    Vaccination,
)

__all__ = [
    "SPECIMEN",
    "Card",
    "Envelope",
    "Wish",
    "card_again",
    "check_signer",
    "format_of",
    "is_for_life",
    "new_identifier",
    "sign_card",
]

SPECIMEN: Final = "SPECIMEN 样张"

Envelope = Literal["hcert", "shc"]

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_WESTMOST: Final = timedelta(hours=12)  # where the last day of a card ends last
_DOMAINS: Final = {"hcert-6": "icvp", "hcert-100": "huxin", "shc": "shc"}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the clerk asks for beyond the entry; `keys_end` is when the key stops being believed."""

    minimal: bool = False
    envelope: Envelope = "hcert"
    keys_end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A signed card and what it was made of.  `last_day` is printed as "valid until"."""

    entry: Entry
    facts: Facts
    credential: Credential
    last_day: date
    identifier: str
    minimal: bool
    specimen: bool

    @property
    def proves(self) -> Words:
        """The sentence of what the card proves: no health detail in it."""
        sentences = self.entry.pack.proves
        return sentences["minimal" if self.minimal else "full"].fill(choice=self.entry.choice.words)

    @property
    def reveals(self) -> Words:
        """The short sentence of what a scan reveals."""
        return self.entry.pack.reveals["minimal" if self.minimal else "full"]


def new_identifier(region: str, chance: Callable[[int], bytes]) -> str:
    """Return a card's identifier, such as `QW-7K2M-9QF4-XJ3D`; `chance(n)` gives n random bytes."""
    letters = "".join(_CROCKFORD[byte & 31] for byte in chance(4 * _GROUPS))
    groups = (letters[at : at + 4] for at in range(0, len(letters), 4))
    return "-".join((region, *groups))


def format_of(entry: Entry, wish: Wish) -> issue.Format:
    """Return the format in which the card is written."""
    if wish.envelope == "shc":
        return "shc"
    # A minimal card states a clearance, which only our own attestation can hold.
    if wish.minimal or entry.pack.format == "hcert-100":
        return "hcert-100"
    return "hcert-6"


def check_signer(
    entry: Entry, wish: Wish, *, domains: tuple[str, ...], usage: frozenset[str] | None
) -> None:
    """Refuse with `bad-input` a key whose cards of this kind nobody would believe."""
    domain = _DOMAINS[format_of(entry, wish)]
    kind = "clearance" if wish.minimal else entry.pack.kind
    if domain not in domains:
        raise RefusalError("bad-input", f"the key does not speak in the domain {domain}")
    if usage is not None and kind not in usage:
        raise RefusalError("bad-input", f"the key may not sign a {kind}")


def sign_card(
    entry: Entry,
    signer: issue.Signer,
    wish: Wish,
    *,
    identifier: str,
    now: datetime,
    status: StatusIndex | None = None,
) -> Card:
    """Sign the card of one entry.

    Refuses as `trust.issue` does; with `missing` where a minimal card lacks its last day, and
    with `bad-input` where its last day has passed.
    """
    specimen = signer.environment != "production"
    facts = _statement(entry, wish, identifier, specimen=specimen)
    last_day = _last_day(entry, facts, wish, now)
    credential = issue.issue(
        facts,
        signer,
        now=now,
        status=status,
        format=format_of(entry, wish),
        expires=_end_of(last_day),
    )
    return Card(entry, facts, credential, last_day, identifier, wish.minimal, specimen)


def card_again(
    entry: Entry, wish: Wish, credential: Credential, *, identifier: str, specimen: bool
) -> Card:
    """Return the card that was signed before as `credential`, to be printed once more."""
    assert credential.expires is not None  # every card that we write ends
    last_day = (credential.expires - _WESTMOST).date() - timedelta(days=1)
    facts = _statement(entry, wish, identifier, specimen=specimen)
    return Card(entry, facts, credential, last_day, identifier, wish.minimal, specimen)


def _statement(entry: Entry, wish: Wish, identifier: str, *, specimen: bool) -> Facts:
    facts = _facts(entry, identifier, specimen)
    return _minimal(entry, facts, identifier) if wish.minimal else facts


def _end_of(day: date) -> datetime:
    """Return when a day ends, wherever it ends last."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) + _WESTMOST


def _last_day(entry: Entry, facts: Facts, wish: Wish, now: datetime) -> date:
    today = now.astimezone(UTC).date()
    last = today + timedelta(days=entry.pack.card_days)
    until = facts.events[0].valid_until
    if until is not None:
        last = min(last, until.latest()) if until.latest() < date.max else last
    if wish.keys_end is not None:
        last = min(last, (wish.keys_end.astimezone(UTC) - _WESTMOST).date() - timedelta(days=1))
    if last < today:
        raise RefusalError("bad-input", "the last day has passed")
    return last


def _facts(entry: Entry, identifier: str, specimen: bool) -> Facts:
    pack = entry.pack
    person = Person(
        Name(whole=entry.text("name") or "", latin_whole=entry.text("latin") or ""),
        entry.date("birth"),
        sex=_id_of(entry, "sex"),
        nationality=entry.text("nationality"),
        document=entry.text("document"),
        guardian=entry.text("guardian"),
    )
    event = _vaccination(entry) if pack.kind == "vaccination" else _examination(entry)
    office = entry.text("office")
    if specimen:
        office = f"{SPECIMEN} · {office}" if office else SPECIMEN
    return Facts(person, (event,), identifier=identifier, issuer=office, pack=pack.id)


def _vaccination(entry: Entry) -> Event:
    choice = entry.choice
    product = entry.text("product")
    maker = entry.text("maker")
    return Vaccination(
        disease=Code.parse(choice.disease) if choice.disease else None,
        vaccine=Code.parse(choice.vaccine) if choice.vaccine else None,
        product=Code("who", product) if product else None,
        maker=Code("who", maker) if maker else None,
        dose=entry.number("dose"),
        series=entry.number("series"),
        date=entry.date("date"),
        batch=entry.text("batch"),
        centre=entry.text("centre"),
        valid_from=entry.date("valid_from"),
        valid_until=entry.date("valid_until"),
    )


def _examination(entry: Entry) -> Event:
    return Examination(
        purpose=f"{entry.pack.purpose}/{entry.choice.id}",
        performed=entry.date("date"),
        centre=entry.text("centre"),
        valid_until=entry.date("valid_until"),
    )


def _minimal(entry: Entry, facts: Facts, identifier: str) -> Facts:
    """Return the facts of the minimal card; it says no more than a date that somebody gave."""
    wanted = entry.pack.minimal
    until = entry.date(wanted.until)
    if until is None:
        raise RefusalError("missing", wanted.until)
    purpose = wanted.purpose.replace("{choice}", entry.choice.id)
    (event,) = facts.events
    dated = replace(facts, events=(replace(event, valid_until=until),))
    return issue.minimal(dated, purpose=purpose, identifier=identifier)


def _id_of(entry: Entry, name: str) -> str | None:
    value = entry.values.get(name)
    return getattr(value, "id", None)


def is_for_life(day: PartialDate) -> bool:
    """Tell whether a date is the last one of the calendar, which stands for "for life"."""
    return day.year == date.max.year
