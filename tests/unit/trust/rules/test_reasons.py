"""Why, and until when: computed from the rule, never written by hand."""

import pytest

from huxin.trust.rules import datetimes
from huxin.trust.rules.because import because
from huxin.trust.rules.change import next_change
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.trace import Step

CLOCK = {"var": "external.validationClock"}
NOW = {"plusTime": [CLOCK, 0, "day"]}
GIVEN = {"plusTime": [{"var": "payload.dt"}, 14, "day"]}
DATA: dict[str, dict] = {
    "payload": {"dt": "2021-06-01", "dob": "1980", "tg": "x", "list": [1], "at": "2021-01-31"},
    "external": {"validationClock": "2021-06-10T08:00:00Z"},
}


def findings(logic):
    expression = parse_logic(logic)
    steps: list[Step] = []
    interpret(expression, DATA, steps)
    return because(expression, steps)


def test_of_an_and_only_what_is_false_is_told():
    (one,) = findings(
        {"and": [{"===": [{"var": "payload.tg"}, "x"]}, {"not-before": [NOW, GIVEN]}]}
    )
    assert (one.place, one.operator, one.holds, one.wanted) == (
        "/and/1/not-before", "not-before", False, True,
    )  # fmt: skip
    clock, given = one.sides
    assert clock.fields == ("external.validationClock",)
    assert clock.value == "2021-06-10T08:00:00.000Z"
    assert (given.fields, given.value) == (("payload.dt",), "2021-06-15T00:00:00.000Z")
    assert (given.amount, given.unit) == (14, "day")


def test_of_an_and_that_is_true_all_is_told():
    told = findings({"and": [{"var": "payload.tg"}, {"in": [1, {"var": "payload.list"}]}]})
    assert [(one.operator, one.holds) for one in told] == [("var", True), ("in", True)]


def test_of_an_if_the_branch_that_was_taken_is_told():
    (one,) = findings({"if": [{"var": "payload.tg"}, {"===": [{"var": "payload.tg"}, "y"]}, True]})
    assert one.place == "/if/1/==="
    assert [side.value for side in one.sides] == ["x", "y"]


@pytest.mark.parametrize(
    ("logic", "place", "holds", "wanted"),
    [
        ({"if": [{"var": "payload.tg"}, False, True]}, "/if/0/var", True, False),
        ({"if": [{"var": "payload.no"}, True, False]}, "/if/0/var", False, True),
        ({"if": [{"var": "payload.tg"}, True, False]}, "/if/0/var", True, True),
        ({"!": [{"var": "payload.tg"}]}, "/!/0/var", True, False),
        ({"!": [{"if": [{"var": "payload.no"}, True, False]}]}, "/!/0/if/0/var", False, False),
    ],
)
def test_what_would_have_been_needed_is_told(logic, place, holds, wanted):
    (one,) = findings(logic)
    assert (one.place, one.holds, one.wanted) == (place, holds, wanted)


def test_a_reduction_is_told_by_the_array_it_goes_through():
    count = {"reduce": [{"var": "payload.list"}, {"+": [{"var": "accumulator"}, 1]}, 0]}
    (one,) = findings({">=": [count, 2]})
    assert [(side.fields, side.value) for side in one.sides] == [(("payload.list",), 1), ((), 2)]


def test_a_rule_that_is_a_constant_has_no_reason():
    assert findings(False) == ()


# ------------------------------------------------------------------------------------ until when


def change(logic, **external):
    data = {"payload": DATA["payload"], "external": {**DATA["external"], **external}}
    found = next_change(parse_logic(logic), data)
    return None if found is None else datetimes.as_text(found)


@pytest.mark.parametrize(
    ("logic", "instant"),
    [
        ({"not-before": [NOW, GIVEN]}, "2021-06-15T00:00:00.000Z"),
        ({"after": [NOW, GIVEN]}, "2021-06-15T00:00:00.001Z"),
        ({"not-after": [GIVEN, NOW]}, "2021-06-15T00:00:00.000Z"),
        ({"not-before": [GIVEN, NOW, {"plusTime": ["2021-01-01", 0, "day"]}]}, "2021-06-15T00:00:00.001Z"),
        ({"not-before": [{"plusTime": [CLOCK, -1, "hour"]}, GIVEN]}, "2021-06-15T01:00:00.000Z"),
        # Adding a month to 31 January gives 3 March, to 1 February 1 March.
        ({"before": [{"plusTime": [CLOCK, -1, "month"]}, GIVEN]}, "2021-07-15T00:00:00.000Z"),
        ({"before": [{"plusTime": [CLOCK, -18, "year"]}, {"dccDateOfBirth": ["2003-07-01"]}]}, "2021-07-01T00:00:00.000Z"),
        # The first change of a comparison changes no answer here; the second one does.
        ({"if": [{"before": [NOW, GIVEN]}, True, {"before": [NOW, {"plusTime": ["2021-08-01", 0, "day"]}]}]}, "2021-08-01T00:00:00.000Z"),
        # From then on it cannot be evaluated.
        ({"if": [{"before": [NOW, GIVEN]}, True, {"+": [1, "x"]}]}, "2021-06-15T00:00:00.000Z"),
        ({"reduce": [[1], {"before": [{"var": "accumulator"}, GIVEN]}, NOW]}, None),
        ({"before": [GIVEN, {"plusTime": ["2022-01-01", 0, "day"]}]}, None),
        ({"not-before": [NOW, {"plusTime": ["2021-01-01", 0, "day"]}]}, None),
        ({"before": [NOW, {"plusTime": ["2021-01-01", 3000, "year"]}]}, None),
        ({"before": [{"plusTime": [CLOCK, 280000, "year"]}, GIVEN]}, None),
        # A rule may read the clock in ways that cannot be followed.
        ({"===": [CLOCK, "2021-06-10T08:00:00.000Z"]}, None),
        ({"in": [CLOCK, [CLOCK]]}, None),
        ({"in": [NOW, [GIVEN]]}, None),
        ({"===": [[NOW], [GIVEN]]}, None),
        ({"before": [NOW, {"plusTime": [CLOCK, 1, "month"]}]}, None),
        ({"before": [NOW, NOW]}, None),
        ({"+": [1, "x"]}, None),
        ({"!": [NOW]}, None),
        (True, None),
    ],
)  # fmt: skip
def test_when_the_answer_changes(logic, instant):
    assert change(logic) == instant


def test_a_time_carried_through_a_reduction_is_followed():
    logic = {"reduce": [[1], {"before": [{"var": "accumulator"}, {"plusTime": ["2021-07-01", 0, "day"]}]}, NOW]}  # fmt: skip
    assert change(logic) == "2021-07-01T00:00:00.000Z"


@pytest.mark.parametrize("clock", [None, 5, "yesterday"])
def test_without_a_clock_nothing_changes(clock):
    assert change({"not-before": [NOW, GIVEN]}, validationClock=clock) is None


@pytest.mark.parametrize("external", [None, [], "x"])
def test_without_external_data_nothing_changes(external):
    assert next_change(parse_logic(True), {"external": external}) is None


def test_a_target_before_the_calendar_is_never_reached():
    early = {"plusTime": ["0001-01-01", -260_000, "year"]}
    assert change({"after": [{"plusTime": [CLOCK, 20_000, "year"]}, early]}) is None


def test_the_search_for_a_change_ends(monkeypatch):
    """A rule of many comparisons that change nothing is not followed for ever."""
    monkeypatch.setattr("huxin.trust.rules.change._MOST_INSTANTS", 30)
    turn = [{"before": [NOW, {"plusTime": ["2021-06-11", hours, "hour"]}]} for hours in range(20)]
    assert change({"and": [{"if": [one, True, True]} for one in turn]}) is None
