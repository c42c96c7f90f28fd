"""What was recorded and put right, for flows (not for pages): each row is locked until the flow is done.

Whoever issues a record's card and whoever corrects the record wait for each other here, so that no
card is left of a record that ended.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from huxin.node.clinic.models import Correction, Record

__all__ = ["Corrected", "Recorded", "corrected", "record_of_request", "recorded"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a flow needs of a record to have its card issued; `holds` until it is corrected."""

    id: uuid.UUID
    person: uuid.UUID
    pack: str
    cells: dict[str, str]
    officer: uuid.UUID
    organisation: uuid.UUID
    at: datetime
    first_at: datetime
    request: uuid.UUID
    visit: uuid.UUID
    holds: bool


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a flow needs of a correction; without `right` the record was voided."""

    wrong: Recorded
    right: Recorded | None
    reason: str
    note: str
    officer: uuid.UUID
    at: datetime


def recorded(record: uuid.UUID) -> Recorded:
    """Return what was recorded; the caller is in a transaction."""
    Record.objects.select_for_update().get(id=record)
    found = Record.objects.select_related("visit__slot").get(id=record)
    return Recorded(
        id=found.id,
        person=found.visit.person_id,
        pack=found.pack,
        cells=dict(found.cells),
        officer=found.recorded_by,
        organisation=found.visit.slot.organisation_id,
        at=found.recorded_at,
        first_at=found.first_at,
        request=found.request,
        visit=found.visit_id,
        holds=found.ended_at is None,
    )


def corrected(correction: uuid.UUID) -> Corrected:
    """Return what was put right; the caller is in a transaction."""
    found = Correction.objects.get(id=correction)
    wrong = recorded(found.record_id)
    right = recorded(found.replacement_id) if found.replacement_id else None
    return Corrected(wrong, right, found.reason, str(found.note), found.by, found.at)


def record_of_request(request: uuid.UUID) -> uuid.UUID | None:
    """Return the record whose card was wished for by `request`, or nothing."""
    return Record.objects.filter(request=request).values_list("id", flat=True).first()
