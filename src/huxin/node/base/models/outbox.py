"""Events between parts: written with what caused them, delivered afterwards, once each."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN

__all__ = ["OutboxEvent"]


class OutboxEvent(models.Model):
    """Something happened that another part may want to know: a name and identifiers, no more."""

    privacy: ClassVar = {
        "id": PLAIN,
        "name": PLAIN,
        "payload": PLAIN,
        "at": PLAIN,
        "delivered_at": PLAIN,
        "attempts": PLAIN,
        "fault": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=40)
    payload = models.JSONField()
    at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    fault = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["id"], condition=models.Q(delivered_at=None), name="base_outbox_waiting"
            )
        ]
