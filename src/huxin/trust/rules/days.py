"""The instants that the logic of a rule names: what it asks may change there.

A date stands in a rule as it is, known in part, or moved by `plusTime`; and a comparison that moves the clock turns
as much earlier or later.  `fixed_instants` are the dates themselves, `named_instants` also where the clock reaches
them.  As milliseconds since 1970, as the evaluation reckons.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, time
from itertools import islice, product
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.change import CLOCK
from huxin.trust.rules.datetimes import Unit
from huxin.trust.rules.expression import (
    TIME_COMPARISONS,
    BirthTime,
    Compare,
    Expression,
    Literal,
    PlusTime,
    Var,
    walk,
)

__all__ = ["MOST_NAMED", "beginning", "fixed_instants", "named_instants"]

MOST_NAMED: Final = 10_000
"""How many instants are looked for in one rule; whoever finds so many has not found all."""

_CLOCK_PATH: Final = f"external.{CLOCK}"


def beginning(day: date) -> datetime:
    """Return where a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def fixed_instants(logic: Expression) -> frozenset[int]:
    """Return the date-times that are written into a rule, moved where the rule moves them."""
    return frozenset(_fixed(logic))


def named_instants(logic: Expression) -> frozenset[int]:
    """Return the instants that a rule names: its date-times, and where a clock that it moves reaches them."""
    return frozenset(islice(_named(logic), MOST_NAMED))


def _named(logic: Expression) -> Iterator[int]:
    yield from _fixed(logic)
    for node in walk(logic):
        if isinstance(node, Compare) and node.operator in TIME_COMPARISONS:
            shifts = {
                (-one.amount, one.unit)
                for one in walk(node)
                if isinstance(one, PlusTime) and _reads_clock(one.operand)
            }
            for instant, (amount, unit) in product(fixed_instants(node), shifts):
                yield from _moved(instant, amount, unit)


def _fixed(logic: Expression) -> Iterator[int]:
    moved: set[int] = set()
    for node in walk(logic):
        if isinstance(node, PlusTime | BirthTime):
            amount, unit = (
                (node.amount, node.unit) if isinstance(node, PlusTime) else (0, datetimes.UNITS[2])
            )
            for one in walk(node.operand):
                moved.add(id(one))
                for instant in _of_text(one):
                    yield from _moved(instant, amount, unit)
        elif id(node) not in moved:
            yield from _of_text(node)


def _of_text(node: Expression) -> Iterator[int]:
    if isinstance(node, Literal) and isinstance(node.value, str):
        with suppress(RefusalError):
            yield datetimes.parse(node.value)


def _moved(instant: int, amount: int, unit: Unit) -> Iterator[int]:
    with suppress(RefusalError):
        yield datetimes.shift(instant, amount, unit)


def _reads_clock(node: Expression) -> bool:
    return any(isinstance(one, Var) and one.path == _CLOCK_PATH for one in walk(node))
