"""Tries a change of rules on an invented population: who moves from what to what.

    effect = simulate(before, after, "school", people, now=now)
    effect.moves[("met", "not-met")] · effect.by_age · effect.smallest

Counts only.  A change that moves very few people is a change about somebody: below one in a hundred, or below
a hundred people, it needs the signatures of the federation, however it is composed.  Nor is it about nobody because
nobody was invented who is like that: wallets made to measure of what the rules name are asked, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from huxin.trust.rules.book import Answer, RuleBook
from huxin.trust.rules.population import Invented, age_band
from huxin.trust.rules.probe import Move, moves_made

__all__ = ["FEW", "SHARE", "Effect", "Move", "effect_data", "effect_of", "simulate"]

FEW: Final = 100
SHARE: Final = 0.01

_LOST: Final[Mapping[Answer, tuple[Answer, ...]]] = {
    "met": ("not-met", "fault", "no-rules"),
    "no-rules": ("not-met", "fault"),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change does to a population: counts of people by how their answer moves.

    `made` counts wallets made to measure: they are nobody's share of anything, and say what is possible.
    """

    purpose: str
    people: int
    moves: Mapping[Move, int]
    by_age: Mapping[str, Mapping[Move, int]] = field(hash=False)
    by_sex: Mapping[str, Mapping[Move, int]] = field(hash=False)
    by_kinds: Mapping[str, Mapping[Move, int]] = field(hash=False)
    made: Mapping[Move, int] = field(default_factory=dict, hash=False)

    @property
    def moved(self) -> int:
        """How many people get another answer."""
        return sum(count for (before, after), count in self.moves.items() if before != after)

    @property
    def smallest(self) -> int | None:
        """The smallest group that moves, or that a first rule refuses; `None` where nobody is.

        Where there was no rule before, everybody moves, and the group that counts is those who do not
        get through.  0 where a wallet made to measure loses and nobody who was invented is like that.
        """
        groups = [
            count
            for (before, after), count in self.moves.items()
            if before != after and count and (before != "no-rules" or after == "not-met")
        ]
        return min(groups, default=0 if _takes(self.made) else None)

    @property
    def targets_few(self) -> bool:
        """Whether the change needs the federation: its smallest group is a handful."""
        least = max(FEW, round(self.people * SHARE))
        return self.smallest is not None and self.smallest < least

    @property
    def only_admits(self) -> bool:
        """Whether nobody loses by it: whom nothing was asked of, or who was let through, still gets through."""
        return not (_takes(self.moves) or _takes(self.made))


def _takes(moves: Mapping[Move, int]) -> bool:
    """Whether somebody loses by it."""
    return any(count and after in _LOST.get(before, ()) for (before, after), count in moves.items())


def simulate(
    before: RuleBook,
    after: RuleBook,
    purpose: str,
    people: Iterable[Invented],
    *,
    now: datetime,
    told: Callable[[int], None] = lambda _: None,
) -> Effect:
    """Ask both books about everybody; `told` hears how many have been asked, for a progress bar."""
    moves: Counter[Move] = Counter()
    groups: tuple[dict[str, Counter[Move]], ...] = ({}, {}, {})
    number = 0
    for number, person in enumerate(people, start=1):
        move = (
            before.answer(purpose, person.wallet(before.value_sets), now)[0],
            after.answer(purpose, person.wallet(after.value_sets), now)[0],
        )
        moves[move] += 1
        names = (age_band(person.age), person.sex, person.kinds)
        for group, name in zip(groups, names, strict=True):
            group.setdefault(name, Counter())[move] += 1
        told(number)
    by_age, by_sex, by_kinds = groups
    made = moves_made(before, after, purpose, now)
    return Effect(purpose, number, moves, by_age, by_sex, by_kinds, made)


_GROUPS: Final = ("by_age", "by_sex", "by_kinds")


def effect_data(effect: Effect) -> dict[str, Any]:
    """Return an effect as plain data, to be kept: its counts, and nothing that was reckoned from them."""
    groups = {
        group: {name: _rows(moves) for name, moves in getattr(effect, group).items()}
        for group in _GROUPS
    }
    moves = _rows(effect.moves)
    told = {"purpose": effect.purpose, "people": effect.people, "moves": moves, **groups}
    return told | {"made": _rows(effect.made)}


def effect_of(data: Mapping[str, Any]) -> Effect:
    """Return the effect that `effect_data` wrote down."""
    groups = {
        group: {name: _moves(rows) for name, rows in data[group].items()} for group in _GROUPS
    }
    made = _moves(data["made"])
    return Effect(data["purpose"], data["people"], _moves(data["moves"]), **groups, made=made)


def _rows(moves: Mapping[Move, int]) -> list[tuple[Answer, Answer, int]]:
    return [(*move, count) for move, count in sorted(moves.items())]


def _moves(rows: Iterable[tuple[Answer, Answer, int]]) -> dict[Move, int]:
    return {(before, after): count for before, after, count in rows}
