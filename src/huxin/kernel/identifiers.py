"""Names that machines give to things: regions, key identifiers, credential identifiers."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["kid_of", "kid_text", "parse_region"]

_REGION: Final = re.compile(r"[A-Z]{2,3}(?:-[A-Z0-9]{1,8})?")
_KID_BYTES: Final = 8


def parse_region(text: str) -> str:
    """Check a region code: two or three capitals, and perhaps a part of a region (`QV-01`)."""
    if not _REGION.fullmatch(text):
        raise RefusalError("bad-input", "a region is two or three capitals, such as QV or QV-01")
    return text


def kid_of(key_material: bytes) -> bytes:
    """Return the key identifier of a certificate or public key (DER): 8 bytes of SHA-256."""
    return hashlib.sha256(key_material).digest()[:_KID_BYTES]


def kid_text(kid: bytes) -> str:
    """Write a key identifier for people: base64 of 8 binary bytes, or the text that it is."""
    if len(kid) != _KID_BYTES and kid.isascii() and kid.decode("ascii").isprintable():
        return kid.decode("ascii")
    return base64.b64encode(kid).decode("ascii")
