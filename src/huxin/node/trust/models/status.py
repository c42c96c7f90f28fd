"""Editions of the lists of withdrawn cards, as they were signed and handed out.

What was published is never changed and never deleted: whoever holds an older edition must be able to go on from it.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huxin.node.base.ids import new_id
from huxin.node.base.privacy import PLAIN

__all__ = ["StatusEdition"]


class StatusEdition(models.Model):
    """One signed set of one list: `whole`, and what it adds to the edition before.

    `delta` is missing in the first, and in one that was taken back from others after a backup was restored.

    `withdrawn` is how many places the set holds, `digest` the SHA-256 of the set.  No person stands in it: places
    are drawn by chance.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "number": PLAIN,
        "version": PLAIN,
        "as_of": PLAIN,
        "next_update": PLAIN,
        "withdrawn": PLAIN,
        "digest": PLAIN,
        "whole": PLAIN,
        "delta": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    version = models.PositiveIntegerField()
    as_of = models.DateTimeField()
    next_update = models.DateTimeField()
    withdrawn = models.PositiveIntegerField()
    digest = models.BinaryField(max_length=32)
    whole = models.BinaryField()
    delta = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["number", "version"], name="trust_edition_once"),
            models.CheckConstraint(
                condition=Q(version=1, delta=None) | Q(version__gt=1),
                name="trust_edition_continues",
            ),
            models.CheckConstraint(
                condition=Q(next_update__gt=F("as_of")), name="trust_edition_lasts"
            ),
        ]
