"""Looks at a list of keys, whoever made it: what has expired, what ends soon, what is for tests, what stands twice.

    radar = scan(keys, now=now)
    radar.counts["expired"] · radar.findings · radar.calendar

Nothing is believed and nothing is changed: this is for people to read before they sign or load a list.  Two
thirds of a list of a whole network had once expired, and a state that was a test stood among the others.

- a test key is one that says so: by its label, by a word in its certificate, or by a code that no state can have
  (ISO 3166-1, user-assigned elements);
- two entries with the same key material are one key, whatever they call it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from huxin.kernel.value import value
from huxin.trust.federation.listed import Listed

__all__ = ["CODES", "LONGEST", "SOON", "Finding", "Participant", "Radar", "scan"]

SOON: Final = timedelta(days=90)
"""A key that ends within this is told of: its successor has to be in every list by then."""
LONGEST: Final = timedelta(days=2 * 366)
"""A key that verifies for longer than two years is more than the charter lets one have."""

CODES: Final = (
    "unusable", "expired", "ends-soon", "not-yet", "no-dates", "test-key", "same-key", "long-life",
)  # fmt: skip
"""What can be found, the gravest first."""

_TEST_WORD: Final = re.compile(
    r"(?<![a-z])(test|demo|dummy|sample|specimen|dev|uat|staging|fake|example)(?![a-z])",
    re.IGNORECASE,
)
# User-assigned elements, of two letters or three: AA, QM–QZ, XA–XZ, ZZ.
_NO_STATE: Final = re.compile(r"AA[A-Z]?|Q[M-Z][A-Z]?|X[A-Z]{1,2}|ZZ[A-Z]?")


@value()
class Finding:
    """Something about one key that people should know; `note` is for them to look it up."""

    code: str
    key: Listed
    note: str = ""


@value()
class Participant:
    """What one participant has in the list."""

    name: str
    keys: int
    usable: int
    expired: int
    test: int


@dataclass(frozen=True, slots=True)
class Radar:
    """Everything that was found; `calendar` counts the usable keys by the month in which they end."""

    keys: int
    usable: int
    participants: tuple[Participant, ...]
    findings: tuple[Finding, ...]
    calendar: tuple[tuple[str, int], ...]
    counts: Mapping[str, int] = field(hash=False)


def scan(keys: Iterable[Listed], *, now: datetime) -> Radar:
    """Look at every key of a list as at `now`."""
    listed = tuple(keys)
    twice = _twice(listed)
    findings = sorted(
        (found for one in listed for found in _findings(one, twice, now)),
        key=lambda found: CODES.index(found.code),
    )
    usable = [one for one in listed if _is_usable(one, now)]
    ends = Counter(one.valid_until.strftime("%Y-%m") for one in usable if one.valid_until)
    counts = Counter(found.code for found in findings)
    return Radar(
        keys=len(listed),
        usable=len(usable),
        participants=tuple(_participants(listed, now)),
        findings=tuple(findings),
        calendar=tuple(sorted(ends.items())),
        counts={code: counts[code] for code in CODES},
    )


def _findings(
    one: Listed, twice: Mapping[bytes, Sequence[Listed]], now: datetime
) -> Iterator[Finding]:
    if one.key is None:
        yield Finding("unusable", one, one.fault)
        return
    yield from _dates(one, now)
    if why := _test(one):
        yield Finding("test-key", one, why)
    if others := [other for other in twice.get(one.key.spki, ()) if other is not one]:
        yield Finding("same-key", one, others[0].place)


def _dates(one: Listed, now: datetime) -> Iterator[Finding]:
    if one.valid_until is None:
        yield Finding("no-dates", one)
    elif one.valid_until < now:
        yield Finding("expired", one, one.valid_until.date().isoformat())
    elif one.valid_until - now < SOON:
        yield Finding("ends-soon", one, one.valid_until.date().isoformat())
    if one.valid_from is None:
        return
    if one.valid_from > now:
        yield Finding("not-yet", one, one.valid_from.date().isoformat())
    if one.valid_until is not None and one.valid_until - one.valid_from > LONGEST:
        yield Finding("long-life", one, f"{(one.valid_until - one.valid_from).days} d")


def _test(one: Listed) -> str:
    """Return why a key is one for tests; empty where nothing says so."""
    if one.environment == "test":
        return "environment"
    if word := _TEST_WORD.search(one.subject):
        return word[0]
    labelled = one.environment is not None
    return "" if labelled or not _NO_STATE.fullmatch(one.participant) else one.participant


def _twice(listed: Iterable[Listed]) -> dict[bytes, list[Listed]]:
    """Return the keys that stand more than once, by what they are made of.

    One key may serve several domains of one participant: that is one entry for each, and no fault.
    """
    by_material: dict[bytes, list[Listed]] = {}
    for one in listed:
        if one.key is not None:
            by_material.setdefault(one.key.spki, []).append(one)
    return {
        material: entries
        for material, entries in by_material.items()
        if len({(one.participant, one.domain) for one in entries}) < len(entries)
        or len({one.participant for one in entries}) > 1
    }


def _is_usable(one: Listed, now: datetime) -> bool:
    begun = one.valid_from is None or one.valid_from <= now
    lasts = one.valid_until is None or now <= one.valid_until
    return one.key is not None and begun and lasts and not _test(one)


def _participants(listed: Iterable[Listed], now: datetime) -> Iterator[Participant]:
    groups: dict[str, list[Listed]] = {}
    for one in listed:
        groups.setdefault(one.participant, []).append(one)
    for name, keys in sorted(groups.items()):
        yield Participant(
            name,
            len(keys),
            sum(_is_usable(one, now) for one in keys),
            sum(one.valid_until is not None and one.valid_until < now for one in keys),
            sum(bool(_test(one)) for one in keys),
        )
