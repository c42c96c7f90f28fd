"""The days that the logic of a rule names: what it asks may change there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Final

from huxin.trust.rules.rule import Rule

__all__ = ["beginning", "named_days"]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def beginning(day: date) -> datetime:
    """Return where a day begins, in UTC."""
    return datetime.combine(day, time(), UTC)


def named_days(rule: Rule) -> Iterator[datetime]:
    """Yield the beginning, in UTC, of each day that is written into a rule's logic."""
    waiting = [rule.document["logic"] if "logic" in rule.document else rule.document["Logic"]]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and (found := _DAY.match(one)):
            yield from _midnight(found[0])


def _midnight(text: str) -> Iterator[datetime]:
    try:
        yield beginning(date.fromisoformat(text))
    except ValueError:
        return
