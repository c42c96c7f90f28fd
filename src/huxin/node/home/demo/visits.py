"""The clinic's two weeks in the demo: times opened, visits booked, seen, recorded; a few for today.

Each visit goes the whole way by the clinic's own actions, with `now=` at its hour; its card comes
by the flow, as every visit's does.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings

from huxin.clinic.offers import Opening
from huxin.clinic.visits import State
from huxin.node.base import outbox
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation, Person
from huxin.node.clinic.actions.times import open_times
from huxin.node.clinic.actions.visits import Booking, book, record, take_step
from huxin.node.clinic.models import Slot, Visit
from huxin.node.clinic.queries import times
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry

if TYPE_CHECKING:
    from huxin.node.home.demo.seed import Seed

__all__ = ["fill"]

_BACK: Final = 14
_AHEAD: Final = 14
_EVERY_DAY: Final = frozenset(range(7))
# Open early and late, on every day, so that whoever runs the demo finds a time for today.
_OPENING: Final = Opening(time(7), time(22), minutes=15, a_day=60, weekdays=_EVERY_DAY)
_NIGHT: Final = Opening(time(21), time(23, 59), minutes=15, weekdays=_EVERY_DAY)
_LATE: Final = 21
_ONE_VISIT: Final = timedelta(minutes=6)
_A_DAY: Final = (4, 3, 5, 3, 4, 1, 1)  # Monday first
_DONE: Final = 2
_WAITING: Final = 2
_TO_COME: Final = 3
_KIND: Final = "vaccination"


def fill(seed: Seed, clinic: Organisation, children: Iterator[Mapping[str, str]]) -> None:
    """Make the visits of the last two weeks and of today; `children` come to be vaccinated."""
    by, zone = seed.actor("clinician"), settings.HUXIN.time_zone
    first = datetime.combine(seed.ago(_BACK).astimezone(zone).date(), time(), zone)
    open_times(clinic, _OPENING, days=_BACK + _AHEAD + 1, by=by, now=first)
    last = _OPENING
    if seed.now.astimezone(zone).hour >= _LATE:
        last = _NIGHT
        open_times(clinic, _NIGHT, days=1, by=by, now=seed.now)
    # What stands on the door is when people can come.
    clinic.hours = f"{_OPENING.begins:%H:%M}–{last.ends:%H:%M}"
    clinic.save(update_fields=["hours"])
    for ahead in range(_BACK):
        morning = first + timedelta(days=ahead)
        for slot, row in zip(_slots(clinic, morning), children, strict=False):
            _whole_visit(seed, slot, row)
    _today(seed, clinic, children)


def _slots(clinic: Organisation, morning: datetime) -> list[Slot]:
    """Return as many times of a day as there were visits, spread over it."""
    free = times.free_on(clinic.id, _KIND, morning.date(), now=morning)
    wanted = _A_DAY[morning.weekday()]
    return free[8 :: max(len(free) // (wanted + 1), 1)][:wanted]


def _book(seed: Seed, slot: Slot, row: Mapping[str, str], at: datetime) -> tuple[Visit, Person]:
    person = seed.person(row, at)
    # Whoever looks after the child books; here the helper stands for all of them.
    by = replace(seed.actor("helper"), represents=frozenset({person.id}))
    return book(Booking(person, slot, uuid.uuid4()), by=by, now=at), person


def _whole_visit(seed: Seed, slot: Slot, row: Mapping[str, str]) -> None:
    by, starts = seed.actor("clinician"), slot.starts
    visit, _ = _book(seed, slot, row, starts - timedelta(days=1))
    take_step(visit.id, State.ARRIVED, by=by, now=starts - timedelta(minutes=5))
    take_step(visit.id, State.SEEN, by=by, now=starts)
    done = starts + _ONE_VISIT
    day = local_day(done)
    cells = {**row, "date": day.isoformat(), "batch": "DEMO-0107"}
    entry = read_entry(reader.pack("school-entry"), cells, today=day)
    assert isinstance(entry, Entry), entry
    record(visit.id, entry, cells, by=by, now=done)
    # Once for the card, once for what the card sets off.
    outbox.deliver(now=done)
    outbox.deliver(now=done)


def _today(seed: Seed, clinic: Organisation, children: Iterator[Mapping[str, str]]) -> None:
    """Make the day as it stands now: some are done, one is being seen, some wait, some are to come."""
    morning = datetime.combine(local_day(seed.now), time(), settings.HUXIN.time_zone)
    slots = times.free_on(clinic.id, _KIND, morning.date(), now=morning)
    begun = [slot for slot in slots if slot.starts + _ONE_VISIT < seed.now]
    for slot in begun[-1 - _DONE : -1]:
        _whole_visit(seed, slot, next(children))
    for slot in begun[-1:]:
        _arrive(seed, slot, next(children), slot.starts, seen=True)
    ahead = [slot for slot in slots if slot.starts >= seed.now]
    for number, slot in enumerate(ahead[: _WAITING + _TO_COME]):
        if number < _WAITING:
            came = seed.now - timedelta(minutes=9 - 5 * number)
            _arrive(seed, slot, next(children), max(came, morning))
        else:
            _book(seed, slot, next(children), seed.ago(1))


def _arrive(
    seed: Seed, slot: Slot, row: Mapping[str, str], at: datetime, *, seen: bool = False
) -> None:
    by = seed.actor("clinician")
    visit, _ = _book(seed, slot, row, slot.starts - timedelta(days=1))
    take_step(visit.id, State.ARRIVED, by=by, now=at)
    if seen:
        take_step(visit.id, State.SEEN, by=by, now=at + timedelta(minutes=2))
