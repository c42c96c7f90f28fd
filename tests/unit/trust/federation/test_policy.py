"""What a place decides for itself: signed by its own region, only newer, never laxer than everybody."""

import base64
import json
from datetime import timedelta

import pytest

from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.authority import officers
from huxin.trust.federation.freshness import Limits
from huxin.trust.federation.policy import (
    MOST_BYTES,
    PAYLOAD_TYPE,
    LocalPolicy,
    draft_policy,
    parse_policy,
    read_draft,
    sign_policy,
)
from huxin.trust.federation.region_keys import RegionKeys, tombstone_of, write_region_keys
from tests.lib.federation_dicts import Federation, ed25519, signing_key
from tests.lib.policies import write_policy

OFFICERS = [ed25519(f"policy officer {number}") for number in range(3)]
KEYS = [one.public for one in OFFICERS]
BILATERAL = RegionKeys("QZ", "production", (signing_key("QZ 1"),))
POLICY = LocalPolicy(
    "QV",
    3,
    frozenset({"QX", "QY"}),
    frozenset({tombstone_of(signing_key("QW 1").key)}),
    (RegionKeys("QW", "production", (signing_key("QW 2"),)), BILATERAL),
    Limits(timedelta(hours=24), timedelta(days=7), timedelta(days=20)),
)


def read(data, **changes):
    given = {"region": "QV", "keys": KEYS} | changes
    return parse_policy(data, **given)


def refused(data, **changes):
    with pytest.raises(RefusalError) as error:
        read(data, **changes)
    return error.value.refusal


def test_a_policy_comes_back_as_it_was_signed():
    assert read(write_policy(POLICY, OFFICERS[:1])) == POLICY
    assert read(write_policy(LocalPolicy("QV", 1), OFFICERS[:1])) == LocalPolicy("QV", 1)
    assert write_policy(POLICY, OFFICERS) == write_policy(POLICY, OFFICERS)


def test_officers_sign_one_after_the_other():
    draft = draft_policy(POLICY)
    assert read_draft(draft) == (POLICY, 0)
    once = sign_policy(draft, OFFICERS[:1])
    assert read_draft(once) == (POLICY, 1)
    assert sign_policy(once, OFFICERS[:1]) == once
    twice = sign_policy(once, OFFICERS[1:2])
    assert read_draft(twice) == (POLICY, 2)
    assert twice == write_policy(POLICY, OFFICERS[:2])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"[]", "trust-file"),
        (b"{", "trust-file"),
        (b'{"huxin": "charter", "v": 1}', "trust-file"),
        (b'{"payload": "", "payloadType": "text/plain", "signatures": []}', "trust-file"),
        (b" " * 4_000_001, "too-big"),
    ],
    ids=["a list", "half", "another document", "another envelope", "too long"],
)
def test_what_is_no_policy_is_not_signed(data, code):
    with pytest.raises(RefusalError, match=code):
        sign_policy(data, OFFICERS[:1])


def test_it_denies_a_region_or_a_key():
    assert POLICY.denies("QX", b"")
    assert POLICY.denies("QW", tombstone_of(signing_key("QW 1").key))
    assert not POLICY.denies("QW", b"")


def test_only_a_newer_one_takes_the_place_of_one():
    data = write_policy(POLICY, OFFICERS[:1])
    assert read(data, held=3) == read(data, held=2) == POLICY
    assert refused(data, held=4).code == "trust-rollback"


def test_it_is_for_one_region():
    assert refused(write_policy(POLICY, OFFICERS[:1]), region="QW").detail == (
        "at /region: a policy of QV"
    )


# --------------------------------------------------------------------------------------- signatures


@pytest.mark.parametrize(
    ("signed", "threshold", "counts"),
    [
        (OFFICERS[:1], 1, True),
        (OFFICERS[1:], 2, True),
        ([], 1, False),
        ([], 0, False),
        (OFFICERS[:1], 2, False),
        ([OFFICERS[0], OFFICERS[0]], 2, False),
        ([ed25519("a stranger")], 1, False),
        ([ed25519("a stranger"), OFFICERS[2]], 1, True),
    ],
    ids=[
        "one of one",
        "two of two",
        "nobody",
        "nobody, of none",
        "one of two",
        "one officer twice",
        "a stranger",
        "a stranger beside an officer",
    ],
)
def test_enough_officers_sign(signed, threshold, counts):
    data = write_policy(POLICY, signed)
    if counts:
        assert read(data, threshold=threshold) == POLICY
    else:
        assert refused(data, threshold=threshold).code == "trust-threshold"


def test_one_key_given_twice_counts_once():
    data = write_policy(POLICY, OFFICERS[:1])
    assert refused(data, keys=[KEYS[0], KEYS[0]], threshold=2).code == "trust-threshold"


def test_the_officers_of_a_member_sign_for_it():
    targets = Federation.of(2).repository().roles["targets"]
    keys, threshold = officers(targets, "QV")
    assert (len(keys), threshold) == (3, 2)
    own = [ed25519(f"QV officer {number}") for number in range(3)]
    given = {"keys": keys, "threshold": threshold}
    assert read(write_policy(POLICY, own[1:]), **given) == POLICY
    assert refused(write_policy(POLICY, own[:1]), **given).code == "trust-threshold"
    keys, threshold = officers(targets, "QA")
    assert refused(write_policy(POLICY, own), keys=keys, threshold=threshold).code == (
        "trust-threshold"
    )


def test_a_key_of_another_algorithm_does_not_count():
    other = PrivateKey.from_secret(bytes(31) + b"\x07")
    data = write_policy(POLICY, [other])
    assert refused(data, keys=[other.public]).code == "trust-threshold"


def test_no_keys_accept_nothing():
    assert refused(write_policy(POLICY, OFFICERS), keys=[]).code == "trust-threshold"


def envelope(**changes):
    whole = json.loads(write_policy(POLICY, OFFICERS[:1])) | changes
    return json.dumps({name: value for name, value in whole.items() if value != "gone"}).encode()


OTHER = base64.b64encode(json.dumps({"huxin": "local-policy"}).encode()).decode()
SIG = json.loads(write_policy(POLICY, OFFICERS[:1]))["signatures"][0]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "trust-file"),
        (b"[]", "trust-file"),
        (b" " * MOST_BYTES, "trust-file"),
        (b" " * (MOST_BYTES + 1), "too-big"),
        (envelope(more=1), "trust-file"),
        (envelope(payloadType="text/plain"), "trust-file"),
        (envelope(payload="gone"), "trust-file"),
        (envelope(payload="no base64"), "trust-file"),
        (envelope(payload=OTHER), "trust-threshold"),
        (envelope(signatures="gone"), "trust-file"),
        (envelope(signatures=[SIG] * 21), "trust-file"),
        (envelope(signatures=[SIG | {"more": 1}]), "trust-file"),
        (envelope(signatures=[SIG | {"sig": "AA=="}]), "trust-threshold"),
        (envelope(signatures=[SIG | {"sig": base64.b64encode(bytes(90)).decode()}]), "trust-file"),
    ],
)
def test_an_envelope_that_is_none(data, code):
    assert refused(data).code == code


# ------------------------------------------------------------------------------------------ content


def signed(**changes):
    """A policy with fields changed, signed as it then stands."""
    payload = json.loads(base64.b64decode(json.loads(write_policy(POLICY, []))["payload"]))
    whole = {name: value for name, value in (payload | changes).items() if value != "gone"}
    body = json.dumps(whole).encode()
    kind = PAYLOAD_TYPE.encode()
    message = b" ".join([b"DSSEv1", b"%d" % len(kind), kind, b"%d" % len(body), body])
    return json.dumps(
        {
            "payload": base64.b64encode(body).decode(),
            "payloadType": PAYLOAD_TYPE,
            "signatures": [
                {"keyid": "", "sig": base64.b64encode(OFFICERS[0].sign(message)).decode()}
                | {"keyid": "hint"}
            ],
        }
    ).encode()


def accepted(found=BILATERAL, region="QZ", data=None):
    return {"region": region, "keys": base64.b64encode(data or write_region_keys(found)).decode()}


FRESH = {"stale_hours": 48, "warn_days": 14, "refuse_days": 30}


def test_what_is_signed_is_read_as_it_stands():
    assert read(signed()) == POLICY
    assert read(signed(freshness=FRESH)).limits == Limits()
    at_once = {"stale_hours": 48, "warn_days": 2, "refuse_days": 2}
    two_days = timedelta(days=2)
    assert read(signed(freshness=at_once)).limits == Limits(two_days, two_days, two_days)


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"huxin": "policy"}, "at /: not local-policy of version 1"),
        ({"v": 2}, "at /: not local-policy of version 1"),
        ({"more": 1}, "at /: a field"),
        ({"version": 0}, "at /version: not a whole number from 1"),
        ({"region": "qv"}, "at /region: a region is"),
        ({"deny": "gone"}, "at /deny: not an object"),
        ({"deny": {"regions": [], "keys": [], "more": 1}}, "at /deny: a field"),
        ({"deny": {"regions": ["qx"], "keys": []}}, "at /deny/regions/one: a region is"),
        ({"deny": {"regions": [], "keys": ["00"]}}, "at /deny/keys/one: not a SHA-256"),
        ({"accept": [accepted(), accepted()]}, "at /accept: a region twice"),
        ({"accept": [accepted(region="QY")]}, "at /accept: keys of QZ"),
        ({"accept": [accepted(data=b"\xff")]}, "at /accept: malformed"),
        ({"accept": [accepted(data=bytes(2_000_001))]}, "at /accept: CBOR"),
        ({"accept": [accepted() | {"more": 1}]}, "at /accept/0: a field"),
        ({"freshness": FRESH | {"more": 1}}, "at /freshness: a field"),
        ({"freshness": FRESH | {"stale_hours": 49}}, "at /freshness/stale_hours: not a whole"),
        ({"freshness": FRESH | {"warn_days": 15}}, "at /freshness/warn_days: not a whole"),
        ({"freshness": FRESH | {"refuse_days": 31}}, "at /freshness/refuse_days: not a whole"),
        ({"freshness": FRESH | {"refuse_days": 13}}, "at /freshness: refuses before it warns"),
        ({"freshness": FRESH | {"warn_days": 1}}, "at /freshness: refuses before it warns"),
    ],
)
def test_a_policy_with_one_fault_is_none(changes, detail):
    found = refused(signed(**changes))
    assert found.code == "trust-file"
    assert found.detail.startswith(detail)


def test_signatures_of_one_hint_are_all_kept_and_counted_once_each():
    whole = json.loads(write_policy(POLICY, OFFICERS[:2]))
    whole["signatures"] = [one | {"keyid": "x"} for one in whole["signatures"]] * 2
    signed = sign_policy(json.dumps(whole).encode(), OFFICERS[2:3])
    assert read_draft(signed)[1] == 3
    assert read(signed, threshold=3) == POLICY


def test_nothing_is_written_that_could_not_be_read_again():
    whole = json.loads(write_policy(POLICY, OFFICERS[:1]))
    whole["signatures"] = [whole["signatures"][0] | {"keyid": f"k{number}"} for number in range(20)]
    with pytest.raises(RefusalError, match="trust-file"):
        sign_policy(json.dumps(whole).encode(), OFFICERS[1:2])
