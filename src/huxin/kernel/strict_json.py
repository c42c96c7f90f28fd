"""JSON of files that decide whom to believe: read more strictly than JSON asks.

A key that stands twice is refused, since a person who reads the file sees the first and a program
takes the last.  So are numbers that JSON does not know, halves of characters, and deep nesting.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from huxin.kernel.errors import RefusalError

__all__ = ["parse"]


def parse(data: bytes, *, code: str) -> Any:
    """Return the value that UTF-8 JSON stands for; refuses with `code`, and says in the detail why and where."""
    try:
        text = data.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_unknown)
        if b"\\u" in data:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    # The parser gives up on what is nested a thousand deep with the second of these.
    except (ValueError, RecursionError) as error:
        raise RefusalError(code, _why(error)) from error
    return value


def _why(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON: line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8: byte {error.start + 1}"
    if isinstance(error, UnicodeEncodeError):
        return "half of a character"
    if isinstance(error, _NotStrictError):
        return str(error)
    return "nested too deep" if isinstance(error, RecursionError) else "a number too long"


class _NotStrictError(ValueError):
    """What JSON allows and we do not."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        times = Counter(name for name, _ in pairs)
        raise _NotStrictError(f"a key twice: {next(one for one, n in times.items() if n > 1)}")
    return result


def _unknown(name: str) -> Any:
    raise _NotStrictError(f"not a number: {name}")
