"""Reading what was left for a person by `people.tell`: which notices, and that they were read.

- a person's notices are theirs; whoever acts for them reads them too, which leaves an entry;
- who else may act for a person is told to nobody but that person (`PRIVATE_KINDS`), not even as a number;
- whoever acts for somebody with an account of their own reads without marking: it stays new for them;
- new ones that one can mark stand first, so that they are found however many were read;
- what is kept from whoever acts for somebody is neither told to them nor counted;
- that one has read one's own is written in no trail.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Case, Q, QuerySet, When

from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.kept_back import people_with_secrets
from huxin.node.base.models import AuditEntry, Message, User
from huxin.packs import reader

__all__ = ["PRIVATE_KINDS", "inbox", "mark_read", "markable", "note_looks", "unread"]

PRIVATE_KINDS: Final = ("proxy-recorded",)
_ONCE: Final = timedelta(minutes=10)


def inbox(*, by: Actor, now: datetime) -> QuerySet[Message]:
    """Return notices to the actor and to whom they act for, those to be marked first, then newest first.

    Whoever shows some of them records that (`note_looks`).
    """
    theirs = [*by.represents, *([by.person] if by.person else [])]
    told = _told(by, now).filter(person__in=theirs).select_related("person")
    fresh = Case(When(person__in=markable(by), read_at=None, then=0), default=1)
    return told.order_by(fresh, "-at", "-id")


def _told(by: Actor, now: datetime) -> QuerySet[Message]:
    """Return the notices of which an actor may know at all."""
    hidden = ~Q(person_id=by.person) & Q(kind__in=PRIVATE_KINDS)
    for key, (_, kept) in people_with_secrets(by, now=now).items():
        about = Q(pack__in=kept.packs)
        if kept.missing:
            about |= ~Q(pack__in=["", *reader.pack_ids()])
        hidden |= Q(person_id=key) & about
    return Message.objects.exclude(hidden)


def note_looks(found: Iterable[Message], *, by: Actor, now: datetime) -> None:
    """Record whose notices, but for one's own, were shown; once in ten minutes."""
    people = {one.person_id for one in found} - {by.person}
    looks = AuditEntry.objects.filter(actor=by.user, action="opened-messages", at__gt=now - _ONCE)
    seen = set(looks.values_list("subject", flat=True))
    for person in people:
        if person not in seen:
            audit.record("opened-messages", by=by, now=now, subject=person, about=(None, "help"))


def markable(by: Actor) -> set[uuid.UUID]:
    """Return the people whose notices an actor marks as read: their own, and of whom has no account."""
    others = set(by.represents)
    with_account = User.objects.filter(person__in=others).values_list("person_id", flat=True)
    return (others - set(with_account)) | ({by.person} if by.person else set())


def unread(by: Actor, *, now: datetime) -> int:
    """Return how many of the notices that an actor could mark are new."""
    return _told(by, now).filter(person__in=markable(by), read_at=None).count()


def mark_read(messages: Collection[uuid.UUID], *, by: Actor, now: datetime) -> int:
    """Mark notices as read; those of others stay as they are.  Returns how many were new."""
    with transaction.atomic():
        theirs = _told(by, now).filter(person__in=markable(by), id__in=messages)
        return theirs.filter(read_at=None).update(read_at=now)
