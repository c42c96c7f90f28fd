"""Whatever stands in a file or a line, the doors answer; nothing but our own refusals comes out."""

import base64
import contextlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from huxin.adapters import key_file, key_material, recovery, trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.cli import jsonl
from huxin.cli.plain_data import plain
from huxin.kernel import cbor, strict_json
from huxin.kernel.crypto import PrivateKey, self_signed
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts

START = datetime(2026, 11, 1, tzinfo=UTC)
KEY = PrivateKey.from_secret(b"\x05" * 32)
DER = self_signed(KEY, name="QW", serial=1, not_before=START, not_after=START + timedelta(days=9))
DESCRIPTION = KeyDescription(
    "QW", "test", ("huxin", "icvp"), START, START + timedelta(days=9), KEY.public
)
LOCKED = json.loads(key_file.lock(DESCRIPTION, KEY, "x"))
ENTRY = trust_file.entry_of(DESCRIPTION)
CERTIFIED = {name: value for name, value in ENTRY.items() if name != "jwk"} | {
    "certificate": base64.b64encode(DER).decode()
}
LINES = recovery.sheet(DESCRIPTION, KEY, "x")
CASE = {
    "id": "a",
    "text": issue(facts(), REED_ISLES, now=NOW).text,
    "keys": [{"jwk": REED_ISLES.key.public.jwk(), "issuer": "https://a.example"}],
    "revoked": [{"kid": "k", "rids": ["r"]}],
    "at": "2026-11-23T10:00:00Z",
}
SHAPE = ["id", "format", "steps", "claims", "facts", "verdict", "code"]

any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=12,
)


def changed(document: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Return the document with some fields replaced, dropped or added."""
    names = st.sampled_from([*document, "more"])
    return st.dictionaries(names, any_json, max_size=3).map(lambda other: document | other)


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


@given(changed(LOCKED))
def test_key_files(document):
    with contextlib.suppress(RefusalError):
        key_file.KeyFile.parse(written(document))


@given(st.lists(changed(ENTRY) | changed(CERTIFIED) | any_json, max_size=3), any_json)
def test_trust_files(entries, as_of):
    document = {"huxin": "trust", "version": 1, "keys": entries, "as_of": as_of}
    with contextlib.suppress(RefusalError):
        trust_file.parse(written(document)).store()
    with contextlib.suppress(RefusalError):
        trust_file.certificates(written(document))


@given(changed(ENTRY["jwk"] | {"kid": "AQIDBAUGBwg="}))
def test_lent_keys(jwk):
    with contextlib.suppress(UnusableKeyError, RefusalError):
        key_material.lent_jwk(jwk, None)


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes(data):
    for parse in (key_file.KeyFile.parse, trust_file.parse, recovery.parse, recovery.open_sheet):
        with contextlib.suppress(RefusalError):
            parse(data)
    with contextlib.suppress(RefusalError):
        strict_json.parse(data, code="key-file")
    assert list(jsonl.answer(data, Path())) == SHAPE


@given(st.data())
def test_sheets_with_slips(data):
    text = "\n".join(f"{number} {line}" for number, line in enumerate(LINES, start=1))
    at = data.draw(st.integers(0, len(text) - 1))
    slip = data.draw(st.text(max_size=3))
    with contextlib.suppress(RefusalError):
        assert recovery.parse((text[:at] + slip + text[at + 1 :]).encode()).kid == DESCRIPTION.kid


@given(changed(CASE))
def test_lines(case):
    answer = jsonl.answer(written(case), Path("/no/such/folder"))
    assert list(answer) == SHAPE
    json.dumps(answer, allow_nan=False)


cbor_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary()
    | st.datetimes(timezones=st.just(UTC)),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(st.integers() | st.text() | st.binary() | st.booleans(), inner, max_size=4)
    | st.builds(cbor.Tag, st.integers(1000, 2000), inner),
    max_leaves=12,
)  # fmt: skip


@given(cbor_values)
def test_any_claims_become_json(value):
    json.dumps(plain(value), allow_nan=False)
