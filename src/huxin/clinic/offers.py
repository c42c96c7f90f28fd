"""Which times a clinic may offer: opening hours, the length of a visit, and what a day can hold.

Responsible for turning local opening hours into instants.  Leaves to others who has taken which.

- now and the zone are arguments; nothing in the past is offered;
- hours are those on the clinic's wall: a local time that the clock skips in spring is not
  offered, one that it shows twice in autumn is offered once;
- a visit ends before the clinic closes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["WORKDAYS", "Cell", "Opening", "cells_of", "nearest", "parse_hours"]

WORKDAYS: Final = frozenset(range(5))
_MINUTES: Final = range(5, 241)
_MOST_A_DAY: Final = 500
_NEAREST: Final = 3  # times offered in place of one that is gone
_CLOCK: Final = re.compile(r"(?<![0-9:：])([0-9]{1,2})[:：]([0-9]{2})(?![0-9:：])")
_HOURS: Final = re.compile(rf"{_CLOCK.pattern}\s*(?:[-‐‑–—−~～〜至到]|to\b)\s*{_CLOCK.pattern}")


@dataclass(frozen=True, slots=True)
class Opening:
    """When a clinic is open, how long a visit takes, how many at a time and in a day.

    `weekdays` count from Monday as 0; `closed` are days on which it stays shut all the same.
    """

    begins: time
    ends: time
    minutes: int = 10
    at_once: int = 1
    a_day: int = 40
    weekdays: frozenset[int] = WORKDAYS
    closed: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if self.begins >= self.ends:
            raise RefusalError("bad-input", "a day ends after it begins")
        if self.minutes not in _MINUTES:
            raise RefusalError("bad-input", "a visit takes from 5 to 240 minutes")
        if self.at_once < 1 or not 1 <= self.a_day <= _MOST_A_DAY:
            raise RefusalError("bad-input", "a number of places from 1")


@dataclass(frozen=True, slots=True)
class Cell:
    """One place at one time; `number` tells those that begin together apart."""

    starts: datetime
    number: int


def parse_hours(text: str) -> tuple[time, time]:
    """Read opening hours such as `Mon–Fri 8:30–17:00`: the one range in a text; refuses with `bad-input`.

    Whatever words stand around it are for people; a second range, or a time beside it, is no answer.
    """
    match = _HOURS.search(text)
    if match is None or len(_CLOCK.findall(text)) != 2:
        raise RefusalError("bad-input", "hours hold one range like 08:30-11:30")
    hour, minute, last_hour, last_minute = map(int, match.groups())
    try:
        return time(hour, minute), time(last_hour, last_minute)
    except ValueError as error:
        raise RefusalError("bad-input", "no such time of day") from error


def cells_of(opening: Opening, day: date, *, zone: tzinfo, now: datetime) -> tuple[Cell, ...]:
    """Return the places of one day that have not begun yet, in order."""
    if day.weekday() not in opening.weekdays or day in opening.closed:
        return ()
    starts = _starts(opening, day, zone)
    cells = (Cell(start, number + 1) for start in starts for number in range(opening.at_once))
    # The day's measure counts from the morning, so that a late look does not open more of it.
    return tuple(cell for cell in list(cells)[: opening.a_day] if cell.starts > now)


def _starts(opening: Opening, day: date, zone: tzinfo) -> Iterable[datetime]:
    length = timedelta(minutes=opening.minutes)
    local, close = datetime.combine(day, opening.begins), datetime.combine(day, opening.ends)
    while local + length <= close:
        instant = local.replace(tzinfo=zone).astimezone(UTC)
        # A time that the clock skips comes back as another one.
        if instant.astimezone(zone).replace(tzinfo=None) == local:
            yield instant
        local += length


def nearest(free: Iterable[datetime], wanted: datetime) -> list[datetime]:
    """Return the free times nearest to the one that is gone, the earliest first."""
    return sorted(sorted(set(free), key=lambda start: (abs(start - wanted), start))[:_NEAREST])
