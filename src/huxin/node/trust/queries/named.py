"""What the objects of an audit trail are called, and which of them are kept from whoever acts for the person."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from huxin.node.base.actor import Actor
from huxin.node.base.kept_back import kept_back
from huxin.node.base.models import Person
from huxin.node.trust.models import Appeal, Card, IssueRequest, SheetRow
from huxin.packs.reader import Words
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["kept_back_objects", "names_of"]

_APPEAL: Final = "trust.appeal:"
_CARD: Final = "trust.card:"
_WISH: Final = "trust.issuerequest:"
_ROW: Final = "trust.sheetrow:"
_SHEET: Final = "trust.sessionsheet:"


def names_of(objects: Iterable[str]) -> dict[str, Words]:
    """Return the kind of each card among `objects` (`trust.card:…`), in words."""
    ids = [one.removeprefix(_CARD) for one in objects if one.startswith(_CARD)]
    found = Card.objects.filter(id__in=ids).values_list("id", "pack")
    return {f"{_CARD}{card}": pack_or_stand_in(pack).short for card, pack in found}


def kept_back_objects(person: uuid.UUID, *, by: Actor, now: datetime) -> list[str]:
    """Return what of a person's cards, wishes, appeals and session sheets is kept from this actor, as the trail names it."""
    owner = Person.objects.get(id=person)
    kept = kept_back(owner, by=by, now=now)
    if not kept.anything:
        return []
    cards = Card.objects.filter(person=owner)
    wishes = IssueRequest.objects.filter(person=owner)
    appeals = Appeal.objects.filter(person=owner)
    rows = SheetRow.objects.filter(person=owner).select_related("sheet")
    return [
        *(
            f"{_CARD}{one.id}"
            for one in cards
            if kept.hides(one.pack, one.cells, minimal=one.minimal)
        ),
        *(
            f"{_WISH}{one.id}"
            for one in wishes
            if kept.hides(one.pack, one.cells, minimal=one.minimal)
        ),
        *(f"{_APPEAL}{one.id}" for one in appeals if kept.keeps(one.pack)),
        *(
            name
            for one in rows
            if kept.keeps(one.sheet.pack)
            for name in (f"{_ROW}{one.id}", f"{_SHEET}{one.sheet_id}")
        ),
    ]
