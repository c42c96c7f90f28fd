"""Issue many cards: the same wishes as `issue`, in batches of one transaction each.

For lists, session sheets and large imports.  Each card has its own place in the status list, its
own audit entry and its own event, as if it had been issued alone.

- a batch is whole or not at all; what was granted before is found again by its request, so a run
  that died is simply run again with the same requests;
- a wish that cannot be signed is an answer of its own and stops nobody else's;
- the officer's daily limit counts here too: what is past it waits for another officer.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from django.conf import settings
from django.db import transaction

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.audit import Note
from huxin.node.base.models import User
from huxin.node.trust.actions import issue
from huxin.node.trust.actions.issue import LIST_SIZE, Asked
from huxin.node.trust.models import Card, IssueRequest

__all__ = ["BATCH", "Made", "issue_many"]

BATCH: Final = 200
_FULL: Final = LIST_SIZE // 2  # as `issue` does: a list that is half taken is left

Made = Card | IssueRequest | Refusal


def issue_many(asked: Iterable[Asked], *, by: Actor, now: datetime) -> Iterator[Made]:
    """Yield for each wish, in order, its card, what waits for another officer, or why there is none.

    What has been yielded is written for good.  Two wishes of one request are refused.
    """
    wishes = iter(asked)
    while batch := list(islice(wishes, BATCH)):
        yield from _issue_batch(batch, by, now)


def _issue_batch(batch: Sequence[Asked], by: Actor, now: datetime) -> list[Made]:
    with transaction.atomic():
        User.objects.select_for_update().filter(id=by.staff().user).first()
        answers = _granted(batch)
        fresh = [one for one in batch if one.request not in answers]
        left = settings.HUXIN.daily - issue.signed_today(by, now)
        answers |= _signed(fresh, max(left, 0), by, now)
        _write(answers, {one.request for one in fresh}, by, now)
    return [answers[one.request] for one in batch]


def _granted(batch: Sequence[Asked]) -> dict[uuid.UUID, Made]:
    """Return what was answered before, by request; `exists` where the facts were others."""
    wanted = {one.request: one for one in batch}
    if len(wanted) != len(batch):
        raise RefusalError("duplicate", "a request stands twice")
    found: dict[uuid.UUID, Made] = {}
    for table in (IssueRequest, Card):  # a card replaces the wish that was approved for it
        for row in table.objects.filter(request__in=wanted):
            same = issue.is_same(row, wanted[row.request])
            found[row.request] = (
                row if same else Refusal("exists", "this request gave another card")
            )
    return found


def _signed(fresh: Sequence[Asked], left: int, by: Actor, now: datetime) -> dict[uuid.UUID, Made]:
    """Return an answer for each wish: signed while the limit lasts, and nothing written yet."""
    made: dict[uuid.UUID, Made] = {}
    places = _places(min(left, len(fresh)))
    for one in fresh:
        if left == 0 and one.officer is None:
            made[one.request] = issue.wish_row(one, by=by, now=now)
            continue
        try:
            place = places[-1] if places else _places(1)[0]
            made[one.request] = issue.card_row(one, place, by=by, now=now)
        except RefusalError as error:
            made[one.request] = error.refusal
            continue
        left -= one.officer is None
        if places:
            places.pop()
    return made


def _places(count: int) -> list[tuple[int, int]]:
    """Draw `count` free places of the newest status list by chance, or of a new one."""
    last = Card.objects.order_by("-status_list").values_list("status_list", flat=True).first() or 1
    here = Card.objects.filter(status_list=last)
    if count and here.count() + count > _FULL:
        last, here = last + 1, here.none()
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn |= {secrets.randbelow(LIST_SIZE) for _ in range(count - len(drawn))}
        taken = here.filter(status_index__in=drawn).values_list("status_index", flat=True)
        drawn -= set(taken)
    return [(last, index) for index in drawn]


def _write(answers: dict[uuid.UUID, Made], fresh: set[uuid.UUID], by: Actor, now: datetime) -> None:
    new = [answer for request, answer in answers.items() if request in fresh]
    signed = [one for one in new if isinstance(one, Card)]
    waiting = [one for one in new if isinstance(one, IssueRequest)]
    Card.objects.bulk_create(signed)
    IssueRequest.objects.bulk_create(waiting)
    notes = [Note("issued", one.person_id, (one, "issue")) for one in signed]
    notes += [Note("asked-another", one.person_id, (one, "issue")) for one in waiting]
    audit.record_all(notes, by=by, now=now)
    told = [{"card": str(one.id), "pack": one.pack} for one in signed]
    outbox.emit_all("card-issued", told, now=now)
