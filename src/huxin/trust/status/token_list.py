"""The same set as others read it: an IETF Token Status List, one bit for each place.

Holds the bytes and the JWT form; the CWT form stands in `token_list_cwt`.

- the list: one bit a place, packed from the lowest bit of each byte, then ZLIB (RFC 1950) around
  DEFLATE, at the highest level (section 4.1).  A one is INVALID, which is never taken back (7.1);
- the token: header `typ` = `statuslist+jwt`; claims `sub` (the address as cards have it) and `iat`
  are required, `exp` and `ttl` (above zero) recommended, `status_list` holds `bits` and `lst` in base64url
  without padding (4.2 and 5.1).  Other claims may stand beside them;
- a verifier refuses another `typ`, another `sub`, an `exp` that has passed (8.3).

Lists of 2, 4 or 8 bits a place are not read, nor tokens under a MAC, which only their maker can check.

Source: draft-ietf-oauth-status-list-17, "Token Status List (TSL)".
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huxin.kernel import jws
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.trust.status import Signer
from huxin.trust.status.index_set import MAX_BITS, MIN_BITS, IndexSet

__all__ = ["MAX_BYTES", "TokenList", "decode", "encode"]

_TYPE: Final = "statuslist+jwt"
_MAX_INFLATED: Final = 1 << MAX_BITS - 3
MAX_BYTES: Final = _MAX_INFLATED + 65_536


def encode(found: IndexSet) -> bytes:
    """Return `lst`: the bits of all places, compressed with zlib at its highest level."""
    bits = bytearray(found.places // 8)
    for index in found.indices:
        bits[index >> 3] |= 1 << (index & 7)
    return zlib.compress(bytes(bits), 9)


def decode(data: bytes) -> IndexSet:
    """Read `lst`; refuses with `inflate`, `too-big`, or `bad-input` a list of another size."""
    bits = _inflate(data)
    size = 8 * len(bits)
    if size.bit_count() != 1 or not 1 << MIN_BITS <= size <= 1 << MAX_BITS:
        raise RefusalError("bad-input", "a token status list whose size is not that of a list")
    indices = tuple(
        place * 8 + bit
        for place, byte in enumerate(bits)
        if byte
        for bit in range(8)
        if byte >> bit & 1
    )
    return IndexSet(size.bit_length() - 1, indices)


def _inflate(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise RefusalError("too-big", "a token status list")
    stream = zlib.decompressobj()
    try:
        bits = stream.decompress(data, _MAX_INFLATED + 1)
    except zlib.error as error:
        raise RefusalError("inflate", "not a compressed stream") from error
    if len(bits) > _MAX_INFLATED:
        raise RefusalError("too-big", "a token status list inflates past every list")
    if not stream.eof or stream.unused_data:
        raise RefusalError("inflate", "cut short, or bytes after the end")
    return bits


@dataclass(frozen=True, slots=True)
class TokenList:
    """What a Status List Token says: the set, its address, when it was true, how long to keep it."""

    uri: str
    found: IndexSet
    issued: int
    expires: int | None = None
    ttl: int | None = None

    def sign(self, signer: Signer) -> str:
        """Return the signed token as a JWT."""
        header = {"alg": signer.algorithm, "kid": kid_text(signer.kid), "typ": _TYPE}
        listed = {"bits": 1, "lst": jws.b64url(encode(self.found))}
        claims = {**self.claims(), "status_list": listed}
        signed = f"{_part(header)}.{_part(claims)}"
        signature = signer.sign(signed.encode("ascii"))
        return f"{signed}.{jws.b64url(signature)}"

    def claims(self) -> dict[str, str | int]:
        """Return the claims beside the list, by their names in a JWT."""
        claims: dict[str, str | int] = {"sub": self.uri, "iat": self.issued}
        if self.expires is not None:
            claims["exp"] = self.expires
        if self.ttl is not None:
            claims["ttl"] = self.ttl
        return claims

    @classmethod
    def open(cls, text: str, *, key: PublicKey, uri: str, now: datetime) -> TokenList:
        """Read a JWT of the list at `uri`, signed by `key`, that has not expired at `now`."""
        if len(text) > 2 * MAX_BYTES:
            raise RefusalError("too-big", "a status list token")
        token = jws.parse_compact(text)
        if token.header.get("typ") != _TYPE or "crit" in token.header:
            raise RefusalError("jws", "not a status list token")
        if token.header.get("alg") != key.algorithm or not key.verify(
            token.signature, token.signed
        ):
            raise RefusalError("signature", "a status list token")
        claims = jws.parse_json(token.payload, code="jws")
        fields: Mapping[str, Any] = claims if isinstance(claims, dict) else {}
        inner = fields.get("status_list")
        listed: Mapping[str, Any] = inner if isinstance(inner, dict) else {}
        packed = listed.get("lst")
        lst = jws.b64url_bytes(packed) if isinstance(packed, str) else None
        return cls.said(fields, listed.get("bits"), lst, uri=uri, now=now)

    @classmethod
    def said(
        cls, claims: Mapping[str, Any], bits: object, lst: object, *, uri: str, now: datetime
    ) -> TokenList:
        """Check what a signed token says, in either form; `claims` by their names in a JWT.

        Refuses with `bad-input`, `expired`, or as `decode` does.
        """
        found, issued = claims.get("sub"), claims.get("iat")
        expires, ttl = claims.get("exp"), claims.get("ttl")
        if not isinstance(found, str) or type(issued) is not int:
            raise RefusalError("bad-input", "a token without address or time")
        if not all(one is None or type(one) is int for one in (expires, ttl)):
            raise RefusalError("bad-input", "a token whose times are no whole seconds")
        if ttl is not None and ttl <= 0:
            raise RefusalError("bad-input", "a token that may not be kept at all")
        if found != uri:
            raise RefusalError("bad-input", "a token of another list")
        if expires is not None and expires <= now.timestamp():
            raise RefusalError("expired", "a status list token")
        if type(bits) is not int or bits != 1 or not isinstance(lst, bytes):
            raise RefusalError("bad-input", "a token without a list of one bit a place")
        return cls(found, decode(lst), issued, expires, ttl)


def _part(value: object) -> str:
    return jws.b64url(json.dumps(value, separators=(",", ":")).encode("utf-8"))
