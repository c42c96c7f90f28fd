"""Strict lint: each rule is a federation in order but for one thing, and the code that it must get."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.charter import Suspension
from huxin.trust.federation.layout import CHARTER, EMERGENCY, MEMBERS, SUSPENSIONS, lifetime
from huxin.trust.federation.lint import findings, lint
from huxin.trust.federation.reasons import OF_LINT
from huxin.trust.federation.region_keys import RegionKeys, Tombstone, grave_of, tombstone_of
from huxin.trust.federation.repository import Repository
from tests.lib.federation_dicts import (
    DAY,
    NOW,
    WORDS,
    Federation,
    ed25519,
    signing_key,
    stamp,
)

SECOND = timedelta(seconds=1)


def codes(federation, held=None, now=NOW):
    return [one.code for one in findings(federation.repository(), held=held, now=now)]


# -------------------------------------------------------------------------------------------- clean


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_a_federation_in_order_has_no_findings(size):
    found = lint(Federation.of(size).repository(), held=None, now=NOW)
    assert [member.region for member in found.members] == list(Federation.of(size).regions)
    assert found.signed_at == NOW
    assert set(found.keys) == set(Federation.of(size).regions)
    assert lint(Federation.of(size).repository(), held=found, now=NOW + 20 * DAY) == found


def many(count):
    return Federation.of([f"Q{chr(ord('M') + number // 40)}-{number}" for number in range(count)])


def test_many_regions_elect_a_council_for_the_root_and_keep_their_votes_on_the_charter():
    federation = many(51)
    assert set(codes(federation)) == {"trust-quorum"}
    for _ in range(30):
        federation.drop_key("root")
    federation.role("root")["threshold"] = 11
    assert codes(federation) == []
    federation.drop_key("targets")
    assert set(codes(federation)) == {"trust-quorum"}


def test_fifty_regions_need_no_council():
    assert codes(many(50)) == []


def in_order(federation):
    """What may differ and is in order all the same."""
    federation.add_member("QA", standing="probation", environment="test")
    federation.keys["QA"] = RegionKeys("QA", "test", (signing_key("QA 1"),))
    federation.add_member("QB", standing="verify-only", since=NOW - 100 * DAY, successor="QV")
    federation.keys["QB"] = RegionKeys("QB", "production", (signing_key("QB 1"),))
    federation.add_member("QC", standing="probation")
    stone = Tombstone(tombstone_of(signing_key("QV 0").key), NOW - DAY, "replaced")
    federation.set_keys("QV", signing_key("QV 1"), revoked=[stone])
    federation.suspensions.append(Suspension("2026-1", "QW", None, NOW, WORDS))
    federation.add_key("region-QV", ed25519("QV officer 3"), "QV")
    federation.drop_key(EMERGENCY)


def test_members_come_and_go_and_are_suspended_in_order():
    federation = Federation.of(3)
    in_order(federation)
    assert codes(federation) == []


def test_what_just_may_be_may_be():
    federation = Federation.of(3)
    last = NOW + timedelta(minutes=5)
    for role in federation.signed:
        federation.signed[role]["expires"] = stamp(last + lifetime(role))
    federation.suspensions.append(Suspension("s", "QV", None, last, WORDS))
    federation.role("region-QV")["threshold"] = 3
    begin, caps = NOW - DAY, federation.charter.caps
    longest = signing_key(
        "x",
        cap=caps.credentials,
        since=begin,
        issue_until=begin + caps.issuing_days * DAY,
        until=begin + caps.verifying_days * DAY,
    )
    federation.set_keys("QV", longest)
    assert codes(federation) == []


def test_a_region_that_has_signed_nothing_yet_stops_nobody():
    federation = Federation.of(3)
    federation.add_member("QA", standing="probation")
    repository = federation.repository()
    roles = {name: one for name, one in repository.roles.items() if name != "region-QA"}
    assert findings(replace(repository, roles=roles), held=None, now=NOW) == ()


# -------------------------------------------------------------------------------------------- rules


def keys_file(federation, **changes):
    federation.keys["QV"] = replace(federation.keys["QV"], **changes)


ENVIRONMENT = [
    (
        "an active test member",
        lambda f: f.set_member("QV", environment="test"),
        "QV is for test",
    ),
    (
        "a test member that is verified only",
        lambda f: [
            f.add_member("QA", standing="verify-only", environment="test"),
        ],
        "QA is for test",
    ),
    (
        "test keys of an active member",
        lambda f: keys_file(f, environment="test"),
        "QV: keys for test",
    ),
    (
        "real keys of a test member",
        lambda f: [
            f.add_member("QA", standing="probation", environment="test"),
            f.keys.update(QA=RegionKeys("QA", "production", ())),
        ],
        "QA: keys for production",
    ),
]

CAPS = [
    ("cards", lambda f: f.set_keys("QV", signing_key("x", cap=50_001)), "50001 credentials"),
    (
        "days of issuing",
        lambda f: f.set_keys("QV", signing_key("x", issue_until=NOW + 21 * DAY + SECOND)),
        "issues for 31 days",
    ),
    (
        "days of verifying",
        lambda f: f.set_keys("QV", signing_key("x", until=NOW + 720 * DAY + SECOND)),
        "verifies for 730 days",
    ),
]


FILE = {"length": 1, "hashes": {"sha256": "00" * 32}}


def broken(path, data):
    return lambda federation: federation.files.update({path: data})


FILES = [
    ("a charter that is none", broken(CHARTER, b"{}"), "at /huxin: not a text"),
    ("members that are none", broken(MEMBERS, b"[]"), "at /: not an object"),
    ("suspensions that are none", broken(SUSPENSIONS, b""), "not JSON: line 1, column 1"),
    ("keys that are none", broken("QV/keys.cbor", b"\xff"), "at /QV/keys.cbor: malformed"),
    (
        "keys of another region",
        lambda f: keys_file(f, region="QW"),
        "at /QV/keys.cbor: keys of QW",
    ),
]

TABLE = [
    pytest.param(code, spoil, detail, id=f"{code}: {what}")
    for code, rows in {
        "trust-environment": ENVIRONMENT,
        "trust-caps": CAPS,
        "trust-file": FILES,
    }.items()
    for what, spoil, detail in rows
]


@pytest.mark.parametrize(("code", "spoil", "detail"), TABLE)
def test_one_thing_out_of_order(code, spoil, detail):
    federation = Federation.of(3)
    spoil(federation)
    found = findings(federation.repository(), held=None, now=NOW)
    assert any(one.code == code and detail in one.detail for one in found), found
    with pytest.raises(RefusalError) as error:
        lint(federation.repository(), held=None, now=NOW)
    assert error.value.refusal == found[0]


def test_a_council_is_small():
    federation = many(14)
    for role in ("snapshot", "timestamp"):
        federation.add_key(role, ed25519("QM-13 witness"), "QM-13")
        federation.role(role)["threshold"] = 10
    details = [one.detail for one in findings(federation.repository(), held=None, now=NOW)]
    assert details == [
        "snapshot: a council of 14, more than 13",
        "timestamp: a council of 14, more than 13",
    ]


@pytest.mark.parametrize("size", [1, 2])
def test_the_rules_hold_in_the_smallest_federations(size):
    federation = Federation.of(size)
    federation.role("root")["threshold"] = 3
    federation.add_key("root", ed25519("more"), "QV")
    assert codes(federation)[0] == "trust-keys"
    assert set(codes(federation)) == {"trust-keys", "trust-quorum"}


# --------------------------------------------------------------------------------------- tombstones


STONE = Tombstone(tombstone_of(signing_key("QV 0").key), NOW - DAY, "compromised")


def buried():
    federation = Federation.of(3)
    federation.set_keys("QV", signing_key("QV 1"), revoked=[STONE])
    return federation


def test_a_tombstone_is_remembered():
    held = lint(buried().repository(), held=None, now=NOW)
    assert held.tombstones == {grave_of("QV", STONE.material)}
    assert lint(buried().repository(), held=held, now=NOW).tombstones == held.tombstones


def test_a_tombstone_may_not_be_taken_away():
    held = lint(buried().repository(), held=None, now=NOW)
    after = Federation.of(3)
    (found,) = findings(after.repository(), held=held, now=NOW)
    assert (found.code, found.detail) == ("trust-tombstone", "QV: 1 taken away")
    del after.keys["QV"]
    assert codes(after, held) == ["trust-tombstone"]


def test_a_buried_key_does_not_return_under_another_name():
    federation = buried()
    again = signing_key("QV 0", kid=b"another", domain="dcc")
    federation.set_keys("QV", again, revoked=[STONE])
    (found,) = findings(federation.repository(), held=None, now=NOW)
    assert (found.code, found.detail) == (
        "trust-tombstone",
        f"QV: {STONE.material.hex()[:16]} is buried",
    )


def test_a_buried_key_does_not_return_with_a_region_that_had_left():
    held = lint(buried().repository(), held=None, now=NOW)
    gone = lint(Federation.of(("QW", "QX")).repository(), held=held, now=NOW)
    assert gone.tombstones == held.tombstones
    back = Federation.of(3)
    back.set_keys("QV", signing_key("QV 0"))
    assert codes(back, gone) == ["trust-tombstone"]


def test_a_region_buries_its_own_keys_only():
    federation = Federation.of(3)
    stone = replace(STONE, material=tombstone_of(signing_key("QV 1").key))
    federation.set_keys("QW", signing_key("QW 1"), revoked=[stone])
    assert codes(federation) == []


# ------------------------------------------------------------------------------------- what is there


@pytest.mark.parametrize("role", ["root", "targets", "snapshot", "timestamp", "emergency"])
def test_no_list_without_its_roles(role):
    repository = Federation.of(2).repository()
    roles = {name: one for name, one in repository.roles.items() if name != role}
    (found,) = findings(Repository(roles, repository.targets), held=None, now=NOW)
    assert (found.code, found.detail) == ("trust-file", f"at /{role}: missing")


@pytest.mark.parametrize("path", [CHARTER, MEMBERS, SUSPENSIONS])
def test_no_list_without_its_documents(path):
    repository = Federation.of(2).repository()
    targets = {name: one for name, one in repository.targets.items() if name != path}
    (found,) = findings(Repository(repository.roles, targets), held=None, now=NOW)
    assert (found.code, found.detail) == ("trust-file", f"at /{path}: missing")


def test_keys_that_are_listed_are_not_left_out():
    repository = Federation.of(2).repository()
    targets = {name: one for name, one in repository.targets.items() if name != "QV/keys.cbor"}
    (found,) = findings(Repository(repository.roles, targets), held=None, now=NOW)
    assert (found.code, found.detail) == ("trust-missing", "QV/keys.cbor")


def test_a_file_that_is_too_long_is_said_to_be():
    federation = Federation.of(2)
    federation.files["QV/keys.cbor"] = bytes(2_000_001)
    assert codes(federation) == ["too-big"]


def test_everything_is_told_the_gravest_first():
    federation = Federation.of(3)
    for _, spoil, _ in (CAPS[0], ENVIRONMENT[0]):
        spoil(federation)
    federation.signed["root"]["expires"] = stamp(NOW + 400 * DAY)
    federation.signed["region-QV"]["targets"]["QW/keys.cbor"] = FILE
    federation.drop_key("root")
    federation.add_key("root", ed25519("QV targets"), "QV")
    found = codes(federation)
    assert found == sorted(found, key=OF_LINT.index)
    assert found[0] == "trust-keys"
    assert set(found) == {
        "trust-keys",
        "trust-namespace",
        "trust-environment",
        "trust-caps",
        "trust-lifetime",
    }


def test_roles_are_judged_where_documents_cannot_be_read():
    federation = Federation.of(3)
    broken(CHARTER, b"{}")(federation)
    federation.signed["root"]["expires"] = stamp(NOW + 400 * DAY)
    assert codes(federation) == ["trust-file", "trust-lifetime"]


def test_a_charter_without_delegations_is_one_that_lacks_them():
    federation = Federation.of(1)
    repository = federation.repository()
    whole = json.loads(repository.roles["targets"].data)["signed"]
    del whole["delegations"]
    roles = {**repository.roles, "targets": replace(repository.roles["targets"], signed=whole)}
    found = findings(replace(repository, roles=roles), held=None, now=NOW)
    assert {one.code for one in found} == {"trust-delegation"}


@pytest.mark.parametrize(
    ("days", "confirmed", "told"),
    [(13, False, ["trust-suspension"]), (27, False, ["trust-suspension"]), (28, False, []), (13, True, [])],
)  # fmt: skip
def test_a_few_do_not_prolong_a_suspension(days, confirmed, told):
    federation = Federation.of(3)
    federation.suspensions.append(Suspension("s", "QW", None, NOW - days * DAY, WORDS))
    held = lint(federation.repository(), held=None, now=NOW)
    again = Suspension("s", "QW", None, NOW, WORDS)
    federation.suspensions = [again]
    if confirmed:
        federation.charter = replace(federation.charter, confirmed=(again.mark(),))
    assert codes(federation, held) == told
    federation.suspensions = [Suspension("s", "QX", None, NOW, WORDS)]
    federation.charter = replace(federation.charter, confirmed=())
    assert codes(federation, held) == []
