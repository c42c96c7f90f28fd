"""The values that CertLogic reckons with, and what is true, equal and reachable among them.

A value is what JSON has (null, booleans, numbers, texts, arrays, objects), and `DateTime`.
Python's own ideas are kept out at three places, since other implementations do not share them:
`True` is not the number 1; 1.0 is the integer 1; a text has no elements.
"""

from __future__ import annotations

from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.value import value
from huxin.trust.rules import datetimes

__all__ = [
    "LARGEST",
    "STEPS",
    "Budget",
    "DateTime",
    "access",
    "as_integer",
    "as_json",
    "contains",
    "equal",
    "fragment_of_code",
    "fragments",
    "truth",
]

# Numbers beyond this are not exact in every implementation (ECMA-262, MAX_SAFE_INTEGER).
LARGEST: Final = 2**53 - 1
STEPS: Final = 100_000


@value()
class DateTime:
    """A date-time: milliseconds since 1970-01-01T00:00:00Z."""

    instant: int

    def __str__(self) -> str:
        return datetimes.as_text(self.instant)


class Budget:
    """How much one evaluation may still do.

    An expression is small and data is bounded, but reductions inside reductions multiply, and a
    `reduce` that puts its accumulator into an array twice doubles it.  So a `reduce` pays for each
    item it will go through, and an array built inside of one for all it holds, counted as if nothing
    were shared; who cannot pay is refused with `logic-steps`, in every implementation alike.
    """

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = STEPS

    def spend(self, steps: int) -> None:
        """Take `steps` away; refuses when there are not so many left."""
        self.left -= steps
        if self.left < 0:
            raise RefusalError("logic-steps", "the evaluation takes too many steps")

    def spend_on(self, built: Any) -> None:
        """Take away as much as an array holds, with all that is inside its items."""
        pending = [built]
        while pending:
            one = pending.pop()
            self.spend(1)
            if isinstance(one, list):
                pending.extend(one)
            elif isinstance(one, dict):
                pending.extend(one.values())


def truth(one: Any) -> bool | None:
    """Tell whether a value counts as true, as false, or (`None`) as neither: a date-time."""
    if isinstance(one, DateTime):
        return None
    return bool(one)


def as_integer(one: Any) -> int | None:
    """Return the integer that a value is, or `None`; 2.0 is the integer 2, `true` is none."""
    kind = type(one)
    if kind is int:
        return one  # type: ignore[no-any-return]  # its type was just looked at
    if kind is float and one.is_integer():
        return int(one)
    return None


def equal(left: Any, right: Any) -> bool:
    """Compare without turning one kind of value into another; arrays and objects by content."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def contains(array: list[Any], one: Any) -> bool:
    """Tell whether `one` is among the items, as `equal` has it."""
    if type(one) is str:  # a text equals nothing but texts, so Python's own search will do
        return one in array
    return any(equal(item, one) for item in array)


def fragments(path: str) -> tuple[str, ...]:
    """Split the path of a `var`; the empty path has none."""
    return tuple(path.split(".")) if path else ()


def access(data: Any, path: tuple[str, ...]) -> Any:
    """Follow a path into the data; whatever is not there is null."""
    for fragment in path:
        if isinstance(data, dict):
            data = data.get(fragment)
        elif isinstance(data, list) and fragment.isascii() and fragment.isdecimal():
            index = int(fragment[:9])
            data = data[index] if index < len(data) else None
        else:
            return None
    return data


_PREFIX: Final = "URN:UVCI:"
_SEPARATORS: Final = str.maketrans({"/": "\0", "#": "\0", ":": "\0"})


def fragment_of_code(text: str | None, index: int) -> str | None:
    """Return part `index` of a unique certificate identifier, or null where there is none."""
    if text is None or index < 0:
        return None
    parts = text.removeprefix(_PREFIX).translate(_SEPARATORS).split("\0")
    return parts[index] if index < len(parts) else None


def as_json(one: Any) -> Any:
    """Return a value as JSON writes it: date-times as text, whole floats as integers."""
    if isinstance(one, DateTime):
        return str(one)
    if isinstance(one, list):
        return [as_json(item) for item in one]
    if isinstance(one, dict):
        return {key: as_json(item) for key, item in one.items()}
    whole = as_integer(one)
    return one if whole is None else whole
