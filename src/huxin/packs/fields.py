"""Fields of a pack's plain data: each of its type and within its bounds, or `ValueError` says which value is not.

`bool` is no number here, and no number is taken from a text: what a pack means, it says.
"""

from __future__ import annotations

from typing import Any, Final

__all__ = ["MOST_DAYS", "MOST_YEARS", "flag", "text", "text_or_none", "texts", "whole"]

MOST_DAYS: Final = 36_525
MOST_YEARS: Final = 100
"""The longest time that a pack may speak of: the law's bound (spec/packs.md, section 4)."""


def text(value: Any) -> str:
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is not a text")  # one error for whatever a field is not
    return value


def text_or_none(value: Any) -> str | None:
    """Return a text, or nothing where there is none."""
    return None if value is None else text(value)


def texts(value: Any) -> tuple[str, ...]:
    """Return a list of texts."""
    if not isinstance(value, list):
        raise ValueError(f"{value!r} is not a list")
    return tuple(map(text, value))


def whole(value: Any, least: int, most: int) -> int:
    """Return a whole number from `least` to `most`."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{value!r} is not a whole number from {least} to {most}")
    return value


def flag(value: Any) -> bool:
    """Return a yes or no."""
    if not isinstance(value, bool):
        raise ValueError(f"{value!r} is neither true nor false")
    return value
