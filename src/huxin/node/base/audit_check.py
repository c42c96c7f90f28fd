"""Whether the trail holds, asked from a page: read in slices by a job, so that no page waits for a long log.

    ask()          writes that somebody asks, and reads the first slice at once: a short log is done
    go_on          the job: one slice, then asks for the next

- one check at a time: whoever asks while one is under way gets that one, and it is pushed on;
- each slice is a transaction of its own and begins where the last one ended;
- what was found stays, with who asked and when: the pages show the last one.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django_tasks import task

from huxin.adapters import clock
from huxin.node.base import audit
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.models import AuditCheck, AuditLink

__all__ = ["ask", "go_on", "last"]

_AT_ONCE: Final = 2_000  # links in a page's own time, about a fifth of a second
_SLICE: Final = 20_000
_SEALS: Final = 5_000
_STALE: Final = timedelta(days=1)


def last() -> AuditCheck | None:
    """Return the check that was asked for last."""
    return AuditCheck.objects.order_by("-asked_at", "-id").first()


def ask(*, by: Actor, now: datetime) -> AuditCheck:
    """Have the whole trail be read; returns the check, finished already where the trail is short."""
    with transaction.atomic():
        found = (
            AuditCheck.objects.select_for_update().filter(finished_at=None).order_by("id").last()
        )
        if found is None or found.asked_at < now - _STALE:
            audit.record("verified-audit", by=by, now=now)
            start = audit.first()
            found = AuditCheck.objects.create(
                asked_by=by.user,
                asked_at=now,
                total=AuditLink.objects.count(),
                number=start.number,
                link=start.link,
            )
    return _slice(found.id, _AT_ONCE, now)


@task()
def go_on(check: str) -> int:
    """Read one slice (a job), and ask for the next; returns how far it is."""
    return int(_slice(uuid.UUID(check), _SLICE, clock.now()).number)


def _slice(key: uuid.UUID, size: int, now: datetime) -> AuditCheck:
    bound = min(size, _SEALS)
    # What waits to be sealed belongs to what was asked about; a full batch says that more waits.
    more = audit.seal(limit=bound) == bound
    with transaction.atomic():
        found = AuditCheck.objects.select_for_update().get(id=key)
        if found.finished_at is not None:
            return found
        head = audit.read_head()
        read = audit.read_on(audit.Read(found.number, bytes(found.link)), limit=size)
        found.number, found.link = read.number, read.link
        found.total = max(found.total, found.number)
        if read.fault or (read.ended and not more):
            _finish(found, audit.finding(read, head), now)
        found.save()
    if found.finished_at is None:
        go_on.enqueue(str(found.id))
    return found


def _finish(found: AuditCheck, result: audit.Finding, now: datetime) -> None:
    found.finished_at, found.fault = now, result.fault
    detail = {"entries": result.sealed, "fault": result.fault}
    audit.record("checked-audit", by=NOBODY, now=now, about=(found, ""), detail=detail)
