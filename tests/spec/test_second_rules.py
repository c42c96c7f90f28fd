"""Rules, judged by the second implementation: values, reasons, refusals and verdicts with a purpose, the same as ours."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from huxin.trust.issue import issue
from huxin.trust.rules.values import equal
from tests.lib.door import rows
from tests.lib.pack_people import WALL, book, cards, local
from tests.lib.pack_rows import ROWS
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.rules import document, foreign, rule_set
from tests.lib.second_door import answers, answers_of_ours, differences, differences_in

pytestmark = pytest.mark.needs("node")

KEYS: Final = [{"jwk": REED_ISLES.key.public.jwk()}]


def lines_of(cases: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(case).encode() for case in cases]


def test_every_assertion_of_certlogic(vectors):
    table = rows(vectors / "certlogic" / "cases.jsonl")
    cases = [{"id": row["id"], "logic": row["expr"], "data": row["data"]} for row in table]
    assert len(cases) == 63
    told = answers("eval", lines_of(cases))
    assert [row["id"] for row, one in zip(table, told, strict=True) if not equal(one["value"], row["expected"])] == []  # fmt: skip
    assert differences(cases, "eval") == []


def test_every_published_test_of_a_national_rule(vectors):
    folder = vectors / "rules"
    rules = {row["id"]: row["rule"] for row in rows(folder / "rules.jsonl")}
    sets = json.loads((folder / "valuesets.json").read_text("utf-8"))["sets"]
    table = rows(folder / "cases.jsonl")
    cases = []
    for row in table:
        external = dict(row["external"])
        if row["valuesets_ref"]:
            external.setdefault("valueSets", sets[row["valuesets_ref"]])
        # A rule of that time may name a version or an identifier in a way of its own; its logic is what is asked about.
        rule = foreign(Logic=rules[row["rule_id"]]["Logic"])
        cases.append({"id": row["id"], "rule": rule, "payload": row["payload"], "external": external})  # fmt: skip
    assert len(cases) == 455
    told = answers("check", lines_of(cases))
    assert [row["id"] for row, one in zip(table, told, strict=True) if one["result"] is not row["expected"]] == []  # fmt: skip
    assert differences(cases, "check") == []


def test_every_national_rule_as_it_was_published(vectors):
    documents = [row["rule"] for row in rows(vectors / "rules" / "rules.jsonl")]
    assert len(documents) == 65
    assert differences([{"rule": one, "payload": {}} for one in documents], "check") == []


@pytest.mark.parametrize("pack", ROWS)
def test_the_packs_people_get_the_same_verdicts(pack):
    cases = []
    for number, row in enumerate(ROWS[pack]):
        shown = [card.text for card in cards(row)]
        cases.append(
            {
                "id": number,
                "texts": shown or ["HC1:"],
                "keys": KEYS,
                "rules": rule_set(book(pack)),
                "purpose": row.purpose,
                "at": local(row.at).astimezone(WALL).isoformat(),
            }
        )
    told = answers("verify", lines_of(cases))
    expected = {"met": "accepted", "not-met": "rejected"}
    wrong = [
        row.who
        for row, one in zip(ROWS[pack], told, strict=True)
        if row.shows and one["verdict"] != expected[row.answer]
    ]
    assert wrong == []
    assert differences(cases) == []


EDGES: Final = (
    "2026-08-31T15:59:59.999999Z", "2026-08-31T16:00:00Z", "2026-08-31T16:00:00.000001Z", "2026-08-31T16:00:00.0005Z",
    "2027-08-31T15:59:58.999999Z", "2027-08-31T15:59:59Z", "2027-08-31T15:59:59.000001Z", "2027-08-31T15:59:59.001Z",
)  # fmt: skip


def test_the_first_and_the_last_instant_of_a_rule_are_the_same():
    """Rules last to the instant, finer than the millisecond in which their answers are told."""
    card = issue(facts(), REED_ISLES, now=NOW.replace(month=8), expires=NOW.replace(year=2028)).text
    finer = document(id="QV-2", logic=True, valid_until="2027-08-31T15:59:58.9995Z")
    last = document(id="QV-3", logic=True, valid_until="9999-12-31T23:59:59Z")
    endless = document(id="QV-4", logic=True, valid_until="9999-12-31T23:59:59.9999999Z")
    cases = [
        {"id": at, "text": card, "keys": KEYS, "rules": rules, "purpose": "school", "at": at}
        for at in EDGES
        for rules in ([document(logic=True)], [finer], [document(), finer], [last], [endless])
    ]
    told = {one["code"] for one in answers("verify", lines_of(cases))}
    assert told == {"ok", "rule", "no-rules"}
    assert differences(cases) == []


OWN: Final = document(effect="admits")
STRANGE: Final[tuple[Any, ...]] = (None, "", "x" * 2_001, "e\u0301", "é", "\ud800", 1, 1.0, True, [], {}, ["x"], {"en": "a"}, "facts", "1.2.3", "01.2.3", "2026-01-01")  # fmt: skip
TIMES: Final = (
    "2026-08-01", "2026-08-01T00:00", "2026-08-01T00:00:00Z", "2026-08-01T00:00:00z", "20260801T000000+0800",
    "2026-W31-6T00:00:00+08:00", "2026-08-01 00:00:00.1234567Z", "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999-14:00", "9999-12-31T23:59:59Z", "2026-02-29T00:00:00Z", "2026-08-01T24:00:00Z",
    "9999-12-31T23:59:59.9999999Z", "9999-12-31T23:59:59.9999999-00:01", "2026-08-01T00:00:00 Z", "2026-08-01T00:00:00.Z", "2026-08-01T12.5Z",
    "2026-08-01T0000:00Z", "2026-08-01é00:00:00Z", "2026-08-01\U0001f600" + "00:00:00Z", "2026-08-01T00:00:00,5Z", "2026-08-01T00:00:60Z",
    "2026-08-01T00:00:00-23:59", "2026-08-01T00:00:00+24:00", "2026-08-01T00:00:00+00:60", "2026-08-01T00:00:00Z\n", "2026-08-01T00:00:00." + "9" * 19 + "Z",
    "2026-08-01T00:00:00." + "9" * 20 + "Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.5+00:01", "２026-08-01T00:00:00Z",
    "2026-08-01T00:00:00Z" + " " * 30, "2026-08-01T", "2026-08-01T00Z", "2026-08-01T00:00:00+25:00", "x",
)  # fmt: skip
DAYS: Final = (*TIMES, "20260801", "2026W311", "2026-W31", "2026W31", "2026-W311", "2026-8-1", "2026-W54-1", "0000-01-01")  # fmt: skip

LOGICS: Final[tuple[Any, ...]] = (
    True, {"moon": []}, {"and": [True, {"moon": []}]}, 1.5, {"var": ""}, [1] * 5_001,
)  # fmt: skip
DESCRIBED: Final[tuple[Any, ...]] = (
    [{}], ["x"], [{"lang": "en", "desc": "x" * 2_001}], [{"lang": "en", "desc": ""}], "x", [{}] * 41,
)  # fmt: skip
FINE: Final[dict[str, dict[str, Any]]] = {
    "eval": {"logic": 1},
    "check": {"rule": foreign(Logic=True)},
    "verify": {"text": "HC1:", "at": "2026-11-23"},
}


def rule_documents() -> list[Any]:
    """Documents that are wrong in one place each, and some that are only strange."""
    made: list[Any] = [None, [], "x", {}, {"Logic": True}, {"Identifier": None}, OWN | {"moon": 1}, foreign(moon=1)]  # fmt: skip
    made += [OWN | {name: value} for name in OWN for value in STRANGE]
    made += [{key: one for key, one in OWN.items() if key != name} for name in OWN]
    made += [foreign() | {name: value} for name in foreign() for value in STRANGE]
    made += [{key: one for key, one in foreign().items() if key != name} for name in foreign()]
    made += [OWN | {name: time} for name in ("published", "valid_from", "valid_until") for time in TIMES]  # fmt: skip
    made += [OWN | {"valid_until": OWN["valid_from"]}, foreign(ValidTo="2020-01-01T00:00:00Z")]
    made += [OWN | {"basis": OWN["basis"] | {"read": day}} for day in DAYS]
    made += [OWN | {"basis": OWN["basis"] | {name: value}} for name in ("instrument", "article", "more") for value in STRANGE]  # fmt: skip
    outbreak = {"declared": "2026-08-01", "remote_lessons": {"en": "By radio."}}
    made += [OWN | {"outbreak": outbreak | {name: value}} for name in (*outbreak, "more") for value in STRANGE]  # fmt: skip
    made += [OWN | {"kinds": value} for value in (["moon"], ["test", None], ["test"] * 201, ["recovery"])]  # fmt: skip
    made += [OWN | {"description": {name: "x"}} for name in ("e", "zh-Hans", "en_GB", "en\n", "", "__proto__", "constructor")]  # fmt: skip
    made += [OWN | {"description": {f"l{chr(97 + one // 26)}{chr(97 + one % 26)}": "x" for one in range(41)}}]  # fmt: skip
    made += [OWN | {"logic": logic} for logic in LOGICS]
    made += [foreign(Logic=logic, EngineVersion=version) for logic in (*LOGICS, *STRANGE) for version in ("1.3.0", "1.4.0")]  # fmt: skip
    made += [foreign(EngineVersion=version) for version in ("0.7.5", "1.3.7", "1.4.0", "2.0.0", "1000000.0.0", "1.3", "1.3.0\n", " 1.3.0")]  # fmt: skip
    made += [foreign(Description=described) for described in DESCRIBED]
    return made


def test_rule_documents_are_refused_alike():
    cases = [
        {"id": number, "rule": one, "payload": {}} for number, one in enumerate(rule_documents())
    ]
    assert len(cases) > 500
    assert differences(cases, "check") == []


HOSTILE: Final = (
    b"", b"   ", b"null", b"[]", b'{"id": 0, "data": NaN}', b'{"id": "\xff"}', b"[" * 100_000, b"\xef\xbb\xbf{}",
    b"\xef\xbb\xbf\xef\xbb\xbf{}", b'{"id": ' + b"9" * 4_301 + b"}", b'{"id": ' + b"9" * 4_300 + b', "logic": 1}',
    b'{"id": -0, "logic": 1}', b'{"id": 1e999, "logic": 1}', b'{"id": 1.5, "logic": 1}', b'{"id": true, "logic": 1}', b'{"id": [], "logic": 1}',
    b'{"id": 1, "id": 2, "logic": 1}', b'{"id": "\\ud800", "logic": "\\udc00"}', b'{"logic": {"var": "a"}, "data": {"a": 1e999}}',
    b'{"logic": {"var": "a"}, "data": {"a": [1e21, 1e-7, 2.0, -0.0, 123456789012345678901]}}',
    b'{"logic": {"===": [{"var": "0"}, {"var": "1"}]}, "data": [1e20, 100000000000000000000]}',
    b'{"logic": {"===": [{"var": "0"}, {"var": "1"}]}, "data": [9007199254740993, 9007199254740992.0]}',
    b'{"logic": {"+": [{"var": "0"}, {"var": "1"}]}, "data": [9007199254740993, -9007199254740992]}',
    b'{"logic": {"<": [{"var": "0"}, {"var": "1"}]}, "data": [9007199254740993, 9007199254740992.0]}',
    b'{"logic": 9007199254740993}', b'{"logic": 1e20}', b'{"logic": {"plusTime": ["2020", 9007199254740993, "day"]}}',
    b'{"logic": {"var": "__proto__"}, "data": {"__proto__": 1}}', b'{"logic": 1, "data": {"a": 01}}',
    b'{"logic": 1, "data": "\x01"}', b'{"logic": 1} x', b'{"logic": 1,}', b"{'logic': 1}", b'{"data": ' + b"[" * 150 + b"]" * 150 + b', "logic": 1}',
    b'{"data": ' + b"[" * 198 + b"]" * 198 + b', "logic": 1}', b'{"data": ' + b"[" * 199 + b"]" * 199 + b', "logic": 1}',
    b'{"data": ' + b"[" * 200 + b"]" * 200 + b', "logic": 1}', b'{"data": ' + b"[" * 199 + b"1" + b"]" * 199 + b', "logic": 1}',
    b'{"id": 7, "data": ' + b"[" * 700 + b"]" * 700 + b', "logic": 1}',
)  # fmt: skip


IDS: Final = ("1.0", "-0.0", "1e16", "1e21", "1.50", "1e-7", "0.00001", "-0", "123456789012345678901", "9007199254740993.0")  # fmt: skip


@pytest.mark.parametrize("door", FINE)
def test_a_number_that_names_a_case_comes_back_as_it_came(door):
    lines = [f'{{"id": {one}, "logic": 1}}'.encode() for one in IDS]
    told = [repr(one["id"]) for one in answers(door, lines)]
    assert told == [repr(one["id"]) for one in answers_of_ours(door, lines)]
    assert told == [repr(json.loads(one)) for one in IDS]


@pytest.mark.parametrize("door", FINE)
def test_hostile_lines_are_answered_alike(door):
    assert differences_in([*HOSTILE, json.dumps(FINE[door]).encode()], door) == []
