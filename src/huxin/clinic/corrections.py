"""What may become of a record that turns out to be wrong.

    wrong-facts  ─► another record takes its place          corrected
    wrong-person ─► it holds no more; the right person      voided
                    is recorded at a visit of their own
    not-done     ─► it holds no more                        voided

Responsible for which fault leads where, and for what a correction changes.  Leaves to others who
may make it, and what becomes of the card.

- nothing is deleted: the wrong record stays, with the day on which it ended and why;
- a correction changes something, or it is none;
- columns are named by their ids; an empty column and one that is not there are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["VOIDS", "Facts", "Fault", "changed", "check_correction"]


class Fault(StrEnum):
    """What is wrong with a record."""

    FACTS = "wrong-facts"
    PERSON = "wrong-person"
    NOT_DONE = "not-done"


VOIDS: Final = frozenset({Fault.PERSON, Fault.NOT_DONE})


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says: its pack, and what was typed into each column."""

    pack: str
    cells: Mapping[str, str] = field(hash=False)


def changed(before: Facts, after: Facts) -> tuple[str, ...]:
    """Return the columns that say something else, in order of their names; `pack` is one of them."""
    columns = sorted({*before.cells, *after.cells})
    found = [one for one in columns if _cell(before, one) != _cell(after, one)]
    return ("pack", *found) if before.pack != after.pack else tuple(found)


def _cell(facts: Facts, column: str) -> str:
    return facts.cells.get(column, "").strip()


def check_correction(fault: Fault, before: Facts, after: Facts | None) -> tuple[str, ...]:
    """Return what a correction changes; without `after` the record is voided and nothing is.

    Refuses with `bad-input` a fault that leads elsewhere, and a correction that changes nothing.
    """
    if (after is None) != (fault in VOIDS):
        raise RefusalError("bad-input", f"{fault} is put right in another way")
    if after is None:
        return ()
    found = changed(before, after)
    if not found:
        raise RefusalError("bad-input", "nothing is changed")
    return found
