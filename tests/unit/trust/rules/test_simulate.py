"""An invented population, and what a change of rules does to it."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from huxin.trust.credentials.facts import KINDS
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.payload import READABLE
from huxin.trust.rules.population import AGE_BANDS, age_band, population
from huxin.trust.rules.rule import parse_rule
from huxin.trust.rules.simulate import effect_data, effect_of, simulate
from tests.lib.rules import CLOCK, TWO_DOSES, foreign, rule

TODAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, 10, tzinfo=UTC)
SIZE = 4_000


@pytest.fixture(scope="module")
def people():
    return tuple(population(seed=20261128, size=SIZE, today=TODAY))


def test_the_same_seed_gives_the_same_people_and_another_gives_others(people):
    again = tuple(population(seed=20261128, size=50, today=TODAY))
    assert again == people[:50]
    others = tuple(population(seed=7, size=50, today=TODAY))
    assert sum(one == other for one, other in zip(again, others, strict=True)) < 5


def test_the_population_is_one_that_could_be(people):
    ages = Counter(age_band(person.age) for person in people)
    assert {age_band(first) for first in AGE_BANDS} == ages.keys()
    assert (
        0.18
        < sum(count for band, count in ages.items() if band in ("0-2", "3-5", "6-11", "12-17"))
        / SIZE
        < 0.22
    )
    assert 0.46 < sum(person.sex == "M" for person in people) / SIZE < 0.55
    children = [person for person in people if 2 <= person.age < 18]
    two = sum(_doses(person, "icd-11:1F03") >= 2 for person in children) / len(children)
    assert 0.82 < two < 0.96
    assert max(person.age for person in people) <= 100
    assert any(len(person.facts["birth"]) == 4 for person in people)


def _doses(person, disease):
    return sum(dose["disease"] == disease for dose in person.facts["vaccination"])


def test_wallets_hold_what_rules_can_read_and_nothing_of_the_future(people):
    for person in people:
        assert person.facts.keys() == {"birth", *KINDS}
        for kind in KINDS:
            for event in person.facts[kind]:
                assert event.keys() <= set(READABLE[kind])
        dates = [dose["date"] for dose in person.facts["vaccination"]]
        assert dates == sorted(dates)
        assert all(one <= TODAY.isoformat() for one in dates)
        assert [one.card for one in person.certificates] == list(range(len(person.certificates)))
    held = Counter(kind for person in people for kind in person.kinds.split("+"))
    assert held.keys() == {"certificate", "nothing", *KINDS}


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0-2"), (2, "0-2"), (3, "3-5"), (74, "60-74"), (99, "75+")]
)
def test_bands_of_age(age, band):
    assert age_band(age) == band


ONE_DOSE = {">=": [TWO_DOSES[">="][0], 1]}


def book(*rules):
    return RuleBook(rules)


def test_who_moves_when_a_second_dose_is_asked_for(people):
    heard: list[int] = []
    effect = simulate(
        book(rule(logic=ONE_DOSE)), book(rule()), "school", people, now=NOW, told=heard.append
    )
    right = sum(_doses(person, "icd-11:1F03") == 1 for person in people)
    assert effect.moved == effect.moves["met", "not-met"] == right > 0
    assert effect.people == sum(effect.moves.values()) == SIZE
    for groups in (effect.by_age, effect.by_sex, effect.by_kinds):
        total = sum((Counter(group) for group in groups.values()), Counter())
        assert total == Counter(effect.moves)
    assert not effect.targets_few
    assert not effect.only_admits
    assert heard[-1] == SIZE


def test_a_change_back_only_admits(people):
    effect = simulate(book(rule()), book(rule(logic=ONE_DOSE)), "school", people, now=NOW)
    assert effect.only_admits
    assert effect.moves["not-met", "met"] == effect.moved


def test_no_change_moves_nobody(people):
    effect = simulate(book(rule()), book(rule()), "school", people, now=NOW)
    assert (effect.moved, effect.smallest, effect.targets_few) == (0, None, False)


AGED_47 = {
    "and": [
        {"not-after": [{"dccDateOfBirth": [{"var": "payload.birth"}]}, {"plusTime": [CLOCK, -47, "year"]}]},
        {"after": [{"dccDateOfBirth": [{"var": "payload.birth"}]}, {"plusTime": [CLOCK, -48, "year"]}]},
        {"var": "payload.test.0"},
    ]
}  # fmt: skip


def test_a_rule_composed_to_hit_a_few_is_found_out(people):
    """However it is composed: an age, and a test in these days."""
    open_to_all = {"if": [{"var": "payload.birth"}, True, False]}
    but_some = {"if": [AGED_47, False, open_to_all]}
    effect = simulate(
        book(rule(logic=open_to_all)), book(rule(logic=but_some)), "school", people, now=NOW
    )
    assert 0 < effect.moved < 40
    assert effect.targets_few


def with_product(*codes):
    dose = {"in": [{"var": "current.product"}, list(codes)]}
    return {"reduce": [{"var": "payload.vaccination"}, {"if": [dose, True, {"var": "accumulator"}]}, False]}  # fmt: skip


def test_a_rule_about_somebody_who_was_not_invented_is_found_out(people):
    """Nobody invented has this product on a dose: wallets that have it are made, and asked."""
    known = {"if": [{"var": "payload.birth"}, True, False]}
    this_one = {"and": [*AGED_47["and"][:2], with_product("huxin:rare", "huxin:rarer")]}
    closed = {"if": [with_product("huxin:common"), True, {"if": [this_one, False, known]}]}
    for before in (book(), book(rule(logic=known))):
        effect = simulate(before, book(rule(logic=closed)), "school", people, now=NOW)
        assert not any(after == "not-met" for _, after in effect.moves)
        assert (effect.smallest, effect.targets_few, effect.only_admits) == (0, True, False)
        assert effect_of(effect_data(effect)) == effect
    opened = simulate(book(rule(logic=closed)), book(rule(logic=known)), "school", people, now=NOW)
    assert (opened.smallest, opened.targets_few, opened.only_admits) == (None, False, True)


def test_a_first_rule_is_judged_by_whom_it_refuses(people):
    known = {"if": [{"var": "payload.birth"}, True, False]}
    usual = simulate(book(), book(rule()), "school", people, now=NOW)
    assert usual.moves.keys() == {("no-rules", "met"), ("no-rules", "not-met")}
    assert not usual.targets_few
    nobody = simulate(book(), book(rule(logic=known)), "school", people, now=NOW)
    assert nobody.smallest is None
    few = simulate(
        book(), book(rule(logic={"if": [AGED_47, False, known]})), "school", people, now=NOW
    )
    assert few.targets_few


def test_rules_that_read_certificates_see_those_of_the_population(people):
    effect = simulate(book(), book(parse_rule(foreign())), "entry", people, now=NOW)
    assert effect.moves["no-rules", "met"] > 0.2 * SIZE
