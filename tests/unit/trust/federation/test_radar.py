"""The radar over lists of keys: ours, and a synthetic one of the shape in which others publish theirs."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from huxin.kernel.crypto import PrivateKey, read_certificate, self_signed
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.did_list import MOST_KEYS, is_did_list, parse_did_list
from huxin.trust.federation.listed import Listed, listed_anchor
from huxin.trust.federation.radar import CODES, SOON, scan
from tests.lib.did_lists import did_list, method
from tests.lib.regions import Region

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
DAY = timedelta(days=1)


def codes(*keys):
    return {(one.key.place, one.code) for one in scan(keys, now=NOW).findings}


def listed(secret=1, place="a", participant="NL", **more):
    key = PrivateKey.from_secret(secret.to_bytes(32, "big")).public
    dates = {"valid_from": NOW - 100 * DAY, "valid_until": NOW + 300 * DAY}
    return Listed(place, participant, "DCC", "DSC", "kid", **{"key": key, **dates, **more})


# ------------------------------------------------------------------------------------ the document


def test_a_did_document_is_read_key_by_key():
    (one,) = parse_did_list(did_list(method("NLD", 1, now=NOW)))
    assert (one.participant, one.domain, one.usage, one.fault) == ("NLD", "DCC", "DSC", "")
    assert one.valid_until == NOW + 300 * DAY
    assert one.subject == "CN=Health NLD"
    assert one.place == "/verificationMethod/0"


def test_a_key_without_a_certificate_has_no_dates():
    bare = method("NLD", 1, now=NOW)
    del bare["publicKeyJwk"]["x5c"]
    (one,) = parse_did_list(did_list(bare))
    assert (one.valid_until, one.fault) == (None, "")
    assert one.key is not None


@pytest.mark.parametrize(
    "damage",
    [
        {"id": 7},
        {"id": "did:web:lists.example.org#kid"},
        {"id": "x" * 900 + ":NLD:DCC:DSC#kid"},
        {"publicKeyJwk": None},
        {"publicKeyJwk": {"kty": "EC"}},
        {"x5c": "text"},
        {"x5c": []},
        {"x5c": [7]},
        {"x5c": ["A" * 30_000]},
        {"x5c": ["%%%"]},
        {"x5c": ["AAAA"]},
        {"x5c": "of another key"},
    ],
    ids=range(12),
)
def test_an_entry_that_cannot_be_used_is_kept_with_its_reason(damage):
    entry = method("NLD", 1, now=NOW)
    if damage.get("x5c") == "of another key":
        damage = {"x5c": method("NLD", 2, now=NOW)["publicKeyJwk"]["x5c"]}
    if "x5c" in damage:
        entry["publicKeyJwk"] |= damage
    else:
        entry |= damage
    other = method("FRA", 3, now=NOW)
    broken, whole = parse_did_list(did_list(entry, other))
    assert broken.fault
    assert broken.key is None
    assert whole.fault == ""
    assert ("/verificationMethod/0", "unusable") in codes(broken, whole)


def test_an_entry_that_is_no_object_is_kept_too():
    (one,) = parse_did_list(did_list("text"))
    assert one.fault


@pytest.mark.parametrize("document", [None, [], {}, {"verificationMethod": {}}])
def test_what_is_no_list_is_refused(document):
    with pytest.raises(RefusalError) as caught:
        parse_did_list(document)
    assert caught.value.refusal.code == "key-file"
    assert is_did_list(document) == bool(document)


def test_a_list_that_is_too_long_is_refused_before_it_is_read():
    with pytest.raises(RefusalError) as caught:
        parse_did_list({"verificationMethod": [None] * (MOST_KEYS + 1)})
    assert caught.value.refusal.code == "key-file"


def test_a_certificate_tells_its_subject_and_an_odd_one_none():
    key = PrivateKey.from_secret(bytes(31) + b"\x05")
    whole = self_signed(key, name="Test State", serial=1, not_before=NOW, not_after=NOW + DAY)
    assert read_certificate(whole).subject == "CN=Test State"


# ------------------------------------------------------------------------------------------- radar


def test_a_key_in_good_order_is_told_of_nowhere():
    found = scan([listed()], now=NOW)
    assert (found.keys, found.usable, found.findings) == (1, 1, ())
    assert found.calendar == (((NOW + 300 * DAY).strftime("%Y-%m"), 1),)
    assert dict(found.counts) == dict.fromkeys(CODES, 0)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"valid_until": NOW - DAY}, "expired"),
        ({"valid_until": NOW + SOON - DAY}, "ends-soon"),
        ({"valid_from": NOW + DAY}, "not-yet"),
        ({"valid_until": None}, "no-dates"),
        ({"valid_until": NOW + 900 * DAY}, "long-life"),
        ({"environment": "test"}, "test-key"),
        ({"subject": "C=NL,O=Test Ministry,CN=1"}, "test-key"),
        ({"subject": "CN=health-uat"}, "test-key"),
        ({"participant": "XXA"}, "test-key"),
        ({"participant": "QV"}, "test-key"),
        ({"key": None, "fault": "no publicKeyJwk"}, "unusable"),
    ],
)
def test_each_thing_is_found(more, code):
    assert codes(listed(**more)) == {("a", code)}


@pytest.mark.parametrize(
    "more",
    [
        {"subject": "CN=Protestant Hospital, O=Attestations"},
        {"participant": "QV", "environment": "production"},
        {"valid_from": None},
        {"participant": "XKX1"},
    ],
)
def test_what_only_looks_alike_is_not_found(more):
    assert codes(listed(**more)) == set()


def test_one_key_of_two_participants_or_twice_of_one_is_the_same_key():
    both = [listed(place="a"), listed(place="b", participant="FR")]
    assert codes(*both) == {("a", "same-key"), ("b", "same-key")}
    assert codes(listed(place="a"), listed(place="b")) == {("a", "same-key"), ("b", "same-key")}
    assert codes(listed(place="a"), listed(2, place="b")) == set()


def test_one_key_for_two_domains_of_one_participant_is_in_order():
    region = Region("QV", 4)
    anchors = [region.anchor("dcc"), region.anchor("huxin"), region.anchor("shc", kid=b"abc")]
    keys = [listed_anchor(one, f"/keys/{number}") for number, one in enumerate(anchors)]
    assert {one.code for one in scan(keys, now=NOW).findings} <= {"no-dates"}
    assert keys[0].kid == region.kid.hex()
    assert keys[2].kid == "abc"
    limited = listed_anchor(region.anchor("dcc", usage=frozenset({"test", "recovery"})), "p")
    assert limited.usage == "recovery, test"


def test_participants_are_counted_and_findings_begin_with_the_gravest():
    keys = [
        listed(1, place="a", valid_until=NOW + DAY),
        listed(2, place="b", valid_until=NOW - DAY),
        listed(3, place="c", participant="XXA"),
        listed(4, place="d", participant="FR", key=None, fault="no publicKeyJwk"),
    ]
    found = scan(keys, now=NOW)
    assert [one.code for one in found.findings] == ["unusable", "expired", "ends-soon", "test-key"]
    rows = {one.name: (one.keys, one.usable, one.expired, one.test) for one in found.participants}
    assert rows == {"FR": (1, 0, 0, 0), "NL": (2, 1, 1, 0), "XXA": (1, 0, 0, 1)}
    assert (found.keys, found.usable) == (4, 1)


def test_two_thirds_of_a_list_can_have_expired():
    """The shape of a list that was once in production: most keys over, a test state among the others."""
    entries = [method("NLD", n, now=NOW, until=NOW - DAY) for n in range(1, 21)]
    entries += [method("FRA", n, now=NOW) for n in range(21, 30)]
    entries.append(method("XXA", 30, now=NOW, name="Test State"))
    found = scan(parse_did_list(did_list(*entries)), now=NOW)
    assert (found.counts["expired"], found.counts["test-key"], found.usable) == (20, 1, 9)


def test_the_certificate_of_a_list_is_base64_of_its_bytes():
    encoded = method("NLD", 1, now=NOW)["publicKeyJwk"]["x5c"][0]
    assert read_certificate(base64.b64decode(encoded)).not_after == NOW + 300 * DAY
