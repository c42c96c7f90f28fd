"""What a rule looks at, computed from its logic and said in words, before anybody shows a card."""

import json
from datetime import UTC, datetime
from importlib.resources import files

import pytest

from huxin.packs import reader
from huxin.trust.rules.adopt import adopt
from huxin.trust.rules.asks import Asked, asks, kind_words, line
from huxin.trust.rules.expression import Var, parse_logic, walk
from huxin.trust.rules.looks import Look, looks
from tests.lib.rules import CLOCK, MEASLES, TWO_DOSES, rule

NOW = {"plusTime": [CLOCK, 0, "day"]}
V = ("vaccination",)


def now(amount, unit="day"):
    return {"plusTime": [CLOCK, amount, unit]}


def field(name, amount=0, unit="day"):
    return {"plusTime": [{"var": f"payload.{name}"}, amount, unit]}


def date(text, amount=0):
    return {"plusTime": [text, amount, "day"]}


def over(kind, step, initial=0):
    return {"reduce": [{"var": f"payload.{kind}"}, step, initial]}


BIRTH = {"dccDateOfBirth": [{"var": "payload.dob"}]}
DOSE = {"var": "payload.v.0.dn"}
SERIES = {"var": "payload.v.0.sd"}
GIVEN = {"plusTime": [{"var": "current.date"}, 0, "day"]}
LATER = {"if": [{"after": [GIVEN, {"var": "accumulator"}]}, GIVEN, {"var": "accumulator"}]}
LAST = over("vaccination", LATER, date("1970-01-01"))
LAST_OF_TWO = over("test", {"plusTime": [{"var": "current.sampled"}, 0, "day"]}, LAST)
ALL = {"reduce": [[{"var": "payload.v"}, {"var": "payload.t"}], {"if": [{"var": "current.0"}, 1, 0]}, 0]}  # fmt: skip


@pytest.mark.parametrize(
    ("logic", "found"),
    [
        # Whether there is something.
        ({"var": "payload.birth"}, [Look((), "birth", "present")]),
        ({"!": [{"var": "payload.t.0"}]}, [Look(("test",), "", "absent")]),
        ({"if": [{"var": "payload.t.0"}, False, True]}, [Look(("test",), "", "absent")]),
        ({"if": [{"var": "payload.t.0"}, True, False]}, [Look(("test",), "", "present")]),
        (True, []),
        # An entry after others is a count of them.
        ({"var": "payload.r.1"}, [Look(("recovery",), "", "at-least", (2,))]),
        ({"if": [{"var": "payload.r.1"}, False, True]}, [Look(("recovery",), "", "at-most", (1,))]),
        ({"var": "payload.r.1.fr"}, [Look(("recovery",), "fr", "present")]),
        # Codes.
        ({"===": [{"var": "payload.v.0.tg"}, "x"]}, [Look(V, "tg", "is", ("x",))]),
        ({"===": ["x", {"var": "payload.v.0.tg"}]}, [Look(V, "tg", "is", ("x",))]),
        ({"!": [{"===": [{"var": "payload.v.0.tg"}, "x"]}]}, [Look(V, "tg", "is-not", ("x",))]),
        ({"===": [DOSE, SERIES]}, [Look(V, "dn", "other-field", ("sd",))]),
        ({"===": [DOSE, {"+": [1, 1]}]}, [Look(V, "dn", "other")]),
        ({"===": [1, 1]}, []),
        ({"in": [{"var": "payload.v.0.tg"}, ["x", "y"]]}, [Look(V, "tg", "one-of", ("x", "y"))]),
        ({"in": [{"var": "payload.v.0.tg"}, [["x"]]]}, [Look(V, "tg", "other")]),
        ({"in": [DOSE, [1, SERIES]]}, [Look(V, "dn", "other"), Look(V, "sd", "other")]),
        ({"!": [{"in": [{"var": "payload.v.0.tg"}, ["x"]]}]}, [Look(V, "tg", "none-of", ("x",))]),
        (
            {"in": [{"var": "payload.v.0.tg"}, {"var": "external.valueSets.a.b"}]},
            [Look(V, "tg", "listed", ("a.b",))],
        ),
        ({"in": ["x", {"var": "payload.v"}]}, [Look(V, "", "other")]),
        ({"===": [{"extractFromUVCI": [{"var": "payload.v.0.ci"}, 0]}, "x"]}, [Look(V, "ci", "other")]),
        ({"!": [{"extractFromUVCI": ["x", 0]}]}, []),
        ({"===": [{"var": "external.issuerCountryCode"}, "QV"]}, [Look((), "issuerCountryCode", "is", ("QV",))]),
        # Numbers.
        ({">=": [DOSE, 2]}, [Look(V, "dn", "at-least", (2,))]),
        ({">": [DOSE, 2]}, [Look(V, "dn", "at-least", (3,))]),
        ({"<": [2, DOSE]}, [Look(V, "dn", "at-least", (3,))]),
        ({"<=": [DOSE, 2]}, [Look(V, "dn", "at-most", (2,))]),
        ({"<": [DOSE, 2]}, [Look(V, "dn", "at-most", (1,))]),
        ({"!": [{"<": [DOSE, 2]}]}, [Look(V, "dn", "at-least", (2,))]),
        ({">=": [DOSE, SERIES]}, [Look(V, "dn", "at-least-field", ("sd",))]),
        ({"<=": [DOSE, SERIES]}, [Look(V, "dn", "at-most-field", ("sd",))]),
        ({"<": [DOSE, SERIES]}, [Look(V, "dn", "other-field", ("sd",))]),
        ({"<": [DOSE, {"+": [1, 1]}]}, [Look(V, "dn", "other")]),
        ({"<": [1, DOSE, 4]}, [Look(V, "dn", "at-least", (2,)), Look(V, "dn", "at-most", (3,))]),
        ({"<": [1, 2]}, []),
        ({">=": [{"+": [DOSE, 1]}, 2]}, [Look(V, "dn", "other")]),
        # Counts.
        (TWO_DOSES, [Look(V, "disease", "is", (MEASLES,)), Look(V, "", "at-least", (2,))]),
        (
            {">=": [over("test", 1, over("vaccination", 1)), 1]},
            [Look(("test", "vaccination"), "", "at-least", (1,))],
        ),
        (
            {"===": [ALL, 1]},
            [Look(("vaccination", "test"), "", "present"), Look(("vaccination", "test"), "", "is", (1,))],
        ),
        ({"and": [{"reduce": [[], {"var": "current"}, 0]}, True]}, []),
        # Times.
        ({"not-before": [NOW, field("v.0.dt", 14)]}, [Look(V, "dt", "from", (), 14, "day")]),
        ({"not-before": [now(-14), field("v.0.dt")]}, [Look(V, "dt", "from", (), 14, "day")]),
        ({"after": [field("v.0.dt", 14), NOW]}, [Look(V, "dt", "until", (), 14, "day")]),
        ({"!": [{"before": [NOW, field("v.0.dt", 14)]}]}, [Look(V, "dt", "from", (), 14, "day")]),
        ({"before": [NOW, field("v.0.du", 1)]}, [Look(V, "du", "until")]),
        ({"not-after": [NOW, field("v.0.du", 1)]}, [Look(V, "du", "until", (), 1, "day")]),
        ({"not-before": [NOW, field("v.0.df")]}, [Look(V, "df", "from")]),
        ({"not-after": [BIRTH, now(-18, "year")]}, [Look((), "birth", "older", (), 18, "year")]),
        ({"before": [NOW, field("birth", 8, "month")]}, [Look((), "birth", "younger", (), 8, "month")]),
        ({"before": [NOW, field("birth", 80, "day")]}, [Look((), "birth", "until", (), 80, "day")]),
        ({"after": [NOW, BIRTH]}, [Look((), "birth", "from")]),
        ({"after": [NOW, date("2026-12-01")]}, [Look((), "clock", "date-from", ("2026-12-01",))]),
        ({"after": [date("2026-12-01"), NOW]}, [Look((), "clock", "date-until", ("2026-12-01",))]),
        ({"after": [date("2026-12-01", 3), NOW]}, [Look((), "clock", "other")]),
        ({"after": [field("v.0.dt"), date("2026-12-01")]}, [Look(V, "dt", "date-from", ("2026-12-01",))]),
        ({"after": [date("2026-12-01"), field("v.0.dt")]}, [Look(V, "dt", "date-until", ("2026-12-01",))]),
        ({"after": [date("2026-12-01", 1), field("v.0.dt")]}, [Look(V, "dt", "other")]),
        ({"after": [field("v.0.dt"), field("r.0.fr", 180)]}, [Look(V, "dt", "other-field", ("fr",))]),
        ({"after": [date("2026"), date("2027")]}, []),
        ({"after": [{"plusTime": [{"if": [True, "2026", "2027"]}, 0, "day"]}, NOW]}, []),
        ({"before": [now(-12, "month"), LAST]}, [Look(V, "date", "until", (), 12, "month")]),
        (
            {"before": [now(-72, "hour"), LAST_OF_TWO]},
            [Look(("test",), "sampled", "until", (), 72, "hour"), Look(V, "date", "until", (), 72, "hour")],
        ),
        # What is read in no way that is known is told all the same.
        ({"if": [{"+": [{"var": "payload.v.0.dn"}, 1]}, True, False]}, [Look(V, "dn", "other")]),
        ({"if": [{"+": [{"var": "payload"}, 1]}, True, False]}, []),
    ],
)  # fmt: skip
def test_what_a_rule_looks_at(logic, found):
    assert looks(parse_logic(logic)) == tuple(found)


def test_a_rule_of_very_many_dates_is_told_in_part():
    wide = {"and": [GIVEN, *({"plusTime": [{"var": f"current.d{number}"}, 0, "day"]} for number in range(900))]}  # fmt: skip
    both = [over("vaccination", wide, date("1970-01-01")), over("test", wide, date("1970-01-01"))]
    found = looks(parse_logic({"after": both}))
    assert 400 < len(found) < 3_000


def test_nothing_that_the_packs_rules_read_goes_unsaid():
    for name in reader.pack_ids():
        for template in reader.templates(name).rules:
            logic = parse_logic(template["logic"])
            told = looks(logic)
            assert not [one for one in told if one.relation.startswith("other")]
            said = {one.field for one in told} | {bound for one in told for bound in one.bounds}
            said |= {kind for one in told for kind in one.kinds}
            for node in walk(logic):
                if isinstance(node, Var) and node.path not in (CLOCK["var"], "accumulator"):
                    last = [part for part in node.path.split(".") if not part.isdecimal()][-1]
                    assert last in said, (template["id"], node.path)


@pytest.mark.parametrize(
    ("look", "zh", "hant", "en"),
    [
        (Look(V, "", "present"), "接种记录：有没有", "接種記錄：有沒有", "vaccination: whether there is one"),
        (Look(V, "", "at-least", (2,)), "条数：至少 2", "條數：至少 2", "number of entries: 2 or more"),
        (Look(V, "dn", "at-least-field", ("sd",)), "剂次：不少于应种剂数", "劑次：不少於應種劑數",
         "dose number: not below the doses in the series"),
        (Look(V, "dt", "other-field", ("fr",)), "接种日期：和首次阳性日比", "接種日期：和首次陽性日比",
         "date of the dose: compared with the date of the first positive test"),
        (Look(V, "tg", "listed", ("few",)), "病种：在清单里：few (a)", "病種：在清單裡：few (a)",
         "disease: on the list few (a)"),
        (Look(V, "tg", "listed", ("none",)), "病种：在清单里：none", "病種：在清單裡：none",
         "disease: on the list none"),
        (Look(V, "tg", "not-listed", ("many",)), "病种：不在清单里：many (0, 1, 2, 3, 4, 5, 等 2 个)",
         "病種：不在清單裡：many (0, 1, 2, 3, 4, 5, 等 2 個)",
         "disease: not on the list many (0, 1, 2, 3, 4, 5, and 2 more)"),
        (Look(("clearance",), "exemption", "is", (True,)), "豁免：是", "豁免：是", "exemption: yes"),
        (Look(("clearance",), "exemption", "is", (False,)), "豁免：否", "豁免：否", "exemption: no"),
        (Look(V, "dt", "from", (), 14, "day"), "接种日期：满 14 天起", "接種日期：滿 14 天起",
         "date of the dose: from 14 days after it"),
        (Look(V, "dt", "from"), "接种日期：到了才算", "接種日期：到了才算", "date of the dose: reached"),
        (Look(V, "dt", "until", (), -3, "day"), "接种日期：还差 3 天以上", "接種日期：還差 3 天以上",
         "date of the dose: 3 days or more still to go"),
        (Look((), "birth", "younger", (), 8, "month"), "年龄：不满 8 个月", "年齡：不滿 8 個月",
         "age: below 8 months"),
        (Look((), "clock", "date-from", ("2026-12-01",)), "今天：2026-12-01 起", "今天：2026-12-01 起",
         "today: from 2026-12-01"),
        (Look((), "{bounds}", "is", ("{field}",)), "{bounds}：{field}", "{bounds}：{field}", "{bounds}: {field}"),
    ],
)  # fmt: skip
def test_a_look_in_words(look, zh, hant, en):
    lists = {"few": ["a"], "many": list("01234567")}
    assert line(look, "zh-Hans", lists) == zh
    assert line(look, "zh-Hant", lists) == hant
    assert line(look, "en", lists) == en


def test_every_relation_has_words_in_three_languages():
    told = json.loads((files("huxin.spec") / "explanations.json").read_text("utf-8"))["looks"]
    for name, texts in told.items():
        assert texts.keys() == {"zh-Hans", "zh-Hant", "en"}, name
        filled = [text.format(field="", bounds="", amount="10", unit="") for text in texts.values()]
        assert max(len(text) for text in filled[:2]) <= 20, name
        assert len(filled[2].split()) <= 10, name


def test_a_rule_is_told_by_kinds_of_entries():
    at = datetime(2026, 11, 23, tzinfo=UTC)
    book = adopt("school-entry", region="QV", published=at, valid_from=at, valid_until=at.replace(year=2027))  # fmt: skip
    polio = next(one for one in book.rules if one.id == "SCHOOL-POLIO")
    assert asks(polio, "en", book.value_sets) == (
        Asked(
            "clearance",
            (
                "purpose: school-entry",
                "number of entries: 1 or more",
                "last day of validity: not over yet",
                "first day of validity: reached",
            ),
        ),
        Asked("", ("age: below 48 months",)),
        Asked(
            "vaccination",
            (
                "disease: one of icd-11:1C81, who:1C81",
                "date of the dose: whether there is one",
                "number of entries: 3 or more",
                "number of entries: 4 or more",
            ),
        ),
    )
    assert asks(rule(logic={"var": "payload.v.0"}), "en", {}) == (
        Asked("vaccination", ("vaccination: whether there is one",)),
    )


def test_kinds_in_words():
    assert kind_words(("vaccination", "clearance"), "zh-Hans") == "接种记录、许可"
    assert kind_words(("vaccination", "clearance"), "en") == "vaccination, clearance"
