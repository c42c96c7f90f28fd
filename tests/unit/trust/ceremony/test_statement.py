"""A region's statement: signed by itself, and refused where anything in it is not what it says."""

import base64
import json

import pytest
from securesystemslib.signer import CryptoSigner

from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.statement import (
    fingerprint,
    key_id,
    parse_statement,
    public_hex,
    write_statement,
)
from huxin.trust.federation.region_keys import RegionKeys, write_region_keys
from tests.lib.ceremonies import party, signing_key


def refused(data: bytes) -> tuple[str, str]:
    with pytest.raises(RefusalError) as error:
        parse_statement(data)
    return error.value.refusal.code, error.value.refusal.detail


def changed(**fields) -> bytes:
    document = json.loads(party("QV").written)
    return json.dumps(document | fields).encode()


def test_a_statement_is_read_as_it_was_written():
    made = party("QV", signs=2)
    assert parse_statement(made.written) == made.statement
    assert write_statement(made.statement, made.keys["root"]) == made.written


def test_a_key_is_named_as_the_framework_names_it():
    key = CryptoSigner.generate_ed25519().public_key  # the framework's own library
    assert key_id(key.keyval["public"]) == key.keyid


def test_people_compare_eight_groups_of_four():
    told = fingerprint(b"x").split()
    assert [len(group) for group in told] == [4] * 8
    assert fingerprint(b"x") != fingerprint(b"y")


def test_only_the_root_key_signs_a_statement():
    made = party("QV")
    with pytest.raises(RefusalError, match="root key"):
        write_statement(made.statement, made.keys["charter"])
    with pytest.raises(RefusalError, match="Ed25519"):
        write_statement(made.statement, PrivateKey.generate())


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": {"zh": "别处", "en": "Elsewhere"}}, "signature"),
        ({"signature": "00" * 64}, "signature"),
        ({"signature": "00"}, "trust-file"),
        ({"extra": 1}, "trust-file"),
        ({"region": "qv"}, "trust-file"),
        ({"signing": "=="}, "trust-file"),
        ({"signing": base64.b64encode(write_region_keys(RegionKeys("QW", "production", ()))).decode()}, "trust-file"),
        ({"environment": "test"}, "trust-file"),
        ({"huxin": "proposal"}, "trust-file"),
    ],
)  # fmt: skip
def test_a_statement_that_was_changed_is_refused(fields, code):
    assert refused(changed(**fields))[0] == code


def keys(**changes):
    document = json.loads(party("QV").written)["keys"]
    return document | changes


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ({"officers": []}, "fewer than 3"),
        ({"charter": public_hex(party("QV").keys["root"].public)}, "twice"),
        ({"witness": "ff" * 32}, ""),
    ],
    ids=["no officers", "one key for two things", "no point of the curve"],
)
def test_keys_that_cannot_be_are_refused(changes, detail):
    code, told = refused(changed(keys=keys(**changes)))
    assert code == "trust-keys"
    assert detail in told


def test_signing_keys_are_carried():
    made = party("QV", signs=2)
    listed = parse_statement(made.written).signing.keys
    assert {one.kid for one in listed} == {signing_key(f"QV cards {one}").kid for one in (0, 1)}
