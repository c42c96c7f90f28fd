"""The last day of a card, as its paper has it, and the instant that its signature ends with.

Our own cards end at noon in UTC of the day after, so that the printed day is whole wherever it is read.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

__all__ = ["end_of", "printed_day", "whole_day_before"]

_WESTMOST: Final = timedelta(hours=12)  # how far behind UTC the last clocks are
_DAY: Final = timedelta(days=1)


def end_of(day: date) -> datetime:
    """Return when a day has ended wherever it ends last; OverflowError for the last of the calendar."""
    return datetime.combine(day + _DAY, time(), UTC) + _WESTMOST


def whole_day_before(end: datetime) -> date:
    """Return the last day that is over everywhere by an instant; turns `end_of` round."""
    return (end.astimezone(UTC) - _WESTMOST).date() - _DAY


def printed_day(end: datetime) -> date | None:
    """Return the day printed on a card of ours that ends at an instant; None for whatever ends otherwise."""
    return whole_day_before(end) if end.astimezone(UTC).time() == time(12) else None
