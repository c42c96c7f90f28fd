"""How old a list is, and what follows: the same answers with the age in words, or none.

Two things can make a list seem younger than it is: a clock that was put back, and a list that is older than one
already seen.  So age is counted at the latest instant that is known to have been: now, or when the newest list
that was seen was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

__all__ = ["CLOCK_SLACK", "DEFAULT", "Decision", "Freshness", "Limits", "freshness"]

CLOCK_SLACK: Final = timedelta(minutes=5)
"""So far may a clock be behind the list that it judges."""

Decision = Literal["fresh", "stale", "refused"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How old a list may be before it is called stale, is warned of, and is refused."""

    stale: timedelta = timedelta(hours=48)
    warn: timedelta = timedelta(days=14)
    refuse: timedelta = timedelta(days=30)


DEFAULT: Final = Limits()


@dataclass(frozen=True, slots=True)
class Freshness:
    """What may be made of a list; `code` is empty where it is fresh, `warn` asks for words that are seen."""

    decision: Decision
    code: str
    age: timedelta
    warn: bool = False


def freshness(
    signed_at: datetime, *, now: datetime, seen: datetime | None, limits: Limits = DEFAULT
) -> Freshness:
    """Judge the age of a list that was signed at `signed_at`.

    `seen` is when the newest list that this verifier ever held was signed.
    """
    newest = max(signed_at, seen) if seen is not None else signed_at
    age = max(now, newest) - signed_at
    if age > limits.refuse:
        return Freshness("refused", "trust-old", age, warn=True)
    warn = age > limits.warn
    if newest - now > CLOCK_SLACK:
        return Freshness("stale", "trust-clock", age, warn=True)
    if age > limits.stale:
        return Freshness("stale", "trust-stale", age, warn)
    return Freshness("fresh", "", age)
