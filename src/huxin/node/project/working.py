"""The worker behind the pages: it does the jobs, sees that they are asked for, and outlasts the database's faults.

    (1) what a worker began and never ended is done again
    (2) what comes again is asked for, and so is what waits to be delivered
    (3) all that waits is done; then a short rest, and so on

(1) and (2) come first at the start and after a fault of the database, and every few minutes besides: a job whose
first step failed, the asking for its next turn, would otherwise never come again.

- (1) only where this is the folder's one worker.  It is while it holds the folder's lock, which the system takes
  from it however it ends;
- whatever is done again must not mind: an event that was delivered is not delivered twice.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.db import InterfaceError, OperationalError, connections
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from huxin.node.base import clearing, outbox
from huxin.node.base.jobs import put_back
from huxin.node.trust import jobs
from huxin.node.trust.actions import fetch_status, publish_status

__all__ = ["run"]

_REST: Final = 0.3
_EVERY: Final = 240.0
_PAUSES: Final = (1.0, 2.0, 5.0, 10.0, 30.0)
_LOG: Final = logging.getLogger("huxin.work")


def run(folder: Path, *, once: bool) -> None:
    """Do jobs until told to stop; `once` does what waits and returns, and raises what the database says."""
    worker = _worker()
    worker.configure_signals()
    with _Place(folder).held() as place:
        _see_to_it(place, again=True)
        if once:
            worker.run()
            return
        _go_on(worker, place)


def _go_on(worker: Worker, place: _Place) -> None:
    seen, faults = time.monotonic(), 0
    while worker.running:
        try:
            if faults or time.monotonic() - seen > _EVERY:
                _see_to_it(place, again=bool(faults))
                seen = time.monotonic()
            worker.run()
        except (OperationalError, InterfaceError):
            _LOG.warning("the database does not answer; the jobs wait", exc_info=True)
            connections.close_all()
            time.sleep(_PAUSES[min(faults, len(_PAUSES) - 1)])
            faults += 1
        else:
            faults = 0
            time.sleep(_REST)


def _see_to_it(place: _Place, *, again: bool) -> None:
    """See that what should be done is asked for; with `again`, also events that could not be delivered before."""
    if place.is_ours():
        put_back()
    clearing.ensure()
    publish_status.ensure()
    fetch_status.ensure()
    jobs.ensure()
    outbox.ensure(again=again)


def _worker() -> Worker:
    for name in ("django_tasks", "django_tasks_db"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # The command around it would not come back to us between two jobs, nor tell that it was stopped.
    return Worker(
        queue_names=["default"],
        excluded_queue_names=[],
        interval=_REST,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
    )


class _Place:
    """The folder, and whether this worker is the only one of it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: int | None = None

    @contextlib.contextmanager
    def held(self) -> Iterator[_Place]:
        """Give the folder back at the end."""
        try:
            yield self
        finally:
            if self._lock is not None:
                os.close(self._lock)

    def is_ours(self) -> bool:
        """Tell whether no other worker is there; asked again, since another may have ended meanwhile."""
        if self._lock is None:
            # The folder itself: a file in it may be replaced, and its lock with it.
            found = os.open(self._folder, os.O_RDONLY)
            try:
                fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(found)
                return False
            self._lock = found
        return True
