"""A proposal is held against what is published: order, lists of codes, what rules ask together, when they turn."""

from datetime import UTC, datetime, timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.difference import FIELDS, differences
from huxin.trust.rules.population import population
from huxin.trust.rules.proposal import MOST_RULES, MOST_TURNS, few, read_proposal
from huxin.trust.rules.rule_set import parse_set
from huxin.trust.rules.simulate import effect_data, effect_of, simulate
from tests.lib import rules
from tests.lib.rules import CLOCK, MEASLES, TWO_DOSES, foreign, rule

NOW = datetime(2026, 8, 1, tzinfo=UTC)
NOTHING = RuleBook(())


def document(**changes):
    return rules.document(**{"effect": "informs", **changes})


def proposal(*documents, standing=NOTHING, sets=None, now=NOW):
    content = {"rules": list(documents), "valueSets": sets or {}}
    return read_proposal(content, standing=standing, region="QV", now=now)


def standing(*documents, sets=None):
    return parse_set({"rules": list(documents), "valueSets": sets or {}})


def code_of(call):
    with pytest.raises(RefusalError) as caught:
        call()
    return caught.value.refusal.code


# ---------------------------------------------------------------------------------------- reading


def test_a_set_is_one_document_a_list_or_an_object():
    one = document()
    assert parse_set(one).rules == parse_set([one]).rules == parse_set({"rules": [one]}).rules
    assert parse_set({"rules": [one], "valueSets": {"a": ["b"]}}).value_sets == {"a": ["b"]}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (7, "not a list of rules"),
        ({"rules": 7}, "not a list of rules"),
        ({"rules": [], "valueSets": []}, "value sets"),
        ({"rules": [], "valueSets": {"a": "b"}}, "value sets"),
        ({"rules": [], "valueSets": {"a": [1]}}, "value sets"),
        ([document(), document(region=None)], "rule 2: at /region"),
    ],
)
def test_what_is_no_set_is_refused_with_its_place(content, said):
    for name in ("", "x.json"):
        with pytest.raises(RefusalError) as caught:
            parse_set(content, name=name)
        assert caught.value.refusal.code == "rule-shape"
        assert said in caught.value.refusal.detail
        assert caught.value.refusal.detail.startswith(name)


def test_a_proposal_is_dated_when_it_is_read():
    found = proposal(document(published="2020-01-01T00:00:00Z"))
    assert found.book.rules[0].published == NOW
    assert read_proposal(document(), standing=NOTHING, region="QV", now=NOW).purposes() == (
        "school",
    )


def test_a_proposal_has_some_rules_and_not_too_many():
    assert code_of(proposal) == "rule-shape"
    many = [document(id=f"R-{number}") for number in range(MOST_RULES + 1)]
    assert code_of(lambda: proposal(*many)) == "rule-shape"
    assert code_of(lambda: proposal("no object")) == "rule-shape"


def test_a_region_proposes_its_own_rules():
    assert code_of(lambda: proposal(document(region="QW"))) == "rule-region"


def test_versions_are_published_once_and_in_order():
    before = standing(document(version="1.2.0"), document(version="1.1.0"))
    for version in ("1.2.0", "1.1.9", "0.9.0"):
        late = document(version=version)
        assert code_of(lambda late=late: proposal(late, standing=before)) == "rule-version"
    found = proposal(document(version="1.10.0"), standing=before)
    assert found.replaced(found.book.rules[0]).version == (1, 2, 0)
    assert code_of(lambda: proposal(document(), document())) == "rule-version"
    assert proposal(document()).replaced(rule()) is None


def test_a_published_list_of_codes_does_not_change_under_its_rules():
    before = standing(document(), sets={"vaccines": ["a"]})
    later = document(version="2.0.0")
    assert code_of(lambda: proposal(later, standing=before, sets={"vaccines": ["a", "b"]})) == "rule-value-set"  # fmt: skip
    assert proposal(later, standing=before, sets={"vaccines": ["a"], "more": ["b"]})


# ----------------------------------------------------------------------------------------- faults


def test_the_linter_looks_at_a_proposal():
    assert proposal(document(next_step={"en": "…", "zh-Hans": "…"})).faults(now=NOW) == ()
    soon = document(valid_from="2026-08-02T00:00:00Z")
    (fault,) = proposal(soon).faults(now=NOW)
    assert fault.fault.code == "lint-notice"
    assert proposal(soon).faults(now=NOW, relaxes=frozenset({"QV-SCHOOL-1"})) == ()


def age(months):
    """Whoever is younger than so many months needs two doses."""
    young = {"before": [
        {"plusTime": [CLOCK, 0, "day"]}, {"plusTime": [{"var": "payload.birth"}, months, "month"]},
    ]}  # fmt: skip
    return {"if": [{"if": [{"var": "payload.birth"}, young, False]}, TWO_DOSES, TWO_DOSES]}


def test_rules_are_judged_together_with_those_that_stand():
    before = standing(document(id="A", logic=age(36)))
    later = document(id="B", logic=age(40))
    codes = {one.fault.code for one in proposal(later, standing=before).faults(now=NOW)}
    assert codes == {"lint-window"}
    # Where the new one takes the place of the old one, they are never asked together.
    instead = document(id="A", version="2.0.0", logic=age(40), valid_from="2026-09-01T00:00:00+08:00")  # fmt: skip
    assert proposal(instead, standing=before).faults(now=NOW) == ()


def test_what_a_standing_rule_has_against_it_is_no_fault_of_the_proposal():
    before = standing(document(id="A", basis=None))
    assert proposal(document(id="B"), standing=before).faults(now=NOW) == ()


def test_what_two_rules_have_against_them_is_told_once():
    before = standing(document(id="A", logic=age(36)))
    later = [document(id="B", logic=age(40)), document(id="C", logic=age(90))]
    found = proposal(*later, standing=before).faults(now=NOW)
    assert len(found) == len({(one.rule, one.fault) for one in found}) == 1


# ------------------------------------------------------------------------------------------ turns


def test_a_first_rule_turns_once():
    (turn,) = proposal(document()).turns()
    assert (turn.purpose, turn.at) == ("school", rule().valid_from)
    assert turn.before.asked("school", turn.at) == ()
    assert len(turn.after.asked("school", turn.at)) == 1


def test_what_comes_out_when_another_rule_ends_is_measured_too():
    before = standing(document(id="A", valid_until="2026-10-01T00:00:00Z"))
    found = proposal(document(id="B"), standing=before).turns()
    assert [turn.at for turn in found] == [
        rule().valid_from,
        datetime(2026, 10, 1, tzinfo=UTC) + timedelta(milliseconds=1),
    ]


def test_where_nothing_of_the_proposal_applies_there_is_no_turn():
    first = document(id="A", valid_until="2026-10-01T00:00:00Z")
    second = document(id="B", valid_from="2026-12-01T00:00:00Z")
    found = [turn.at for turn in proposal(first, second).turns()]
    assert found == [rule().valid_from, datetime(2026, 12, 1, tzinfo=UTC)]


def test_a_day_that_the_logic_names_is_a_turn():
    waits = {"if": [
        {"before": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": ["2026-11-05", 0, "day"]}]},
        TWO_DOSES, {"and": [TWO_DOSES, {"===": ["2026-99-99", "2026-99-99"]}]},
    ]}  # fmt: skip
    found = proposal(document(logic=waits)).turns()
    just_after = datetime(2026, 11, 5, tzinfo=UTC) + timedelta(milliseconds=1)
    assert [turn.at for turn in found] == [rule().valid_from, just_after]


def test_a_moved_day_known_in_part_is_a_turn():
    waits = {"if": [
        {"after": [{"plusTime": [CLOCK, -10, "day"]}, {"plusTime": ["2026-10", 1, "month"]}]},
        TWO_DOSES, TWO_DOSES,
    ]}  # fmt: skip
    # The last day of October and a month run over into December; the clock comes ten days after it.
    assert datetime(2026, 12, 11, 0, 0, 0, 1000, tzinfo=UTC) in [
        turn.at for turn in proposal(document(logic=waits)).turns()
    ]


def test_a_rule_in_the_spelling_of_others_is_walked_too():
    content = {"rules": [foreign()], "valueSets": {}}
    found = read_proposal(content, standing=NOTHING, region=foreign()["Country"], now=NOW)
    assert [turn.purpose for turn in found.turns()] == ["entry"]


def test_a_rule_that_ends_with_the_calendar_has_no_turn_after_it():
    whole = document(valid_until="9999-12-31T23:59:59.999999Z")
    assert len(proposal(whole).turns()) == 1


def test_more_turns_than_can_be_simulated_are_refused():
    steps = [
        document(id=f"R-{number}", valid_from=f"2026-09-{number + 1:02}T00:00:00Z")
        for number in range(MOST_TURNS + 1)
    ]
    assert code_of(lambda: proposal(*steps).turns()) == "rule-shape"
    assert code_of(lambda: proposal(*steps).faults(now=NOW)) == "rule-shape"


# ----------------------------------------------------------------------------------------- effects


def test_an_effect_is_kept_as_plain_data_and_read_again():
    (turn,) = proposal(document()).turns()
    people = population(seed=1, size=300, today=turn.at.date())
    effect = simulate(turn.before, turn.after, "school", people, now=turn.at)
    assert effect_of(effect_data(effect)) == effect
    assert effect_of(effect_data(effect)).by_age == effect.by_age


def test_a_change_about_a_handful_is_told_by_purpose():
    nobody = {"and": [TWO_DOSES, {"===": [{"var": "payload.birth"}, MEASLES]}]}
    (turn,) = proposal(document(logic=nobody)).turns()
    people = population(seed=1, size=300, today=turn.at.date())
    broad = simulate(turn.before, turn.after, "school", people, now=turn.at)
    assert few([broad]) == ()
    people = population(seed=1, size=90, today=turn.at.date())
    narrow = simulate(turn.before, turn.after, "school", people, now=turn.at)
    (fault,) = few([narrow, narrow])
    assert (fault.fault.code, fault.fault.place) == ("lint-target", "/school")


# ------------------------------------------------------------------------------------- differences


def test_what_differs_is_told_field_by_field_in_order():
    before, after = rule(), rule(version="2.0.0", effect="informs", kinds=["test"])
    assert [one.field for one in differences(before, after)] == ["effect", "kinds"]
    assert differences(before, before) == ()
    everything = {one.field for one in differences(None, after)}
    assert everything <= set(FIELDS)
    assert {"purpose", "logic", "valid_until"} <= everything
