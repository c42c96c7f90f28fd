"""The tables of node.clinic: places in time, visits, what was recorded."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.clinic.corrections import Fault
from huxin.clinic.visits import State
from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation, Person
from huxin.node.base.privacy import PLAIN, SENSITIVE
from huxin.node.base.sealed import SealedJSON, SealedText

__all__ = ["KINDS", "Correction", "Record", "Slot", "Visit"]

KINDS: tuple[str, ...] = ("vaccination", "examination")


class Slot(models.Model):
    """One place at one time: a cell that exists once.  `number` tells places at one time apart."""

    privacy: ClassVar = {
        "id": PLAIN,
        "organisation": PLAIN,
        "kind": PLAIN,
        "starts": PLAIN,
        "number": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(one, one) for one in KINDS])
    starts = models.DateTimeField()
    number = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "starts", "number"], name="clinic_cell_once"
            )
        ]


class Visit(models.Model):
    """Somebody comes to be seen.  A slot has one visit that is not cancelled: the database says so.

    `request` is made with the form, and makes a second click harmless.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "slot": PLAIN,
        "person": PLAIN,
        "reason": SENSITIVE,
        "state": PLAIN,
        "booked_by": PLAIN,
        "booked_at": PLAIN,
        "arrived_at": PLAIN,
        "seen_at": PLAIN,
        "ended_at": PLAIN,
        "request": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slot = models.ForeignKey(Slot, on_delete=models.PROTECT, related_name="visits")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="visits")
    reason = SealedText()
    state = models.CharField(max_length=10, choices=[(one.value, one.value) for one in State])
    booked_by = models.UUIDField()
    booked_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    request = models.UUIDField(unique=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["slot"],
                condition=~models.Q(state=State.CANCELLED.value),
                name="clinic_slot_held_once",
            )
        ]

    @property
    def at(self) -> State:
        """Where the visit is."""
        return State(self.state)

    @property
    def record(self) -> Record | None:
        """The record that holds now, if there is one."""
        return next((one for one in self.records.all() if one.ended_at is None), None)


class Record(models.Model):
    """What was done at a visit, as the clinician signs for it; it becomes a card.

    A row never changes but for its end: a wrong one ends, and at most one of a visit holds.
    `request` is the wish for its card, made from the record's own identifier; `card` is the card's,
    once it is issued (no foreign key: the card belongs to another part).  `first_at` is when the
    visit was recorded, before any correction.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "visit": PLAIN,
        "pack": PLAIN,
        "cells": SENSITIVE,
        "recorded_by": PLAIN,
        "recorded_at": PLAIN,
        "first_at": PLAIN,
        "ended_at": PLAIN,
        "request": PLAIN,
        "card": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.PROTECT, related_name="records")
    pack = models.CharField(max_length=40)
    cells = SealedJSON()
    recorded_by = models.UUIDField()
    recorded_at = models.DateTimeField()
    first_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    request = models.UUIDField(unique=True)
    card = models.UUIDField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["visit"],
                condition=models.Q(ended_at=None),
                name="clinic_one_record_holds",
            )
        ]


class Correction(models.Model):
    """A record ended because it was wrong: why, by whom, and what took its place, if anything did.

    `request` is made with the form, and makes a second click harmless; `note` is for the person.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "record": PLAIN,
        "replacement": PLAIN,
        "reason": PLAIN,
        "note": SENSITIVE,
        "by": PLAIN,
        "at": PLAIN,
        "request": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    record = models.OneToOneField(Record, on_delete=models.PROTECT, related_name="correction")
    replacement = models.OneToOneField(
        Record, null=True, on_delete=models.PROTECT, related_name="corrects"
    )
    reason = models.CharField(max_length=12, choices=[(one.value, one.value) for one in Fault])
    note = SealedText()
    by = models.UUIDField()
    at = models.DateTimeField()
    request = models.UUIDField(unique=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(reason=Fault.FACTS.value, replacement__isnull=False)
                | (~models.Q(reason=Fault.FACTS.value) & models.Q(replacement__isnull=True)),
                name="clinic_replaced_where_facts_were_wrong",
            )
        ]
