"""The browser's evaluator does not differ: the same value, trace, refusal, change and sentences as ours."""

import json
from datetime import timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.because import because
from huxin.trust.rules.change import next_change
from huxin.trust.rules.explain import Language, sentence
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.outlook import outlook
from huxin.trust.rules.readout import readout
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import equal
from huxin.trust.rules.wallet import milliseconds
from tests.lib import pack_people, pack_rows, rule_cases
from tests.lib.evaluator import evaluator, told, told_steps
from tests.lib.logic import clock_datas, clock_logics, datas, logics

pytestmark = pytest.mark.needs("node")

ZONE: Final = "Asia/Shanghai"
LANGUAGES: Final[tuple[Language, ...]] = ("zh-Hans", "zh-Hant", "en")


@pytest.fixture(scope="module")
def browser():
    with evaluator() as made:
        yield made


def ours(logic, data):
    """What our own interpreter makes of it, as the browser's tells it."""
    steps: list[Step] = []
    try:
        value = interpret(parse_logic(logic), data, steps)
    except RefusalError as error:
        return {"code": error.refusal.code, "detail": error.refusal.detail}
    return {"value": told(value), "steps": told_steps(steps)}


def lines(path):
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_every_assertion_of_the_specification_holds_there_too(browser, vectors):
    cases = lines(vectors / "certlogic" / "cases.jsonl")
    assert len(cases) == 63
    for case in cases:
        answer = browser.ask("value", logic=case["expr"], data=case["data"])
        assert equal(answer, ours(case["expr"], case["data"])), case["id"]


def test_every_published_test_of_a_national_rule_holds_there_too(browser, vectors):
    folder = vectors / "rules"
    rules = {row["id"]: row["rule"]["Logic"] for row in lines(folder / "rules.jsonl")}
    sets = json.loads((folder / "valuesets.json").read_text("utf-8"))["sets"]
    cases = lines(folder / "cases.jsonl")
    assert len(cases) == 455
    for case in cases:
        external = dict(case["external"])
        if case["valuesets_ref"]:
            external.setdefault("valueSets", sets[case["valuesets_ref"]])
        logic, data = rules[case["rule_id"]], {"payload": case["payload"], "external": external}
        answer = browser.ask("value", logic=logic, data=data)
        assert equal(answer, ours(logic, data)), case["id"]
        assert bool(answer["value"]) is case["expected"], case["id"]


@given(logic=logics(), data=datas())
def test_both_agree_in_value_trace_and_refusal(browser, logic, data):
    right = ours(logic, data)
    event(f"refusal: {right.get('code')}")
    assert equal(browser.ask("value", logic=logic, data=data), right)


@given(logic=clock_logics(), data=clock_datas())
def test_both_foresee_the_same_change(browser, logic, data):
    answer = browser.ask("change", logic=logic, data=data)
    assert answer == {"at": next_change(parse_logic(logic), data)}


NESTED: Any = {"var": "a"}
for _ in range(65):
    NESTED = {"!": [NESTED]}


@pytest.mark.parametrize(
    "logic",
    [
        NESTED, {"and": [True] * 5_001}, {"moon": []}, {"a": 1, "b": 2}, None, {}, 1.5, 2**53, "x" * 1_001,
        {"var": "a..b"}, {"var": 1}, {"if": [1]}, {"!": 1}, {"plusTime": ["2020", 1, "week"]},
        {"plusTime": ["2020", 1.5, "day"]}, {"a/b~c": []}, {"__proto__": []}, {"constructor": [1]},
        {"plusTime": ["2020-01-01", 2**53 - 1, "year"]}, {"plusTime": ["0000-02-29T24:00:00.000-23:59", -1, "month"]},
        {"var": "__proto__"}, {"var": "length"}, -0.0, {"===": [{"var": ""}, {"var": ""}]},
        {"reduce": [[1] * 30, {"reduce": [[1] * 60, [{"var": "accumulator"}, {"var": "accumulator"}], 1]}, 0]},
    ],
)  # fmt: skip
def test_both_refuse_alike(browser, logic):
    data = {"a": 1, "payload": {"b": [1, {"c": []}]}}
    assert equal(browser.ask("value", logic=logic, data=data), ours(logic, data))


WORDS = json.loads((files("huxin.spec") / "explanations.json").read_text("utf-8"))


def same_outlook(browser, cards, book, purpose, now):
    """Ask both what people will be told, and compare every sentence in all three writings."""
    decision = book.decide(purpose, cards, now=now)
    ends = min((one.expires for one in cards if one.expires), default=None)
    answer = browser.ask(
        "outlook",
        rules=[dict(rule.document) for rule in book.rules],
        sets=dict(book.value_sets),
        cards=[readout(one) for one in cards],
        purpose=purpose,
        at=milliseconds(decision.now),
        words=WORDS,
        zone=ZONE,
    )
    turn = decision.turns_at()
    assert answer["answer"] == decision.answer
    assert answer["turns"] == (None if turn is None else milliseconds(turn))
    outcome = ""
    for language, said in zip(LANGUAGES, answer["outlooks"], strict=True):
        right = outlook(decision, ends, language, zone=ZoneInfo(ZONE))
        assert said == {
            "outcome": right.outcome,
            "sentence": right.sentence,
            "told": [
                {"rule": one.rule, "asks": one.asks, "because": list(one.because), "nextStep": one.next_step}
                for one in right.told
            ],
            "turns": right.turns,
        }  # fmt: skip
        outcome = right.outcome
    return outcome


@given(logic=clock_logics(), data=clock_datas())
def test_both_say_the_same_of_what_decided(browser, logic, data):
    steps: list[Step] = []
    expression = parse_logic(logic)
    interpret(expression, data, steps)
    found = because(expression, steps)
    right = [[sentence(one, language, zone=ZoneInfo(ZONE)) for one in found] for language in LANGUAGES]  # fmt: skip
    asked = {"logic": logic, "data": data, "words": WORDS, "zone": ZONE}
    assert browser.ask("sentences", **asked) == right


@cache
def cards_of(pack, number):
    return pack_people.cards(pack_rows.ROWS[pack][number])


@pytest.mark.parametrize(
    ("pack", "number"),
    [(pack, number) for pack, rows in pack_rows.ROWS.items() for number in range(len(rows))],
)
def test_the_packs_people_read_the_same_sentences(browser, pack, number):
    row = pack_rows.ROWS[pack][number]
    at = pack_people.local(row.at)
    same_outlook(browser, cards_of(pack, number), pack_people.book(pack), row.purpose, at)


@given(shown=rule_cases.shown_rows(), purpose=st.sampled_from(("", "", "", "school", "entry")))
def test_whoever_shows_some_cards_at_any_hour_reads_the_same_sentences(browser, shown, purpose):
    pack, number, left_out, hours = shown
    row = pack_rows.ROWS[pack][number]
    cards = [card for at, card in enumerate(cards_of(pack, number)) if at not in left_out]
    now = pack_people.local(row.at) + timedelta(hours=hours)
    outcome = same_outlook(browser, cards, pack_people.book(pack), purpose or row.purpose, now)
    event(f"outcome: {outcome}")
