"""Backups of a signing key: an exported file, a printed recovery sheet, and the way back.

- both are locked with a passphrase of their own, to be kept apart from the paper: a sheet in a
  drawer must not be a key in a drawer;
- the *export* is an ordinary key file under that passphrase;
- the *sheet* is for a safe: lines that a person can type (`recovery_lines`), and a QR code of the
  whole export;
- a certificate is too long to type.  The lines hold its kid; the certificate, which is public and
  stands in every trust file that holds the key, is lent again.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol, cast

from huxin.adapters import recovery_lines, trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.key_file import KeyFile, check_passphrase, normal_passphrase
from huxin.kernel import cbor
from huxin.kernel.crypto import PrivateKey, PublicKey, open_sealed, read_certificate, seal
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import kid_of, kid_text
from huxin.kernel.instants import from_epoch
from huxin.trust import qr
from huxin.trust.anchors import DOMAINS, ENVIRONMENTS, Domain
from huxin.trust.credentials.facts import KINDS

__all__ = [
    "Backup",
    "ExportBackup",
    "SheetBackup",
    "open_sheet",
    "parse",
    "rehearse",
    "sheet",
]

_VERSION: Final = 1
_ALGORITHMS: Final = ("ES256", "EdDSA")
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
# RFC 8410, section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8.
_ED25519_PKCS8: Final = bytes.fromhex("302e020100300506032b657004220420")


class Backup(Protocol):
    """What `parse` found: which key it is of, and how the key comes back."""

    @property
    def region(self) -> str:
        """The region of the key."""
        ...

    @property
    def environment(self) -> str:
        """The key's environment label."""
        ...

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT."""
        ...

    def restore(
        self, passphrase: str, certificate: bytes | None = None
    ) -> tuple[KeyDescription, PrivateKey]:
        """Return the key; refuses with `passphrase`, or `missing` for a certificate to be lent."""
        ...


@dataclass(frozen=True, slots=True)
class ExportBackup:
    """A key file under the backup's passphrase."""

    file: KeyFile

    @property
    def region(self) -> str:
        """The region of the key."""
        return self.file.description.region

    @property
    def environment(self) -> str:
        """The key's environment label."""
        return self.file.description.environment

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT."""
        return self.file.description.kid

    def restore(
        self,
        passphrase: str,
        certificate: bytes | None = None,  # noqa: ARG002  # the file holds its own
    ) -> tuple[KeyDescription, PrivateKey]:
        """Return the key; refuses with `passphrase`."""
        return self.file.description, self.file.private_key(passphrase)


class _Open(NamedTuple):
    """What the lines say in the open, in this order; short, for every byte is typed by hand."""

    version: int
    region: str
    environment: int
    domains: int
    usage: int | None
    valid_from: int
    valid_until: int
    algorithm: int
    health_card_issuer: str | None
    kid: bytes
    has_certificate: bool
    salt: bytes
    nonce: bytes


@dataclass(frozen=True, slots=True)
class SheetBackup:
    """The content of a sheet's lines."""

    _open: _Open
    _sealed: bytes

    @property
    def region(self) -> str:
        """The region of the key."""
        return self._open.region

    @property
    def environment(self) -> str:
        """The key's environment label."""
        return ENVIRONMENTS[self._open.environment]

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT."""
        return self._open.kid

    def restore(
        self, passphrase: str, certificate: bytes | None = None
    ) -> tuple[KeyDescription, PrivateKey]:
        """Return the key; refuses with `passphrase`, or `missing` for a certificate to be lent."""
        lent = self._certificate(certificate) if self._open.has_certificate else None
        try:
            key = _key(self._secret(passphrase), _ALGORITHMS[self._open.algorithm])
        except UnusableKeyError as error:
            raise RefusalError("passphrase") from error
        return _description(self._open, key.public, lent), key

    def _secret(self, passphrase: str) -> bytes:
        return open_sealed(
            self._sealed,
            normal_passphrase(passphrase),
            salt=self._open.salt,
            nonce=self._open.nonce,
            context=cbor.dumps(list(self._open)),
        )

    def _certificate(self, lent: bytes | None) -> bytes:
        """Return the certificate that the lines only name, in DER; a trust file may hold it."""
        if lent is None:
            raise RefusalError("missing", f"the certificate with kid {kid_text(self.kid)}")
        for der in _certificates(lent):
            if kid_of(der) == self.kid:
                return der
        raise RefusalError("bad-input", f"certificate: not the one of {kid_text(self.kid)}")


def _certificates(lent: bytes) -> tuple[bytes, ...]:
    if lent.lstrip().startswith(b"{"):
        return trust_file.certificates(lent)
    try:
        return (read_certificate(lent).der,)
    except UnusableKeyError as error:
        raise RefusalError("bad-input", f"certificate: {error}") from error


def _key(secret: bytes, algorithm: str) -> PrivateKey:
    if algorithm == "EdDSA":
        return PrivateKey.from_pkcs8(_ED25519_PKCS8 + secret)
    return PrivateKey.from_secret(secret)


def _description(said: _Open, public: PublicKey, certificate: bytes | None) -> KeyDescription:
    return KeyDescription(
        region=said.region,
        environment=ENVIRONMENTS[said.environment],
        domains=cast("tuple[Domain, ...]", _chosen(said.domains, DOMAINS)),
        usage=None if said.usage is None else frozenset(_chosen(said.usage, KINDS)),
        valid_from=from_epoch(said.valid_from),
        valid_until=from_epoch(said.valid_until),
        public=public,
        certificate=certificate,
        health_card_issuer=said.health_card_issuer,
    )


def sheet(description: KeyDescription, key: PrivateKey, passphrase: str) -> tuple[str, ...]:
    """Return the lines of a recovery sheet, numbered from 1 by their place."""
    check_passphrase(passphrase, description.environment)
    said = _Open(
        version=_VERSION,
        region=description.region,
        environment=ENVIRONMENTS.index(description.environment),
        domains=_mask(description.domains, DOMAINS),
        usage=None if description.usage is None else _mask(tuple(description.usage), KINDS),
        valid_from=int(description.valid_from.timestamp()),
        valid_until=int(description.valid_until.timestamp()),
        algorithm=_ALGORITHMS.index(description.public.algorithm),
        health_card_issuer=description.health_card_issuer,
        kid=description.kid,
        has_certificate=description.certificate is not None,
        salt=secrets.token_bytes(_SALT_BYTES),
        nonce=secrets.token_bytes(_NONCE_BYTES),
    )
    sealed = seal(
        key.secret(),
        normal_passphrase(passphrase),
        salt=said.salt,
        nonce=said.nonce,
        context=cbor.dumps(list(said)),
    )
    return recovery_lines.write_lines(cbor.dumps([*said, sealed]))


def _mask(chosen: Sequence[str], known: Sequence[str]) -> int:
    return sum(1 << place for place, one in enumerate(known) if one in chosen)


def _chosen(mask: int, known: Sequence[str]) -> tuple[str, ...]:
    return tuple(one for place, one in enumerate(known) if mask >> place & 1)


def parse(data: bytes) -> Backup:
    """Read an export, a sheet's text, or a picture of its code; refuses with `key-file`.

    Refuses with `picture` where a picture holds no code that can be read.
    """
    if qr.is_picture(data):
        exports = [text for text in qr.read(data) if text.startswith("{")]
        data = exports[0].encode("utf-8", "replace") if exports else b"{}"
    if data.lstrip().startswith(b"{"):
        return ExportBackup(KeyFile.parse(data))
    return open_sheet(recovery_lines.read_lines(data.decode("utf-8", "replace")))


def open_sheet(blob: bytes) -> SheetBackup:
    """Read the content of a sheet's lines; refuses with `key-file`."""
    try:
        parts = cbor.loads(blob)
    except RefusalError as error:
        raise RefusalError("key-file", "the lines are not those of one sheet") from error
    if not isinstance(parts, list) or parts[:1] != [_VERSION]:
        raise RefusalError("key-file", "a sheet of another version of Huxin")
    if len(parts) != len(_Open._fields) + 1 or not _is_shaped(parts):
        raise RefusalError("key-file", "the lines are not those of one sheet")
    return SheetBackup(_Open(*parts[:-1]), parts[-1])


def _is_shaped(parts: list[Any]) -> bool:
    """Tell whether each part has its type; what they mean is sealed, and asked when opened."""
    said, sealed = _Open(*parts[:-1]), parts[-1]
    numbers = (said.environment, said.domains, said.valid_from, said.valid_until, said.algorithm)
    return (
        all(isinstance(one, int) for one in (*numbers, said.usage or 0))
        and said.environment in range(len(ENVIRONMENTS))
        and said.algorithm in range(len(_ALGORITHMS))
        and isinstance(said.region, str)
        and all(isinstance(one, bytes) for one in (said.kid, said.salt, said.nonce, sealed))
        and (len(said.salt), len(said.nonce)) == (_SALT_BYTES, _NONCE_BYTES)
    )


def rehearse(key: PrivateKey, public: PublicKey) -> bool:
    """Tell whether a restored key signs what the public key accepts: a backup that works."""
    challenge = secrets.token_bytes(32)
    return public.verify(key.sign(challenge), challenge)
