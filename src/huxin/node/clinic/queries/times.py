"""Which times are free: places that nobody holds and that have not begun."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from huxin.clinic.visits import State
from huxin.node.base.models import Organisation
from huxin.node.clinic.models import Slot, Visit

__all__ = ["free", "free_days", "free_on", "organisation", "places", "slot"]

_MOST_DAYS: Final = 20


def places() -> list[Organisation]:
    """Return the organisations that have ever opened times, by name."""
    return list(
        Organisation.objects.filter(id__in=Slot.objects.values("organisation")).order_by("name_zh")
    )


def free(organisation: uuid.UUID, kind: str, *, now: datetime) -> QuerySet[Slot]:
    """Return the places of a kind that can be booked now."""
    held = Visit.objects.filter(slot=OuterRef("pk")).exclude(state=State.CANCELLED.value)
    slots = Slot.objects.filter(organisation=organisation, kind=kind, starts__gt=now)
    return slots.filter(~Exists(held)).order_by("starts", "number")


def free_days(organisation: uuid.UUID, kind: str, *, now: datetime) -> list[date]:
    """Return the next days on which something is free, in the region's calendar."""
    starts = free(organisation, kind, now=now).values_list("starts", flat=True)
    zone = settings.HUXIN.time_zone
    return sorted({start.astimezone(zone).date() for start in starts})[:_MOST_DAYS]


def free_on(organisation: uuid.UUID, kind: str, day: date, *, now: datetime) -> list[Slot]:
    """Return one free place for each time of a day."""
    zone = settings.HUXIN.time_zone
    found: dict[datetime, Slot] = {}
    for slot in free(organisation, kind, now=now):
        if slot.starts.astimezone(zone).date() == day:
            found.setdefault(slot.starts, slot)
    return list(found.values())


def slot(identifier: str) -> Slot | None:
    """Return a place by what a form said, or nothing."""
    try:
        return Slot.objects.filter(id=uuid.UUID(identifier)).first()
    except ValueError:
        return None


def organisation(identifier: uuid.UUID) -> Organisation:
    """Return the clinic where somebody works."""
    return Organisation.objects.get(id=identifier)
