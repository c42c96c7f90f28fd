"""Book, keep the queue, record: a visit from its first step to its last.

- a place is held by one visit at a time: the database refuses a second, and who comes second is told
  `taken`;
- a person is booked once at a time, and for no more than three visits to come: the rest is for others;
- each step takes the row for itself, asks `huxin.clinic.visits` and writes; the same step a second
  time changes nothing;
- what is recorded is told to the outbox; the card is made by a flow, not here.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from huxin.clinic.visits import ENDED, State, check_move
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.models import Person
from huxin.node.clinic.models import Record, Slot, Visit
from huxin.node.clinic.queries import times
from huxin.node.clinic.queries.visits import answers, moment_of, staffs, steps_for, theirs
from huxin.packs.entries import Entry

__all__ = [
    "MOST_OPEN",
    "Booking",
    "book",
    "move",
    "new_record",
    "note_card",
    "record",
    "take_step",
    "taken",
]

_WISHES: Final = uuid.UUID("6d6f8f0e-7a55-5c0a-9d42-2f1f3b8a7c10")
_TRIES: Final = 3
MOST_OPEN: Final = 3
"""How many visits to come a person may hold."""


@dataclass(frozen=True, slots=True)
class Booking:
    """A wish to come: who, which place, why; `request` makes a second click harmless."""

    person: Person
    slot: Slot
    request: uuid.UUID
    reason: str = ""


def book(wish: Booking, *, by: Actor, now: datetime) -> Visit:
    """Book a place, or another one at the same time; refuses with `taken` when all are gone.

    Refuses with `exists` where the person is booked at that time already, with `state` where they hold as many
    as one may.  Only for oneself or whom one may act for: anybody else does not exist (`bad-input`).
    """
    if by.user is None or not by.owns(wish.person.id):
        raise RefusalError("bad-input", "nobody to act for")
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _booked_before(wish) or _book(wish, by.user, by=by, now=now)
        except IntegrityError:
            # Somebody else took the place between our look and our write: look again.
            continue
    raise RefusalError("taken", "held by others again and again")


def _booked_before(wish: Booking) -> Visit | None:
    found = Visit.objects.filter(request=wish.request).first()
    if found is not None and not answers(found, wish.person.id, wish.slot):
        raise RefusalError("bad-input", "this form was sent for another visit")
    return found


def _check_open(wish: Booking, now: datetime) -> None:
    # The person's row is theirs alone until this is written: two clicks at once are counted one after the other.
    Person.objects.select_for_update().get(id=wish.person.id)
    held = Visit.objects.filter(person=wish.person, state=State.BOOKED.value)
    if held.filter(slot__starts=wish.slot.starts).exists():
        raise RefusalError("exists", "booked at this time already")
    if held.filter(slot__starts__gt=now).count() >= MOST_OPEN:
        raise RefusalError("state", "as many to come as a person may hold")


def _book(wish: Booking, user: uuid.UUID, *, by: Actor, now: datetime) -> Visit:
    _check_open(wish, now)
    slot = wish.slot
    same_time = times.free(slot.organisation_id, slot.kind, now=now).filter(starts=slot.starts)
    place = same_time.first()
    if place is None:
        raise RefusalError("taken", "no place left at this time")
    visit = Visit.objects.create(
        slot=place,
        person=wish.person,
        reason=wish.reason.strip(),
        state=State.BOOKED.value,
        booked_by=user,
        booked_at=now,
        request=wish.request,
    )
    audit.record("booked", by=by, now=now, subject=wish.person.id, about=(visit, "care"))
    return visit


def take_step(visit: uuid.UUID, to: State, *, by: Actor, now: datetime) -> Visit:
    """Move a visit on; refuses with `state` what cannot be done now, or not by them.

    Raises `Visit.DoesNotExist` for one that is not theirs.
    """
    with transaction.atomic():
        found = taken(visit, by, now)
        if found.at is to:
            return found
        check_move(found.at, to, moment_of(found, now))
        if to not in steps_for(found, by=by, now=now):
            raise RefusalError("state", "not theirs to do")
        move(found, to, now)
        audit.record(
            "moved-visit",
            by=by,
            now=now,
            subject=found.person_id,
            about=(found, "care"),
            detail={"to": to.value},
        )
    return found


def taken(visit: uuid.UUID, by: Actor, now: datetime) -> Visit:
    """Return a visit, locked; raises `Visit.DoesNotExist` for one that is not theirs."""
    # Locked by its key first: the rows joined to it may be missing, and cannot be locked then.
    Visit.objects.select_for_update().filter(id=visit).first()
    return theirs(by, now=now).get(id=visit)


def move(visit: Visit, to: State, now: datetime) -> None:
    """Write where a locked visit is now; whoever calls has asked whether it may be there."""
    visit.state = to.value
    if to is State.ARRIVED:
        # Put back from the room, they keep the place in the queue that they came with.
        visit.arrived_at, visit.seen_at, visit.ended_at = visit.arrived_at or now, None, None
    elif to is State.BOOKED:
        visit.arrived_at = None
    elif to is State.SEEN:
        visit.seen_at = now
    elif to in ENDED:
        visit.ended_at = now
    visit.save(update_fields=["state", "arrived_at", "seen_at", "ended_at"])


def record(
    visit: uuid.UUID, entry: Entry, cells: Mapping[str, str], *, by: Actor, now: datetime
) -> Record:
    """Record what was done; the second click gives the record of the first.

    Refuses with `state` unless the person is being seen, with `exists` when something else was
    recorded meanwhile; raises `Visit.DoesNotExist` for a visit elsewhere.
    """
    with transaction.atomic():
        found = taken(visit, by, now)
        if not staffs(found, by):
            raise Visit.DoesNotExist
        before = found.record
        if before is not None:
            return _same(before, entry, cells)
        check_move(found.at, State.RECORDED, moment_of(found, now))
        made = new_record(found, entry.pack.id, cells, by=by, now=now)
        made.save(force_insert=True)
        move(found, State.RECORDED, now)
        audit.record("recorded", by=by, now=now, subject=found.person_id, about=(made, "care"))
        outbox.emit("visit-recorded", {"record": str(made.id), "pack": made.pack}, now=now)
    return made


def new_record(
    visit: Visit, pack: str, cells: Mapping[str, str], *, by: Actor, now: datetime
) -> Record:
    """Return a record of a locked visit, not written yet, with the wish for its card."""
    made = Record(
        visit=visit,
        pack=pack,
        cells=dict(cells),
        recorded_by=by.staff().user,
        recorded_at=now,
        first_at=now,
    )
    made.request = uuid.uuid5(_WISHES, str(made.id))
    return made


def _same(before: Record, entry: Entry, cells: Mapping[str, str]) -> Record:
    if (before.pack, before.cells) != (entry.pack.id, dict(cells)):
        raise RefusalError("exists", "something else was recorded meanwhile")
    return before


def note_card(record_id: uuid.UUID, card: uuid.UUID) -> None:
    """Note which card a record became; called by a flow, whose event says who and when."""
    Record.objects.filter(id=record_id).update(card=card)
