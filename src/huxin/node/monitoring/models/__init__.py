"""The tables of node.monitoring: counts a day, and which events they hold.  No person, no place in time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN

__all__ = ["KINDS", "CountedEvent", "DailyCount"]

KINDS: tuple[str, ...] = ("recorded", "issued")


class DailyCount(models.Model):
    """How many of a kind on one day of the region's calendar."""

    privacy: ClassVar = {"id": PLAIN, "day": PLAIN, "kind": PLAIN, "pack": PLAIN, "value": PLAIN}

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    day = models.DateField()
    kind = models.CharField(max_length=10, choices=[(one, one) for one in KINDS])
    pack = models.CharField(max_length=40)
    value = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["day", "kind", "pack"], name="monitoring_count_once")
        ]


class CountedEvent(models.Model):
    """An event that a count holds already, so that one told twice is counted once.

    A table of its own, not a mark in the outbox: the outbox is swept, and a count must not
    depend on what another part keeps.
    """

    privacy: ClassVar = {"event": PLAIN}

    event = models.UUIDField(primary_key=True)
