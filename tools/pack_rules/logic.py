"""Words for the logic of our packs' rules, so that a rule is written as it is said.

    either(stated(["clearance"], is_("purpose", "school-entry")), at_least(2, "vaccination", MEASLES))

What they make is plain CertLogic.  The rules they keep:

- a field that is absent is never a fault: a `var` guards whatever needs its value;
- inside a `reduce` there is no clock, so a reduction ends in a number or a date-time, and that is
  compared with the clock outside: only so can a program say why, and until when;
- where nothing holds, a person is told of what they showed: the last operand of `any_of`, or of `either`
  the statement that is over or has not begun, if there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "Condition",
    "Proof",
    "any_of",
    "at_least",
    "both",
    "clock",
    "fields_of",
    "in_order",
    "is_",
    "known",
    "latest",
    "one_of",
    "since",
    "stated",
    "var",
    "younger_than",
]

Logic = Any
Condition = Callable[[str], Logic]
"""A condition on an event, made for the path at which the event stands."""

_NEVER: Final = {"plusTime": ["9999-12-31", 0, "day"]}
_LONG_AGO: Final = {"plusTime": ["1970-01-01", 0, "day"]}


def var(path: str) -> Logic:
    return {"var": path}


def clock(amount: int = 0, unit: str = "day") -> Logic:
    """The present instant, moved."""
    return {"plusTime": [var("external.validationClock"), amount, unit]}


# ---------------------------------------------------------------------------- conditions on an event


def is_(field: str, value: str) -> Condition:
    return lambda at: {"===": [var(f"{at}.{field}"), value]}


def one_of(field: str, values: Iterable[str]) -> Condition:
    return lambda at: {"in": [var(f"{at}.{field}"), list(values)]}


def known(field: str) -> Condition:
    return lambda at: var(f"{at}.{field}")


def both(*conditions: Condition) -> Condition:
    return lambda at: {"and": [one(at) for one in conditions]}


# ------------------------------------------------------------------------------- what events amount to


def _fold(kinds: Iterable[str], chosen: Condition, better: Logic, start: Logic) -> Logic:
    """Reduce the events of several kinds that are chosen; the first kind is what people are told of."""
    for kind in reversed([*kinds]):
        step = {"if": [chosen("current"), better, var("accumulator")]}
        start = {"reduce": [var(f"payload.{kind}"), step, start]}
    return start


def count(kinds: Iterable[str], chosen: Condition) -> Logic:
    return _fold(kinds, chosen, {"+": [var("accumulator"), 1]}, 0)


def _extreme(sign: str, time: Logic) -> Logic:
    return {"if": [{sign: [time, var("accumulator")]}, time, var("accumulator")]}


def latest(kinds: Iterable[str], chosen: Condition, field: str, *, days: int = 0) -> Logic:
    """The latest time in a field, moved by days; 1970 where there is none."""
    time = {"plusTime": [var(f"current.{field}"), days, "day"]}
    return _fold(kinds, both(chosen, known(field)), _extreme("after", time), _LONG_AGO)


def earliest(kinds: Iterable[str], chosen: Condition, field: str) -> Logic:
    """The earliest time in a field; the last day of the calendar where there is none."""
    time = {"plusTime": [var(f"current.{field}"), 0, "day"]}
    return _fold(kinds, both(chosen, known(field)), _extreme("before", time), _NEVER)


# -------------------------------------------------------------------------------------- whole sentences


def any_of(*operands: Logic) -> Logic:
    """One of them holds; where none does, the last one is what is told."""
    *first, last = operands
    for one in reversed(first):
        last = {"if": [one, True, last]}
    return last


def in_order(*operands: Logic) -> Logic:
    """All of them hold; where one does not, it is what is told."""
    return {"and": list(operands)}


def at_least(number: int, kind: str, chosen: Condition) -> Logic:
    """So many events, each with its date, that fit."""
    return {">=": [count([kind], chosen), number]}


@dataclass(frozen=True)
class Proof:
    """Something that people may show: whether it is there at all, and what is asked of its dates."""

    there: Logic
    in_time: Logic

    @property
    def holds(self) -> Logic:
        """It is there, and its dates are right."""
        return in_order(self.there, self.in_time)


def stated(kinds: list[str], chosen: Condition) -> Proof:
    """A statement that has begun and whose last day is not over."""
    # One that has no first day has begun; of several the first to begin counts.  That is right as
    # long as none of them is over, and a card that is over is believed by nobody.
    first = {"plusTime": [var("current.valid_from"), 0, "day"]}
    begun = {"if": [var("current.valid_from"), _extreme("before", first), _LONG_AGO]}
    start = _fold(kinds, chosen, begun, _NEVER)
    # The last day still counts; days are those of UTC, which cards are written in.
    end = latest(kinds, chosen, "valid_until", days=1)
    return Proof(
        {">=": [count(kinds, both(chosen, known("valid_until"))), 1]},
        in_order({"before": [clock(), end]}, {"not-before": [clock(), start]}),
    )


def since(amount: int, unit: str, kind: str, chosen: Condition, field: str) -> Proof:
    """The first of the events that fit, so long ago or longer."""
    return Proof(
        at_least(1, kind, both(chosen, known(field))),
        {"not-before": [clock(-amount, unit), earliest([kind], chosen, field)]},
    )


def either(proof: Proof, other: Logic) -> Logic:
    """A proof, or what else is asked; who shows the proof out of time is told of that."""
    return {"if": [proof.there, any_of(other, proof.in_time), other]}


def younger_than(months: int) -> Logic:
    """Not so many months old yet, as far as the birth date is known."""
    birthday = {"plusTime": [var("payload.birth"), months, "month"]}
    return in_order(var("payload.birth"), {"before": [clock(), birthday]})


# -------------------------------------------------------------------------------------- what is read


def fields_of(logic: Logic) -> list[str]:
    """Return the fields of the payload that an expression reads, in order."""
    return sorted(set(_fields(logic, "")))


def _fields(logic: Logic, kind: str) -> Iterable[str]:
    if isinstance(logic, list):
        for one in logic:
            yield from _fields(one, kind)
    elif isinstance(logic, dict):
        ((name, operands),) = logic.items()
        if name == "var":
            yield from _field(operands, kind)
        elif name == "reduce":
            over, step, start = operands
            yield from _fields(step, over["var"].removeprefix("payload."))
            yield from _fields(start, kind)
        else:
            yield from _fields(operands, kind)


def _field(path: str, kind: str) -> Iterable[str]:
    root, _, rest = path.partition(".")
    if root == "payload":
        yield rest
    elif root == "current":
        yield f"{kind}.{rest}"
