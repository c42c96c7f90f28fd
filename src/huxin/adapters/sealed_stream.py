"""A long file under a passphrase, in frames: written as it is made, read as it is opened.

One line of JSON that anybody may read (`Head`), then frames:

    5 bytes     length of the frame, and 1 for the last one
    n bytes     a piece, compressed and sealed (`kernel.crypto.SealingKey`) by a key of this file only

The key is made by chance and stands in the head, sealed by the passphrase.

- what a frame is sealed with names the head, the frame's number and whether it is the last: a
  byte changed, a frame left out, moved, or lent from another file, and an end that is missing do
  not open (`backup`);
- nothing is handed out that was not authenticated, and no frame is larger than 64 MB;
- the head is authenticated with the key; before that only its form is looked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, Final

from huxin.adapters.key_file import normal_passphrase
from huxin.kernel.crypto import SealingKey, open_sealed, seal
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.instants import parse_instant, rfc3339

__all__ = ["Head", "Reader", "write"]

_VERSION: Final = 1
_MAX_HEAD: Final = 4_096
_MAX_PIECE: Final = 64_000_000
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_KEY_BYTES: Final = 32
_LENGTH_BYTES: Final = 4


@dataclass(frozen=True, slots=True)
class Head:
    """What may be read without the passphrase: whose backup it is, from when, by which program."""

    region: str
    environment: str
    made_at: datetime
    program: str


def write(stream: BinaryIO, head: Head, passphrase: str, pieces: Iterable[bytes]) -> None:
    """Write a file of `pieces` as they come."""
    secret, salt = secrets.token_bytes(_KEY_BYTES), secrets.token_bytes(_SALT_BYTES)
    opened = {
        "huxin": "backup",
        "version": _VERSION,
        "region": head.region,
        "environment": head.environment,
        "made_at": rfc3339(head.made_at),
        "program": head.program,
        "salt": base64.b64encode(salt).decode("ascii"),
    }
    sealed = seal(
        secret,
        normal_passphrase(passphrase),
        salt=salt,
        # The key below the passphrase is of this file only, so is its salt.
        nonce=bytes(_NONCE_BYTES),
        context=_canonical(opened),
    )
    line = _canonical(opened | {"key": base64.b64encode(sealed).decode("ascii")}) + b"\n"
    stream.write(line)
    frames = _Frames(SealingKey.from_secret(secret), line)
    number = 0
    for number, piece in enumerate(pieces, start=1):
        stream.write(frames.seal(number, piece, last=False))
    stream.write(frames.seal(number + 1, b"", last=True))


class Reader:
    """A file that is being read: its head at once, its pieces once it is opened."""

    def __init__(self, stream: BinaryIO) -> None:
        """Read the head; refuses with `backup` what is none, `backup-version` another form."""
        self._stream = stream
        self._line = stream.readline(_MAX_HEAD + 1)
        self._document = _head(self._line)
        self.head = Head(
            region=self._document["region"],
            environment=self._document["environment"],
            made_at=parse_instant(self._document["made_at"]),
            program=self._document["program"],
        )

    def pieces(self, passphrase: str) -> Iterator[bytes]:
        """Yield the pieces; refuses with `passphrase`, and with `backup` wherever it is spoilt.

        Only when the last piece was handed out is it known that none is missing.
        """
        frames = _Frames(SealingKey.from_secret(self._secret(passphrase)), self._line)
        self._stream.seek(len(self._line))
        number = 0
        last = False
        while not last:
            number += 1
            before = self._stream.read(_LENGTH_BYTES + 1)
            if len(before) != _LENGTH_BYTES + 1:
                raise RefusalError("backup", f"ends before frame {number}")
            size, last = int.from_bytes(before[:_LENGTH_BYTES], "big"), before[-1] == 1
            if size > _MAX_PIECE:
                raise RefusalError("backup", f"frame {number} is too large")
            piece = frames.open(number, self._stream.read(size), last=last)
            if not last:
                yield piece
        if self._stream.read(1):
            raise RefusalError("backup", "goes on after its end")

    def _secret(self, passphrase: str) -> bytes:
        opened = {name: value for name, value in self._document.items() if name != "key"}
        try:
            return open_sealed(
                base64.b64decode(self._document["key"]),
                normal_passphrase(passphrase),
                salt=base64.b64decode(self._document["salt"]),
                nonce=bytes(_NONCE_BYTES),
                context=_canonical(opened),
            )
        except UnusableKeyError as error:
            raise RefusalError("passphrase") from error


@dataclass(frozen=True, slots=True)
class _Frames:
    """Seals and opens the frames of one file."""

    key: SealingKey
    line: bytes

    def seal(self, number: int, piece: bytes, *, last: bool) -> bytes:
        packed = zlib.compress(piece, 1)
        if len(packed) > _MAX_PIECE // 2 or len(piece) > _MAX_PIECE:
            raise ValueError("a piece of more than 64 MB")
        # Numbers never repeat below a key that is of this file only.
        nonce = number.to_bytes(_NONCE_BYTES, "big")
        sealed = self.key.seal(packed, nonce=nonce, context=self._context(number, last))
        return len(sealed).to_bytes(_LENGTH_BYTES, "big") + bytes([last]) + sealed

    def open(self, number: int, sealed: bytes, *, last: bool) -> bytes:
        try:
            packed = self.key.open(sealed, context=self._context(number, last))
            return zlib.decompressobj().decompress(packed, _MAX_PIECE)
        except (UnusableKeyError, zlib.error) as error:
            raise RefusalError("backup", f"frame {number} was changed or moved") from error

    def _context(self, number: int, last: bool) -> bytes:
        return hashlib.sha256(self.line).digest() + number.to_bytes(8, "big") + bytes([last])


def _head(line: bytes) -> dict[str, Any]:
    try:
        document = json.loads(line)
        if not line.endswith(b"\n") or document["huxin"] != "backup":
            raise ValueError
        version = document["version"]
        for name in ("region", "environment", "made_at", "program", "salt", "key"):
            if version == _VERSION and not isinstance(document[name], str):
                raise ValueError
        if version == _VERSION:
            base64.b64decode(document["salt"], validate=True)
            base64.b64decode(document["key"], validate=True)
            parse_instant(document["made_at"])
    except (ValueError, KeyError, TypeError, RecursionError, RefusalError) as error:
        raise RefusalError("backup", "not a backup of a node") from error
    if version != _VERSION:
        raise RefusalError("backup-version", f"form {str(version)[:20]}")
    return dict(document)


def _canonical(document: dict[str, Any]) -> bytes:
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8"
    )
