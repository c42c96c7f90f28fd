"""The Huxin attestation (HCERT claim -100): payload → facts, facts → payload.

One statement about one person, for any disease or purpose, with open code systems.
Keys are one letter, since every byte makes the printed code larger; `spec/credential.md`
is the law and `attestation.schema.json` its machine form.  Read permissively (an
unknown key is ignored), written strictly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.credentials import attestation_form, untrusted
from huxin.trust.credentials.facts import (
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

__all__ = ["VERSION", "parse", "write"]

VERSION: Final = 1


def parse(payload: object) -> Facts:
    """Read the map under claim -100; refuses with `implausible` (or `format`: a later version)."""
    if not untrusted.is_map(payload):
        raise RefusalError("implausible", "not a map")
    version = payload.get("v")
    if type(version) is not int or version != VERSION:
        raise RefusalError("format", "an attestation of another version")
    reader = _READERS.get(untrusted.text(payload, "k") or "")
    if reader is None:
        raise RefusalError("implausible", "not one of the five kinds")
    event = reader(untrusted.mapping(payload, "e"))
    name = Name(
        whole=untrusted.text(payload, "n") or "",
        latin_whole=untrusted.text(payload, "l") or "",
    )
    person = Person(
        name,
        untrusted.strict_date(payload, "b"),
        sex=untrusted.text(payload, "s"),
        document=untrusted.text(payload, "d"),
        guardian=untrusted.text(payload, "g"),
    )
    return Facts(
        person,
        (event,),
        identifier=untrusted.text(payload, "i"),
        issuer=untrusted.text(payload, "o"),
        pack=untrusted.text(payload, "p"),
    )


def _code(entry: Mapping[Any, Any], key: str) -> Code | None:
    written = untrusted.text(entry, key)
    return None if written is None else Code.parse(written)


def _span(entry: Mapping[Any, Any]) -> dict[str, Any]:
    """Return what all events share: from (`f`), until (`u`), centre (`c`)."""
    return {
        "valid_from": untrusted.partial_date(entry, "f"),
        # An end that cannot be read must not become "without end".
        "valid_until": untrusted.strict_date(entry, "u"),
        "centre": untrusted.text(entry, "c"),
    }


def _vaccination(entry: Mapping[Any, Any]) -> Event:
    return Vaccination(
        disease=_code(entry, "d"),
        vaccine=_code(entry, "a"),
        product=_code(entry, "m"),
        maker=_code(entry, "o"),
        dose=untrusted.number(entry, "n"),
        series=untrusted.number(entry, "t"),
        date=untrusted.partial_date(entry, "w"),
        batch=untrusted.text(entry, "b"),
        **_span(entry),
    )


def _test(entry: Mapping[Any, Any]) -> Event:
    return Test(
        disease=_code(entry, "d"),
        method=_code(entry, "y"),
        result=_code(entry, "r"),
        sampled=untrusted.instant(entry, "w"),
        **_span(entry),
    )


def _recovery(entry: Mapping[Any, Any]) -> Event:
    return Recovery(
        disease=_code(entry, "d"),
        first_positive=untrusted.partial_date(entry, "w"),
        **_span(entry),
    )


def _examination(entry: Mapping[Any, Any]) -> Event:
    return Examination(
        purpose=_purpose(entry), performed=untrusted.partial_date(entry, "w"), **_span(entry)
    )


def _clearance(entry: Mapping[Any, Any]) -> Event:
    return Clearance(purpose=_purpose(entry), exemption=entry.get("z") is True, **_span(entry))


def _purpose(entry: Mapping[Any, Any]) -> str:
    return untrusted.text(entry, "x") or ""


_READERS: Final[dict[str, Callable[[Mapping[Any, Any]], Event]]] = {
    "vaccination": _vaccination,
    "test": _test,
    "recovery": _recovery,
    "examination": _examination,
    "clearance": _clearance,
}


def write(facts: Facts) -> dict[str, Any]:
    """Return the map for claim -100, its keys in deterministic order.

    Refuses with `bad-input` or `missing` what the schema does not allow.
    """
    (event,) = facts.events
    person = facts.person
    card = _present(
        b=person.birth,
        d=person.document,
        e=_write_event(event),
        g=person.guardian,
        i=facts.identifier,
        k=event.kind,
        l=person.name.latin,
        n=person.name.native,
        o=facts.issuer,
        p=facts.pack,
        s=person.sex,
        v=VERSION,
    )
    attestation_form.check(card)
    return card


def _write_event(event: Event) -> dict[str, Any]:
    own: dict[str, Any]
    match event:
        case Vaccination():
            own = {
                "a": event.vaccine, "b": event.batch, "d": event.disease, "m": event.product,
                "n": event.dose, "o": event.maker, "t": event.series, "w": event.date,
            }  # fmt: skip
        case Test():
            sampled = rfc3339(event.sampled, "minutes") if event.sampled else None
            own = {"d": event.disease, "r": event.result, "w": sampled, "y": event.method}
        case Recovery():
            own = {"d": event.disease, "w": event.first_positive}
        case Examination():
            own = {"w": event.performed, "x": event.purpose}
        case _:
            own = {"x": event.purpose, "z": event.exemption}
    own |= {"c": event.centre, "f": event.valid_from, "u": event.valid_until}
    return _present(**dict(sorted(own.items())))


def _present(**entries: Any) -> dict[str, Any]:
    """Return the entries that say something, each as CBOR writes it."""
    return {
        key: value if isinstance(value, str | int | dict) else str(value)
        for key, value in entries.items()
        if value is not None and value is not False and value != ""
    }
