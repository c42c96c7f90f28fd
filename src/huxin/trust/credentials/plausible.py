"""Can this content be right?  The judge of a card's facts, for all formats.

Schemas of the field contradict one another and the cards in use, so what is asked here
is what a person at a door would notice: someone is named, with letters; the birth date
lies between 1900 and today; the event says which disease or purpose; the card can be
told from others.  Codes that nobody knows are no fault.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from huxin.kernel.letters import has_letter
from huxin.trust.credentials.facts import Clearance, Event, Examination, Facts

__all__ = ["implausibility"]

_EARLIEST_YEAR: Final = 1900
# A child born this morning where the day begins first must not be "born tomorrow".
_EASTMOST: Final = timedelta(hours=14)
_LAST: Final = datetime.max.replace(tzinfo=UTC) - _EASTMOST


def implausibility(facts: Facts, format_name: str, now: datetime) -> str | None:
    """Return what cannot be right, in a few words for engineers, or `None`."""
    parts = facts.person.name.parts()
    if not parts:
        # A health card may hold a record of nobody, as long as it says nothing of anybody.
        return None if format_name == "shc" and not facts.events else "no name"
    for part in parts:
        if not has_letter(part):
            return "a name without a letter"
    birth = facts.person.birth
    if birth is not None and birth.year < _EARLIEST_YEAR:
        return "born before 1900"
    # The year decides for nearly everyone; only this year's children need the day.
    if birth is not None and birth.year >= now.year and birth.earliest() > _today(now):
        return "born in the future"
    if format_name == "shc":
        return None  # a health card may hold any record; what gives no event proves nothing
    if facts.identifier is None and format_name != "hcert-6":
        return "no identifier"
    return _events_fault(facts.events)


def _today(now: datetime) -> date:
    return (min(now, _LAST) + _EASTMOST).date()


def _events_fault(events: tuple[Event, ...]) -> str | None:
    for event in events:
        if isinstance(event, (Examination, Clearance)):
            if not event.purpose:
                return "no purpose"
        elif event.disease is None:
            return "no disease"
    return None
