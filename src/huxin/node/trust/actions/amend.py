"""What becomes of a card whose record at a visit was put right: it is withdrawn, another takes its place.

- a card follows its record, also where a desk had corrected it meanwhile; one that was withdrawn stays so;
- past the officer's daily limit the wrong card is withdrawn at once and the right one waits for another
  officer: a wrong card does not go on until somebody has time;
- a wish that still waits for another officer is dropped, so that nobody signs what is known to be wrong;
- told twice, the second changes nothing.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huxin.node.base import audit
from huxin.node.base.actor import Actor, Staff
from huxin.node.trust.actions.by_flow import FromVisit, asked_from_visit, issue_from_visit, known
from huxin.node.trust.actions.revoke import DailyLimitError, correct, revoke
from huxin.node.trust.models import Card, IssueRequest, Revocation

__all__ = ["Amended", "amend_from_visit"]


@dataclass(frozen=True, slots=True)
class Amended:
    """What a clinician put right; without `right` there is nothing to certify any more."""

    wrong: uuid.UUID
    right: FromVisit | None
    reason: str
    note: str
    officer: Staff
    at: datetime


def amend_from_visit(fact: Amended, *, now: datetime) -> bool:
    """Withdraw the card of a wrong record and issue that of the right one.

    Tells whether a card was withdrawn, so that its person was told.  Refuses as `issue_card`.
    """
    by = Actor(user=fact.officer.user, organisation=fact.officer.organisation)
    with transaction.atomic():
        _drop_wish(fact.wrong, by, now)
        done = fact.right is not None and known(fact.right.request)
        card = None if done else _in_force(fact.wrong)
        if card is not None:
            _withdraw(card, fact, by, now)
        if fact.right is not None:
            issue_from_visit(fact.right, now=now)
    return _withdrawn(fact)


def _drop_wish(request: uuid.UUID, by: Actor, now: datetime) -> None:
    waiting = IssueRequest.objects.select_for_update().filter(request=request, approved=None)
    for one in waiting:
        # Nobody decided it: the officer who asked may be the very one who corrects.
        one.approved, one.decided_at = False, now
        one.save(update_fields=["approved", "decided_at"])
        audit.record("dropped-wish", by=by, now=now, subject=one.person_id, about=(one, "correct"))


def _in_force(request: uuid.UUID) -> Card | None:
    """Return the card that goes back to a wish and counts now."""
    card = Card.objects.filter(request=request).first()
    while card is not None and hasattr(card, "replaced_by"):
        card = card.replaced_by
    return None if card is None or hasattr(card, "revocation") else card


def _withdraw(card: Card, fact: Amended, by: Actor, now: datetime) -> None:
    if fact.right is not None:
        try:
            made = correct(card, asked_from_visit(fact.right), fact.note, by=by, now=now)
        except DailyLimitError:
            revoke(card, "wrong-facts", fact.note, by=by, now=now)
            return
        audit.record(
            "issued-by-flow", by=by, now=now, subject=made.person_id, about=(made, "care"),
            detail={"visit": str(fact.right.visit)},
        )  # fmt: skip
    else:
        revoke(card, fact.reason, fact.note, by=by, now=now)


def _withdrawn(fact: Amended) -> bool:
    """Tell whether the wrong record's card, or what took its place, was withdrawn since then."""
    card = Card.objects.filter(request=fact.wrong).first()
    while card is not None:
        if Revocation.objects.filter(card=card, at__gte=fact.at).exists():
            return True
        card = getattr(card, "replaced_by", None)
    return False
