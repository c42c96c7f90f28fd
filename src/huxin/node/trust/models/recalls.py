"""Recalls: many cards withdrawn at once, since a batch was recalled or a key was lost; two officers decide.

What a recall did is read from its rows, one a card: no number is kept beside them.
"""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import F, Q

from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation
from huxin.node.base.privacy import PLAIN
from huxin.node.trust.models.cards import Card

__all__ = ["RECALL_ENDS", "RECALL_REASONS", "RECALL_STATES", "Recall", "RecallRow"]

# The reasons of a withdrawal for which many cards end at once.
RECALL_REASONS: Final = ("batch-recalled", "key-lost")
# The cards are looked for; the first officer looks at them; the second; the job runs; what can become of it.
RECALL_STATES: Final = ("gathering", "ready", "waiting", "running", "done", "declined", "dropped")
# What became of one card: empty while it waits.
RECALL_ENDS: Final = ("withdrawn", "reissued", "skipped", "refused")


class Recall(models.Model):
    """Which cards end, and why: those of a `batch` (of a `pack`, of one vaccine or any), or those of a key (`kid`).

    `cursor` is the last card that was looked at, `looked` and `to_look` how many that is of how many, `gathered`
    that it was all; `moved_at` is when the job last did something, `fault` why it stands still.  `why` is said where
    it was declined.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "organisation": PLAIN,
        "reason": PLAIN,
        "pack": PLAIN,
        "choice": PLAIN,
        "batch": PLAIN,
        "kid": PLAIN,
        "first_day": PLAIN,
        "last_day": PLAIN,
        "note_zh": PLAIN,
        "note_en": PLAIN,
        "request": PLAIN,
        "state": PLAIN,
        "asked_by": PLAIN,
        "asked_at": PLAIN,
        "decided_by": PLAIN,
        "decided_at": PLAIN,
        "approved": PLAIN,
        "why": PLAIN,
        "cursor": PLAIN,
        "looked": PLAIN,
        "to_look": PLAIN,
        "gathered": PLAIN,
        "moved_at": PLAIN,
        "fault": PLAIN,
        "finished_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, choices=[(one, one) for one in RECALL_REASONS])
    pack = models.CharField(max_length=40, blank=True)
    choice = models.CharField(max_length=40, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    kid = models.CharField(max_length=64, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    note_zh = models.CharField(max_length=300, blank=True)
    note_en = models.CharField(max_length=300, blank=True)
    request = models.UUIDField(unique=True)
    state = models.CharField(
        max_length=10, default="gathering", choices=[(one, one) for one in RECALL_STATES]
    )
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    why = models.CharField(max_length=300, blank=True)
    cursor = models.UUIDField(null=True)
    looked = models.PositiveIntegerField(default=0)
    to_look = models.PositiveIntegerField(default=0)
    gathered = models.BooleanField(default=False)
    moved_at = models.DateTimeField()
    fault = models.CharField(max_length=80, blank=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")),
                name="trust_recall_second_officer",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("running", "done"))
                | Q(approved=True, decided_by__isnull=False),
                name="trust_recall_runs_agreed",
            ),
            models.CheckConstraint(
                condition=Q(reason="batch-recalled", kid="") & ~Q(pack="") & ~Q(batch="")
                | Q(reason="key-lost", pack="", choice="", batch="") & ~Q(kid=""),
                name="trust_recall_selects",
            ),
        ]


class RecallRow(models.Model):
    """One card of a recall, and what became of it.  `fault` is why not: `code|detail`.

    Its key is the request of the card that takes the place of this one: whoever asks twice gets it again.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "recall": PLAIN,
        "card": PLAIN,
        "became": PLAIN,
        "made": PLAIN,
        "fault": PLAIN,
        "at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recall = models.ForeignKey(Recall, on_delete=models.CASCADE, related_name="rows")
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+")
    became = models.CharField(
        max_length=10, blank=True, choices=[(one, one) for one in RECALL_ENDS], db_index=True
    )
    made = models.OneToOneField(
        Card, null=True, on_delete=models.PROTECT, related_name="made_by_recall"
    )
    fault = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["recall", "card"], name="trust_recall_card_once"),
            models.CheckConstraint(
                condition=Q(became="reissued", made__isnull=False)
                | ~Q(became="reissued") & Q(made=None),
                name="trust_recall_made",
            ),
        ]
