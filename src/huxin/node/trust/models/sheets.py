"""Session sheets 接种日: one vaccine, one batch, a list of names ticked off."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation, Person
from huxin.node.base.privacy import PLAIN, SENSITIVE
from huxin.node.base.sealed import SealedJSON
from huxin.node.trust.models.cards import Card

__all__ = ["SessionSheet", "SheetRow"]


class SessionSheet(models.Model):
    """What all rows of a session share (`shared`: vaccine, batch, date, centre; no person)."""

    privacy: ClassVar = {
        "id": PLAIN,
        "organisation": PLAIN,
        "title": PLAIN,
        "pack": PLAIN,
        "shared": PLAIN,
        "opened_by": PLAIN,
        "opened_at": PLAIN,
        "closed_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=80)
    pack = models.CharField(max_length=40)
    shared = models.JSONField()
    opened_by = models.UUIDField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)


class SheetRow(models.Model):
    """One name of the list.  `cells` is the row as typed; `request` makes its card one only."""

    privacy: ClassVar = {
        "id": PLAIN,
        "sheet": PLAIN,
        "position": PLAIN,
        "person": PLAIN,
        "cells": SENSITIVE,
        "ticked_at": PLAIN,
        "ticked_by": PLAIN,
        "card": PLAIN,
        "fault": PLAIN,
        "request": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    sheet = models.ForeignKey(SessionSheet, on_delete=models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    cells = SealedJSON()
    ticked_at = models.DateTimeField(null=True)
    ticked_by = models.UUIDField(null=True)
    card = models.OneToOneField(Card, null=True, on_delete=models.PROTECT, related_name="+")
    fault = models.CharField(max_length=80, blank=True)
    request = models.UUIDField(unique=True, default=new_id)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["sheet", "position"], name="trust_row_position_once")
        ]
