"""Open times: the clinic says when people may come."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction

from huxin.clinic.offers import Opening, cells_of, parse_hours
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation
from huxin.node.clinic.models import KINDS, Slot

__all__ = ["DAYS", "open_times", "usual_opening"]

DAYS: Final = 14
_USUAL: Final = (time(8, 30), time(11, 30))
_A_DAY: Final = 144  # a visit takes ten minutes: what is open round the clock is open to its end


def usual_opening(organisation: Organisation) -> Opening:
    """Return the opening that follows an organisation's hours, or usual mornings where it says none.

    Refuses with `bad-input` hours in which no single range can be read: nobody guesses when people may come.
    """
    begins, ends = parse_hours(organisation.hours) if organisation.hours.strip() else _USUAL
    return Opening(begins, ends, a_day=_A_DAY)


def open_times(
    organisation: Organisation,
    opening: Opening,
    *,
    days: int = DAYS,
    by: Actor,
    now: datetime,
) -> int:
    """Open the days ahead, today included, for all kinds; safe to repeat.  Returns how many are new.

    What is open already stays as it is, held or free.
    """
    today = local_day(now)
    slots = [
        slot for ahead in range(days) for slot in _day(organisation, opening, today, ahead, now)
    ]
    with transaction.atomic():
        mine = Slot.objects.filter(organisation=organisation)
        before = mine.count()
        Slot.objects.bulk_create(slots, ignore_conflicts=True)
        new = mine.count() - before
        audit.record(
            "opened-times", by=by, now=now, about=(organisation, "care"), detail={"count": new}
        )
    return new


def _day(
    organisation: Organisation, opening: Opening, today: date, ahead: int, now: datetime
) -> list[Slot]:
    cells = cells_of(opening, today + timedelta(days=ahead), zone=settings.HUXIN.time_zone, now=now)
    return [
        Slot(organisation=organisation, kind=kind, starts=cell.starts, number=cell.number)
        for kind in KINDS
        for cell in cells
    ]
