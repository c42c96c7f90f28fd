"""CertLogic, operation by operation: what it gives, and how it refuses; both evaluators alike."""

import sys
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.compile import compile_logic
from huxin.trust.rules.expression import MAX_DEPTH, MAX_NODES, parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import as_json

DATA = {
    "n": 3,
    "half": 2.5,
    "whole": 2.0,
    "s": "x",
    "none": None,
    "list": [1, "x", True, None, [1], {"a": 1}],
    "rows": [{"v": 1}, {"v": 2}],
    "dt": "2021-06-01",
    "ci": "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B",
    "no.dot": {"0": "zero"},
}
TIME = {"plusTime": [{"var": "dt"}, 0, "day"]}


def evaluated(logic):
    """Return the value, having seen that all three ways agree on it."""
    expression = parse_logic(logic)
    compiled = compile_logic(expression)
    steps: list[Step] = []
    value = interpret(expression, DATA, steps)
    assert compiled.value(scope_of(DATA)) == value
    assert compiled.trace(scope_of(DATA)) == (value, steps)
    return as_json(value)


def refused(logic):
    """Return the refusal of all three ways."""
    expression = parse_logic(logic)
    compiled = compile_logic(expression)
    found = []
    for evaluate in (
        lambda: interpret(expression, DATA),
        lambda: compiled.value(scope_of(DATA)),
        lambda: compiled.trace(scope_of(DATA)),
    ):
        with pytest.raises(RefusalError) as caught:
            evaluate()
        found.append(caught.value.refusal)
    assert found[0] == found[1] == found[2]
    return found[0]


@pytest.mark.parametrize(
    ("logic", "value"),
    [
        ("text", "text"),
        (1.0, 1),
        (True, True),
        ([1, "x", {"var": "n"}], [1, "x", 3]),
        ([1, 2], [1, 2]),
        ({"var": ""}, DATA | {"whole": 2}),
        ({"var": "rows.1.v"}, 2),
        ({"var": "rows.9.v"}, None),
        ({"var": "rows.-1"}, None),
        ({"var": "rows.v"}, None),
        ({"var": "s.0"}, None),
        ({"var": "rows.99999999999999999999"}, None),
        ({"var": "half"}, 2.5),
        ({"if": [{"var": "none"}, 1, 2]}, 2),
        ({"if": [{"var": "half"}, 1, 2]}, 1),
        ({"and": [1, "x", {"var": "n"}]}, 3),
        ({"and": [1, 0]}, 0),
        ({"and": [1, [], 1]}, []),
        ({"and": [1, 2, 3, 0, 5]}, 0),
        ({"and": [1, 2, 3, 4]}, 4),
        ({"!": [{"var": "list"}]}, False),
        ({"!": [""]}, True),
        ({"===": [1, 1.0]}, True),
        ({"===": [1, True]}, False),
        ({"===": [True, True]}, True),
        ({"===": ["x", {"var": "s"}]}, True),
        ({"===": [{"var": "none"}, {"var": "zero"}]}, True),
        ({"===": [[1, "x"], [1, "x"]]}, True),
        ({"===": [[1], [True]]}, False),
        ({"===": [{"var": "rows.0"}, {"var": "rows.1"}]}, False),
        ({"===": [{"var": "rows.0"}, {"var": "rows.0"}]}, True),
        ({"===": [{"var": "rows.0"}, 1]}, False),
        ({"===": [TIME, TIME]}, True),
        ({"in": ["x", {"var": "list"}]}, True),
        ({"in": [1, {"var": "list"}]}, True),
        ({"in": [0, {"var": "list"}]}, False),
        ({"in": [{"var": "none"}, {"var": "list"}]}, True),
        ({"in": ["x", ["x", "y"]]}, True),
        ({"in": [1, ["1"]]}, False),
        ({"in": [1, [True, 1]]}, True),
        ({"in": ["x", []]}, False),
        ({"+": [{"var": "whole"}, 40]}, 42),
        ({"<": [1, {"var": "n"}, 4]}, True),
        ({"<": [1, {"var": "n"}, 3]}, False),
        ({">=": [{"var": "whole"}, 2]}, True),
        ({"before": [TIME, {"plusTime": [{"var": "dt"}, 1, "hour"]}]}, True),
        ({"not-after": [TIME, TIME, TIME]}, True),
        ({"after": [TIME, {"dccDateOfBirth": ["2021"]}]}, False),
        ({"plusTime": [{"var": "dt"}, 1, "month"]}, "2021-07-01T00:00:00.000Z"),
        ({"dccDateOfBirth": [{"var": "dt"}]}, "2021-06-01T00:00:00.000Z"),
        ({"extractFromUVCI": [{"var": "ci"}, 1]}, "AT"),
        ({"extractFromUVCI": [{"var": "ci"}, 3]}, "B"),
        ({"extractFromUVCI": [{"var": "ci"}, 9]}, None),
        ({"extractFromUVCI": [{"var": "ci"}, -1]}, None),
        ({"extractFromUVCI": [{"var": "none"}, 0]}, None),
        ({"reduce": [{"var": "none"}, {"var": "current"}, 7]}, 7),
        ({"reduce": [[], {"var": "current"}, 7]}, 7),
        ({"reduce": [{"var": "rows"}, {"+": [{"var": "accumulator"}, {"var": "current.v"}]}, 0]}, 3),
        ({"reduce": [[1, 2], {"var": ""}, 0]}, {"current": 2, "accumulator": {"current": 1, "accumulator": 0}}),
        ({"reduce": [[1], {"in": ["x", ["x"]]}, 0]}, True),
        ({"reduce": [[1], {"!": [{"var": "current"}]}, 0]}, False),
        ({"reduce": [{"var": "rows"}, [{"var": "current"}], 0]}, [{"v": 2}]),
        ({"reduce": [[1], {"var": "n"}, 0]}, None),
    ],
)  # fmt: skip
def test_what_comes_out(logic, value):
    assert evaluated(logic) == value


@pytest.mark.parametrize(
    ("logic", "code", "place"),
    [
        ({"if": [TIME, 1, 2]}, "logic-type", "/if"),
        ({"and": [1, TIME]}, "logic-type", "/and"),
        ({"!": [{"and": [1, {"if": [1, TIME, 0]}]}]}, "logic-type", "/!/0/and"),
        ({"reduce": [[TIME], {"!": [{"var": "current"}]}, 0]}, "logic-type", "/reduce/1/!"),
        ({"in": [1, {"var": "s"}]}, "logic-type", "/in"),
        ({"in": ["x", {"var": "none"}]}, "logic-type", "/in"),
        ({"+": [1, "x"]}, "logic-type", "/+"),
        ({"+": [2**53 - 1, 1]}, "logic-type", "/+"),
        ({"<": [1, {"var": "half"}]}, "logic-type", "/<"),
        ({"<": [True, 2]}, "logic-type", "/<"),
        ({"after": [{"var": "dt"}, TIME]}, "logic-type", "/after"),
        ({"plusTime": [{"var": "n"}, 1, "day"]}, "logic-type", "/plusTime"),
        ({"after": [{"plusTime": [{"var": "n"}, 1, "day"]}, TIME]}, "logic-type", "/after/0/plusTime"),
        ({"dccDateOfBirth": [1]}, "logic-type", "/dccDateOfBirth"),
        ({"extractFromUVCI": [1, 0]}, "logic-type", "/extractFromUVCI"),
        ({"reduce": [1, 2, 3]}, "logic-type", "/reduce"),
        ({"plusTime": ["x", 1, "day"]}, "logic-date", "/plusTime"),
        ({"plusTime": [{"var": "dt"}, 2**53 - 1, "day"]}, "logic-date", "/plusTime"),
        ({"dccDateOfBirth": ["x"]}, "logic-date", "/dccDateOfBirth"),
    ],
)  # fmt: skip
def test_what_is_refused_while_evaluating(logic, code, place):
    refusal = refused(logic)
    assert (refusal.code, refusal.detail.split(":")[0]) == (code, f"at {place}")


TEN = list(range(10))


def folded(depth, inner):
    """Return reductions inside each other, ten passes each."""
    return inner if not depth else {"reduce": [TEN, folded(depth - 1, inner), 0]}


def doubling(passes):
    """Return a reduction that puts its accumulator into an array twice, pass after pass."""
    return {"reduce": [list(range(passes)), [{"var": "accumulator"}] * 2, 0]}


def test_an_evaluation_has_a_budget():
    assert evaluated(folded(4, 1)) == 1
    assert refused(folded(6, 1)).code == "logic-steps"
    assert evaluated(doubling(3)) == [[[0, 0]] * 2] * 2
    assert refused(doubling(60)).code == "logic-steps"


@pytest.mark.parametrize(
    ("logic", "code", "place"),
    [
        (None, "logic-shape", "/"),
        ({}, "logic-shape", "/"),
        ({"var": "a", "and": []}, "logic-shape", "/"),
        (1.5, "logic-shape", "/"),
        (2**53, "logic-shape", "/"),
        ({"or": [1, 2]}, "logic-operator", "/or"),
        ({1: [1, 2]}, "logic-operator", "/1"),
        ({"a/b~": [1]}, "logic-operator", "/a~1b~0"),
        ({"and": [1, {"==": [1, 2]}]}, "logic-operator", "/and/1/=="),
        ({"var": 0}, "logic-shape", "/var"),
        ({"var": ["a", 1]}, "logic-shape", "/var"),
        ({"var": "a..b"}, "logic-shape", "/var"),
        ({"var": "." }, "logic-shape", "/var"),
        ({"!": True}, "logic-shape", "/!"),
        ({"!": []}, "logic-shape", "/!"),
        ({"and": [1]}, "logic-shape", "/and"),
        ({"if": [1, 2]}, "logic-shape", "/if"),
        ({"if": [1, 2, 3, 4]}, "logic-shape", "/if"),
        ({"if": [True, 1, {"unknown": []}]}, "logic-operator", "/if/2/unknown"),
        ({"<": [1]}, "logic-shape", "/<"),
        ({"<": [1, 2, 3, 4]}, "logic-shape", "/<"),
        ({"plusTime": ["2021", 1, "week"]}, "logic-shape", "/plusTime"),
        ({"plusTime": ["2021", 1, []]}, "logic-shape", "/plusTime"),
        ({"plusTime": ["2021", {"var": "n"}, "day"]}, "logic-shape", "/plusTime"),
        ({"extractFromUVCI": ["x", "0"]}, "logic-shape", "/extractFromUVCI"),
        ({"reduce": [1, 2]}, "logic-shape", "/reduce"),
        ("x" * 1_001, "logic-size", "/"),
        ({"var": "x" * 1_001}, "logic-size", "/var"),
        ([1] * (MAX_NODES + 1), "logic-size", f"/{MAX_NODES - 1}"),
    ],
)  # fmt: skip
def test_what_is_refused_while_reading(logic, code, place):
    with pytest.raises(RefusalError) as caught:
        parse_logic(logic)
    refusal = caught.value.refusal
    assert (refusal.code, refusal.detail.split(":")[0]) == (code, f"at {place}")


def nested(depth):
    logic: Any = True
    for _ in range(depth):
        logic = {"!": [logic]}
    return logic


def test_depth_is_bounded_and_what_is_inside_the_bound_can_be_evaluated():
    assert evaluated(nested(MAX_DEPTH)) is True
    with pytest.raises(RefusalError, match="logic-size"):
        parse_logic(nested(MAX_DEPTH + 1))
    with pytest.raises(RefusalError, match="logic-size"):
        parse_logic(nested(sys.getrecursionlimit() * 2))


def test_a_circle_ends():
    circle: dict[str, list] = {"!": []}
    circle["!"].append(circle)
    with pytest.raises(RefusalError, match="logic-size"):
        parse_logic(circle)


def other_refusal(*_):
    raise RefusalError("logic-date", "at /: something else")


@pytest.mark.parametrize("instead", [lambda *_: 1, other_refusal])
def test_a_fault_in_the_closures_is_not_hidden_by_the_interpreter(monkeypatch, instead):
    """Where the two disagree the refusal of the closures stands, without a place."""
    compiled = compile_logic(parse_logic({"+": [1, "x"]}))
    monkeypatch.setattr("huxin.trust.rules.compile.interpret", instead)
    with pytest.raises(RefusalError) as caught:
        compiled.value(scope_of({}))
    assert caught.value.refusal.code == "logic-type"
    assert not caught.value.refusal.detail.startswith("at ")
