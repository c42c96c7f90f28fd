"""The door for trust lists: steps into one state, and what is told of each and of the end; nothing stops it."""

import base64
import json
from pathlib import Path

import pytest

from huxin.adapters.trust_bundle import pack
from huxin.cli import refresh_lines
from huxin.kernel.crypto import PrivateKey
from huxin.trust.federation.policy import LocalPolicy
from tests.lib.federations import DAY, HOUR, NOW, Federation
from tests.lib.policies import write_policy
from tests.lib.second_refresh import Shown
from tests.lib.terminal import Terminal

OFFICER = PrivateKey.generate("EdDSA")
DENY = write_policy(LocalPolicy("XZ", 1, deny_regions=frozenset({"QW"})), [OFFICER])


def told(case):
    return refresh_lines.answer(json.dumps(case).encode(), Path())


@pytest.fixture
def federation():
    return Federation(2)


def test_lists_come_one_after_another_into_one_state(federation):
    shown = Shown("one").files(federation.files, at=NOW + HOUR)
    federation.publish("region-QV", later=2 * HOUR)
    shown.bundle(pack(federation.files), at=federation.now + HOUR)
    shown.files(Federation(2).files, at=federation.now + HOUR)
    answer = told(shown.case)
    first, second, third = answer["steps"]
    assert (answer["id"], answer["code"]) == ("one", "")
    assert (first["decision"], first["first"], first["versions"]["region-QV"]) == ("fresh", True, 1)
    assert (second["decision"], second["first"], second["versions"]["region-QV"]) == ("fresh", False, 2)  # fmt: skip
    assert third == {"decision": "refused", "code": "trust-rollback"}
    held = answer["held"]
    assert (held["root"], held["signed_at"]) == (first["root"], second["signed_at"])
    assert [row[0] for row in held["keys"]] == ["QV", "QV", "QW", "QW"]
    assert "packed" not in answer


def test_each_case_begins_with_nothing(federation):
    case = Shown(1).files(federation.files, at=NOW + HOUR).case
    assert told(case)["steps"][0]["first"]
    assert told(case)["steps"][0]["first"]


def test_a_clock_that_a_person_moved_is_not_remembered(federation):
    moved = told(Shown(1).files(federation.files, at=NOW + DAY, moved=True).case)
    seen = told(Shown(1).files(federation.files, at=NOW + DAY).case)
    assert moved["held"]["clock"] == moved["held"]["signed_at"]
    assert seen["held"]["clock"] > seen["held"]["signed_at"]


def test_a_policy_of_the_place_takes_effect(federation):
    shown = Shown(1).files(federation.files, at=NOW + HOUR)
    shown.policy(DENY, at=NOW + HOUR, region="XZ", keys=[OFFICER.public])
    shown.policy(DENY, at=NOW + HOUR, region="QV", keys=[OFFICER.public])
    answer = told(shown.case)
    assert answer["steps"][1:] == [
        {"decision": "in-force", "code": "", "version": 1},
        {"decision": "refused", "code": "trust-pin"},
    ]
    assert {row[5] for row in answer["held"]["keys"] if row[0] == "QW"} == {"denied"}


def test_what_is_held_can_be_given_and_begun_with(federation):
    case = Shown(1, pack=True).files(federation.files, at=NOW + HOUR).case
    packed = told(case)["packed"]
    again = Shown(2, held=packed).files(federation.files, at=NOW + 2 * HOUR).case
    assert not told(again)["steps"][0]["first"]
    assert told({"held": packed, "steps": []})["held"] is None
    spoilt = base64.b64encode(b"nothing").decode()
    assert told({"held": spoilt, "steps": []})["code"] == "bad-input"


def test_of_a_list_that_is_too_old_by_now_no_key_is_believed(federation):
    shown = Shown(1).files(federation.files, at=NOW + HOUR)
    shown.files(federation.files, at=NOW + 31 * DAY)
    answer = told(shown.case)
    assert [one["code"] for one in answer["steps"]] == ["", "trust-old"]
    assert (answer["held"]["code"], answer["held"]["keys"]) == ("trust-old", [])


def test_keys_are_told_with_what_they_may_do():
    federation = Federation(1)
    federation.set_keys("QV", "QV key 1", environment="test")
    federation.set_members(QV={"environment": "test"})
    charter = json.loads(federation.contents["federation/charter.json"])
    data = json.dumps(charter | {"environment": "test"}).encode()
    federation.contents["federation/charter.json"] = data
    federation.publish("targets", "region-QV")
    ((region, domain, kid, digest, *rest),) = told(
        Shown(1, environment="test").files(federation.files, at=NOW + HOUR).case
    )["held"]["keys"]
    assert (region, domain, len(kid), len(digest)) == ("QV", "huxin", 16, 64)
    assert rest[:3] == ["test", "active", "federation"]


STEP = {"at": "2026-11-28T09:00:00Z", "bundle": ""}


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"steps": {}},
        {"steps": [STEP] * 101},
        {"steps": ["step"]},
        {"steps": [{"at": "2026-11-28T09:00:00Z"}]},
        {"steps": [STEP | {"files": {}}]},
        {"steps": [{"bundle": ""}]},
        {"steps": [STEP | {"at": "yesterday"}]},
        {"steps": [STEP | {"at": 1}]},
        {"steps": [STEP | {"bundle": "?"}]},
        {"steps": [STEP | {"bundle": "AAAAA"}]},
        {"steps": [STEP | {"root": 1}]},
        {"steps": [{"at": "2026-11-28T09:00:00Z", "files": []}]},
        {"steps": [{"at": "2026-11-28T09:00:00Z", "files": {"metadata/timestamp.json": 1}}]},
        {"steps": [{"at": "2026-11-28T09:00:00Z", "policy": "AAAA"}]},
        {"steps": [{"at": "2026-11-28T09:00:00Z", "policy": "AAAA", "region": "QV", "keys": "AAAA"}]},
        {"steps": [{"at": "2026-11-28T09:00:00Z", "policy": "AAAA", "region": "QV", "keys": ["AAAA"]}]},
        {"steps": [], "environment": "moon"},
    ],
)  # fmt: skip
def test_what_is_no_case_is_answered_too(case):
    assert told({"id": 7} | case) == {"id": 7, "code": "bad-input", "steps": [], "held": None}


def test_a_bundle_that_is_none_is_a_list_that_is_refused():
    assert told({"steps": [STEP]})["steps"] == [{"decision": "refused", "code": "trust-file"}]


def test_a_policy_before_any_list_is_refused():
    case = Shown(1).policy(DENY, at=NOW, region="XZ", keys=[OFFICER.public]).case
    assert told(case)["steps"] == [{"decision": "refused", "code": "trust-missing"}]


def test_the_command_answers_line_for_line(federation, tmp_path):
    case = Shown("a").files(federation.files, at=NOW + HOUR).case
    file = tmp_path / "cases.jsonl"
    file.write_text(f"{json.dumps(case)}\nnot a case\n")
    terminal = Terminal(tmp_path)
    result = terminal.run("trust", "refresh", "--jsonl", file)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert (result.exit_code, [one["code"] for one in answers]) == (0, ["", "bad-input"])


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--from", "list.bundle"),
        ("--state", "trust"),
        ("--jsonl", "-", "--state", "trust"),
        ("--jsonl", "-", "--at", "2026-11-28T09:00:00Z"),
    ],
)
def test_a_call_without_place_and_state_or_with_them_beside_lines_is_wrong_usage(words, tmp_path):
    assert Terminal(tmp_path).run("trust", "refresh", *words).exit_code == 2
