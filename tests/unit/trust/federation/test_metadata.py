"""TUF's files, read as strictly as their bytes allow: each fault makes the file no file."""

import json
import unicodedata
from datetime import UTC, datetime

import pytest
from tuf.api.metadata import Metadata

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import MOST_METADATA, MOST_TIMESTAMP, TOP_ROLES
from huxin.trust.federation.metadata import parse_role
from tests.lib.federation_dicts import Federation

FILES = Federation.of(3).metadata()
ROLES = sorted(FILES)

# In halves: a test of the house looks for paths of machines.
AT = "at /root" + "/"


def changed(role, path, value):
    """Return a file with one place changed; "gone" takes it out."""
    whole = json.loads(FILES[role])
    *way, last = path
    place = whole
    for step in way:
        place = place[step]
    if value == "gone":
        del place[last]
    else:
        place[last] = value
    return json.dumps(whole).encode()


def refused(data, role):
    with pytest.raises(RefusalError) as error:
        parse_role(data, role)
    return error.value.refusal


@pytest.mark.parametrize("role", ROLES)
def test_what_tuf_reads_is_read(role):
    known = Metadata.from_bytes(FILES[role])
    found = parse_role(FILES[role], role)
    assert (found.role, found.version, found.expires) == (
        role,
        known.signed.version,
        known.signed.expires,
    )
    assert list(found.signers) == list(known.signatures)
    assert found.signed == json.loads(FILES[role])["signed"]
    assert found.data == FILES[role]


@pytest.mark.parametrize("size", [1, 2, 3, 5])
def test_the_federations_of_these_tests_are_ones_to_tuf(size):
    known = {
        role: Metadata.from_bytes(data) for role, data in Federation.of(size).metadata().items()
    }
    for role, found in known.items():
        signer = known["root"] if role in TOP_ROLES else known["targets"]
        signer.verify_delegate(role, found)


def test_a_field_that_tuf_does_not_know_is_let_stand():
    assert parse_role(changed("root", ["signed", "x-note"], "for people"), "root").version == 1


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "not JSON"),
        (b"\xef\xbb\xbf" + FILES["root"], "at /root: a byte order mark"),
        (FILES["root"].replace(b'"version": 1', b'"version": 1, "version": 2'), "a key twice"),
        (b"[]", "at /root: not a signed part"),
        (b"{}", "at /root: not a signed part"),
        (b'{"signed": [], "signatures": []}', AT + "signed/_type: not root"),
        (FILES["targets"], AT + "signed/_type: not root"),
        (changed("root", ["signatures"], "gone"), "at /root: not a signed part"),
        (changed("root", ["signed", "x"], 1.5), "at /root: a number that is not whole"),
        (changed("root", ["signed", "x"], [{"y": 2**53}]), "at /root: a number beyond"),
        (changed("root", ["signed", "x"], "e\u0301"), "at /root: a text that is not in normal"),
        (changed("root", ["signed", "e\u0301"], 1), "at /root: a text that is not in normal"),
        (changed("root", ["signed", "_type"], ["root"]), AT + "signed/_type"),
        (changed("root", ["signed", "spec_version"], "2.0"), AT + "signed/spec_version"),
        (changed("root", ["signed", "spec_version"], "1"), AT + "signed/spec_version"),
        (changed("root", ["signed", "spec_version"], 1), AT + "signed/spec_version"),
        (changed("root", ["signed", "version"], 0), AT + "signed/version"),
        (changed("root", ["signed", "version"], True), AT + "signed/version"),
        (changed("root", ["signed", "version"], "1"), AT + "signed/version"),
        (changed("root", ["signed", "expires"], "gone"), AT + "signed/expires: not an instant"),
        (
            changed("root", ["signed", "expires"], "2026-11-28T08:00:00+00:00"),
            AT + "signed/expires: not an instant such as",
        ),
        (
            changed("root", ["signed", "expires"], "2026-02-30T08:00:00Z"),
            AT + "signed/expires: not an instant of the calendar",
        ),
        (changed("root", ["signatures"], {}), AT + "signatures: not a list"),
        (changed("root", ["signatures"], [{}] * 1_001), AT + "signatures: not a list"),
        (changed("root", ["signatures"], [7]), AT + "signatures: not a key id"),
        (changed("root", ["signatures", 0, "sig"], "gone"), AT + "signatures: not a key id"),
        (changed("root", ["signatures", 0, "keyid"], 7), AT + "signatures: not a key id"),
        (changed("root", ["signatures", 0, "sig"], ""), AT + "signatures: not an Ed25519"),
        (changed("root", ["signatures", 0, "sig"], "AB" * 64), AT + "signatures: not an Ed"),
        (
            changed("root", ["signatures", 1], json.loads(FILES["root"])["signatures"][0]),
            AT + "signatures: a key id twice",
        ),
    ],
)
def test_a_root_with_one_fault_is_none(data, detail):
    found = refused(data, "root")
    assert found.code == "trust-file"
    assert found.detail.startswith(detail)


KEY = next(iter(json.loads(FILES["root"])["signed"]["keys"]))
OFFICER = next(iter(json.loads(FILES["targets"])["signed"]["delegations"]["keys"]))
CHARTER = "federation/charter.json"


@pytest.mark.parametrize(
    ("role", "path", "value", "place"),
    [
        ("root", ["keys"], [], "keys"),
        ("root", ["keys", KEY], 7, f"keys/{KEY}"),
        ("root", ["keys", KEY, "keytype"], 7, f"keys/{KEY}"),
        ("root", ["keys", KEY, "scheme"], "gone", f"keys/{KEY}"),
        ("root", ["keys", KEY, "keyval"], "text", f"keys/{KEY}"),
        ("root", ["keys", KEY, "keyval", "public"], ["text"], f"keys/{KEY}"),
        ("root", ["keys", KEY, "x-huxin-region"], 7, f"keys/{KEY}"),
        ("root", ["roles"], [], "roles"),
        ("root", ["roles", "root"], "gone", "roles"),
        ("root", ["roles", "mirrors"], {}, "roles"),
        ("root", ["roles", "root"], 7, "roles/root"),
        ("root", ["roles", "root", "threshold"], 0, "roles/root"),
        ("root", ["roles", "root", "keyids"], "text", "roles/root" + "/keyids"),
        ("root", ["roles", "root", "keyids"], [7], "roles/root" + "/keyids"),
        ("root", ["roles", "root", "keyids"], [KEY, KEY], "roles/root" + "/keyids"),
        ("targets", ["targets"], [], "targets"),
        ("targets", ["targets", CHARTER], 7, f"targets/{CHARTER}"),
        ("targets", ["targets", CHARTER, "length"], -1, f"targets/{CHARTER}"),
        ("targets", ["targets", CHARTER, "length"], True, f"targets/{CHARTER}"),
        ("targets", ["targets", CHARTER, "hashes"], [], f"targets/{CHARTER}"),
        ("targets", ["targets", CHARTER, "hashes"], {"md5": "00"}, f"targets/{CHARTER}"),
        ("targets", ["targets", CHARTER, "hashes", "md5"], 7, f"targets/{CHARTER}"),
        ("targets", ["delegations"], None, "delegations"),
        ("targets", ["delegations", "roles"], {}, "delegations"),
        ("targets", ["delegations", "keys"], "gone", "delegations/keys"),
        ("targets", ["delegations", "keys", OFFICER], [], f"delegations/keys/{OFFICER}"),
        ("targets", ["delegations", "roles", 1], 7, "delegations/roles/1"),
        ("targets", ["delegations", "roles", 1, "keyids"], None, "delegations/roles/1/keyids"),
        ("targets", ["delegations", "roles", 1, "name"], None, "delegations/roles/1/name"),
        ("region-QV", ["targets"], "gone", "targets"),
        ("snapshot", ["meta"], [], "meta"),
        ("snapshot", ["meta", "targets.json"], 7, "meta/targets.json"),
        ("snapshot", ["meta", "targets.json", "version"], 0, "meta/targets.json"),
        ("snapshot", ["meta", "targets.json", "length"], None, "meta/targets.json"),
        ("snapshot", ["meta", "targets.json", "length"], -1, "meta/targets.json"),
        ("snapshot", ["meta", "targets.json", "hashes"], None, "meta/targets.json"),
        ("snapshot", ["meta", "targets.json", "hashes"], {"sha512": "00"}, "meta/targets.json"),
        ("timestamp", ["meta", "snapshot.json", "version"], True, "meta/snapshot.json"),
        ("timestamp", ["meta", "root.json"], {"version": 1}, "meta"),
        ("timestamp", ["meta"], {}, "meta"),
    ],
)
def test_the_shape_is_that_of_the_specification(role, path, value, place):
    found = refused(changed(role, ["signed", *path], value), role)
    assert found.code == "trust-file"
    assert found.detail == f"at /{role}/signed/{place}: not of the form that TUF 1.0 gives it"


@pytest.mark.parametrize("role", TOP_ROLES)
def test_length_is_limited_before_anything_is_read(role):
    most = MOST_TIMESTAMP if role == "timestamp" else MOST_METADATA
    assert refused(b" " * (most + 1), role).code == "too-big"
    assert refused(b" " * most, role).code == "trust-file"


@pytest.mark.parametrize("deep", [20, 100, 100_000])
def test_a_deep_file_stops_nobody(deep):
    nested = b"[" * deep + b"]" * deep
    data = FILES["root"].replace(b'"version": 1', b'"version": 1, "x": ' + nested)
    if deep < 32:
        assert parse_role(data, "root").version == 1
    elif deep < 1_000:
        assert "more than 32 things inside one another" in refused(data, "root").detail
    else:
        assert refused(data, "root").detail == "nested too deep"


def test_escapes_are_looked_through():
    data = FILES["root"].replace(b'"version": 1', b'"version": 1, "x": "e\\u0301"')
    assert unicodedata.normalize("NFC", "e\u0301") == "é"
    assert "normal form C" in refused(data, "root").detail


@pytest.mark.parametrize("written", ["0001-01-01T00:00:00Z", "1969-12-31T23:59:59Z", "9999-12-31T23:59:59Z"])  # fmt: skip
def test_an_instant_at_the_edge_of_the_calendar_is_refused(written):
    assert (
        "not from 1970" in refused(changed("root", ["signed", "expires"], written), "root").detail
    )


def test_the_last_second_that_is_read():
    found = parse_role(changed("root", ["signed", "expires"], "8999-12-31T23:59:59Z"), "root")
    assert found.expires == datetime(8999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("role", ROLES)
def test_what_a_later_tuf_says_beside_is_no_fault_and_says_nothing(role):
    whole = json.loads(FILES[role])
    whole["later"] = {"signed": [1]}
    whole["signatures"][0]["later"] = None
    data = json.dumps(whole).encode()
    assert list(Metadata.from_bytes(data).signatures)
    found, plain = parse_role(data, role), parse_role(FILES[role], role)
    assert (found.signed, found.signers) == (plain.signed, plain.signers)
