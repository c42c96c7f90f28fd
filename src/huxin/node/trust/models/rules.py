"""Rules: what the region asks, each version as it was published; and the drafts that become rules.

What was published is never changed and never deleted.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Final

from django.db import models
from django.db.models import F, Q, TextField, Value
from django.db.models.functions import Cast, Replace, StrIndex
from django.db.models.lookups import Exact

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN

__all__ = ["STATES", "PublishedRule", "RuleDraft"]


# What becomes of a draft: written, handed in to another officer, published, or dropped.
STATES: Final = ("draft", "waiting", "published", "dropped")


class RuleDraft(models.Model):
    """Rules that somebody writes: typed as JSON, simulated, handed in, published by another officer.

    `written_at` names what was looked at: whoever acts on something older is told.  `simulation_of` is the digest
    of the text and of the published rules that the simulation was about; `effects` are its counts.
    `writers` are all who began it or changed its text, as hexadecimal digits one behind another, so that both
    databases can look into it: a change of one letter does not turn a writer into a second pair of eyes.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "text": PLAIN,
        "pack": PLAIN,
        "state": PLAIN,
        "request": PLAIN,
        "made_by": PLAIN,
        "made_at": PLAIN,
        "written_by": PLAIN,
        "written_at": PLAIN,
        "writers": PLAIN,
        "simulation_of": PLAIN,
        "simulation_at": PLAIN,
        "people": PLAIN,
        "asked": PLAIN,
        "to_ask": PLAIN,
        "effects": PLAIN,
        "handed_in_by": PLAIN,
        "handed_in_at": PLAIN,
        "decided_by": PLAIN,
        "decided_at": PLAIN,
        "note": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    text = models.TextField()
    pack = models.CharField(max_length=80, blank=True)
    state = models.CharField(max_length=10, default="draft", choices=[(one, one) for one in STATES])
    request = models.UUIDField(unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    writers = models.TextField(blank=True)
    simulation_of = models.CharField(max_length=64, blank=True)
    simulation_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    to_ask = models.PositiveIntegerField(default=0)
    effects = models.JSONField(default=list)
    handed_in_by = models.UUIDField(null=True)
    handed_in_at = models.DateTimeField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("written_by")) & ~Q(decided_by=F("handed_in_by"))),
                name="trust_rule_second_officer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | Q(
                    # One database writes an identifier with dashes, the other without.
                    Exact(
                        StrIndex(
                            F("writers"),
                            Replace(Cast(F("decided_by"), TextField()), Value("-"), Value("")),
                        ),
                        0,
                    )
                ),
                name="trust_rule_no_writer_decides",
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(decided_by__isnull=False),
                name="trust_rule_published_by_somebody",
            ),
        ]

    def note_writer(self, user: uuid.UUID) -> None:
        """Add somebody to those who wrote the text."""
        if user.hex not in self.writers.split():
            self.writers = f"{self.writers} {user.hex}".strip()

    def is_work_of(self, user: uuid.UUID | None) -> bool:
        """Tell whether somebody wrote any of it or handed it in, and so leaves the decision to another."""
        if user is None:
            return False
        mine = (self.made_by, self.written_by, self.handed_in_by)
        return user in mine or user.hex in self.writers.split()


class PublishedRule(models.Model):
    """One version of one rule: the document, and the value sets that it looks into.

    All of it is written to be read by everybody.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "rule": PLAIN,
        "version": PLAIN,
        "purpose": PLAIN,
        "pack": PLAIN,
        "document": PLAIN,
        "value_sets": PLAIN,
        "valid_from": PLAIN,
        "valid_until": PLAIN,
        "draft": PLAIN,
        "proposed_by": PLAIN,
        "published_by": PLAIN,
        "published_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    rule = models.CharField(max_length=80)
    version = models.CharField(max_length=20)
    purpose = models.CharField(max_length=65, db_index=True)
    pack = models.CharField(max_length=80, blank=True)
    document = models.JSONField()
    value_sets = models.JSONField(default=dict)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    draft = models.ForeignKey(
        RuleDraft, null=True, blank=True, on_delete=models.PROTECT, related_name="published"
    )
    proposed_by = models.UUIDField()
    published_by = models.UUIDField()
    published_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["rule", "version"], name="trust_rule_version_once"),
            models.CheckConstraint(
                condition=Q(valid_until__gt=F("valid_from")), name="trust_rule_lasts"
            ),
        ]
