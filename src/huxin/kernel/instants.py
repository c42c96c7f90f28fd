"""Time as Huxin speaks of it: aware UTC instants, dates, and dates known only in part.

Nothing here reads a clock: "now" is always an argument of the caller.
"""

from __future__ import annotations

import calendar
import math
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Literal

from huxin.kernel.errors import RefusalError

__all__ = [
    "PartialDate",
    "from_epoch",
    "from_epoch_or_last",
    "parse_instant",
    "parse_partial_date",
    "rfc3339",
]

# Years 1 to 9999 are what `datetime` can hold; an epoch outside of them is no time at all.
_EPOCH_MIN = -62_135_596_800
_EPOCH_MAX = 253_402_300_799

_PARTIAL = re.compile(r"([0-9]{4})(?:-([0-9]{2}|XX|xx)(?:-([0-9]{2}|XX|xx))?)?")
_LONGEST_INSTANT = 40
_CLOCK = r"[0-9]{2}(?:(?P<at>:?)[0-9]{2}(?:(?P=at)[0-9]{2}(?:[.,][0-9]+)?)?)?"
# The forms of ISO 8601 that are read; the library takes more, such as anything at all before the offset.
_INSTANT = re.compile(
    r"(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}(?:-?[0-9])?)"
    rf"(?:.{_CLOCK}(?:Z|[+-]{_CLOCK.replace('at', 'from')})?)?",
    re.DOTALL,
)
_BLANK = " \t\n\v\f\r"


@dataclass(frozen=True, slots=True, order=True)
class PartialDate:
    """A calendar date of any precision: a year, a year and month, or a full date.

    Many people know only the year they were born in; a card must not invent the rest.
    """

    year: int
    month: int | None = None
    day: int | None = None

    def earliest(self) -> date:
        """Return the first day that this date may mean."""
        return date(self.year, self.month or 1, self.day or 1)

    def latest(self) -> date:
        """Return the last day that this date may mean."""
        month = self.month or 12
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year:04d}"
        if self.day is None:
            return f"{self.year:04d}-{self.month:02d}"
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"


@lru_cache(maxsize=4096)
def parse_partial_date(text: str) -> PartialDate:
    """Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD` or a date-time (its date part counts).

    Unknown parts written as `00` or `XX` occur on real cards and mean "not known".
    Refuses with `implausible` what is no date of the calendar.
    """
    match = _PARTIAL.match(text) if len(text) <= _LONGEST_INSTANT else None
    if match is None or text[match.end() : match.end() + 1] not in ("", "T", " "):
        raise RefusalError("implausible", "not a date")
    year = int(match[1])
    month = _part(match[2])
    day = _part(match[3]) if month is not None else None
    try:
        date(year, month or 1, day or 1)
    except ValueError as error:
        raise RefusalError("implausible", "not a date of the calendar") from error
    return PartialDate(year, month, day)


def _part(digits: str | None) -> int | None:
    return int(digits) or None if digits is not None and digits.isdecimal() else None


def parse_instant(text: str) -> datetime:
    """Read an RFC 3339 instant as an aware UTC `datetime`; a missing offset means UTC.

    Also reads small letters, as the RFC does, and an offset written without its colon or a
    plain date (midnight UTC), which real cards carry.  Refuses with `implausible` what is no instant.
    """
    written = text.strip(_BLANK).upper()
    if len(text) > _LONGEST_INSTANT or not _INSTANT.fullmatch(written):
        raise RefusalError("implausible", "not an instant, or too long")
    try:
        instant = datetime.fromisoformat(written)
        if instant.tzinfo is None:
            return instant.replace(tzinfo=UTC)
        return instant.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise RefusalError("implausible", "not an instant") from error


@lru_cache(maxsize=4096)
def from_epoch(seconds: float) -> datetime:
    """Turn seconds since 1970 into an aware UTC instant; refuses `implausible` values."""
    # A NaN fails both comparisons, so the test is written as what must hold.
    if not _EPOCH_MIN <= seconds <= _EPOCH_MAX:
        raise RefusalError("implausible", "epoch outside the calendar")
    return datetime.fromtimestamp(seconds, UTC)


def from_epoch_or_last(seconds: float) -> datetime:
    """As `from_epoch`, but of any later number make the last second of the calendar.

    Some issuers write milliseconds, and some a number so large that it means "never".
    """
    later = _EPOCH_MAX < seconds < math.inf
    return from_epoch(_EPOCH_MAX if later else seconds)


def rfc3339(instant: datetime, precision: Literal["seconds", "minutes"] = "seconds") -> str:
    """Write an aware instant in UTC, cut to the second or minute, ending in `Z`."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec=precision) + "Z"
