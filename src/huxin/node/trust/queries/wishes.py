"""Which wish became which card: for flows, which tell other parts; no page asks here."""

from __future__ import annotations

import uuid

from huxin.node.base.models import Person
from huxin.node.trust.models import Card

__all__ = ["wish_of"]


def wish_of(card: uuid.UUID) -> tuple[uuid.UUID, Person, bool]:
    """Return the request that a card was issued for, whose it is, and whether it replaces another."""
    found = Card.objects.select_related("person").get(id=card)
    return found.request, found.person, found.replaces_id is not None
