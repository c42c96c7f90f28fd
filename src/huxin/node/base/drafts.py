"""Forms that are not lost: kept when a session ended in the middle, or saved by hand.

A form carries a signed ticket that says for whom it was drawn (`{% ticket %}`).  When it comes back
after the session ended, its fields are kept, sealed, for that account only, and given back
after sign-in.  Without a ticket nothing is kept, so strangers cannot fill the database.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db import transaction

from huxin.node.base.models import Draft, User

__all__ = [
    "FIELD",
    "Kept",
    "forget",
    "held",
    "keep",
    "kept",
    "ticket_for",
    "ticket_holder",
]

FIELD: Final = "huxin-ticket"
_SALT: Final = "huxin.draft"
_TICKET_AGE: Final = timedelta(days=1)
_MOST_LETTERS: Final = 60_000  # a session sheet of 500 names, all of them ticked
_LEFT_OUT: Final = frozenset({FIELD, "csrfmiddlewaretoken", "password"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A form that waits for its owner: the address of its page, what was typed, since when."""

    place: str
    fields: Mapping[str, str]
    saved_at: datetime


def ticket_for(user: uuid.UUID | None) -> str:
    """Return the ticket of a form drawn for `user`; empty for nobody."""
    return signing.dumps(str(user), salt=_SALT) if user else ""


def ticket_holder(ticket: str) -> uuid.UUID | None:
    """Return for whom a form was drawn, or `None` for a ticket that is forged or old."""
    try:
        return uuid.UUID(signing.loads(ticket, salt=_SALT, max_age=_TICKET_AGE))
    except (signing.BadSignature, ValueError):
        return None


def keep(user: uuid.UUID, place: str, fields: Mapping[str, str], *, now: datetime) -> bool:
    """Keep a form's fields for an account; tells whether they were kept (not past 60,000 letters)."""
    kept_fields = {name: value for name, value in fields.items() if name not in _LEFT_OUT}
    if sum(map(len, kept_fields.values())) > _MOST_LETTERS:
        return False
    with transaction.atomic():
        if not User.objects.filter(id=user, is_active=True).exists():
            return False
        Draft.objects.update_or_create(
            user_id=user, place=place[:200], defaults={"fields": kept_fields, "saved_at": now}
        )
    return True


def kept(user: uuid.UUID | None, place: str) -> dict[str, Any]:
    """Return the fields kept for this account and page; empty where there are none."""
    if user is None:
        return {}
    found = Draft.objects.filter(user_id=user, place=place[:200]).first()
    return dict(found.fields) if found else {}


def held(user: uuid.UUID | None, start: str) -> list[Kept]:
    """Return the forms kept for this account on pages whose address begins so, newest first."""
    if user is None:
        return []
    found = Draft.objects.filter(user_id=user, place__startswith=start).order_by("-saved_at")
    return [Kept(one.place, dict(one.fields), one.saved_at) for one in found]


def forget(user: uuid.UUID | None, place: str) -> None:
    """Drop what was kept: the form was sent, or its owner says so."""
    if user is not None:
        Draft.objects.filter(user_id=user, place=place[:200]).delete()
