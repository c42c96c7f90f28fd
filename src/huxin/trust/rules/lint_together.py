"""Judges the rules of one purpose together: ages, instants, and what wallets made to measure are answered.

What is asked is tried where rules begin and end, on every date that they name, and where the answer to somebody of
whom nothing is known changes.  All of it is bounded: who names more dates than are tried is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules import datetimes
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.change import CLOCK, next_change
from huxin.trust.rules.days import MOST_NAMED, named_instants
from huxin.trust.rules.lint_logic import Fault, birth_ages
from huxin.trust.rules.probe import is_met, probe
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.values import truth
from huxin.trust.rules.wallet import at_millisecond, milliseconds

__all__ = ["lint_together", "never"]

_DAY: Final = timedelta(days=1)
_YEAR: Final = 12
# Days that are a month apart are fewer in three years, for all rules of a purpose together.
_MOST_DAYS: Final = 100
# How often a rule may change its mind about somebody of whom nothing is known: an honest one never does.
_MOST_CHANGES: Final = 20
_DCC_EMPTY: Final[Mapping[str, Any]] = {"ver": "1.3.0", "nam": {}, "dob": ""}


def lint_together(rules: Sequence[Rule], book: RuleBook) -> Iterator[Fault]:
    """Yield what the rules of one purpose have against them together."""
    yield from _windows(rules)
    if len({rule.reads for rule in rules}) > 1:
        yield Fault("lint-mixed", "/reads", "some rules of a purpose read facts, others cards")
    instants, too_many = _instants(rules)
    if too_many:
        yield Fault("lint-window", "/logic", f"more than {_MOST_DAYS} days are named")
    together = RuleBook(tuple(rules), book.value_sets)
    empty = list(_empty(together, instants))
    yield from empty
    if any(fault.code != "lint-window" for fault in empty):
        return
    found: dict[str, Fault] = {}
    # A rule does at its end what it did before.
    ends = {rule.valid_until for rule in rules} - {rule.valid_from for rule in rules}
    for instant in [one for one in instants if one not in ends]:
        for fault in probe(rules, book, instant):
            found.setdefault(fault.code, fault)
    yield from found.values()


def _windows(rules: Iterable[Rule]) -> Iterator[Fault]:
    """Yield a fault where two ages stand closer than a year: together they mark a birth."""
    ages = sorted({age for rule in rules for _, age in birth_ages(rule.logic.expression)})
    for younger, older in pairwise(ages):
        if older - younger < _YEAR:
            yield Fault("lint-window", "/logic", f"ages of {younger} and {older} months")


def _instants(rules: Sequence[Rule]) -> tuple[list[datetime], bool]:
    """Return when rules of a purpose begin and end, the days they name and the day after each; and whether too many are named, which are not tried."""
    ends = {at for rule in rules for at in (rule.valid_from, rule.valid_until)}
    of_rules = [named_instants(rule.logic.expression) for rule in rules]
    named = {at for found in of_rules for at in map(at_millisecond, found) if at is not None}
    named = {at for at in named if min(ends) <= at <= max(ends)}
    too_many = len(named) > _MOST_DAYS or any(len(found) >= MOST_NAMED for found in of_rules)
    days = set() if too_many else named
    after = {at + _DAY for at in days if at + _DAY <= max(ends)}
    return sorted(ends | days | after), too_many


# ----------------------------------------------------------------------------------------- nothing


def _empty(together: RuleBook, instants: Iterable[datetime]) -> Iterator[Fault]:
    """Yield a fault where rules pass, or cannot be asked about, somebody of whom nothing is known."""
    tried = set(instants)
    for rule in together.rules:
        changes = list(_changes(rule, together.value_sets))
        tried.update(changes)
        if len(changes) >= _MOST_CHANGES:
            yield Fault("lint-window", "/logic", f"changes {_MOST_CHANGES} times by itself")
    (purpose,) = together.purposes()
    for instant in sorted(tried):
        asked = together.asked(purpose, instant)
        answers = [_of_nothing(rule, together.value_sets, instant) for rule in asked]
        if None in answers:
            yield Fault("lint-fault", "/logic", "cannot be evaluated where a field is missing")
            return
        if answers and all(answers):
            yield Fault("lint-empty", "/logic", "met by somebody of whom nothing is known")
            return


def _changes(rule: Rule, value_sets: Mapping[str, list[str]]) -> Iterator[datetime]:
    """Yield when a rule, while it is in force, says something else of an empty wallet: the first so many."""
    instant = rule.valid_from
    for _ in range(_MOST_CHANGES):
        change = next_change(rule.logic.expression, _nothing(rule, value_sets, instant))
        later = None if change is None else at_millisecond(change)
        if later is None or later > rule.valid_until:
            return
        yield later
        instant = later


def _of_nothing(rule: Rule, value_sets: Mapping[str, list[str]], instant: datetime) -> bool | None:
    """Return what a rule says of an empty wallet; `None` where it cannot say anything."""
    try:
        return truth(rule.logic.value(scope_of(_nothing(rule, value_sets, instant))))
    except RefusalError:
        return None


def _nothing(rule: Rule, value_sets: Mapping[str, list[str]], instant: datetime) -> dict[str, Any]:
    payload: dict[str, Any] = dict(_DCC_EMPTY)
    if rule.reads == "facts":
        payload = {"birth": None, **{kind: [] for kind in KINDS}}
    clock = datetimes.as_text(milliseconds(instant))
    return {"payload": payload, "external": {CLOCK: clock, "valueSets": value_sets}}


# ------------------------------------------------------------------------------------------- never


def never(rules: Sequence[Rule], book: RuleBook) -> Iterator[Fault]:
    """Yield a fault where nobody, as far as wallets can be thought of, ever meets what is asked at some time."""
    together = RuleBook(tuple(rules), book.value_sets)
    (purpose,) = together.purposes()
    times: dict[tuple[Rule, ...], list[datetime]] = {}
    for instant in _instants(rules)[0]:
        times.setdefault(together.asked(purpose, instant), []).append(instant)
    for asked, tried in times.items():
        if asked and not is_met(asked, together, tried):
            yield Fault("lint-never", "/logic", "no wallet that could be thought of meets it")
            return
