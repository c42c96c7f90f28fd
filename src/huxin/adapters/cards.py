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
from datetime import UTC, date, datetime, timedelta
from typing import Final, Literal, cast

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.packs.entries import Entry, Value
from huxin.packs.reader import Words
from huxin.packs.stand_in import PLAIN, stand_in
from huxin.trust import issue
from huxin.trust.credentials.credential import Credential, StatusIndex
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Event,
    Examination,
    Facts,
    Name,
    Person,
    Vaccination,
)
from huxin.trust.last_day import end_of, whole_day_before

__all__ = [
    "SPECIMEN",
    "Card",
    "Envelope",
    "Promise",
    "Wish",
    "card_again",
    "card_of_text",
    "check_signer",
    "format_of",
    "is_for_life",
    "new_identifier",
    "promise",
    "sign_card",
]

SPECIMEN: Final = "SPECIMEN 样张"

Envelope = Literal["hcert", "shc"]

_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS: Final = 3
_DOMAINS: Final = {"hcert-1": "dcc", "hcert-6": "icvp", "hcert-100": "huxin", "shc": "shc"}
# By what names a format's issuers know products and makers.
_LISTS: Final = {"hcert-1": ("dcc-mp", "dcc-ma")}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the clerk asks for beyond the entry; `keys_end` is when the key stops being believed.

    `until` is a last day that the card is not to pass: that of the card whose facts are signed anew.
    """

    minimal: bool = False
    envelope: Envelope = "hcert"
    keys_end: datetime | None = None
    until: date | None = None


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
        return _proves(self.entry, minimal=self.minimal)

    @property
    def reveals(self) -> Words:
        """The short sentence of what a scan reveals."""
        return self.entry.pack.reveals["minimal" if self.minimal else "full"]


@dataclass(frozen=True, slots=True)
class Promise:
    """What a card of an entry would say, before anything is signed."""

    last_day: date
    proves: Words
    reveals: Words


def promise(entry: Entry, wish: Wish, *, now: datetime) -> Promise:
    """Return what the card of an entry would say; refuses as `sign_card` does for its dates."""
    facts = _statement(entry, wish, _Making("", now))
    proves = _proves(entry, minimal=wish.minimal)
    reveals = entry.pack.reveals["minimal" if wish.minimal else "full"]
    return Promise(_last_day(entry, facts, wish, now), proves, reveals)


def _proves(entry: Entry, *, minimal: bool) -> Words:
    sentences = entry.pack.proves
    return sentences["minimal" if minimal else "full"].fill(choice=entry.choice.words)


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
    return "hcert-100" if wish.minimal else cast(issue.Format, entry.pack.format)


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
    with `bad-input` where its last day has passed, or the key has no whole day left.
    """
    specimen = signer.environment != "production"
    making = _Making(identifier, now, region=signer.region, specimen=specimen)
    facts = _statement(entry, wish, making)
    last_day = _last_day(entry, facts, wish, now)
    credential = issue.issue(
        facts,
        signer,
        now=now,
        status=status,
        format=format_of(entry, wish),
        expires=end_of(last_day),
    )
    return Card(entry, facts, credential, last_day, identifier, wish.minimal, specimen)


def card_again(
    entry: Entry, wish: Wish, credential: Credential, *, identifier: str, specimen: bool
) -> Card:
    """Return the card that was signed before as `credential`, to be printed once more."""
    last_day = _signed_last_day(credential)
    issued = credential.issued or credential.not_before
    assert issued is not None  # and begins
    region, *_ = identifier.rsplit("-", _GROUPS)
    making = _Making(identifier, issued, region=region, specimen=specimen)
    facts = _statement(entry, wish, making)
    return Card(entry, facts, credential, last_day, identifier, wish.minimal, specimen)


def card_of_text(
    pack: str, wish: Wish, credential: Credential, *, identifier: str, specimen: bool
) -> Card:
    """Return a card that was signed before, where its `pack` is not here to say what its columns mean."""
    facts = credential.facts
    assert facts is not None  # every card that we write says something
    shown = stand_in(pack, facts.events[0].kind)
    values: dict[str, Value] = {shown.choice: PLAIN, "name": facts.person.name.shown}
    last_day = _signed_last_day(credential)
    return Card(
        Entry(shown, values), facts, credential, last_day, identifier, wish.minimal, specimen
    )


def _signed_last_day(credential: Credential) -> date:
    assert credential.expires is not None  # every card that we write ends
    return whole_day_before(credential.expires)


@dataclass(frozen=True, slots=True)
class _Making:
    """What facts need beside the entry."""

    identifier: str
    now: datetime
    region: str | None = None
    specimen: bool = False


def _statement(entry: Entry, wish: Wish, making: _Making) -> Facts:
    facts = _facts(entry, making)
    return _minimal(entry, facts, making) if wish.minimal else facts


def _last_day(entry: Entry, facts: Facts, wish: Wish, now: datetime) -> date:
    today = now.astimezone(UTC).date()
    last = today + timedelta(days=entry.pack.card_days)
    until = facts.events[0].valid_until
    if until is not None:
        last = min(last, until.latest()) if until.latest() < date.max else last
    if wish.keys_end is not None:
        keys_last = whole_day_before(wish.keys_end)
        if keys_last < today:
            raise RefusalError("bad-input", "the key has no whole day left")
        last = min(last, keys_last)
    if wish.until is not None:
        last = min(last, wish.until)
    if last < today:
        raise RefusalError("bad-input", "the last day has passed")
    return last


def _facts(entry: Entry, making: _Making) -> Facts:
    pack = entry.pack
    person = Person(
        _name(entry),
        entry.date("birth"),
        sex=_id_of(entry, "sex"),
        nationality=entry.text("nationality"),
        document=entry.text("document"),
        guardian=entry.text("guardian"),
    )
    office = entry.text("office")
    if making.specimen:
        office = f"{SPECIMEN} · {office}" if office else SPECIMEN
    place = making.region if pack.format == "hcert-1" else None
    events = (_EVENTS[pack.kind](entry),)
    return Facts(person, events, making.identifier, office, place, pack.id)


def _name(entry: Entry) -> Name:
    whole, latin = entry.text("name") or "", entry.text("latin") or ""
    if entry.pack.format != "hcert-1":
        return Name(whole=whole, latin_whole=latin)
    # This format has no place for a whole name.  A Latin name begins with the family's.
    family = entry.text("latin_family") or latin.partition(" ")[0]
    return Name(family=whole, latin_family=family, latin_given=latin[len(family) :].strip())


def _vaccination(entry: Entry) -> Event:
    choice = entry.choice
    product = entry.text("product")
    maker = entry.text("maker")
    products, makers = _LISTS.get(entry.pack.format, ("who", "who"))
    return Vaccination(
        disease=Code.parse(choice.disease) if choice.disease else None,
        vaccine=Code.parse(choice.vaccine) if choice.vaccine else None,
        product=Code(products, product) if product else None,
        maker=Code(makers, maker) if maker else None,
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


def _clearance(entry: Entry) -> Event:
    return Clearance(
        purpose=f"{entry.pack.purpose}/{entry.choice.id}",
        exemption=entry.choice.exemption,
        centre=entry.text("centre"),
        valid_from=entry.date("valid_from"),
        valid_until=entry.date("valid_until"),
    )


_EVENTS: Final[dict[str, Callable[[Entry], Event]]] = {
    "vaccination": _vaccination,
    "examination": _examination,
    "clearance": _clearance,
}


def _minimal(entry: Entry, facts: Facts, making: _Making) -> Facts:
    """Return the facts of the minimal card; it says no more than a date that somebody gave.

    A first day that is still to come is kept, or the card would say too early what is not true yet;
    one that has passed would only tell when something was done.
    """
    wanted = entry.pack.minimal
    until = entry.date(wanted.until)
    if until is None:
        raise RefusalError("missing", wanted.until)
    purpose = wanted.purpose.replace("{choice}", entry.choice.id)
    (event,) = facts.events
    dated = replace(facts, events=(replace(event, valid_until=until),))
    made = issue.minimal(dated, purpose=purpose, identifier=making.identifier)
    start = event.valid_from
    if start is None or start.earliest() <= making.now.astimezone(UTC).date():
        return made
    (clearance,) = made.events
    return replace(made, events=(replace(clearance, valid_from=start),))


def _id_of(entry: Entry, name: str) -> str | None:
    value = entry.values.get(name)
    return getattr(value, "id", None)


def is_for_life(day: PartialDate) -> bool:
    """Tell whether a date is the last one of the calendar, which stands for "for life"."""
    return day.year == date.max.year
