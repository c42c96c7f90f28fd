"""What the logic of a rule reads, judged: fields, birth dates, codes, texts.

A judgement of the tree, not of an evaluation: what is not in the tree cannot be read.  Each finding is a
`Fault` with a code of the register and the place in the logic.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

from huxin.kernel.value import value
from huxin.trust.rules.change import CLOCK
from huxin.trust.rules.datetimes import DAY, as_text
from huxin.trust.rules.days import fixed_instants
from huxin.trust.rules.expression import (
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
    Var,
    children,
    walk,
)
from huxin.trust.rules.payload import READABLE
from huxin.trust.rules.sensitive import sensitive

__all__ = [
    "SHORTEST",
    "Fault",
    "birth_ages",
    "codes_read",
    "diseases",
    "lint_logic",
    "sensitive_codes",
]

SHORTEST: Final = 30 * DAY
"""How long, at least, lies between two instants that a rule names, in milliseconds."""


@value()
class Fault:
    """One thing that a rule must not do: the code of the register, the place, a note for engineers."""

    code: str
    place: str
    note: str = ""


_CLOCK_PATH: Final = f"external.{CLOCK}"
_BIRTHS: Final = frozenset({"payload.birth", "payload.dob"})
_FACTS: Final = frozenset(name for names in READABLE.values() for name in names)
# The fields of an EU certificate that say what was done, and when; not where, by whom, under which number.
_DCC: Final = frozenset(
    ("tg", "vp", "mp", "ma", "dn", "sd", "dt", "tt", "tr", "sc", "fr", "df", "du")
)
_KINDS_OF_DCC: Final = frozenset("vtr")
_INSIDE: Final = frozenset({"current", "accumulator"})
_DISEASES: Final = frozenset({"disease", "tg"})
_SELF_REPORT: Final = re.compile(
    r"self[-_ ]?report|self[-_ ]?declar|questionnaire|symptom|自报|自述|问卷|症状", re.IGNORECASE
)
# Codes, dates and purposes; whatever else is written in a rule could name somebody or some place.
_TEXT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:./+_-]{0,79}", re.ASCII)
# A year of four digits is a date known in part; nothing else so short is a code.
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_POSTCODE: Final = re.compile(r"[0-9]{4,6}")
_CLOCKED: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T")
# Whoever made a test is a number in the EU's list of devices.
_NUMBERED: Final = frozenset({"ma", "device"})
_MONTHS: Final = {"month": 1, "year": 12}


def lint_logic(logic: Expression, reads: str) -> Iterator[Fault]:
    """Yield what the logic of a rule reads and must not, whatever the purpose."""
    parents = {id(child): node for node in walk(logic) for child in children(node)}
    for node in walk(logic):
        if isinstance(node, Var):
            yield from _path(node, reads)
            yield from _birth(node, parents)
            yield from _lever(node, parents)
            yield from _clock(node, parents)
        elif isinstance(node, PartOfCode):
            yield Fault("lint-field", node.place, "the number of a card says who issued it")
        elif isinstance(node, Literal) and isinstance(node.value, str):
            yield from _text(node, numbered=_is_numbered(node, parents))
        elif isinstance(node, Compare) and any(map(_is_clock_twice, pairwise(node.operands))):
            yield Fault("lint-window", node.place, "the clock is compared with itself")
    yield from _moments(logic)


def _path(node: Var, reads: str) -> Iterator[Fault]:
    if _SELF_REPORT.search(node.path):
        yield Fault("lint-self-report", node.place, node.path)
    elif not _readable(node.path, reads):
        yield Fault("lint-field", node.place, node.path or "all the data")


def _readable(path: str, reads: str) -> bool:
    if path == _CLOCK_PATH or path in _BIRTHS or path.startswith("external.valueSets."):
        return True
    names = [one for one in path.split(".") if not one.isdecimal()]
    fields = _FACTS if reads == "facts" else _DCC
    kinds = READABLE.keys() if reads == "facts" else _KINDS_OF_DCC
    if names and names[0] in _INSIDE:
        return len(names) < 2 or (len(names) == 2 and names[1] in fields)
    if len(names) < 2 or names[0] != "payload" or names[1] not in kinds:
        return False
    if reads == "facts" and len(names) == 3:
        return names[2] in READABLE[names[1]]
    return len(names) == 2 or (len(names) == 3 and names[2] in fields)


def _text(node: Literal, *, numbered: bool) -> Iterator[Fault]:
    text = str(node.value)
    if _SELF_REPORT.search(text):
        yield Fault("lint-self-report", node.place, text)
    elif text and not _YEAR.fullmatch(text) and not _is_plain(text, numbered=numbered):
        yield Fault("lint-literal", node.place, text[:20])


def _is_plain(text: str, *, numbered: bool) -> bool:
    return bool(_TEXT.fullmatch(text)) and (numbered or not _POSTCODE.fullmatch(text))


def _is_numbered(node: Literal, parents: Mapping[int, Expression]) -> bool:
    """Tell whether a text is compared with a field that holds a number of a list, and no place."""
    parent = parents.get(id(node))
    if isinstance(parent, ArrayOf):
        parent = parents.get(id(parent))
    return isinstance(parent, Equal | In) and any(
        isinstance(one, Var) and one.path.rpartition(".")[2] in _NUMBERED
        for one in (parent.left, parent.right)
    )


def _is_clock_twice(pair: tuple[Expression, Expression]) -> bool:
    return all(isinstance(one, PlusTime) and _is(one.operand, {_CLOCK_PATH}) for one in pair)


def _clock(node: Var, parents: Mapping[int, Expression]) -> Iterator[Fault]:
    """Yield a fault where the clock is read as a text: when that changes cannot be told."""
    if node.path == _CLOCK_PATH and not isinstance(parents.get(id(node)), PlusTime):
        yield Fault("lint-window", node.place, "the clock is compared as a time only")


def _lever(node: Var, parents: Mapping[int, Expression]) -> Iterator[Fault]:
    """Yield a fault unless a list of codes is looked into for something that a card shows.

    A rule that hangs on what is in a list, and on nothing else, is changed by changing the list.
    """
    if not node.path.startswith("external.valueSets."):
        return
    parent = parents.get(id(node))
    if isinstance(parent, In) and parent.right is node and _shows_a_card(parent.left):
        return
    yield Fault("lint-lever", node.place, node.path)


def _shows_a_card(node: Expression) -> bool:
    return any(
        isinstance(one, Var) and one.path.split(".")[0] in ("payload", "current")
        for one in walk(node)
    )


def _moments(logic: Expression) -> Iterator[Fault]:
    """Yield a fault where dates that are written into a rule, or moved by it, point at a moment."""
    for node in walk(logic):
        if isinstance(node, Literal) and _CLOCKED.match(str(node.value)):
            yield Fault("lint-window", node.place, "a time of the day is written into the rule")
    for first, second in pairwise(sorted(fixed_instants(logic))):
        if second - first < SHORTEST:
            named = f"{as_text(first)[:10]} and {as_text(second)[:10]}"
            yield Fault("lint-window", "", f"{named} are close to each other")


# ------------------------------------------------------------------------------------------- birth


def _birth(node: Var, parents: Mapping[int, Expression]) -> Iterator[Fault]:
    """Yield a fault unless a birth date is asked for its being there, or for an age."""
    if node.path not in _BIRTHS:
        return
    parent = parents.get(id(node))
    asked_whether_there = isinstance(parent, And | Not) or (
        isinstance(parent, If) and parent.guard is node
    )
    if asked_whether_there:
        return
    comparison = parents.get(id(parent)) if parent is not None else None
    made_a_time = isinstance(parent, BirthTime | PlusTime)
    if not made_a_time or _age(comparison) is None:
        yield Fault("lint-birth", node.place, "a birth date is read for a whole age only")


def _age(comparison: Expression | None) -> int | None:
    """Return the age in months that a comparison of birth and clock is about; `None` where it is none."""
    if not isinstance(comparison, Compare) or len(comparison.operands) != 2:
        return None
    months = 0
    seen = set()
    for operand in comparison.operands:
        side = _side(operand)
        if side is None:
            return None
        which, shift = side
        seen.add(which)
        months += shift
    return months if seen == {"birth", "clock"} and months >= 0 else None


def _side(operand: Expression) -> tuple[str, int] | None:
    """Return whether an operand is a birth or the clock, and by how many months it was moved."""
    if isinstance(operand, BirthTime) and _is(operand.operand, _BIRTHS):
        return "birth", 0
    if not isinstance(operand, PlusTime):
        return None
    which = (
        "birth" if _is(operand.operand, _BIRTHS)
        else "clock" if _is(operand.operand, {_CLOCK_PATH})
        else None
    )  # fmt: skip
    if which is None or (operand.amount and operand.unit not in _MONTHS):
        return None
    months = operand.amount * _MONTHS.get(operand.unit, 0)
    return which, months if which == "birth" else -months


def _is(node: Expression, paths: frozenset[str] | set[str]) -> bool:
    return isinstance(node, Var) and node.path in paths


def birth_ages(logic: Expression) -> Iterator[tuple[str, int]]:
    """Yield the ages in months that a rule compares with, each with its place."""
    for node in walk(logic):
        age = _age(node)
        if age is not None:
            yield node.place, age


# ------------------------------------------------------------------------------------------- codes


def codes_read(
    logic: Expression, fields: frozenset[str], value_sets: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    """Yield the codes that a field is compared with, written or by a value set, with their places."""
    for node in walk(logic):
        if isinstance(node, Equal | In) and any(
            isinstance(one, Var) and one.path.split(".")[-1] in fields
            for one in (node.left, node.right)
        ):
            yield from ((node.place, code) for code in _codes(node, value_sets))


def _codes(node: Equal | In, value_sets: Mapping[str, list[str]]) -> Iterator[str]:
    for one in (node.left, node.right):
        if isinstance(one, Var) and one.path.startswith("external.valueSets."):
            yield from value_sets.get(one.path.removeprefix("external.valueSets."), [])
        for item in one.items if isinstance(one, ArrayOf) else (one,):
            if isinstance(item, Literal) and isinstance(item.value, str):
                yield item.value


def diseases(logic: Expression, value_sets: Mapping[str, list[str]]) -> frozenset[str]:
    """Return the codes of diseases that a rule asks about."""
    return frozenset(code for _, code in codes_read(logic, _DISEASES, value_sets))


def sensitive_codes(
    logic: Expression, value_sets: Mapping[str, list[str]]
) -> Iterator[tuple[str, str]]:
    """Yield the places where a code stands that work and school have no business with."""
    for node in walk(logic):
        codes: list[str] = []
        if isinstance(node, Literal) and isinstance(node.value, str):
            codes = [node.value]
        elif isinstance(node, Var) and node.path.startswith("external.valueSets."):
            codes = value_sets.get(node.path.removeprefix("external.valueSets."), [])
        for code in codes:
            subject = sensitive(code)
            if subject is not None:
                yield node.place, subject
