"""Small writers of CBOR, Base45, health card digits and JWS, plain on purpose.

The vectors must not inherit a fault of the program that they test, so nothing here is
shared with it.  The CBOR writer also writes what no encoder would: repeated keys,
heads of any size, bytes as they are.
"""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import dataclass
from typing import Any, Final

__all__ = [
    "Pairs", "Raw", "Tag", "b64url", "base45", "cbor", "deflate", "digits", "head", "json_bytes",
]  # fmt: skip

_LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_SIMPLE: Final = {False: b"\xf4", True: b"\xf5", None: b"\xf6"}


@dataclass(frozen=True)
class Raw:
    """Bytes that already are CBOR."""

    data: bytes


@dataclass(frozen=True)
class Tag:
    """A tagged item."""

    number: int
    value: Any


@dataclass(frozen=True)
class Pairs:
    """A map written pair by pair, repeated keys and all."""

    pairs: tuple[tuple[Any, Any], ...]


def head(major: int, value: int) -> bytes:
    """Return the shortest head of an item (RFC 8949, section 3)."""
    if value < 24:
        return bytes((major << 5 | value,))
    size = next(size for size in (1, 2, 4, 8) if value < 1 << 8 * size)
    return bytes((major << 5 | 23 + size.bit_length(),)) + value.to_bytes(size, "big")


def cbor(value: Any) -> bytes:
    """Write a value; maps keep the order they have."""
    match value:
        case Raw(data):
            return data
        case Tag(number, inner):
            return head(6, number) + cbor(inner)
        case Pairs(pairs):
            return head(5, len(pairs)) + b"".join(cbor(key) + cbor(item) for key, item in pairs)
        case dict():
            return cbor(Pairs(tuple(value.items())))
        case list() | tuple():
            return head(4, len(value)) + b"".join(map(cbor, value))
        case _:
            return _atom(value)


def _atom(value: Any) -> bytes:
    match value:
        case bool() | None:
            return _SIMPLE[value]
        case int():
            return head(0, value) if value >= 0 else head(1, -1 - value)
        case float():
            return b"\xfb" + struct.pack(">d", value)
        case bytes():
            return head(2, len(value)) + value
        case str():
            return head(3, len(value.encode())) + value.encode()
    raise TypeError(type(value))


def base45(data: bytes) -> str:
    """Write Base45, group by group as RFC 9285 tells it."""
    letters = []
    for at in range(0, len(data), 2):
        number = int.from_bytes(data[at : at + 2], "big")
        for _ in range(3 if len(data) - at > 1 else 2):
            number, digit = divmod(number, 45)
            letters.append(_LETTERS[digit])
    return "".join(letters)


def digits(text: str) -> str:
    """Write a JWS as the digits of a health card."""
    return "".join(f"{ord(letter) - 45:02d}" for letter in text)


def b64url(data: bytes) -> str:
    """Write base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def json_bytes(value: Any) -> bytes:
    """Write JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def deflate(data: bytes, *, raw: bool = False, level: int = 9) -> bytes:
    """Compress, as zlib (HCERT) or raw (health cards); level 0 stores."""
    stream = zlib.compressobj(level, zlib.DEFLATED, -15 if raw else 15)
    return stream.compress(data) + stream.flush()
