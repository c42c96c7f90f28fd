"""Key files: a region's signing key, locked with a passphrase; what it is for stands open.

One JSON document, `{"huxin": "key", "version": 1, …}`.  The open part (region, domains, usage,
dates, public key) can be read by anyone who has the file; the private key is sealed, and the seal
covers the open part too, so that a file whose dates or region were changed does not open.

- a key file never overwrites another file, and appears whole or not at all;
- nothing here prints or returns a secret, but for `KeyFile.private_key`, which backups need;
- unknown fields are refused: version 1 is complete.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final, cast

from huxin.adapters import intake, output
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.sealed_document import (
    MIN_PASSPHRASE,
    Sealed,
    base64_text,
    check_passphrase,
    normal_passphrase,
    octets,
    parse_sealed,
    seal_into,
)
from huxin.kernel import strict_json
from huxin.kernel.crypto import PrivateKey, PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.instants import parse_instant, rfc3339
from huxin.trust.anchors import Domain

__all__ = [
    "MIN_PASSPHRASE",
    "KeyFile",
    "KeyFileSigner",
    "check_passphrase",
    "lock",
    "normal_passphrase",
    "read",
    "write",
]

_VERSION: Final = 1
_MAX_BYTES: Final = 65_536
_FIELDS: Final = frozenset(
    {
        "huxin", "version", "region", "environment", "domains", "usage", "valid_from",
        "valid_until", "algorithm", "public", "certificate", "health_card_issuer", "cipher",
        "nonce", "sealed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyFileSigner:
    """A `Signer` (see `huxin.trust.issue`) whose key was unlocked from a key file."""

    description: KeyDescription
    _key: PrivateKey = field(repr=False)

    @property
    def region(self) -> str:
        """The region that the cards speak for."""
        return self.description.region

    @property
    def environment(self) -> str:
        """`production` or `test`."""
        return self.description.environment

    @property
    def algorithm(self) -> str:
        """The algorithm of the key."""
        return self.description.public.algorithm

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT."""
        return self.description.kid

    @property
    def health_card_kid(self) -> str:
        """The key identifier for SMART Health Cards."""
        return self.description.health_card_kid

    @property
    def health_card_issuer(self) -> str | None:
        """The https address under which the region publishes its health card keys."""
        return self.description.health_card_issuer

    def sign(self, message: bytes) -> bytes:
        """Return the signature in the form that COSE and JOSE share."""
        return self._key.sign(message)


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A key file that was read and not yet unlocked."""

    description: KeyDescription
    _sealed: Sealed = field(repr=False)

    @classmethod
    def parse(cls, data: bytes) -> KeyFile:
        """Read a key file's bytes; refuses with `key-file`."""
        document = _document(data)
        try:
            description = _description(document)
            return cls(description, parse_sealed(document))
        except RefusalError as error:
            raise RefusalError("key-file", error.refusal.detail) from error

    def unlock(self, passphrase: str) -> KeyFileSigner:
        """Return the signer; refuses with `passphrase` (wrong, or the file was changed)."""
        return KeyFileSigner(self.description, self.private_key(passphrase))

    def private_key(self, passphrase: str) -> PrivateKey:
        """Return the private key itself, for a backup; refuses with `passphrase`."""
        try:
            key = PrivateKey.from_pkcs8(self._sealed.open(passphrase))
        except UnusableKeyError as error:
            raise RefusalError("passphrase") from error
        if key.public != self.description.public:
            raise RefusalError("key-file", "the sealed key is not the public key's other half")
        return key


def read(path: Path) -> KeyFile:
    """Read a key file; refuses with `key-file`."""
    try:
        data = intake.read(path, limit=_MAX_BYTES)
    except RefusalError as error:
        raise RefusalError("key-file", error.refusal.detail) from error
    return KeyFile.parse(data)


def write(path: Path, description: KeyDescription, key: PrivateKey, passphrase: str) -> None:
    """Write a new key file, readable by its owner only; refuses with `exists` or `bad-input`."""
    output.write_new(path, lock(description, key, passphrase), private=True)


def lock(description: KeyDescription, key: PrivateKey, passphrase: str) -> bytes:
    """Return the bytes of a key file; refuses with `bad-input` a passphrase that is too short."""
    if key.public != description.public:
        raise RefusalError("bad-input", "public: of another key")
    check_passphrase(passphrase, description.environment)
    document = seal_into(_plain(description), key.pkcs8(), passphrase)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    return text.encode("utf-8") + b"\n"


# ------------------------------------------------------------------------------- plain data


def _plain(key: KeyDescription) -> dict[str, Any]:
    document: dict[str, Any] = {
        "huxin": "key",
        "version": _VERSION,
        "region": key.region,
        "environment": key.environment,
        "domains": list(key.domains),
        "usage": None if key.usage is None else sorted(key.usage),
        "valid_from": rfc3339(key.valid_from),
        "valid_until": rfc3339(key.valid_until),
        "algorithm": key.public.algorithm,
        "public": base64_text(key.public.spki),
    }
    if key.certificate is not None:
        document["certificate"] = base64_text(key.certificate)
    if key.health_card_issuer is not None:
        document["health_card_issuer"] = key.health_card_issuer
    return document


def _document(data: bytes) -> Mapping[str, Any]:
    if len(data) > _MAX_BYTES:
        raise RefusalError("key-file", f"more than {_MAX_BYTES} bytes")
    document = strict_json.parse(data, code="key-file")
    if not isinstance(document, dict) or document.get("huxin") != "key":
        raise RefusalError("key-file", "not a Huxin key file")
    if document.get("version") != _VERSION:
        raise RefusalError("key-file", "of another version of Huxin")
    if strange := sorted(document.keys() - _FIELDS):
        raise RefusalError("key-file", f"unknown field {strange[0]!r}")
    return document


def _description(document: Mapping[str, Any]) -> KeyDescription:
    certificate, usage = document.get("certificate"), document.get("usage")
    try:
        public = PublicKey.from_spki(octets(document, "public"))
    except UnusableKeyError as error:
        raise RefusalError("key-file", f"public: {error}") from error
    if document.get("algorithm") != public.algorithm:
        raise RefusalError("key-file", "algorithm: not that of the key")
    return KeyDescription(
        region=_text(document, "region"),
        environment=_text(document, "environment"),
        domains=cast("tuple[Domain, ...]", _texts(document, "domains")),
        usage=None if usage is None else frozenset(_texts(document, "usage")),
        valid_from=_instant(document, "valid_from"),
        valid_until=_instant(document, "valid_until"),
        public=public,
        certificate=None if certificate is None else octets(document, "certificate"),
        health_card_issuer=(
            _text(document, "health_card_issuer") if "health_card_issuer" in document else None
        ),
    )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str):
        raise RefusalError("key-file", f"{name}: a text")
    return value


def _texts(document: Mapping[str, Any], name: str) -> tuple[str, ...]:
    value = document.get(name)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise RefusalError("key-file", f"{name}: a list of texts")
    return tuple(value)


def _instant(document: Mapping[str, Any], name: str) -> datetime:
    try:
        return parse_instant(_text(document, name))
    except RefusalError as error:
        raise RefusalError(
            "key-file", f"{name}: an instant such as 2026-11-23T08:00:00Z"
        ) from error
