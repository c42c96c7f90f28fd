"""Says what the logic of a rule looks at: fields of cards, and what each is compared with.

    looks(logic)  →  (Look(("vaccination",), "disease", "is", ("icd-11:1F03",)), …)

Taken from the tree, not from an evaluation, so that what a rule looks at is known before anybody shows a card.
How the parts are joined, by `and` or by `if`, is not told: that is what the rule's own description is for.

- a number is counted or read, a code is looked up, a date is measured against the clock;
- under a negation a comparison is told the other way round;
- what a reduction adds up on its way is left out, what it asks of each entry is told;
- a comparison of another form is told as `other`: nothing that is read goes unsaid.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Final

from huxin.kernel.value import value
from huxin.trust.rules.change import CLOCK
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
    PlusTime,
    Reduce,
    Var,
    children,
    walk,
)

__all__ = ["KINDS_OF_DCC", "Look", "looks"]

KINDS_OF_DCC: Final = {"v": "vaccination", "t": "test", "r": "recovery"}

_MOST_MOMENTS: Final = 20  # a rule of thousands of dates would have millions of pairs of them
_LISTS: Final = "external.valueSets."
_CLOCK: Final = f"external.{CLOCK}"
_TURNED: Final = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_AGAINST: Final = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
_NOTHING: Final[tuple[tuple[str, ...], str]] = ((), "")
_NEGATED: Final = {
    "present": "absent", "is": "is-not", "one-of": "none-of", "listed": "not-listed",
}  # fmt: skip


@value()
class Look:
    """One thing that is looked at.

    `kinds` are the kinds of entry it is read from, none for a birth date or the clock; `field` is empty where
    whole entries count.  `bounds` are what it is compared with, `amount` and `unit` how long after a date.
    """

    kinds: tuple[str, ...]
    field: str
    relation: str
    bounds: tuple[str | int | bool, ...] = ()
    amount: int = 0
    unit: str = ""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One side of a comparison of times: a field, the clock, or (`text`) a date that stands in the rule."""

    kinds: tuple[str, ...]
    field: str
    text: str = ""
    amount: int = 0
    unit: str = "day"


def looks(logic: Expression) -> tuple[Look, ...]:
    """Return everything that a rule looks at, each once, in the order of the rule."""
    found = dict.fromkeys(_looks(logic, (), wanted=True))
    said = {"clock", *(name for one in found for name in (one.field, *one.bounds))}
    whole = {kind for one in found for kind in one.kinds}
    for node in walk(logic):
        kinds, field = _read(node, ()) if isinstance(node, Var) else _NOTHING
        if field not in said if field else not whole.issuperset(kinds):
            found[Look(kinds, field, "other")] = None
    return tuple(found)


def _looks(node: Expression, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    """Yield what is looked at; `kinds` are those of the entries that a reduction goes through."""
    if isinstance(node, Not):
        yield from _looks(node.operand, kinds, wanted=not wanted)
    elif isinstance(node, If):
        yield from _of_if(node, kinds, wanted=wanted)
    elif isinstance(node, Var):
        yield from _of_var(node, kinds, wanted=wanted)
    elif isinstance(node, Equal | In):
        yield from _of_codes(node, kinds, wanted=wanted)
    elif isinstance(node, Compare):
        yield from _of_order(node, kinds, wanted=wanted)
    elif isinstance(node, PartOfCode) and (read := _read(node.operand, kinds)) != _NOTHING:
        yield Look(*read, "other")
    else:
        yield from _inside(node, kinds, wanted=wanted)


def _inside(node: Expression, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    """Yield what the parts of an operation look at; a bare value of a sum or a time is none of it."""
    if isinstance(node, Reduce):
        yield from _looks(node.step, _kinds_of(node.operand, kinds), wanted=wanted)
        yield from _inside(node.initial, kinds, wanted=wanted)
        return
    for one in children(node):
        if isinstance(node, And) or not isinstance(one, Var):
            yield from _looks(one, kinds, wanted=wanted)


def _of_if(node: If, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    # Where passing the guard is what fails the rule, the guard is told the other way round.
    fails = isinstance(node.then, Literal) and node.then.value is False
    yield from _looks(node.guard, kinds, wanted=wanted is not fails)
    yield from _looks(node.then, kinds, wanted=wanted)
    yield from _looks(node.otherwise, kinds, wanted=wanted)


def _of_var(node: Var, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    found, field = _read(node, kinds)
    last = node.path.rpartition(".")[2]
    if found and not field and last.isdecimal() and int(last[:9]):
        # The entry after so many others is a count of them.
        count = int(last[:9])
        yield Look(found, "", *(("at-least", (count + 1,)) if wanted else ("at-most", (count,))))
    elif (found, field) != _NOTHING:
        yield Look(found, field, "present" if wanted else "absent")


# ------------------------------------------------------------------------------------------------ codes


def _of_codes(node: Equal | In, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    sides = [node.left, node.right]
    yield from _of_operands(sides, kinds)
    if isinstance(node, Equal):
        sides.sort(key=lambda one: _read(one, kinds) == _NOTHING)  # what is read goes first
    found, field = _read(sides[0], kinds)
    if (found, field) == _NOTHING:
        return
    relation, bounds = _codes(node, sides[1], kinds)
    yield Look(found, field, relation if wanted else _NEGATED.get(relation, relation), bounds)


def _of_operands(operands: Iterable[Expression], kinds: tuple[str, ...]) -> Iterator[Look]:
    """Yield what is looked at inside of what is compared; a field that is compared is told with it."""
    for one in operands:
        if not isinstance(one, Var):
            yield from _looks(one, kinds, wanted=True)


def _codes(
    node: Equal | In, right: Expression, kinds: tuple[str, ...]
) -> tuple[str, tuple[str | int | bool, ...]]:
    if isinstance(right, Var) and right.path.startswith(_LISTS):
        return "listed", (right.path.removeprefix(_LISTS),)
    if isinstance(node, Equal) and isinstance(right, Literal):
        return "is", (right.value,)
    if isinstance(right, ArrayOf):
        values = [one.value for one in right.items if isinstance(one, Literal)]
        if len(values) == len(right.items):
            return "one-of", tuple(values)
    return _other(_named(right, kinds))


def _other(named: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return ("other-field" if named else "other"), named


def _named(node: Expression, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the name of a field that something is compared with."""
    field = _read(node, kinds)[1]
    return (field,) if field else ()


# ------------------------------------------------------------------------------------------------ order


def _of_order(node: Compare, kinds: tuple[str, ...], *, wanted: bool) -> Iterator[Look]:
    yield from _of_operands(node.operands, kinds)
    operator = TIME_COMPARISONS.get(node.operator, node.operator)
    compared = _times if node.operator in TIME_COMPARISONS else _numbers
    for left, right in pairwise(node.operands):
        yield from compared(left, right, operator if wanted else _AGAINST[operator], kinds)


def _numbers(
    left: Expression, right: Expression, operator: str, kinds: tuple[str, ...]
) -> Iterator[Look]:
    if isinstance(left, Literal):
        left, right, operator = right, left, _TURNED[operator]
    found, field = _read(left, kinds)
    if (found, field) == _NOTHING:
        return
    relation = "at-least" if operator in (">", ">=") else "at-most"
    past = {">": 1, "<": -1}.get(operator, 0)  # numbers are whole
    if isinstance(right, Literal) and isinstance(right.value, int):
        yield Look(found, field, relation, (right.value + past,))
        return
    named = _named(right, kinds)
    if named and not past:
        yield Look(found, field, f"{relation}-field", named)
    else:
        yield Look(found, field, *_other(named))


def _times(
    left: Expression, right: Expression, operator: str, kinds: tuple[str, ...]
) -> Iterator[Look]:
    sides = (_moments(one, kinds)[:_MOST_MOMENTS] for one in (left, right))
    for one, other in product(*sides):
        if one.text and other.text:
            continue  # two dates of the rule itself
        if one.field == "clock" or (one.text and other.field != "clock"):
            yield from _since(other, one, _TURNED[operator])
        else:
            yield from _since(one, other, operator)


def _since(fact: _Moment, clock: _Moment, operator: str) -> Iterator[Look]:
    """Say when the clock may stand where the fact is `operator` it; `fact` may also be the clock itself."""
    early, strictly = operator in ("<", "<="), operator in ("<", ">")
    if clock.field != "clock":
        if clock.text and not fact.amount and not clock.amount:
            relation = "date-until" if early else "date-from"
            yield Look(fact.kinds, fact.field, relation, (clock.text,))
        else:
            yield Look(fact.kinds, fact.field, *_other((clock.field,) if clock.field else ()))
        return
    if fact.text:
        relation = "date-from" if early else "date-until"
        plain = not fact.amount and not clock.amount
        yield Look((), "clock", relation if plain else "other", (fact.text,) if plain else ())
        return
    amount, unit = (fact.amount, fact.unit) if fact.amount else (-clock.amount, clock.unit)
    if not early and strictly and (amount, unit) == (1, "day"):
        amount = 0  # before the day after: to the end of the day itself
    relation = "from" if early else "until"
    if fact.field == "birth" and amount and unit in ("month", "year"):
        relation = "older" if early else "younger"
    yield Look(fact.kinds, fact.field, relation, (), amount, unit if amount else "")


def _moments(node: Expression, kinds: tuple[str, ...]) -> list[_Moment]:
    """Return the times that an expression may stand for; those that a reduction finds are all of them."""
    if isinstance(node, PlusTime):
        if isinstance(node.operand, Literal):
            text = str(node.operand.value)
            return [_Moment((), "", text, node.amount, node.unit)]
        found, field = _read(node.operand, kinds)
        return [_Moment(found, field, "", node.amount, node.unit)] if field else []
    if isinstance(node, BirthTime):
        return [_Moment((), "birth")]
    if isinstance(node, Reduce):
        inner = _kinds_of(node.operand, kinds)
        stepped = _every_moment(node.step, inner)
        first = _moments(node.initial, kinds) if isinstance(node.initial, Reduce) else []
        return list(dict.fromkeys([*stepped, *first]))
    return []


def _every_moment(node: Expression, kinds: tuple[str, ...]) -> Iterator[_Moment]:
    if isinstance(node, PlusTime | Reduce):
        yield from (one for one in _moments(node, kinds) if not one.text)
        return
    for one in children(node):
        yield from _every_moment(one, kinds)


# ----------------------------------------------------------------------------------------------- fields


def _kinds_of(node: Expression, kinds: tuple[str, ...]) -> tuple[str, ...]:
    return _read(node, kinds)[0]


def _read(node: Expression, kinds: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the kinds and the field that an expression reads; a count of entries has no field."""
    if isinstance(node, Reduce):
        first = _read(node.initial, kinds)[0] if isinstance(node.initial, Reduce) else ()
        return tuple(dict.fromkeys((*_kinds_of(node.operand, kinds), *first))), ""
    if isinstance(node, ArrayOf):
        found = [_kinds_of(one, kinds) for one in node.items]
        return tuple(dict.fromkeys(kind for one in found for kind in one)), ""
    if not isinstance(node, Var):
        return _NOTHING
    if node.path == _CLOCK:
        return (), "clock"
    scope, *names = [one for one in node.path.split(".") if not one.isdecimal()] or [""]
    field = ".".join(names)
    if scope == "current":
        return kinds, field
    if scope == "external":
        return (), node.path.removeprefix(_LISTS).removeprefix("external.")
    if scope != "payload" or not names:
        return _NOTHING
    if field in ("birth", "dob"):
        return (), "birth"
    return (KINDS_OF_DCC.get(names[0], names[0]),), ".".join(names[1:])
