"""Sign what is ticked on a session sheet: a card a row, by the one way in which lists are signed.

In one transaction with the sheet locked, so that two clerks who sign at one moment sign once.

- a row's `request` makes its card one only;
- past the officer's daily limit a row waits for another officer;
- a row that cannot be signed says why, and stays; it stops nobody else.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base import people
from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Person
from huxin.node.trust.actions.bulk import Made, issue_many
from huxin.node.trust.actions.issue import Asked
from huxin.node.trust.models import Card, IssueRequest, SessionSheet, SheetRow
from huxin.node.trust.queries.sheets import SIMILAR, match
from huxin.packs.entries import Entry, Fault, read_entry
from huxin.packs.stand_in import pack_to_sign

__all__ = ["Signed", "sign_sheet"]


@dataclass(slots=True)
class Signed:
    """What became of the rows, as numbers."""

    cards: int = 0
    waiting: int = 0
    refused: int = 0
    undecided: int = 0


def sign_sheet(
    sheet: SessionSheet, rows: Collection[uuid.UUID], *, by: Actor, now: datetime
) -> Signed:
    """Sign the ticked ones of `rows`; refuses with `state` once the sheet is closed, with `pack` where its pack is gone."""
    done = Signed()
    with transaction.atomic():
        here = SessionSheet.objects.select_for_update().get(id=sheet.id)
        if here.closed_at is not None:
            raise RefusalError("state", "the sheet is closed")
        ticked = here.rows.select_for_update().filter(id__in=rows, card=None)
        found = list(ticked.exclude(ticked_at=None).order_by("position"))
        whom = {row.id: _whom(row, by) for row in found}
        ready = _ready(here, found, whom, done, (by, now))
        answers = issue_many([one for _, one in ready], by=by, now=now)
        for (row, _), made in zip(ready, answers, strict=True):
            _settle(row, made, done)
    return done


def _whom(row: SheetRow, by: Actor) -> tuple[Person | None, bool]:
    """Return who a row is, and whether a clerk has to say so; looked up before anybody is registered."""
    if row.person is not None:
        return row.person, False
    if row.fault == SIMILAR:
        return None, True
    person, alike = match(row.cells, by=by)
    return person, person is None and bool(alike)


def _ready(
    sheet: SessionSheet,
    rows: Collection[SheetRow],
    whom: dict[uuid.UUID, tuple[Person | None, bool]],
    done: Signed,
    who: tuple[Actor, datetime],
) -> list[tuple[SheetRow, Asked]]:
    """Return the rows that can be asked for, with their wishes; the others say why not."""
    by, now = who
    pack, ready = pack_to_sign(sheet.pack), []
    for row in rows:
        person, undecided = whom[row.id]
        cells = {**sheet.shared, **row.cells}
        entry = read_entry(pack, cells, today=local_day(now))
        if undecided:
            row.fault = SIMILAR
            done.undecided += 1
        elif not isinstance(entry, Entry):
            row.fault = _kept(entry[0])
            done.refused += 1
        else:
            row.person = person or people.register(row.cells, by=by, now=now, request=row.request)
            ready.append((row, Asked(row.person, entry, cells, row.request)))
        row.save()
    return ready


def _settle(row: SheetRow, made: Made, done: Signed) -> None:
    row.fault = ""
    if isinstance(made, Card):
        row.card = made
        done.cards += 1
    elif isinstance(made, IssueRequest):
        done.waiting += 1
    else:
        row.fault = _kept(made)
        done.refused += 1
    row.save()


def _kept(fault: Fault | Refusal) -> str:
    """Return what a row keeps of a fault: `field|code|detail`."""
    field = fault.field if isinstance(fault, Fault) else ""
    return f"{field}|{fault.code}|{fault.detail}"[:80]
