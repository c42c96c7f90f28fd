"""Reads CertLogic 1.3: JSON → a tree of operations, bounded and checked as a whole.

The tree is what the interpreter walks, the compiler turns into closures, and the linter reads.
Each operation carries its place as a JSON pointer (RFC 6901), so that a refusal, a trace and an
explanation all name the same spot of the rule.

- an expression is checked before anything of it is evaluated, also where evaluation would not come;
- what is bounded here is the text of a rule; what evaluation may cost is bounded by `values.Budget`;
- refusals: `logic-operator` (no such operation), `logic-shape` (the wrong form or number of
  operands), `logic-size` (too large, too deep, or in a circle).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, ClassVar, Final, cast

from huxin.kernel.errors import RefusalError
from huxin.kernel.value import value
from huxin.trust.rules.datetimes import UNITS, Unit
from huxin.trust.rules.values import LARGEST, as_integer

__all__ = [
    "MAX_DEPTH",
    "MAX_NODES",
    "TIME_COMPARISONS",
    "And",
    "ArrayOf",
    "BirthTime",
    "Compare",
    "Equal",
    "Expression",
    "If",
    "In",
    "Literal",
    "Not",
    "PartOfCode",
    "Plus",
    "PlusTime",
    "Reduce",
    "Var",
    "children",
    "parse_logic",
    "walk",
]

MAX_NODES: Final = 5_000
MAX_DEPTH: Final = 64
_MAX_TEXT: Final = 1_000

_NUMBER_COMPARISONS: Final = ("<", ">", "<=", ">=")
TIME_COMPARISONS: Final = {
    "before": "<",
    "after": ">",
    "not-after": "<=",
    "not-before": ">=",
}

_PATH: Final = re.compile(r"[^.]+(?:\.[^.]+)*")


@value()
class Literal:
    """A text, an integer or a boolean that stands in the rule."""

    operator: ClassVar[str] = "literal"
    place: str
    value: str | int | bool


@value()
class ArrayOf:
    """An array; each item is evaluated."""

    operator: ClassVar[str] = "array"
    place: str
    items: tuple[Expression, ...]


@value()
class Var:
    """`var`: what stands at a path of the data; the empty path is the data itself."""

    operator: ClassVar[str] = "var"
    place: str
    path: str


@value()
class If:
    """`if`: the guard decides which of two is evaluated."""

    operator: ClassVar[str] = "if"
    place: str
    guard: Expression
    then: Expression
    otherwise: Expression


@value()
class And:
    """`and`: the first operand that is false, else the last; what comes after is not evaluated."""

    operator: ClassVar[str] = "and"
    place: str
    operands: tuple[Expression, ...]


@value()
class Not:
    """`!`: true where its operand is false."""

    operator: ClassVar[str] = "!"
    place: str
    operand: Expression


@value()
class Compare:
    """Two or three integers, or (`after`, `before`, …) two or three date-times, in order."""

    place: str
    operator: str
    operands: tuple[Expression, ...]


@value()
class Equal:
    """`===`."""

    operator: ClassVar[str] = "==="
    place: str
    left: Expression
    right: Expression


@value()
class In:
    """`in`: whether `left` is among the items of the array `right`."""

    operator: ClassVar[str] = "in"
    place: str
    left: Expression
    right: Expression


@value()
class Plus:
    """`+` of two integers."""

    operator: ClassVar[str] = "+"
    place: str
    left: Expression
    right: Expression


@value()
class PlusTime:
    """`plusTime`: a text becomes a date-time, moved by so many units."""

    operator: ClassVar[str] = "plusTime"
    place: str
    operand: Expression
    amount: int
    unit: Unit


@value()
class BirthTime:
    """`dccDateOfBirth`: a date, perhaps known in part, becomes the last instant it may mean."""

    operator: ClassVar[str] = "dccDateOfBirth"
    place: str
    operand: Expression


@value()
class PartOfCode:
    """`extractFromUVCI`: one part of a unique certificate identifier."""

    operator: ClassVar[str] = "extractFromUVCI"
    place: str
    operand: Expression
    index: int


@value()
class Reduce:
    """`reduce`: a left fold; `step` sees `current` and `accumulator` and nothing else."""

    operator: ClassVar[str] = "reduce"
    place: str
    operand: Expression
    step: Expression
    initial: Expression


Expression = (
    Literal
    | ArrayOf
    | Var
    | If
    | And
    | Not
    | Compare
    | Equal
    | In
    | Plus
    | PlusTime
    | BirthTime
    | PartOfCode
    | Reduce
)


def parse_logic(data: Any) -> Expression:
    """Read the logic of a rule; refuses with a code and, in the detail, the place."""
    return _Reader().read(data, "", 0)


def children(node: Expression) -> tuple[Expression, ...]:
    """Return the operands that are expressions themselves, in the order in which they stand."""
    if isinstance(node, ArrayOf):
        return node.items
    if isinstance(node, And | Compare):
        return node.operands
    if isinstance(node, If):
        return (node.guard, node.then, node.otherwise)
    if isinstance(node, Equal | In | Plus):
        return (node.left, node.right)
    if isinstance(node, Reduce):
        return (node.operand, node.step, node.initial)
    if isinstance(node, Not | PlusTime | BirthTime | PartOfCode):
        return (node.operand,)
    return ()


def walk(node: Expression) -> Iterator[Expression]:
    """Yield an expression and everything inside it."""
    pending = [node]
    while pending:
        one = pending.pop()
        yield one
        pending.extend(reversed(children(one)))


def _refuse(code: str, place: str, why: str) -> RefusalError:
    return RefusalError(code, f"at {place or '/'}: {why}")


class _Reader:
    """Reads one expression; counts what it has read."""

    def __init__(self) -> None:
        self._nodes = 0

    def read(self, data: Any, place: str, depth: int) -> Expression:
        self._nodes += 1
        if depth > MAX_DEPTH or self._nodes > MAX_NODES:
            raise _refuse("logic-size", place, "too deep or too large")
        if isinstance(data, str | bool | int | float):
            return _literal(data, place)
        if isinstance(data, list):
            return ArrayOf(place, self._all(data, place, depth))
        if not isinstance(data, dict) or len(data) != 1:
            raise _refuse("logic-shape", place, "an expression is an object of one key")
        ((name, operands),) = data.items()
        return self._operation(name, operands, f"{place}/{_escaped(name)}", depth)

    def _operation(self, name: object, operands: Any, place: str, depth: int) -> Expression:
        if name == "var":
            return _var(operands, place)
        row = _OPERATIONS.get(name) if isinstance(name, str) else None
        if row is None:
            raise _refuse("logic-operator", place, "no such operation")
        if not isinstance(operands, list):
            raise _refuse("logic-shape", place, "operands are an array")
        least, most, plain, build = row
        if not least <= len(operands) <= most:
            raise _refuse("logic-shape", place, f"{len(operands)} operands")
        # The last operands of some operations are plain values, never expressions.
        split = len(operands) - plain
        read = self._all(operands[:split], place, depth)
        return build(str(name), place, read, operands[split:])

    def _all(self, items: list[Any], place: str, depth: int) -> tuple[Expression, ...]:
        return tuple(
            [self.read(item, f"{place}/{index}", depth + 1) for index, item in enumerate(items)]
        )


def _escaped(name: object) -> str:
    return str(name)[:40].replace("~", "~0").replace("/", "~1")


def _literal(data: str | float | bool, place: str) -> Literal:
    if isinstance(data, bool):
        return Literal(place, data)
    if isinstance(data, str):
        if len(data) > _MAX_TEXT:
            raise _refuse("logic-size", place, "a text too long")
        return Literal(place, data)
    whole = as_integer(data)
    if whole is None or abs(whole) > LARGEST:
        raise _refuse("logic-shape", place, "not an integer that is exact everywhere")
    return Literal(place, whole)


def _var(path: Any, place: str) -> Var:
    if not isinstance(path, str) or (path and not _PATH.fullmatch(path)):
        raise _refuse("logic-shape", place, "not a path")
    if len(path) > _MAX_TEXT:
        raise _refuse("logic-size", place, "a path too long")
    return Var(place, path)


def _integer(given: Any, place: str) -> int:
    whole = as_integer(given)
    if whole is None or abs(whole) > LARGEST:
        raise _refuse("logic-shape", place, "an integer is needed here")
    return whole


_Build = Callable[[str, str, tuple[Expression, ...], list[Any]], Expression]


def _compare(name: str, place: str, read: tuple[Expression, ...], _: list[Any]) -> Expression:
    return Compare(place, name, read)


def _plus_time(_: str, place: str, read: tuple[Expression, ...], plain: list[Any]) -> Expression:
    amount, unit = plain
    if unit not in UNITS:
        raise _refuse("logic-shape", place, "no such unit of time")
    return PlusTime(place, read[0], _integer(amount, place), cast(Unit, unit))


def _part_of_code(_: str, place: str, read: tuple[Expression, ...], plain: list[Any]) -> Expression:
    return PartOfCode(place, read[0], _integer(plain[0], place))


def _simple(kind: Callable[..., Expression]) -> _Build:
    return lambda _name, place, read, _plain: kind(place, *read)


# Operation → fewest and most operands, how many of the last are plain values, and what it becomes.
_OPERATIONS: Final[dict[str, tuple[int, int, int, _Build]]] = {
    "if": (3, 3, 0, _simple(If)),
    "and": (2, MAX_NODES, 0, lambda _name, place, read, _plain: And(place, read)),
    "!": (1, 1, 0, _simple(Not)),
    "===": (2, 2, 0, _simple(Equal)),
    "in": (2, 2, 0, _simple(In)),
    "+": (2, 2, 0, _simple(Plus)),
    "reduce": (3, 3, 0, _simple(Reduce)),
    "plusTime": (3, 3, 2, _plus_time),
    "dccDateOfBirth": (1, 1, 0, _simple(BirthTime)),
    "extractFromUVCI": (2, 2, 1, _part_of_code),
    **dict.fromkeys((*_NUMBER_COMPARISONS, *TIME_COMPARISONS), (2, 3, 0, _compare)),
}
