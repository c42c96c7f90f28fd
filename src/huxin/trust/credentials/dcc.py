"""EU DCC (HCERT claim 1): payload → facts, and facts → payload.

The JSON Schema of the DCC is not the judge here, plausibility is: real cards of real
issuers break the schema and are honoured, and cards that keep it can be nonsense.
Exactly one kind of event; early schema versions wrote a vaccination series as several
entries of one list, and each is kept.  The last one gives identifier and issuer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.credentials import untrusted
from huxin.trust.credentials.facts import Facts, Name, Person, Recovery, Test, Vaccination

__all__ = ["parse", "write"]

_VERSION: Final = "1.3.0"


def parse(payload: object) -> Facts:
    """Read the map under claim 1; refuses with `implausible`."""
    if not untrusted.is_map(payload):
        raise RefusalError("implausible", "not a map")
    kind, entries = _only_kind(payload)
    events = tuple(map(_READERS[kind], entries))
    entry = entries[-1]
    return Facts(
        person=_person(payload),
        events=events,
        identifier=untrusted.text(entry, "ci"),
        issuer=untrusted.text(entry, "is"),
        place=untrusted.text(entry, "co"),
    )


def _only_kind(payload: Mapping[Any, Any]) -> tuple[str, Sequence[Mapping[Any, Any]]]:
    present = [(kind, payload[kind]) for kind in _READERS if payload.get(kind)]
    if len(present) != 1:
        raise RefusalError("implausible", f"{len(present)} kinds of event")
    return present[0][0], untrusted.entries(present[0][1])


def _person(payload: Mapping[Any, Any]) -> Person:
    name = untrusted.mapping(payload, "nam")
    return Person(
        Name(
            family=untrusted.text(name, "fn") or "",
            given=untrusted.text(name, "gn") or "",
            latin_family=untrusted.text(name, "fnt") or "",
            latin_given=untrusted.text(name, "gnt") or "",
        ),
        untrusted.strict_date(payload, "dob"),
    )


def _vaccination(entry: Mapping[Any, Any]) -> Vaccination:
    return Vaccination(
        disease=untrusted.code(entry, "tg", "snomed"),
        vaccine=untrusted.code(entry, "vp", "dcc-vp"),
        product=untrusted.code(entry, "mp", "dcc-mp"),
        maker=untrusted.code(entry, "ma", "dcc-ma"),
        dose=untrusted.number(entry, "dn"),
        series=untrusted.number(entry, "sd"),
        date=untrusted.partial_date(entry, "dt"),
    )


def _test(entry: Mapping[Any, Any]) -> Test:
    return Test(
        disease=untrusted.code(entry, "tg", "snomed"),
        method=untrusted.code(entry, "tt", "loinc"),
        result=untrusted.code(entry, "tr", "snomed"),
        sampled=untrusted.instant(entry, "sc"),
        device=untrusted.code(entry, "ma", "dcc-rat"),
        name=untrusted.text(entry, "nm"),
        centre=untrusted.text(entry, "tc"),
    )


def _recovery(entry: Mapping[Any, Any]) -> Recovery:
    return Recovery(
        disease=untrusted.code(entry, "tg", "snomed"),
        first_positive=untrusted.partial_date(entry, "fr"),
        valid_from=untrusted.partial_date(entry, "df"),
        valid_until=untrusted.partial_date(entry, "du"),
    )


_READERS: Final[dict[str, Callable[[Mapping[Any, Any]], Vaccination | Test | Recovery]]] = {
    "v": _vaccination,
    "t": _test,
    "r": _recovery,
}


def write(facts: Facts) -> dict[str, Any]:
    """Return the map for claim 1; refuses with `bad-input` an event that a DCC cannot hold."""
    (event,) = facts.events
    writer = _WRITERS.get(event.kind)
    if writer is None:
        raise RefusalError("bad-input", f"a DCC holds no {event.kind}")
    name = facts.person.name
    if not name.latin_family and not name.latin_given:
        raise RefusalError(
            "bad-input", "a DCC needs the name in Latin letters, as family and given"
        )
    entry = writer(event) | {"co": facts.place, "is": facts.issuer, "ci": facts.identifier}
    names = {
        "fn": name.family,
        "gn": name.given,
        "fnt": name.latin_family.upper().replace(" ", "<"),
        "gnt": name.latin_given.upper().replace(" ", "<"),
    }
    return {
        event.kind[0]: [_present(dict(sorted(entry.items())))],
        "dob": str(facts.person.birth or ""),
        "nam": _present(names),
        "ver": _VERSION,
    }


def _present(entry: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if value not in (None, "")}


def _write_vaccination(event: Any) -> dict[str, Any]:
    return {
        "tg": _code(event.disease),
        "vp": _code(event.vaccine),
        "mp": _code(event.product),
        "ma": _code(event.maker),
        "dn": event.dose,
        "sd": event.series,
        "dt": str(event.date or ""),
    }


def _write_test(event: Any) -> dict[str, Any]:
    return {
        "tg": _code(event.disease),
        "tt": _code(event.method),
        "tr": _code(event.result),
        "sc": rfc3339(event.sampled) if event.sampled else None,
        "ma": _code(event.device),
        "nm": event.name,
        "tc": event.centre,
    }


def _write_recovery(event: Any) -> dict[str, Any]:
    return {
        "tg": _code(event.disease),
        "fr": str(event.first_positive or ""),
        "df": str(event.valid_from or ""),
        "du": str(event.valid_until or ""),
    }


def _code(code: Any) -> str | None:
    return None if code is None else code.code


_WRITERS: Final[dict[str, Callable[[Any], dict[str, Any]]]] = {
    "vaccination": _write_vaccination,
    "test": _write_test,
    "recovery": _write_recovery,
}
