"""A region's file of keys: one form, each key once, tombstones by what a key is made of."""

from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from huxin.kernel import cbor
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.region_keys import (
    MOST_BYTES,
    MOST_KEYS,
    RegionKeys,
    Tombstone,
    grave_of,
    parse_region_keys,
    tombstone_of,
    write_region_keys,
)
from tests.lib.federation_dicts import DAY, ed25519, signing_key

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
RSA = PublicKey.from_spki(
    rsa.generate_private_key(65537, 2048)
    .public_key()
    .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
)
KEYS = (
    signing_key("a", domain="dcc", usage=("test", "vaccination")),
    signing_key("a", domain="shc", issuer="https://example.org", kid=b"thumbprint"),
    signing_key("b", key=ed25519("b").public),
    signing_key("c", key=RSA, cap=7),
)
STONE = Tombstone(tombstone_of(signing_key("z").key), NOW, "lost")
WHOLE = RegionKeys("QV", "production", KEYS, (STONE,))


def test_a_file_comes_back_as_it_was_written():
    found = parse_region_keys(write_region_keys(WHOLE))
    assert (found.region, found.environment, found.revoked) == ("QV", "production", (STONE,))
    assert set(found.keys) == set(KEYS)
    assert write_region_keys(found) == write_region_keys(WHOLE)
    assert parse_region_keys(write_region_keys(RegionKeys("QV", "test", ()))).keys == ()


def test_the_order_of_writing_is_fixed():
    shuffled = replace(WHOLE, keys=KEYS[::-1])
    assert write_region_keys(shuffled) == write_region_keys(WHOLE)


def test_two_thousand_keys_are_small():
    keys = tuple(signing_key(str(number)) for number in range(2_000))
    assert len(write_region_keys(RegionKeys("QV", "production", keys))) < 150_000


def test_a_key_as_a_verifier_holds_it():
    anchor = KEYS[0].anchor("QV", "test")
    assert (anchor.region, anchor.domain, anchor.environment) == ("QV", "dcc", "test")
    assert anchor.usage == frozenset({"test", "vaccination"})
    assert (anchor.valid_from, anchor.valid_until) == (KEYS[0].since, KEYS[0].until)
    assert (anchor.issue_until, anchor.standing) == (KEYS[0].issue_until, "active")
    assert KEYS[1].anchor("QV", "test").issuer == "https://example.org"
    assert KEYS[2].anchor("QV", "test").usage is None


def test_a_tombstone_is_a_region_s_own():
    material = tombstone_of(KEYS[0].key)
    assert material == sha256(KEYS[0].key.spki).digest()
    assert WHOLE.buried() == {STONE.material}
    assert WHOLE.graves() == {grave_of("QV", STONE.material)}
    assert grave_of("QV", material) != grave_of("QW", material)


def rows(**changes):
    """The file as CBOR, with fields changed."""
    read = cbor.loads(write_region_keys(WHOLE))
    return cbor.dumps({name: value for name, value in (read | changes).items() if value != "gone"})


def row(place, value):
    """The file with one column of its one key changed."""
    whole = cbor.loads(write_region_keys(replace(WHOLE, keys=(signing_key("a"),))))
    whole["keys"][0][place] = value
    return cbor.dumps(whole)


def stone(*columns):
    return rows(revoked=[list(columns)])


EPOCH = int(NOW.timestamp())
_SPELT = (2**255 - 19 + 3).to_bytes(32, "little")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (cbor.dumps([]), "at /: not a file of keys"),
        (rows(more=1), "at /: not a file of keys"),
        (rows(keys="gone"), "at /: not a file of keys"),
        (rows(huxin="status"), "at /: not a file of keys of version 1"),
        (rows(v=2), "at /: not a file of keys of version 1"),
        (rows(v=True), "at /: not a file of keys of version 1"),
        (rows(region=7), "at /region: not a region"),
        (rows(region="qv"), "at /region: a region is"),
        (rows(environment="real"), "at /region: not a region, or none of the environments"),
        (rows(environment=["test"]), "at /region: not a region, or none of the environments"),
        (rows(keys={}), "at /keys: not a list"),
        (rows(keys=[7]), "at /keys: not lists of 10"),
        (rows(keys=[[7]]), "at /keys: not lists of 10"),
        (rows(keys=[[]] * (MOST_KEYS + 1)), "at /keys: not a list of up to 20000"),
        (row(0, "visa"), "at /keys/0: no domain, or no kid"),
        (row(0, ["dcc"]), "at /keys/0: no domain, or no kid"),
        (row(1, "text"), "at /keys/0: no domain, or no kid"),
        (row(1, b""), "at /keys/0: no domain, or no kid"),
        (row(1, bytes(65)), "at /keys/0: no domain, or no kid"),
        (row(2, 3), "at /keys/0: an algorithm"),
        (row(2, -1), "at /keys/0: an algorithm"),
        (row(2, False), "at /keys/0: an algorithm"),
        (row(3, "text"), "at /keys/0: no key, or no cap"),
        (row(3, b"short"), "at /keys/0: not a public key"),
        (row(3, signing_key("a").key.spki), "at /keys/0: not a public key"),
        (row(4, []), "at /keys/0: usage that is no list of kinds"),
        (row(4, "test"), "at /keys/0: usage that is no list of kinds"),
        (row(4, ["visa"]), "at /keys/0: usage that is no list of kinds"),
        (row(4, [["test"]]), "at /keys/0: usage that is no list of kinds"),
        (row(4, ["vaccination", "test"]), "at /keys/0: usage twice, or out of order"),
        (row(4, ["test", "test"]), "at /keys/0: usage twice, or out of order"),
        (row(5, EPOCH + 0.5), "at /keys/0: not seconds since 1970"),
        (row(5, 2**60), "at /keys/0: an instant that no calendar has"),
        (row(6, 0), "at /keys/0: ends before it begins"),
        (row(7, EPOCH + 800 * 86_400), "at /keys/0: ends before it begins, or signs after it ends"),
        (row(7, EPOCH - 11 * 86_400), "at /keys/0: ends before it begins"),
        (row(8, 0), "at /keys/0: no key, or no cap"),
        (row(8, True), "at /keys/0: no key, or no cap"),
        (row(9, ""), "at /keys/0: an issuer that is no text"),
        (row(9, "x" * 301), "at /keys/0: an issuer that is no text"),
        (row(9, 7), "at /keys/0: an issuer that is no text"),
        (stone(b"short", EPOCH, "lost"), "at /revoked/0: not the SHA-256 of a key"),
        (stone("x" * 32, EPOCH, "lost"), "at /revoked/0: not the SHA-256 of a key"),
        (stone(bytes(32), EPOCH, "bored"), "at /revoked/0: none of lost"),
        (stone(bytes(32), EPOCH, ["lost"]), "at /revoked/0: none of lost"),
        (stone(bytes(32), None, "lost"), "at /revoked/0: not seconds since 1970"),
        (stone(bytes(32), EPOCH), "at /revoked: not lists of 3"),
        (
            rows(revoked=[[bytes(32), EPOCH, "lost"], [bytes(32), EPOCH, "misused"]]),
            "at /revoked: a key twice",
        ),
    ],
)
def test_a_file_with_one_fault_is_none(data, detail):
    with pytest.raises(RefusalError) as error:
        parse_region_keys(data)
    assert error.value.refusal.code == "trust-file"
    assert error.value.refusal.detail.startswith(detail)


def test_another_spelling_of_a_key_is_no_key():
    whole = cbor.loads(write_region_keys(replace(WHOLE, keys=(KEYS[2],))))
    whole["keys"][0][3] = _SPELT
    with pytest.raises(RefusalError, match="small order, or not in its one spelling"):
        parse_region_keys(cbor.dumps(whole))


def test_a_key_stands_once_in_a_domain_whatever_its_kid():
    twice = replace(WHOLE, keys=(KEYS[2], replace(KEYS[2], kid=b"other")))
    with pytest.raises(RefusalError, match="a key twice in one domain"):
        parse_region_keys(write_region_keys(twice))


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (cbor.dumps_ordered(dict(reversed(cbor.loads(write_region_keys(WHOLE)).items()))), "order"),
        (rows(keys=cbor.loads(write_region_keys(WHOLE))["keys"][::-1]), "keys out of order"),
        (write_region_keys(WHOLE).replace(b"\xa6\x61v\x01", b"\xa6\x61v\x18\x01"), "a long number"),
    ],
)
def test_a_file_in_another_form_is_none(data, what):
    assert data != write_region_keys(WHOLE)
    with pytest.raises(RefusalError, match="not in its one form"):
        parse_region_keys(data)


def test_a_file_has_a_limit_and_is_cbor():
    with pytest.raises(RefusalError, match="too-big"):
        parse_region_keys(bytes(MOST_BYTES + 1))
    with pytest.raises(RefusalError, match="cbor"):
        parse_region_keys(b"\xff")
    with pytest.raises(RefusalError, match="cbor: bytes after the end"):
        parse_region_keys(write_region_keys(WHOLE) + b"\0")


def test_a_key_that_lasts_a_day_is_one():
    brief = signing_key("a", since=NOW, until=NOW + DAY, issue_until=NOW + DAY)
    found = RegionKeys("QV", "production", (brief,))
    assert parse_region_keys(write_region_keys(found)) == found
