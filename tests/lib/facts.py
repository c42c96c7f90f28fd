"""Facts as Hypothesis makes them: in the form that a format keeps, and of any kind at all.

A format has no room for everything: `kept_by(format)` makes facts that come back from a
card as they went in.  `wild` makes what a careless caller may hand over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from typing import Any, Final

from hypothesis import strategies as st

from huxin.kernel.instants import PartialDate
from huxin.trust.credentials.facts import (
    KINDS,
    Clearance,
    Code,
    Event,
    Examination,
    Facts,
    Name,
    Person,
    Recovery,
    Test,
    Vaccination,
)
from tests.lib.regions import NOW

__all__ = ["kept_by", "own", "texts", "wild"]

_TODAY: Final = NOW.date()

# ------------------------------------------------------------------------------------------ pieces

# Han from every plane that has names, and scripts with marks, cases and directions of their own.
_NATIVE: Final = "林王李㑇䶮𠅤𪚥あアกمניЖλ\u0915\u093f가"
_LATIN: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ANY_LETTER: Final = st.characters(codec="utf-8", exclude_categories=("C", "Z"))


def texts(longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    """Texts as people fill them in: any script, spaces inside, none around."""
    return (
        st.text(st.one_of(_ANY_LETTER, st.just(" ")), min_size=shortest, max_size=longest)
        .map(str.strip)
        .filter(lambda text: len(text) >= shortest)
    )


def _words(alphabet: str, longest: int, shortest: int = 1) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=shortest, max_size=longest)


_native_names: Final = _words(_NATIVE, 12).filter(lambda name: any(map(str.isalpha, name)))
_latin_names: Final = st.lists(_words(_LATIN, 8), min_size=1, max_size=3).map(" ".join)
_latin_parts: Final = _words(_LATIN + "<", 12).filter(lambda text: text.strip("<") == text)
_slugs: Final = _words("abcdefghijklmnopqrstuvwxyz0123456789-", 16)
_codes_in: Final = st.text(
    st.characters(codec="ascii", exclude_categories=("C", "Z")), min_size=1, max_size=20
)
_doses: Final = st.integers(1, 20)
_days: Final = st.dates(date(1900, 1, 1), _TODAY)
_days_ahead: Final = st.dates(_TODAY, date(2180, 1, 1))


def _full(day: date) -> PartialDate:
    return PartialDate(day.year, day.month, day.day)


def _cut(day: date, parts: int) -> PartialDate:
    return PartialDate(day.year, *(day.month, day.day)[:parts])


_partial: Final = st.builds(_cut, _days, st.integers(0, 2))
_full_dates: Final = _days.map(_full)
_until: Final = _days_ahead.map(_full)


def _moments(step: timedelta) -> st.SearchStrategy[datetime]:
    """Instants of the last century, to the second or the minute, in any zone of the world."""
    seconds = st.integers(0, int(36_500 * 86_400 / step.total_seconds()))
    zones = st.integers(-12 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
    return st.builds(lambda n, zone: (NOW - n * step).astimezone(zone), seconds, zones)


def _maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


def _code(system: st.SearchStrategy[str] | None = None) -> st.SearchStrategy[Code]:
    return st.builds(Code, _slugs if system is None else system, _codes_in)


def _of(system: str) -> st.SearchStrategy[Code | None]:
    return _maybe(_code(st.just(system)))


# --------------------------------------------------------------------------- what a format can keep


@cache
def kept_by(format_name: str) -> st.SearchStrategy[Facts]:
    """Facts that a card of this format gives back as they are."""
    return _KEPT[format_name]()


def _own() -> st.SearchStrategy[Facts]:
    return st.one_of(*map(own, KINDS))


@cache
def own(kind: str) -> st.SearchStrategy[Facts]:
    """Facts of one kind that an attestation gives back as they are."""
    name = st.builds(Name, whole=_native_names, latin_whole=_latin_names)
    either = st.builds(Name, whole=_native_names) | st.builds(Name, latin_whole=_latin_names)
    person = st.builds(
        Person,
        name | either,
        _maybe(_partial),
        sex=_maybe(st.sampled_from("fmx")),
        document=_maybe(texts(30)),
        guardian=_maybe(texts(40)),
    )
    span: dict[str, Any] = {
        "valid_from": _maybe(_full_dates),
        "valid_until": _maybe(_until),
        "centre": _maybe(texts(30)),
    }
    purpose = st.builds(lambda one, two: f"{one}/{two}" if two else one, _slugs, _maybe(_slugs))
    ended = span | {"valid_until": _until}
    events: dict[str, st.SearchStrategy[Event]] = {
        "vaccination": st.builds(
            Vaccination,
            disease=_code(), vaccine=_maybe(_code()), product=_maybe(_code()),
            maker=_maybe(_code()), dose=_maybe(_doses), series=_maybe(_doses), date=_partial,
            batch=_maybe(texts(20)), **span,
        ),
        "test": st.builds(
            Test, disease=_code(), method=_maybe(_code()), result=_code(),
            sampled=_moments(timedelta(minutes=1)), **span,
        ),
        "recovery": st.builds(Recovery, disease=_code(), first_positive=_partial, **span),
        "examination": st.builds(
            Examination, purpose=purpose, performed=_maybe(_partial), **ended
        ),
        "clearance": st.builds(Clearance, purpose=purpose, exemption=st.booleans(), **ended),
    }  # fmt: skip
    return st.builds(
        Facts,
        person,
        st.tuples(events[kind]),
        identifier=texts(40, 8),
        issuer=_maybe(texts(40)),
        pack=_maybe(_slugs),
    )


def _eu() -> st.SearchStrategy[Facts]:
    name = st.builds(
        Name,
        family=_native_names, given=_native_names,
        latin_family=_latin_parts, latin_given=_latin_parts,
    )  # fmt: skip
    events = st.one_of(
        st.builds(
            Vaccination,
            disease=_code(st.just("snomed")), vaccine=_of("dcc-vp"), product=_of("dcc-mp"),
            maker=_of("dcc-ma"), dose=_maybe(_doses), series=_maybe(_doses), date=_partial,
        ),
        st.builds(
            Test,
            disease=_code(st.just("snomed")), method=_of("loinc"), result=_of("snomed"),
            sampled=_moments(timedelta(seconds=1)), device=_of("dcc-rat"), name=_maybe(texts(20)),
            centre=_maybe(texts(20)),
        ),
        st.builds(
            Recovery,
            disease=_code(st.just("snomed")), first_positive=_full_dates,
            valid_from=_full_dates, valid_until=_until,
        ),
    )  # fmt: skip
    return st.builds(
        Facts,
        st.builds(Person, name, _maybe(_partial)),
        st.tuples(events),
        identifier=texts(40, 8),
        issuer=_maybe(texts(30)),
        place=_maybe(_words(_LATIN, 3)),
    )


def _who() -> st.SearchStrategy[Facts]:
    name = st.builds(Name, whole=_native_names) | st.builds(Name, latin_whole=_latin_names)
    person = st.builds(
        Person,
        name, _maybe(_partial), sex=_maybe(st.sampled_from(["male", "female"])),
        nationality=_maybe(_words(_LATIN, 3)), document=_maybe(texts(20)),
        guardian=_maybe(texts(30)),
    )  # fmt: skip
    dose = st.builds(
        Vaccination,
        disease=_code(st.just("who")), product=_of("who"), maker=_of("who"), dose=_maybe(_doses),
        date=_partial, batch=_maybe(texts(20)), valid_from=_maybe(_full_dates),
        valid_until=_maybe(_until), centre=_maybe(texts(30)),
    )  # fmt: skip
    return st.builds(Facts, person, st.tuples(dose), issuer=_maybe(texts(30)))


def _health_card() -> st.SearchStrategy[Facts]:
    latin: dict[str, Any] = {"latin_family": _words(_LATIN, 8), "latin_given": _latin_names}
    name = st.one_of(
        st.builds(Name, family=_native_names, given=_native_names, **latin),
        st.builds(Name, whole=_native_names, latin_whole=_latin_names),
        st.builds(Name, **latin),
    )
    systems = st.sampled_from(["atc", "cvx", "icd-11", "loinc", "snomed", "a-pack-of-ours"])
    events = st.one_of(
        st.builds(
            Vaccination, disease=_maybe(_code(systems)), vaccine=_code(systems), date=_partial,
            batch=_maybe(texts(20)),
        ),
        st.builds(
            Test, disease=st.none(), method=_code(systems), result=_code(systems),
            sampled=_moments(timedelta(seconds=1)),
        ),
    )  # fmt: skip
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
    return st.builds(
        Facts,
        st.builds(Person, name, _maybe(_partial)),
        st.tuples(events),
        identifier=_maybe(_words(letters, 24)),
        issuer=_maybe(texts(30)),
    )


_KEPT: Final[dict[str, Callable[[], st.SearchStrategy[Facts]]]] = {
    "hcert-100": _own,
    "hcert-1": _eu,
    "hcert-6": _who,
    "shc": _health_card,
}

# -------------------------------------------------------------------------------- anything at all

_any_text: Final = st.text(max_size=100)
_any_number: Final = st.integers() | st.floats()
_any_code: Final = _maybe(st.builds(Code, _any_text, _any_text))
_any_date: Final = _maybe(_partial | _until)
_any_instant: Final = _maybe(st.datetimes(timezones=st.just(UTC)) | _moments(timedelta(seconds=1)))
_FIELDS: Final[dict[str, st.SearchStrategy[Any]]] = {
    "disease": _any_code, "vaccine": _any_code, "product": _any_code, "maker": _any_code,
    "method": _any_code, "result": _any_code, "device": _any_code,
    "dose": _maybe(_any_number), "series": _maybe(_any_number),
    "date": _any_date, "first_positive": _any_date, "performed": _any_date,
    "valid_from": _any_date, "valid_until": _any_date, "sampled": _any_instant,
    "batch": _maybe(_any_text), "centre": _maybe(_any_text), "name": _maybe(_any_text),
    "purpose": _any_text, "exemption": st.booleans(),
}  # fmt: skip
_EVENTS: Final[tuple[type[Event], ...]] = (Vaccination, Test, Recovery, Examination, Clearance)


def _wild_event(kind: type[Event]) -> st.SearchStrategy[Event]:
    names = [one.name for one in fields(kind)]
    made: st.SearchStrategy[Event] = st.builds(kind, **{name: _FIELDS[name] for name in names})
    return made


def wild() -> st.SearchStrategy[Facts]:
    """Facts with anything in any field: a normal card, or nonsense, or half of each."""
    assert len(_EVENTS) == len(KINDS)
    person = st.builds(
        Person,
        st.builds(Name, _any_text, _any_text, _any_text, _any_text, _any_text, _any_text),
        _any_date,
        sex=_maybe(_any_text), nationality=_maybe(_any_text), document=_maybe(_any_text),
        guardian=_maybe(_any_text),
    )  # fmt: skip
    nonsense = st.builds(
        Facts,
        person,
        st.lists(st.one_of(*map(_wild_event, _EVENTS)), max_size=3).map(tuple),
        identifier=_maybe(_any_text), issuer=_maybe(_any_text), place=_maybe(_any_text),
        pack=_maybe(_any_text),
    )  # fmt: skip
    sound = _own()
    return st.one_of(
        nonsense,
        sound,
        st.builds(lambda one, other: _half(one, other, 0), sound, nonsense),
        st.builds(lambda one, other: _half(one, other, 1), sound, nonsense),
    )


def _half(one: Facts, other: Facts, which: int) -> Facts:
    events = (other.events or one.events) if which else one.events
    person = one.person if which else other.person
    return Facts(person, events, one.identifier, other.issuer, other.place, one.pack)
