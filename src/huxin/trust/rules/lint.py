"""Refuses rules that no region should publish: each refusal has a code, a place and a sentence.

    faults = lint(book, now=…, relaxes=…)

A rule is judged by itself, and the rules of a purpose together, since what one may not ask two may not
compose.  Whoever publishes rules asks here first, and whoever takes rules from others asks again.  How few
people a rule singles out is measured on an invented population, in `simulate`; what rules ask together is judged in
`lint_together`.

The words for the codes stand in the register, the reasons in `docs/explanation/rules.md`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

from huxin.kernel.value import value
from huxin.packs import reader
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.days import beginning, fixed_instants, named_instants
from huxin.trust.rules.expression import Var, walk
from huxin.trust.rules.lint_logic import (
    SHORTEST,
    Fault,
    codes_read,
    diseases,
    lint_logic,
    sensitive_codes,
)
from huxin.trust.rules.lint_together import lint_together, never
from huxin.trust.rules.looks import KINDS_OF_DCC
from huxin.trust.rules.rule import PURPOSES, Rule
from huxin.trust.rules.wallet import just_after, milliseconds

__all__ = ["LONGEST", "NOTICE", "OUTBREAK", "RuleFault", "lint"]

NOTICE: Final = timedelta(hours=48)
LONGEST: Final = timedelta(days=3 * 366)
OUTBREAK: Final = timedelta(days=21)
# An exclusion is announced after the declaration, begins two days later, and is not prolonged by another rule.
_DECLARED: Final = OUTBREAK + timedelta(days=7)

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
# Where a rule stumbles, or reads what is not there, nobody meets it: that need not be told as well.
_UNANSWERED: Final = frozenset({"lint-fault", "lint-field", "lint-mixed", "lint-self-report"})
_NEEDED: Final = ("zh-Hans", "en")


@value()
class RuleFault:
    """A fault, and the rule that has it (`None`: the rules of a purpose together)."""

    rule: str | None
    fault: Fault


def lint(
    book: RuleBook,
    *,
    now: datetime,
    relaxes: frozenset[str] = frozenset(),
    publication: datetime | None = None,
) -> tuple[RuleFault, ...]:
    """Return all faults of a book; `relaxes` names rules that only admit more than before.

    `publication`, where it is known, is when the book is published, whatever its rules say of themselves.
    """
    found = [
        RuleFault(rule.id, fault)
        for rule in book.rules
        for fault in (
            *_dates(rule, now, publication, relaxed=rule.id in relaxes),
            *_asked(rule, book, now),
            *_words(rule),
            *_purpose(rule),
            *_logic(rule, book.value_sets),
        )
    ]
    for purpose in sorted(book.purposes()):
        rules = [rule for rule in book.rules if rule.purpose == purpose]
        together = [*lint_together(rules, book)]
        alone = {one.fault.code for one in found if one.rule in {rule.id for rule in rules}}
        if _UNANSWERED.isdisjoint({*alone, *(fault.code for fault in together)}):
            together += never(rules, book)
        found += [RuleFault(None, fault) for fault in together]
    return tuple(found)


def _dates(
    rule: Rule, now: datetime, publication: datetime | None, *, relaxed: bool
) -> Iterator[Fault]:
    if rule.valid_until - rule.valid_from > LONGEST:
        yield Fault("lint-end", "/valid_until", "longer than three years")
    announced = max(filter(None, (rule.published, publication)), default=now)
    if rule.valid_from - announced < NOTICE and not relaxed:
        yield Fault("lint-notice", "/valid_from", "less than 48 hours after publication")


def _asked(rule: Rule, book: RuleBook, now: datetime) -> Iterator[Fault]:
    """Yield a fault where nobody is ever asked a rule, or what it reads is never there."""
    versions = [
        one
        for one in book.rules
        if (one.region, one.id, one.purpose) == (rule.region, rule.id, rule.purpose)
    ]
    if rule.valid_until < now and rule.version == max(one.version for one in versions):
        yield Fault("lint-unasked", "/valid_until", "it is over")
    turns = {at for one in versions for at in (one.valid_from, just_after(one.valid_until)) if at}
    asked = RuleBook(tuple(versions))
    if not any(rule in asked.asked(rule.purpose, at) for at in turns):
        yield Fault("lint-unasked", "/version", "a later version stands for all of its time")
    if rule.reads == "dcc":
        yield from _kinds(rule)


def _kinds(rule: Rule) -> Iterator[Fault]:
    for node in walk(rule.logic.expression):
        names = node.path.split(".")[:2] if isinstance(node, Var) else []
        kind = KINDS_OF_DCC.get(names[-1]) if names[:1] == ["payload"] else None
        if kind is not None and kind not in rule.kinds:
            yield Fault("lint-unasked", f"/logic{node.place}", f"it is not asked about a {kind}")


def _words(rule: Rule) -> Iterator[Fault]:
    if rule.basis is None or not any(map(str.strip, rule.basis.instrument.values())):
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
    yield from _turning(rule)
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


def _turning(rule: Rule) -> Iterator[Fault]:
    """Yield a fault where a rule, in its time, turns twice within a month, since it moves the clock."""
    logic = rule.logic.expression
    first, last = milliseconds(rule.valid_from), milliseconds(rule.valid_until)
    fixed = fixed_instants(logic)
    turns = sorted(at for at in named_instants(logic) if first <= at <= last)
    if any(later - at < SHORTEST and not {at, later} <= fixed for at, later in pairwise(turns)):
        yield Fault("lint-window", "/logic", "what it asks changes twice within a month")


def _is_statement(purpose: str) -> bool:
    """Tell whether a pack issues statements of that purpose: only those are known to be one."""
    base, _, choice = purpose.partition("/")
    for pack_id in reader.pack_ids():
        pack = reader.pack(pack_id)
        if pack.purpose == base:
            return not choice or choice in {one.id for one in pack.column(pack.choice).choices}
    return False
