"""Who looked at a person's data: their own part of the audit trail, in words.

- a person reads all that the trail holds of them; whoever acts for them reads it too, but for what
  is kept from them, and leaves an entry, once in ten minutes;
- staff are named by role and organisation, never by name; who may act for the person is named to
  the person, who knows them; whoever else may act for them finds nothing of it, not even that they are;
- what the person did themselves stands apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from huxin.node.base import audit
from huxin.node.base.accounts import STAFF
from huxin.node.base.actor import Actor
from huxin.node.base.models import AuditEntry, Organisation, Person, Proxy, User
from huxin.node.base.permissions import PURPOSES, ROLE_WORDS, Role
from huxin.node.clinic.queries import secrets as visits
from huxin.node.home.audit_words import PRIVATE, action_words
from huxin.node.trust.queries import named as cards
from huxin.packs.reader import Words

__all__ = ["Line", "Log", "access_log", "lines"]

_ONCE: Final = timedelta(minutes=10)
_NOBODY: Final = Words("没有登录的人", "Somebody not signed in")
_YOU: Final = Words("您自己", "You")
_THEM: Final = Words("本人", "The person")
_STAFF: Final = Words("工作人员", "Staff")
_OTHER: Final = Words("另一位居民", "Another resident")
_PROXIES: Final = {
    "guardian": Words("监护人", "Guardian"),
    "helper": Words("代办人", "Helper"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One entry: when, who (a role and an organisation, or `name` of a helper), what, why."""

    at: datetime
    who: Words
    did: Words
    name: str = ""
    about: Words | None = None
    why: Words | None = None


@dataclass(frozen=True, slots=True)
class Log:
    """A person's trail, newest first: what others did, and what whoever reads it did."""

    person: Person
    own: bool
    others: QuerySet[AuditEntry]
    mine: QuerySet[AuditEntry]


def access_log(person: uuid.UUID | None, *, by: Actor, now: datetime) -> Log | None:
    """Return a person's trail, if it is the actor's to read; a look at another's is recorded."""
    if person is None or not by.owns(person):
        return None
    found = Person.objects.get(id=person)
    own = found.id == by.person
    entries = AuditEntry.objects.filter(subject=found.id).order_by("-at", "-id")
    if not own:
        hidden = [
            *cards.kept_back_objects(found.id, by=by, now=now),
            *visits.kept_back_objects(found.id, by=by, now=now),
        ]
        entries = entries.exclude(action__in=PRIVATE).exclude(object__in=hidden)
        entries = entries.exclude(actor__in=_other_holders(found, by), organisation=None)
        _note_look(found.id, by, now)
    mine = Q(actor=by.user)
    # An entry of nobody has no actor, which a plain `exclude` would leave out.
    return Log(found, own, entries.filter(~mine | Q(actor=None)), entries.filter(mine))


def _other_holders(person: Person, by: Actor) -> QuerySet[User, Any]:
    """Return the accounts of who else may act for somebody, or could: an ended one is told to nobody either."""
    holders = Proxy.objects.filter(person=person).exclude(holder_id=by.person).values("holder_id")
    return User.objects.filter(person_id__in=holders).values("id")


def _note_look(person: uuid.UUID, by: Actor, now: datetime) -> None:
    looks = AuditEntry.objects.filter(subject=person, actor=by.user, action="opened-access-log")
    if not looks.filter(at__gt=now - _ONCE).exists():
        audit.record("opened-access-log", by=by, now=now, subject=person, about=(None, "help"))


def lines(log: Log, entries: Iterable[AuditEntry], *, by: Actor) -> list[Line]:
    """Return entries of a log in words."""
    rows = list(entries)
    who = _Who(log, rows, by)
    named = cards.names_of(one.object for one in rows)
    return [
        Line(
            at=one.at,
            who=who.words(one),
            did=action_words(one.action, one.detail),
            name=who.name(one),
            about=named.get(one.object),
            why=PURPOSES.get(one.purpose),
        )
        for one in rows
    ]


class _Who:
    """Tells who wrote each of some entries; asks the tables once for all of them."""

    def __init__(self, log: Log, rows: Sequence[AuditEntry], by: Actor) -> None:
        self._log, self._by = log, by
        users = User.objects.filter(id__in={one.actor for one in rows if one.actor})
        self._users = {one.id: one for one in users.prefetch_related("grants")}
        places = {one.organisation for one in rows if one.organisation}
        self._places = Organisation.objects.in_bulk(places)
        proxies = Proxy.objects.filter(person=log.person).select_related("holder")
        self._holders = {one.holder_id: one for one in proxies.order_by("begins")}

    def words(self, entry: AuditEntry) -> Words:
        if entry.actor is None:
            return _NOBODY
        if entry.actor == self._by.user:
            return _YOU
        user = self._users.get(entry.actor)
        if entry.organisation is not None:
            return self._staff(user, self._places.get(entry.organisation))
        if user is not None and user.person_id == self._log.person.id:
            return _THEM
        proxy = self._proxy(entry)
        return _PROXIES[proxy.kind] if proxy else _OTHER

    def name(self, entry: AuditEntry) -> str:
        proxy = self._proxy(entry)
        return "" if proxy is None or entry.actor == self._by.user else proxy.holder.shown

    def _proxy(self, entry: AuditEntry) -> Proxy | None:
        user = self._users.get(entry.actor) if entry.actor else None
        if user is None or user.person_id is None or entry.organisation is not None:
            return None
        return self._holders.get(user.person_id)

    def _staff(self, user: User | None, place: Organisation | None) -> Words:
        held = sorted({one.role for one in user.grants.all()}) if user else []
        roles = [ROLE_WORDS[Role(one)] for one in held if Role(one) in STAFF]
        job = Words(
            "、".join(one.zh for one in roles) or _STAFF.zh,
            ", ".join(one.en for one in roles) or _STAFF.en,
        )
        if place is None:
            return job
        return Words(f"{place.name_zh}的{job.zh}", f"{job.en}, {place.name_en}")
