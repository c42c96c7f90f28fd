"""Finds when an answer next changes, from the rule itself.

An answer over fixed data changes only with the clock, and the clock enters CertLogic in one way:
`plusTime` makes a date-time of it, which is compared with another.  As long as each of those
comparisons comes out as it did, the same operations are carried out and the same value comes out.
So it is enough to look at the instants at which a comparison that was carried out may come out
differently, in order, and to evaluate there until the answer differs.

- the instant is exact to the millisecond;
- `None` means: not before the horizon, or the rule reads the clock in a way that cannot be followed
  (as a text, or two times of the clock with each other).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.datetimes import DAY, HOUR, Unit
from huxin.trust.rules.expression import TIME_COMPARISONS, Expression, PlusTime, walk
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import DateTime, truth

__all__ = ["CLOCK", "next_change"]

CLOCK: Final = "validationClock"
"""The name under which a rule finds the clock among the `external` data."""

_HORIZON: Final = 200 * 366 * DAY
_MOST_INSTANTS: Final = 500
_READS_VALUES: Final = ("===", "in", "extractFromUVCI", "dccDateOfBirth")


class _ClockText(str):
    """The clock, as a text that can be recognised wherever an evaluation carries it."""

    __slots__ = ()


class _CannotFollowError(Exception):
    """The rule uses the clock in a way whose changes cannot be computed."""


def next_change(expression: Expression, data: Mapping[str, Any]) -> int | None:
    """Return the first instant after the clock in `data` at which the answer is another one.

    An answer is whether the value is true, false or neither.  Instants are milliseconds since 1970.  An evaluation that refuses later on counts as another
    answer; where the one at the clock itself refuses there is nothing that could change.
    """
    external = data.get("external")
    clock = external.get(CLOCK) if isinstance(external, dict) else None
    if not isinstance(clock, str):
        return None
    try:
        now = datetimes.parse(clock)
    except RefusalError:
        return None
    return _Search(expression, data).after(now)


class _Search:
    """One question: the rule, the data, and where each `plusTime` of the rule stands."""

    def __init__(self, expression: Expression, data: Mapping[str, Any]) -> None:
        self._expression = expression
        self._data = data
        self._shifts = {
            node.place: (node.amount, node.unit)
            for node in walk(expression)
            if isinstance(node, PlusTime)
        }

    def after(self, clock: int) -> int | None:
        """Return the first instant after `clock` at which the answer is another one."""
        try:
            here, steps = self._at(clock)
            waiting = set(self._instants(steps))
            for _ in range(_MOST_INSTANTS):
                coming = [one for one in waiting if clock < one <= clock + _HORIZON]
                if not coming:
                    return None
                instant = min(coming)
                waiting.discard(instant)
                try:
                    answer, steps = self._at(instant)
                except RefusalError:
                    return instant
                if answer is not here:
                    return instant
                clock = instant
                waiting.update(self._instants(steps))
        except (_CannotFollowError, RefusalError):
            pass
        return None

    def _at(self, instant: int) -> tuple[bool | None, list[Step]]:
        """Return the answer at an instant, and the steps that led to it."""
        steps: list[Step] = []
        clock = _ClockText(datetimes.as_text(instant))
        data = {**self._data, "external": {**self._data["external"], CLOCK: clock}}
        return truth(interpret(self._expression, data, steps)), steps

    def _instants(self, steps: Iterable[Step]) -> Iterator[int]:
        """Yield the instants at which a comparison that was carried out may come out differently."""
        shifts: dict[int, tuple[int, Unit]] = {}
        for step in steps:
            if step.operator == "plusTime" and _is_clock(step.operands[0]):
                shifts[id(step.value)] = self._shifts[step.place]
            elif step.operator in TIME_COMPARISONS:
                yield from _crossings(step.operands, shifts)
            elif step.operator in _READS_VALUES and _has_clock(step.operands, shifts):
                raise _CannotFollowError


def _is_clock(one: Any) -> bool:
    return isinstance(one, _ClockText)


def _has_clock(operands: tuple[Any, ...], shifts: Mapping[int, tuple[int, Unit]]) -> bool:
    """Tell whether the clock, or a time made of it, is among the operands or inside of them."""
    pending, seen = list(operands), set[int]()
    while pending:
        one = pending.pop()
        if _is_clock(one) or id(one) in shifts:
            return True
        if isinstance(one, list | dict) and id(one) not in seen:
            seen.add(id(one))
            pending.extend(one.values() if isinstance(one, dict) else one)
    return False


def _crossings(
    operands: tuple[DateTime, ...], shifts: Mapping[int, tuple[int, Unit]]
) -> Iterator[int]:
    for left, right in pairwise(operands):
        moved, other = shifts.get(id(left)), shifts.get(id(right))
        if moved is not None and other is not None:
            if moved != other:
                raise _CannotFollowError
        elif moved is not None:
            yield from _around(right.instant, *moved)
        elif other is not None:
            yield from _around(left.instant, *other)


def _around(target: int, amount: int, unit: Unit) -> Iterator[int]:
    """Yield the instants at which the clock, moved, reaches `target`, and the millisecond after.

    Adding years or months lets days run over (31 January and a month is 3 March), so a target may
    be reached twice or be jumped over: every day near it is looked at, at its beginning too.
    """
    if unit in ("day", "hour"):
        reached = target - amount * (DAY if unit == "day" else HOUR)
        yield from (reached, reached + 1)
        return
    try:
        day, of_day = divmod(datetimes.shift(target, -amount, unit), DAY)
    except RefusalError:  # before or after the calendar, where no clock comes
        return
    for near in range(day - 4, day + 5):
        yield near * DAY
        yield near * DAY + of_day
        yield near * DAY + of_day + 1
