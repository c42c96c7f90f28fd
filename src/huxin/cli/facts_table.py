"""Facts as rows of words: what a card says, in the order in which a person asks for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Final

from huxin.cli.speech import Speech, harmless
from huxin.trust.credentials.facts import (
    Clearance,
    Event,
    Examination,
    Facts,
    Recovery,
    Test,
    Vaccination,
)

__all__ = ["event_in_a_line", "name_and_year", "revealed", "rows"]

# Said in the words of the event, or already in the line of its kind.
_PERSON: Final = ("birth", "sex", "nationality", "document", "guardian")
_WORD_OF: Final = {"name": "test-name"}
_FIRST: Final = ("purpose", "exemption", "disease")
_LAST: Final = ("valid_from", "valid_until", "centre")


def name_and_year(facts: Facts | None, speech: Speech) -> tuple[str, str]:
    """Return what a checker compares first: the name, and the year of birth."""
    if facts is None:
        return speech.say("not-read"), ""
    name = facts.person.name
    both = " · ".join(dict.fromkeys(filter(None, (name.native, name.latin))))
    birth = facts.person.birth
    return harmless(both) or speech.say("no-name"), str(birth.year) if birth else ""


def event_in_a_line(event: Event, speech: Speech) -> str:
    """Return what one event proves, in a line.

    An exemption is not named: it is a clearance like any other to the person at the door.
    """
    return harmless(" · ".join((speech.say(event.kind), *_gist(event, speech))))


def _gist(event: Event, speech: Speech) -> Iterator[str]:
    if isinstance(event, Examination | Clearance):
        yield event.purpose
        return
    if event.disease is not None:
        yield str(event.disease)
    if isinstance(event, Vaccination) and event.dose is not None:
        yield str(event.dose) if event.series is None else f"{event.dose}/{event.series}"
    yield from _day(event, speech)


def _day(event: Vaccination | Test | Recovery, speech: Speech) -> Iterator[str]:
    match event:
        case Test(sampled=sampled) if sampled is not None:
            yield speech.time(sampled)
        case Vaccination(date=date) if date is not None:
            yield str(date)
        case Recovery(first_positive=date) if date is not None:
            yield str(date)


def rows(facts: Facts, speech: Speech) -> Iterator[tuple[str, str]]:
    """Yield (label, value) of everything that the facts hold."""
    person = facts.person
    yield from _present(("name", person.name.native), ("latin", person.name.latin), speech=speech)
    yield from _present(*((name, getattr(person, name)) for name in _PERSON), speech=speech)
    for event in facts.events:
        yield speech.say("event"), speech.say(event.kind)
        yield from _present(*_event(event), speech=speech)
    yield from _present(
        ("facts-issuer", facts.issuer),
        ("place", facts.place),
        ("pack", facts.pack),
        ("identifier", facts.identifier),
        speech=speech,
    )


def _event(event: Event) -> Iterator[tuple[str, object]]:
    names = [one.name for one in fields(event)]
    for name in sorted(names, key=lambda one: (one in _LAST) - (one in _FIRST)):
        yield _WORD_OF.get(name, name), getattr(event, name)


def _present(*pairs: tuple[str, object], speech: Speech) -> Iterator[tuple[str, str]]:
    for name, value in pairs:
        if value in (None, "", False):
            continue
        shown = speech.time(value) if isinstance(value, datetime) else str(value)
        yield speech.say(name), speech.say("yes") if value is True else harmless(shown)


def revealed(facts: Facts | None, speech: Speech) -> tuple[str, ...]:
    """Return the labels of all that anyone with a camera learns from the code."""
    if facts is None:
        return ()
    return tuple(dict.fromkeys(label for label, _ in rows(facts, speech)))
