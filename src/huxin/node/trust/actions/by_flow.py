"""Issue the card of what a clinician recorded: the same rules as at the desk, without a second typing.

- the officer is whoever recorded it; their daily limit holds, and past it the wish waits for another
  officer;
- one record, one card: told twice, the second changes nothing, also where the wish was declined;
- the trail says that a flow asked, and of which visit.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor, Staff
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Person
from huxin.node.trust.actions.issue import Asked, issue_card
from huxin.node.trust.models import Card, IssueRequest
from huxin.packs.entries import Entry, read_entry
from huxin.packs.stand_in import pack_to_sign

__all__ = ["FromVisit", "asked_from_visit", "issue_from_visit", "known"]


@dataclass(frozen=True, slots=True)
class FromVisit:
    """What a clinician recorded and answers for."""

    person: uuid.UUID
    pack: str
    cells: Mapping[str, str]
    officer: Staff
    request: uuid.UUID
    visit: uuid.UUID
    at: datetime


def issue_from_visit(fact: FromVisit, *, now: datetime) -> None:
    """Issue the card, or leave the wish to another officer; refuses as `issue_card` does."""
    if known(fact.request):
        return
    by = Actor(user=fact.officer.user, organisation=fact.officer.organisation)
    with transaction.atomic():
        made = issue_card(asked_from_visit(fact), by=by, now=now)
        audit.record(
            "issued-by-flow",
            by=by,
            now=now,
            subject=fact.person,
            about=(made, "care"),
            detail={"visit": str(fact.visit)},
        )


def asked_from_visit(fact: FromVisit) -> Asked:
    """Return the wish for the card of a record; refuses with `bad-input` what its pack reads no more, with
    `pack` where that is not here.
    """
    day = local_day(fact.at)
    entry = read_entry(pack_to_sign(fact.pack), fact.cells, today=day)
    if not isinstance(entry, Entry):
        raise RefusalError("bad-input", "a record that its pack does not read any more")
    return Asked(Person.objects.get(id=fact.person), entry, fact.cells, fact.request)


def known(request: uuid.UUID) -> bool:
    """Tell whether a wish was granted, waits, or was declined."""
    return (
        Card.objects.filter(request=request).exists()
        or IssueRequest.objects.filter(request=request).exists()
    )
