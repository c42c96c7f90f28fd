"""What is cleared on a clock, so that nothing stays for ever that nobody needs: once a day, by `huxin node work`.

    results of jobs that succeeded    7 days          forms kept half-way    1 day
    results of jobs that failed      90 days          slips used or ended   30 days
    events that were delivered       30 days          sessions              when they end

The table is also in docs/how-to/run-a-node.md; a test compares the two.  The audit trail is not cleared
here, and neither is anything else that a person or a clerk wrote: appeals go 90 days after their decision.

- the job asks for the next day's before it begins, so that a fault of one night is made good by the next;
- deleted in small transactions: no page waits for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from huxin.adapters import clock
from huxin.node.base import audit, recurring
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import Draft, OutboxEvent, ResetSlip
from huxin.packs.reader import Words

__all__ = ["Clock", "add", "clear", "clear_daily", "clocks", "ensure", "overdue"]

_BATCH: Final = 500
_AT: Final = time(3, 30)  # the region's quiet hour
_LATE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Clock:
    """One thing that is cleared: what it is, how long it stays, and which rows are past an instant.

    `past` is asked with the instant before which a row's time is over.
    """

    name: str
    words: Words
    days: int
    past: Callable[[datetime], QuerySet[Any]]

    def rows(self, now: datetime) -> QuerySet[Any]:
        """Return the rows whose time is over."""
        return self.past(now - timedelta(days=self.days))


def _user_sessions(before: datetime) -> QuerySet[Any]:
    # The library's list of where one is signed in outlives the sessions themselves.
    living = Session.objects.values("session_key")
    gone: QuerySet[Any] = UserSession.objects.filter(last_seen_at__lt=before)
    return gone.exclude(session_key__in=living)


_clocks: Final[list[Clock]] = [
    Clock("job-results", Words("做成的任务", "Jobs that succeeded"), 7,
          lambda before: DBTaskResult.objects.successful().filter(finished_at__lt=before)),
    Clock("failed-jobs", Words("没做成的任务", "Jobs that failed"), 90,
          lambda before: DBTaskResult.objects.failed().filter(finished_at__lt=before)),
    Clock("events", Words("送到的事件", "Events that were delivered"), 30,
          lambda before: OutboxEvent.objects.filter(delivered_at__lt=before)),
    Clock("sessions", Words("结束的登录", "Sessions that ended"), 0,
          lambda before: Session.objects.filter(expire_date__lt=before)),
    Clock("session-list", Words("结束的登录的清单", "The list of ended sessions"), 1, _user_sessions),
    Clock("drafts", Words("没填完的表", "Forms kept half-way"), 1,
          lambda before: Draft.objects.filter(saved_at__lt=before)),
    Clock("reset-slips", Words("用过或到期的重设单", "Reset slips used or ended"), 30,
          lambda before: ResetSlip.objects.filter(Q(ends__lt=before) | Q(used_at__lt=before))),
]  # fmt: skip


def add(one: Clock) -> None:
    """Have rows of another part cleared too; called once, at start."""
    if one.name not in {other.name for other in _clocks}:
        _clocks.append(one)


def clocks() -> tuple[Clock, ...]:
    """Return all that is cleared."""
    return tuple(_clocks)


def clear(*, now: datetime) -> dict[str, int]:
    """Clear what is past its time; returns how many rows of each."""
    done = {one.name: _delete(one.rows(now)) for one in _clocks}
    found = {name: count for name, count in done.items() if count}
    if found:
        audit.record("cleared", by=NOBODY, now=now, detail=found)
    return found


def _delete(rows: QuerySet[Any]) -> int:
    count = 0
    while keys := list(rows.order_by().values_list("pk", flat=True)[:_BATCH]):
        with transaction.atomic():
            QuerySet(rows.model).filter(pk__in=keys).delete()
        count += len(keys)
    return count


@task()
def clear_daily() -> dict[str, int]:
    """Clear (a job), and ask for tomorrow's; seal what a long transaction left unsealed, too."""
    now = clock.now()
    recurring.ask(clear_daily, _tomorrow(now) - now)
    while audit.seal(everything=True):
        pass
    return clear(now=now)


def ensure() -> None:
    """Ask for the job, if none is asked for; whoever starts the worker calls this."""
    recurring.ensure(clear_daily, recurring.DAILY)


def _tomorrow(now: datetime) -> datetime:
    local = now.astimezone(settings.HUXIN.time_zone)
    return datetime.combine(local.date() + timedelta(days=1), _AT, settings.HUXIN.time_zone)


def overdue(*, now: datetime) -> int:
    """Return how many rows should have been cleared two days ago: nobody does the jobs."""
    return sum(one.rows(now - _LATE).count() for one in _clocks)
