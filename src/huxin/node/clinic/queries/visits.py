"""Visits, scoped by who asks: one's own, those one looks after, those of one's own organisation."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet

from huxin.clinic.visits import Moment, State, moves_now
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import AuditEntry, Person
from huxin.node.base.permissions import Permission
from huxin.node.clinic.models import Slot, Visit
from huxin.node.clinic.queries.secrets import hidden_visits

__all__ = [
    "DayList",
    "answers",
    "booked_by_request",
    "day_list",
    "family",
    "moment_of",
    "person_of",
    "staffs",
    "steps_for",
    "theirs",
    "visit_for",
    "visits_of",
]

_ONCE: Final = timedelta(minutes=10)
# Who may take which step: staff keep the queue, the person and whoever acts for them may cancel.
_STAFF_STEPS = frozenset({State.ARRIVED, State.BOOKED, State.SEEN, State.MISSED})
_OPEN: Final = (State.ARRIVED.value, State.SEEN.value)
_DONE: Final = (State.RECORDED, State.MISSED, State.VOIDED)


@dataclass(frozen=True, slots=True)
class DayList:
    """A clinic's day: who is in the room, who waits, who is to come, who has been.

    `earlier` is who was still in the room or waiting when an earlier day ended.
    """

    now: list[Visit]
    waiting: list[Visit]
    booked: list[Visit]
    done: list[Visit]
    earlier: list[Visit]


def staffs(visit: Visit, by: Actor) -> bool:
    """Tell whether a visit is at the clinic where the actor works."""
    return by.may(Permission.VISIT) and by.organisation == visit.slot.organisation_id


def theirs(by: Actor, *, now: datetime) -> QuerySet[Visit]:
    """Return the visits that an actor may see: of whom they act for, less what is kept from them."""
    own = Q(person__in=_people(by)) & ~Q(id__in=hidden_visits(by, now=now))
    if by.may(Permission.VISIT) and by.organisation is not None:
        own |= Q(slot__organisation=by.organisation)
    found = Visit.objects.filter(own).select_related("person", "slot__organisation")
    return found.prefetch_related("records__correction")


def _people(by: Actor) -> list[uuid.UUID]:
    return [*([by.person] if by.person else []), *by.represents]


def family(by: Actor) -> list[Person]:
    """Return the actor and those they may act for, the actor first."""
    people = Person.objects.in_bulk(_people(by))
    return [people[one] for one in _people(by) if one in people]


def visits_of(by: Actor, *, now: datetime) -> list[Visit]:
    """Return the actor's own visits and those of whom they look after, the latest first.

    A look at another's is written where that person reads it, once in ten minutes.
    """
    shown = theirs(by, now=now).filter(person__in=_people(by))
    found = list(shown.order_by("-slot__starts", "-booked_at"))
    looks = AuditEntry.objects.filter(actor=by.user, action="opened-visits", at__gt=now - _ONCE)
    seen = {by.person, *looks.values_list("subject", flat=True)}
    for person in {one.person_id for one in found} - seen:
        audit.record("opened-visits", by=by, now=now, subject=person, about=(None, "help"))
    return found


def booked_by_request(request: str, *, by: Actor, now: datetime) -> Visit | None:
    """Return the visit that this form made before, if it is theirs."""
    try:
        wish = uuid.UUID(request)
    except ValueError:
        return None
    return theirs(by, now=now).filter(request=wish).first()


def answers(visit: Visit, person: uuid.UUID, slot: Slot) -> bool:
    """Tell whether a visit is what a form asks for: for that person, there, then, and not cancelled since."""
    held, wanted = visit.slot, slot
    return (
        visit.at is not State.CANCELLED
        and visit.person_id == person
        and (held.organisation_id, held.kind, held.starts)
        == (wanted.organisation_id, wanted.kind, wanted.starts)
    )


def visit_for(visit: uuid.UUID, *, by: Actor, now: datetime) -> Visit | None:
    """Return one visit, if it is theirs to see; the person's trail says when it was somebody else."""
    found = theirs(by, now=now).filter(id=visit).first()
    if found is not None and found.person_id != by.person:
        why = "help" if by.owns(found.person_id) else "care"
        audit.record("opened-visit", by=by, now=now, subject=found.person_id, about=(found, why))
    return found


def person_of(visit: Visit) -> dict[str, str]:
    """Return who the person is, in the columns of a pack."""
    person = visit.person
    return {"name": person.shown, "latin": person.latin, "birth": person.birth}


def moment_of(visit: Visit, now: datetime) -> Moment:
    """Return when the visit is, and when now is."""
    return Moment(visit.slot.starts, now, settings.HUXIN.time_zone)


def steps_for(visit: Visit, *, by: Actor, now: datetime) -> frozenset[State]:
    """Return the steps that this actor may take now, recording left out."""
    allowed = _STAFF_STEPS if staffs(visit, by) else frozenset()
    if by.owns(visit.person_id):
        allowed |= {State.CANCELLED}
    return moves_now(visit.at, moment_of(visit, now)) & allowed


def day_list(*, by: Actor, now: datetime, day: date | None = None) -> DayList:
    """Return a day's visits at the actor's clinic, and on today's what earlier days left open.

    Each person's trail says once a day who looked.
    """
    today = local_day(now)
    begins, ends = _bounds(day or today)
    mine = _listed(by).exclude(state=State.CANCELLED.value)
    visits = list(mine.filter(slot__starts__gte=begins, slot__starts__lt=ends))
    before = _listed(by).filter(slot__starts__lt=begins, state__in=_OPEN)
    earlier = list(before) if day in (None, today) else []
    _note_looks([*visits, *earlier], _bounds(today)[0], by=by, now=now)
    return DayList(
        now=[one for one in visits if one.at is State.SEEN],
        waiting=sorted(
            (one for one in visits if one.at is State.ARRIVED),
            key=lambda one: (one.slot.starts, one.arrived_at or now),
        ),
        booked=[one for one in visits if one.at is State.BOOKED],
        done=[one for one in visits if one.at in _DONE],
        earlier=earlier,
    )


def _bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and when the next one does, by the clocks of the region."""
    midnight = datetime.combine(day, time(), settings.HUXIN.time_zone)
    return midnight, midnight + timedelta(days=1)


def _listed(by: Actor) -> QuerySet[Visit]:
    found = Visit.objects.filter(slot__organisation=by.staff().organisation)
    return (
        found.select_related("person", "slot__organisation")
        .prefetch_related("records__correction")
        .order_by("slot__starts", "id")
    )


def _note_looks(visits: Iterable[Visit], since: datetime, *, by: Actor, now: datetime) -> None:
    """Record each name on the list, once a day for each reader: a list is reloaded all day long."""
    seen = set(
        AuditEntry.objects.filter(action="saw-on-list", actor=by.user, at__gte=since).values_list(
            "subject", flat=True
        )
    )
    for person, visit in {one.person_id: one for one in visits}.items():
        if person not in seen:
            audit.record("saw-on-list", by=by, now=now, subject=person, about=(visit, "care"))
