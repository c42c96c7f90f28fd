"""Status List Tokens as CWT: the same claims as numbers, in one form of envelope."""

from datetime import timedelta
from typing import Any, Final

import pytest

from huxin.kernel import cbor
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import cose
from huxin.trust.status import token_list
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.token_list import TokenList
from huxin.trust.status.token_list_cwt import open_cwt, sign_cwt
from tests.lib.regions import NOW
from tests.lib.status_signer import SetSigner

KEY: Final = PrivateKey.from_secret(bytes(31) + b"\x21")
SIGNER: Final = SetSigner(KEY, b"12")
URI: Final = "https://node.example.org/status/1"
TOMORROW: Final = int((NOW + timedelta(days=1)).timestamp())
SAID: Final = TokenList(URI, IndexSet.of((0, 9, 1_048_575)), int(NOW.timestamp()), TOMORROW, 43_200)
LISTED: Final = {"bits": 1, "lst": token_list.encode(IndexSet.of(()))}
CLAIMS: Final = {2: URI, 6: 1, 65533: LISTED}
TYPE: Final = "application/statuslist+cwt"


def read(data: bytes) -> TokenList:
    return open_cwt(data, key=KEY.public, uri=URI, now=NOW)


def token(claims: object, kind: str | None = TYPE) -> bytes:
    protected, payload = cose.protect("ES256", b"12", kind), cbor.dumps(claims)
    signature = KEY.sign(cose.signed_bytes(protected, payload), deterministic=True)
    return cose.write(protected, payload, signature)


def unprotected() -> bytes:
    """Return an envelope without a protected header: algorithm and kid stand beside it."""
    payload = cbor.dumps(CLAIMS)
    signature = KEY.sign(cose.signed_bytes(b"", payload), deterministic=True)
    parts = [b"", {1: -7, 4: b"12", 16: TYPE}, payload, signature]
    return cbor.dumps(cbor.Tag(18, parts))


def test_a_token_is_signed_and_read() -> None:
    assert read(sign_cwt(SAID, SIGNER)) == SAID
    endless = TokenList(URI, SAID.found, 1)
    assert read(sign_cwt(endless, SIGNER)) == endless
    assert read(token(CLAIMS | {1: "QW", -70_000: "more"})) == TokenList(URI, IndexSet.of(()), 1)


def test_a_long_list_is_read() -> None:
    many = TokenList(URI, IndexSet.of(range(0, 1 << 20, 7)), 1)
    scattered = TokenList(URI, IndexSet.of({one * one % 1_048_573 for one in range(99_999)}), 1)
    assert len(sign_cwt(scattered, SIGNER)) > cbor.MAX_BYTES
    assert read(sign_cwt(scattered, SIGNER)) == scattered
    assert read(sign_cwt(many, SIGNER)) == many


def test_the_claims_have_their_registered_numbers() -> None:
    data = sign_cwt(SAID, SIGNER)
    assert data[:2] == b"\xd2\x84"
    opened = cose.parse(data)
    claims = cbor.loads(opened.payload)
    assert claims[65533] == {"bits": 1, "lst": token_list.encode(SAID.found)}
    rest = {number: value for number, value in claims.items() if number != 65533}
    assert rest == {2: URI, 4: TOMORROW, 6: int(NOW.timestamp()), 65534: 43_200}


def retagged(tags: tuple[int, ...]) -> bytes:
    item: Any = cbor.loads(token(CLAIMS)).value
    for tag in tags:
        item = cbor.Tag(tag, item)
    return cbor.dumps(item)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "cbor"),
        (b"\xa0", "cose"),
        (bytes(token_list.MAX_BYTES + 1), "too-big"),
        (retagged(()), "not a status list token"),
        (retagged((17,)), "right tags"),
        (retagged((18, 61)), "not a status list token"),
        (token(CLAIMS, None), "not a status list token"),
        (token(CLAIMS, "application/mso+cbor"), "not a status list token"),
        (unprotected(), "not a status list token"),
        (sign_cwt(SAID, SetSigner(PrivateKey.generate(), b"12")), "signature"),
        (token([]), "address or time"),
        (token(CLAIMS | {2: 1}), "address or time"),
        (token(CLAIMS | {4: "soon"}), "whole seconds"),
        (token(CLAIMS | {65534: 0}), "kept"),
        (token(CLAIMS | {2: "https://elsewhere.example"}), "another list"),
        (token(CLAIMS | {4: int(NOW.timestamp())}), "expired"),
        (token(CLAIMS | {65533: []}), "one bit"),
        (token(CLAIMS | {65533: LISTED | {"bits": 2}}), "one bit"),
        (token(CLAIMS | {65533: LISTED | {"lst": "text"}}), "one bit"),
        (token(CLAIMS | {65533: LISTED | {"lst": b"no"}}), "inflate"),
    ],
)
def test_other_tokens_are_refused(data: bytes, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail):
        read(data)


def test_another_algorithm_is_not_asked() -> None:
    other = token(CLAIMS).replace(
        cose.protect("ES256", b"12", TYPE), cose.protect("EdDSA", b"12", TYPE)
    )
    with pytest.raises(RefusalError, match="signature"):
        read(other)
