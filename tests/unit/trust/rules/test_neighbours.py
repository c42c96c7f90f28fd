"""What two neighbours ask, compared rule by rule and on invented people."""

from datetime import UTC, date, datetime

import pytest

from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.looks import Look
from huxin.trust.rules.neighbours import Pair, compare, decision, showing
from huxin.trust.rules.population import Invented, population
from huxin.trust.rules.rule import parse_rule
from tests.lib.rules import MEASLES, TWO_DOSES, foreign, rule

NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
ONE_DOSE = {">=": [TWO_DOSES[">="][0], 1]}
V = ("vaccination",)


@pytest.fixture(scope="module")
def people():
    return tuple(population(seed=1, size=1_500, today=date(2026, 11, 28)))


def book(*rules, **value_sets):
    return RuleBook(rules, value_sets)


def only(here, there, **how):
    """Return the one pair of two books that are compared on nobody."""
    (pair,) = compare(here, there, "school", (), now=NOW, **how).pairs
    return pair


# ------------------------------------------------------------------------------------------ rule by rule


def test_the_same_rule_in_two_regions():
    here, there = rule(), rule(region="QW", version="3.0.0")
    assert only(book(here), book(there)) == Pair(here, there)


def test_a_rule_of_another_name_and_the_same_logic_is_the_same():
    there = rule(region="QW", id="OTHER")
    assert only(book(rule()), book(there)).there is there


@pytest.mark.parametrize(
    ("changes", "differs"),
    [
        ({"effect": "informs"}, ("effect",)),
        ({"kinds": ["vaccination", "clearance"]}, ("kinds",)),
        ({"valid_until": "2027-01-01T00:00:00Z"}, ("dates",)),
        ({"valid_from": "2026-10-01T00:00:00Z"}, ("dates",)),
        ({"logic": {"and": [TWO_DOSES, TWO_DOSES]}}, ("logic",)),
        ({"effect": "informs", "logic": ONE_DOSE}, ("effect", "reads")),
    ],
)
def test_what_differs_is_named(changes, differs):
    assert only(book(rule()), book(rule(region="QW", **changes))).differs == differs


def test_what_only_one_side_reads_is_told():
    pair = only(book(rule()), book(rule(logic=ONE_DOSE)))
    assert pair.only_here == (Look(V, "", "at-least", (2,)),)
    assert pair.only_there == (Look(V, "", "at-least", (1,)),)


@pytest.mark.parametrize(
    ("here", "there", "differs"),
    [
        ({"x": ["a", "b"]}, {"y": ["b", "a"]}, ("logic",)),
        ({"x": ["a"]}, {"y": ["a", "b"]}, ("reads",)),
        ({}, {}, ("reads",)),
    ],
)
def test_lists_count_as_what_they_hold(here, there, differs):
    def listed(name):
        seen = {"var": "payload.vaccination.0.disease"}
        return rule(logic={"in": [seen, {"var": f"external.valueSets.{name}"}]})

    assert only(book(listed("x"), **here), book(listed("y"), **there)).differs == differs


def test_rules_that_one_side_has():
    here, there = rule(id="A", logic=True), rule(id="B", logic=False)
    found = compare(book(here), book(there), "school", (), now=NOW)
    assert found.pairs == (Pair(here, None), Pair(None, there))


def test_no_rule_is_lost_or_found_twice():
    """Two regions in one book, and rules of one logic under several names."""
    here = [rule(id="A"), rule(id="B"), rule(id="C")]
    there = [rule(id="B"), rule(id="B", region="QW"), rule(id="D"), rule(id="E", logic=False)]
    found = compare(book(*here), book(*there), "school", (), now=NOW).pairs
    assert [(one.here and one.here.id, one.there and one.there.id) for one in found] == [
        ("A", "D"), ("B", "B"), ("C", None), (None, "B"), (None, "E"),
    ]  # fmt: skip


def test_rules_of_another_purpose_or_time_or_kind_are_left_out():
    there = [
        rule(purpose="work"),
        rule(id="LATER", valid_from="2027-01-01T00:00:00Z"),
        rule(id="TEST", kinds=["test"], logic=False),
    ]
    pair = only(book(rule()), book(*there), kind="vaccination")
    assert (pair.here, pair.there) == (rule(), None)


# ---------------------------------------------------------------------------------------------- people


def doses(person):
    return sum(dose["disease"] == MEASLES for dose in person.facts["vaccination"])


def test_the_two_directions_are_counted_apart(people):
    found = compare(book(rule(logic=ONE_DOSE)), book(rule()), "school", people, now=NOW)
    one = sum(doses(person) == 1 for person in people)
    assert (found.only_here, found.only_there) == (one, 0)
    assert found.answers["met", "not-met"] == one > 0
    assert found.people == sum(found.answers.values()) == 1_500
    turned = compare(book(rule()), book(rule(logic=ONE_DOSE)), "school", people, now=NOW)
    assert (turned.only_here, turned.only_there) == (0, one)


def test_who_is_not_asked_at_home_is_counted_where_they_do_not_meet_it_there(people):
    found = compare(book(), book(rule()), "school", people, now=NOW)
    assert found.only_here == found.answers["no-rules", "not-met"] > 0
    faulty = compare(book(), book(rule(logic={"+": [1, "x"]})), "school", people[:5], now=NOW)
    assert (faulty.only_here, faulty.only_there) == (5, 0)


def test_typical_people_are_the_largest_groups_and_those_who_differ_come_first(people):
    found = compare(book(rule(logic=ONE_DOSE)), book(rule()), "school", people, now=NOW)
    answers = [one.answers for one in found.typical]
    assert answers[:2] == [("met", "not-met")] * 2
    assert len(answers) == 6
    assert all(answers.count(one) == 2 for one in answers)
    first, second = found.typical[:2]
    assert first.people >= second.people
    assert doses(first.person) == 1
    alike = [person for person in people if person.kinds == first.person.kinds]
    assert first.people == sum(doses(person) == 1 for person in alike)
    assert compare(book(rule(logic=ONE_DOSE)), book(rule()), "school", people, now=NOW) == found


def test_cards_of_one_kind_are_shown_alone(people):
    rules = book(rule()), book(parse_rule(foreign()))
    found = compare(*rules, "school", people, now=NOW, kind="test")
    holders = [one for one in people if one.facts["test"] or _certified(one, "test")]
    assert 0 < found.people == len(holders) < 1_500
    assert {kind for one in found.typical for kind in one.person.kinds.split("+")} <= {
        "test",
        "certificate",
    }


def _certified(person, kind):
    return any(one.kind == kind for one in person.certificates)


def test_who_holds_none_of_a_kind_shows_nothing(people):
    nobody = Invented(0, 40, "F", {"birth": None, "test": []}, ())
    assert showing(nobody, "test") is None
    vaccinated = next(one for one in people if one.facts["vaccination"] and one.facts["clearance"])
    shown = showing(vaccinated, "vaccination")
    assert shown is not None
    assert shown.facts["vaccination"] == vaccinated.facts["vaccination"]
    assert shown.facts["birth"] == vaccinated.facts["birth"]
    assert shown.facts["clearance"] == []
    assert vaccinated.facts["clearance"]


def test_reasons_are_those_of_the_rules(people):
    person = next(one for one in people if doses(one) == 1)
    refused = decision(book(rule()), "school", person, NOW)
    assert refused.answer == "not-met"
    assert [side.value for side in refused.results[0].findings[0].sides] == [1, 2]
    met = decision(book(rule(logic=ONE_DOSE)), "school", person, NOW)
    assert (met.met, met.results[0].findings) == (True, ())
    faulty = decision(book(rule(logic={"+": [1, "x"]})), "school", person, NOW)
    assert faulty.answer == "fault"
