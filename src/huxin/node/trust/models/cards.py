"""Cards that this region signed, what was withdrawn, what waits for a second pair of eyes.

No table here holds a verdict or a colour: a card is facts, a signature and dates.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models

from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation, Person
from huxin.node.base.privacy import PERSONAL, PLAIN, SENSITIVE, TOKEN
from huxin.node.base.sealed import SealedJSON, SealedText

__all__ = ["REASONS", "Card", "ClaimSlip", "IssueRequest", "Revocation"]

# Why a card is withdrawn: a closed list.  What is printed of it stands in `node.trust.words`.
REASONS: tuple[str, ...] = (
    "wrong-facts",
    "wrong-person",
    "not-done",
    "lost",
    "batch-recalled",
    "key-lost",
)


class Card(models.Model):
    """A signed card.  `cells` is what was typed, `text` what the code holds.

    `request` names the wish to issue it: a second click brings the same card, not another one.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "person": PLAIN,
        "organisation": PLAIN,
        "pack": PLAIN,
        "cells": SENSITIVE,
        "text": SENSITIVE,
        "identifier": PLAIN,
        "envelope": PLAIN,
        "minimal": PLAIN,
        "kid": PLAIN,
        "status_list": PLAIN,
        "status_index": PLAIN,
        "issued_at": PLAIN,
        "issued_by": PLAIN,
        "last_day": PLAIN,
        "request": PLAIN,
        "replaces": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="cards")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cards")
    pack = models.CharField(max_length=40)
    cells = SealedJSON()
    text = SealedText()
    identifier = models.CharField(max_length=40, unique=True)
    envelope = models.CharField(max_length=8)
    minimal = models.BooleanField()
    kid = models.CharField(max_length=64)
    status_list = models.PositiveIntegerField()
    status_index = models.PositiveIntegerField()
    issued_at = models.DateTimeField(db_index=True)
    issued_by = models.UUIDField()
    last_day = models.DateField()
    request = models.UUIDField(unique=True)
    replaces = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by"
    )

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["status_list", "status_index"], name="trust_status_index_once"
            )
        ]


class Revocation(models.Model):
    """A card was withdrawn: why, by whom, and that its holder was told."""

    privacy: ClassVar = {
        "id": PLAIN,
        "card": PLAIN,
        "reason": PLAIN,
        "note": PERSONAL,
        "by": PLAIN,
        "at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    card = models.OneToOneField(Card, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=20, choices=[(one, one) for one in REASONS])
    note = SealedText()
    by = models.UUIDField()
    at = models.DateTimeField()


class IssueRequest(models.Model):
    """A card past an officer's daily limit, waiting for another officer to look at it.

    `note` is why it was declined.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "person": PLAIN,
        "organisation": PLAIN,
        "pack": PLAIN,
        "cells": SENSITIVE,
        "minimal": PLAIN,
        "request": PLAIN,
        "asked_by": PLAIN,
        "asked_at": PLAIN,
        "decided_by": PLAIN,
        "decided_at": PLAIN,
        "approved": PLAIN,
        "note": PERSONAL,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    pack = models.CharField(max_length=40)
    cells = SealedJSON()
    minimal = models.BooleanField()
    request = models.UUIDField(unique=True)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    approved = models.BooleanField(null=True)
    note = SealedText()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("asked_by")),
                name="trust_second_pair_of_eyes",
            )
        ]


class ClaimSlip(models.Model):
    """A slip of paper with a code that opens a person's cards on their phone, once.

    Only a token of the code is kept.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "person": PLAIN,
        "code": TOKEN,
        "made_by": PLAIN,
        "made_at": PLAIN,
        "ends": PLAIN,
        "used_at": PLAIN,
        "attempts": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    code = models.BinaryField(max_length=16, unique=True)
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    ends = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
