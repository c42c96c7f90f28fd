"""Evaluates CertLogic by walking the tree: slow, plain, and the one that is right by definition.

`compile` must give the same value, the same trace and the same refusal; they are compared on
generated cases.  Whoever wants to know what an operation means reads it here.

Refusals: `logic-type` (an operand of the wrong type), `logic-date`, `logic-steps`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from itertools import pairwise
from operator import ge, gt, le, lt
from typing import Any, Final, assert_never

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.expression import (
    TIME_COMPARISONS,
    And,
    ArrayOf,
    BirthTime,
    Compare,
    Equal,
    Expression,
    If,
    In,
    Literal,
    Not,
    PartOfCode,
    Plus,
    PlusTime,
    Reduce,
    Var,
)
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import (
    LARGEST,
    Budget,
    DateTime,
    access,
    as_integer,
    contains,
    equal,
    fragment_of_code,
    fragments,
    truth,
)

__all__ = ["COMPARISONS", "interpret"]

COMPARISONS: Final[dict[str, Callable[[int, int], bool]]] = {"<": lt, ">": gt, "<=": le, ">=": ge}


def interpret(node: Expression, data: Any, trace: list[Step] | None = None) -> Any:
    """Return the value of an expression over JSON data; steps are appended to `trace`."""
    return _Walk([] if trace is None else trace).value(node, data)


class _Walk:
    """One evaluation: what it may still cost, and what it did."""

    def __init__(self, trace: list[Step]) -> None:
        self._budget = Budget()
        self._trace = trace
        self._values: list[Any] = []  # of the operands of operations that are not finished
        self._folds = 0  # how many reductions we are inside of

    def value(self, node: Expression, data: Any) -> Any:
        """Return the value of one expression, leave its step, and say where a refusal happened."""
        if isinstance(node, Literal):
            self._values.append(node.value)
            return node.value
        first = len(self._values)
        try:
            result = self._carry_out(node, data)
        except RefusalError as error:
            if error.refusal.detail.startswith("at "):
                raise
            detail = f"at {node.place or '/'}: {error.refusal.detail}"
            raise RefusalError(error.refusal.code, detail) from error
        self._trace.append(Step(node.place, node.operator, tuple(self._values[first:]), result))
        self._values[first:] = [result]
        return result

    def _truth(self, node: Expression, data: Any) -> tuple[Any, bool]:
        one = self.value(node, data)
        true = truth(one)
        if true is None:
            raise RefusalError("logic-type", "neither true nor false")
        return one, true

    @singledispatchmethod
    def _carry_out(self, node: Any, data: Any) -> Any:  # noqa: ARG002  # the registered ones use it
        assert_never(node)

    @_carry_out.register
    def _array(self, node: ArrayOf, data: Any) -> Any:
        built = [self.value(item, data) for item in node.items]
        if self._folds:
            self._budget.spend_on(built)
        return built

    @_carry_out.register
    def _var(self, node: Var, data: Any) -> Any:
        return access(data, fragments(node.path))

    @_carry_out.register
    def _if(self, node: If, data: Any) -> Any:
        _, true = self._truth(node.guard, data)
        return self.value(node.then if true else node.otherwise, data)

    @_carry_out.register
    def _and(self, node: And, data: Any) -> Any:
        one = None
        for operand in node.operands:
            one, true = self._truth(operand, data)
            if not true:
                break
        return one

    @_carry_out.register
    def _not(self, node: Not, data: Any) -> Any:
        _, true = self._truth(node.operand, data)
        return not true

    @_carry_out.register
    def _compare(self, node: Compare, data: Any) -> Any:
        sign = TIME_COMPARISONS.get(node.operator)
        number = _instant if sign else _integer
        numbers = [number(self.value(operand, data)) for operand in node.operands]
        holds = COMPARISONS[sign or node.operator]
        pairs = pairwise(numbers)
        return all(holds(left, right) for left, right in pairs)

    @_carry_out.register
    def _equal(self, node: Equal, data: Any) -> Any:
        return equal(self.value(node.left, data), self.value(node.right, data))

    @_carry_out.register
    def _in(self, node: In, data: Any) -> Any:
        left, right = self.value(node.left, data), self.value(node.right, data)
        if not isinstance(right, list):
            raise RefusalError("logic-type", "the second operand is not an array")
        return contains(right, left)

    @_carry_out.register
    def _plus(self, node: Plus, data: Any) -> Any:
        total = _integer(self.value(node.left, data)) + _integer(self.value(node.right, data))
        if abs(total) > LARGEST:
            raise RefusalError("logic-type", "larger than what is exact everywhere")
        return total

    @_carry_out.register
    def _plus_time(self, node: PlusTime, data: Any) -> Any:
        text = _text(self.value(node.operand, data))
        return DateTime(datetimes.shift(datetimes.parse(text), node.amount, node.unit))

    @_carry_out.register
    def _birth_time(self, node: BirthTime, data: Any) -> Any:
        return DateTime(datetimes.parse_birth(_text(self.value(node.operand, data))))

    @_carry_out.register
    def _part_of_code(self, node: PartOfCode, data: Any) -> Any:
        one = self.value(node.operand, data)
        return fragment_of_code(None if one is None else _text(one), node.index)

    @_carry_out.register
    def _reduce(self, node: Reduce, data: Any) -> Any:
        operand = self.value(node.operand, data)
        if operand is not None and not isinstance(operand, list):
            raise RefusalError("logic-type", "neither an array nor null")
        accumulator = self.value(node.initial, data)
        self._budget.spend(len(operand or ()))
        self._folds += 1
        for current in operand or ():
            accumulator = self.value(node.step, {"accumulator": accumulator, "current": current})
        self._folds -= 1
        return accumulator


def _integer(one: Any) -> int:
    whole = as_integer(one)
    if whole is None:
        raise RefusalError("logic-type", "not an integer")
    return whole


def _instant(one: Any) -> int:
    if not isinstance(one, DateTime):
        raise RefusalError("logic-type", "not a date-time")
    return one.instant


def _text(one: Any) -> str:
    if not isinstance(one, str):
        raise RefusalError("logic-type", "not a text")
    return one
