"""`huxin trust radar`: what stands in a list of keys, in both languages, and what is said of a file that is none."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from tests.lib.did_lists import did_list, method
from tests.lib.terminal import Terminal

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
AT = ("--at", "2026-11-28T08:00:00Z")


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def written(tmp_path):
    def write(*methods):
        (tmp_path / "did.json").write_text(json.dumps(did_list(*methods)), "utf-8")
        return tmp_path / "did.json"

    return write


def test_a_list_in_good_order(terminal, written):
    path = written(*(method("NLD", number, now=NOW) for number in range(1, 4)))
    shown = terminal.run("trust", "radar", path, *AT)
    assert shown.exit_code == 0
    assert "3 keys, 3 of them usable now" in shown.stdout
    assert "nothing found" in shown.stdout
    assert "2027-09" in shown.stdout


def test_what_is_found_is_told_in_both_languages(terminal, written):
    over = method("FRA", 2, now=NOW, until=NOW - timedelta(days=1))
    test = method("XXA", 3, now=NOW, name="Test State \u202e")
    path = written(method("NLD", 1, now=NOW), over, test, {"id": 7})
    for language, words in (
        ("en", ("expired", "for tests", "unusable")),
        ("zh", ("已过期", "测试用", "用不了")),
    ):
        shown = terminal.run("trust", "radar", path, *AT, "--lang", language)
        assert shown.exit_code == 1
        for word in words:
            assert word in shown.stdout
        assert "\u202e" not in shown.stdout
    told = terminal.json("trust", "radar", path, *AT)
    assert (
        told["counts"]["expired"] == told["counts"]["test-key"] == told["counts"]["unusable"] == 1
    )
    assert {one["code"] for one in told["findings"]} == {"expired", "test-key", "unusable"}
    assert [one["name"] for one in told["participants"]] == ["", "FRA", "NLD", "XXA"]


def test_a_long_list_tells_the_first_and_how_many_more(terminal, written):
    path = written(*(method("XXA", number, now=NOW) for number in range(1, 61)))
    assert "10 more" in terminal.run("trust", "radar", path, *AT).stdout
    assert "more" not in terminal.run("trust", "radar", path, *AT, "--all").stdout


def test_our_own_trust_file_is_looked_at_too(terminal):
    key = terminal.new_key("qv.key", "--region", "QV", "--environment", "test")
    path = terminal.folder / "trust.json"
    path.write_text(terminal.run("keys", "show", key, "--trust").stdout, "utf-8")
    told = terminal.json("trust", "radar", path)
    assert told["keys"] > 0
    assert {one["code"] for one in told["findings"]} == {"test-key"}
    assert told["findings"][0]["participant"] == "QV"


@pytest.mark.parametrize(
    "text", ["{", "[]", '{"verificationMethod": 7}', '{"huxin": "trust"}', '{"a": 1, "a": 2}']
)
def test_what_is_no_list_is_refused(terminal, tmp_path, text):
    (tmp_path / "x.json").write_text(text, "utf-8")
    shown = terminal.run("trust", "radar", tmp_path / "x.json")
    assert shown.exit_code == 1
    assert "[key-file]" in shown.stderr
