"""The whole audit trail for the auditor: by day and by action, newest first, without a name.

An entry is told by its action, a role's organisation, the purpose, and the identifiers that were
written; who an identifier is, nobody learns here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from huxin.node.base.models import AuditEntry, Organisation
from huxin.node.base.permissions import PURPOSES
from huxin.node.home.audit_words import ACTIONS, action_words
from huxin.packs.reader import Words

__all__ = ["Line", "actions", "entries", "lines"]


@dataclass(frozen=True, slots=True)
class Line:
    """One entry, as it stands in the trail; identifiers are texts, empty where there is none."""

    id: str
    at: datetime
    action: str
    did: Words
    actor: str
    place: Words | None
    subject: str
    object: str
    why: Words | None
    detail: Mapping[str, Any]


def actions() -> list[tuple[str, Words]]:
    """Return what can be asked for: each action with its words."""
    return sorted(ACTIONS.items())


def entries(day: date | None, action: str) -> QuerySet[AuditEntry]:
    """Return the entries of a day of this region, or of all days; of an action, or of all."""
    found = AuditEntry.objects.order_by("-at", "-id")
    if day is not None:
        start = datetime.combine(day, time(), tzinfo=settings.HUXIN.time_zone)
        found = found.filter(at__gte=start, at__lt=start + timedelta(days=1))
    return found.filter(action=action) if action else found


def lines(found: Iterable[AuditEntry]) -> list[Line]:
    """Return entries in words."""
    rows = list(found)
    places = Organisation.objects.in_bulk({one.organisation for one in rows if one.organisation})
    return [_line(one, places.get(one.organisation)) for one in rows]


def _line(one: AuditEntry, place: Organisation | None) -> Line:
    return Line(
        id=str(one.id),
        at=one.at,
        action=one.action,
        did=action_words(one.action, one.detail),
        actor=str(one.actor or ""),
        place=Words(place.name_zh, place.name_en) if place else None,
        subject=str(one.subject or ""),
        object=one.object,
        why=PURPOSES.get(one.purpose),
        detail=one.detail,
    )
