"""Where things fall on the two small rulers: how long a wait may be, how old the trust list is.

Places are shares of the whole, in percent; the drawing has no scale of its own, so that words keep
the size of the page.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any, Final

from huxin.node.base.words import says

__all__ = ["freshness", "wait"]

# The list is fresh for 48 hours, old after 14 days, refused after 30; the ruler ends a little later.
_LIMITS: Final = (48, 14 * 24, 30 * 24)
_END: Final = 800
_PARTS: Final = ("fresh", "stale", "old", "refuse")
_GAP: Final = 0.3


def _percent(share: float) -> str:
    return f"{min(max(share, 0), 1) * 100:.1f}%"


def wait(low: float, likely: float, high: float, *, end: int) -> dict[str, Any]:
    """Return the marks of a wait between `low` and `high` minutes on a ruler that ends at `end`."""
    width = _percent(min(high / end, 1) - min(low / end, 1))
    return {
        "low": low,
        "likely": likely,
        "high": high,
        "share": [_percent(minutes / end) for minutes in (low, likely, high)],
        "width": width,
        "ticks": [end * third // 3 for third in (1, 2, 3)],
    }


def _place(hours: float) -> float:
    """Return the square-root share: days near now matter more than days long past."""
    return math.sqrt(min(max(hours, 0), _END) / _END) * 100


def freshness(hours: float) -> dict[str, Any]:
    """Return the marks of a list that is `hours` old, and its age in words."""
    days = round(hours / 24)
    age = says("{n} 天前", "{n} days ago", n=days)
    if hours < 72:
        age = says("{n} 小时前", "{n} hours ago", n=round(hours))
    edges = [0.0, *map(_place, _LIMITS), 100.0]
    parts = [
        (name, f"{start + _GAP / 2:.2f}%", f"{end - start - _GAP:.2f}%")
        for name, (start, end) in zip(_PARTS, pairwise(edges), strict=True)
    ]
    return {"at": f"{_place(hours):.1f}%", "age": age, "parts": parts, "state": _state(hours)}


def _state(hours: float) -> str:
    fresh, old, refused = _LIMITS
    if hours <= fresh:
        return says("新鲜", "fresh")
    if hours <= old:
        return says("该更新了", "due for an update")
    return (
        says("旧了", "old") if hours <= refused else says("太旧，不再判断", "too old to judge by")
    )
