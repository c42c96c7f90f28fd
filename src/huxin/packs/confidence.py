"""What is a person's own affair from an age on, as a pack says it, and how old somebody surely is.

Responsible for ages: of a birth that is known to the year only, the day that hides more counts.  Leaves
to others who is asking.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate, parse_partial_date

__all__ = ["OF_AGE", "Confidence", "is_of_age", "may_be", "of_age_on"]

OF_AGE: Final = 18


@dataclass(frozen=True, slots=True)
class Confidence:
    """From `from_age` on these columns are the person's own; without columns, all that comes of the pack."""

    from_age: int
    columns: frozenset[str] = frozenset()

    def hides(self, cells: Mapping[str, str], *, choice: str, minimal: bool = False) -> bool:
        """Tell whether a card of these cells shows something that is kept back.

        A card is read as a whole: whoever has its code has every column of it.  A minimal card holds
        the column `choice` at most.
        """
        if not self.columns:
            return True
        shown: Collection[str] = (
            [choice] if minimal else [one for one, text in cells.items() if text]
        )
        return not self.columns.isdisjoint(shown)


def may_be(birth: str, years: int, *, today: date) -> bool:
    """Tell whether somebody may be so old by now; of an unknown birth one cannot say no."""
    born = _read(birth)
    return born is None or _after(born.earliest(), years) <= today


def is_of_age(birth: str, *, on: date) -> bool:
    """Tell whether somebody was surely of age on a day; of an unknown birth one cannot say yes."""
    first = of_age_on(birth)
    return first is not None and first <= on


def of_age_on(birth: str) -> date | None:
    """Return the first day on which somebody is surely of age; of an unknown birth there is none."""
    born = _read(birth)
    return None if born is None else _after(born.latest(), OF_AGE)


def _read(birth: str) -> PartialDate | None:
    try:
        return parse_partial_date(birth.strip())
    except RefusalError:
        return None


def _after(day: date, years: int) -> date:
    # Who was born on 29 February is a year older on 1 March; years past the calendar never come.
    if (day.month, day.day) == (2, 29):
        day = day.replace(month=3, day=1)
    return day.replace(year=min(day.year + years, date.max.year))
