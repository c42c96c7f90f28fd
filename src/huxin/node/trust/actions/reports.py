"""Saying that something on a card is wrong, and answering it.

A report changes no card: a right one is issued at the desk, and the wrong one withdrawn.  The answer
goes to the person as a message.

- one report, one row, however often its form is sent;
- of one card at most three wait at a time: more would not be read sooner;
- only a desk of the office that signed the card reads and answers it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.trust.models import Card, Report

__all__ = ["LONGEST", "answer", "report"]

LONGEST: Final = 500
_WAITING: Final = 3


def report(card: Card, text: str, *, request: uuid.UUID, by: Actor, now: datetime) -> Report:
    """Keep what is wrong on a card; refuses with `missing`, `bad-input`, or `exists` where three wait."""
    if not text.strip():
        raise RefusalError("missing", "what is wrong")
    if len(text) > LONGEST or by.user is None or not by.owns(card.person_id):
        raise RefusalError("bad-input", "too long, or not their card")
    try:
        with transaction.atomic():
            return _same(card, request) or _write(card, text.strip(), request, by, now)
    except IntegrityError:
        found = _same(card, request)  # two clicks at one moment: the other one won
        if found is None:
            raise
        return found


def _same(card: Card, request: uuid.UUID) -> Report | None:
    found = Report.objects.filter(id=request).first()
    if found is not None and found.card_id != card.id:
        raise RefusalError("exists", "this request was about another card")
    return found


def _write(card: Card, text: str, request: uuid.UUID, by: Actor, now: datetime) -> Report:
    if Report.objects.filter(card=card, answered_at=None).count() >= _WAITING:
        raise RefusalError("exists", "reports of this card wait already")
    assert by.user is not None
    made = Report.objects.create(id=request, card=card, text=text, by=by.user, at=now)
    audit.record(
        "reported-error", by=by, now=now, subject=card.person_id, about=(card, "correct"),
        detail={"report": str(made.id)},
    )  # fmt: skip
    return made


def answer(report: uuid.UUID, text: str, *, by: Actor, now: datetime) -> Report | None:
    """Answer a report of the actor's office, once; the first answer counts.  `None` for another office's."""
    if not text.strip():
        raise RefusalError("missing", "the answer")
    if len(text) > LONGEST:
        raise RefusalError("bad-input", "too long")
    staff = by.staff()
    with transaction.atomic():
        here = Report.objects.select_for_update(of=("self",)).select_related("card__person")
        found = here.filter(id=report, card__organisation_id=staff.organisation).first()
        if found is None or found.answered_at is not None:
            return found
        found.answer, found.answered_at, found.answered_by = text.strip(), now, staff.user
        found.save(update_fields=["answer", "answered_at", "answered_by"])
        _tell(found, now)
        audit.record(
            "answered-report",
            by=by,
            now=now,
            subject=found.card.person_id,
            about=(found.card, "correct"),
            detail={"report": str(found.id)},
        )
    return found


def _tell(made: Report, now: datetime) -> None:
    card = made.card
    blanks = {
        "identifier": card.identifier,
        "pack": card.pack,
        "date": local_day(made.at).isoformat(),
        "office": card.organisation.name_zh,
        "office_en": card.organisation.name_en,
        "answer": made.answer,
        "card": str(card.id),
    }
    people.tell(card.person, "report-answered", blanks=blanks, now=now)
