"""What runs behind the pages, for whoever looks after it: what waits, what failed, and once more.

Names of events and kinds of faults only; what an event carries is nobody's to read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from django_tasks_db.models import DBTaskResult, get_date_max

from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.models import OutboxEvent
from huxin.packs.reader import Words

__all__ = ["EVENT_WORDS", "Behind", "overview", "put_back", "try_again"]

_MOST: Final = 50
_MOST_TURNS: Final = 10

EVENT_WORDS: Final[Mapping[str, Words]] = {
    "card-issued": Words("签发了卡", "A card was issued"),
    "card-revoked": Words("撤回了卡", "A card was withdrawn"),
    "notice-published": Words("发布了公告", "A notice was published"),
    "notice-withdrawn": Words("撤下了公告", "A notice was withdrawn"),
    "record-corrected": Words("更正了看诊结果", "A visit's record was corrected"),
    "rule-published": Words("公布了规则", "A rule was published"),
    "visit-recorded": Words("写下了看诊结果", "A visit was recorded"),
}


@dataclass(frozen=True, slots=True)
class Event:
    """An event that did not arrive: what it is called, since when, how often it was tried, the fault."""

    name: Words
    at: datetime
    attempts: int
    fault: str


@dataclass(frozen=True, slots=True)
class Behind:
    """How much waits, and what failed; `failed` lists the oldest of `events_failed`."""

    events_waiting: int
    events_failed: int
    jobs_waiting: int
    jobs_failed: int
    failed: tuple[Event, ...]

    @property
    def anything_failed(self) -> bool:
        """Tell whether there is something to try again."""
        return bool(self.events_failed or self.jobs_failed)


def overview() -> Behind:
    """Return what waits and what failed."""
    waiting = OutboxEvent.objects.filter(delivered_at=None)
    failed = waiting.filter(attempts__gt=0)
    return Behind(
        events_waiting=waiting.count(),
        events_failed=failed.count(),
        jobs_waiting=DBTaskResult.objects.ready().count(),
        jobs_failed=DBTaskResult.objects.failed().count(),
        failed=tuple(
            Event(EVENT_WORDS.get(one.name, Words(one.name, one.name)), one.at, one.attempts, one.fault)
            for one in failed.order_by("id")[:_MOST]
        ),
    )  # fmt: skip


def put_back() -> int:
    """Have jobs done again that a worker began and never ended; returns how many they are.

    Only whoever knows that no worker is at them may ask for it.  A node that is switched off
    ends a long job with its worker, too; one that was begun ten times ends them by itself: it has failed, so
    that it does not do so for ever, and the operator is told.
    """
    with transaction.atomic():
        begun = list(DBTaskResult.objects.running().select_for_update())
        for job in begun:
            if len(job.worker_ids) < _MOST_TURNS:
                job.status, job.started_at, job.run_after = "READY", None, get_date_max()
                job.save(update_fields=["status", "started_at", "run_after"])
            else:
                job.set_failed(RuntimeError("whoever did this job ended with it"))
    return len(begun)


def try_again(*, by: Actor, now: datetime) -> int:
    """Have all that failed be tried once more, from the beginning; returns how much it is."""
    with transaction.atomic():
        events = OutboxEvent.objects.filter(delivered_at=None, attempts__gt=0).update(
            attempts=0, fault=""
        )
        jobs = list(DBTaskResult.objects.failed().select_for_update())
        for job in jobs:
            job.task.enqueue(*job.args_kwargs["args"], **job.args_kwargs["kwargs"])
            job.delete()
        if events:
            outbox.deliver_outbox.enqueue()
        if events or jobs:
            detail = {"events": events, "jobs": len(jobs)}
            audit.record("retried-jobs", by=by, now=now, detail=detail)
    return events + len(jobs)
