"""Notices as the page shows them: in words, with a way to the card, less what is kept back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from huxin.node.base import notices
from huxin.node.base.actor import Actor
from huxin.node.base.models import Message
from huxin.node.home.message_words import notice_words
from huxin.node.trust.queries.appeals import existing
from huxin.node.trust.queries.named import names_of
from huxin.packs.reader import Words

__all__ = ["Notice", "notices_of"]


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice.  `to` names whoever is acted for; `card` and `appeal` are the address of
    what it tells of.
    """

    id: uuid.UUID
    at: datetime
    says: Words
    new: bool
    marks: bool
    to: str = ""
    card: str = ""
    appeal: str = ""
    about_proxy: bool = False


def notices_of(found: Sequence[Message], *, by: Actor, now: datetime) -> list[Notice]:
    """Return some of the actor's notices as they are shown; a look at those of others is recorded."""
    notices.note_looks(found, by=by, now=now)
    marks = notices.markable(by)
    appeals = existing({one.blanks["appeal"] for one in found if "appeal" in one.blanks}, by=by)
    cards = names_of(_card(one) for one in found)
    return [
        Notice(
            id=one.id,
            at=one.at,
            says=notice_words(one.kind, one.blanks),
            new=one.read_at is None,
            marks=one.person_id in marks,
            to="" if one.person_id == by.person else one.person.shown,
            card=reverse("card", args=[one.blanks["card"]]) if _card(one) in cards else "",
            appeal=_appeal(one, appeals),
            about_proxy=one.kind in notices.PRIVATE_KINDS,
        )
        for one in found
    ]


def _appeal(message: Message, kept: set[str]) -> str:
    appeal = message.blanks.get("appeal")
    return reverse("appeal-own", args=[appeal]) if appeal in kept else ""


def _card(message: Message) -> str:
    card = message.blanks.get("card")
    return f"trust.card:{card}" if card else ""
