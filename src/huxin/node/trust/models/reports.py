"""Something on a card is wrong, says its person; a desk of the office that signed it answers."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN, SENSITIVE
from huxin.node.base.sealed import SealedText
from huxin.node.trust.models.cards import Card

__all__ = ["Report"]


class Report(models.Model):
    """What somebody says is wrong on a card, and what a desk answered."""

    privacy: ClassVar = {
        "id": PLAIN,
        "card": PLAIN,
        "text": SENSITIVE,
        "by": PLAIN,
        "at": PLAIN,
        "answer": SENSITIVE,
        "answered_at": PLAIN,
        "answered_by": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, on_delete=models.CASCADE, related_name="reports")
    text = SealedText()
    by = models.UUIDField()
    at = models.DateTimeField()
    answer = SealedText()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["at"], condition=models.Q(answered_at=None), name="trust_report_open"
            )
        ]
