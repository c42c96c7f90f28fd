"""How many cards were issued and withdrawn, by day and reason: counts for everybody, small ones as ranges.

One to four are told as such, as with appeals, and the total of a day is the sum of what was told, so that
nothing can be subtracted.  That hides how many there were, not which reasons a quiet day had.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, QuerySet
from django.db.models.functions import TruncDate

from huxin.monitoring.disclosure import Told, added, suppressed
from huxin.node.trust.models import REASONS, Card, Revocation

__all__ = ["DAYS", "DayCount", "daily_counts"]

DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class DayCount:
    """One day in the region's time: cards issued, and withdrawn by reason."""

    day: date
    issued: Told
    reasons: tuple[Told, ...]

    @property
    def withdrawn(self) -> Told:
        """All that was withdrawn on the day."""
        return added(*self.reasons)

    @property
    def by_reason(self) -> Mapping[str, Told]:
        """The counts under the words of the closed list of reasons."""
        return dict(zip(REASONS, self.reasons, strict=True))


def daily_counts(*, now: datetime) -> list[DayCount]:
    """Return the last `DAYS` days, newest first; a day without anything is there with zeros."""
    zone = settings.HUXIN.time_zone
    today = now.astimezone(zone).date()
    start = datetime.combine(today - timedelta(days=DAYS - 1), time(), zone)
    issued = dict(_by_day(Card.objects.filter(issued_at__gte=start), "issued_at"))
    found: dict[date, dict[str, int]] = {}
    withdrawn = Revocation.objects.filter(at__gte=start)
    rows = withdrawn.annotate(day=TruncDate("at", tzinfo=zone)).values_list("day", "reason")
    for day, reason, count in rows.annotate(count=Count("id")):
        found.setdefault(day, {})[reason] = count
    wanted = (today - timedelta(days=back) for back in range(DAYS))
    return [_told(day, issued.get(day, 0), found.get(day, {})) for day in wanted]


def _told(day: date, issued: int, by_reason: Mapping[str, int]) -> DayCount:
    reasons = tuple(suppressed(by_reason.get(reason, 0)) for reason in REASONS)
    return DayCount(day, suppressed(issued), reasons)


def _by_day(rows: QuerySet[Card], column: str) -> list[tuple[date, int]]:
    dated = rows.annotate(day=TruncDate(column, tzinfo=settings.HUXIN.time_zone))
    return list(dated.values_list("day").annotate(count=Count("id")))
