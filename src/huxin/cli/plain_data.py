"""Decoded payloads as JSON that any program can read.

CBOR knows more than JSON does: keys that are numbers, bytes, instants, tags.  They are written as
text here, for people and for conformance, and never read back.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from huxin.kernel.cbor import Tag
from huxin.kernel.instants import rfc3339
from huxin.kernel.jws import b64url

__all__ = ["plain"]


def plain(value: Any) -> Any:
    """Return the value with keys as text, instants as RFC 3339 and bytes as base64url."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {_key(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, float):
        # JSON has no word for these, and a reader must not stumble over one.
        return value if math.isfinite(value) else str(value)
    if isinstance(value, bytes):
        return b64url(value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Tag):
        return {"tag": value.tag, "value": plain(value.value)}
    return str(value)  # undefined and simple values


def _key(key: Any) -> str:
    """Return a key as text; one that has none as JSON, which is the same in every language."""
    told = plain(key)
    return told if isinstance(told, str) else json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True)  # fmt: skip
