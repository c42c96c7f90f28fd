"""Packs from outside: found beside the shipped ones, never run, and refused with what is wrong."""

from __future__ import annotations

import json
import sys
from datetime import date
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import pytest

from huxin.packs import reader, shelf
from huxin.packs.errors import PackError
from huxin.packs.shelf import Offer
from tests.lib.outside_packs import bring, contents, seal


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A folder that Python looks into for packages."""
    monkeypatch.syspath_prepend(tmp_path)
    reader.forget()
    yield tmp_path
    reader.forget()


def why(name: str = "pool-visit") -> str:
    """What is told of the one pack that is refused."""
    assert name not in reader.pack_ids()[len(shelf.SHIPPED) :]
    (refused,) = reader.refused_packs()
    assert (refused.id, refused.origin) == (name, "pool 1.0")
    return refused.why


def test_a_pack_from_outside_is_there_like_the_others_and_its_code_is_not_run(place):
    bring(place, seal(contents()))
    assert reader.pack_ids() == (*shelf.SHIPPED, "pool-visit")
    assert reader.pack("pool-visit").short.en == "Pool"
    assert reader.templates("pool-visit").purposes() == ("event/sports",)
    assert reader.pack_of_purpose("event/sports") is reader.pack("pool-visit")
    assert (reader.origin("pool-visit"), reader.origin("icvp")) == ("pool 1.0", "")
    people = reader.demo_people("pool-visit", date(2026, 11, 23))
    assert people[0].row["date"] == "2026-11-03"
    assert reader.refused_packs() == ()
    assert "pool_pack" not in sys.modules


def test_a_pack_may_do_without_rules_and_people(place):
    bring(place, seal({"pack.json": contents()["pack.json"]}))
    assert reader.templates("pool-visit").rules == ()
    assert reader.demo_people("pool-visit", date(2026, 11, 23)) == ()


def test_an_id_that_is_taken(place):
    bring(place, seal(contents("icvp")), name="icvp")
    assert why("icvp") == "the id icvp is taken by a pack that comes with Huxin"
    assert reader.origin("icvp") == ""


def test_two_that_want_one_id_both_go_away(place):
    bring(place, seal(contents()))
    bring(place, seal(contents()), package="other", distribution="other")
    assert reader.pack_ids() == shelf.SHIPPED
    assert {one.why for one in reader.refused_packs()} == {
        "the id pool-visit is offered by other 1.0 as well",
        "the id pool-visit is offered by pool 1.0 as well",
    }


@pytest.mark.parametrize("file", ["pack.json", "rules.json", "demo_people.json"])
def test_a_file_that_is_not_the_one_of_the_manifest(place, file):
    sealed = seal(contents())
    bring(place, sealed | {file: sealed[file] + b" "})
    assert why() == f"{file} is not the file that the manifest means"


def test_a_file_that_the_manifest_does_not_name(place):
    found = contents()
    bring(
        place, found | {"manifest.json": seal({"pack.json": found["pack.json"]})["manifest.json"]}
    )
    assert why() == "demo_people.json is not in the manifest"


def manifest(**changes: Any) -> bytes:
    whole = json.loads(seal(contents())["manifest.json"])
    return json.dumps(whole | changes).encode()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (b"{", "manifest.json is not JSON"),
        (b"[" * 100_000, "manifest.json is not JSON"),
        (b"\xff", "manifest.json is not JSON"),
        (b"[]", "manifest.json is not of the form huxin-pack/1"),
        (manifest(format="huxin-pack/2"), "manifest.json is not of the form huxin-pack/1"),
        (manifest(files=[]), "names pack.json, and none but"),
        (manifest(files={"rules.json": ""}), "names pack.json, and none but"),
        (manifest(files={"pack.json": "", "../pack.json": ""}), "names pack.json, and none but"),
        (manifest(files={"pack.json": 5}), "demo_people.json is not in the manifest"),
    ],
)
def test_a_manifest_that_is_none(place, written, told):
    bring(place, contents() | {"manifest.json": written})
    assert told in why()


def test_without_a_manifest_nothing_is_read(place):
    bring(place, contents())
    assert why() == "manifest.json cannot be read"


def test_a_file_has_its_bounds(place):
    bring(place, seal(contents() | {"pack.json": b" " * 1_000_001}))
    assert why() == "pack.json is larger than 1000000 bytes"


@pytest.mark.parametrize(
    ("file", "content", "told"),
    [
        ("pack.json", b"{}", "a pack lacks a field"),
        ("pack.json", b"[]", "a pack lacks a field"),
        ("pack.json", contents("school")["pack.json"], "the folder holds the pack school"),
        ("rules.json", b"[]", "rules.json: it holds valueSets and rules"),
        ("demo_people.json", b"{", "demo_people.json is not JSON"),
        ("demo_people.json", b"5", "demo_people.json: each has a region and a row"),
        ("demo_people.json", b'[{"region": "QV"}]', "demo_people.json: each has a region and a row"),
        ("demo_people.json", b'[{"region": "QV", "row": {"dose": 1}}]', "each value of a row is a text"),
        ("demo_people.json", b'[{"region": "QV", "row": {"date": "{today-9999999}"}}]', "a date is further off"),
    ],
)  # fmt: skip
def test_files_that_say_the_wrong_thing(place, file, content, told):
    bring(place, seal(contents() | {file: content}))
    assert told in why()


@pytest.mark.parametrize(
    ("name", "package", "told"),
    [
        ("Pool", "pool_pack", "cannot be the id of a pack"),
        ("pool-visit", "pool.pack", "is not the name of a package at the top"),
        ("pool-visit", "pool_pack:run", "is not the name of a package at the top"),
        ("pool-visit", "pool_pakc", "there is no package pool_pakc"),
        ("pool-visit", "pool_module", "there is no package pool_module"),
        ("pool-visit", "pool_space", "there is no package pool_space"),
    ],
)
def test_an_entry_point_that_leads_nowhere(place, name, package, told):
    bring(place, seal(contents()))
    (place / "pool_module.py").write_text("")
    (place / "pool_space").mkdir()
    with pytest.raises(PackError, match=told):
        shelf.find(Offer(name, package, "pool 1.0"))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"purpose": {"id": 7, "zh": "一", "en": "a"}}, "7 is not a text"),
        ({"id": ["pool-visit"]}, "is not a text"),
        ({"card_days": float("inf")}, "pack.json is not JSON"),
        ({"card_days": float("nan")}, "pack.json is not JSON"),
        ({"card_days": 10**9}, "is not a whole number"),
    ],
)
def test_values_of_the_wrong_kind_leave_one_pack_out_and_not_the_others(place, change, told):
    found = contents()
    pack = json.loads(found["pack.json"]) | change
    bring(place, seal({**found, "pack.json": json.dumps(pack).encode()}))
    assert told in why()
    assert reader.pack_ids() == shelf.SHIPPED


def test_a_module_that_nobody_can_find_is_told(place):
    bring(place, seal(contents()))
    entry = place / "pool-1.0.dist-info" / "entry_points.txt"
    entry.write_text("[huxin.packs]\npool-visit = __main__\n", "utf-8")
    assert "there is no package __main__" in why()


def test_an_offer_of_nobody_is_told_too():
    (offer,) = shelf.offers([EntryPoint("pool-visit", "pool_pack", shelf.GROUP)])
    assert offer == Offer("pool-visit", "pool_pack", "unknown")


def test_a_shipped_pack_that_was_changed_is_a_broken_promise(tmp_path: Path, monkeypatch):
    sealed = seal(contents("icvp"))
    folder = tmp_path / "icvp"
    folder.mkdir()
    for file, content in sealed.items():
        (folder / file).write_bytes(content + (b" " if file == "pack.json" else b""))
    monkeypatch.setattr(shelf, "files", lambda _package: tmp_path)
    reader.forget()
    with pytest.raises(PackError, match=r"pack\.json is not the file that the manifest means"):
        reader.pack("icvp")
    reader.forget()
