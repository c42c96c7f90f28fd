"""Refuses rules that no region should publish: each refusal has a code, a place and a sentence.

    faults = lint(book, now=…, before=…)

A rule is judged by itself, and the rules of a purpose together, since what one may not ask two may not
compose.  Whoever publishes rules asks here first, and whoever takes rules from others asks again.  How few
people a rule singles out is measured on an invented population, in `simulate`.

The words for the codes stand in the register, the reasons in `docs/explanation/rules.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.value import value
from huxin.packs import reader
from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules import datetimes
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.change import CLOCK
from huxin.trust.rules.days import beginning, named_days
from huxin.trust.rules.lint_logic import (
    Fault,
    birth_ages,
    codes_read,
    diseases,
    lint_logic,
    sensitive_codes,
)
from huxin.trust.rules.probe import probe
from huxin.trust.rules.rule import PURPOSES, Rule
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.values import truth
from huxin.trust.rules.wallet import milliseconds

__all__ = ["LONGEST", "NOTICE", "OUTBREAK", "RuleFault", "lint"]

NOTICE: Final = timedelta(hours=48)
LONGEST: Final = timedelta(days=3 * 366)
OUTBREAK: Final = timedelta(days=21)
# An exclusion is announced after the declaration, begins two days later, and is not prolonged by another rule.
_DECLARED: Final = OUTBREAK + timedelta(days=7)

_DAY: Final = timedelta(days=1)
_YEAR: Final = 12
# Days that are a month apart are fewer in three years, for all rules of a purpose together.
_MOST_DAYS: Final = 100
# What people need in any case may be informed about, and is never closed to anybody.
_NEVER_GATED: Final = re.compile(
    r"emergency|urgent|home|housing|shelter|food|grocery|market|shop|court|justice|poll|vote|voting"
)
# The places and reasons that a charter lets be closed to people without proof; others may be informed.
_GATED: Final[Mapping[str, tuple[str, ...]]] = {
    "campus": ("return", "laboratory"),
    "entry": ("yellow-fever", "polio", "measles", "outbreak"),
    "event": ("forum", "congress", "concert", "sports"),
    "school": ("measles", "outbreak"),
    "travel": ("ship", "flight", "pilgrimage"),
    "visit": ("hospital", "ward", "care-home", "laboratory"),
    "work": (
        *("food", "public-places", "childcare", "drinking-water", "cosmetics"),
        *("health-care", "laboratory"),
    ),
}
_NEVER_ASKED: Final = re.compile(
    r"police|debt|protest|assembly|petition|residen|religio|credit|advert|tax|bank"
)
_NEEDED: Final = ("zh-Hans", "en")
_DCC_EMPTY: Final[Mapping[str, Any]] = {"ver": "1.3.0", "nam": {}, "dob": ""}


@value()
class RuleFault:
    """A fault, and the rule that has it (`None`: the rules of a purpose together)."""

    rule: str | None
    fault: Fault


def lint(
    book: RuleBook, *, now: datetime, relaxes: frozenset[str] = frozenset()
) -> tuple[RuleFault, ...]:
    """Return all faults of a book; `relaxes` names rules that only admit more than before."""
    found = [
        RuleFault(rule.id, fault)
        for rule in book.rules
        for fault in (
            *_dates(rule, now, relaxed=rule.id in relaxes),
            *_words(rule),
            *_purpose(rule),
            *_logic(rule, book.value_sets),
        )
    ]
    for purpose in sorted(book.purposes()):
        rules = [rule for rule in book.rules if rule.purpose == purpose]
        found += [RuleFault(None, fault) for fault in _together(rules, book)]
    return tuple(found)


def _dates(rule: Rule, now: datetime, *, relaxed: bool) -> Iterator[Fault]:
    if rule.valid_until - rule.valid_from > LONGEST:
        yield Fault("lint-end", "/valid_until", "longer than three years")
    announced = rule.published or now
    if rule.valid_from - announced < NOTICE and not relaxed:
        yield Fault("lint-notice", "/valid_from", "less than 48 hours after publication")


def _words(rule: Rule) -> Iterator[Fault]:
    if rule.basis is None or not any(rule.basis.instrument.values()):
        yield Fault("lint-basis", "/basis", "no instrument")
    if rule.standing is None:
        yield Fault("lint-basis", "/standing", "neither illustrative nor adopted")
    for name, texts in (("description", rule.description), ("next_step", rule.next_step)):
        missing = [language for language in _NEEDED if not texts.get(language, "").strip()]
        if missing:
            yield Fault("lint-words", f"/{name}", ", ".join(missing))


def _purpose(rule: Rule) -> Iterator[Fault]:
    base, scope = rule.base, rule.purpose.partition("/")[2]
    if base not in PURPOSES or _NEVER_ASKED.search(rule.purpose):
        yield Fault("lint-purpose", "/purpose", rule.purpose)
    gated = rule.effect != "informs"
    if base != "work" and _NEVER_GATED.search(scope) and gated:
        yield Fault("lint-gate", "/effect", rule.purpose)
    if gated and scope and scope not in _GATED.get(base, ()):
        yield Fault("lint-gate", "/purpose", f"{rule.purpose} is not agreed upon as a gate")
    if base == "school" and gated:
        if rule.outbreak is None:
            yield Fault("lint-gate", "/effect", "a school may be informed, not closed to anybody")
        elif rule.valid_until - rule.valid_from > OUTBREAK:
            yield Fault("lint-gate", "/valid_until", "an exclusion lasts at most 21 days")
        elif not timedelta(0) <= rule.valid_until - beginning(rule.outbreak.declared) <= _DECLARED:
            yield Fault("lint-gate", "/outbreak/declared", "an outbreak declared at another time")


def _logic(rule: Rule, value_sets: Mapping[str, list[str]]) -> Iterator[Fault]:
    logic = rule.logic.expression
    for fault in lint_logic(logic, rule.reads):
        yield Fault(fault.code, f"/logic{fault.place}", fault.note)
    for place, statement in codes_read(logic, frozenset({"purpose"}), value_sets):
        if not _is_statement(statement):
            yield Fault("lint-statement", f"/logic{place}", statement)
    # One disease has one code, whichever system a card writes before it.
    named = {code.rpartition(":")[2] for code in diseases(logic, value_sets)}
    if len(named) > 1 and rule.purpose == rule.base:
        yield Fault("lint-disease", "/logic", f"{len(named)} diseases for one general purpose")
    if rule.base in ("work", "school"):
        for place, subject in sensitive_codes(logic, value_sets):
            yield Fault("lint-sensitive", f"/logic{place}", subject)


# ---------------------------------------------------------------------------------------- together


def _together(rules: Sequence[Rule], book: RuleBook) -> Iterator[Fault]:
    yield from _windows(rules)
    if len({rule.reads for rule in rules}) > 1:
        yield Fault("lint-mixed", "/reads", "some rules of a purpose read facts, others cards")
    instants, too_many = _instants(rules)
    if too_many:
        yield Fault("lint-window", "/logic", f"more than {_MOST_DAYS} days are named")
    for instant in instants:
        asked = [rule for rule in rules if rule.in_force(instant)]
        answers = [_of_nothing(rule, book.value_sets, instant) for rule in asked]
        if None in answers:
            yield Fault("lint-fault", "/logic", "cannot be evaluated where a field is missing")
            return
        if answers and all(answers):
            yield Fault("lint-empty", "/logic", "met by somebody of whom nothing is known")
            return
    found: dict[str, Fault] = {}
    # A rule does at its end what it did before.
    ends = {rule.valid_until for rule in rules} - {rule.valid_from for rule in rules}
    for instant in [one for one in instants if one not in ends]:
        for fault in probe(rules, book, instant):
            found.setdefault(fault.code, fault)
    yield from found.values()


def _instants(rules: Sequence[Rule]) -> tuple[list[datetime], bool]:
    """Return when rules of a purpose begin and end, the days they name and the day after each; and whether too many are named, which are not tried."""
    ends = {at for rule in rules for at in (rule.valid_from, rule.valid_until)}
    named = {at for rule in rules for at in named_days(rule) if min(ends) <= at <= max(ends)}
    too_many = len(named) > _MOST_DAYS
    days = set() if too_many else named
    after = {at + _DAY for at in days if at + _DAY <= max(ends)}
    return sorted(ends | days | after), too_many


def _is_statement(purpose: str) -> bool:
    """Tell whether a pack issues statements of that purpose: only those are known to be one."""
    base, _, choice = purpose.partition("/")
    for pack_id in reader.pack_ids():
        pack = reader.pack(pack_id)
        if pack.purpose == base:
            return not choice or choice in {one.id for one in pack.column(pack.choice).choices}
    return False


def _windows(rules: Iterable[Rule]) -> Iterator[Fault]:
    """Yield a fault where two ages stand closer than a year: together they mark a birth."""
    ages = sorted({age for rule in rules for _, age in birth_ages(rule.logic.expression)})
    for younger, older in pairwise(ages):
        if older - younger < _YEAR:
            yield Fault("lint-window", "/logic", f"ages of {younger} and {older} months")


def _of_nothing(rule: Rule, value_sets: Mapping[str, list[str]], instant: datetime) -> bool | None:
    """Return what a rule says of an empty wallet; `None` where it cannot say anything."""
    payload: dict[str, Any] = dict(_DCC_EMPTY)
    if rule.reads == "facts":
        payload = {"birth": None, **{kind: [] for kind in KINDS}}
    clock = datetimes.as_text(milliseconds(instant))
    data = {"payload": payload, "external": {CLOCK: clock, "valueSets": value_sets}}
    try:
        return truth(rule.logic.value(scope_of(data)))
    except RefusalError:
        return None
