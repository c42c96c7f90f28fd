"""A JSON document with a secret sealed into it by a passphrase; the seal covers the open part too.

- one way of sealing, and no other is read: a file that could ask for less work would be a way to weaken it;
- a document whose open part was changed does not open.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huxin.kernel.crypto import open_sealed, seal
from huxin.kernel.errors import RefusalError, UnusableKeyError

__all__ = [
    "MIN_PASSPHRASE",
    "Sealed",
    "base64_text",
    "check_passphrase",
    "normal_passphrase",
    "octets",
    "parse_sealed",
    "seal_into",
]

MIN_PASSPHRASE: Final = 12

_MAX_PASSPHRASE: Final = 1_024
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_CIPHER: Final = {"kdf": "scrypt", "n": 65_536, "r": 8, "p": 1, "aead": "aes-256-gcm"}


@dataclass(frozen=True, slots=True)
class Sealed:
    """A secret that was read and not yet opened."""

    _secret: bytes = field(repr=False)
    _salt: bytes = field(repr=False)
    _nonce: bytes = field(repr=False)
    _context: bytes = field(repr=False)

    def open(self, passphrase: str) -> bytes:
        """Return the secret; refuses with `passphrase` (wrong, or the document was changed)."""
        try:
            return open_sealed(
                self._secret,
                normal_passphrase(passphrase),
                salt=self._salt,
                nonce=self._nonce,
                context=self._context,
            )
        except UnusableKeyError as error:
            raise RefusalError("passphrase") from error


def seal_into(document: Mapping[str, Any], secret: bytes, passphrase: str) -> dict[str, Any]:
    """Return the document with `cipher`, `nonce` and `sealed` added."""
    salt, nonce = secrets.token_bytes(_SALT_BYTES), secrets.token_bytes(_NONCE_BYTES)
    whole = {
        **document,
        "cipher": _CIPHER | {"salt": base64_text(salt)},
        "nonce": base64_text(nonce),
    }
    sealed = seal(
        secret, normal_passphrase(passphrase), salt=salt, nonce=nonce, context=_canonical(whole)
    )
    return whole | {"sealed": base64_text(sealed)}


def parse_sealed(document: Mapping[str, Any]) -> Sealed:
    """Return the sealed part of a document; refuses with `key-file` another way of sealing."""
    cipher = document.get("cipher")
    if not isinstance(cipher, dict) or cipher != _CIPHER | {"salt": cipher.get("salt")}:
        raise RefusalError("key-file", "cipher: not one that Huxin uses")
    salt, nonce = octets(cipher, "salt"), octets(document, "nonce")
    if len(salt) != _SALT_BYTES or len(nonce) != _NONCE_BYTES:
        raise RefusalError("key-file", "cipher: salt or nonce of the wrong length")
    open_part = {name: value for name, value in document.items() if name != "sealed"}
    return Sealed(octets(document, "sealed"), salt, nonce, _canonical(open_part))


def check_passphrase(passphrase: str, environment: str) -> None:
    """Refuse with `bad-input` an empty passphrase, or a short one for a key that is in earnest."""
    least = 1 if environment == "test" else MIN_PASSPHRASE
    length = len(normal_passphrase(passphrase))
    if not least <= length <= _MAX_PASSPHRASE:
        raise RefusalError("bad-input", f"passphrase: at least {least} characters")


def normal_passphrase(passphrase: str) -> str:
    """One form for the same letters, whichever keyboard or input method typed them."""
    return unicodedata.normalize("NFKC", passphrase)


def octets(document: Mapping[str, Any], name: str) -> bytes:
    """Return the bytes that a field holds in base64; refuses with `key-file`."""
    written = document.get(name)
    if not isinstance(written, str):
        raise RefusalError("key-file", f"{name}: a text")
    try:
        return base64.b64decode(written, validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("key-file", f"{name}: base64") from error


def base64_text(data: bytes) -> str:
    """Return bytes as base64 text."""
    return base64.b64encode(data).decode("ascii")


def _canonical(document: Mapping[str, Any]) -> bytes:
    """Return the same bytes for the same content, however a file spaced or ordered it."""
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode("ascii")
