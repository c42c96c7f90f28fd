"""The outbox: a part tells that something happened; whoever listens is told afterwards.

    outbox.emit("card-issued", {"card": …}, now=now)          in the transaction of the action
    outbox.listen("visit-recorded", issue_for_visit)          in node.home.flows, one line each

Delivered by a job, in order of writing, each event in a transaction of its own with all its
listeners.  A listener may be called twice after a crash and must not mind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django_tasks import task

from huxin.adapters import clock
from huxin.node.base import audit, recurring
from huxin.node.base.models import OutboxEvent

__all__ = [
    "Listener",
    "deliver",
    "deliver_outbox",
    "emit",
    "emit_all",
    "ensure",
    "listen",
    "overdue",
    "untried",
]

Listener = Callable[[OutboxEvent, datetime], None]

_MOST_ATTEMPTS: Final = 20
_LATE: Final = timedelta(minutes=10)
_AT_ONCE: Final = 500  # events in one job; the rest waits for the next
_listeners: Final[dict[str, list[Listener]]] = {}


def listen(name: str, listener: Listener) -> None:
    """Have `listener` told of every event called `name`."""
    heard = _listeners.setdefault(name, [])
    if listener not in heard:
        heard.append(listener)


def emit(name: str, payload: Mapping[str, Any], *, now: datetime) -> None:
    """Write an event into the running transaction, and ask for its delivery."""
    emit_all(name, [payload], now=now)


def emit_all(name: str, payloads: Iterable[Mapping[str, Any]], *, now: datetime) -> None:
    """Write an event for each payload, and ask for their delivery once."""
    events = [OutboxEvent(name=name, payload=dict(payload), at=now) for payload in payloads]
    if events:
        OutboxEvent.objects.bulk_create(events)
        deliver_outbox.enqueue()


@task()
def deliver_outbox() -> int:
    """Deliver all that waits (a job); then seal what it and the pages left in the audit trail."""
    delivered = deliver(now=clock.now())
    if delivered:
        ensure(again=False)  # more may wait than are delivered at once
    audit.seal()
    return delivered


def ensure(*, again: bool) -> None:
    """Ask for delivery where an event waits and it is not asked for; with `again`, also for what failed before."""
    most = _MOST_ATTEMPTS if again else 1
    if OutboxEvent.objects.filter(delivered_at=None, attempts__lt=most).exists():
        recurring.ensure(deliver_outbox, timedelta())


def deliver(*, now: datetime) -> int:
    """Deliver what waits; returns how many events were delivered.

    An event whose listener fails stays, with the kind of the fault; the others go on.
    """
    waiting = OutboxEvent.objects.filter(delivered_at=None, attempts__lt=_MOST_ATTEMPTS)
    done = 0
    for identifier in list(waiting.order_by("id").values_list("id", flat=True)[:_AT_ONCE]):
        done += _deliver_one(identifier, now)
    return done


def _deliver_one(identifier: Any, now: datetime) -> bool:
    try:
        with transaction.atomic():
            event = OutboxEvent.objects.select_for_update().get(id=identifier)
            if event.delivered_at is not None:
                return False
            for listener in _listeners.get(event.name, ()):
                listener(event, now)
            event.delivered_at = now
            event.save(update_fields=["delivered_at"])
    except Exception as error:  # noqa: BLE001  # the outermost loop: one bad event never stops the rest
        _note_fault(identifier, type(error).__name__)
        return False
    return True


def _note_fault(identifier: Any, kind: str) -> None:
    event = OutboxEvent.objects.get(id=identifier)
    event.attempts += 1
    event.fault = kind[:80]
    event.save(update_fields=["attempts", "fault"])


def overdue(*, now: datetime) -> int:
    """Return how many events have waited for longer than ten minutes."""
    return _late(now).count()


def untried(*, now: datetime) -> int:
    """Return how many of these nobody ever tried to deliver."""
    return _late(now).filter(attempts=0).count()


def _late(now: datetime) -> QuerySet[OutboxEvent]:
    return OutboxEvent.objects.filter(delivered_at=None, at__lt=now - _LATE)
