"""Handing a card over: claim slips, and the note in the trail that a card was printed.

A claim slip is a code on paper with which a person takes their cards onto a phone, once, within
seven days.  A new slip ends the older ones of the same person.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Literal

from django.db import transaction

from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.models import Person
from huxin.node.base.slips import DAYS, Slip, code_of, is_good, slip_token
from huxin.node.trust.models import Card, ClaimSlip

__all__ = ["DAYS", "Form", "Slip", "claim_token", "make_slip", "note_printed"]

Form = Literal["paper", "sheet", "card", "picture"]


def claim_token(code: str) -> bytes:
    """Return what is kept of a code; however it was typed, in small letters, with spaces or not."""
    return slip_token("claim", code)


def make_slip(person: Person, *, request: uuid.UUID, by: Actor, now: datetime) -> Slip:
    """Make a claim slip; the same request gives the same slip again."""
    staff = by.staff()
    code = code_of("claim", request, person.id)
    with transaction.atomic():
        before = ClaimSlip.objects.filter(code=claim_token(code)).first()
        if before is not None:
            return Slip(code, before.ends, good=is_good(before, now))
        ClaimSlip.objects.filter(person=person, used_at=None, ends__gt=now).update(ends=now)
        made = ClaimSlip.objects.create(
            person=person,
            code=claim_token(code),
            made_by=staff.user,
            made_at=now,
            ends=now + timedelta(days=DAYS),
        )
        audit.record("made-slip", by=by, now=now, subject=person.id, about=(made, "help"))
    return Slip(code, made.ends)


def note_printed(card: Card, form: Form, *, by: Actor, now: datetime) -> None:
    """Record that a card left on paper or as a picture; what people print of their own is theirs."""
    if card.person_id == by.person:
        return
    audit.record(
        "printed",
        by=by,
        now=now,
        subject=card.person_id,
        about=(card, "help" if by.owns(card.person_id) else "issue"),
        detail={"form": form},
    )
