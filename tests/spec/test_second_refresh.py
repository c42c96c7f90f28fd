"""Trust lists, shown to both implementations: every attack, every age and ceremony; the same answers, down to each key."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from huxin.adapters import trust_repository
from huxin.adapters.status_files import file_name
from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.trust.ceremony.draft import found
from huxin.trust.federation.freshness import Limits
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib import ceremonies
from tests.lib.ceremonies import party
from tests.lib.federations import DAY, HOUR, NOW, Federation, key_row, keys_file, text
from tests.lib.policies import write_policy
from tests.lib.regions import Region
from tests.lib.second_refresh import Recorder, Shown, disagreements, ours, theirs
from tests.lib.trust_attacks import ATTACKS
from tests.spec import test_trust_attacks, test_trust_rehearsals
from tests.unit.adapters.test_trust_state import SPOILT
from tests.unit.trust.federation import test_lint, test_lint_keys, test_lint_roles

pytestmark = [pytest.mark.needs("node"), pytest.mark.size("all")]

# In the table below; and one in which a folder stands where a file should, which no file map has.
NOT_RECORDED = (
    "test_it_is_refused_and_changes_nothing",
    "test_nor_is_it_taken_by_a_verifier_that_holds_nothing",
    "test_a_folder_without_a_first_root_begins_nothing",
)


def attacked() -> list[dict[str, Any]]:
    """Each attack as a verifier meets it that holds an honest list, and as one that holds nothing."""
    cases = []
    for tried in ATTACKS:
        federation = test_trust_attacks.begun(tried.size)
        shown = Shown(tried.title).files(federation.files, at=NOW + HOUR)
        root, honest = federation.first_root(), federation.copy()
        federation.publish("region-QV", later=2 * HOUR)
        tried.do(federation)
        at = federation.now + HOUR
        shown.files(federation.files, at=at)
        honest.set_keys("QV", "QV key 5")
        honest.publish("region-QV", later=4 * HOUR)
        shown.files(honest.files, at=max(honest.now, federation.now) + HOUR)
        cases.append(shown.case)
        cases.append(Shown(f"{tried.title}, first").files(federation.files, at=at, root=root).case)
    return cases


def test_every_attack_is_answered_alike():
    cases = attacked()
    assert len(cases) == 2 * len(ATTACKS)
    assert disagreements(cases) == []


def test_attacks_are_refused_by_the_second_implementation_with_the_codes_of_the_table():
    told = theirs(attacked()[::2])
    assert [one["steps"][1]["code"] for one in told] == [tried.code for tried in ATTACKS]
    assert {one["steps"][0]["decision"] for one in told} == {"fresh"}


def test_all_that_the_core_is_shown_besides_is_answered_alike(tmp_path, monkeypatch):
    cases = Recorder(test_trust_attacks).cases(tmp_path, monkeypatch, but=NOT_RECORDED)
    assert len(cases) >= 20
    assert disagreements(cases) == []


def test_every_step_of_every_rehearsal_is_answered_alike(tmp_path, monkeypatch):
    def made(folder: Path) -> test_trust_rehearsals.Rehearsal:
        return test_trust_rehearsals.Rehearsal(folder, "QV", "QW", "XA")

    cases = Recorder(test_trust_rehearsals).cases(tmp_path, monkeypatch, rehearsal=made)
    assert sum(len(one["steps"]) for one in cases) >= 25
    assert disagreements(cases) == []


@pytest.mark.parametrize("module", [test_lint, test_lint_keys, test_lint_roles], ids=lambda one: one.__name__)  # fmt: skip
def test_every_federation_that_lint_is_shown_is_answered_alike(module, monkeypatch):
    cases = Recorder(module).federations(monkeypatch)
    assert len(cases) >= 20
    assert disagreements(cases) == []


def states() -> list[dict[str, Any]]:
    """A held list that lacks a part, or holds one of another kind, met by a newer list."""
    federation = Federation(3)
    first = Shown(pack=True).files(federation.files, at=NOW + HOUR)
    whole = open_bundle(
        base64.b64decode(ours(first.case)["packed"]), beside=frozenset({"memory.json"})
    )
    federation.publish("region-QV", later=2 * HOUR)
    cases = []
    for title, spoil in SPOILT.items():
        files = dict(whole)
        spoil(files)
        shown = Shown(title, held=base64.b64encode(pack(files)).decode("ascii"))
        cases.append(shown.files(federation.files, at=federation.now + HOUR).case)
    return cases


def test_a_state_that_lacks_a_part_is_answered_alike():
    cases = states()
    assert disagreements(cases) == []
    assert {ours(case)["code"] for case in cases} == {"bad-input"}


def stated(change: dict[str, Any]) -> Callable[[dict[str, Any]], None]:
    """Say something else of the snapshot."""
    return lambda signed: signed["meta"]["snapshot.json"].update(change)


def snapshots() -> list[dict[str, Any]]:
    """A held snapshot under a newer timestamp that says of this version what it likes."""
    cases = []
    for title, change in (
        ("another hash", {"hashes": {"sha256": "0" * 64}}),
        ("another length", {"length": 7}),
        ("nothing", {}),
    ):
        federation = Federation(3)
        shown = Shown(title).files(federation.files, at=NOW + HOUR)
        federation.now += HOUR
        federation.sign("timestamp", change=stated(change))
        cases.append(shown.files(federation.files, at=federation.now + HOUR).case)
    return cases


def test_a_held_snapshot_that_the_timestamp_does_not_name_is_answered_alike():
    cases = snapshots()
    assert disagreements(cases) == []
    told = [ours(case)["steps"][1]["code"] for case in cases]
    assert told == ["trust-mismatch", "trust-mismatch", ""]


def test_metadata_with_more_beside_and_the_last_days_of_the_calendar_are_answered_alike():
    federation = Federation(1)
    whole = json.loads(federation.files["metadata/timestamp.json"])
    whole["later"] = whole["signatures"][0]["later"] = {}
    more = {**federation.files, "metadata/timestamp.json": json.dumps(whole).encode()}
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    cases = [Shown("more").files(more, at=NOW).case, Shown("last").files(more, at=last).case]
    assert disagreements(cases) == []
    assert [ours(case)["steps"][0]["code"] for case in cases] == ["", "trust-old"]


def test_suspensions_that_follow_one_another_are_answered_alike():
    cases = []
    for begun in (-20, -10, -1):
        for later in (-10, -9, 0, 1, 3, 4, 5, 8, 17, 18):
            federation = Federation(3)
            federation.suspend("first", "QW", since=text(NOW + begun * DAY))
            federation.publish("emergency")
            shown = Shown(f"{begun} {later}").files(federation.files, at=NOW + HOUR)
            federation.now += max(later, 1) * DAY
            federation.suspend("second", "QW", since=text(NOW + later * DAY))
            federation.publish("emergency", *federation.roles)
            cases.append(shown.files(federation.files, at=federation.now + HOUR).case)
    assert disagreements(cases) == []
    told = [ours(case)["steps"][1]["code"] for case in cases]
    assert min(told.count("trust-suspension"), told.count("")) >= 3


# ---------------------------------------------------------------------- what a place decides for itself

QV, QW, QA = party("QV"), party("QW"), party("QA")
OFFICERS = QV.hold("officer-1", "officer-2")


@cache
def listed() -> dict[str, bytes]:
    """A list of QV and QW."""
    statements = [QV.statement, QW.statement]
    proposal = found(statements, ceremonies.charter(), title=ceremonies.TITLE, now=ceremonies.NOW)
    return trust_repository.published(ceremonies.witnessed(proposal, None, [QV, QW]))


def deciding() -> Shown:
    """A place of QV that holds that list."""
    return Shown().files(listed(), at=ceremonies.NOW + HOUR)


def policies() -> dict[str, list[bytes]]:
    accepted = QA.statement.signing
    key = sha256(QW.statement.signing.keys[0].key.spki).digest()
    whole = LocalPolicy("QV", 2, frozenset({"QW"}), accept=(accepted,))
    strict = replace(whole, limits=Limits(timedelta(hours=1), timedelta(days=1), timedelta(days=2)))
    one = write_policy(whole, OFFICERS)
    return {
        "region denied, another accepted": [one],
        "one key denied": [write_policy(LocalPolicy("QV", 1, deny_keys=frozenset({key})), OFFICERS)],
        "stricter limits": [write_policy(strict, OFFICERS)],
        "one officer": [write_policy(whole, OFFICERS[:1])],
        "one officer twice": [write_policy(whole, [OFFICERS[0], OFFICERS[0]])],
        "another region's": [write_policy(replace(whole, region="QW"), OFFICERS)],
        "the same again": [one, one],
        "the same version, another policy": [one, write_policy(replace(whole, accept=()), OFFICERS)],
        "an older one": [one, write_policy(replace(whole, version=1), OFFICERS)],
        "a newer one": [one, write_policy(LocalPolicy("QV", 3), OFFICERS)],
        "changed on the way": [one.replace(b"a", b"b", 1)],
        "cut short": [one[:-30]],
        "nothing": [b""],
    }  # fmt: skip


@pytest.mark.parametrize("environment", ["production", "test"])
def test_what_a_place_decides_has_the_same_effect(environment):
    cases = []
    for title, shown in policies().items():
        place = deciding()
        place.case |= {"id": title, "environment": environment}
        for data in shown:
            place.policy(data, at=ceremonies.NOW + 2 * HOUR, region="QV")
        # The list goes on, by the place's own limits; the policy stays.
        again = place.case["steps"][0] | {"at": "2026-12-03T09:00:00Z"}
        cases += [place.case, place.case | {"steps": [*place.case["steps"], again]}]  # fmt: skip
    assert disagreements(cases) == []
    told = [ours(case)["held"]["keys"] for case in cases]
    assert {row[5] for rows in told for row in rows} == {"active", "denied"}
    assert "bilateral" in {row[6] for rows in told for row in rows}


def test_a_policy_of_no_member_counts_by_the_keys_that_are_given():
    policy = write_policy(LocalPolicy("QA", 1, frozenset({"QV"})), QA.hold("officer-1"))
    keys = [one.public for one in QA.hold("officer-1")]
    cases = [
        deciding().policy(policy, at=ceremonies.NOW + HOUR, region="QA", keys=given).case
        for given in ([], keys, [*keys, *keys], [one.public for one in OFFICERS])
    ]
    assert disagreements(cases) == []


# -------------------------------------------------------------------------- sets that come along

CARDS = Region("QV", int.from_bytes(sha256(b"QV key 1").digest(), "big") >> 1)
LIST = ListName("QV", "https://qv.example.org/status/1")


def status_set(version: int, *places: int, after: timedelta = timedelta(), name: ListName = LIST) -> Held:  # fmt: skip
    begun = NOW + after
    return Held(name, version, IndexSet.of(places), begun, begun + 2 * DAY)


def with_sets(*named: tuple[str, bytes]) -> dict[str, bytes]:
    federation = Federation(3)
    federation.contents["QV/keys.cbor"] = keys_file("QV", [key_row("QV key 1", kid=CARDS.kid)])
    federation.publish("region-QV")
    return federation.files | dict(named)


def test_sets_that_come_along_are_taken_or_refused_alike():
    one, two = status_set(1), status_set(2, 77, after=HOUR / 2)
    first, second = publish(one, CARDS), publish(two, CARDS)
    lost = publish(status_set(3), CARDS)
    delta = publish(status_set(3, 77, 80, after=HOUR / 2), CARDS, before=two)
    stranger = publish(one, Region("QV", 7))
    elsewhere = publish(status_set(1, name=ListName("QW", LIST.uri)), CARDS)
    name = file_name(LIST)
    other = f"status/{'0' * 64}.hxs"
    shown = {
        "taken": [first, second],
        "older": [second, first],
        "one given back": [second, lost],
        "a delta alone": [second, delta],
        "of a stranger": [stranger],
        "of another region": [elsewhere],
        "cut short": [first[:-1]],
        "nothing": [b""],
        "spoilt": [bytes([*first[:2], first[2] ^ 1, *first[3:]])],
    }
    cases = []
    for title, sets in shown.items():
        for named, later in ((name, HOUR), (other, HOUR), (name, 8 * DAY), (name, timedelta())):
            place = Shown(f"{title}: {named[:12]} {later}")
            for data in sets:
                place.bundle(pack(with_sets((named, data))), at=NOW + later)
            cases.append(place.case)
    assert disagreements(cases) == []
    refusals = {row["code"] for case in cases for step in ours(case)["steps"] for row in step["status_sets_refused"]}  # fmt: skip
    assert refusals >= {"bad-input", "signature", "cose"}


# ------------------------------------------------------------------- what is held, from one to the other


def test_what_one_implementation_holds_the_other_goes_on_with():
    federation = test_trust_attacks.begun(3)
    name = file_name(LIST)
    files = federation.files | {name: publish(status_set(1), CARDS)}
    policy = write_policy(LocalPolicy("QA", 1, frozenset({"QW"})), QA.hold("officer-1"))
    shown = Shown(pack=True).bundle(pack(files), at=NOW + HOUR)
    shown.policy(policy, at=NOW + HOUR, region="QA", keys=[one.public for one in QA.hold("officer-1")])  # fmt: skip
    federation.publish("region-QX", later=2 * HOUR)
    for packed in (ours(shown.case)["packed"], theirs([shown.case])[0]["packed"]):
        case = Shown("handed on", held=packed).files(federation.files, at=federation.now).case
        assert disagreements([case]) == []
        told = ours(case)
        assert (told["steps"][0]["decision"], told["steps"][0]["first"]) == ("fresh", False)
        assert "denied" in {row[5] for row in told["held"]["keys"]}
        assert len(told["held"]["buried"]) == 1
