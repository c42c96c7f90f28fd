"""CBOR (RFC 8949), read strictly and written deterministically.

Responsible for the rules that a signed document needs and a general decoder does
not have: duplicate map keys, trailing bytes, deep nesting and clever tags are
refused before anything is built from them.  Leaves the meaning of maps to others.

- at most `MAX_BYTES` in, or the caller's own limit; at most `MAX_DEPTH` containers inside one another;
- of the tags with a meaning of their own only 0 and 1 (instants) are understood.
  The others make programs out of data: shared values (28, 29) can be cyclic, string
  references (25) unfold, 35 compiles a pattern, 36 parses mail.  They are refused;
- an unknown tag comes back as a `Tag`, for COSE to look at.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

import cbor2

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_BYTES", "MAX_DEPTH", "Tag", "dumps", "dumps_ordered", "has_plain_keys", "loads"]

MAX_BYTES: Final = 65_536
MAX_DEPTH: Final = 16

Tag = cbor2.CBORTag


def _refuse_tag(_decoder: object, _immutable: object = None) -> object:
    raise ValueError("a tag that Huxin does not read")


_REFUSED_TAGS: Final = (
    2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 52, 54, 100, 256, 258, 260, 261, 1004, 43000, 55799,
)  # fmt: skip
_DATE_TIME: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})"
)


def _date_time(text: object, _immutable: object = None) -> datetime:
    """Read what tag 0 holds, with the offset that it was written with."""
    if not isinstance(text, str) or not _DATE_TIME.fullmatch(text):
        raise ValueError("not a date and time")
    instant = datetime.fromisoformat(text)
    # The last evening of the year 9999 west of Greenwich has no name in UTC.
    instant.astimezone(UTC)
    return instant


_DECODERS: Final[Any] = dict.fromkeys(_REFUSED_TAGS, _refuse_tag) | {0: _date_time}


def loads(data: bytes, *, limit: int = MAX_BYTES) -> Any:
    """Decode exactly one item that fills `data`; refuses with `cbor` (or `too-big`)."""
    if len(data) > limit:
        raise RefusalError("too-big", "CBOR")
    source = io.BytesIO(data)
    try:
        value = cbor2.load(
            source,
            max_depth=MAX_DEPTH,
            allow_duplicate_keys=False,
            semantic_decoders=_DECODERS,
        )
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, ArithmeticError) as error:
        raise RefusalError("cbor", "malformed, repeated key, too deep or a refused tag") from error
    if source.tell() != len(data):
        raise RefusalError("cbor", "bytes after the end")
    return value


def has_plain_keys(value: Mapping[Any, Any]) -> bool:
    """Tell whether every key is an integer or a text.

    To Python `true`, `1.0` and `1` are one key; to another reader of the same card they
    are three.  A map whose keys decide something must not leave that open.
    """
    for key in value:  # noqa: SIM110  # a generator costs twice as much, on every card
        if type(key) is not int and type(key) is not str:
            return False
    return True


def dumps(value: object) -> bytes:
    """Encode deterministically (RFC 8949, section 4.2.1)."""
    return cbor2.dumps(value, canonical=True)


def dumps_ordered(value: object) -> bytes:
    """Encode maps in the order they are in, which the caller made the deterministic one.

    Three times quicker than `dumps`, for the one place where that is felt: issuing.
    """
    return cbor2.dumps(value)
