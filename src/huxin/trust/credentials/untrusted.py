"""Picking values out of a map that somebody else wrote.

Each function takes the map and a key, and returns a value of the asked type, or `None`
where the key is absent, null or empty.  What says whose card it is, and what kind, is
refused with `implausible` when it cannot be read; dates and numbers of an event are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final, TypeGuard

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate, from_epoch, parse_instant, parse_partial_date
from huxin.trust.credentials.facts import Code

__all__ = [
    "code",
    "entries",
    "instant",
    "is_map",
    "mapping",
    "number",
    "partial_date",
    "strict_date",
    "text",
]

_MAX_TEXT: Final = 1_000
_MAX_ENTRIES: Final = 20


def text(source: Mapping[Any, Any], key: object) -> str | None:
    """Return the trimmed text under `key`; a number is taken as its digits."""
    value = source.get(key)
    if type(value) is str and len(value) <= _MAX_TEXT:
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise RefusalError("implausible", f"{key}: not a short text")


# The same few codes stand on every card that a gate reads, so each is made once.
_code = lru_cache(maxsize=4096)(Code)


def code(source: Mapping[Any, Any], key: object, system: str) -> Code | None:
    """Return the code under `key`, of the given code system."""
    value = text(source, key)
    return None if value is None else _code(system, value)


def number(source: Mapping[Any, Any], key: object) -> int | None:
    """Return the whole number under `key`; floats such as 2.0 occur.  What is none is absent."""
    value = source.get(key)
    if type(value) is int:
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def strict_date(source: Mapping[Any, Any], key: object) -> PartialDate | None:
    """Return the date under `key`; refuses what is no date: whose card this is, or its end."""
    value = source.get(key)
    if isinstance(value, date):
        return PartialDate(value.year, value.month, value.day)
    # A year that comes as a float: some write every number so.
    if isinstance(value, float) and value.is_integer():
        return parse_partial_date(str(int(value)))
    written = text(source, key)
    return None if written is None else parse_partial_date(written)


def partial_date(source: Mapping[Any, Any], key: object) -> PartialDate | None:
    """Return the date under `key`: text of any precision, or a CBOR instant (tags 0 and 1).

    A date of an event that cannot be read counts as absent: it can fulfil no rule, and the
    rest of the card still speaks.
    """
    try:
        return strict_date(source, key)
    except RefusalError:
        return None


def instant(source: Mapping[Any, Any], key: object) -> datetime | None:
    """Return the instant under `key`: RFC 3339 text, seconds since 1970, or a CBOR instant.

    As with `partial_date`, what cannot be read is absent.
    """
    value = source.get(key)
    try:
        if isinstance(value, datetime):
            return from_epoch(value.timestamp())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return from_epoch(value)
        return parse_instant(value) if isinstance(value, str) else None
    except RefusalError:
        return None


def is_map(value: object) -> TypeGuard[Mapping[Any, Any]]:
    """Tell whether `value` is a map; asks for `dict` first, which is ten times quicker."""
    return isinstance(value, (dict, Mapping))


def mapping(source: Mapping[Any, Any], key: object) -> Mapping[Any, Any]:
    """Return the map under `key`; refuses where there is none."""
    value = source.get(key)
    if not is_map(value):
        raise RefusalError("implausible", f"{key}: not a map")
    return value


def entries(value: object) -> Sequence[Mapping[Any, Any]]:
    """Return one map, or a list of one to twenty maps, as a list of maps."""
    if isinstance(value, (list, tuple)) and 0 < len(value) <= _MAX_ENTRIES:
        if not all(map(is_map, value)):
            raise RefusalError("implausible", "an event that is not a map")
        return value
    if is_map(value):
        return (value,)
    raise RefusalError("implausible", "not a list of events")
