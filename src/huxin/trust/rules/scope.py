"""What compiled rules look at: the data, what was found in it so far, and what it has cost."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.datetimes import DAY, FURTHEST, HOUR, Unit
from huxin.trust.rules.trace import Step
from huxin.trust.rules.values import Budget

__all__ = ["Answer", "Run", "Scope", "moment", "pass_of", "scope_of"]


class _Moment:
    """The time that stands at a path, moved: what a scope remembers beside the paths themselves.

    One object for each content, so that rules which ask for the same time find it remembered.
    """

    __slots__ = ("amount", "fixed", "path", "unit")

    def __init__(self, path: str, amount: int, unit: Unit) -> None:
        self.path = path
        self.amount = amount
        self.unit = unit
        length = {"day": DAY, "hour": HOUR}.get(unit)
        # Days and hours are of one length everywhere, so they are added without a calendar.
        self.fixed = None if length is None else amount * length

    def of(self, text: object) -> int:
        """Return the time that a text at the path stands for, moved."""
        if not isinstance(text, str):
            raise RefusalError("logic-type", "not a text")
        instant = datetimes.parse(text)
        if self.fixed is None:
            return datetimes.shift(instant, self.amount, self.unit)
        moved = instant + self.fixed
        return (
            moved
            if -FURTHEST <= moved <= FURTHEST
            else datetimes.shift(instant, self.amount, self.unit)
        )


moment = lru_cache(maxsize=4096)(_Moment)


@lru_cache(maxsize=4096)
def _step(path: str) -> tuple[str, str, int]:
    """Return the path of what holds the last fragment of a path, that fragment, and its index or -1."""
    holder, _, name = path.rpartition(".")
    index = int(name[:9]) if name.isascii() and name.isdecimal() else -1
    return holder, name, index


class Run(Budget):
    """One evaluation: what it may still cost and, while tracing, what it did.

    `operands` are the values of operands whose operation is not finished.
    """

    __slots__ = ("operands", "steps")

    def __init__(self) -> None:
        super().__init__()
        self.steps: list[Step] = []
        self.operands: list[Any] = []


class Scope(dict[object, Any]):
    """What an expression looks at; remembers what it was asked for.

    Made by `scope_of` for a decision, by `pass_of` for one pass of a `reduce`.  One scope serves all
    rules of a decision.  It is not to be kept when the data changes, nor shared between threads.
    """

    __slots__ = ("data", "run")

    data: Any
    run: Run

    def __missing__(self, key: object) -> Any:
        if type(key) is str:
            found = self[key] = self._found(key)
            return found
        assert isinstance(key, _Moment)
        found = self[key] = key.of(self[key.path])
        return found

    def _found(self, path: str) -> Any:
        """Follow a path by its last step; what holds it is remembered too, for the paths beside it."""
        if not path:
            return self.data
        holder_path, name, index = _step(path)
        holder = self[holder_path] if holder_path else self.data
        if isinstance(holder, dict):
            return holder.get(name)
        if isinstance(holder, list) and 0 <= index < len(holder):
            return holder[index]
        return None


class _Pass(Scope):
    """What one pass of a `reduce` looks at: two values that need no looking up."""

    __slots__ = ()

    def _found(self, path: str) -> Any:
        if path:
            return super()._found(path)
        return {"current": self["current"], "accumulator": self["accumulator"]}


def scope_of(data: Any) -> Scope:
    """Return the scope of a decision about JSON data."""
    scope = Scope()
    scope.data, scope.run = data, Run()
    return scope


def pass_of(run: Run, current: Any, accumulator: Any) -> Scope:
    """Return the scope of one pass of a `reduce`."""
    scope = _Pass(current=current, accumulator=accumulator)
    scope.data, scope.run = None, run
    return scope


Answer = Callable[[Scope], Any]
