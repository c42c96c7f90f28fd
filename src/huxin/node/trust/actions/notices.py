"""Notices: write a draft, publish it, correct it by another version, withdraw it with a reason.

- only officers of the organisation whose notice it is; anybody else is told it does not exist;
- what is published is exactly what was last looked at: a draft that changed since is refused;
- what is written follows what was last looked at too: nobody overwrites a colleague unawares;
- a notice whose last day has passed is not published: it would be over when it is read;
- a published version is never written again, and none is deleted.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import Permission
from huxin.node.base.uploads import Picture
from huxin.node.trust.models import Notice, NoticeVersion
from huxin.packs.reader import Words

__all__ = ["Said", "discard", "publish", "withdraw", "write"]

_NONE: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class Said:
    """What a version says, in both languages.  `picture` is kept as it was where `keeps_picture`."""

    title: Words
    body: Words
    author: Words
    source: str
    expires: date
    reason: Words = _NONE
    picture: Picture | None = None
    keeps_picture: bool = False
    alt: Words = _NONE


def write(
    said: Said,
    *,
    notice: uuid.UUID | None,
    request: uuid.UUID,
    seen: datetime | None = None,
    by: Actor,
    now: datetime,
) -> NoticeVersion:
    """Write a draft: of a new notice, or the next version of one that there is, last written at `seen`.

    Refuses with `missing` for a correction without a reason or a picture without description, with `bad-input`
    for a notice that is withdrawn or not theirs, with `state` where somebody wrote since, and with `exists` where
    the `request` of a new notice made one before that went further.
    """
    with transaction.atomic():
        found = _theirs(_new(request, by, now) if notice is None else notice, by)
        last = found.versions.order_by("-number").first()
        if notice is None:
            _check_new(last, by)
        elif found.withdrawn_at is not None:
            raise RefusalError("bad-input", "the notice is withdrawn")
        fields = _fields(said, last, by)
        if last is not None and _says(last, fields):
            return last  # a second click
        if notice is not None and (last is None or last.written_at != seen):
            raise RefusalError("state", "somebody wrote since it was looked at")
        draft = _draft(found, fields, now)
        audit.record("notice-written", by=by, now=now, about=(draft, ""), detail=_number(draft))
    return draft


def _check_new(last: NoticeVersion | None, by: Actor) -> None:
    if last is not None and (last.published_at is not None or last.number > 1):
        raise RefusalError("exists", "this form made a notice before")
    if last is not None and last.written_by != by.user:
        raise RefusalError("exists", "a colleague went on with it")


def _new(request: uuid.UUID, by: Actor, now: datetime) -> uuid.UUID:
    staff = by.staff()
    made = {"organisation_id": staff.organisation, "made_by": staff.user, "made_at": now}
    found, _ = Notice.objects.get_or_create(request=request, defaults=made)
    return found.id


def _theirs(notice: uuid.UUID, by: Actor) -> Notice:
    if not by.may(Permission.PUBLISH_NOTICE):
        raise RefusalError("bad-input", "not theirs")
    mine = Notice.objects.select_for_update().filter(organisation=by.staff().organisation)
    found = mine.filter(id=notice).first()
    if found is None:
        raise RefusalError("bad-input", "not theirs")
    return found


def _fields(said: Said, last: NoticeVersion | None, by: Actor) -> dict[str, Any]:
    number = 1 if last is None else last.number + (last.published_at is not None)
    if number > 1 and not (said.reason.zh and said.reason.en):
        raise RefusalError("missing", "the reason of a correction")
    picture = _picture(said, last)
    if picture["picture"] and not (said.alt.zh and said.alt.en):
        raise RefusalError("missing", "what the picture shows")
    return {
        "number": number,
        **{f"{name}_zh": getattr(said, name).zh for name in ("title", "body", "author")},
        **{f"{name}_en": getattr(said, name).en for name in ("title", "body", "author")},
        "source": said.source,
        "expires": said.expires,
        "reason_zh": said.reason.zh if number > 1 else "",
        "reason_en": said.reason.en if number > 1 else "",
        **picture,
        "written_by": by.staff().user,
    }


def _says(last: NoticeVersion, fields: dict[str, Any]) -> bool:
    """Tell whether a draft says just this already."""
    kept = {name: getattr(last, name) for name in fields}
    kept["picture"] = bytes(last.picture) if last.picture else None
    return last.published_at is None and kept == fields


def _draft(notice: Notice, fields: dict[str, Any], now: datetime) -> NoticeVersion:
    draft, _ = NoticeVersion.objects.update_or_create(
        notice=notice,
        number=fields["number"],
        published_at=None,
        defaults={**fields, "written_at": now},
    )
    return draft


def _picture(said: Said, last: NoticeVersion | None) -> dict[str, Any]:
    described = {"alt_zh": said.alt.zh, "alt_en": said.alt.en}
    if said.picture is not None:
        found = said.picture
        return {"picture": found.data, "picture_type": found.media_type, **described}
    if said.keeps_picture and last is not None and last.picture:
        return {"picture": bytes(last.picture), "picture_type": last.picture_type, **described}
    return {"picture": None, "picture_type": "", "alt_zh": "", "alt_en": ""}


def publish(notice: uuid.UUID, *, seen: datetime, by: Actor, now: datetime) -> NoticeVersion:
    """Publish the draft that was looked at, told by when it was written (`seen`).

    A second click finds it published.  Refuses with `bad-input` a draft that changed since, with `state` one
    whose last day has passed.
    """
    with transaction.atomic():
        found = _theirs(notice, by)
        version = found.versions.order_by("-number").first()
        if version is None or version.written_at != seen or found.withdrawn_at is not None:
            raise RefusalError("bad-input", "the draft changed since it was looked at")
        if version.published_at is None:
            if version.expires < local_day(now):
                raise RefusalError("state", "its last day has passed")
            version.published_at, version.published_by = now, by.user
            version.save(update_fields=["published_at", "published_by"])
            about = (version, "")
            audit.record("notice-published", by=by, now=now, about=about, detail=_number(version))
            outbox.emit("notice-published", {"notice": str(found.id)}, now=now)
    return version


def discard(notice: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Drop a draft; a notice of which nothing was ever published goes with it."""
    with transaction.atomic():
        found = _theirs(notice, by)
        draft = found.versions.filter(published_at=None).first()
        if draft is None:
            return
        _drop(draft, by, now)
        if not found.versions.exists():
            found.delete()


def _drop(draft: NoticeVersion, by: Actor, now: datetime) -> None:
    audit.record("notice-dropped", by=by, now=now, about=(draft, ""), detail=_number(draft))
    draft.delete()


def withdraw(notice: uuid.UUID, *, reason: Words, by: Actor, now: datetime) -> Notice:
    """Withdraw what is published; it stays where it was, with the reason.  A draft that waits is dropped.

    Refuses with `missing` without a reason, with `bad-input` where nothing is published.
    """
    if not (reason.zh and reason.en):
        raise RefusalError("missing", "the reason")
    with transaction.atomic():
        found = _theirs(notice, by)
        if found.withdrawn_at is not None:
            return found
        if not found.versions.exclude(published_at=None).exists():
            raise RefusalError("bad-input", "nothing is published")
        for draft in found.versions.filter(published_at=None):
            _drop(draft, by, now)
        found.withdrawn_at, found.withdrawn_by = now, by.user
        found.withdrawn_zh, found.withdrawn_en = reason.zh, reason.en
        found.save()
        audit.record("notice-withdrawn", by=by, now=now, about=(found, ""))
        outbox.emit("notice-withdrawn", {"notice": str(found.id)}, now=now)
    return found


def _number(version: NoticeVersion) -> dict[str, int]:
    return {"version": version.number}
