"""Strict lint of roles: how many sign, for what, which files, and for how long."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.charter import Suspension
from huxin.trust.federation.layout import CHARTER, EMERGENCY, SUSPENSIONS
from huxin.trust.federation.lint import findings, lint
from tests.lib.federation_dicts import DAY, NOW, WORDS, Federation, ed25519, stamp


def threshold(role, value):
    return lambda federation: federation.role(role).update(threshold=value)


def strange_vote(role):
    return lambda federation: federation.add_key(role, ed25519("QA vote"), "QA")


def on_probation(federation):
    federation.set_member("QX", standing="probation")


def nobody_active(federation):
    for region in federation.regions:
        federation.set_member(region, standing="verify-only")


def other_council(federation):
    federation.drop_key("timestamp")
    threshold("timestamp", 2)(federation)


QUORUM = [
    ("half of root", threshold("root", 1), "root: 1 of 3 keys, not 2"),
    ("all of root", threshold("root", 3), "root: 3 of 3 keys, not 2"),
    ("one for the charter", threshold("targets", 1), "targets: 1 of 3 keys, not 2"),
    ("one for emergencies", threshold(EMERGENCY, 1), "emergency: 1 of 3 keys, not 2"),
    ("one witness", threshold("timestamp", 1), "timestamp: 1 of 3 keys, not 2"),
    ("all witnesses", threshold("snapshot", 3), "snapshot: 3 of 3 keys, not 2"),
    ("one officer", threshold("region-QV", 1), "region-QV: 1 of 3 officers"),
    ("four of three officers", threshold("region-QV", 4), "region-QV: 4 of 3 can never sign"),
    ("two officers", lambda f: f.drop_key("region-QV"), "region-QV: 2 of 2 officers"),
    ("no root key of a member", lambda f: f.drop_key("root"), "root: no key of QV"),
    ("no charter key of a member", lambda f: f.drop_key("targets"), "targets: no key of QV"),
    ("a stranger in root", strange_vote("root"), "root: keys of QA"),
    ("a stranger in the charter", strange_vote("targets"), "targets: keys of QA"),
    ("a stranger in emergencies", strange_vote(EMERGENCY), "emergency: keys of QA"),
    ("a stranger among witnesses", strange_vote("snapshot"), "snapshot: keys of QA"),
    ("a vote on probation", on_probation, "root: keys of QX"),
    ("nobody active", nobody_active, "no active member"),
    (
        "emergency keys that can never be enough",
        lambda f: [f.drop_key(EMERGENCY), f.drop_key(EMERGENCY)],
        "emergency: 2 of 1 keys, not 2",
    ),
    ("two councils", other_council, "snapshot and timestamp: two councils"),
]


def delegations(federation):
    return federation.signed["targets"]["delegations"]


def stranger(federation):
    federation.add_member("QA")
    federation.members.pop()


DELEGATION = [
    (
        "no consistent snapshots",
        lambda f: f.signed["root"].update(consistent_snapshot=False),
        "root: no consistent snapshots",
    ),
    (
        "nothing said of consistent snapshots",
        lambda f: f.signed["root"].pop("consistent_snapshot"),
        "root: no consistent snapshots",
    ),
    (
        "the emergency role last",
        lambda f: delegations(f)["roles"].append(delegations(f)["roles"].pop(0)),
        "targets: the first role is not the emergency role",
    ),
    ("a region that is no member", stranger, "targets: region-QA: of no member"),
    (
        "a member without a role",
        lambda f: f.members.append(replace(f.members[0], region="QA", standing="probation")),
        "targets: region-QA: missing",
    ),
    (
        "a role that is neither",
        lambda f: f._delegate("mirrors", ["mirrors/*"], 2),
        "targets: mirrors: of no member",
    ),
    (
        "a role twice",
        lambda f: delegations(f)["roles"].append(dict(delegations(f)["roles"][1])),
        "targets: a role twice",
    ),
    (
        "succinct roles",
        lambda f: delegations(f).update(succinct_roles={}),
        "targets: succinct roles",
    ),
    (
        "not terminating",
        lambda f: f.role("region-QV").update(terminating=False),
        "region-QV: not terminating",
    ),
    ("any path", lambda f: f.role("region-QV").update(paths=["*/*"]), "region-QV: not the paths"),
    (
        "a neighbour's path",
        lambda f: f.role("region-QV")["paths"].append("QW/*"),
        "region-QV: not the paths QV/*",
    ),
    (
        "all of the federation's folder for emergencies",
        lambda f: f.role(EMERGENCY).update(paths=["federation/*"]),
        "emergency: not the paths federation/suspensions.json",
    ),
    (
        "hashes of paths",
        lambda f: f.role("region-QV").update(path_hash_prefixes=["00"]),
        "region-QV: not the paths",
    ),
    (
        "a region that delegates on",
        lambda f: f.signed["region-QV"].update(delegations={"keys": {}, "roles": []}),
        "region-QV: delegates on",
    ),
    (
        "metadata of a role that nobody delegates to",
        lambda f: f.signed.update({"region-QA": {"targets": {}}}),
        "region-QA: nobody delegates to it",
    ),
]

FILE = {"length": 1, "hashes": {"sha256": "00" * 32}}


def lists(role, path):
    return lambda federation: federation.signed[role]["targets"].update({path: FILE})


NAMESPACE = [
    ("another's keys", lists("region-QV", "QW/keys.cbor"), "region-QV: QW/keys.cbor"),
    ("the charter", lists("region-QV", CHARTER), f"region-QV: {CHARTER}"),
    ("the charter, in an emergency", lists(EMERGENCY, CHARTER), f"emergency: {CHARTER}"),
    ("suspensions of the majority", lists("targets", SUSPENSIONS), f"targets: {SUSPENSIONS}"),
    ("a region's keys, in the charter", lists("targets", "QV/x.cbor"), "targets: QV/x.cbor"),
    ("a way out of the folder", lists("region-QV", "QV/.."), "region-QV: QV/.."),
]


def until(role, instant):
    return lambda federation: federation.signed[role].update(expires=stamp(instant))


SLACK = timedelta(minutes=5, seconds=1)
LIFETIME = [
    ("root", until("root", NOW + 365 * DAY + SLACK), "root: until 2027-11-28 08:05"),
    ("charter", until("targets", NOW + 365 * DAY + SLACK), "targets: until"),
    ("region", until("region-QV", NOW + 90 * DAY + SLACK), "region-QV: until"),
    ("emergency", until(EMERGENCY, NOW + 30 * DAY + SLACK), "emergency: until"),
    ("snapshot", until("snapshot", NOW + 7 * DAY + SLACK), "snapshot: until"),
    ("timestamp", until("timestamp", NOW + 2 * DAY + SLACK), "timestamp: until"),
    (
        "a suspension that begins later",
        lambda f: f.suspensions.append(Suspension("s", "QV", None, NOW + SLACK, WORDS)),
        "suspension s: begins later",
    ),
]

TABLE = [
    pytest.param(code, spoil, detail, id=f"{code}: {what}")
    for code, rows in {
        "trust-quorum": QUORUM,
        "trust-delegation": DELEGATION,
        "trust-namespace": NAMESPACE,
        "trust-lifetime": LIFETIME,
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


def test_the_last_day_of_the_calendar_is_a_day_like_others():
    federation = Federation.of(3)
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert findings(federation.repository(), held=None, now=last) == ()
