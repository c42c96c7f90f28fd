"""A card that one officer wants withdrawn, waiting for another one; the withdrawal itself is a `Revocation`."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PERSONAL, PLAIN
from huxin.node.base.sealed import SealedText
from huxin.node.trust.models.cards import REASONS, Card

__all__ = ["WithdrawalRequest"]


class WithdrawalRequest(models.Model):
    """Why a card should end, who asked, and what another officer of its organisation said.

    `note` is for the holder, `answer` is why it was declined.  `decided_at` without `decided_by` means that nobody
    decided: it was taken back, or the card ended in another way.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "card": PLAIN,
        "reason": PLAIN,
        "note": PERSONAL,
        "asked_by": PLAIN,
        "asked_at": PLAIN,
        "decided_by": PLAIN,
        "decided_at": PLAIN,
        "approved": PLAIN,
        "answer": PERSONAL,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=[(one, one) for one in REASONS])
    note = SealedText()
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    answer = SealedText()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="trust_withdrawal_second_officer",
            ),
            # Every case asks whether `approved` is there: what compares with nothing would pass the check.
            models.CheckConstraint(
                condition=Q(approved=None, decided_by=None, decided_at=None)
                | Q(approved__isnull=False, approved=False, decided_at__isnull=False)
                | Q(
                    approved__isnull=False,
                    approved=True,
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="trust_withdrawal_decided",
            ),
            models.UniqueConstraint(
                fields=["card"], condition=Q(approved=None), name="trust_withdrawal_one_open"
            ),
        ]
