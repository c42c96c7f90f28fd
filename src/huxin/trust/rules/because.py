"""Says why: from the steps of an evaluation to the few comparisons that decided it.

The explanation of a refusal is the shortest way down from the top of the rule: of an `and` the
operand that was false, of an `if` the branch that was taken, of a negation what it negates, until an
operation that compares what the card shows with what the rule asks.  Nothing is written by hand, so
an explanation cannot say anything else than the rule does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from huxin.kernel.value import value
from huxin.trust.rules.expression import (
    And,
    ArrayOf,
    BirthTime,
    Expression,
    If,
    Literal,
    Not,
    PartOfCode,
    Plus,
    PlusTime,
    Reduce,
    Var,
    children,
)
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import as_json, truth

__all__ = ["Finding", "Side", "because"]


@value()
class Side:
    """One side of a comparison: the fields that were read for it, and its value as JSON.

    `amount` and `unit` say by how much a time was moved, where it was.
    """

    fields: tuple[str, ...]
    value: Any
    amount: int = 0
    unit: str = ""


@value()
class Finding:
    """One comparison that decided: where it stands, what was compared, and whether it held.

    `holds` is what the operation said; `wanted` is what the rule would have needed, the other way
    round under a negation.
    """

    place: str
    operator: str
    sides: tuple[Side, ...]
    holds: bool
    wanted: bool


def because(expression: Expression, steps: Iterable[Step]) -> tuple[Finding, ...]:
    """Return the findings that decided, in the order of the rule."""
    found = {step.place: step for step in steps}
    return tuple(_findings(expression, found, wanted=True))


def _findings(node: Expression, steps: dict[str, Step], *, wanted: bool) -> Iterator[Finding]:
    if isinstance(node, And):
        yield from _of_and(node, steps, wanted=wanted)
    elif isinstance(node, If):
        yield from _of_if(node, steps, wanted=wanted)
    elif isinstance(node, Not):
        yield from _findings(node.operand, steps, wanted=not wanted)
    elif not isinstance(node, Literal):
        holds = bool(truth(_value(node, steps)))
        sides = tuple([_side(one, steps) for one in _compared(node)])
        yield Finding(node.place, node.operator, sides, holds, wanted)


def _of_and(node: And, steps: dict[str, Step], *, wanted: bool) -> Iterator[Finding]:
    done = node.operands[: len(steps[node.place].operands)]
    last_is_false = not truth(_value(done[-1], steps))
    for operand in done[-1:] if last_is_false else done:
        yield from _findings(operand, steps, wanted=wanted)


def _of_if(node: If, steps: dict[str, Step], *, wanted: bool) -> Iterator[Finding]:
    passed = bool(truth(_value(node.guard, steps)))
    branch = node.then if passed else node.otherwise
    told = list(_findings(branch, steps, wanted=wanted))
    if told:
        yield from told
        return
    # A branch that is a constant says nothing; what decided is the guard that chose it, and to
    # come out as wanted it would have had to come out the other way unless it did already.
    as_wanted = bool(truth(_value(branch, steps))) == wanted
    yield from _findings(node.guard, steps, wanted=passed if as_wanted else not passed)


def _value(node: Expression, steps: dict[str, Step]) -> Any:
    return node.value if isinstance(node, Literal) else steps[node.place].value


def _compared(node: Expression) -> tuple[Expression, ...]:
    """Return what an operation compares; what compares nothing is shown as it is."""
    if isinstance(node, Var | Reduce | ArrayOf | Plus | PlusTime | BirthTime | PartOfCode):
        return (node,)
    return children(node)


def _side(node: Expression, steps: dict[str, Step]) -> Side:
    one = as_json(_value(node, steps))
    fields = tuple(dict.fromkeys(_fields(node)))
    if isinstance(node, PlusTime):
        return Side(fields, one, node.amount, node.unit)
    return Side(fields, one)


def _fields(node: Expression) -> Iterator[str]:
    """Yield the paths that an expression reads; inside a `reduce` those of its array count."""
    if isinstance(node, Var):
        yield node.path
        return
    inner = (node.operand, node.initial) if isinstance(node, Reduce) else children(node)
    for one in inner:
        yield from _fields(one)
