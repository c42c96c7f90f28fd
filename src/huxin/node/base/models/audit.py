"""The audit trail: what was done or seen, by whom, about whom; and the chain that seals it.

Rows hold identifiers, no names, and no foreign keys: history never blocks an erasure.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN

__all__ = ["AuditCheck", "AuditEntry", "AuditLink"]


class AuditEntry(models.Model):
    """One thing that happened; written in the transaction in which it happened."""

    privacy: ClassVar = {
        "id": PLAIN,
        "at": PLAIN,
        "actor": PLAIN,
        "organisation": PLAIN,
        "action": PLAIN,
        "subject": PLAIN,
        "object": PLAIN,
        "purpose": PLAIN,
        "detail": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(db_index=True)
    actor = models.UUIDField(null=True)
    organisation = models.UUIDField(null=True)
    action = models.CharField(max_length=40)
    subject = models.UUIDField(null=True, db_index=True)
    object = models.CharField(max_length=80, blank=True)
    purpose = models.CharField(max_length=20, blank=True)
    detail = models.JSONField(default=dict)


class AuditLink(models.Model):
    """One link of the chain: entry number `number`, hashed together with the link before it."""

    privacy: ClassVar = {"number": PLAIN, "entry": PLAIN, "link": PLAIN}

    number = models.PositiveBigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    link = models.BinaryField(max_length=32)


class AuditCheck(models.Model):
    """Somebody asked whether the trail holds: how far it was read by now, and what was found.

    `number` and `link` are the last that hold; `fault` is told as `audit.Finding` does.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "asked_by": PLAIN,
        "asked_at": PLAIN,
        "total": PLAIN,
        "number": PLAIN,
        "link": PLAIN,
        "finished_at": PLAIN,
        "fault": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    asked_by = models.UUIDField(null=True)
    asked_at = models.DateTimeField()
    total = models.PositiveBigIntegerField()
    number = models.PositiveBigIntegerField(default=0)
    link = models.BinaryField(max_length=32)
    finished_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=10, blank=True)
