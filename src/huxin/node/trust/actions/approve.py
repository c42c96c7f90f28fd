"""The second pair of eyes: another officer looks at a card past the limit, and approves or declines.

- never the officer who asked, and only one of the same organisation; the database holds the
  first of these too;
- approving issues the card in the same transaction and with the same request: a wish is never
  approved without its card;
- declining says why; the officer who asked reads it.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.trust.actions.issue import Asked, issue_card
from huxin.node.trust.models import Card, IssueRequest
from huxin.packs.entries import Entry, read_entry
from huxin.packs.stand_in import pack_to_sign

__all__ = ["MOST_LETTERS", "approve", "decline"]

MOST_LETTERS: Final = 300


def approve(wish: uuid.UUID, *, by: Actor, now: datetime) -> Card | None:
    """Approve a wish and issue its card; nothing for whom it does not wait.

    A second click gives the same card.  Refuses with `exists` what was declined, and as
    `issue_card` does.
    """
    with transaction.atomic():
        waiting = _for(wish, by)
        if waiting is None:
            return None
        if waiting.approved is False:
            raise RefusalError("exists", "declined before")
        if waiting.approved is None:
            _decide(waiting, by, now, approved=True)
            audit.record(
                "approved", by=by, now=now, subject=waiting.person_id, about=(waiting, "issue")
            )
        made = issue_card(_asked(waiting, now), by=by, now=now)
    assert isinstance(made, Card)  # with an officer named, nothing waits again
    return made


def decline(wish: uuid.UUID, note: str, *, by: Actor, now: datetime) -> IssueRequest | None:
    """Decline a wish; `note` says why.  Refuses with `missing` without it, with `exists` too late."""
    said = note.strip()[:MOST_LETTERS]
    if not said:
        raise RefusalError("missing", "note")
    with transaction.atomic():
        waiting = _for(wish, by)
        if waiting is None:
            return None
        if waiting.approved is True:
            raise RefusalError("exists", "approved before")
        if waiting.approved is None:
            waiting.note = said
            _decide(waiting, by, now, approved=False)
            audit.record(
                "declined", by=by, now=now, subject=waiting.person_id, about=(waiting, "issue")
            )
    return waiting


def _for(wish: uuid.UUID, by: Actor) -> IssueRequest | None:
    staff = by.staff()
    here = IssueRequest.objects.select_for_update().filter(organisation_id=staff.organisation)
    return here.exclude(asked_by=staff.user).filter(id=wish).first()


def _decide(waiting: IssueRequest, by: Actor, now: datetime, *, approved: bool) -> None:
    waiting.approved = approved
    waiting.decided_by = by.staff().user
    waiting.decided_at = now
    waiting.save(update_fields=["approved", "decided_by", "decided_at", "note"])


def _asked(waiting: IssueRequest, now: datetime) -> Asked:
    today = local_day(now)
    entry = read_entry(pack_to_sign(waiting.pack), waiting.cells, today=today)
    if not isinstance(entry, Entry):
        raise RefusalError(entry[0].code, entry[0].field)
    return Asked(
        waiting.person,
        entry,
        waiting.cells,
        waiting.request,
        minimal=waiting.minimal,
        officer=waiting.asked_by,
    )
