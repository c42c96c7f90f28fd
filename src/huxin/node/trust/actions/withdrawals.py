"""A single withdrawal takes two officers: one asks, another one of the organisation agrees.

    ask         the card waits, and stays valid; asked twice, by whomever, it is the same request
    agree       another officer agrees: `revoke.revoke` is done in the same transaction
    decline     …or says why not; the officer who asked reads it
    take_back   the officer who asked lets it be, as long as nobody decided

- nothing is sent to the holder before somebody agreed; what was done with their card stands in their access log;
- a card that ended in another way meanwhile (a correction, a recall) closes its request: `revoke.end_card`;
- a correction needs no second officer, since its holder is left with the right card: `revoke.correct`.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions.revoke import LONGEST_NOTE, check_withdrawal, revoke
from huxin.node.trust.models import Card, Revocation, WithdrawalRequest

__all__ = ["agree", "ask", "decline", "take_back"]


def ask(card: Card, reason: str, note: str, *, by: Actor, now: datetime) -> WithdrawalRequest:
    """Ask for a second officer; where the card waits already, the first request counts.

    Refuses as `revoke` does, and with `exists` a card that was withdrawn.
    """
    if not by.may(Permission.REVOKE):
        raise RefusalError("bad-input", "not theirs")
    check_withdrawal(card, reason, note, by)
    with transaction.atomic():
        locked = Card.objects.select_for_update().get(id=card.id)
        if Revocation.objects.filter(card=locked).exists():
            raise RefusalError("exists", "the card was withdrawn already")
        found = WithdrawalRequest.objects.filter(card=locked, approved=None).first()
        if found is not None:
            return found
        made = WithdrawalRequest.objects.create(
            card=locked, reason=reason, note=note.strip(), asked_by=by.staff().user, asked_at=now
        )
        audit.record("withdrawal-asked", by=by, now=now, **_of(made))
    return made


def agree(request: uuid.UUID, *, by: Actor, now: datetime) -> WithdrawalRequest:
    """Agree to a colleague's request and withdraw the card; a second click gives the same.

    Refuses with `bad-input` whom it is not for, with `own-work` one's own, with `state` what waits no more.
    """
    with transaction.atomic():
        found = _colleagues(request, by)
        if found.approved and found.decided_by == by.staff().user:
            return found
        _decide(found, by, now, approved=True)
        audit.record("withdrawal-agreed", by=by, now=now, **_of(found))
        revoke(found.card, found.reason, str(found.note), by=by, now=now)
    return found


def decline(request: uuid.UUID, why: str, *, by: Actor, now: datetime) -> WithdrawalRequest:
    """Decline a colleague's request; refuses with `missing` without saying why, otherwise as `agree`."""
    said = why.strip()[:LONGEST_NOTE]
    if not said:
        raise RefusalError("missing", "why")
    with transaction.atomic():
        found = _colleagues(request, by)
        found.answer = said
        _decide(found, by, now, approved=False)
        audit.record("withdrawal-declined", by=by, now=now, **_of(found))
    return found


def take_back(request: uuid.UUID, *, by: Actor, now: datetime) -> WithdrawalRequest:
    """Let one's own request be; refuses with `bad-input` a colleague's, with `state` what waits no more."""
    with transaction.atomic():
        found = _here(request, by)
        if found.asked_by != by.staff().user:
            raise RefusalError("bad-input", "a colleague's")
        _waits(found)
        found.approved, found.decided_at = False, now
        found.save(update_fields=["approved", "decided_at"])
        audit.record("withdrawal-taken-back", by=by, now=now, **_of(found))
    return found


def _colleagues(request: uuid.UUID, by: Actor) -> WithdrawalRequest:
    found = _here(request, by)
    if found.asked_by == by.staff().user:
        raise RefusalError("own-work", "one's own")
    return found


def _here(request: uuid.UUID, by: Actor) -> WithdrawalRequest:
    if not by.may(Permission.REVOKE):
        raise RefusalError("bad-input", "not theirs")
    here = WithdrawalRequest.objects.filter(card__organisation_id=by.staff().organisation)
    found = here.filter(id=request).first()
    if found is None:
        raise RefusalError("bad-input", "no such request here")
    # The card first, as whatever else ends it does: the lock makes the later one see what the first one wrote.
    Card.objects.select_for_update().get(id=found.card_id)
    return here.select_related("card").get(id=request)


def _waits(found: WithdrawalRequest) -> None:
    if found.approved is not None:
        raise RefusalError("state", "it does not wait")


def _decide(found: WithdrawalRequest, by: Actor, now: datetime, *, approved: bool) -> None:
    _waits(found)
    found.approved, found.decided_by, found.decided_at = approved, by.staff().user, now
    found.save(update_fields=["approved", "decided_by", "decided_at", "answer"])


def _of(found: WithdrawalRequest) -> dict[str, Any]:
    """Return what the trail says of a request: it names the card, so that a card kept from a guardian stays kept."""
    return {
        "subject": found.card.person_id,
        "about": (found.card, "correct"),
        "detail": {"reason": found.reason},
    }
