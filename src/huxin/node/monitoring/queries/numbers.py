"""Counts a day, as they may be told to whoever asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from huxin.monitoring.disclosure import Told, exact, suppressed
from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.monitoring.models import DailyCount

__all__ = ["Day", "last_days", "sees_exact"]


@dataclass(frozen=True, slots=True)
class Day:
    """One day: how many were recorded at visits, how many cards were issued."""

    day: date
    recorded: Told
    issued: Told


def sees_exact(by: Actor) -> bool:
    """Tell whether somebody is told small counts as they are."""
    return by.may(Permission.SEE_NUMBERS)


def last_days(days: int, *, until: date, by: Actor) -> list[Day]:
    """Return the last `days` days, `until` included; small counts only to those who may see them.

    All packs together and no total: there is nothing to subtract a small count from.
    """
    begin = until - timedelta(days=days - 1)
    rows = DailyCount.objects.filter(day__gte=begin, day__lte=until).values_list("day", "kind")
    sums = {(day, kind): total for day, kind, total in rows.annotate(total=Sum("value"))}
    told: Callable[[int], Told] = exact if sees_exact(by) else suppressed
    return [
        Day(day, told(sums.get((day, "recorded"), 0)), told(sums.get((day, "issued"), 0)))
        for day in (begin + timedelta(days=ahead) for ahead in range(days))
    ]
