"""COSE_Sign1 (RFC 9052, section 4.2): one payload, one signature, two headers.

Reads what occurs: untagged, tag 18, tags 61 and 18, and 18 inside 18; algorithm and key
identifier in either header, where the protected one wins.  Writes tag 18 with both in
the protected header.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError

__all__ = ["Sign1", "kind", "parse", "protect", "signed_bytes", "write"]

_ALG: Final = 1
_CRIT: Final = 2
_KID: Final = 4
_TYPE: Final = 16
_ALGORITHMS: Final = {-7: "ES256", -37: "PS256", -8: "EdDSA"}
_NUMBERS: Final = {name: number for number, name in _ALGORITHMS.items()}
_TAGS: Final = ((), (18,), (61, 18), (18, 18))
_MAX_KID: Final = 64
_USUAL_START: Final = b"\xd2\x84"  # tag 18, four parts
_EMPTY_MAP: Final = 0xA0
_EMPTY_PROTECTED: Final = b"\xa0"
_CONTEXT: Final = b"\x84\x6aSignature1"


class Sign1(NamedTuple):
    """An opened envelope; `signed` are the bytes that the signature covers."""

    algorithm: str | None
    kid: bytes | None
    rival_kid: bytes | None
    payload: bytes
    signature: bytes
    signed: bytes


def parse(data: bytes, *, limit: int = cbor.MAX_BYTES) -> Sign1:
    """Open an envelope; refuses with `cbor` (not CBOR), `cose` (not a COSE_Sign1) or `too-big`."""
    return _parse_usual(data) or _parse_any(data, limit)


def _parse_usual(data: bytes) -> Sign1 | None:
    """Open the form that nearly all cards have, by position; `None` for any other.

    Tag 18, four parts, byte strings with the shortest heads, an empty unprotected header
    and nothing behind: then the bytes that are signed stand in the message as they are.
    """
    if not data.startswith(_USUAL_START):
        return None
    protected_at, protected_end = _byte_string(data, 2)
    payload_at, payload_end = _byte_string(data, protected_end + 1)
    signature_at, end = _byte_string(data, payload_end)
    if end != len(data) or data[protected_end] != _EMPTY_MAP:
        return None
    protected = data[protected_at:protected_end]
    if protected == _EMPTY_PROTECTED:
        return None  # is signed as empty bytes, not as it stands
    algorithm, kid = _protected(protected)
    return Sign1(
        algorithm,
        kid,
        None,
        data[payload_at:payload_end],
        data[signature_at:end],
        b"".join((_CONTEXT, data[2:protected_end], b"\x40", data[protected_end + 1 : payload_end])),
    )


def _byte_string(data: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the byte string at `at` begins and ends; far out if none is."""
    head = data[at : at + 3]
    if len(head) == 3:
        if 0x41 <= head[0] <= 0x57:
            return at + 1, at + 1 + head[0] - 0x40
        if head[0] == 0x58 and head[1] >= 24:
            return at + 2, at + 2 + head[1]
        if head[0] == 0x59 and head[1]:
            return at + 3, at + 3 + (head[1] << 8 | head[2])
    return len(data), len(data) + 1


def _parse_any(data: bytes, limit: int) -> Sign1:
    item = cbor.loads(data, limit=limit)
    tags: tuple[int, ...] = ()
    while isinstance(item, cbor.Tag) and len(tags) < 2:
        item, tags = item.value, (*tags, item.tag)
    if tags not in _TAGS or not isinstance(item, list | tuple) or len(item) != 4:
        raise RefusalError("cose", "not four parts under the right tags")
    protected, unprotected, payload, signature = item
    if not _is_bytes(protected, payload, signature) or not isinstance(unprotected, Mapping):
        raise RefusalError("cose", "parts of the wrong type")
    algorithm, kid = _protected(protected)
    other_algorithm, other_kid = _headers(unprotected)
    return Sign1(
        algorithm=algorithm or other_algorithm,
        kid=kid if kid is not None else other_kid,
        rival_kid=other_kid if kid is not None and other_kid not in (None, kid) else None,
        payload=payload,
        signature=signature,
        signed=signed_bytes(protected, payload),
    )


def _is_bytes(*parts: object) -> bool:
    return all(isinstance(part, bytes) for part in parts)


# An issuer writes the same protected header on every card, so a gate reads it once.
@lru_cache(maxsize=1024)
def _protected(data: bytes) -> tuple[str | None, bytes | None]:
    headers = cbor.loads(data) if data else {}
    if not isinstance(headers, Mapping):
        raise RefusalError("cose", "protected header is not a map")
    return _headers(headers)


def _headers(headers: Mapping[Any, Any]) -> tuple[str | None, bytes | None]:
    if not headers:
        return None, None
    if _CRIT in headers:
        # RFC 9052, 3.1: what is marked critical must be understood, and nothing is.
        raise RefusalError("cose", "a critical header")
    if not cbor.has_plain_keys(headers):
        raise RefusalError("cose", "a header named by neither number nor text")
    algorithm, kid = headers.get(_ALG), headers.get(_KID)
    if kid is not None and not (isinstance(kid, bytes) and 0 < len(kid) <= _MAX_KID):
        raise RefusalError("kid", "a key identifier that is not bytes")
    name = None
    if algorithm is not None:
        name = _ALGORITHMS.get(algorithm, "unknown") if type(algorithm) is int else "unknown"
    return name, kid


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """Return Sig_structure (RFC 9052, section 4.4) without external data."""
    if protected == _EMPTY_PROTECTED:
        protected = b""  # an empty map counts as empty bytes here, however it was written
    return b"".join(
        (_CONTEXT, _head(len(protected)), protected, b"\x40", _head(len(payload)), payload)
    )


def _head(length: int) -> bytes:
    """Return the CBOR head of a byte string of `length` bytes."""
    if length < 24:
        return bytes((0x40 | length,))
    if length < 0x100:
        return bytes((0x58, length))
    if length < 0x10000:
        return b"\x59" + length.to_bytes(2, "big")
    return b"\x5a" + length.to_bytes(4, "big")


@lru_cache(maxsize=64)
def protect(algorithm: str, kid: bytes, kind: str | None = None) -> bytes:
    """Return the protected header that we write; `kind` is the type of RFC 9596, where one is due."""
    headers: dict[int, object] = {_ALG: _NUMBERS[algorithm], _KID: kid}
    if kind is not None:
        headers[_TYPE] = kind
    return cbor.dumps(headers)


def kind(data: bytes, *, limit: int = cbor.MAX_BYTES) -> object:
    """Return the protected type (RFC 9596) of an envelope with tag 18 alone; `None` where it has none.

    Call it on what `parse` opened: another envelope than that form has no type here.
    """
    item = cbor.loads(data, limit=limit)
    if not isinstance(item, cbor.Tag) or not isinstance(item.value, list | tuple):
        return None
    protected = cbor.loads(item.value[0]) if item.value[0] else {}
    return protected.get(_TYPE)


def write(protected: bytes, payload: bytes, signature: bytes) -> bytes:
    """Return the tagged envelope."""
    return b"".join(
        (
            _USUAL_START,
            _head(len(protected)),
            protected,
            b"\xa0",
            _head(len(payload)),
            payload,
            _head(len(signature)),
            signature,
        )
    )
