"""Using a claim slip: the code and the year of birth open a person's cards, once.

(1) `try_slip` compares; (2) whoever holds the slip chooses; (3) `open_here` or `make_account` uses it
up, in the transaction in which what they chose happens.

- a wrong code, a wrong year, a slip that was used, ended or tried too often: one answer, nothing;
- tries with a wrong year are counted on the slip and told to the person; after five it is dead;
- a slip is used once: of two at one moment the second gets nothing.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction

from huxin.node.base import accounts, audit
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import Person, User
from huxin.node.base.sessions import OPEN_FOR
from huxin.node.base.slips import MOST_TRIES, is_good, is_year_of
from huxin.node.trust.actions.handover import claim_token
from huxin.node.trust.models import ClaimSlip

__all__ = ["MOST_TRIES", "keep_account", "make_account", "open_here", "try_slip"]


def try_slip(code: str, year: str, *, now: datetime) -> uuid.UUID | None:
    """Return the slip of a code, if it is good and the year of birth is the person's."""
    with transaction.atomic():
        slip = _locked(code=claim_token(code))
        if slip is None or not is_good(slip, now):
            # Told about nobody: whoever types an old code learns nothing, and neither does the trail.
            audit.record("claim-failed", by=NOBODY, now=now)
            return None
        if is_year_of(slip.person, year):
            return slip.id
        _count(slip, now)
    return None


def open_here(slip: uuid.UUID, *, now: datetime) -> uuid.UUID | None:
    """Use a slip up to show the cards in one browser; returns whose, or nothing for a slip that is used."""
    with transaction.atomic():
        person = _use(slip, now)
        if person is None:
            return None
        audit.record("claimed", by=NOBODY, now=now, subject=person.id)
    return person.id


def make_account(slip: uuid.UUID, username: str, password: str, *, now: datetime) -> User | None:
    """Use a slip up to make an account for the person; refuses as `accounts.join`, and then it is not used."""
    with transaction.atomic():
        person = _use(slip, now)
        return accounts.join(person, username, password, now=now) if person else None


def keep_account(
    person: uuid.UUID, code: str, username: str, password: str, *, now: datetime
) -> User | None:
    """Make an account for whom a slip opened this browser a while ago.

    The code is asked once more: the paper is in the person's hand, the browser may be anybody's.
    """
    with transaction.atomic():
        slip = _locked(person_id=person, used_at__gt=now - OPEN_FOR)
        if slip is None or slip.attempts >= MOST_TRIES:
            return None
        if bytes(slip.code) == claim_token(code):
            return accounts.join(slip.person, username, password, now=now)
        _count(slip, now)
    return None


def _locked(**wanted: object) -> ClaimSlip | None:
    found = ClaimSlip.objects.select_for_update(of=("self",)).select_related("person")
    return found.filter(**wanted).order_by("-made_at").first()


def _count(slip: ClaimSlip, now: datetime) -> None:
    slip.attempts += 1
    slip.save(update_fields=["attempts"])
    audit.record("claim-failed", by=NOBODY, now=now, subject=slip.person_id, about=(slip, ""))


def _use(slip: uuid.UUID, now: datetime) -> Person | None:
    found = _locked(id=slip)
    if found is None or not is_good(found, now):
        return None
    found.used_at = now
    found.save(update_fields=["used_at"])
    return found.person
