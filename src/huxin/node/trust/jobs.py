"""What runs behind the pages: the shared list is taken from the place that this node follows, again and again.

- the job asks for its next run before it begins, so that one fault costs one turn;
- a list that could not be had is no fault of this node: what became of it is the job's result, and is shown to
  delegates; the list that is held stays and says how old it is.
"""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from huxin.adapters import clock
from huxin.kernel.errors import RefusalError
from huxin.node.base import recurring
from huxin.node.base.actor import NOBODY
from huxin.node.trust.actions import follow

__all__ = ["ensure", "follow_list"]


@task()
def follow_list() -> str:
    """Take the list (a job), and ask for the next time; return `taken`, `same` or the code of the refusal."""
    recurring.ask(follow_list, timedelta(seconds=settings.HUXIN.follows_every))
    _forget_earlier()
    try:
        found = follow.follow(by=NOBODY, now=clock.now())
    except RefusalError as error:
        return error.refusal.code
    return "taken" if found is not None and found.new else "same"


def ensure() -> None:
    """Ask for the job where this node follows a place and none is asked for; whoever starts the worker calls this."""
    if settings.HUXIN.follows:
        recurring.ensure(follow_list, timedelta(seconds=settings.HUXIN.follows_every))


def _forget_earlier() -> None:
    """Keep the last result of all that are finished: of what comes every few minutes, only that is of use."""
    finished = DBTaskResult.objects.finished().filter(task_path=follow_list.module_path)
    last = finished.order_by("-finished_at").first()
    if last is not None:
        finished.exclude(pk=last.pk).delete()
