"""Token Status Lists: the same set as others read it, bounded."""

import json
import zlib
from datetime import timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.kernel import jws
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.status import rice, token_list
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.token_list import TokenList
from tests.lib.regions import NOW
from tests.lib.status_signer import SetSigner

KEY: Final = PrivateKey.from_secret(bytes(31) + b"\x21")
SIGNER: Final = SetSigner(KEY, b"k")
URI: Final = "https://node.example.org/status/1"
SET: Final = IndexSet.of((0, 9, 1_048_575))
TOMORROW: Final = int((NOW + timedelta(days=1)).timestamp())
TOKEN: Final = TokenList(URI, SET, int(NOW.timestamp()), TOMORROW, 3600)
EMPTY: Final = zlib.compress(bytes(1 << 17))


@given(st.sets(st.integers(0, 2**20 - 1), max_size=30))
def test_both_forms_hold_the_same_set(indices: set[int]) -> None:
    found = IndexSet.of(indices)
    assert token_list.decode(token_list.encode(found)) == rice.decode(rice.encode(found))


def test_the_lowest_bit_comes_first() -> None:
    bits = zlib.decompress(token_list.encode(SET))
    assert (bits[0], bits[1], bits[-1], len(bits)) == (1, 2, 0x80, 1 << 17)


# Appendix C.1 of the draft: 2^20 places of one bit, and the places that are INVALID.
PUBLISHED: Final = (
    "eNrt3AENwCAMAEGogklACtKQPg9LugC9k_ACvreiogE"
    "AAKkeCQAAAAAAAAAAAAAAAAAAAIBylgQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    "AAAAAAAAAAAAAAAAAAAXG9IAAAAAAAAAPwsJAAAAAAAAAAAAAAAvhsSAAAAAAAAAAA"
    "A7KpLAAAAAAAAAAAAAAAAAAAAAJsLCQAAAAAAAAAAADjelAAAAAAAAAAAKjDMAQAAA"
    "ACAZC8L2AEb"
)
INVALID: Final = (
    0, 1993, 25460, 159495, 495669, 554353, 645645, 723232, 854545, 934534, 1000345,
)  # fmt: skip


def test_the_published_list_has_its_published_places() -> None:
    assert token_list.decode(jws.b64url_bytes(PUBLISHED)) == IndexSet.of(INVALID)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "inflate"),
        (b"no", "inflate"),
        (EMPTY[:-1], "inflate"),
        (EMPTY + b"x", "inflate"),
        (zlib.compress(bytes(1 << 24)), "too-big"),
        (bytes(token_list.MAX_BYTES + 1), "too-big"),
        (zlib.compress(bytes(1 << 16)), "size"),
        (zlib.compress(bytes((1 << 17) + 1)), "size"),
    ],
)
def test_hostile_lists_are_refused(data: bytes, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail):
        token_list.decode(data)


def read(text: str, **changed: Any) -> TokenList:
    given: dict[str, Any] = {"key": KEY.public, "uri": URI, "now": NOW} | changed
    return TokenList.open(text, **given)


def token(claims: object, **header: object) -> str:
    head = {"alg": "ES256", "kid": "k", "typ": "statuslist+jwt"} | header
    parts = [jws.b64url(json.dumps(part).encode()) for part in (head, claims)]
    signature = KEY.sign(".".join(parts).encode(), deterministic=True)
    return ".".join((*parts, jws.b64url(signature)))


LISTED: Final = {"bits": 1, "lst": jws.b64url(EMPTY)}
CLAIMS: Final = {"sub": URI, "iat": 1, "status_list": LISTED}


def test_a_token_is_signed_and_read() -> None:
    assert read(TOKEN.sign(SIGNER)) == TOKEN
    assert read(token(CLAIMS)) == TokenList(URI, IndexSet.of(()), 1)
    endless = TokenList(URI, SET, 1)
    assert read(endless.sign(SIGNER)) == endless


@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("a.b", "jws"),
        ("A" * (2 * token_list.MAX_BYTES + 1), "too-big"),
        (token(CLAIMS, typ="JWT"), "jws"),
        (token(CLAIMS, crit=["x"]), "jws"),
        (token(CLAIMS, alg="none"), "signature"),
        (TOKEN.sign(SetSigner(PrivateKey.generate(), b"k")), "signature"),
        (token(CLAIMS | {"sub": "https://elsewhere.example"}), "another list"),
        (token(CLAIMS | {"exp": int(NOW.timestamp())}), "expired"),
        (token(CLAIMS | {"exp": "soon"}), "whole seconds"),
        (token(CLAIMS | {"ttl": 0.5}), "whole seconds"),
        (token(CLAIMS | {"ttl": True}), "whole seconds"),
        (token(CLAIMS | {"ttl": 0}), "kept"),
        (token(CLAIMS | {"sub": 1}), "address or time"),
        (token(CLAIMS | {"iat": 1.5}), "address or time"),
        (token([]), "address or time"),
        (token(CLAIMS | {"status_list": []}), "one bit"),
        (token(CLAIMS | {"status_list": LISTED | {"bits": 2}}), "one bit"),
        (token(CLAIMS | {"status_list": LISTED | {"bits": True}}), "one bit"),
        (token(CLAIMS | {"status_list": LISTED | {"lst": 1}}), "one bit"),
    ],
)
def test_other_tokens_are_refused(text: str, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail):
        read(text)
