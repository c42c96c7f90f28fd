"""Synthetic trust lists of the shape that others publish: one DID document with everybody's keys."""

import base64
from datetime import datetime, timedelta
from typing import Any

from huxin.kernel.crypto import PrivateKey, self_signed
from huxin.kernel.identifiers import kid_of

__all__ = ["did_list", "method"]

_HOST = "did:web:lists.example.org:v2:trustlist:-"


def method(
    participant: str,
    secret: int,
    *,
    now: datetime,
    until: datetime | None = None,
    name: str = "",
) -> dict[str, Any]:
    """One key of a participant, valid since a hundred days."""
    key = PrivateKey.from_secret(secret.to_bytes(32, "big"))
    certificate = self_signed(
        key,
        name=name or f"Health {participant}",
        serial=secret,
        not_before=now - timedelta(days=100),
        not_after=until or now + timedelta(days=300),
    )
    kid = base64.b64encode(kid_of(certificate)).decode()
    path = f"{_HOST}:{participant}:DCC:DSC"
    jwk = {**key.public.jwk(), "x5c": [base64.b64encode(certificate).decode()]}
    return {
        "id": f"{path}#{kid}",
        "type": "JsonWebKey2020",
        "controller": path,
        "publicKeyJwk": jwk,
    }


def did_list(*methods: Any) -> dict[str, Any]:
    """A list of these keys."""
    return {
        "@context": ["https://www.w3.org/ns/did/v1"],
        "id": _HOST,
        "controller": _HOST,
        "verificationMethod": list(methods),
    }
