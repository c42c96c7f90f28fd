"""`@value`: a dataclass whose attributes nobody sets again, held to it by the type checker.

At run time its attributes are plain slots.  Python's own `frozen=True` sets each of them
through a guarded call when a value is made, and a card makes ten values with sixty
attributes: a tenth of what a whole verification costs (`make bench`, decision 0008).
Values that are made once, such as keys, stay with `dataclass(frozen=True)`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

__all__ = ["value"]

_T = TypeVar("_T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(*, kw_only: bool = False) -> Callable[[type[_T]], type[_T]]:
    """Make a class of slots that compares and hashes by content and is not to be changed."""
    return dataclass(slots=True, eq=True, unsafe_hash=True, kw_only=kw_only)
