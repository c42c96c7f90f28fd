"""One line of the vectors of withdrawal lists, and what all of them share: instant, list, key, envelope."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any, Final

from tools.vectors.keys import Issuer, issuer
from tools.vectors.plain import Tag, cbor

__all__ = [
    "AT", "DAY", "KEY", "KID", "NOW", "PLACES", "REGION", "SIGNER", "SOME", "STRANGER", "URI", "StatusCase",
    "sign1",
]  # fmt: skip

AT: Final = "2026-11-23T10:00:00Z"
NOW: Final = 1_795_428_000
DAY: Final = 86_400
REGION: Final = "QW"
URI: Final = "https://reed.example/status/1"
KEY: Final = issuer("status sets")
STRANGER: Final = issuer("somebody else")
KID: Final = b"status-1"
PLACES: Final = 1 << 20
SOME: Final = (0, 9, 77, 88_310, 1_048_575)
SIGNER: Final = {"keys": [{"jwk": KEY.jwk, "kid": base64.b64encode(KID).decode("ascii")}]}


@dataclass(frozen=True, kw_only=True)
class StatusCase:
    """A line: the bytes or the text, and the places that have to come of it, or the refusal."""

    id: str
    name: str
    form: str
    shown: bytes | str
    indices: tuple[int, ...] = ()
    bits: int = 20
    refused: str | None = None
    more: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)

    def line(self) -> dict[str, Any]:
        """Return the line as plain data."""
        key, value = "text", self.shown
        if isinstance(value, bytes):
            key, value = "data", base64.b64encode(value).decode("ascii")
        expected: dict[str, Any] = {"bits": self.bits, **self.said, "indices": list(self.indices)}
        if self.refused is not None:
            expected = {"refused": self.refused}
        named = {"id": self.id, "name": self.name, "form": self.form}
        return {**named, key: value, **self.more, "expected": expected}


def sign1(payload: bytes, by: Issuer, protected: dict[int, Any], tag: int | None = 18) -> bytes:
    """Return a COSE_Sign1 with such a protected header, under a tag or under none."""
    head = cbor(protected)
    signature = by.sign(cbor(["Signature1", head, b"", payload]))
    parts = [head, {}, payload, signature]
    return cbor(parts if tag is None else Tag(tag, parts))
