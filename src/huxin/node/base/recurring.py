"""Jobs that come again: each asks for its next turn, and never are two turns of one asked for."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

__all__ = ["ask"]


def ask(job: Task[Any, Any], wait: timedelta | None) -> None:
    """Ask for a job's next turn after `wait`, or at once; does nothing where one is asked for already."""
    waiting = DBTaskResult.objects.filter(status="READY", task_path=job.module_path)
    if not waiting.exists():
        # The library that runs the jobs goes by the clock on the wall.  Where ours was moved, an instant
        # of ours may be long past there, and a job that asks for the next one would never rest.
        later = job.using(run_after=timezone.now() + wait) if wait else job  # noqa: TID251
        later.enqueue()
