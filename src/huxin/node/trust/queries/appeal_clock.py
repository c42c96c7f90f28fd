"""Appeals whose time is over, for the clock that clears them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max, Q, QuerySet

from huxin.node.base.clearing import Clock
from huxin.node.trust.models import Appeal
from huxin.packs.reader import Words
from huxin.trust.appeals import KEPT_DAYS

__all__ = ["appeals"]


def appeals() -> Clock:
    """Return the clock of appeals: so many days after the last decision.  One that waits stays."""
    return Clock("appeals", Words("有了决定的申诉", "Appeals that were decided"), KEPT_DAYS, _past)


def _past(before: datetime) -> QuerySet[Appeal]:
    waiting = Q(hearings__decided_at=None)
    ended = Appeal.objects.annotate(ended=Max("hearings__decided_at")).filter(ended__lt=before)
    return ended.exclude(id__in=Appeal.objects.filter(waiting).values("id"))
