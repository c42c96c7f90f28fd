"""JSON Web Signatures in compact form (RFC 7515) and JWK thumbprints (RFC 7638).

Splits and decodes, and says what was signed; whether the signature holds is asked of
`huxin.kernel.crypto` by the caller who knows which key is meant.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

from huxin.kernel.errors import RefusalError

__all__ = ["CompactJws", "b64url", "b64url_bytes", "parse_compact", "parse_json", "thumbprint"]

_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_TO_STANDARD: Final = bytes.maketrans(b"-_", b"+/")
_MAX_JSON_DEPTH: Final = 64
_THUMBPRINT_MEMBERS: Final = {
    "EC": ("crv", "kty", "x", "y"),
    "OKP": ("crv", "kty", "x"),
    "RSA": ("e", "kty", "n"),
}


@dataclass(frozen=True, slots=True)
class CompactJws:
    """The three parts of a compact JWS, and the bytes that its signature covers."""

    header: Mapping[str, Any]
    payload: bytes
    signature: bytes
    signed: bytes


def parse_compact(text: str) -> CompactJws:
    """Split `header.payload.signature`; refuses with `jws` what is not three base64url parts."""
    parts = text.encode("ascii", "replace").split(b".")
    if len(parts) != 3 or not parts[0] or not parts[1]:
        raise RefusalError("jws", "not three parts")
    head, payload, signature = parts
    return CompactJws(
        _header(head), _decode(payload), _decode(signature), b".".join((head, payload))
    )


# An issuer writes the same header on every card, so a gate reads it once.
@lru_cache(maxsize=1024)
def _header(encoded: bytes) -> Mapping[str, Any]:
    header = parse_json(_decode(encoded), code="jws")
    if not isinstance(header, dict):
        raise RefusalError("jws", "header is not an object")
    return MappingProxyType(header)


def _decode(encoded: bytes) -> bytes:
    if encoded.translate(None, _LETTERS):
        raise RefusalError("jws", "not base64url")
    try:
        padding = b"=" * (-len(encoded) % 4)
        return binascii.a2b_base64(encoded.translate(_TO_STANDARD) + padding, strict_mode=True)
    except binascii.Error as error:
        raise RefusalError("jws", "not base64url") from error


def parse_json(data: bytes, *, code: str) -> Any:
    """Decode UTF-8 JSON; NaN, or nesting past 64 levels, is refused with `code`.

    Of a repeated key the last one counts, as in every browser.
    """
    # The scanner recurses in C; counting brackets first bounds the depth for certain.
    if data.count(b"[") + data.count(b"{") > _MAX_JSON_DEPTH and _depth(data) > _MAX_JSON_DEPTH:
        raise RefusalError(code, "JSON nested too deep")
    try:
        value = _DECODER.decode(data.decode("utf-8-sig"))
        # Half a surrogate pair, written as an escape, is a text that cannot be written again.
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        return value
    except ValueError as error:
        raise RefusalError(code, "not JSON") from error


def _depth(data: bytes) -> int:
    """Return an upper bound of nesting; brackets inside strings count too, which only errs high."""
    depth = deepest = 0
    for byte in data:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _no_constant(name: str) -> Any:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(parse_constant=_no_constant)


def b64url(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def b64url_bytes(text: str) -> bytes:
    """Read base64url without padding; refuses with `jws` any other letter or length."""
    return _decode(text.encode("ascii", "replace"))


def thumbprint(jwk: dict[str, Any]) -> str:
    """Return the SHA-256 thumbprint of a public JWK; refuses with `kid` an unknown key type."""
    members = _THUMBPRINT_MEMBERS.get(str(jwk.get("kty")))
    if members is None or not all(isinstance(jwk.get(name), str) for name in members):
        raise RefusalError("kid", "a JWK without its members")
    canonical = json.dumps({name: jwk[name] for name in members}, separators=(",", ":"))
    return b64url(hashlib.sha256(canonical.encode("utf-8")).digest())
