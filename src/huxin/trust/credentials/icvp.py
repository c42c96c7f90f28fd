"""WHO digital vaccination certificate, ICVP (HCERT claim -6): payload → facts, facts → payload.

`{n, dob, s, ntl | nt, nid | id, gn, v | vx: {dn, tg, vp, ma, dt, bo, vls, vle, cn, is}}`;
both spellings of nationality, document and vaccination occur, and both are read, also a
list of vaccinations.  The first spelling is written: it is that of the logical model.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import untrusted
from huxin.trust.credentials.facts import Facts, Name, Person, Vaccination

__all__ = ["parse", "write"]

_SYSTEM: Final = "who"


def parse(payload: object) -> Facts:
    """Read the map under claim -6; refuses with `implausible`."""
    if not untrusted.is_map(payload):
        raise RefusalError("implausible", "not a map")
    doses = untrusted.entries(payload.get(_spelling(payload, "v", "vx")))
    events = tuple(map(_vaccination, doses))
    name = untrusted.text(payload, "n") or ""
    person = Person(
        # A travel document's name is in Latin letters; another script is native.
        Name(latin_whole=name) if name.isascii() else Name(whole=name),
        untrusted.strict_date(payload, "dob"),
        sex=untrusted.text(payload, "s"),
        nationality=untrusted.text(payload, _spelling(payload, "ntl", "nt")),
        document=untrusted.text(payload, _spelling(payload, "nid", "id")),
        guardian=untrusted.text(payload, "gn"),
    )
    return Facts(person, events, issuer=untrusted.text(doses[-1], "is"))


def _vaccination(entry: Mapping[Any, Any]) -> Vaccination:
    return Vaccination(
        disease=untrusted.code(entry, "tg", _SYSTEM),
        product=untrusted.code(entry, "vp", _SYSTEM),
        maker=untrusted.code(entry, "ma", _SYSTEM),
        dose=_dose(entry),
        date=untrusted.partial_date(entry, "dt"),
        batch=untrusted.text(entry, "bo"),
        valid_from=untrusted.partial_date(entry, "vls"),
        valid_until=untrusted.partial_date(entry, "vle"),
        centre=untrusted.text(entry, "cn"),
    )


def _spelling(source: Mapping[Any, Any], one: str, other: str) -> str:
    return one if source.get(one) is not None else other


def _dose(entry: Mapping[Any, Any]) -> float | None:
    """Return the dose number; some issuers write it as text ("1", "1/1"), others as words."""
    value = entry.get("dn")
    if isinstance(value, str):
        head = value.strip().partition("/")[0].strip()
        return int(head) if head.isascii() and head.isdecimal() and len(head) <= 3 else None
    return untrusted.number(entry, "dn")


def write(facts: Facts) -> dict[str, Any]:
    """Return the map for claim -6; refuses with `bad-input` what is not a vaccination."""
    (event,) = facts.events
    person = facts.person
    name = person.name.latin or person.name.native
    if not isinstance(event, Vaccination) or event.disease is None or event.date is None:
        raise RefusalError("bad-input", "an ICVP certificate holds one vaccination with its date")
    vaccination = {
        "bo": event.batch,
        "cn": event.centre,
        "dn": event.dose,
        "dt": str(event.date),
        "is": facts.issuer,
        "ma": event.maker.code if event.maker else None,
        "tg": event.disease.code,
        "vp": event.product.code if event.product else None,
        "vle": str(event.valid_until) if event.valid_until else None,
        "vls": str(event.valid_from) if event.valid_from else None,
    }
    # Shorter keys first, then by letter: the deterministic order.
    return _present(
        {
            "n": name,
            "s": person.sex,
            "v": _present(vaccination),
            "gn": person.guardian,
            "dob": str(person.birth) if person.birth else None,
            "nid": person.document,
            "ntl": person.nationality,
        }
    )


def _present(source: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in source.items() if value not in (None, "")}
