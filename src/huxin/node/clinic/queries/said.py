"""What a record says and what was put right at a visit, as its pages show it; less what is kept back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huxin.clinic.corrections import Fault
from huxin.node.base.actor import Actor
from huxin.node.base.kept_back import NOTHING, KeptBack, kept_back
from huxin.node.base.local_day import local_day
from huxin.node.base.pack_form import rows_of
from huxin.node.clinic.models import Record, Visit
from huxin.node.clinic.queries.visits import staffs
from huxin.node.clinic.words import FAULT_WORDS
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import Words
from huxin.packs.stand_in import is_here

__all__ = ["PutRight", "Said", "recorded_rows", "said_of"]


@dataclass(frozen=True, slots=True)
class PutRight:
    """One correction: when, whether the record was voided, why, and the note for the person."""

    at: datetime
    voided: bool
    reason: Words
    note: str


@dataclass(frozen=True, slots=True)
class Said:
    """What of a visit's records an actor may read: the one that holds, its rows, what was put right.

    `opens` tells whether its card is theirs to open too.
    """

    record: Record | None
    rows: list[tuple[Words, Any]]
    corrections: list[PutRight]
    opens: bool


def recorded_rows(record: Record, without: frozenset[str] = frozenset()) -> list[tuple[Words, Any]]:
    """Return what a record says: the heads of its pack, and the values as they were read."""
    if not is_here(record.pack):
        return []
    day = local_day(record.recorded_at)
    pack = reader.pack(record.pack)
    entry = read_entry(pack, record.cells, today=day)
    if not isinstance(entry, Entry):
        return []
    shown = {name: value for name, value in entry.values.items() if name not in without}
    return rows_of(Entry(pack, shown))


def said_of(visit: Visit, *, by: Actor, now: datetime) -> Said:
    """Return what of a visit's records this actor may read; the caller may see the visit."""
    kept = NOTHING if staffs(visit, by) else kept_back(visit.person, by=by, now=now)
    record = visit.record
    if record is not None and kept.keeps_whole(record.pack):
        record = None
    rows = recorded_rows(record, kept.columns(record.pack)) if record else []
    ended = [one for one in visit.records.all() if one.ended_at is not None]
    # A note may say what a column says; whoever does not read the one does not read the other.
    shown = [one.correction for one in ended if not kept.keeps(one.pack)]
    corrections = [
        PutRight(one.at, one.replacement_id is None, FAULT_WORDS[Fault(one.reason)], str(one.note))
        for one in sorted(shown, key=lambda one: one.at)
    ]
    opens = record is not None and by.owns(visit.person_id) and not _hides(kept, record)
    return Said(record, rows, corrections, opens)


def _hides(kept: KeptBack, record: Record) -> bool:
    return kept.hides(record.pack, record.cells)
