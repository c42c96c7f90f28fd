"""Appeals and their hearings: what somebody says against an answer at a door, and what was decided.

No place, no card, no answer of a checking page is kept: the purpose, the rule if one was named, the words.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation, Person
from huxin.node.base.privacy import PERSONAL, PLAIN, SENSITIVE, TOKEN
from huxin.node.base.sealed import SealedText
from huxin.trust.appeals import LAST_TURN, Decision

__all__ = ["Appeal", "Hearing"]


class Appeal(models.Model):
    """An appeal and its receipt.  Without `person` nobody but the holder of the receipt knows whose it is.

    Of the receipt's code, and of the form's request that it is made from, only tokens are kept.  An empty
    purpose asked only whether a card is genuine.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "number": PLAIN,
        "code": TOKEN,
        "request": TOKEN,
        "attempts": PLAIN,
        "tried_at": PLAIN,
        "person": PLAIN,
        "by": PLAIN,
        "at_desk": PLAIN,
        "purpose": PLAIN,
        "pack": PLAIN,
        "rule": PLAIN,
        "version": PLAIN,
        "contact": PERSONAL,
        "made_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.CharField(max_length=9, unique=True)
    code = models.BinaryField(max_length=16)
    request = models.BinaryField(max_length=16, unique=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.UUIDField(null=True)
    at_desk = models.BooleanField()
    purpose = models.CharField(max_length=65, blank=True)
    pack = models.CharField(max_length=80, blank=True)
    rule = models.CharField(max_length=80, blank=True)
    version = models.CharField(max_length=20, blank=True)
    contact = SealedText()
    made_at = models.DateTimeField()


class Hearing(models.Model):
    """One turn of an appeal: what was said, whose task it is until when, and the decision.

    A decision is never changed; against the first of them there is a second turn, before another officer.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "appeal": PLAIN,
        "turn": PLAIN,
        "text": SENSITIVE,
        "made_at": PLAIN,
        "due_at": PLAIN,
        "owner": PLAIN,
        "office": PLAIN,
        "taken_at": PLAIN,
        "decision": PLAIN,
        "reason": SENSITIVE,
        "desk": PLAIN,
        "decided_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="hearings")
    turn = models.PositiveSmallIntegerField()
    text = SealedText()
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.UUIDField(null=True)
    office = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField(null=True)
    decision = models.CharField(
        max_length=10, blank=True, choices=[(one.value, one.value) for one in Decision]
    )
    reason = SealedText()
    desk = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["appeal", "turn"], name="trust_hearing_once"),
            models.CheckConstraint(
                condition=Q(turn__gte=1, turn__lte=LAST_TURN), name="trust_hearing_turns"
            ),
            models.CheckConstraint(
                # Said of each: a comparison with nothing is unknown, and that would pass.
                condition=Q(decided_at=None, decision="")
                | Q(
                    decided_at__isnull=False,
                    taken_at__isnull=False,
                    owner__isnull=False,
                    decided_at__gte=F("taken_at"),
                )
                & ~Q(decision=""),
                name="trust_decided_by_its_owner",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=Q(decided_at=None), name="trust_hearing_open")
        ]
