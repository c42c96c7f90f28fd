"""What differs between two versions of a rule, field by field, for people to read before they agree.

    for one in differences(before, after): one.field · one.before · one.after

Responsible for what counts as a difference and in which order it is told.  Leaves the words to those who show
them: values are given as the rules have them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from huxin.kernel.value import value
from huxin.trust.rules.rule import Rule

__all__ = ["FIELDS", "Difference", "differences"]


@value()
class Difference:
    """A field that is not the same; `before` is `None` where the rule is new."""

    field: str
    before: Any
    after: Any


_READ: Final[dict[str, Callable[[Rule], Any]]] = {
    "purpose": lambda rule: rule.purpose,
    "effect": lambda rule: rule.effect,
    "type": lambda rule: rule.type,
    "kinds": lambda rule: tuple(sorted(rule.kinds)),
    "reads": lambda rule: rule.reads,
    "valid_from": lambda rule: rule.valid_from,
    "valid_until": lambda rule: rule.valid_until,
    "outbreak": lambda rule: rule.outbreak,
    "standing": lambda rule: rule.standing,
    "basis": lambda rule: rule.basis,
    "description": lambda rule: dict(rule.description),
    "next_step": lambda rule: dict(rule.next_step),
    "logic": lambda rule: rule.document.get("logic", rule.document.get("Logic")),
}
FIELDS: Final = tuple(_READ)
"""The fields that are compared, in the order in which they are told."""


def differences(before: Rule | None, after: Rule) -> tuple[Difference, ...]:
    """Return what is not the same in `after`; everything, where there was no rule before."""
    found = [
        Difference(name, None if before is None else read(before), read(after))
        for name, read in _READ.items()
    ]
    return tuple([one for one in found if one.before != one.after])
