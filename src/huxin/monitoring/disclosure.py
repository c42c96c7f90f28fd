"""What of a count may be published: a small one is told as a range, so that it points at nobody.

Responsible for one table of counts without totals.  Leaves noise, and tables whose sums would
give the small ones away, to the rooms that come later.

- nothing is said of one to four; none is told as none;
- a published table carries no total but the sum of what was told, or a reader could subtract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["SMALLEST", "Told", "added", "exact", "suppressed"]

SMALLEST: Final = 5


@dataclass(frozen=True, slots=True)
class Told:
    """A count as it is told: all that is known is that it lies between `low` and `high`."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if not 0 <= self.low <= self.high:
            raise ValueError("a range of counts")

    @property
    def text(self) -> str:
        """The count, or its range."""
        return str(self.low) if self.low == self.high else f"{self.low}–{self.high}"

    @property
    def middle(self) -> float:
        """Where a drawing puts it: the same place for all that is told alike."""
        return (self.low + self.high) / 2


def exact(count: int) -> Told:
    """Tell a count as it is: inside the region, to those who may."""
    return Told(count, count)


def added(*parts: Told) -> Told:
    """Tell a total: the sum of what was told, which says nothing more."""
    return Told(sum(one.low for one in parts), sum(one.high for one in parts))


def suppressed(count: int) -> Told:
    """Tell a count to everybody."""
    return Told(1, SMALLEST - 1) if 0 < count < SMALLEST else exact(count)
