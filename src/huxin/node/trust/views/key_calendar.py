"""The picture of when keys end, for the shared list and for any list that is looked at."""

from __future__ import annotations

from collections.abc import Sequence

from huxin.node.base.charts import DailyCounts, Series
from huxin.node.base.words import says

__all__ = ["key_calendar"]


def key_calendar(title: str, months: Sequence[tuple[str, int]]) -> DailyCounts:
    """Draw how many keys end in each month; there is one month at least."""
    return DailyCounts(
        id="calendar",
        title=title,
        description=says(
            "从 {first} 到 {last}，每月到期的密钥数。下面的表说同样的事。",
            "From {first} to {last}: how many keys end in each month. The table below says the same.",
            first=months[0][0],
            last=months[-1][0],
        ),
        labels=tuple(month for month, _ in months),
        series=(Series(says("到期", "End"), tuple(float(count) for _, count in months)),),
        unit=says("月份", "Month"),
    )
