"""Fields that are sealed at rest: `SealedText`, `SealedJSON`; and the tokens that find them again.

What stands in the database is ciphertext (`kernel.crypto.SealingKey`) that opens only in the
column it was written to.  Such a field cannot be searched or sorted; `token` makes the one-way
value that can be compared.  `seal` and `unseal` do the same for a text that a library keeps in a table of
its own.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import models

from huxin.kernel.crypto import SealingKey
from huxin.kernel.errors import UnusableKeyError

__all__ = ["Ciphertext", "SealedJSON", "SealedText", "seal", "token", "unseal"]

_NONCE_BYTES: Final = 12
_TOKEN_BYTES: Final = 16


@cache
def _key(secret: bytes) -> SealingKey:
    return SealingKey.from_secret(secret)


def token(kind: str, *values: str) -> bytes:
    """Return the search token of a value: the same for the same letters, and nobody's name.

    Case, width, spaces and points between parts of a name do not count.
    """
    plain = (
        "".join(filter(str.isalnum, unicodedata.normalize("NFKC", v).casefold())) for v in values
    )
    text = "\0".join((kind, *plain)).encode("utf-8")
    return hmac.new(settings.HUXIN.secrets.tokens, text, hashlib.sha256).digest()[:_TOKEN_BYTES]


def seal(text: str, *, context: str) -> str:
    """Return a text sealed for its context, in letters."""
    return base64.b64encode(_seal(text.encode("utf-8"), context.encode("ascii"))).decode("ascii")


def unseal(sealed: str, *, context: str) -> str:
    """Return the text that was sealed for this context; raises `UnusableKeyError` for any other."""
    try:
        data = base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise UnusableKeyError("not sealed") from error
    return _open(data, context.encode("ascii")).decode("utf-8")


def _seal(data: bytes, context: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _key(settings.HUXIN.secrets.fields).seal(data, nonce=nonce, context=context)


def _open(data: bytes, context: bytes) -> bytes:
    return _key(settings.HUXIN.secrets.fields).open(data, context=context)


if TYPE_CHECKING:
    _Binary = models.BinaryField[Any, Any]
else:
    _Binary = models.BinaryField


class Ciphertext(bytes):
    """What is sealed already and is written as it is; a restored backup brings such values."""

    __slots__ = ()


class SealedText(_Binary):
    """A text, sealed.  Empty stays empty: nothing to hide, and a missing key cannot spoil it."""

    def _context(self) -> bytes:
        return f"{self.model._meta.db_table}.{self.column}".encode("ascii")

    def get_prep_value(self, value: Any) -> bytes | None:
        if isinstance(value, Ciphertext):
            return bytes(value)
        if value is None or value == "":
            return b""
        return _seal(self._encode(value), self._context())

    def from_db_value(self, value: bytes | memoryview | None, *_: object) -> Any:
        if not value:
            return self._decode(b"")
        return self._decode(_open(bytes(value), self._context()))

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)

    def _encode(self, value: Any) -> bytes:
        return str(value).encode("utf-8")

    def _decode(self, data: bytes) -> Any:
        return data.decode("utf-8")


class SealedJSON(SealedText):
    """Plain JSON data (a `dict`), sealed."""

    def _encode(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8")

    def _decode(self, data: bytes) -> Any:
        return json.loads(data) if data else {}
