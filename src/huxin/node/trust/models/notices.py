"""Notices: what a region says in public, under a name, until a date; and each thing it said before.

A version that was published is never changed and never deleted: a correction is another version with
its reason, and a notice that is withdrawn stays, with the reason, where it was.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from huxin.node.base.ids import new_id
from huxin.node.base.models import Organisation
from huxin.node.base.privacy import PLAIN

__all__ = ["Notice", "NoticeVersion"]


class Notice(models.Model):
    """One thing that is said in public.  `request` makes a second click harmless."""

    privacy: ClassVar = {
        "id": PLAIN,
        "organisation": PLAIN,
        "made_by": PLAIN,
        "made_at": PLAIN,
        "request": PLAIN,
        "withdrawn_at": PLAIN,
        "withdrawn_by": PLAIN,
        "withdrawn_zh": PLAIN,
        "withdrawn_en": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.UUIDField()
    made_at = models.DateTimeField()
    request = models.UUIDField(unique=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.UUIDField(null=True)
    withdrawn_zh = models.CharField(max_length=200, blank=True)
    withdrawn_en = models.CharField(max_length=400, blank=True)


class NoticeVersion(models.Model):
    """What a notice said from `published_at` on; a draft while that is empty.

    All of it is written to be read by everybody, the author's name included.  `picture` is a
    picture of our own making (see `base.uploads`), never the file that was uploaded.
    """

    privacy: ClassVar = {
        "id": PLAIN,
        "notice": PLAIN,
        "number": PLAIN,
        "title_zh": PLAIN,
        "title_en": PLAIN,
        "body_zh": PLAIN,
        "body_en": PLAIN,
        "author_zh": PLAIN,
        "author_en": PLAIN,
        "source": PLAIN,
        "expires": PLAIN,
        "reason_zh": PLAIN,
        "reason_en": PLAIN,
        "picture": PLAIN,
        "picture_type": PLAIN,
        "alt_zh": PLAIN,
        "alt_en": PLAIN,
        "written_by": PLAIN,
        "written_at": PLAIN,
        "published_by": PLAIN,
        "published_at": PLAIN,
    }

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=120)
    body_zh = models.TextField(max_length=6_000)
    body_en = models.TextField(max_length=12_000)
    author_zh = models.CharField(max_length=60)
    author_en = models.CharField(max_length=120)
    source = models.CharField(max_length=300)
    expires = models.DateField()
    reason_zh = models.CharField(max_length=200, blank=True)
    reason_en = models.CharField(max_length=400, blank=True)
    picture = models.BinaryField(null=True)
    picture_type = models.CharField(max_length=10, blank=True)
    alt_zh = models.CharField(max_length=200, blank=True)
    alt_en = models.CharField(max_length=400, blank=True)
    written_by = models.UUIDField()
    written_at = models.DateTimeField()
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["notice", "number"], name="trust_notice_number_once"),
            models.UniqueConstraint(
                fields=["notice"], condition=Q(published_at=None), name="trust_notice_one_draft"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | (~Q(reason_zh="") & ~Q(reason_en="")),
                name="trust_notice_corrected_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(picture=None) | (~Q(alt_zh="") & ~Q(alt_en="")),
                name="trust_notice_picture_described",
            ),
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(published_at__gte=F("written_at")),
                name="trust_notice_written_first",
            ),
        ]
