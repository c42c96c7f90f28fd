"""How many appeals were made and how they went, by purpose: counts for everybody, small ones as ranges.

- the counts that exclude each other (late, waiting, upheld, refused) are told first; what they add up to is
  told as the sum of what was told, so that nothing can be subtracted;
- the last ninety days by receipt, as long as an appeal is kept; both turns of one count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from huxin.monitoring.disclosure import Told, added, suppressed
from huxin.node.trust.models import Hearing
from huxin.node.trust.queries.appeals import GENUINE, purpose_words, purposes
from huxin.packs.reader import Words
from huxin.trust.appeals import KEPT_DAYS, UPHELD, median_hours

__all__ = ["DAYS", "Counted", "counted"]

DAYS: Final = KEPT_DAYS


@dataclass(frozen=True, slots=True)
class Counted:
    """The numbers of one purpose."""

    purpose: Words
    late: Told
    waiting: Told
    upheld: Told
    refused: Told
    median: int | None

    @property
    def open(self) -> Told:
        """All that wait, in time or not."""
        return added(self.late, self.waiting)

    @property
    def decided(self) -> Told:
        """All that were decided."""
        return added(self.upheld, self.refused)

    @property
    def received(self) -> Told:
        """All."""
        return added(self.open, self.decided)


def counted(*, now: datetime) -> list[Counted]:
    """Return the numbers of each purpose that something is published for, or was appealed about."""
    since = Hearing.objects.filter(made_at__gte=now - timedelta(days=DAYS))
    found: dict[str, list[_Row]] = {
        "" if purpose == GENUINE else purpose: [] for purpose in purposes()
    }
    for purpose, *row in since.order_by("appeal__purpose").values_list("appeal__purpose", *_READ):
        found.setdefault(purpose, []).append(_Row(*row))
    return [_counted(purpose, rows, now) for purpose, rows in found.items()]


_READ: Final = ("made_at", "due_at", "decision", "decided_at")


class _Row(NamedTuple):
    """What is read of a hearing: nothing of what was said."""

    made_at: datetime
    due_at: datetime
    decision: str
    decided_at: datetime | None


def _counted(purpose: str, rows: list[_Row], now: datetime) -> Counted:
    waiting = [one for one in rows if one.decided_at is None]
    decided = [(one, one.decided_at) for one in rows if one.decided_at is not None]
    late = sum(one.due_at < now for one in waiting)
    upheld = sum(one.decision in UPHELD for one, _ in decided)
    return Counted(
        purpose_words(purpose),
        suppressed(late),
        suppressed(len(waiting) - late),
        suppressed(upheld),
        suppressed(len(decided) - upheld),
        median_hours([at - one.made_at for one, at in decided]),
    )
