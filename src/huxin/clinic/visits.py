"""What may happen to a visit, and what may not.

    booked ─► arrived ─► seen ─► recorded ─► voided ─► arrived   they wait still, on that day
      │  ▲      │  ▲       │                 the record was not theirs, or nothing was done
      │  │      │  └───────┘  called by mistake: back into the queue
      │  └──────┘             arrived was pressed for the wrong person
      ├─► cancelled
      └─► missed ─► arrived   came late after all

Responsible for which step may follow which, and when.  Leaves to others who may take it, and what
is written.

- a step that may not be taken is refused with `state`; nothing is guessed;
- what is recorded stays: a wrong record is corrected or voided (`corrections`), never undone;
- nobody is missed before their time has come, and nobody arrives on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["ENDED", "MOVES", "Moment", "State", "check_move", "moves_now"]


class State(StrEnum):
    """Where a visit is."""

    BOOKED = "booked"
    ARRIVED = "arrived"
    SEEN = "seen"
    RECORDED = "recorded"
    CANCELLED = "cancelled"
    MISSED = "missed"
    VOIDED = "voided"


MOVES: Final[Mapping[State, frozenset[State]]] = {
    State.BOOKED: frozenset({State.ARRIVED, State.CANCELLED, State.MISSED}),
    State.ARRIVED: frozenset({State.SEEN, State.BOOKED, State.MISSED}),
    State.SEEN: frozenset({State.RECORDED, State.ARRIVED}),
    State.RECORDED: frozenset({State.VOIDED}),
    State.CANCELLED: frozenset(),
    State.MISSED: frozenset({State.ARRIVED}),
    State.VOIDED: frozenset({State.ARRIVED}),
}
ENDED: Final = frozenset({State.RECORDED, State.CANCELLED, State.MISSED, State.VOIDED})


@dataclass(frozen=True, slots=True)
class Moment:
    """When a visit was to begin, what time it is now, and by whose calendar days are told."""

    starts: datetime
    now: datetime
    zone: tzinfo

    def is_the_day(self) -> bool:
        """Tell whether it is the day of the visit, in the clinic's zone."""
        return self.starts.astimezone(self.zone).date() == self.now.astimezone(self.zone).date()


def moves_now(state: State, moment: Moment) -> frozenset[State]:
    """Return the steps that may be taken from `state` at this moment."""
    return frozenset(to for to in MOVES[state] if _in_time(to, moment))


def check_move(state: State, to: State, moment: Moment) -> None:
    """Refuse with `state` a step that may not be taken."""
    if to not in MOVES[state]:
        raise RefusalError("state", f"{state} to {to}")
    if not _in_time(to, moment):
        raise RefusalError("state", f"{to} at another time")


def _in_time(to: State, moment: Moment) -> bool:
    if to is State.CANCELLED:
        return moment.now < moment.starts
    if to is State.MISSED:
        return moment.now >= moment.starts
    if to is State.ARRIVED:
        return moment.is_the_day()
    return True
