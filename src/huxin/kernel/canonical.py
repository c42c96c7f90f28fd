"""Canonical JSON as The Update Framework signs it: one string of bytes for one value.

Keys in order of code points, no blanks, and in texts only the quotation mark and the backslash escaped.  Sources: TUF
specification 1.0, section 4.2; OLPC, "Canonical JSON".  It is not RFC 8785: control letters stand as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from huxin.kernel.errors import RefusalError

__all__ = ["canonical_json"]


def canonical_json(value: Any) -> bytes:
    """Return the one form of texts, whole numbers, truth values, nulls, lists and objects; refuses others with `bad-input`."""
    return "".join(_parts(value)).encode("utf-8")


def _parts(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield _quoted(value)
        case None | bool():
            yield {None: "null", True: "true", False: "false"}[value]
        case int():
            yield str(value)
        case list() | tuple():
            yield from _joined("[", (_parts(one) for one in value), "]")
        case dict():
            yield from _joined("{", (_pair(name, value[name]) for name in sorted(value)), "}")
        case _:
            raise RefusalError("bad-input", f"not to be signed: {type(value).__name__}")


def _pair(name: Any, value: Any) -> Iterator[str]:
    yield _quoted(name)
    yield ":"
    yield from _parts(value)


def _joined(start: str, items: Iterator[Iterator[str]], end: str) -> Iterator[str]:
    yield start
    for number, item in enumerate(items):
        if number:
            yield ","
        yield from item
    yield end


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
