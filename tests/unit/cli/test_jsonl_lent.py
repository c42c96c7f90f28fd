"""What a case at the conformance door brings along besides keys: whose a key is, status sets, rules."""

import base64
import json
from datetime import timedelta
from pathlib import Path

import pytest

from huxin.cli import jsonl
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import issue
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib.regions import LANTERN_BAY, NOW, REED_ISLES, facts
from tests.lib.rules import document
from tests.lib.terminal import Terminal

URI = "https://node.example.org/status/1"
DAY = timedelta(days=1)
AT = NOW.isoformat()
CARD = issue(facts(), REED_ISLES, now=NOW - 10 * DAY, status=StatusIndex(URI, 77)).text
HEALTH_CARD = issue(facts(), REED_ISLES, now=NOW - 10 * DAY, format="shc").text
NONE = Held(ListName("QW", URI), 1, IndexSet.of(()), NOW - DAY, NOW + DAY)
ONE = Held(ListName("QW", URI), 2, IndexSet.of((77,)), NOW - DAY / 2, NOW + 2 * DAY)
WHOLE, ADDED = publish(NONE, REED_ISLES), publish(ONE, REED_ISLES, before=NONE)
STRANGER = publish(NONE, LANTERN_BAY)
SCHOOL = {"rules": [document()], "valueSets": {}}


def told(region="QW", text=CARD, *, shown_in=None, **case):
    keys = [{"jwk": REED_ISLES.key.public.jwk(), "region": region}]
    line = {"id": 1, "text": text, "keys": keys, "region": shown_in, "at": AT} | case
    return jsonl.answer(json.dumps(line).encode(), Path())


def sets(*files, region="QW", uri=URI):
    written = [base64.b64encode(one).decode() for one in files]
    return [{"region": region, "uri": uri, "files": written}]


def test_a_card_is_looked_up_in_the_sets_of_its_region():
    answer = told(sets=sets(WHOLE))
    assert (answer["code"], answer["sets"]) == ("ok", [{"version": 1, "refused": []}])
    assert answer["looked_up"] is True
    assert answer["set_age"] == {"as_of": "2026-11-22T10:00:00Z", "age_hours": 24, "overdue": False}
    answer = told(sets=sets(WHOLE, ADDED))
    assert (answer["code"], answer["sets"]) == ("revoked", [{"version": 2, "refused": []}])


def test_a_set_that_is_refused_is_told_of_and_left_out():
    answer = told(sets=sets(ADDED, WHOLE, b"", STRANGER, ADDED))
    assert answer["sets"] == [{"version": 2, "refused": ["bad-input", "bad-input", "signature"]}]
    assert answer["code"] == "revoked"
    answer = told(sets=sets(ADDED))
    assert answer["sets"] == [{"version": None, "refused": ["bad-input"]}]
    assert (answer["code"], answer["looked_up"], answer["set_age"]) == ("ok", False, None)


def test_nobody_speaks_for_another_region():
    answer = told(region="QV", sets=sets(WHOLE, ADDED))
    assert answer["sets"] == [{"version": None, "refused": ["signature", "signature"]}]
    assert (answer["code"], answer["looked_up"]) == ("ok", False)
    assert told(region=None, sets=sets(WHOLE))["looked_up"] is False


def test_revocation_lists_and_sets_are_asked_together():
    answer = told(text=HEALTH_CARD, sets=sets(WHOLE))
    assert (answer["looked_up"], answer["set_age"]) == (False, None)
    answer = told(text=HEALTH_CARD, sets=sets(WHOLE), revoked=[])
    assert answer["looked_up"] is True
    assert told(sets=sets(WHOLE, ADDED), revoked=[])["code"] == "revoked"
    assert told(sets=[])["looked_up"] is False


def test_a_case_without_sets_is_told_nothing_of_them():
    assert "sets" not in told()
    assert told(sets=None).keys() == told().keys()


@pytest.mark.parametrize(
    "case",
    [
        {"sets": "all"},
        {"sets": ["x"]},
        {"sets": [{"region": "QW"}]},
        {"sets": [{"region": "QW", "uri": URI, "files": ["?"]}]},
        {"sets": [{"region": "QW", "uri": URI, "files": ["AAA"]}]},
        {"sets": [{"region": "QW", "uri": URI, "files": [1]}]},
        {"region": 1},
        {"rules": "all"},
        {"rules": [{}]},
        {"rules": {"rules": [], "valueSets": []}},
        {"rules": [], "purpose": 1},
        {"rules": [], "shown_in": 1},
    ],
)
def test_what_is_no_case(case):
    assert told(**case)["code"] == "bad-input"


def test_a_case_brings_its_own_rules():
    answer = told(rules=SCHOOL, purpose="school")
    assert (answer["verdict"], answer["code"], answer["reasons"]) == ("rejected", "rule", ["rule"])
    assert answer["purpose"] == "school"
    assert [one["rule"] for one in answer["because"]] == ["QV-SCHOOL-1"]
    answer = told(rules=[document(logic=True)], purpose="school")
    assert (answer["code"], answer["because"]) == ("ok", [])
    assert answer["changes_at"] == "2027-08-31T15:59:59.001Z"
    assert told(rules=document(), purpose="travel")["code"] == "no-rules"
    assert told(rules=SCHOOL)["purpose"] is None
    assert "purpose" not in told(purpose="school")
    assert told(purpose="school")["code"] == "no-rules"


def test_the_rules_of_a_case_count_instead_of_those_beside_it(tmp_path):
    (tmp_path / "rules.json").write_text(json.dumps(SCHOOL), "utf-8")
    keys = [{"jwk": REED_ISLES.key.public.jwk()}]
    case = {"text": CARD, "keys": keys, "at": AT, "purpose": "school"}
    cases = [case, case | {"rules": document(logic=True)}]
    (tmp_path / "cases.jsonl").write_text("\n".join(map(json.dumps, cases)), "utf-8")
    terminal = Terminal(tmp_path)
    result = terminal.run("verify", "--jsonl", tmp_path / "cases.jsonl", "--rules", tmp_path / "rules.json")  # fmt: skip
    assert [json.loads(line)["code"] for line in result.stdout.splitlines()] == ["rule", "ok"]


def test_a_case_says_whose_of_several_regions_rules_are_asked():
    rules = [document(), document(region="QW", logic=True)]
    assert told(rules=rules, purpose="school")["code"] == "rule"
    assert told(rules=rules, purpose="school", shown_in="QW")["code"] == "ok"
    assert told(rules=rules, purpose="school", shown_in="QX")["code"] == "no-rules"
    assert told(purpose="school", shown_in="QW")["code"] == "no-rules"
