"""Evaluates CertLogic fast: a tree becomes closures once, and then answers many times.

    compiled = compile_logic(parse_logic(logic))
    compiled.value(scope_of({"payload": …, "external": …}))

The value, the refusal and the trace are those of `interpret`; the two are compared on generated
cases.  What makes it fast: constants are folded, a path is followed once for all rules that read it
(`Scope` remembers), a comparison of times never makes the date-times it compares, and where a value
cannot be a date-time nobody asks whether it is one.

No source text is made and none is executed.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import singledispatchmethod
from operator import itemgetter
from typing import Any, NoReturn, assert_never

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
from huxin.trust.rules.interpret import COMPARISONS, interpret
from huxin.trust.rules.scope import Answer, Scope, moment, pass_of
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import (
    LARGEST,
    STEPS,
    DateTime,
    as_integer,
    contains,
    equal,
    fragment_of_code,
)

__all__ = ["Compiled", "compile_logic"]


class Compiled:
    """An expression, ready to be evaluated any number of times."""

    __slots__ = ("_fast", "_traced", "expression")

    def __init__(self, expression: Expression) -> None:
        self.expression = expression
        self._fast: Answer = _Compiler(tracing=False).answer(expression)
        self._traced: Answer | None = None

    def value(self, scope: Scope) -> Any:
        """Return the value; refuses as `interpret` does, and says the place."""
        scope.run.left = STEPS
        try:
            return self._fast(scope)
        except RefusalError as error:
            self._say_where(scope.data, error)

    def trace(self, scope: Scope) -> tuple[Any, list[Step]]:
        """Return the value, and the steps that led to it."""
        if self._traced is None:
            self._traced = _Compiler(tracing=True).answer(self.expression)
        run = scope.run
        run.left, run.steps, run.operands = STEPS, [], []
        try:
            found = self._traced(scope)
        except RefusalError as error:
            self._say_where(scope.data, error)
        return found, run.steps

    def _say_where(self, data: Any, error: RefusalError) -> NoReturn:
        """Refuse again with the place of the operation, which closures do not carry."""
        try:
            interpret(self.expression, data)
        except RefusalError as placed:
            if placed.refusal.code == error.refusal.code:
                raise placed from error
        raise error


def compile_logic(expression: Expression) -> Compiled:
    """Turn an expression into closures."""
    return Compiled(expression)


# -------------------------------------------------------------------------------------- operands


def _text(one: Any) -> str:
    if not isinstance(one, str):
        raise RefusalError("logic-type", "not a text")
    return one


def _number(one: Any) -> int:
    whole = as_integer(one)
    if whole is None:
        raise RefusalError("logic-type", "not an integer")
    return whole


def _instant(one: Any) -> int:
    if type(one) is not DateTime:
        raise RefusalError("logic-type", "not a date-time")
    return one.instant


def _array(one: Any) -> list[Any]:
    if not isinstance(one, list):
        raise RefusalError("logic-type", "the second operand is not an array")
    return one


# -------------------------------------------------------------------------------------- closures


class _Compiler:
    """Turns each kind of operation into a closure over those of its operands.

    While tracing there are no shortcuts, and every closure leaves its step behind.
    """

    def __init__(self, *, tracing: bool) -> None:
        self._tracing = tracing
        self._folds = 0  # how many reductions the node stands inside of

    def answer(self, node: Expression) -> Answer:
        """Return the closure of a node."""
        closure: Answer = self._closure(node)
        return _leaving_a_step(node, closure) if self._tracing else closure

    def _true_or_false(self, node: Expression) -> Answer:
        """Return the closure of a node whose value is asked for its truth."""
        answer = self.answer(node)
        if not _may_be_time(node, inside=self._folds > 0):
            return answer

        def sure(scope: Scope) -> Any:
            one = answer(scope)
            if type(one) is DateTime:
                raise RefusalError("logic-type", "neither true nor false")
            return one

        return sure

    @singledispatchmethod
    def _closure(self, node: Any) -> Answer:
        assert_never(node)

    @_closure.register
    def _literal(self, node: Literal) -> Answer:
        constant = node.value
        return lambda _: constant

    @_closure.register
    def _var(self, node: Var) -> Answer:
        return itemgetter(node.path)

    @_closure.register
    def _array(self, node: ArrayOf) -> Answer:
        items = [self.answer(item) for item in node.items]
        if self._folds:

            def paid(scope: Scope) -> Any:
                built = [item(scope) for item in items]
                scope.run.spend_on(built)
                return built

            return paid
        if not self._tracing and all(isinstance(item, Literal) for item in node.items):
            constant = [item.value for item in node.items if isinstance(item, Literal)]
            return lambda _: constant
        return lambda scope: [item(scope) for item in items]

    @_closure.register
    def _if(self, node: If) -> Answer:
        guard = self.answer(node.guard)
        then, otherwise = self.answer(node.then), self.answer(node.otherwise)
        if not _may_be_time(node.guard, inside=self._folds > 0):
            return lambda scope: then(scope) if guard(scope) else otherwise(scope)

        def choose(scope: Scope) -> Any:
            one = guard(scope)
            if type(one) is DateTime:
                raise RefusalError("logic-type", "neither true nor false")
            return then(scope) if one else otherwise(scope)

        return choose

    @_closure.register
    def _and(self, node: And) -> Answer:
        # Python's own `and` is CertLogic's: the first operand that is false, else the last.
        operands = tuple(map(self._true_or_false, node.operands))
        if len(operands) == 2:
            first, second = operands
            return lambda scope: first(scope) and second(scope)
        if len(operands) == 3:
            first, second, third = operands
            return lambda scope: first(scope) and second(scope) and third(scope)

        def every(scope: Scope) -> Any:
            one = None
            for operand in operands:
                one = operand(scope)
                if not one:
                    break
            return one

        return every

    @_closure.register
    def _not(self, node: Not) -> Answer:
        operand = self._true_or_false(node.operand)
        return lambda scope: not operand(scope)

    @_closure.register
    def _compare(self, node: Compare) -> Answer:
        sign = TIME_COMPARISONS.get(node.operator)
        holds = COMPARISONS[sign or node.operator]
        number = self._time if sign else self._integer
        operands = tuple(map(number, node.operands))
        if len(operands) == 2:
            first, second = operands
            return lambda scope: holds(first(scope), second(scope))
        first, second, third = operands

        def between(scope: Scope) -> bool:
            low, middle, high = first(scope), second(scope), third(scope)
            return holds(low, middle) and holds(middle, high)

        return between

    def _integer(self, node: Expression) -> Callable[[Scope], int]:
        answer = self.answer(node)
        if _is_integer(node):
            return answer

        def integer(scope: Scope) -> int:
            one = answer(scope)
            return one if type(one) is int else _number(one)

        return integer

    def _time(self, node: Expression) -> Callable[[Scope], int]:
        """Return the closure of an operand that must be a date-time, as a bare number."""
        if isinstance(node, PlusTime) and not self._tracing:
            return self._moved(node)
        answer = self.answer(node)
        return lambda scope: _instant(answer(scope))

    def _moved(self, node: PlusTime) -> Callable[[Scope], int]:
        amount, unit = node.amount, node.unit
        if isinstance(node.operand, Var) and not self._tracing:
            return itemgetter(moment(node.operand.path, amount, unit))
        operand = self.answer(node.operand)
        return lambda scope: datetimes.shift(datetimes.parse(_text(operand(scope))), amount, unit)

    @_closure.register
    def _plus_time(self, node: PlusTime) -> Answer:
        moved = self._moved(node)
        return lambda scope: DateTime(moved(scope))

    @_closure.register
    def _birth_time(self, node: BirthTime) -> Answer:
        operand = self.answer(node.operand)
        return lambda scope: DateTime(datetimes.parse_birth(_text(operand(scope))))

    @_closure.register
    def _equal(self, node: Equal) -> Answer:
        left, right = self.answer(node.left), self.answer(node.right)

        def same(scope: Scope) -> Any:
            one, other = left(scope), right(scope)
            # A text equals nothing but texts, so Python's own comparison will do.
            return one == other if type(one) is str else equal(one, other)

        return same

    @_closure.register
    def _in(self, node: In) -> Answer:
        left = self.answer(node.left)
        if not self._tracing and not self._folds and isinstance(node.right, ArrayOf):
            texts = _texts(node.right)
            if texts is not None:
                return lambda scope: type(one := left(scope)) is str and one in texts
        right = self.answer(node.right)

        def member(scope: Scope) -> Any:
            one, array = left(scope), _array(right(scope))
            return one in array if type(one) is str else contains(array, one)

        return member

    @_closure.register
    def _plus(self, node: Plus) -> Answer:
        left, right = self._integer(node.left), self._integer(node.right)

        def total(scope: Scope) -> Any:
            one = left(scope) + right(scope)
            if not -LARGEST <= one <= LARGEST:
                raise RefusalError("logic-type", "larger than what is exact everywhere")
            return one

        return total

    @_closure.register
    def _part_of_code(self, node: PartOfCode) -> Answer:
        operand, index = self.answer(node.operand), node.index

        def part(scope: Scope) -> Any:
            one = operand(scope)
            return fragment_of_code(None if one is None else _text(one), index)

        return part

    @_closure.register
    def _reduce(self, node: Reduce) -> Answer:
        array, initial = self.answer(node.operand), self.answer(node.initial)
        self._folds += 1
        step = self.answer(node.step)
        self._folds -= 1

        def fold(scope: Scope) -> Any:
            operand = array(scope)
            if operand is not None and not isinstance(operand, list):
                raise RefusalError("logic-type", "neither an array nor null")
            accumulator = initial(scope)
            if operand:
                run = scope.run
                run.spend(len(operand))
                for current in operand:
                    accumulator = step(pass_of(run, current, accumulator))
            return accumulator

        return fold


def _texts(array: ArrayOf) -> frozenset[str] | None:
    """Return the items of an array of nothing but texts, or `None`."""
    found = [item.value for item in array.items if isinstance(item, Literal)]
    texts = frozenset(one for one in found if isinstance(one, str))
    only_texts = len(found) == len(array.items) and all(isinstance(one, str) for one in found)
    return texts if only_texts else None


def _is_integer(node: Expression) -> bool:
    """Tell whether a value is an integer whatever the data."""
    if isinstance(node, If):
        return _is_integer(node.then) and _is_integer(node.otherwise)
    return isinstance(node, Plus) or (isinstance(node, Literal) and type(node.value) is int)


def _may_be_time(node: Expression, *, inside: bool) -> bool:
    """Tell whether a value may be a date-time; only a `reduce` brings one into the data it shows."""
    if isinstance(node, PlusTime | BirthTime):
        return True
    if isinstance(node, Var):
        return inside
    if isinstance(node, If):
        return any(_may_be_time(one, inside=inside) for one in (node.then, node.otherwise))
    if isinstance(node, And):
        return any(_may_be_time(one, inside=inside) for one in node.operands)
    return isinstance(node, Reduce)


def _leaving_a_step(node: Expression, closure: Answer) -> Answer:
    """Wrap a closure so that it tells what it did, as the interpreter does."""
    if isinstance(node, Literal):
        constant = node.value

        def told(scope: Scope) -> Any:
            scope.run.operands.append(constant)
            return constant

        return told
    place, operator = node.place, node.operator

    def traced(scope: Scope) -> Any:
        run = scope.run
        first = len(run.operands)
        result = closure(scope)
        run.steps.append(Step(place, operator, tuple(run.operands[first:]), result))
        run.operands[first:] = [result]
        return result

    return traced
