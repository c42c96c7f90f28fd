"""Session sheets: opening one, ticking, deciding who somebody is, closing.  Signing: `sheet_sign`.

- a row that may be somebody registered is marked, and a clerk decides;
- a tick says what shall stand there, so that sending it twice does no harm;
- a tick is taken back until its card is signed or waits for another officer.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.actor import Actor
from huxin.node.base.audit import Note
from huxin.node.base.ids import new_id
from huxin.node.trust.models import IssueRequest, SessionSheet, SheetRow
from huxin.node.trust.queries.sheets import SIMILAR, is_asked, match

__all__ = ["NewSheet", "close", "decide", "open_sheet", "tick"]


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to be opened: what all rows share, and the cells of each row."""

    request: uuid.UUID
    title: str
    pack: str
    shared: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]


def open_sheet(new: NewSheet, *, by: Actor, now: datetime) -> SessionSheet:
    """Open a sheet; the same request for the same gives the same sheet again.

    Whoever went back and changed the form opens another one.
    """
    staff = by.staff()
    key = uuid.uuid5(new.request, repr((staff.organisation, new)))
    with transaction.atomic():
        sheet, made = SessionSheet.objects.get_or_create(
            id=key,
            defaults={
                "organisation_id": staff.organisation,
                "title": new.title,
                "pack": new.pack,
                "shared": dict(new.shared),
                "opened_by": staff.user,
                "opened_at": now,
            },
        )
        if not made:
            return sheet
        rows = [_row(sheet, place, cells, by) for place, cells in enumerate(new.rows, start=1)]
        SheetRow.objects.bulk_create(rows)
        notes = [
            Note("put-on-sheet", row.person_id, (sheet, "issue")) for row in rows if row.person
        ]
        detail = {"rows": len(rows)}
        audit.record_all(
            [Note("opened-sheet", None, (sheet, "issue"), detail), *notes], by=by, now=now
        )
    return sheet


def _row(sheet: SessionSheet, place: int, cells: Mapping[str, str], by: Actor) -> SheetRow:
    person, alike = match(cells, by=by)
    fault = SIMILAR if person is None and alike else ""
    return SheetRow(sheet=sheet, position=place, person=person, cells=dict(cells), fault=fault)


def tick(
    sheet: SessionSheet, wanted: Mapping[uuid.UUID, bool], *, by: Actor, now: datetime
) -> list[SheetRow]:
    """Tick rows, or take ticks back; returns the rows that stay as they are: they are asked or signed.

    Refuses with `state` once the sheet is closed.
    """
    notes, kept = [], []
    with transaction.atomic():
        for row in _rows_of(sheet, wanted):
            desired = wanted[row.id]
            if desired == (row.ticked_at is not None):
                continue
            if not desired and is_asked(row):
                kept.append(row)
                continue
            _set(row, desired, by, now)
            notes.append((desired, row))
        audit.record_all([_note(*one) for one in notes], by=by, now=now)
    return kept


def _note(desired: bool, row: SheetRow) -> Note:
    about = (row, "issue")
    return (
        Note("ticked", row.person_id, about) if desired else Note("unticked", row.person_id, about)
    )


def _rows_of(sheet: SessionSheet, wanted: Mapping[uuid.UUID, object]) -> list[SheetRow]:
    """Return rows of an open sheet, locked: signing looks at the same rows."""
    here = SessionSheet.objects.select_for_update().get(id=sheet.id)
    if here.closed_at is not None:
        raise RefusalError("state", "the sheet is closed")
    return list(here.rows.select_for_update().filter(id__in=wanted).order_by("position"))


def _set(row: SheetRow, desired: bool, by: Actor, now: datetime) -> None:
    row.ticked_at, row.ticked_by = (now, by.user) if desired else (None, None)
    if not desired:
        if row.fault != SIMILAR:
            row.fault = ""
        if IssueRequest.objects.filter(request=row.request).exists():
            row.request = new_id()  # declined: the next tick asks anew
    row.save()


def decide(
    sheet: SessionSheet, answers: Mapping[uuid.UUID, uuid.UUID | None], *, by: Actor, now: datetime
) -> None:
    """Say who marked rows are: a person of the organisation, or (`None`) somebody new.

    Whoever is no longer among those that may be meant is left undecided.
    """
    with transaction.atomic():
        for row in _rows_of(sheet, answers):
            if row.person_id is None and row.fault == SIMILAR:
                _decide(row, answers[row.id], by, now)


def _decide(row: SheetRow, answer: uuid.UUID | None, by: Actor, now: datetime) -> None:
    if answer is None:
        person = people.register(row.cells, by=by, now=now, request=row.request)
    else:
        exact, alike = match(row.cells, by=by)
        offered = {one.id: one for one in [*alike, *([exact] if exact else [])]}
        if answer not in offered:
            return
        person = offered[answer]
    row.person, row.fault = person, ""
    row.save()
    audit.record("put-on-sheet", by=by, now=now, subject=person.id, about=(row.sheet, "issue"))


def close(sheet: SessionSheet, *, closed: bool, by: Actor, now: datetime) -> None:
    """Close a sheet, or open it again; its cards can still be printed."""
    with transaction.atomic():
        found = SessionSheet.objects.select_for_update().get(id=sheet.id)
        if (found.closed_at is not None) == closed:
            return
        found.closed_at = now if closed else None
        found.save()
        if closed:
            audit.record("closed-sheet", by=by, now=now, about=(found, "issue"))
        else:
            audit.record("reopened-sheet", by=by, now=now, about=(found, "issue"))
