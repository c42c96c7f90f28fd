"""Revocation lists of EU certificates: hashes cut to 16 bytes, in batches of one kind.

- `SIGNATURE`  SHA-256 of the signature; for ECDSA of its first half, r, since (r, n − s) is as
  valid as (r, s).  What it cannot promise: whoever holds the key can sign the same content with
  another r, and the list misses that card.  It is no identifier, and we issue no such list;
- `UCI`  SHA-256 of the certificate's identifier, as it stands on the card;
- `COUNTRYCODEUCI`  SHA-256 of the claim `iss` and the identifier together.

A cut hash is exact for all practical purposes: a wrong hit has a chance of 2^-128.  A list of
another kind, or with an entry of another form, is refused as a whole.

Source: eHealth Network, "EU Digital COVID Certificate Revocation", batches of the gateway; held
against what a national app computes (corona-warn-app/cwa-app-android, `RevocationCalculation.kt`):
SHA-256, its first 16 bytes; for ES256 the first half of the signature, for PS256 all of it; `iss` of
the CWT and the identifier joined without anything between.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential

__all__ = ["HASH_BYTES", "HashLists", "hashes_of"]

HASH_BYTES: Final = 16
_MAX_ENTRIES: Final = 1_000_000
_KINDS: Final = ("SIGNATURE", "UCI", "COUNTRYCODEUCI")
_ENTRY: Final = frozenset({"hash"})


def hashes_of(credential: Credential) -> dict[str, bytes]:
    """Return by kind the hashes under which a card may be listed."""
    signature = credential.signature
    if credential.algorithm == "ES256":
        signature = signature[: len(signature) // 2]
    texts = {"SIGNATURE": signature}
    uci = credential.facts.identifier if credential.facts is not None else None
    if uci is not None:
        texts["UCI"] = uci.encode("utf-8")
        texts["COUNTRYCODEUCI"] = ((credential.issuer or "") + uci).encode("utf-8")
    return {kind: sha256(text).digest()[:HASH_BYTES] for kind, text in texts.items()}


@dataclass(frozen=True, slots=True)
class HashLists:
    """Batches of several keys, ready to ask.  Makes itself from plain data with `parse`."""

    _listed: Mapping[tuple[str, bytes], frozenset[bytes]] = field(repr=False)

    @classmethod
    def parse(cls, batches: Iterable[object]) -> HashLists:
        """Read `{"kid", "hashType", "entries": [{"hash"}]}` batches; refuses with `bad-input`."""
        listed: dict[tuple[str, bytes], frozenset[bytes]] = {}
        for batch in batches:
            kind, kid, hashes = _batch(batch)
            listed[kind, kid] = listed.get((kind, kid), frozenset()) | hashes
        return cls(listed)

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether any batch of the anchor's kid holds the card's hash of its kind."""
        hashes = hashes_of(credential).items()
        return any(one in self._listed.get((kind, anchor.kid), ()) for kind, one in hashes)


def _batch(batch: object) -> tuple[str, bytes, frozenset[bytes]]:
    fields: Mapping[str, Any] = batch if isinstance(batch, Mapping) else {}
    kind, kid, entries = (fields.get(name) for name in ("hashType", "kid", "entries"))
    if kind not in _KINDS:
        raise RefusalError("bad-input", "a hash list of another kind")
    if not isinstance(entries, list) or len(entries) > _MAX_ENTRIES:
        raise RefusalError("bad-input", "a hash list without entries, or with too many")
    return kind, _octets(kid), frozenset(_hash(entry) for entry in entries)


def _hash(entry: object) -> bytes:
    if not isinstance(entry, Mapping) or entry.keys() != _ENTRY:
        raise RefusalError("bad-input", "an entry of the wrong form")
    found = _octets(entry["hash"])
    if len(found) != HASH_BYTES:
        raise RefusalError("bad-input", "a hash of another length")
    return found


def _octets(text: object) -> bytes:
    try:
        return base64.b64decode(text if isinstance(text, str) else "*", validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("bad-input", "not base64") from error
