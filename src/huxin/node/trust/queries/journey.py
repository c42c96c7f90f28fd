"""Will I get in?  The answer before somebody goes: for cards, a purpose and a day.  Nothing of it is kept.

- whether a card is genuine is judged as of now, and what the rules say as of the day of the visit;
- practice people are invented; their cards are signed by a key of this process that nobody believes.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from typing import Any

from django.conf import settings

from huxin.adapters.cards import Wish, new_identifier, sign_card
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_of
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.trust import signing
from huxin.node.trust.models import Card
from huxin.node.trust.queries import rules
from huxin.node.trust.queries.cards import theirs
from huxin.node.trust.queries.status import status
from huxin.node.trust.queries.wallet import Wallet
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import Words
from huxin.spec import CODES
from huxin.trust import reading
from huxin.trust.credentials.credential import Credential
from huxin.trust.issue import Signer
from huxin.trust.reading import Reading
from huxin.trust.rules.book import Decision
from huxin.trust.rules.readout import readout
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify

__all__ = [
    "MOST_CARDS", "Asked", "Practice", "ask", "ask_practice", "at", "device_cards", "own_cards", "practice", "read_cards", "specimens",
]  # fmt: skip

MOST_CARDS = 32
_EACH = 3  # practice people of a pack


@dataclass(frozen=True, slots=True)
class Asked:
    """What was found: whether the cards are to be believed now, and what the rules say on the day."""

    genuine: Verdict | None
    decision: Decision | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Practice:
    """An invented person with one card, to try it with."""

    id: str
    name: str
    born: str
    pack: Words
    credential: Credential


def at(day: date, now: datetime) -> datetime:
    """Return the instant of a visit: now for today, else noon UTC, which is that day nearly everywhere."""
    today = local_day(now)
    return now if day == today else datetime.combine(day, time(12), UTC)


def ask(texts: Sequence[str], *, purpose: str, day: date, now: datetime) -> Asked:
    """Answer for the cards that one person would show; refuses with `too-big` for too many."""
    cards = reading.open_texts(tuple(texts))
    if len(cards) > MOST_CARDS:
        raise RefusalError("too-big", f"more than {MOST_CARDS} cards")
    genuine = _genuine(cards, now)
    if genuine.outcome != "accepted":
        return Asked(genuine, None, None)
    found = [one.credential for one in cards if one.credential is not None]
    return _decided(found, genuine, purpose, at(day, now), now)


def ask_practice(person: Practice, *, purpose: str, day: date, now: datetime) -> Asked:
    """Answer for an invented person."""
    return _decided([person.credential], None, purpose, at(day, now), now)


def _genuine(cards: Sequence[Reading], now: datetime) -> Verdict:
    return verify(cards, Basis(signing.trust_store(now), status=status()), now=now)


def _decided(
    cards: list[Credential], genuine: Verdict | None, purpose: str, visit: datetime, now: datetime
) -> Asked:
    decision = rules.book(now).decide(purpose, cards, now=visit)
    ends = min((one.expires for one in cards if one.expires is not None), default=None)
    return Asked(genuine, decision, ends)


def device_cards(wallet: Wallet | None, *, by: Actor, now: datetime) -> dict[str, dict[str, Any]]:
    """Return the cards of an opened wallet for the person's own device: what rules read of each.

    A card that does not count says why.  Nothing where the cards do not agree about whose they are:
    that is for `ask` to say.
    """
    if wallet is None:
        return {}
    numbers = {one.id for one in wallet.current[:MOST_CARDS]}
    return read_cards(theirs(by).filter(id__in=numbers, person=wallet.owner.id), now=now)


def read_cards(rows: Iterable[Card], *, now: datetime) -> dict[str, dict[str, Any]]:
    """Return what rules read of each of one person's cards; nothing where they do not agree about whose they are."""
    opened = {row.id.hex: reading.open(row.text) for row in rows}
    together = [one for cards in opened.values() for one in cards]
    if any(reason.code == "person" for reason in _genuine(together, now).reasons):
        return {}
    return {number: _device_card(cards, now) for number, cards in opened.items()}


def _device_card(cards: Sequence[Reading], now: datetime) -> dict[str, Any]:
    genuine = _genuine(cards, now)
    credential = cards[0].credential
    if genuine.outcome == "accepted" and credential is not None:
        return readout(credential)
    code = CODES[genuine.code]
    return {"fault": {"text": code.text, "next": code.next}}


def own_cards(wallet: Wallet | None) -> list[tuple[str, Words]]:
    """Return the cards of a wallet that are in use: number and words."""
    if wallet is None:
        return []
    return [(one.id.hex, _label(one)) for one in wallet.current[:MOST_CARDS]]


def _label(one: Any) -> Words:
    kind, until = one.face.kind, one.face.until
    return Words(f"{kind.zh}，到 {until}", f"{kind.en}, until {until}")


# ------------------------------------------------------------------------------------ practice people


class _PracticeSigner:
    """Signs practice cards; its key lives as long as this process and stands on no list."""

    environment = "test"
    algorithm = "ES256"
    health_card_issuer = None

    def __init__(self, region: str) -> None:
        self.region = region
        self._key = PrivateKey.generate()
        self.kid = kid_of(self._key.public.spki)
        self.health_card_kid = ""

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message)


def practice(now: datetime) -> tuple[Practice, ...]:
    """Return the practice people of all packs; their dates are counted from today."""
    return _practice(now.replace(hour=0, minute=0, second=0, microsecond=0))


@lru_cache(maxsize=4)
def specimens(today: datetime, *, own_key: bool) -> dict[str, Credential]:
    """Return a card of an invented person by each pack; signed with the node's own key where that is a test key."""
    signer = _own_signer() if own_key else None
    by = signer or _PracticeSigner(settings.HUXIN.region)
    found = {pack: next(_of_pack(pack, by, today), None) for pack in reader.pack_ids()}
    return {pack: one.credential for pack, one in found.items() if one is not None}


def _own_signer() -> Signer | None:
    try:
        signer = signing.signer()
    except RefusalError:
        return None
    # What a key for earnest signs is a card in earnest.
    return signer if signer.environment == "test" else None


@lru_cache(maxsize=2)
def _practice(today: datetime) -> tuple[Practice, ...]:
    signer = _PracticeSigner(settings.HUXIN.region)
    return tuple(one for pack in reader.pack_ids() for one in _of_pack(pack, signer, today))


def _of_pack(pack: str, signer: Signer, now: datetime) -> Iterator[Practice]:
    found = reader.pack(pack)
    for number, person in enumerate(reader.demo_people(pack, now.date())[:_EACH], 1):
        entry = read_entry(found, person.row, today=now.date())
        if not isinstance(entry, Entry):
            continue
        identifier = new_identifier(signer.region, secrets.token_bytes)
        text = sign_card(entry, signer, Wish(), identifier=identifier, now=now).credential.text
        (opened,) = reading.open(text)
        credential = opened.credential
        if credential is None or credential.facts is None:
            continue
        shown = credential.facts.person
        born = f"{shown.birth.year:04}" if shown.birth else ""
        yield Practice(f"{pack}.{number}", shown.name.shown, born, found.short, credential)
