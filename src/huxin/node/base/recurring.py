"""Jobs that come again: each asks for its next turn, and never are two turns of one asked for.

- a turn that is further off than a job ever waits was asked for by a clock that was ahead.  It does not count, and
  goes when the job is asked for: else the job would rest until that day, with nobody told.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult, get_date_max

__all__ = ["DAILY", "ask", "ensure", "far_off"]

DAILY: Final = timedelta(hours=25)  # the longest wait: a day on which clocks are put back
_SLACK: Final = timedelta(minutes=10)


def ask(job: Task[Any, Any], wait: timedelta) -> None:
    """Ask for a job's next turn after `wait`; does nothing where one is asked for already."""
    _ask(job, wait, within=wait)


def ensure(job: Task[Any, Any], every: timedelta) -> None:
    """Ask for a job at once, unless a turn of it is asked for that begins within `every`."""
    _ask(job, None, within=every)


def _ask(job: Task[Any, Any], wait: timedelta | None, *, within: timedelta) -> None:
    now = _now()
    waiting = DBTaskResult.objects.filter(status="READY", task_path=job.module_path)
    with transaction.atomic():
        _after(waiting, now + within + _SLACK).delete()
        if not waiting.exists():
            (job.using(run_after=now + wait) if wait else job).enqueue()


def far_off() -> int:
    """Return how many turns are asked for so far ahead that only a clock which was ahead can have done it."""
    ready = DBTaskResult.objects.filter(status="READY")
    return _after(ready, _now() + DAILY + _SLACK).count()


def _after(turns: QuerySet[Any], instant: datetime) -> QuerySet[Any]:
    # A job that is to be done at once has the library's last instant for its own.
    return turns.filter(run_after__gt=instant).exclude(run_after=get_date_max())


def _now() -> datetime:
    # The library that runs the jobs goes by the clock on the wall.  Where ours was moved, an instant
    # of ours may be long past there, and a job that asks for the next one would never rest.
    return timezone.now()  # noqa: TID251
