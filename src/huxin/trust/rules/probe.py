"""Asks rules about wallets made to measure, to find what the text of a rule hides.

A rule can be written in many ways; what it does cannot be.  Three promises are held against it:

- it answers for everybody (`lint-fault`): a rule that reads well can still stumble over a wallet that exists;
- more proof never makes an answer worse (`lint-bad-card`), but for isolation: a bad result no older than two
  weeks;
- what a rule does not name does not count for it (`lint-unnamed`): doses, results and statements of a kind that
  exists in no list, or a rule could ask for everything except what it may not ask for.

The wallets hold the codes that the rules themselves name, alone and stacked, at several ages, of people as old as the
rules ask for and not quite, beside wallets of the invented population, so that whatever a rule looks for is there.

    moves_made(before, after, "school", now)       the same wallets, asked before and after a change
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any, Final

from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules.book import Answer, RuleBook
from huxin.trust.rules.lint_logic import Fault, birth_ages, codes_read
from huxin.trust.rules.population import population
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.wallet import Certificate, Wallet

__all__ = ["Move", "moves_made", "probe"]

Move = tuple[Answer, Answer]
"""What somebody is answered before a change, and after it."""

_SEED: Final = 1
_PEOPLE: Final = 60
_MOST_BASES: Final = 20
_MOST_CODES: Final = 12
_MOST_NAMED: Final = 2_000
_FEW_NAMED: Final = 150
_MOST_BIRTHS: Final = 24
# Somebody who is just past an age, and somebody who is nearly as old.
_NEAR: Final = timedelta(days=20)
_MONTH: Final = 30.4375
_ISOLATION: Final = 14
# Days ago: now, in these days, within isolation and after it, long ago.
_AGES: Final = (0, 10, 15, 20, 200, 500)
_STRANGER: Final = "huxin:probe"

_Facts = Mapping[str, Any]
_Extra = tuple[str, int, dict[str, Any]]  # kind, days ago, event


def probe(rules: Sequence[Rule], book: RuleBook, now: datetime) -> Iterator[Fault]:
    """Yield what the rules of one purpose do and must not, as at `now`; each finding once."""
    if any(rule.reads == "dcc" for rule in rules):
        yield from _strange_certificates(rules, book, now)
        return
    asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
    named = _named(rules, book.value_sets, now.date())
    births = _births(rules, now.date())
    strange = list(_strange(now.date()))
    answers = [
        (base, asked.answer(base)) for base in (*_crafted(named, births), *_people(now.date()))
    ]
    if any(answer == "fault" for _, answer in answers):
        yield Fault("lint-fault", "/logic", "cannot be evaluated for a wallet that exists")
    bases = [(base, answer == "met") for base, answer in answers]
    met = [base for base, is_met in bases if is_met][:_MOST_BASES]
    for kind, age, event in named:
        isolation = kind == "test" and age <= _ISOLATION
        if not isolation and any(not asked.met(_with(base, kind, [event])) for base in met):
            yield Fault("lint-bad-card", "/logic", f"a {kind} of {age} days ago makes it worse")
            break
    for kind, events in strange:
        if any(asked.met(_with(base, kind, events)) is not is_met for base, is_met in bases):
            yield Fault("lint-unnamed", "/logic", f"a {kind} that no rule names counts")
            break


def moves_made(
    before: RuleBook, after: RuleBook, purpose: str, now: datetime
) -> Mapping[Move, int]:
    """Count how the answers to wallets made to measure of either book move; none for rules about certificates."""
    rules = (*before.asked(purpose, now), *after.asked(purpose, now))
    if any(rule.reads == "dcc" for rule in rules):
        return {}
    named = _named(rules, {**before.value_sets, **after.value_sets}, now.date())
    sides = [_Asked(book, purpose, now) for book in (before, after)]
    return Counter(
        (sides[0].answer(facts), sides[1].answer(facts))
        for facts in _crafted(named, _births(rules, now.date()))
    )


class _Asked:
    """The rules of one purpose at one instant."""

    def __init__(self, book: RuleBook, purpose: str, now: datetime) -> None:
        self._book = book
        self._purpose = purpose
        self._now = now

    def met(self, facts: _Facts) -> bool:
        return self.answer(facts) == "met"

    def answer(self, facts: _Facts, *certificates: Certificate) -> Answer:
        wallet = Wallet(facts, certificates, self._book.value_sets)
        return self._book.answer(self._purpose, wallet, self._now)[0]


def _with(facts: _Facts, kind: str, events: Iterable[dict[str, Any]]) -> _Facts:
    return {**facts, kind: sorted([*facts[kind], *events], key=_when)}


def _when(event: Mapping[str, Any]) -> str:
    names = ("date", "sampled", "first_positive", "performed", "valid_from", "valid_until")
    return str(next((event[name] for name in names if name in event), ""))


def _people(today: date) -> Iterator[_Facts]:
    yield {"birth": None, **{kind: [] for kind in KINDS}}
    for person in population(seed=_SEED, size=_PEOPLE, today=today):
        yield person.facts


def _crafted(named: list[_Extra], births: Sequence[str]) -> Iterator[_Facts]:
    """Yield wallets of what the rules name: all of each kind, everything, and each event alone.

    Of people of every age in turn: whoever takes only the first of them has each.
    """
    events = {kind: [event for of, _, event in named if of == kind] for kind in KINDS}
    everything = {kind: _with(_nobody(""), kind, events[kind])[kind] for kind in KINDS}
    contents = [{}, *({kind: everything[kind]} for kind in KINDS), everything]
    for content in contents:
        for birth in births:
            yield {**_nobody(birth), **content}
    for birth in births if len(named) <= _FEW_NAMED else births[:1]:
        for kind, _, event in named:
            yield _with(_nobody(birth), kind, [event])


def _nobody(birth: str) -> _Facts:
    return {"birth": birth, **{kind: [] for kind in KINDS}}


def _births(rules: Sequence[Rule], today: date) -> list[str]:
    """Return a birth of somebody grown up, and births on either side of each age that the rules ask for."""
    ages = dict.fromkeys(age for rule in rules for _, age in birth_ages(rule.logic.expression))
    found = ["1980-06-15"]
    for months in ages:
        then = today - timedelta(days=round(min(months, 12 * 120) * _MONTH))
        found += [(then - _NEAR).isoformat(), (then + _NEAR).isoformat()]
    return found[:_MOST_BIRTHS]


def _named(rules: Sequence[Rule], value_sets: Mapping[str, list[str]], today: date) -> list[_Extra]:
    """Return events with the codes that the rules compare with, at several ages."""
    return list(islice(_events(rules, value_sets, today), _MOST_NAMED))


def _events(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], today: date
) -> Iterator[_Extra]:

    def codes(*fields: str) -> list[str]:
        found = (
            code
            for rule in rules
            for _, code in codes_read(rule.logic.expression, frozenset(fields), value_sets)
        )
        return list(dict.fromkeys(found))[:_MOST_CODES]

    diseases, purposes = codes("disease") or [_STRANGER], codes("purpose")
    details = {name: codes(name) for name in ("vaccine", "product", "maker", "method", "device")}
    for age in _AGES:
        for disease in diseases:
            for result in codes("result") or [_STRANGER]:
                yield "test", age, _test(disease, result, today, age, details)
            for dose in (1, 2, 5):
                for of in _variants(details, ("vaccine", "product", "maker")):
                    yield "vaccination", age, _dose(disease, dose, today, age, of)
            yield "recovery", age, {"disease": disease, **_span("first_positive", today, age)}
        for purpose in purposes:
            yield "examination", age, {"purpose": purpose, **_span("performed", today, age)}
            for exemption in (False, True):
                span = _span("valid_from", today, age)
                yield "clearance", age, {"purpose": purpose, "exemption": exemption, **span}


def _variants(
    details: Mapping[str, list[str]], names: Sequence[str]
) -> Iterator[Mapping[str, list[str]]]:
    """Yield the first code of each name together, then each further code beside the first of the others."""
    yield details
    for name in names:
        for code in details[name][1:]:
            yield {**details, name: [code]}


def _span(first: str, today: date, age: int) -> dict[str, str]:
    begin = today - timedelta(days=age)
    end = (begin + timedelta(days=365)).isoformat()
    return {first: begin.isoformat(), "valid_from": begin.isoformat(), "valid_until": end}


def _test(
    disease: str, result: str, today: date, age: int, details: Mapping[str, list[str]]
) -> dict[str, Any]:
    day = (today - timedelta(days=age)).isoformat()
    event = {"disease": disease, "result": result, "sampled": f"{day}T00:30:00Z"}
    return event | {name: details[name][0] for name in ("method", "device") if details[name]}


def _dose(
    disease: str, dose: int, today: date, age: int, details: Mapping[str, list[str]]
) -> dict[str, Any]:
    # Doses of one age are a month apart, as two on one day would be one.
    day = today - timedelta(days=age + 30 * (6 - dose))
    event = {"disease": disease, "dose": dose, "series": dose, "date": day.isoformat()}
    names = ("vaccine", "product", "maker")
    return event | {name: details[name][0] for name in names if details[name]}


def _strange(today: date) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield events whose codes stand in no list anywhere."""
    details = {name: [_STRANGER] for name in ("vaccine", "product", "maker", "method", "device")}
    doses = [_dose(_STRANGER, dose, today, age, details) for age in (0, 200) for dose in (1, 2, 3)]
    for series in (2, 3):
        yield "vaccination", [one | {"series": series} for one in doses]
    yield "test", [_test(_STRANGER, _STRANGER, today, age, details) for age in (0, 20)]
    yield "recovery", [{"disease": _STRANGER, **_span("first_positive", today, 60)}]
    yield "examination", [{"purpose": "probe/probe", **_span("performed", today, 1)}]
    yield (
        "clearance",
        [{"purpose": "probe/probe", "exemption": False, **_span("valid_from", today, 1)}],
    )


def _strange_certificates(rules: Sequence[Rule], book: RuleBook, now: datetime) -> Iterator[Fault]:
    """Yield what rules about certificates do and must not: stumble, or take one about no disease at all."""
    nothing: _Facts = {"birth": None, **{kind: [] for kind in KINDS}}
    asked = _Asked(RuleBook(tuple(rules), book.value_sets), rules[0].purpose, now)
    for person in population(seed=_SEED, size=_PEOPLE, today=now.date()):
        for certificate in person.certificates:
            payload = {
                name: [{**entry, "tg": _STRANGER} for entry in one] if name in "vtr" else one
                for name, one in certificate.payload.items()
            }
            if asked.answer(nothing, certificate) == "fault":
                yield Fault(
                    "lint-fault", "/logic", "cannot be evaluated for a certificate that exists"
                )
                return
            if asked.answer(nothing, Certificate(0, certificate.kind, payload)) == "met":
                yield Fault("lint-unnamed", "/logic", "a certificate about any disease counts")
                return
