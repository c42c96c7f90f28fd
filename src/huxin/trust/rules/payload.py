"""What a rule can read of cards: facts without whose they are, or an EU certificate as it is.

A rule reads what is proven and when; never a name, a number of a document, an issuing office, a
place or a batch.  Our own payload has no room for them, so that a rule which asks for one finds
nothing.  Several cards of one person are read together, as one list of each kind, oldest first.

The law of the payload is in `spec/rules.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final

from huxin.kernel.instants import PartialDate, rfc3339
from huxin.trust.credentials.credential import Credential
from huxin.trust.credentials.facts import KINDS, Code, Event, Facts

__all__ = ["READABLE", "dcc_payload", "facts_payload"]

READABLE: Final[Mapping[str, tuple[str, ...]]] = {
    "vaccination": (
        "disease", "vaccine", "product", "maker", "dose", "series", "date",
        "valid_from", "valid_until",
    ),
    "test": ("disease", "method", "result", "sampled", "device", "valid_from", "valid_until"),
    "recovery": ("disease", "first_positive", "valid_from", "valid_until"),
    "examination": ("purpose", "performed", "valid_from", "valid_until"),
    "clearance": ("purpose", "exemption", "valid_from", "valid_until"),
}  # fmt: skip
"""Kind of event → the fields of it that rules can read."""

_HCERT: Final = -260
_DCC: Final = 1
_WHEN: Final = ("date", "sampled", "first_positive", "performed", "valid_from", "valid_until")


def facts_payload(shown: Iterable[Facts]) -> dict[str, Any]:
    """Return the payload of cards that one person shows: their birth date and their events."""
    shown = list(shown)
    births = [one.person.birth for one in shown if one.person.birth is not None]
    payload: dict[str, Any] = {kind: [] for kind in KINDS}
    for facts in shown:
        for event in facts.events:
            payload[event.kind].append(_event(event))
    for kind in KINDS:
        payload[kind] = sorted(_distinct(kind, payload[kind]), key=_when)
    # The most exact of the dates; that they agree is checked before rules are asked.
    payload["birth"] = max(map(str, births), key=len, default=None)
    return payload


def _distinct(kind: str, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return each event once: a dose stays one dose on however many cards it stands.

    A second dose against the same disease is never given on the same day, so disease and day say
    which dose it is, although one card may tell more of it than another.
    """
    found: dict[object, dict[str, Any]] = {}
    for event in events:
        dose = kind == "vaccination" and "disease" in event and "date" in event
        key = (event["disease"], event["date"]) if dose else tuple(event.items())
        known = found.setdefault(key, event)
        if len(event) > len(known):
            found[key] = event
    return list(found.values())


def _event(event: Event) -> dict[str, Any]:
    known = {one.name for one in fields(event)}
    pairs = ((name, getattr(event, name)) for name in READABLE[event.kind] if name in known)
    return {name: _plain(one) for name, one in pairs if one is not None}


def _plain(one: Any) -> Any:
    if isinstance(one, Code | PartialDate):
        return str(one)
    if isinstance(one, datetime):
        return rfc3339(one)
    return one


def _when(event: Mapping[str, Any]) -> str:
    return next((event[name] for name in _WHEN if name in event), "")


def dcc_payload(credential: Credential) -> dict[str, Any] | None:
    """Return the EU certificate inside a credential as its rules expect it, or `None`."""
    hcert = credential.claims.get(_HCERT)
    found = hcert.get(_DCC) if isinstance(hcert, dict) else None
    return _json(found) if isinstance(found, dict) else None


def _json(one: Any) -> Any:
    """Turn what CBOR can hold into what JSON can: numbers as keys become texts, dates their writing.

    What JSON has no word for is null, and under another kind of key nothing is read.
    """
    if isinstance(one, dict):
        return {str(key): _json(item) for key, item in one.items() if type(key) in (str, int)}
    if isinstance(one, list):
        return [_json(item) for item in one]
    if isinstance(one, str | int | float | None):
        return one
    return one.isoformat() if isinstance(one, date) else None
