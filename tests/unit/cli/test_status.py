"""`huxin status`: indices to a set, a set to indices, one index asked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib.regions import NOW, REED_ISLES
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    terminal = Terminal(tmp_path)
    (tmp_path / "withdrawn.jsonl").write_text('{"idx": 88310}\n1042\n')
    return terminal


@pytest.fixture(params=["rice", "token"])
def made(request, terminal):
    out = terminal.folder / "set"
    source = terminal.folder / "withdrawn.jsonl"
    shown = terminal.run("status", "encode", source, "--form", request.param, "--out", out)
    assert shown.exit_code == 0
    assert shown.stdout.startswith("2 indices, ")
    return out


def test_a_set_is_written_and_read(terminal, made):
    assert terminal.run("status", "decode", made).stdout == "1042\n88310\n"
    told = terminal.json("status", "decode", made)
    assert (told["bits"], told["count"], told["indices"]) == (20, 2, [1042, 88310])
    piped = terminal.run("status", "decode", "-", typed=made.read_bytes())
    assert piped.stdout == "1042\n88310\n"


@pytest.mark.parametrize(("index", "code", "word"), [(1042, 1, "✕ withdrawn"), (7, 0, "✓ not withdrawn")])  # fmt: skip
def test_the_exit_status_tells_whether_a_place_is_withdrawn(terminal, made, index, code, word):
    shown = terminal.run("status", "check", made, index)
    assert (shown.exit_code, shown.stdout) == (code, f"{word}\n")
    told = terminal.run("status", "check", made, index, "--json")
    assert told.exit_code == code
    assert f'"revoked": {"true" if code else "false"}' in told.stdout


def test_the_size_is_told(terminal):
    out = terminal.folder / "set"
    source = terminal.folder / "withdrawn.jsonl"
    told = terminal.json("status", "encode", source, "--bits", 24, "--out", out)
    assert told == {"form": "rice", "bits": 24, "count": 2, "bytes": len(out.read_bytes())}


@pytest.mark.parametrize(
    "line", ["x", "-1", "1.5", '{"idx": "1"}', "", "5\n5", "1048576", "9" * 11]
)
def test_a_line_that_is_no_index_is_refused_and_nothing_written(terminal, line):
    out = terminal.folder / "set"
    shown = terminal.run("status", "encode", "-", "--out", out, typed=f"4\n{line}\n7\n")
    assert shown.exit_code == 2
    assert "bad-input" in shown.stderr
    assert not out.exists()


@pytest.mark.parametrize("data", [b"", b"HXS", b"HXS\x02", b"nonsense"])
def test_what_is_no_set_ends_with_2(terminal, data):
    file = terminal.folder / "bad"
    file.write_bytes(data)
    assert terminal.run("status", "check", file, 1).exit_code == 2
    assert terminal.run("status", "decode", file, "--json").exit_code == 2


def test_an_index_outside_of_the_list_is_no_answer(terminal, made):
    assert terminal.run("status", "check", made, 1 << 20).exit_code == 2
    assert terminal.run("status", "check", made, "-1").exit_code == 2


def test_a_signed_set_is_read_and_what_was_added_is_not_one(terminal):
    name = ListName("QW", "https://node.example.org/status/1")
    one, two = (
        Held(name, version, IndexSet.of(indices), NOW, NOW + timedelta(days=2))
        for version, indices in ((1, (7,)), (2, (7, 1042)))
    )
    whole, added = terminal.folder / "2.hxs", terminal.folder / "2.delta"
    whole.write_bytes(publish(two, REED_ISLES))
    added.write_bytes(publish(two, REED_ISLES, before=one))
    told = terminal.json("status", "decode", whole)
    assert (told["form"], told["indices"]) == ("signed", [7, 1042])
    assert terminal.run("status", "check", whole, 1042).exit_code == 1
    refused = terminal.run("status", "decode", added)
    assert refused.exit_code == 2
    assert "[bad-input]" in refused.stderr
