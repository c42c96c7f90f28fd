"""`huxin packs`: what there is, rules for a region, a folder that becomes a pack."""

from __future__ import annotations

import json

import pytest

from huxin.packs import reader, shelf
from tests.lib.outside_packs import bring, contents, seal
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that Python looks into for packages."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    reader.forget()
    yield folder
    reader.forget()


def test_the_packs_are_listed_in_both_languages(terminal):
    shown = terminal.run("packs", "list")
    assert shown.exit_code == 0
    assert (
        "✓  school-entry         huxin  Immunisation record for school entry · school"
        in shown.stdout
    )
    assert "医院探视卡" in terminal.run("packs", "list", "--lang", "zh").stdout
    told = terminal.json("packs", "list")
    assert [one["id"] for one in told] == list(shelf.SHIPPED)
    assert told[0] == {
        "id": "school-entry", "name": "Immunisation record for school entry", "from": "huxin",
        "effect": "informs", "purposes": ["school"],
    }  # fmt: skip


def test_one_that_was_installed_is_listed_with_who_brings_it(terminal, place):
    bring(place, seal(contents()))
    assert terminal.json("packs", "list")[-1]["from"] == "pool 1.0"
    found = {one["what"]: one for one in terminal.json("doctor", "--folder", terminal.folder)}
    assert found["Packs"]["found"] == "6 shipped, 1 installed"


def test_one_that_is_left_out_says_why_wherever_it_is_asked_for(terminal, place):
    bring(place, seal(contents()) | {"pack.json": b"{}"})
    why = "pack.json is not the file that the manifest means"
    shown = terminal.run("packs", "list")
    assert shown.exit_code == 1
    assert "✕  pool-visit" in shown.stdout
    assert why in shown.stdout
    assert terminal.json("packs", "list")[-1] == {
        "id": "pool-visit", "from": "pool 1.0", "refused": why,
    }  # fmt: skip
    asked = terminal.run("issue", "--pack", "pool-visit", "--set", "name=x")
    assert asked.exit_code == 2
    assert f"pool-visit (pool 1.0): {why}" in asked.stderr
    found = {one["what"]: one for one in terminal.json("doctor", "--folder", terminal.folder)}
    assert found["Pack pool-visit"] == {
        "what": "Pack pool-visit", "state": "look", "found": f"pool 1.0: {why}",
        "todo": "ask whoever made it to mend it, or uninstall it",
    }  # fmt: skip


def test_a_pack_of_no_such_name(terminal):
    asked = terminal.run(
        "packs", "adopt", "water", "--region", "QV", "--from", "2026-12-04", "--until", "2026-12-05"
    )
    assert asked.exit_code == 2
    assert "'water' is not one of 'school-entry'" in asked.stderr


def adopted(terminal: Terminal, pack: str, *more: str):
    span = ("--region", "QV", "--from", "2026-12-04", "--until", "2026-12-20T23:59:59Z")
    return terminal.run("packs", "adopt", pack, *span, *more)


def test_rules_of_a_pack_become_a_file_of_a_region(terminal):
    told = adopted(terminal, "pandemic")
    assert told.exit_code == 0, told.stderr
    path = terminal.folder / "rules.json"
    path.write_text(told.stdout, "utf-8")
    file = json.loads(told.stdout)
    assert file["valueSets"]["pandemic-methods"] == ["LP6464-4"]
    assert {rule["region"] for rule in file["rules"]} == {"QV"}
    assert file["rules"][0]["published"] == "2026-11-23T10:00:00Z"
    assert terminal.run("rules", "lint", path).exit_code == 0


def test_an_outbreak_has_its_day(terminal):
    told = adopted(
        terminal, "measles-outbreak", "--declared", "2026-11-20", "--published", "2026-11-21"
    )
    (rule,) = json.loads(told.stdout)["rules"]
    assert rule["outbreak"]["declared"] == "2026-11-20"
    assert rule["published"] == "2026-11-21T00:00:00Z"


def test_rules_of_no_time_are_refused(terminal):
    span = ("--from", "2026-12-04", "--until", "2026-12-01")
    told = terminal.run("packs", "adopt", "icvp", "--region", "QV", *span)
    assert told.exit_code == 1
    assert "[rule-dates]" in told.stderr


# --------------------------------------------------------------------------------------- sealing


def folder_of(terminal: Terminal, **files: bytes):
    folder = terminal.folder / "pool"
    folder.mkdir()
    for name, content in (contents() | files).items():
        (folder / name).write_bytes(content)
    return folder


def test_a_folder_is_sealed_and_sealed_again(terminal):
    folder = folder_of(terminal)
    told = terminal.run("packs", "seal", folder)
    assert told.stdout == "pool-visit: 3 files, 1 rules; the manifest is written.\n"
    assert (folder / "manifest.json").read_bytes() == seal(contents())["manifest.json"]
    again = terminal.json("packs", "seal", folder)
    assert again == {
        "id": "pool-visit", "files": ["pack.json", "demo_people.json", "rules.json"], "rules": 1,
    }  # fmt: skip


def changed_rule(**changes: object) -> bytes:
    rules = json.loads(contents()["rules.json"])
    rules["rules"][0] |= changes
    return json.dumps(rules).encode()


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"pack.json": b"{}"}, "a pack lacks a field"),
        ({"pack.json": b"[]"}, "a pack lacks a field"),
        ({"pack.json": contents("icvp")["pack.json"]}, "the id icvp is taken"),
        ({"rules.json": changed_rule(region="QV")}, "region is given by the region"),
        ({"rules.json": changed_rule(logic={"or": []})}, "rule POOL: logic-operator: at /logic/or"),
    ],
)
def test_what_would_be_refused_later_is_refused_now(terminal, files, why):
    folder = folder_of(terminal, **files)
    told = terminal.run("packs", "seal", folder)
    assert told.exit_code == 1
    assert "This pack cannot be used.  [pack]" in told.stderr
    assert why in told.stderr
    assert not (folder / "manifest.json").exists()


def test_a_shipped_pack_that_was_changed_is_told_and_not_a_traceback(
    terminal, monkeypatch, tmp_path
):
    folder = tmp_path / "icvp"
    folder.mkdir()
    monkeypatch.setattr(shelf, "files", lambda _package: tmp_path)
    reader.forget()
    told = terminal.run("issue", "--template", "icvp")
    assert told.exit_code == 1
    assert "[pack]" in told.stderr
    assert "manifest.json cannot be read" in told.stderr
    reader.forget()
