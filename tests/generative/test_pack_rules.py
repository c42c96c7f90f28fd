"""Rules of the packs over payloads made by chance: never a fault, and nothing is proven by nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.packs import reader
from huxin.trust.rules.because import because
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.change import next_change
from huxin.trust.rules.payload import facts_payload
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.values import truth
from tests.lib.facts import wild
from tests.lib.pack_people import book
from tests.lib.payloads import certificates, payloads

CLOCK = "2026-11-23T10:00:00.000Z"
BOOKS = {name: book(name) for name in reader.pack_ids()}
RULES = [pytest.param(rules, rule, id=rule.id) for rules in BOOKS.values() for rule in rules.rules]


def ask(book: RuleBook, rule: Rule, payload: object) -> bool:
    """Ask a rule in every way in which it is asked; a refusal ends the test."""
    external = {"validationClock": CLOCK, "valueSets": book.value_sets}
    data = {"payload": payload, "external": external}
    holds = truth(rule.logic.value(scope_of(data)))
    assert holds is not None
    value, steps = rule.logic.trace(scope_of(data))
    assert truth(value) is holds
    assert because(rule.logic.expression, steps)
    next_change(rule.logic.expression, data)
    return holds


@pytest.mark.parametrize(("book", "rule"), RULES)
@given(payload=st.one_of(payloads(), certificates()))
def test_a_field_that_is_missing_is_never_a_fault(book, rule, payload):
    ask(book, rule, payload)


@pytest.mark.parametrize(("book", "rule"), RULES)
@given(shown=st.lists(wild(), max_size=3))
def test_what_any_cards_say_is_never_a_fault(book, rule, shown):
    ask(book, rule, facts_payload(shown))


@pytest.mark.parametrize(("book", "rule"), RULES)
def test_who_shows_nothing_has_proven_nothing(book, rule):
    for nothing in ({}, facts_payload([]), None):
        assert not ask(book, rule, nothing)
