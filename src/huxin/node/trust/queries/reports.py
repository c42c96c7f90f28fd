"""Reports of errors: those of a card for its person, those that wait for a desk."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db.models import QuerySet

from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.trust.models import Card, Report

__all__ = ["report_here", "reports_of", "reports_waiting", "reports_waiting_here"]


def reports_of(card: Card) -> list[Report]:
    """Return what was said of a card, newest first; whoever asks was handed the card before."""
    return list(Report.objects.filter(card=card).order_by("-at"))


def _here(by: Actor) -> QuerySet[Report]:
    here = Report.objects.filter(card__organisation_id=by.staff().organisation)
    return here.select_related("card__person", "card__organisation")


def reports_waiting_here(*, by: Actor) -> int:
    """Return how many reports wait for this office."""
    return _here(by).filter(answered_at=None).count()


def reports_waiting(*, by: Actor) -> list[Report]:
    """Return those that wait, oldest first: pack and day, no more; opening one is recorded."""
    return list(_here(by).filter(answered_at=None).order_by("at"))


def report_here(report: uuid.UUID, *, by: Actor, now: datetime) -> Report | None:
    """Return a report of this office, and record that it was opened."""
    found = _here(by).filter(id=report).first()
    if found is not None:
        audit.record(
            "opened-report",
            by=by,
            now=now,
            subject=found.card.person_id,
            about=(found.card, "correct"),
        )
    return found
