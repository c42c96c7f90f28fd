"""Who may act for whom: recorded at a desk with a consent, ended by the person at any time.

The only writer of `Proxy`.  That one has begun or ended is read anew with every request
(`sessions`), so that an ended one opens nothing, from that moment on.

- both are known at the desk that records it; nobody is made anybody's guardian from afar;
- it has an end from the start: a helper's within a year, a guardian's within five, and a child's guardian
  ends at the latest when the child is surely of age: from then on they agree themselves;
- the person is told that it began; nobody is told that it ended;
- a new one for the same two replaces the one that is running.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation, Person, Proxy
from huxin.packs.confidence import of_age_on

__all__ = [
    "LONGEST",
    "Consent",
    "end",
    "held_by",
    "one_of",
    "read_for",
    "record_proxy",
    "recorded_for",
]

LONGEST: Final[Mapping[str, timedelta]] = {
    "helper": timedelta(days=366),
    "guardian": timedelta(days=5 * 366),
}
_LONGEST_CONSENT: Final = 300
_PAST: Final = 20


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed: `holder` may act for `person` until the end of `last_day`, in the region's time.

    `how` says how the consent was given.  `request` is made with the form: a second click finds
    what the first one recorded.
    """

    person: Person
    holder: Person
    kind: str
    how: str
    last_day: date
    request: uuid.UUID


def record_proxy(consent: Consent, *, by: Actor, now: datetime) -> Proxy:
    """Record that somebody may act for another.

    Refuses with `missing` without a consent, with `bad-input` for the same person twice, an unknown
    kind, an end that is past or too far, or people whom this desk does not know.
    """
    _check(consent, by, now)
    try:
        with transaction.atomic():
            return _same(consent) or _record(consent, by, now)
    except IntegrityError:
        found = _same(consent)  # two clicks at one moment: the other one won
        if found is None:
            raise
        return found


def _check(consent: Consent, by: Actor, now: datetime) -> None:
    if not consent.how.strip():
        raise RefusalError("missing", "how the consent was given")
    if len(consent.how) > _LONGEST_CONSENT or consent.kind not in LONGEST:
        raise RefusalError("bad-input", "a consent that is too long, or of no known kind")
    if consent.person.id == consent.holder.id:
        raise RefusalError("bad-input", "nobody is recorded as acting for themselves")
    today = local_day(now)
    if not today <= consent.last_day <= today + LONGEST[consent.kind]:
        raise RefusalError("bad-input", "an end that is past, or too far")
    for one in (consent.person, consent.holder):
        if people.known_here(one.id, by=by) is None:
            raise RefusalError("bad-input", "a person whom this desk does not know")


def _same(consent: Consent) -> Proxy | None:
    found = Proxy.objects.filter(id=consent.request).first()
    if found is not None and (found.person_id, found.holder_id) != (
        consent.person.id,
        consent.holder.id,
    ):
        raise RefusalError("exists", "this request recorded somebody else")
    return found


def _record(consent: Consent, by: Actor, now: datetime) -> Proxy:
    staff = by.staff()
    # Two desks at one moment would leave two that run: the person's row is the lock.
    Person.objects.select_for_update().get(id=consent.person.id)
    running = _running(now).filter(person=consent.person, holder=consent.holder)
    running.update(ended_at=now)
    last_day = _last_day(consent, now)
    after = datetime.combine(last_day, time(), settings.HUXIN.time_zone)
    made = Proxy.objects.create(
        id=consent.request,
        person=consent.person,
        holder=consent.holder,
        kind=consent.kind,
        consent=consent.how.strip(),
        recorded_by=staff.user,
        begins=now,
        ends=after + timedelta(days=1),
    )
    office = Organisation.objects.get(id=staff.organisation)
    blanks = {
        "office": office.name_zh,
        "office_en": office.name_en,
        "name": consent.holder.shown,
        "date": last_day.isoformat(),
    }
    people.tell(consent.person, "proxy-recorded", blanks=blanks, now=now)
    audit.record(
        "recorded-proxy", by=by, now=now, subject=consent.person.id, about=(made, "help"),
        detail={"kind": consent.kind},
    )  # fmt: skip
    return made


def _last_day(consent: Consent, now: datetime) -> date:
    """Return the day that was asked for, of a child's guardian the last one before they are of age."""
    first = of_age_on(str(consent.person.birth))
    if consent.kind != "guardian" or first is None or first <= local_day(now):
        return consent.last_day
    return min(consent.last_day, first - timedelta(days=1))


def end(proxy: uuid.UUID, *, by: Actor, now: datetime) -> Proxy | None:
    """End it at once and silently; `None` for one that is not the actor's to end.

    The person may, and whoever holds it, and the desk where the person is known.  Ending it twice
    changes nothing.
    """
    with transaction.atomic():
        found = Proxy.objects.select_for_update().filter(id=proxy).first()
        if found is None or not _may_end(found, by):
            return None
        if found.ended_at is None and found.ends > now:
            found.ended_at = now
            found.save(update_fields=["ended_at"])
            audit.record("ended-proxy", by=by, now=now, subject=found.person_id, about=(found, ""))
    return found


def _may_end(proxy: Proxy, by: Actor) -> bool:
    if by.person is not None and by.person in (proxy.person_id, proxy.holder_id):
        return True
    if by.organisation is None or by.user is None:
        return False
    return people.known_here(proxy.person_id, by=by) is not None


def one_of(proxy: uuid.UUID, *, by: Actor, now: datetime) -> Proxy | None:
    """Return one that runs and that the actor takes part in; their desk's have a page of their own."""
    mine = Q(person_id=by.person) | Q(holder_id=by.person)
    if by.person is None:
        return None
    return _running(now).filter(mine, id=proxy).first()


def held_by(by: Actor, *, now: datetime) -> list[Proxy]:
    """Return for whom the actor may act now; one that ended is simply not there."""
    return list(_running(now).filter(holder_id=by.person)) if by.person else []


def recorded_for(person: uuid.UUID, *, now: datetime) -> tuple[list[Proxy], list[Proxy]]:
    """Return who may act for a person now, and who could before."""
    running = _running(now).filter(person_id=person)
    before = Proxy.objects.filter(person_id=person).exclude(id__in=running.values("id"))
    past = before.select_related("holder").order_by("-begins")[:_PAST]
    return list(running), list(past)


def read_for(*, now: datetime) -> QuerySet[Person]:
    """Return those for whom somebody who may act for them now has an account."""
    holders = Person.objects.filter(user__is_active=True).values("id")
    return Person.objects.filter(
        id__in=_running(now).filter(holder__in=holders).values("person_id")
    )


def _running(now: datetime) -> QuerySet[Proxy]:
    current = Proxy.objects.filter(begins__lte=now, ends__gt=now, ended_at=None)
    return current.select_related("person", "holder").order_by("begins")
