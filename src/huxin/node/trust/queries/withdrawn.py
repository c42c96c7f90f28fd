"""What a page says of a card that was withdrawn: why, since when, what holds now, where to go."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from huxin.node.base.local_day import local_day
from huxin.node.trust.models import Card, RecallRow, Revocation
from huxin.node.trust.words import REASON_WORDS
from huxin.packs.reader import Words

__all__ = ["Withdrawn", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """A withdrawal in words.  `replaced_by` is the card that took its place, if there is one."""

    reason: Words
    day: date
    note: Words
    office: Words
    hours: str
    replaced_by: uuid.UUID | None


def withdrawn(card: Card) -> Withdrawn | None:
    """Return what there is to say, or nothing for a card in force; the caller may see the card."""
    found = Revocation.objects.filter(card=card).first()
    if found is None:
        return None
    office = card.organisation
    replacement = Card.objects.filter(replaces=card).values_list("id", flat=True).first()
    return Withdrawn(
        REASON_WORDS[found.reason],
        local_day(found.at),
        _note(found),
        Words(office.name_zh, office.name_en),
        office.hours,
        replacement,
    )


def _note(found: Revocation) -> Words:
    """Return what the officer wrote: of one card as it is, of a recall in each language that there is."""
    ended = RecallRow.objects.filter(card=found.card_id, became__in=("withdrawn", "reissued"))
    row = ended.select_related("recall").first()
    if row is None:
        return Words(str(found.note), str(found.note))
    zh, en = row.recall.note_zh, row.recall.note_en
    return Words(zh or en, en or zh)
