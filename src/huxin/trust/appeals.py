"""Appeals as decisions: until when, who may decide, what a decision can say, how long it took.

Somebody who was not let in, or was told that something is due, says why that is wrong; an officer answers
with a reason.  Responsible for the times and for who may sit in judgement; leaves rows and words to the node.

- the deadline is 24 hours after receipt, over a weekend too: whoever is turned away on a Saturday stands at
  a door on Saturday;
- nobody decides about an appeal of their own, and a second one goes to another officer: without exception;
- whoever had a hand in it — published the rule, wrote the appeal down at a desk — decides only where nobody
  else may: with two pairs of eyes if there are two, late by nobody's absence if there are not;
- the code of a card is kept nowhere, so that words which hold one are not received;
- a decision changes no answer at a door and holds no colour: it says what happens next.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Final
from uuid import UUID

__all__ = [
    "ANSWER_WITHIN",
    "FEWEST_FOR_MEDIAN",
    "KEPT_DAYS",
    "LAST_TURN",
    "UPHELD",
    "Bench",
    "Decision",
    "Left",
    "State",
    "due",
    "holds_a_card",
    "left",
    "may_appeal_again",
    "median_hours",
    "state",
]

ANSWER_WITHIN: Final = timedelta(hours=24)
"""How soon an appeal is answered.  A constant: a region that wants to be slower should have to say why."""
KEPT_DAYS: Final = 90
"""For how many days after the last decision an appeal is kept; it is said on the receipt."""
LAST_TURN: Final = 2
"""A decision may be appealed against once."""
FEWEST_FOR_MEDIAN: Final = 5
"""Below this a median would tell of single people."""

_HOUR: Final = timedelta(hours=1)
# The beginning of a card's code and enough after it not to be the mention of one.
_CARD: Final = re.compile(r"(?:HC1:[0-9A-Z $%*+\-./:]{30}|shc:/[0-9/]{30})", re.IGNORECASE)


class Decision(StrEnum):
    """What a decision can say: a closed list."""

    EXEMPT = "exempt"  # the rule was applied wrongly: in by the staffed lane, at once
    MEND_RULE = "mend-rule"  # the rule is to be corrected
    MEND_CARD = "mend-card"  # the card is to be corrected, at a desk
    STANDS = "stands"  # the answer stands


UPHELD: Final = frozenset({Decision.EXEMPT, Decision.MEND_RULE, Decision.MEND_CARD})
"""The decisions that say: you were right, it was the rule, its use, or the card."""


class State(StrEnum):
    """How far an appeal is."""

    WAITING = "waiting"
    TAKEN = "taken"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Left:
    """The whole hours that are left until the deadline, or by which it is past."""

    hours: int
    late: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """Who could decide: `officers` may at all, `barred` never this one, `hands` only where nobody else may."""

    officers: frozenset[UUID]
    barred: frozenset[UUID] = frozenset()
    hands: frozenset[UUID] = frozenset()

    def may_decide(self, officer: UUID) -> bool:
        """Tell whether an officer may decide this appeal."""
        if officer not in self.officers or officer in self.barred:
            return False
        return officer not in self.hands or not self.officers - self.barred - self.hands

    def may_finish(self, officer: UUID) -> bool:
        """Tell whether an officer who took this appeal may still decide it: not once it became their own.

        Whoever was the only one when they took it had a hand in it; a colleague who came since does not undo that.
        """
        return officer in self.officers and officer not in self.barred


def due(received: datetime) -> datetime:
    """Return until when an appeal is to be answered."""
    return received + ANSWER_WITHIN


def left(deadline: datetime, now: datetime) -> Left:
    """Return how far away a deadline is, in whole hours rounded down."""
    late = now > deadline
    span = now - deadline if late else deadline - now
    return Left(span // _HOUR, late)


def state(*, owned: bool, decided: bool) -> State:
    """Return how far an appeal is."""
    if decided:
        return State.DECIDED
    return State.TAKEN if owned else State.WAITING


def may_appeal_again(turn: int, *, decided: bool) -> bool:
    """Tell whether a decision may be appealed against: the first one may, once it is there."""
    return decided and turn < LAST_TURN


def holds_a_card(text: str) -> bool:
    """Tell whether somebody pasted the code of a card into their words; such a text is not kept."""
    return _CARD.search(text) is not None


def median_hours(times: Sequence[timedelta]) -> int | None:
    """Return the median time to a decision in whole hours, rounded up; nothing where there are too few."""
    if len(times) < FEWEST_FOR_MEDIAN:
        return None
    return ceil(median(one / _HOUR for one in times))
