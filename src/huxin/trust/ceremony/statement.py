"""A region's statement: who it is, and the public keys with which it will sign; signed by itself.

    {"huxin": "region-statement", "v": 1, "region", "name": {zh, en}, "environment", "made_at",
     "keys": {"root", "charter", "emergency", "witness", "officers": […]}, "signing": base64 of the file of keys,
     "signature": by the root key over the canonical JSON of all the rest}

This is what a region hands to its sponsor instead of keys in a letter.  The signature proves that whoever wrote it
holds the root key; that this is the region's, people establish by meeting.

- every key is Ed25519, and no two are the same;
- a region has at least three officers, of whom two sign what it publishes.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from huxin.kernel.canonical import canonical_json
from huxin.kernel.crypto import PrivateKey, PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.instants import rfc3339
from huxin.trust.anchors import ENVIRONMENTS
from huxin.trust.federation.fields import document, refuse
from huxin.trust.federation.region_keys import RegionKeys, parse_region_keys, write_region_keys

__all__ = [
    "LEAST_OFFICERS",
    "MOST_BYTES",
    "PURPOSES",
    "Statement",
    "fingerprint",
    "key_id",
    "parse_statement",
    "public_hex",
    "write_statement",
]

PURPOSES: Final = ("root", "charter", "emergency", "witness")
"""What the federation's keys of one region are for; a further purpose is that of an officer."""
LEAST_OFFICERS: Final = 3
MOST_BYTES: Final = 4_000_000
_MOST_OFFICERS: Final = 20


@dataclass(frozen=True, slots=True)
class Statement:
    """What a region says of itself; keys are Ed25519, as 64 hexadecimal digits."""

    region: str
    name: Mapping[str, str]
    environment: str
    made_at: datetime
    keys: Mapping[str, str]
    officers: tuple[str, ...]
    signing: RegionKeys


def public_hex(key: PublicKey) -> str:
    """Return a federation key as metadata writes it; refuses with `trust-keys` another kind of key."""
    if key.algorithm != "EdDSA":
        raise RefusalError("trust-keys", "a federation key is Ed25519")
    return key.compact().hex()


def key_id(public: str) -> str:
    """Return the name of an Ed25519 key in metadata: SHA-256 of its canonical form."""
    form = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": public}}
    return sha256(canonical_json(form)).hexdigest()


def fingerprint(data: bytes) -> str:
    """Return what people read to one another to compare a file: eight groups of four digits."""
    digits = sha256(data).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def write_statement(statement: Statement, root: PrivateKey) -> bytes:
    """Sign a statement and return its file; refuses with `trust-keys` another key than its root's."""
    if public_hex(root.public) != statement.keys["root"]:
        raise RefusalError("trust-keys", "a statement is signed with the region's root key")
    said = _plain(statement)
    signature = root.sign(canonical_json(said)).hex()
    whole = said | {"signature": signature}
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def parse_statement(data: bytes) -> Statement:
    """Read a statement and check its signature; refuses with `trust-file`, `trust-keys`, `signature` or `too-big`."""
    fields = document(data, kind="region-statement", limit=MOST_BYTES)
    fields.only(
        *("huxin", "v", "region", "name", "environment", "made_at", "keys", "signing", "signature")
    )
    keys = fields.object("keys")
    keys.only(*PURPOSES, "officers")
    statement = Statement(
        fields.region("region"),
        fields.words("name"),
        fields.choice("environment", ENVIRONMENTS),
        fields.instant("made_at"),
        {purpose: keys.digest(purpose) for purpose in PURPOSES},
        keys.digests("officers", _MOST_OFFICERS),
        parse_region_keys(fields.octets("signing", MOST_BYTES)),
    )
    _check(statement)
    root = _public(statement.keys["root"])
    if not root.verify(
        bytes.fromhex(fields.hexadecimal("signature", 64)), canonical_json(_plain(statement))
    ):
        raise RefusalError("signature", "a statement not signed by its own root key")
    return statement


def _check(statement: Statement) -> None:
    everyone = (*statement.keys.values(), *statement.officers)
    if len(statement.officers) < LEAST_OFFICERS:
        raise RefusalError("trust-keys", f"fewer than {LEAST_OFFICERS} officers")
    if len(set(everyone)) < len(everyone):
        raise RefusalError("trust-keys", "a key twice")
    for public in everyone:
        _public(public)
    signing = statement.signing
    if (signing.region, signing.environment) != (statement.region, statement.environment):
        raise refuse("/signing", "of another region or environment")


def _public(written: str) -> PublicKey:
    try:
        return PublicKey.from_compact("EdDSA", bytes.fromhex(written))
    except UnusableKeyError as error:
        raise RefusalError("trust-keys", str(error)) from error


def _plain(statement: Statement) -> dict[str, Any]:
    return {
        "huxin": "region-statement",
        "v": 1,
        "region": statement.region,
        "name": dict(statement.name),
        "environment": statement.environment,
        "made_at": rfc3339(statement.made_at),
        "keys": {**statement.keys, "officers": list(statement.officers)},
        "signing": base64.b64encode(write_region_keys(statement.signing)).decode("ascii"),
    }
