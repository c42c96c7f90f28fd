"""Cards as rows and as what can be printed of them: whose they are decides who gets them.

- one's own look at one's own card is not written down: showing a code leaves no trace;
- everybody else's is: the desk's, a helper's, and a try at a card that is not theirs;
- a card whose pack is not here, or reads it no more, is shown by what was signed;
- who may act for a person does not see what is kept from them (`base.kept_back`).
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from huxin.adapters import cards
from huxin.adapters.cards import Wish
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.kept_back import NOTHING, KeptBack, kept_back
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import Permission
from huxin.node.trust.models import Card
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.stand_in import is_here
from huxin.trust import reading

__all__ = [
    "card_for",
    "card_of_desk",
    "card_to_print",
    "own_card",
    "printable",
    "theirs",
    "wallet",
]


def theirs(by: Actor) -> QuerySet[Card]:
    """Return the cards that an actor may see: their own, those they look after, their desk's.

    Whoever looks at the card of somebody they act for asks what is kept back too.
    """
    own = Q(person__in=[*by.represents, *([by.person] if by.person else [])])
    if by.may(Permission.ISSUE) and by.organisation is not None:
        own |= Q(organisation=by.organisation)
    found = Card.objects.filter(own).select_related("person", "organisation", "revocation")
    return found.select_related("replaced_by")


def card_for(card: uuid.UUID, *, by: Actor, now: datetime, purpose: str) -> Card | None:
    """Return one card, if it is theirs to see, and record that it was opened."""
    return _hand_out(card, theirs(by), purpose, by=by, now=now)


def card_of_desk(card: uuid.UUID, *, by: Actor, now: datetime, purpose: str) -> Card | None:
    """Return a card that the actor's own organisation signed, and record that it was opened."""
    signed = theirs(by).filter(organisation=by.staff().organisation)
    return _hand_out(card, signed, purpose, by=by, now=now)


def own_card(card: uuid.UUID, *, by: Actor, now: datetime) -> Card | None:
    """Return a card of the actor's own or of somebody they act for, and record the latter."""
    own = theirs(by).filter(person__in=[*by.represents, *([by.person] if by.person else [])])
    return _hand_out(card, own, "help", by=by, now=now)


def card_to_print(card: uuid.UUID, *, by: Actor, now: datetime) -> Card | None:
    """Return a card that is to be printed, if it is theirs; `handover.note_printed` records it."""
    return _hand_out(card, theirs(by), None, by=by, now=now)


def _hand_out(
    card: uuid.UUID, among: QuerySet[Card], purpose: str | None, *, by: Actor, now: datetime
) -> Card | None:
    found = among.filter(id=card).first()
    if found is None or _hides(kept_back(found.person, by=by, now=now), found):
        _refuse(card, by=by, now=now)
        return None
    if purpose is not None and found.person_id != by.person:
        why = "help" if by.owns(found.person_id) else purpose
        audit.record("opened-card", by=by, now=now, subject=found.person_id, about=(found, why))
    return found


def _refuse(card: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Record that somebody tried the address of a card that is not theirs."""
    found = Card.objects.filter(id=card).first()
    if found is not None:
        audit.record("refused-object", by=by, now=now, subject=found.person_id, about=(found, ""))


def _hides(kept: KeptBack, card: Card) -> bool:
    return kept.hides(card.pack, card.cells, minimal=card.minimal)


def wallet(person: uuid.UUID, *, by: Actor, now: datetime) -> list[Card]:
    """Return a person's cards, newest first; nothing unless they are the actor's to look after.

    Whoever acts for the person leaves an entry in that person's trail.
    """
    if not by.owns(person):
        return []
    found = list(theirs(by).filter(person=person).order_by("-issued_at", "-id"))
    if person != by.person:
        audit.record("opened-wallet", by=by, now=now, subject=person, about=(None, "help"))
    kept = kept_back(found[0].person, by=by, now=now) if found else NOTHING
    return [card for card in found if not _hides(kept, card)]


def printable(card: Card) -> cards.Card:
    """Return a stored card as it was signed, for page, picture and paper."""
    (opened,) = reading.open(card.text)
    assert opened.credential is not None
    made = opened.credential
    wish, number = Wish(minimal=card.minimal), card.identifier
    specimen = settings.HUXIN.environment != "production"
    entry = _entry(card)
    if entry is None:
        return cards.card_of_text(card.pack, wish, made, identifier=number, specimen=specimen)
    return cards.card_again(entry, wish, made, identifier=number, specimen=specimen)


def _entry(card: Card) -> Entry | None:
    """Return what was typed, read as it was when the card was signed; nothing where no pack here reads it."""
    if not is_here(card.pack):
        return None
    found = read_entry(reader.pack(card.pack), card.cells, today=local_day(card.issued_at))
    return found if isinstance(found, Entry) else None
