"""Strict lint of keys: one material once, one spelling, one region one vote."""

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import EMERGENCY, REGION_FIELD
from huxin.trust.federation.lint import findings, lint
from tests.lib.federation_dicts import NOW, Federation, ed25519, key_dict, keyid, signing_key

# The public half of a key whose point has order eight, and another spelling of the point with y = 3.
SMALL_ORDER = "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
SPELT_TWICE = (2**255 - 19 + 3).to_bytes(32, "little").hex()


def public(federation, role, text, index=0):
    """Put another text in the place of a public key, under the id that it then has."""
    keys, ids = federation.role_keys(role), federation.role(role)["keyids"]
    key = keys.pop(ids[index])
    key["keyval"]["public"] = text
    ids[index] = keyid(key)
    keys[ids[index]] = key


def renamed(federation):
    keys, ids = federation.role_keys("root"), federation.role("root")["keyids"]
    keys["ab" * 32] = keys.pop(ids[0])
    ids[0] = "ab" * 32


def of_another_kind(federation):
    key = federation.role_keys("root")[federation.role("root")["keyids"][0]]
    key["keytype"], key["scheme"] = "ecdsa", "ecdsa-sha2-nistp256"


def officer_twice(federation):
    """One officer's key under two ids: to TUF, 2 of 2."""
    keys, ids = federation.role_keys("region-QV"), federation.role("region-QV")["keyids"]
    keys["cd" * 32] = dict(keys[ids[0]])
    ids[1] = "cd" * 32


def own_key(federation, role, field, value, index=0):
    key = federation.role_keys(role)[federation.role(role)["keyids"][index]]
    if value is None:
        del key[field]
    else:
        key[field] = value


def swap_key(federation, role, name, region, index=0):
    """Put another key in the place of one."""
    federation.drop_key(role, index)
    federation.add_key(role, ed25519(name), region)


KEYS = [
    (
        "a key in root and charter",
        lambda f: swap_key(f, "targets", "QV root", "QV"),
        "one key in root and targets",
    ),
    (
        "a key in charter and emergency",
        lambda f: swap_key(f, EMERGENCY, "QV targets", "QV"),
        "one key in targets and emergency",
    ),
    (
        "a witness's key in root",
        lambda f: swap_key(f, "root", "QV witness", "QV"),
        "one key in root and snapshot and timestamp",
    ),
    (
        "a root key that witnesses the snapshot",
        lambda f: swap_key(f, "snapshot", "QV root", "QV"),
        "one key in root and snapshot",
    ),
    (
        "a charter key that witnesses both",
        lambda f: [swap_key(f, one, "QV targets", "QV") for one in ("snapshot", "timestamp")],
        "one key in targets and snapshot and timestamp",
    ),
    (
        "an officer's key in root",
        lambda f: swap_key(f, "region-QV", "QV root", None),
        "one key in root and region-QV",
    ),
    (
        "one officer in two regions",
        lambda f: swap_key(f, "region-QW", "QV officer 1", None),
        "one key in region-QV and region-QW",
    ),
    ("one officer twice", officer_twice, "one key in region-QV and region-QV"),
    (
        "one officer twice, in capitals",
        lambda f: public(f, "region-QV", ed25519("QV officer 1").public.compact().hex().upper()),
        "one key in region-QV and region-QV",
    ),
    ("a key that is not Ed25519", of_another_kind, "root: a key that is not Ed25519"),
    ("capitals", lambda f: public(f, "root", "AB" * 32), "root: not 64 hexadecimal digits"),
    ("a short key", lambda f: public(f, "root", "ab"), "root: not 64 hexadecimal digits"),
    (
        "a line end behind a key",
        lambda f: public(f, "root", ed25519("x").public.compact().hex() + "\n"),
        "root: not 64 hexadecimal digits",
    ),
    (
        "more than a public key",
        lambda f: own_key(f, "root", "keyval", {"public": "ab" * 32, "private": "cd" * 32}),
        "root: not 64 hexadecimal digits, and nothing else",
    ),
    ("a point of small order", lambda f: public(f, "root", SMALL_ORDER), "root: no point"),
    ("another spelling", lambda f: public(f, "root", SPELT_TWICE), "root: no point"),
    ("an id of its own", renamed, "root: an id that is not the digest of its key"),
    (
        "a federation key of nobody",
        lambda f: own_key(f, "root", REGION_FIELD, None),
        "root: a key that does not say whose it is",
    ),
    (
        "a witness of nobody",
        lambda f: own_key(f, "timestamp", REGION_FIELD, None),
        "timestamp: a key that does not say whose it is",
    ),
    (
        "an emergency key of nobody",
        lambda f: own_key(f, EMERGENCY, REGION_FIELD, None),
        "emergency: a key that does not say whose it is",
    ),
    (
        "a key of no region",
        lambda f: own_key(f, "root", REGION_FIELD, "everybody"),
        "root: a key of something that is no region",
    ),
    (
        "an officer of another region",
        lambda f: own_key(f, "region-QV", REGION_FIELD, "QW"),
        "region-QV: a key of another region",
    ),
    (
        "two votes of one region in root",
        lambda f: swap_key(f, "root", "QV second", "QV", index=1),
        "root: two keys of QV",
    ),
    (
        "two votes of one region in an emergency",
        lambda f: f.add_key(EMERGENCY, ed25519("QV second"), "QV"),
        "emergency: two keys of QV",
    ),
    (
        "two votes of one witness",
        lambda f: f.add_key("timestamp", ed25519("QV second"), "QV"),
        "timestamp: two keys of QV",
    ),
    (
        "an id without a key",
        lambda f: f.role("region-QV")["keyids"].append("ef" * 32),
        "region-QV: no key for the id efefefefefefefef",
    ),
    (
        "a key without a role in root",
        lambda f: f.role_keys("root").update({"ef" * 32: key_dict(ed25519("idle"), "QV")}),
        "a key that no role uses: efefefefefefefef",
    ),
    (
        "a key without a role in the charter",
        lambda f: f.role_keys(EMERGENCY).update({"ef" * 32: key_dict(ed25519("idle"), "QV")}),
        "a key that no role uses: efefefefefefefef",
    ),
    (
        "a signing key of two regions",
        lambda f: f.set_keys("QW", signing_key("QV 1")),
        "one key of QV and QW",
    ),
    (
        "an officer's key that signs cards",
        lambda f: f.set_keys("QV", signing_key("x", key=ed25519("QV officer 0").public)),
        "QV: a key that signs cards and lists",
    ),
]

TABLE = [
    pytest.param(code, spoil, detail, id=f"{code}: {what}")
    for code, rows in {
        "trust-keys": KEYS,
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


def test_the_same_witness_may_hold_two_keys():
    federation = Federation.of(3)
    swap_key(federation, "timestamp", "QV clock", "QV")
    assert findings(federation.repository(), held=None, now=NOW) == ()


@pytest.mark.parametrize(("number", "told"), [(4, []), (5, ["QV: 5 keys under one kid"])])
def test_a_card_is_not_tried_with_thousands_of_keys(number, told):
    federation = Federation.of(2)
    keys = [signing_key(f"QV {one}", kid=b"the same") for one in range(number)]
    other = signing_key("QV dcc", kid=b"the same", domain="dcc")
    federation.set_keys("QV", *keys, other)
    found = findings(federation.repository(), held=None, now=NOW)
    assert [(one.code, one.detail) for one in found] == [("trust-keys", one) for one in told]
