"""The job of a recall: look its cards out in slices, then end them one by one, each in a transaction of its own.

    gathering   the organisation's cards are looked through; what is meant becomes a row
    running     looked through once more, for what was issued meanwhile; then a card a row

- a card, what takes its place, its notice, its entries and its events are written together or not at all;
- a row ends in one way and stays so; a job that was killed is begun again where it stopped, and two at one time
  do nothing twice;
- a card that was withdrawn already is skipped; one that cannot be signed anew stays as it was, and says why;
- a job that has no key, or the lost one (it was started before the new one came), stops and says so.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count
from django_tasks import task

from huxin.adapters import clock
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, crash
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.trust.actions.issue import Asked, issue_card
from huxin.node.trust.actions.revoke import Ending, end_card
from huxin.node.trust.models import Card, Recall, RecallRow, Revocation
from huxin.node.trust.queries.recall_cards import candidates, key_in_force, meant
from huxin.packs.entries import Entry, read_entry
from huxin.packs.stand_in import pack_to_sign

__all__ = ["LOOK", "STEP", "go_on"]

LOOK: Final = 500  # cards that are looked at in one step
STEP: Final = 25  # cards that end in one step
_NO_KEY: Final = "key-file"
_LOST_KEY: Final = "key-lost"


@task()
def go_on(recall: str) -> bool:
    """Do one step (a job), and ask for the next; tells whether there is more to do."""
    now = clock.now()
    found = Recall.objects.get(id=uuid.UUID(recall))
    if found.state not in ("gathering", "running") or found.fault:
        return False
    if not found.gathered:
        return _look_out(found, now)
    if fault := _fault(found):
        Recall.objects.filter(id=found.id).update(fault=fault, moved_at=now)
        return False
    rows = list(found.rows.filter(became="").order_by("id").values_list("id", flat=True)[:STEP])
    for row in rows:
        _end_one(row, found, now)
    return _ask_for_more(found, now)


def _look_out(recall: Recall, now: datetime) -> bool:
    with transaction.atomic():
        here = Recall.objects.select_for_update().get(id=recall.id)
        if here.state != recall.state or here.gathered or here.cursor != recall.cursor:
            return False  # dropped meanwhile, or another job looked here
        left = candidates(here, today=local_day(now))
        if here.cursor is not None:
            left = left.filter(id__gt=here.cursor)
        cards = list(left[:LOOK])
        RecallRow.objects.bulk_create(
            [RecallRow(recall=here, card=card) for card in meant(here, cards)],
            ignore_conflicts=True,
        )
        here.looked, here.moved_at = here.looked + len(cards), now
        here.cursor = cards[-1].id if cards else here.cursor
        here.gathered = len(cards) < LOOK
        if here.gathered and here.state == "gathering":
            here.state = "ready"
        here.save()
        crash.point("recall.looked")
        if here.state == "ready":
            return False
        go_on.enqueue(str(here.id))
    return True


def _fault(recall: Recall) -> str:
    """Return why nothing can be signed in this process, where something is to be signed."""
    if recall.reason != "key-lost":
        return ""
    key = key_in_force()
    return _NO_KEY if not key else _LOST_KEY if key == recall.kid else ""


def _end_one(row: uuid.UUID, recall: Recall, now: datetime) -> None:
    by = Actor(user=recall.asked_by, organisation=recall.organisation_id)
    with transaction.atomic():
        here = RecallRow.objects.select_for_update().get(id=row)
        if here.became:
            return
        # Locked before it is asked whether it ended: a clerk may withdraw it at this moment.
        card = Card.objects.select_for_update().get(id=here.card_id)
        if Revocation.objects.filter(card=card).exists():
            here.became = "skipped"
        elif recall.reason == "key-lost":
            _sign_anew(here, card, recall, by, now)
        else:
            end_card(card, _ending(recall), by=by, now=now)
            here.became = "withdrawn"
        here.at = now
        here.save()
        crash.point("recall.written")
    crash.point("recall.kept")


def _sign_anew(row: RecallRow, card: Card, recall: Recall, by: Actor, now: datetime) -> None:
    try:
        with transaction.atomic():
            made = issue_card(_asked(row, card, recall), by=by, now=now)
    except RefusalError as error:
        row.became, row.fault = "refused", f"{error.refusal.code}|{error.refusal.detail}"[:80]
        return
    assert isinstance(made, Card)  # with an officer named, nothing waits again
    crash.point("recall.issued")
    end_card(card, _ending(recall, made), by=by, now=now)
    row.became, row.made = "reissued", made


def _asked(row: RecallRow, card: Card, recall: Recall) -> Asked:
    """Return the wish for a card of the same facts: read as on the day on which they were signed."""
    entry = read_entry(pack_to_sign(card.pack), card.cells, today=local_day(card.issued_at))
    if not isinstance(entry, Entry):
        raise RefusalError(entry[0].code, entry[0].detail)
    return Asked(
        card.person,
        entry,
        card.cells,
        row.id,
        minimal=card.minimal,
        replaces=card,
        officer=recall.asked_by,
        until=card.last_day,
    )


def _ending(recall: Recall, made: Card | None = None) -> Ending:
    return Ending(
        recall.reason,
        recall.note_zh,
        recall.note_en,
        kind="card-reissued" if made else "card-recalled",
        replacement=made,
        detail={"recall": str(recall.id)},
    )


def _ask_for_more(recall: Recall, now: datetime) -> bool:
    with transaction.atomic():
        here = Recall.objects.select_for_update().get(id=recall.id)
        if here.state != "running":
            return False  # another job ended it
        here.moved_at = now
        more = here.rows.filter(became="").exists()
        if more:
            go_on.enqueue(str(here.id))
        else:
            _finish(here, now)
        here.save()
    return more


def _finish(recall: Recall, now: datetime) -> None:
    recall.state, recall.finished_at = "done", now
    counted = recall.rows.values_list("became").annotate(cards=Count("id"))
    by = Actor(user=recall.asked_by, organisation=recall.organisation_id)
    audit.record(
        "recall-finished", by=by, now=now, about=(recall, ""), detail=dict(counted.order_by("became"))
    )  # fmt: skip
