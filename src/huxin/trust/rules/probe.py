"""Asks rules about wallets made to measure, to find what the text of a rule hides.

A rule can be written in many ways; what it does cannot be.  Five promises are held against it:

- it answers for everybody (`lint-fault`): a rule that reads well can still stumble over a wallet that exists;
- more proof never makes an answer worse (`lint-bad-card`), but for isolation: a bad result, or a recovery, no older
  than two weeks;
- no answer hangs on a bad result (`lint-bad-card`), nor on a result that the rule does not look at;
- what a rule does not name does not count for it (`lint-unnamed`): doses, results and statements of a kind that
  exists in no list, or a rule could ask for everything except what it may not ask for;
- somebody can meet it (`lint-never`): `is_met` looks for a wallet that does.

The wallets are those of `crafted` and `certificates_made`, beside some of the invented population.

    moves_made(before, after, "school", now)       the same wallets, asked before and after a change
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import chain, product
from typing import Any, Final

from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules.book import Answer, RuleBook
from huxin.trust.rules.certificates_made import certificates_made
from huxin.trust.rules.crafted import (
    GROWN_UP,
    STRANGER,
    Event,
    Facts,
    added,
    births,
    crafted,
    events_fitting,
    fitted,
    is_bad,
    is_bad_test,
    kinds_read,
    named,
    nobody,
    strange,
)
from huxin.trust.rules.lint_logic import Fault
from huxin.trust.rules.population import population
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.wallet import Certificate, Wallet

__all__ = ["Move", "is_met", "moves_made", "probe"]

Move = tuple[Answer, Answer]
"""What somebody is answered before a change, and after it."""

_SEED: Final = 1
_PEOPLE: Final = 60
_MOST_BASES: Final = 20
_MOST_UNMET: Final = 100
_MOST_ALONE: Final = 300
_MOST_FITTINGS: Final = 4
_ISOLATION: Final = 14


def probe(rules: Sequence[Rule], book: RuleBook, now: datetime) -> Iterator[Fault]:
    """Yield what the rules of one purpose do and must not, as at `now`; each finding once."""
    if any(rule.reads == "dcc" for rule in rules):
        yield from _certificates(rules, book, now)
        return
    asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
    events = named(rules, book.value_sets, now.date())
    born = births(rules, now.date())
    answers = [
        (base, asked.answer(base)) for base in (*crafted(events, born), *_people(now.date()))
    ]
    if any(answer == "fault" for _, answer in answers):
        yield Fault("lint-fault", "/logic", "cannot be evaluated for a wallet that exists")
    met = [base for base, answer in answers if answer == "met"][:_MOST_BASES]
    fitting = events_fitting(rules, book.value_sets, now)
    for kind, age, proofs in _proofs(events, fitting):
        if any(not asked.met(added(base, kind, proofs)) for base in met):
            yield Fault("lint-bad-card", "/logic", f"a {kind} of {age} days ago makes it worse")
            break
    unmet = [base for base, answer in answers if answer != "met"][:_MOST_UNMET]
    if _needs_a_bad_test(asked, unmet, fitting):
        yield Fault("lint-bad-card", "/logic", "a test helps that found something, or any test")
    for kind, more in strange(kinds_read(rules), now.date()):
        if any(asked.met(added(base, kind, more)) is not (was == "met") for base, was in answers):
            yield Fault("lint-unnamed", "/logic", f"a {kind} that no rule names counts")
            break


def _proofs(
    events: Iterable[Event], fitting: Mapping[int, list[Event]]
) -> Iterator[tuple[str, int, list[dict[str, Any]]]]:
    """Yield what may be added to a wallet and must not make it worse: each event alone, all of a kind and an age."""
    for kind, age, event in events:
        if not _may_isolate((kind, age, event)):
            yield kind, age, [event]
    for age, found in fitting.items():
        for kind in KINDS:
            of_kind = [one[2] for one in found if one[0] == kind and not _may_isolate(one)]
            if of_kind:
                yield kind, age, of_kind


def _may_isolate(one: Event) -> bool:
    """Tell whether somebody may be asked to stay away for some days after an event: one known to be bad."""
    kind, age, event = one
    if kind == "test":
        known = is_bad(event["result"]) and event["result"] != STRANGER
    else:
        known = kind == "recovery"
    return known and age <= _ISOLATION


def _needs_a_bad_test(
    asked: _Asked, unmet: Iterable[Facts], fitting: Mapping[int, list[Event]]
) -> bool:
    """Tell whether somebody meets rules by a result that is bad or unknown, alone or beside others of its age."""
    of_age = [[one for one in found if is_bad_test(one)] for found in fitting.values()]
    together = [[event for _, _, event in found] for found in of_age if found]
    alone = [[event] for found in together for event in found][:_MOST_ALONE]
    grown_up = nobody(GROWN_UP)
    tried = chain(
        product([grown_up], [] if asked.met(grown_up) else alone), product(unmet, together)
    )
    return any(asked.met(added(base, "test", tests)) for base, tests in tried)


def is_met(rules: Sequence[Rule], book: RuleBook, instants: Sequence[datetime]) -> bool:
    """Tell whether anybody who can be thought of ever meets rules of one purpose; looks no longer than needed."""
    return any(_is_met(rules, book, now) for now in instants) or any(
        _is_met_by(fitted(rules, book.value_sets, now), rules, book, now)
        for now in instants[:_MOST_FITTINGS]
        if rules[0].reads == "facts"
    )


def _is_met(rules: Sequence[Rule], book: RuleBook, now: datetime) -> bool:
    if any(rule.reads == "dcc" for rule in rules):
        asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
        made = certificates_made(rules, book.value_sets, now)
        return any(asked.answer(nobody(None), one) == "met" for one in made)
    events = named(rules, book.value_sets, now.date())
    made_to_measure = crafted(events, births(rules, now.date()))
    return _is_met_by(chain(made_to_measure, _people(now.date())), rules, book, now)


def _is_met_by(
    wallets: Iterable[Facts], rules: Sequence[Rule], book: RuleBook, now: datetime
) -> bool:
    asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
    return any(asked.met(facts) for facts in wallets)


def moves_made(
    before: RuleBook, after: RuleBook, purpose: str, now: datetime
) -> Mapping[Move, int]:
    """Count how the answers to wallets made to measure of either book move."""
    rules = (*before.asked(purpose, now), *after.asked(purpose, now))
    value_sets = {**before.value_sets, **after.value_sets}
    sides = [_Asked(book, purpose, now) for book in (before, after)]
    if any(rule.reads == "dcc" for rule in rules):
        made = certificates_made(rules, value_sets, now)
        return Counter(
            (sides[0].answer(nobody(None), one), sides[1].answer(nobody(None), one)) for one in made
        )
    events = named(rules, value_sets, now.date())
    return Counter(
        (sides[0].answer(facts), sides[1].answer(facts))
        for facts in crafted(events, births(rules, now.date()))
    )


class _Asked:
    """The rules of one purpose at one instant."""

    def __init__(self, book: RuleBook, purpose: str, now: datetime) -> None:
        self._book = book
        self._purpose = purpose
        self._now = now

    def met(self, facts: Facts) -> bool:
        return self.answer(facts) == "met"

    def answer(self, facts: Facts, *certificates: Certificate) -> Answer:
        wallet = Wallet(facts, certificates, self._book.value_sets)
        return self._book.answer(self._purpose, wallet, self._now)[0]


def _people(today: date) -> Iterator[Facts]:
    yield nobody(None)
    for person in population(seed=_SEED, size=_PEOPLE, today=today):
        yield person.facts


def _certificates(rules: Sequence[Rule], book: RuleBook, now: datetime) -> Iterator[Fault]:
    """Yield what rules about certificates do and must not: stumble, take one about no disease, or a bad test."""
    asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
    people = population(seed=_SEED, size=_PEOPLE, today=now.date())
    of_people = (one for person in people for one in person.certificates)
    found: dict[str, Fault] = {}
    for one in chain(of_people, certificates_made(rules, book.value_sets, now)):
        answer = asked.answer(nobody(None), one)
        if answer == "fault":
            note = "cannot be evaluated for a certificate that exists"
            found.setdefault("lint-fault", Fault("lint-fault", "/logic", note))
        if answer == "met" and any(is_bad(entry["tr"]) for entry in one.payload.get("t", ())):
            note = "a test certificate helps that found something, or any"
            found.setdefault("lint-bad-card", Fault("lint-bad-card", "/logic", note))
        if asked.answer(nobody(None), _about_nothing(one)) == "met":
            note = "a certificate about any disease counts"
            found.setdefault("lint-unnamed", Fault("lint-unnamed", "/logic", note))
    yield from found.values()


def _about_nothing(certificate: Certificate) -> Certificate:
    """Return a certificate with a disease that nobody has."""
    payload = {
        name: [{**entry, "tg": STRANGER} for entry in one] if name in "vtr" else one
        for name, one in certificate.payload.items()
    }
    return Certificate(0, certificate.kind, payload)
