"""Which day it is where the node stands: days on cards, in lists and in letters are the region's own."""

from datetime import date, datetime
from typing import Final

from django.conf import settings

__all__ = ["in_reach", "local_day"]

# Outside of these the day before or after, or midnight elsewhere, may be past the end of the calendar.
_FIRST: Final = date(1900, 1, 1)
_LAST: Final = date(2999, 12, 31)


def local_day(at: datetime) -> date:
    """Return the day of an instant by the clocks of the region."""
    return at.astimezone(settings.HUXIN.time_zone).date()


def in_reach(day: date) -> bool:
    """Tell whether a day that somebody typed can be reckoned with."""
    return _FIRST <= day <= _LAST
