"""A place's own policy: who may put one in force, what it changes, and what is refused."""

import base64
import json

import pytest

from huxin.adapters import trust_repository
from huxin.adapters.trust_bundle import open_bundle, pack
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.adapters.trust_state import (
    read_aged_store,
    read_held,
    read_store,
    take_policy,
    writing,
)
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import found
from huxin.trust.federation.freshness import Limits
from huxin.trust.federation.policy import LocalPolicy
from tests.lib.ceremonies import NOW, TITLE, charter, party, witnessed
from tests.lib.federations import DAY, HOUR
from tests.lib.policies import write_policy

QV, QW, QA = party("QV"), party("QW"), party("QA")
OFFICERS = QV.hold("officer-1", "officer-2")
DENY = LocalPolicy("QV", 2, deny_regions=frozenset({"QW"}))


@pytest.fixture
def state(tmp_path):
    """A place that holds a list of QV and QW."""
    proposal = found([QV.statement, QW.statement], charter(), title=TITLE, now=NOW)
    files = trust_repository.published(witnessed(proposal, None, [QV, QW]))
    folder = tmp_path / "state"
    refresh(Bundle(files), folder, root=files["metadata/1.root.json"], now=NOW)
    return folder


def believed(state, now=NOW + HOUR):
    """Return {region: (standing, layer)} of keys that are one a region."""
    store = read_store(state, environment="production", now=now)
    return {one.region: (one.standing, one.layer) for one in store}


def in_force(state):
    held = read_held(state)
    return held.policy() if held is not None else None


def refused(state, data, region="QV", keys=()):
    before = in_force(state)
    with pytest.raises(RefusalError) as caught:
        take_policy(state, data, region=region, keys=keys)
    assert in_force(state) == before
    return caught.value.refusal.code


def test_a_place_that_decided_nothing_believes_the_list(state):
    assert in_force(state) is None
    everybody = {"QV": ("active", "federation"), "QW": ("active", "federation")}
    assert believed(state) == everybody


def test_what_enough_officers_signed_is_in_force(state):
    assert take_policy(state, write_policy(DENY, OFFICERS), region="QV") == DENY
    assert in_force(state) == DENY
    assert believed(state)["QW"] == ("denied", "local")


def test_a_region_is_believed_besides(state):
    also = LocalPolicy("QV", 1, accept=(QA.statement.signing,))
    take_policy(state, write_policy(also, OFFICERS), region="QV")
    assert believed(state)["QA"] == ("active", "bilateral")


def test_its_limits_hold_for_reading_and_for_the_next_refresh(state):
    strict = LocalPolicy("QV", 1, limits=Limits(HOUR, DAY, 2 * DAY))
    take_policy(state, write_policy(strict, OFFICERS), region="QV")
    _, age = read_aged_store(state, environment="production", now=NOW + 3 * HOUR)
    assert age.decision == "stale"
    files = files_of(state)
    with pytest.raises(RefusalError, match="trust-old"):
        read_store(state, environment="production", now=NOW + 3 * DAY)
    with pytest.raises(RefusalError, match="trust-old"):
        refresh(Bundle(files), state, root=None, now=NOW + 3 * DAY)


def files_of(state):
    """The files of the list that a state holds."""
    held = read_held(state)
    assert held is not None
    return dict(held.files)


def test_the_signatures_of_others_do_not_count(state):
    assert refused(state, write_policy(DENY, OFFICERS[:1])) == "trust-threshold"
    assert (
        refused(state, write_policy(DENY, QW.hold("officer-1", "officer-2"))) == "trust-threshold"
    )
    # Keys that somebody names do not count beside officers that the list has.
    stranger = QA.hold("officer-1")
    data = write_policy(DENY, stranger)
    assert refused(state, data, keys=(stranger[0].public,)) == "trust-threshold"


def test_an_older_version_is_refused_and_the_same_one_may_come_again(state):
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")
    older = LocalPolicy("QV", 1)
    assert refused(state, write_policy(older, OFFICERS)) == "trust-rollback"
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")


def test_a_place_keeps_the_policy_of_one_region(state):
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")
    theirs = write_policy(LocalPolicy("QW", 3), QW.hold("officer-1", "officer-2"))
    assert refused(state, theirs, region="QW") == "trust-pin"


def test_where_the_region_is_no_member_a_named_key_signs(state):
    key = QA.hold("officer-1")
    own = LocalPolicy("QA", 1, accept=(QA.statement.signing,))
    data = write_policy(own, key)
    assert refused(state, data, region="QA") == "trust-threshold"
    take_policy(state, data, region="QA", keys=(key[0].public,))
    assert in_force(state) == own


def test_without_a_list_there_is_no_policy(tmp_path):
    assert refused(tmp_path, write_policy(DENY, OFFICERS)) == "trust-missing"


def test_another_policy_of_the_same_version_is_a_way_back_and_refused(state):
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")
    other = LocalPolicy("QV", 2)
    assert refused(state, write_policy(other, OFFICERS)) == "trust-rollback"


def test_a_newer_list_keeps_the_policy(state):
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")
    refresh(Bundle(files_of(state)), state, root=None, now=NOW + HOUR)
    assert in_force(state) == DENY


def test_two_writers_do_not_mix(state):
    with writing(state):
        assert refused(state, write_policy(DENY, OFFICERS)) == "trust-busy"


def spoilt(state, **changes):
    path = state / "accepted.bundle"
    beside = frozenset({"memory.json", "policy.json"})
    files = dict(open_bundle(path.read_bytes(), beside=beside))
    whole = json.loads(files["policy.json"]) | changes
    path.write_bytes(pack({**files, "policy.json": json.dumps(whole).encode()}))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"huxin": "policy"}, "trust-file"),
        ({"v": 2}, "trust-file"),
        ({"policy": "?"}, "trust-file"),
        ({"policy": 7}, "trust-file"),
        ({"keys": ["zz"]}, "trust-file"),
        ({"keys": ["00"]}, "trust-file"),
        ({"threshold": "many"}, "trust-file"),
        ({"threshold": -5}, "trust-file"),
        ({"threshold": True}, "trust-file"),
        ({"region": "?"}, "trust-file"),
        ({"more": 1}, "trust-file"),
        ({"keys": []}, "trust-threshold"),
        ({"policy": base64.b64encode(write_policy(DENY, [])).decode()}, "trust-threshold"),
    ],
    ids=lambda value: "" if isinstance(value, str) else "-".join(value),
)
def test_a_policy_that_was_damaged_is_refused_and_not_left_out(state, changes, code):
    take_policy(state, write_policy(DENY, OFFICERS), region="QV")
    spoilt(state, **changes)
    with pytest.raises(RefusalError, match=code):
        read_store(state, environment="production", now=NOW + HOUR)


def test_a_key_that_was_given_twice_is_one_and_the_state_stays_readable(state):
    officer = QA.hold("officer-1")
    policy = write_policy(LocalPolicy("QA", 1, frozenset({"QV"})), officer)
    take_policy(state, policy, region="QA", keys=(officer[0].public, officer[0].public))
    assert believed(state)["QV"] == ("denied", "local")
