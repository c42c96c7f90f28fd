"""What of a visit is kept from whoever acts for its person; the packs say from which age.

- a visit that they booked themselves they know of, and may cancel: they see when and where it is, and
  nothing of what came of it;
- a visit that the person booked is not there for them, where it may lead to a pack of which nothing
  is shown: before it is recorded, nobody knows what it will lead to.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from huxin.node.base.actor import Actor
from huxin.node.base.kept_back import KeptBack, kept_back, people_with_secrets
from huxin.node.base.models import Person
from huxin.node.clinic.models import Visit

__all__ = ["hidden_visits", "kept_back_objects"]


def hidden_visits(by: Actor, *, now: datetime) -> list[uuid.UUID]:
    """Return the visits that are not there for an actor who acts for their people."""
    return [
        visit.id
        for person, kept in people_with_secrets(by, now=now).values()
        for visit in _of(person)
        if visit.booked_by != by.user and _is_hidden(visit, kept)
    ]


def _of(person: Person) -> list[Visit]:
    found = Visit.objects.filter(person=person).select_related("slot")
    return list(found.prefetch_related("records__correction"))


def _is_hidden(visit: Visit, kept: KeptBack) -> bool:
    packs = {one.pack for one in visit.records.all()}
    return any(map(kept.keeps_whole, packs)) if packs else visit.slot.kind in kept.kinds


def kept_back_objects(person: uuid.UUID, *, by: Actor, now: datetime) -> list[str]:
    """Return what of a person's visits is kept from this actor, as the trail names it."""
    owner = Person.objects.get(id=person)
    kept = kept_back(owner, by=by, now=now)
    return (
        [name for visit in _of(owner) for name in _names(visit, by, kept)] if kept.anything else []
    )


def _names(visit: Visit, by: Actor, kept: KeptBack) -> Iterator[str]:
    if visit.booked_by != by.user and _is_hidden(visit, kept):
        yield f"clinic.visit:{visit.id}"
    for record in visit.records.all():
        if kept.keeps(record.pack):
            yield f"clinic.record:{record.id}"
            if record.ended_at is not None:
                yield f"clinic.correction:{record.correction.id}"
