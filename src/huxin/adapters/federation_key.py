"""Files of federation keys: an Ed25519 key with which a region, or one of its officers, signs the shared list.

One JSON document, `{"huxin": "federation-key", "version": 1, "region", "purpose", "environment", "public", …}`; what
it is for stands open, the private key is sealed, and the seal covers the open part.  Such a key signs metadata and
nothing else; keys that sign cards are in `key_file`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake, output
from huxin.adapters.sealed_document import Sealed, check_passphrase, parse_sealed, seal_into
from huxin.kernel import strict_json
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import parse_region
from huxin.trust.anchors import ENVIRONMENTS
from huxin.trust.ceremony.statement import PURPOSES, public_hex

__all__ = ["KEY_PURPOSES", "FederationKey", "parse", "read", "write"]

KEY_PURPOSES: Final = (*PURPOSES, "officer")

_VERSION: Final = 1
_MAX_BYTES: Final = 65_536
_FIELDS: Final = frozenset(
    {
        "huxin", "version", "region", "purpose", "environment", "public", "cipher", "nonce",
        "sealed",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class FederationKey:
    """A key file that was read and not yet unlocked; `public` is 64 hexadecimal digits."""

    region: str
    purpose: str
    environment: str
    public: str
    _sealed: Sealed = field(repr=False)

    def unlock(self, passphrase: str) -> PrivateKey:
        """Return the private key; refuses with `passphrase`, or `key-file` where it is of another public key."""
        try:
            key = PrivateKey.from_pkcs8(self._sealed.open(passphrase))
        except UnusableKeyError as error:
            raise RefusalError("passphrase") from error
        if key.public.algorithm != "EdDSA" or public_hex(key.public) != self.public:
            raise RefusalError("key-file", "the sealed key is not the public key's other half")
        return key


def write(  # what a key is for, and what seals it: none can be left out
    path: Path, key: PrivateKey, passphrase: str, *, region: str, purpose: str, environment: str
) -> None:
    """Write a new file, readable by its owner only; refuses with `exists` or `bad-input`."""
    check_passphrase(passphrase, environment)
    document: dict[str, Any] = {
        "huxin": "federation-key",
        "version": _VERSION,
        "region": region,
        "purpose": purpose,
        "environment": environment,
        "public": public_hex(key.public),
    }
    sealed = seal_into(document, key.pkcs8(), passphrase)
    text = json.dumps(sealed, ensure_ascii=False, indent=1) + "\n"
    output.write_new(path, text.encode("utf-8"), private=True)


def read(path: Path) -> FederationKey:
    """Read a file; refuses with `key-file`."""
    try:
        return parse(intake.read(path, limit=_MAX_BYTES))
    except RefusalError as error:
        raise RefusalError("key-file", f"{path.name}: {error.refusal.detail}") from error


def parse(data: bytes) -> FederationKey:
    """Read the bytes of a file; refuses with `key-file`."""
    document = strict_json.parse(data, code="key-file")
    if not isinstance(document, dict) or document.get("huxin") != "federation-key":
        raise RefusalError("key-file", "not a federation key")
    if document.get("version") != _VERSION or document.keys() != _FIELDS:
        raise RefusalError("key-file", "of another version of Huxin")
    region, public = document["region"], document["public"]
    if not isinstance(region, str) or not isinstance(public, str):
        raise RefusalError("key-file", "region and public are texts")
    if document["purpose"] not in KEY_PURPOSES or document["environment"] not in ENVIRONMENTS:
        raise RefusalError("key-file", "a purpose or an environment that Huxin does not know")
    return FederationKey(
        parse_region(region),
        document["purpose"],
        document["environment"],
        public,
        parse_sealed(document),
    )
