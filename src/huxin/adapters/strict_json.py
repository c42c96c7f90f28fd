"""JSON of files that decide whom to believe: read more strictly than JSON asks.

A key that stands twice is refused, since a person who reads the file sees the first and a program
takes the last.  So are numbers that JSON does not know, halves of characters, and deep nesting.
"""

from __future__ import annotations

import json
from typing import Any

from huxin.kernel.errors import RefusalError

__all__ = ["parse"]


def parse(data: bytes, *, code: str) -> Any:
    """Return the value that UTF-8 JSON stands for; refuses with `code`."""
    try:
        value = json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_unknown
        )
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    # The parser gives up on what is nested a thousand deep with the second of these.
    except (ValueError, RecursionError) as error:
        raise RefusalError(code, "not JSON, or a key twice") from error
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key twice")
    return result


def _unknown(name: str) -> Any:
    raise ValueError(name)
