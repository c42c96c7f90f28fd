"""Why a rule is not met, in people's words; a table that a nurse can read."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from importlib.resources import files

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust import reading
from huxin.trust.credentials.facts import Clearance, Code, Test
from huxin.trust.issue import issue
from huxin.trust.rules.because import because
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.explain import explain, in_language, sentence
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.interpret import interpret
from huxin.trust.rules.trace import Step
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.rules import CLOCK, TWO_DOSES, rule

LANTERN_BAY = timezone(timedelta(hours=8))


def at(shift=0, unit="day"):
    return {"plusTime": [CLOCK, shift, unit]}


def moved(field, amount=0, unit="day"):
    return {"plusTime": [{"var": f"payload.{field}"}, amount, unit]}


LATEST_END = {
    "reduce": [
        {"var": "payload.clearance"},
        {"plusTime": [{"var": "current.valid_until"}, 1, "day"]},
        {"plusTime": ["1970-01-01", 0, "day"]},
    ]
}
DATA = {
    "payload": {
        "birth": "2010-05-06",
        "vaccination": [{"disease": "x", "date": "2026-11-20", "dose": 1, "series": 2}],
        "test": [{"sampled": "2026-11-20T02:00:00Z", "result": "positive"}],
        "clearance": [],
        "v": [{"mp": "B", "dt": "2026-03-01"}],
        "t": [],
    },
    "external": {"validationClock": "2026-11-23T10:00:00Z", "valueSets": {"good": ["A"]}},
}
DOB = {"dccDateOfBirth": [{"var": "payload.birth"}]}


@pytest.mark.parametrize(
    ("logic", "zh", "hant", "en"),
    [
        ({"not-before": [at(), moved("vaccination.0.date", 14)]},
         "接种日期后要满 14 天：2026-12-04 起。", "接種日期後要滿 14 天：2026-12-04 起。",
         "The rule asks for 14 days after the date of the dose: from 2026-12-04."),
        ({"not-after": [moved("vaccination.0.date"), at(-14)]},
         "接种日期后要满 14 天：2026-12-04 起。", "接種日期後要滿 14 天：2026-12-04 起。",
         "The rule asks for 14 days after the date of the dose: from 2026-12-04."),
        ({"before": [at(), moved("v.0.dt", 6, "month")]},
         "接种日期后只算 6 个月：到 2026-08-31。", "接種日期後只算 6 個月：到 2026-08-31。",
         "It counts for 6 months after the date of the dose: until 2026-08-31."),
        ({"!": [{"not-before": [at(), moved("v.0.dt")]}]},
         "接种日期：到 2026-02-28 为止。", "接種日期：到 2026-02-28 為止。",
         "The date of the dose counted until 2026-02-28."),
        ({"after": [at(), {"plusTime": ["2026-12-01", 0, "day"]}]},
         "这一项：2026-12-01 起才算。", "這一項：2026-12-01 起才算。",
         "The entry counts from 2026-12-01."),
        ({"before": [at(), moved("test.0.sampled", 48, "hour")]},
         "采样时间后只算 48 小时：到 2026-11-22 10:00。", "採樣時間後只算 48 小時：到 2026-11-22 10:00。",
         "It counts for 48 hours after the time of the sample: until 2026-11-22 10:00."),
        ({">=": [{"reduce": [{"var": "payload.clearance"}, 1, 0]}, 1]},
         "卡上没有规则要的许可。", "卡上沒有規則要的許可。",
         "The cards hold no clearance of the kind that the rule asks for."),
        ({">=": [{"var": "payload.vaccination.0.dose"}, {"var": "payload.vaccination.0.series"}]},
         "剂次有 1，规则要 2。", "劑次有 1，規則要 2。",
         "The dose number gives 1, the rule asks for 2."),
        ({"before": [at(), LATEST_END]},
         "卡上没有规则要的许可。", "卡上沒有規則要的許可。",
         "The cards hold no clearance of the kind that the rule asks for."),
        ({"not-after": [DOB, at(-18, "year")]},
         "规则要年满 18 岁。", "規則要年滿 18 歲。", "The rule asks for an age of 18 years or more."),
        ({"!": [{"not-after": [DOB, at(-9, "year")]}]},
         "规则只适用于不满 9 岁的人。", "規則只適用於不滿 9 歲的人。", "The rule is for people younger than 9 years."),
        (TWO_DOSES,
         "卡上有 0 剂，规则要 2 剂。", "卡上有 0 劑，規則要 2 劑。", "Doses on the cards: 0. The rule asks for 2."),
        ({">=": [{"var": "payload.vaccination.0.dose"}, 2]},
         "剂次有 1，规则要 2。", "劑次有 1，規則要 2。", "The dose number gives 1, the rule asks for 2."),
        ({"in": [{"var": "payload.v.0.mp"}, {"var": "external.valueSets.good"}]},
         "疫苗产品不在规则的清单里。", "疫苗產品不在規則的清單裡。", "The vaccine product is not one that the rule lists."),
        ({"!": [{"in": [{"var": "payload.v.0.mp"}, ["B"]]}]},
         "疫苗产品在规则排除的清单里。", "疫苗產品在規則排除的清單裡。", "The vaccine product is one that the rule leaves out."),
        ({"===": [{"var": "payload.test.0.result"}, "negative"]},
         "检测结果和规则要的不一样。", "檢測結果和規則要的不一樣。", "The result of the test is not what the rule asks for."),
        ({"!": [{"===": [{"var": "payload.test.0.result"}, "positive"]}]},
         "检测结果是规则不要的那一种。", "檢測結果是規則不要的那一種。", "The result of the test is the one that the rule leaves out."),
        ({"and": [{"var": "payload.t.0"}, True]},
         "卡上没有检测记录。", "卡上沒有檢測記錄。", "The cards hold no test."),
        ({"!": [{"var": "payload.v.0"}]},
         "卡上有接种记录，规则不要它。", "卡上有接種記錄，規則不要它。", "The cards hold what the rule leaves out: vaccination."),
        ({"===": [CLOCK, {"var": "payload.v.0.dt"}]}, "规则的这一条没有达到。", "規則的這一條沒有達到。", "This part of the rule is not met."),
        ({"===": [1, 2]}, "规则的这一条没有达到。", "規則的這一條沒有達到。", "This part of the rule is not met."),
        ({"!": [{">": [{"var": "payload.vaccination.0.dose"}, 0]}]}, "规则的这一条没有达到。", "規則的這一條沒有達到。", "This part of the rule is not met."),
        ({"and": [{"var": ""}, False, {"var": ""}]}, None, None, None),
        ({"!": [{"var": ""}]}, "卡上有这一项，规则不要它。", "卡上有這一項，規則不要它。", "The cards hold what the rule leaves out: entry."),
    ],
)  # fmt: skip
def test_a_sentence_for_each_kind_of_comparison(logic, zh, hant, en):
    expression = parse_logic(logic)
    steps: list[Step] = []
    interpret(expression, DATA, steps)
    found = because(expression, steps)
    if zh is None:
        assert found == ()
        return
    (finding,) = found
    assert sentence(finding, "zh-Hans", zone=LANTERN_BAY) == zh
    assert sentence(finding, "zh-Hant", zone=LANTERN_BAY) == hant
    assert sentence(finding, "en", zone=LANTERN_BAY) == en


LONGEST_ZH = {"field": "首次阳性日", "amount": "270", "unit": "小时", "when": "2026-12-04 10:00"}
LONGEST_EN = LONGEST_ZH | {"field": "date of the first positive test"}


def fill(text, longest):
    return re.sub(r"\{(\w+)\}", lambda match: longest.get(match[1], "10"), text)


def test_every_sentence_is_short_and_there_in_three_languages():
    told = json.loads((files("huxin.spec") / "explanations.json").read_text("utf-8"))
    for group in ("fields", "units", "weekdays", "sentences"):
        for name, texts in told[group].items():
            assert texts.keys() == {"zh-Hans", "zh-Hant", "en"}, name
            zh, en = (
                {language: fill(text, longest) for language, text in texts.items()}
                for longest in (LONGEST_ZH, LONGEST_EN)
            )
            assert len(en["en"].split()) <= 20, name
            assert max(len(zh["zh-Hans"]), len(zh["zh-Hant"])) <= 35, name


def decided(*rules, event=None):
    event = event or Clearance(purpose="x", valid_until=PartialDate(2026, 12, 31))
    (card,) = reading.open(issue(facts(event), REED_ISLES, now=NOW).text)
    assert card.credential is not None
    return RuleBook(rules).decide("school", [card.credential], now=NOW)


def test_what_is_said_of_a_decision():
    later = {"after": [at(), {"plusTime": ["2026-12-01", 0, "day"]}]}
    told, when = explain(decided(rule(logic=later)), "en", zone=UTC)
    (one,) = told
    assert one.rule == "QV/QV-SCHOOL-1"
    assert one.asks == "Two doses against measles"
    assert one.because == ("The entry counts from 2026-12-01.",)
    assert one.next_step == "Please have the missing dose"
    assert when == "Met from 2026-12-01."


def test_what_is_said_where_all_is_met_or_nothing_can_be_said():
    until = {"before": [at(), {"plusTime": ["2026-12-01", 0, "day"]}]}
    assert explain(decided(rule(logic=until)), "zh-Hans", zone=UTC) == ((), "到 2026-11-30 为止。")
    never, when = explain(decided(rule(logic=False)), "en", zone=UTC)
    assert (never[0].because, when) == ((), "")
    faulty, _ = explain(decided(rule(logic={"+": [1, "x"]})), "en", zone=UTC)
    assert faulty[0].because == (
        "The rule is faulty, so there is no answer. The person is not at fault.",
    )


def test_a_test_of_hours_is_told_in_the_time_of_the_place():
    sample = Test(
        disease=Code("icd-11", "x"),
        result=Code("huxin", "negative"),
        sampled=datetime(2026, 11, 20, 2, tzinfo=UTC),
    )
    fresh = {"before": [at(), moved("test.0.sampled", 48, "hour")]}
    told, _ = explain(decided(rule(logic=fresh), event=sample), "zh-Hans", zone=LANTERN_BAY)
    assert told[0].because == ("采样时间后只算 48 小时：到 2026-11-22 10:00。",)


@pytest.mark.parametrize(
    ("texts", "language", "text"),
    [
        ({"en": "a", "zh-Hans": "甲"}, "zh-Hant", "甲"),
        ({"en": "a", "zh": "甲"}, "zh-Hans", "甲"),
        ({"de": "ein"}, "en", "ein"),
        ({"en": "a"}, "zh-Hans", "a"),
        ({}, "en", ""),
    ],
)
def test_the_nearest_language_is_taken(texts, language, text):
    assert in_language(texts, language) == text
