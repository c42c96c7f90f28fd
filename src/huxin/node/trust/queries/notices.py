"""Notices as they are read: by everybody what is published, by its officers also the draft."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Prefetch, QuerySet

from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import Permission
from huxin.node.trust.models import Notice, NoticeVersion
from huxin.packs.reader import Words

__all__ = [
    "Published",
    "draft_of",
    "drafts_of",
    "editable",
    "latest",
    "lists",
    "newest",
    "picture_of",
    "published",
]

_MOST_LISTED: Final = 200


@dataclass(frozen=True, slots=True)
class Published:
    """A notice that everybody may read: its published versions, the newest first."""

    notice: Notice
    versions: tuple[NoticeVersion, ...]
    today: date

    @property
    def now(self) -> NoticeVersion:
        """The version that holds."""
        return self.versions[0]

    @property
    def withdrawn(self) -> bool:
        """Whether the region took it back."""
        return self.notice.withdrawn_at is not None

    @property
    def expired(self) -> bool:
        """Whether its last day has passed."""
        return self.now.expires < self.today

    @property
    def holds(self) -> bool:
        """Whether it says what holds today."""
        return not self.withdrawn and not self.expired

    @property
    def title(self) -> Words:
        """What it is called."""
        return Words(self.now.title_zh, self.now.title_en)

    @property
    def author(self) -> Words:
        """Who says it."""
        return Words(self.now.author_zh, self.now.author_en)


def lists(now: datetime) -> tuple[list[Published], list[Published]]:
    """Return what holds today and what does not any more, the newest first."""
    found = _published(Notice.objects.all(), now)
    every = sorted(found, key=lambda one: one.now.published_at or now, reverse=True)
    holding = [one for one in every if one.holds]
    return holding[:_MOST_LISTED], [one for one in every if not one.holds][:_MOST_LISTED]


def latest(now: datetime) -> Published | None:
    """Return the newest notice that holds today."""
    return next(iter(lists(now)[0]), None)


def published(notice: uuid.UUID, now: datetime) -> Published | None:
    """Return a notice with all that it ever said in public, or nothing."""
    return next(iter(_published(Notice.objects.filter(id=notice), now)), None)


def _published(notices: QuerySet[Notice], now: datetime) -> Iterable[Published]:
    versions = NoticeVersion.objects.exclude(published_at=None).order_by("-number").defer("picture")
    today = local_day(now)
    name = "said"
    said = Prefetch("versions", versions, to_attr=name)
    for one in (
        notices.filter(versions__published_at__isnull=False).distinct().prefetch_related(said)
    ):
        yield Published(one, tuple(getattr(one, name)), today)


def editable(notice: uuid.UUID, *, by: Actor) -> Notice | None:
    """Return a notice of the actor's own organisation, or nothing."""
    return _own(by).filter(id=notice).first()


def newest(notice: Notice) -> NoticeVersion | None:
    """Return what was written last, published or not."""
    return notice.versions.order_by("-number").first()


def draft_of(notice: Notice) -> NoticeVersion | None:
    """Return the draft that waits to be published, or nothing."""
    return notice.versions.filter(published_at=None).first()


def drafts_of(by: Actor) -> list[NoticeVersion]:
    """Return the drafts of the actor's organisation, the newest first."""
    drafts = NoticeVersion.objects.filter(notice__in=_own(by), published_at=None)
    return list(drafts.order_by("-written_at").defer("picture")[:_MOST_LISTED])


def _own(by: Actor) -> QuerySet[Notice]:
    if not by.may(Permission.PUBLISH_NOTICE) or by.organisation is None:
        return Notice.objects.none()
    return Notice.objects.filter(organisation=by.organisation)


def picture_of(notice: uuid.UUID, number: int, *, by: Actor) -> tuple[bytes, str] | None:
    """Return a version's picture with its media type: a published one, or one of their own drafts."""
    version = NoticeVersion.objects.filter(notice=notice, number=number).first()
    if version is None or not version.picture:
        return None
    if version.published_at is None and editable(notice, by=by) is None:
        return None
    return bytes(version.picture), version.picture_type
