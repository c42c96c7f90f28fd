"""Count what happened, once; take it back where it turned out not to have happened.

Called by flows only: what happened has its own entry in the audit trail, so that a count has none.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from django.db.models import F

from huxin.node.base.local_day import local_day
from huxin.node.monitoring.models import CountedEvent, DailyCount

__all__ = ["count", "take_back"]


def count(kind: str, pack: str, *, event: uuid.UUID, at: datetime) -> None:
    """Add one to the day of `at`, unless this event is counted already."""
    with transaction.atomic():
        _, new = CountedEvent.objects.get_or_create(event=event)
        if new:
            row, _ = DailyCount.objects.get_or_create(day=local_day(at), kind=kind, pack=pack)
            DailyCount.objects.filter(id=row.id).update(value=F("value") + 1)


def take_back(kind: str, pack: str, *, event: uuid.UUID, at: datetime) -> None:
    """Take one from the day of `at`, if this event is counted; counted again, it would be added again."""
    with transaction.atomic():
        gone, _ = CountedEvent.objects.filter(event=event).delete()
        if gone:
            day = DailyCount.objects.filter(day=local_day(at), kind=kind, pack=pack)
            day.update(value=F("value") - 1)
