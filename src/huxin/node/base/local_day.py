"""Which day it is where the node stands: days on cards, in lists and in letters are the region's own."""

from datetime import date, datetime

from django.conf import settings

__all__ = ["local_day"]


def local_day(at: datetime) -> date:
    """Return the day of an instant by the clocks of the region."""
    return at.astimezone(settings.HUXIN.time_zone).date()
