"""Date-times as CertLogic has them: milliseconds since 1970, reckoned as ECMAScript's `Date` does.

CertLogic 1.3 defines adding years and months by the methods of ECMAScript's `Date`, which let a
day that a month does not have run over into the next (29 February and a year is 1 March).
Python's `datetime` has other habits and ends at year 9999, so we reckon in whole numbers.

- a date-time is made from a text by `plusTime` or `dccDateOfBirth`, and in no other way;
- a date known only in part means the last day that it may mean (CertLogic 1.3, `plusTime`);
- what is not a date of the calendar is refused: browsers do not agree about 30 February.
"""

from __future__ import annotations

import re
from calendar import monthrange
from functools import lru_cache
from typing import Final, Literal

from huxin.kernel.errors import RefusalError

__all__ = ["DAY", "FURTHEST", "HOUR", "UNITS", "Unit", "as_text", "parse", "parse_birth", "shift"]

Unit = Literal["year", "month", "day", "hour"]

UNITS: Final[tuple[Unit, ...]] = ("year", "month", "day", "hour")
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
# ECMA-262, 21.4.1.1: a hundred million days to either side of 1970.
FURTHEST: Final = 8_640_000_000_000_000
_LONGEST: Final = 64

_DATE: Final = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DATE_TIME: Final = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]+))?(?:Z|([+-])([0-9]{1,2}?)(?::?([0-9]{2}))?)?"
)


def _days(year: int, month: int, day: int) -> int:
    """Count days since 1970-01-01 in the proleptic Gregorian calendar.

    `month` and `day` may lie outside their usual bounds and run over, as ECMA-262 MakeDay has it.
    """
    year += (month - 1) // 12
    month = (month - 1) % 12 + 1
    # The year begins in March here, so that the day which is sometimes missing comes last.
    march_year = year - (month <= 2)
    era, of_era = divmod(march_year, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year + day - 719_469


def _civil(days: int) -> tuple[int, int, int]:
    """Return year, month and day of a count of days since 1970-01-01."""
    era, of_era = divmod(days + 719_468, 146_097)
    of_era_year = (of_era - of_era // 1_460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * of_era_year + of_era_year // 4 - of_era_year // 100)
    march_month = (5 * of_year + 2) // 153
    month = (march_month + 2) % 12 + 1
    day = of_year - (153 * march_month + 2) // 5 + 1
    return era * 400 + of_era_year + (month <= 2), month, day


@lru_cache(maxsize=4096)
def parse(text: str) -> int:
    """Read a date, a date known in part, or a date-time; without an offset it is UTC.

    Refuses with `logic-date`.
    """
    if len(text) > _LONGEST:
        raise RefusalError("logic-date", "too long for a date-time")
    if _DATE.fullmatch(text):
        return parse_birth(text)
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        raise RefusalError("logic-date", "not an allowed date or date-time")
    days = _day_of(match[1], match[2], match[3])
    of_day = _of_day(int(match[4]), int(match[5]), int(match[6]))
    # Decimals after the third are dropped, which is rounding down.
    milliseconds = int(((match[7] or "") + "000")[:3])
    offset = _offset(match[8], match[9], match[10])
    if of_day == DAY and milliseconds:
        raise RefusalError("logic-date", "no such time of the day")
    return days * DAY + of_day + milliseconds - offset


@lru_cache(maxsize=4096)
def parse_birth(text: str) -> int:
    """Read `YYYY`, `YYYY-MM` or `YYYY-MM-DD` as the last day that it may mean, midnight UTC."""
    match = _DATE.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        raise RefusalError("logic-date", "not a date of birth")
    year, month, day = match.groups()
    if month is None:
        return _days(int(year), 12, 31) * DAY
    if day is None:
        _day_of(year, month, "01")
        return (_days(int(year), int(month) + 1, 1) - 1) * DAY
    return _day_of(year, month, day) * DAY


def _day_of(year: str, month: str, day: str) -> int:
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= _month_length(int(year), int(month)):
        raise RefusalError("logic-date", "not a date of the calendar")
    return _days(int(year), int(month), int(day))


def _month_length(year: int, month: int) -> int:
    # Python's calendar begins with year 1; year 0 is a leap year, as 2000 is.
    return monthrange(year or 2000, month)[1]


def _of_day(hour: int, minute: int, second: int) -> int:
    midnight_after = hour == 24 and minute == second == 0
    if not midnight_after and (hour > 23 or minute > 59 or second > 59):
        raise RefusalError("logic-date", "no such time of the day")
    return hour * HOUR + minute * 60_000 + second * 1_000


def _offset(sign: str | None, hours: str | None, minutes: str | None) -> int:
    if sign is None:
        return 0
    if int(hours or 0) > 23 or int(minutes or 0) > 59:
        raise RefusalError("logic-date", "no such offset")
    length = int(hours or 0) * HOUR + int(minutes or 0) * 60_000
    return -length if sign == "-" else length


def shift(instant: int, amount: int, unit: Unit) -> int:
    """Return `instant` moved by `amount` units; refuses with `logic-date` what leaves the calendar."""
    if unit == "day":
        moved = instant + amount * DAY
    elif unit == "hour":
        moved = instant + amount * HOUR
    else:
        days, of_day = divmod(instant, DAY)
        year, month, day = _civil(days)
        if unit == "year":
            year += amount
        else:
            month += amount
        moved = _days(year, month, day) * DAY + of_day
    if not -FURTHEST <= moved <= FURTHEST:
        raise RefusalError("logic-date", "outside the calendar")
    return moved


def as_text(instant: int) -> str:
    """Write a date-time as ECMAScript does: `YYYY-MM-DDThh:mm:ss.sssZ`, years past four digits signed."""
    days, of_day = divmod(instant, DAY)
    year, month, day = _civil(days)
    written = f"{year:04d}" if 0 <= year <= 9999 else f"{year:+07d}"
    hour, rest = divmod(of_day, HOUR)
    minute, rest = divmod(rest, 60_000)
    second, millisecond = divmod(rest, 1_000)
    return (
        f"{written}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}.{millisecond:03d}Z"
    )
