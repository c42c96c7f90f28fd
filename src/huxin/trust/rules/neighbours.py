"""Compares what two neighbours ask for a purpose: rule by rule, and on invented people.

    compare(here, there, "school", people, now=now)  →  Comparison(pairs, answers, typical)

Nobody's rules are judged: both books answer the same people, and it is counted who would be let through here and
not there, and the other way round.  That the two numbers differ is the point.

- rules of one name are the same rule as two regions have it; so are rules of one logic, whatever their names;
- lists of codes count as what they hold, not as what they are called;
- the typical people are the first of the largest groups who hold the same kinds of cards and get the same answers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from huxin.kernel.value import value
from huxin.trust.rules.book import Answer, Decision, RuleBook
from huxin.trust.rules.looks import Look, looks
from huxin.trust.rules.population import Invented
from huxin.trust.rules.rule import Rule

__all__ = ["Answers", "Comparison", "Pair", "Typical", "compare", "decision", "showing"]

_MOST_ALIKE: Final = 2
_MOST_PEOPLE: Final = 8
_THROUGH: Final = ("met", "no-rules")

Answers = tuple[Answer, Answer]


@value()
class Pair:
    """One rule as the two sides have it, `None` where a side has none.

    `differs` names what differs (`effect`, `kinds`, `reads`, `logic`, `dates`); the looks are those of one side only.
    """

    here: Rule | None
    there: Rule | None
    differs: tuple[str, ...] = ()
    only_here: tuple[Look, ...] = ()
    only_there: tuple[Look, ...] = ()


@dataclass(frozen=True, slots=True)
class Typical:
    """An invented person, how many there are who hold such cards and get these answers, and the answers."""

    person: Invented
    people: int
    answers: Answers


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two sides ask for a purpose; `answers` counts people by the answers of both."""

    purpose: str
    pairs: tuple[Pair, ...]
    people: int
    answers: Mapping[Answers, int] = field(hash=False)
    typical: tuple[Typical, ...] = ()

    @property
    def only_here(self) -> int:
        """How many people meet what is asked here, or are not asked, and do not meet it there."""
        return self._lost(0, 1)

    @property
    def only_there(self) -> int:
        """How many people meet what is asked there, or are not asked, and do not meet it here."""
        return self._lost(1, 0)

    def _lost(self, home: int, away: int) -> int:
        return sum(
            count
            for answers, count in self.answers.items()
            if answers[home] in _THROUGH and answers[away] not in _THROUGH
        )


def compare(
    here: RuleBook,
    there: RuleBook,
    purpose: str,
    people: Iterable[Invented],
    *,
    now: datetime,
    kind: str | None = None,
) -> Comparison:
    """Compare two books for a purpose as at an instant; `kind` leaves only cards of one kind to be shown."""
    groups: dict[tuple[Answers, str], tuple[Invented, int]] = {}
    for person in people:
        shown = person if kind is None else showing(person, kind)
        if shown is None:
            continue
        answers = (
            here.answer(purpose, shown.wallet(here.value_sets), now)[0],
            there.answer(purpose, shown.wallet(there.value_sets), now)[0],
        )
        first, number = groups.get((answers, shown.kinds), (shown, 0))
        groups[answers, shown.kinds] = (first, number + 1)
    counts: Counter[Answers] = Counter()
    for (answers, _), (_, number) in groups.items():
        counts[answers] += number
    typical = [Typical(first, number, answers) for (answers, _), (first, number) in groups.items()]
    pairs = _pairs((here, there), purpose, now, kind)
    return Comparison(purpose, pairs, counts.total(), counts, _chosen(typical))


def showing(person: Invented, kind: str) -> Invented | None:
    """Return a person who shows cards of one kind only; `None` for one who holds none."""
    certificates = tuple([one for one in person.certificates if one.kind == kind])
    if not person.facts[kind] and not certificates:
        return None
    kept = {name: [] if isinstance(one, list) else one for name, one in person.facts.items()}
    kept[kind] = person.facts[kind]
    return replace(person, facts=kept, certificates=certificates)


def decision(book: RuleBook, purpose: str, person: Invented, now: datetime) -> Decision:
    """Return what a book answers to an invented person, with its reasons."""
    wallet = person.wallet(book.value_sets)
    answer, results = book.answer(purpose, wallet, now)
    if answer == "not-met":
        results = tuple([wallet.explained(result, now) for result in results])
    return Decision(purpose, now, answer, results, book, wallet)


def _chosen(typical: Sequence[Typical]) -> tuple[Typical, ...]:
    """Return the largest groups of each pair of answers, those whose answers differ first."""
    order = sorted(
        typical,
        key=lambda one: (one.answers[0] == one.answers[1], -one.people, one.person.number),
    )
    chosen: list[Typical] = []
    for one in order:
        if sum(other.answers == one.answers for other in chosen) < _MOST_ALIKE:
            chosen.append(one)
    return tuple(chosen[:_MOST_PEOPLE])


# ------------------------------------------------------------------------------------------ rule by rule


def _pairs(
    books: tuple[RuleBook, RuleBook], purpose: str, now: datetime, kind: str | None
) -> tuple[Pair, ...]:
    here, there = (
        [rule for rule in book.asked(purpose, now) if kind is None or kind in rule.kinds]
        for book in books
    )
    left = {(rule.region, rule.id): rule for rule in there}
    ids = {rule.id for rule in here}
    known: dict[str, list[tuple[str, str]]] = {}
    for key, rule in left.items():
        # A rule that a name finds is not taken by another one of the same logic.
        known.setdefault(rule.id if rule.id in ids else _written(rule), []).append(key)
    found = []
    for rule in here:
        keys = [*known.get(rule.id, ()), *known.get(_written(rule), ())]
        match = next((left.pop(key) for key in keys if key in left), None)
        found.append(Pair(rule, None) if match is None else _pair(rule, match, books))
    return (*found, *(Pair(None, one) for one in left.values()))


def _written(rule: Rule) -> str:
    """Return the logic of a rule as it is written, to find it by."""
    document = rule.document
    return json.dumps([rule.reads, document.get("logic", document.get("Logic"))], sort_keys=True)


def _pair(here: Rule, there: Rule, books: tuple[RuleBook, RuleBook]) -> Pair:
    looked = [
        {_whole(look, book): look for look in looks(rule.logic.expression)}
        for rule, book in zip((here, there), books, strict=True)
    ]
    only_here, only_there = (
        tuple([look for whole, look in one.items() if whole not in other])
        for one, other in (looked, reversed(looked))
    )
    same = {
        "effect": here.effect == there.effect,
        "kinds": set(here.kinds) == set(there.kinds),
        "reads": not only_here and not only_there,
        "logic": bool(only_here or only_there) or _written(here) == _written(there),
        "dates": (here.valid_from, here.valid_until) == (there.valid_from, there.valid_until),
    }
    differs = tuple([name for name, is_same in same.items() if not is_same])
    return Pair(here, there, differs, only_here, only_there)


def _whole(look: Look, book: RuleBook) -> tuple[Look, tuple[str, ...]]:
    """Return a look with the codes of the list that it names, so that a changed list is a changed rule."""
    if look.relation not in ("listed", "not-listed"):
        return look, ()
    codes = tuple(sorted(book.value_sets.get(str(look.bounds[0]), ())))
    return replace(look, bounds=look.bounds if not codes else ()), codes
