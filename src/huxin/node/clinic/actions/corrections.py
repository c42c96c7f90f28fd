"""Correct or void what was recorded: the wrong record ends with a reason, and nothing is deleted.

- only the clinic of the visit, and only the record that was on the page: whoever comes second is told
  `exists` and looks again;
- one form, one correction: a second click gives the first one again;
- what becomes of the card is not decided here; the event tells a flow.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from huxin.clinic.corrections import Facts, Fault, check_correction
from huxin.clinic.visits import State
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.clinic.actions.visits import move, new_record, taken
from huxin.node.clinic.models import Correction, Record, Visit
from huxin.node.clinic.queries.visits import staffs
from huxin.packs.entries import Entry

__all__ = ["LONGEST_NOTE", "Wrong", "correct", "void"]

LONGEST_NOTE: Final = 300


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a form says is wrong: the record that was on its page, how, a note for the person."""

    record: uuid.UUID
    request: uuid.UUID
    fault: Fault
    note: str = ""


def correct(
    visit: uuid.UUID,
    wrong: Wrong,
    entry: Entry,
    cells: Mapping[str, str],
    *,
    by: Actor,
    now: datetime,
) -> Correction:
    """Put the right record in the place of a wrong one.

    Refuses with `bad-input` what changes nothing or a note that is too long, with `exists` where the
    record was put right meanwhile; raises `Visit.DoesNotExist` for a visit elsewhere.
    """
    return _end(visit, wrong, Facts(entry.pack.id, dict(cells)), by, now)


def void(visit: uuid.UUID, wrong: Wrong, *, by: Actor, now: datetime) -> Correction:
    """End a record that should not be there; refuses and raises as `correct`."""
    return _end(visit, wrong, None, by, now)


def _end(
    visit: uuid.UUID, wrong: Wrong, after: Facts | None, by: Actor, now: datetime
) -> Correction:
    if len(wrong.note) > LONGEST_NOTE:
        raise RefusalError("bad-input", "the note is too long")
    with transaction.atomic():
        found = taken(visit, by, now)
        if not staffs(found, by):
            raise Visit.DoesNotExist
        before = _same(wrong, after)
        if before is not None:
            return before
        holds = _holding(found, wrong)
        fields = check_correction(wrong.fault, Facts(holds.pack, holds.cells), after)
        holds.ended_at = now
        holds.save(update_fields=["ended_at"])
        made = _replace(found, holds, after, by, now)
        done = _write(holds, made, wrong, by, now)
        _record(done, found.person_id, fields, by, now)
        payload = {"correction": str(done.id), "record": str(holds.id), "pack": holds.pack}
        outbox.emit("record-corrected", payload, now=now)
    return done


def _same(wrong: Wrong, after: Facts | None) -> Correction | None:
    """Return what this form did before; refuses with `exists` when it says something else now."""
    found = Correction.objects.select_related("replacement").filter(request=wrong.request).first()
    if found is None:
        return None
    made = found.replacement
    said = None if made is None else (made.pack, made.cells)
    asked = None if after is None else (after.pack, after.cells)
    if (found.record_id, found.reason, said) != (wrong.record, wrong.fault.value, asked):
        raise RefusalError("exists", "this form did something else")
    return found


def _holding(visit: Visit, wrong: Wrong) -> Record:
    # The row itself is locked too: the flow that issues its card holds it while it does.
    found = Record.objects.select_for_update().filter(visit=visit, ended_at=None).first()
    if found is None or found.id != wrong.record:
        raise RefusalError("exists", "put right meanwhile")
    return found


def _replace(
    visit: Visit, holds: Record, after: Facts | None, by: Actor, now: datetime
) -> Record | None:
    if after is None:
        move(visit, State.VOIDED, now)
        return None
    made = new_record(visit, after.pack, after.cells, by=by, now=now)
    made.first_at = holds.first_at
    made.save(force_insert=True)
    return made


def _write(
    holds: Record, made: Record | None, wrong: Wrong, by: Actor, now: datetime
) -> Correction:
    return Correction.objects.create(
        record=holds,
        replacement=made,
        reason=wrong.fault.value,
        note=wrong.note.strip(),
        by=by.staff().user,
        at=now,
        request=wrong.request,
    )


def _record(
    done: Correction, subject: uuid.UUID, fields: tuple[str, ...], by: Actor, now: datetime
) -> None:
    about = (done, "care")
    if done.replacement_id is None:
        detail = {"reason": done.reason}
        audit.record("voided-record", by=by, now=now, subject=subject, about=about, detail=detail)
    else:
        audit.record(
            "corrected-record", by=by, now=now, subject=subject, about=about,
            detail={"fields": list(fields)},
        )  # fmt: skip
