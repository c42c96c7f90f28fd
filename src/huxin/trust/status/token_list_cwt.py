"""A Status List Token in its CWT form: the same claims as numbers, in a COSE_Sign1.

- tag 18 alone: without it, or with the CWT tag 61 around it, it is no such token;
- the protected header has the type (16, RFC 9596) `application/statuslist+cwt`;
- claims 2 `sub`, 6 `iat`, 4 `exp`, 65534 `ttl`, and 65533: a map of `bits` and `lst`, which is bytes.

A token under a MAC (tag 17) is not read, nor one whose type is a number of CoAP.

Source: draft-ietf-oauth-status-list-17, sections 4.3 and 5.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from huxin.kernel import cbor
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import cose
from huxin.trust.status import Signer
from huxin.trust.status.token_list import MAX_BYTES, TokenList, encode

__all__ = ["open_cwt", "sign_cwt"]

_TYPE: Final = "application/statuslist+cwt"
_NAMES: Final[Mapping[int, str]] = {2: "sub", 4: "exp", 6: "iat", 65534: "ttl"}
_NUMBERS: Final = {name: number for number, name in _NAMES.items()}
_STATUS_LIST: Final = 65533


def sign_cwt(said: TokenList, signer: Signer) -> bytes:
    """Return the signed token."""
    claims: dict[int, Any] = {_NUMBERS[name]: value for name, value in said.claims().items()}
    claims[_STATUS_LIST] = {"bits": 1, "lst": encode(said.found)}
    protected, payload = cose.protect(signer.algorithm, signer.kid, _TYPE), cbor.dumps(claims)
    signature = signer.sign(cose.signed_bytes(protected, payload))
    return cose.write(protected, payload, signature)


def open_cwt(data: bytes, *, key: PublicKey, uri: str, now: datetime) -> TokenList:
    """Read a token of the list at `uri`, signed by `key`, that has not expired at `now`."""
    opened = cose.parse(data, limit=MAX_BYTES)
    if cose.kind(data, limit=MAX_BYTES) != _TYPE:
        raise RefusalError("cose", "not a status list token")
    if opened.algorithm != key.algorithm or not key.verify(opened.signature, opened.signed):
        raise RefusalError("signature", "a status list token")
    read = cbor.loads(opened.payload, limit=MAX_BYTES)
    fields: Mapping[Any, Any] = read if isinstance(read, Mapping) else {}
    claims = {name: fields.get(number) for number, name in _NAMES.items()}
    inner = fields.get(_STATUS_LIST)
    listed: Mapping[Any, Any] = inner if isinstance(inner, Mapping) else {}
    return TokenList.said(claims, listed.get("bits"), listed.get("lst"), uri=uri, now=now)
