"""Wallets made to measure: they hold the codes that rules name, at several ages, of people as old as rules ask for.

Nobody's, and not drawn by chance: whatever a rule looks for is in one of them, alone and stacked, beside codes that
stand in no list anywhere.  What they are asked is the matter of `probe`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules.datetimes import DAY
from huxin.trust.rules.days import fixed_instants
from huxin.trust.rules.expression import PlusTime, Var, walk
from huxin.trust.rules.lint_logic import birth_ages, codes_read
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.wallet import milliseconds

__all__ = [
    "GROWN_UP",
    "STRANGER",
    "Event",
    "Facts",
    "added",
    "births",
    "codes_named",
    "crafted",
    "events_fitting",
    "fitted",
    "fitting_ages",
    "is_bad",
    "is_bad_test",
    "kinds_read",
    "named",
    "nobody",
    "strange",
    "variants",
]

STRANGER: Final = "huxin:probe"
"""A code that stands in no list anywhere."""

GROWN_UP: Final = "1980-06-15"
"""The birth of somebody whom rules about children do not concern."""

# Days ago: now, in these days, within isolation and after it, long ago.
_AGES: Final = (0, 10, 15, 20, 200, 500)

_MOST_CODES: Final = 12
_MOST_NAMED: Final = 2_000
_MOST_OF_AGE: Final = 300
_FEW_NAMED: Final = 150
_MOST_BIRTHS: Final = 24
_MOST_AGES: Final = 24
_MOST_FITTED: Final = 6_000
_OLDEST: Final = 40_000
# Somebody who is just past an age, and somebody who is nearly as old.
_NEAR: Final = timedelta(days=20)
_MONTH: Final = 30.4375
_DAYS: Final = {"hour": 1 / 24, "day": 1.0, "month": _MONTH, "year": 12 * _MONTH}
_DOSES: Final = (1, 2, 5)
_ALL_DOSES: Final = (1, 2, 3, 4, 5)
_DETAILS: Final = ("vaccine", "product", "maker", "method", "device")

_FOUND: Final = "snomed:260373001"
_NOT_FOUND: Final = "snomed:260415000"
# “Not detected” and “negative” of SNOMED CT and of LOINC, whichever system a card writes before them.
_NEGATIVE: Final = frozenset({"260415000", "260385009", "LA11883-8", "LA6577-6"})

Facts = Mapping[str, Any]
Event = tuple[str, int, dict[str, Any]]
"""A kind, how many days ago, and the event as rules read it."""

_Details = Mapping[str, list[str]]


def is_bad(result: object) -> bool:
    """Tell whether a result is not one of those that say: nothing was found."""
    return str(result).rpartition(":")[2] not in _NEGATIVE


def is_bad_test(one: Event) -> bool:
    """Tell whether an event is a test that did not say: nothing was found."""
    return one[0] == "test" and is_bad(one[2]["result"])


def nobody(birth: str | None) -> Facts:
    """Return the wallet of somebody who shows nothing."""
    return {"birth": birth, **{kind: [] for kind in KINDS}}


def added(facts: Facts, kind: str, events: Iterable[dict[str, Any]]) -> Facts:
    """Return a wallet with more in it, in the order in which rules find it."""
    return {**facts, kind: sorted([*facts[kind], *events], key=_when)}


def _when(event: Mapping[str, Any]) -> str:
    names = ("date", "sampled", "first_positive", "performed", "valid_from", "valid_until")
    return str(next((event[name] for name in names if name in event), ""))


def crafted(events: list[Event], born: Sequence[str]) -> Iterator[Facts]:
    """Yield wallets of some events: all of each kind, everything, what is good of it, and each event alone.

    Of people of every age in turn: whoever takes only the first of them has each.
    """
    of_kind = {kind: [event for of, _, event in events if of == kind] for kind in KINDS}
    everything = {kind: added(nobody(""), kind, of_kind[kind])[kind] for kind in KINDS}
    good = {**everything, "test": [one for one in everything["test"] if not is_bad(one["result"])]}
    contents: list[Facts] = [{}, *({kind: everything[kind]} for kind in KINDS if of_kind[kind])]
    contents += [everything] if good == everything else [everything, good]
    for content in contents:
        for birth in born:
            yield {**nobody(birth), **content}
    for birth in born if len(events) <= _FEW_NAMED else born[:1]:
        for kind, _, event in events:
            yield added(nobody(birth), kind, [event])


def births(rules: Iterable[Rule], today: date) -> list[str]:
    """Return a birth of somebody grown up, and births on either side of each age that the rules ask for."""
    ages = dict.fromkeys(age for rule in rules for _, age in birth_ages(rule.logic.expression))
    found = [GROWN_UP]
    for months in ages:
        then = today - timedelta(days=round(min(months, 12 * 120) * _MONTH))
        found += [(then - _NEAR).isoformat(), (then + _NEAR).isoformat()]
    return found[:_MOST_BIRTHS]


def kinds_read(rules: Iterable[Rule]) -> frozenset[str]:
    """Return the kinds of event that rules read: what else is in a wallet changes nothing for them."""
    found: set[str] = set()
    for rule in rules:
        for node in walk(rule.logic.expression):
            if isinstance(node, Var):
                first, *names = node.path.split(".")
                whole = not first or (first == "payload" and not names)
                found |= set(KINDS) if whole else {*names[:1]}
    return frozenset(found & set(KINDS))


def codes_named(
    rules: Iterable[Rule], value_sets: Mapping[str, list[str]], *fields: str
) -> list[str]:
    """Return the codes that rules compare a field with, the first dozen."""
    found = (
        code
        for rule in rules
        for _, code in codes_read(rule.logic.expression, frozenset(fields), value_sets)
    )
    return list(dict.fromkeys(found))[:_MOST_CODES]


# ------------------------------------------------------------------------------------------ events


@dataclass(frozen=True, slots=True)
class _Named:
    """What rules name: the kinds that they read, and the codes that these may have."""

    kinds: frozenset[str]
    diseases: Sequence[str]
    purposes: Sequence[str]
    results: Sequence[str]
    details: _Details
    doses: Sequence[int] = _DOSES

    def events(self, today: date, age: int) -> Iterator[Event]:
        """Yield events of so many days ago."""
        for disease in self.diseases if self.kinds & {"vaccination", "test", "recovery"} else ():
            yield from self._of_disease(disease, today, age)
        for purpose in self.purposes:
            if "examination" in self.kinds:
                event = {"purpose": purpose, **_span("performed", today, age)}
                yield "examination", age, event
            if "clearance" in self.kinds:
                for exemption in (False, True):
                    span = _span("valid_from", today, age)
                    yield "clearance", age, {"purpose": purpose, "exemption": exemption, **span}

    def _of_disease(self, disease: str, today: date, age: int) -> Iterator[Event]:
        if "test" in self.kinds:
            for result, of in product(self.results, variants(self.details, ("method", "device"))):
                yield "test", age, _test(disease, result, today, age, of)
        if "vaccination" in self.kinds:
            names = ("vaccine", "product", "maker")
            for dose, of in product(self.doses, variants(self.details, names)):
                yield "vaccination", age, _dose(disease, dose, today, age, of)
        if "recovery" in self.kinds:
            yield "recovery", age, {"disease": disease, **_span("first_positive", today, age)}


def _named(rules: Sequence[Rule], value_sets: Mapping[str, list[str]]) -> _Named:
    def codes(field: str) -> list[str]:
        return codes_named(rules, value_sets, field)

    results = dict.fromkeys([*codes("result"), _NOT_FOUND, _FOUND, STRANGER])
    return _Named(
        kinds_read(rules),
        codes("disease") or [STRANGER],
        codes("purpose"),
        tuple(results),
        {name: codes(name) for name in _DETAILS},
    )


def named(rules: Sequence[Rule], value_sets: Mapping[str, list[str]], today: date) -> list[Event]:
    """Return events with the codes that the rules compare with, at several ages, of the kinds that they read."""
    what = _named(rules, value_sets)
    return list(islice((one for age in _AGES for one in what.events(today, age)), _MOST_NAMED))


def variants(details: _Details, names: Sequence[str]) -> Iterator[_Details]:
    """Yield the first code of each name together, then each further code beside the first of the others."""
    yield details
    for name in names:
        for code in details[name][1:]:
            yield {**details, name: [code]}


def _span(first: str, today: date, age: int) -> dict[str, str]:
    begin = today - timedelta(days=age)
    end = (begin + timedelta(days=365)).isoformat()
    return {first: begin.isoformat(), "valid_from": begin.isoformat(), "valid_until": end}


def _test(disease: str, result: str, today: date, age: int, details: _Details) -> dict[str, Any]:
    day = (today - timedelta(days=age)).isoformat()
    event = {"disease": disease, "result": result, "sampled": f"{day}T00:00:00Z"}
    return event | {name: details[name][0] for name in ("method", "device") if details[name]}


def _dose(disease: str, dose: int, today: date, age: int, details: _Details) -> dict[str, Any]:
    # Doses of one age are a month apart, as two on one day would be one; the last of them is as old as is said.
    day = today - timedelta(days=age + 30 * (_ALL_DOSES[-1] - dose))
    event = {"disease": disease, "dose": dose, "series": dose, "date": day.isoformat()}
    names = ("vaccine", "product", "maker")
    return event | {name: details[name][0] for name in names if details[name]}


def strange(kinds: frozenset[str], today: date) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Yield events whose codes stand in no list anywhere, of the kinds that are read."""
    details = {name: [STRANGER] for name in _DETAILS}
    doses = [_dose(STRANGER, dose, today, age, details) for age in (0, 200) for dose in (1, 2, 3)]
    statement = {"purpose": "probe/probe"}
    clearance = {**statement, "exemption": False, **_span("valid_from", today, 1)}
    found = (
        *[("vaccination", [one | {"series": series} for one in doses]) for series in (2, 3)],
        ("test", [_test(STRANGER, STRANGER, today, age, details) for age in (0, 20)]),
        ("recovery", [{"disease": STRANGER, **_span("first_positive", today, 60)}]),
        ("examination", [{**statement, **_span("performed", today, 1)}]),
        ("clearance", [clearance]),
    )
    yield from [one for one in found if one[0] in kinds]


# ------------------------------------------------------------------------------------------ fitted


def events_fitting(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], now: datetime
) -> dict[int, list[Event]]:
    """Return events of the days that rules measure from, by age."""
    what, today = _named(rules, value_sets), now.date()
    return {
        age: list(islice(what.events(today, age), _MOST_OF_AGE)) for age in fitting_ages(rules, now)
    }


def fitting_ages(rules: Iterable[Rule], now: datetime) -> list[int]:
    """Return days ago on either side of what rules measure from: their periods, and the dates that they name."""
    spans: set[float] = set()
    for rule in rules:
        logic = rule.logic.expression
        spans |= {
            abs(node.amount) * _DAYS[node.unit]
            for node in walk(logic)
            if isinstance(node, PlusTime)
        }
        spans |= {(milliseconds(now) - instant) / DAY for instant in fixed_instants(logic)}
    near = {int(span) + more for span in spans if 0 <= span <= _OLDEST for more in (-1, 0, 1)}
    return sorted({*_AGES, *(age for age in near if age >= 0)})[:_MOST_AGES]


def fitted(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], now: datetime
) -> Iterator[Facts]:
    """Yield wallets that try harder to meet rules: at the ages that they measure, with all that a field may be."""
    return islice(_fitted(rules, value_sets, now), _MOST_FITTED)


def _fitted(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], now: datetime
) -> Iterator[Facts]:
    today, what = now.date(), _named(rules, value_sets)
    ages, born = fitting_ages(rules, now), births(rules, now.date())
    for details in (
        what.details,
        {name: [] for name in _DETAILS},
        {n: [STRANGER] for n in _DETAILS},
    ):
        each = _Named(what.kinds, what.diseases, what.purposes, what.results, details, _ALL_DOSES)
        events = {age: [_lasting(one, today) for one in each.events(today, age)] for age in ages}
        good = {age: [one for one in events[age] if not is_bad_test(one)] for age in ages}
        for birth, age in product(born, ages):
            yield _wallet(birth, good[age])
        for older, newer in product(ages, ages):
            tests = [one for one in good[newer] if one[0] == "test"]
            yield _wallet(born[0], [*(one for one in good[older] if one[0] != "test"), *tests])
        for age in ages:
            yield from (_wallet(born[0], [one]) for one in events[age])


def _lasting(one: Event, today: date) -> Event:
    """Return an event with a validity, as cards may give one to anything."""
    kind, age, event = one
    return kind, age, {**_span("valid_from", today, age), **event}


def _wallet(birth: str, events: Iterable[Event]) -> Facts:
    held = list(events)
    found = {kind: [event for of, _, event in held if of == kind] for kind in KINDS}
    return {"birth": birth, **{kind: sorted(found[kind], key=_when) for kind in KINDS}}
