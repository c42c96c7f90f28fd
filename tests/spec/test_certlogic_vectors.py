"""CertLogic's own assertions, and the published tests of national entry rules: all of them hold.

The data are not ours, see `conftest.vectors`.
"""

import json
from functools import cache

from huxin.trust.rules.compile import compile_logic
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.scope import scope_of
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import as_json, equal, truth


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def all_ways(logic, data):
    """Return the values that the interpreter, the closures and the tracing closures give."""
    expression = parse_logic(logic)
    compiled = compile_logic(expression)
    steps: list[Step] = []
    values = [interpret(expression, data, steps), compiled.value(scope_of(data))]
    traced, told = compiled.trace(scope_of(data))
    assert told == steps
    return [*values, traced]


def test_every_assertion_of_the_specification_holds(vectors):
    cases = lines(vectors / "certlogic" / "cases.jsonl")
    assert len(cases) == 63
    wrong = [
        case["id"]
        for case in cases
        for value in all_ways(case["expr"], case["data"])
        if not equal(as_json(value), case["expected"])
    ]
    assert wrong == []


def test_every_published_test_of_a_national_rule_holds(vectors):
    folder = vectors / "rules"
    rules = {row["id"]: row["rule"] for row in lines(folder / "rules.jsonl")}
    sets = json.loads((folder / "valuesets.json").read_text("utf-8"))["sets"]
    cases = lines(folder / "cases.jsonl")
    assert (len(rules), len(cases)) == (65, 455)

    @cache
    def logic(rule_id):
        return rules[rule_id]["Logic"]

    wrong = []
    for case in cases:
        external = dict(case["external"])
        if case["valuesets_ref"]:
            external.setdefault("valueSets", sets[case["valuesets_ref"]])
        data = {"payload": case["payload"], "external": external}
        answers = map(truth, all_ways(logic(case["rule_id"]), data))
        if any(answer is not case["expected"] for answer in answers):
            wrong.append(case["id"])
    assert wrong == []
