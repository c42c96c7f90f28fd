"""The FHIR bundle inside a SMART Health Card: bundle ⇄ facts.

Reads one Patient, the Immunizations that were completed and the laboratory Observations
that are final.  Anything else in the bundle is left alone: a reader need not understand
a whole record to say whose card it is.  An immunization that was not done, or was
entered in error, proves nothing and gives no event.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.credentials import untrusted
from huxin.trust.credentials.facts import Code, Event, Facts, Name, Person, Test, Vaccination
from huxin.trust.credentials.untrusted import is_map

__all__ = ["VERSION", "parse", "write"]

VERSION: Final = "4.0.1"

_MAX_ENTRIES: Final = 500
_MAX_GIVEN: Final = 200
_NO_NAME: Final = ("", "", "")
_FINAL: Final = ("final", "amended", "corrected")
_SYSTEMS: Final = {
    "atc": "http://www.whocc.no/atc",
    "cvx": "http://hl7.org/fhir/sid/cvx",
    "icd-10": "http://hl7.org/fhir/sid/icd-10",
    "icd-11": "http://id.who.int/icd/release/11/mms",
    "loinc": "http://loinc.org",
    "snomed": "http://snomed.info/sct",
}
_SHORT: Final = {uri: short for short, uri in _SYSTEMS.items()}
_OWN: Final = "urn:huxin:code:"


def parse(bundle: object) -> Facts:
    """Read the bundle; refuses with `implausible` where there is not exactly one patient.

    Only laboratory results may lack theirs; they then give no events.
    """
    if not is_map(bundle) or bundle.get("resourceType") != "Bundle":
        raise RefusalError("implausible", "not a FHIR bundle")
    patients, events, issuer = [], [], None
    for resource in _resources(bundle):
        if resource.get("resourceType") == "Patient":
            patients.append(resource)
        elif (event := _event(resource)) is not None:
            events.append(event)
            issuer = issuer or _performer(resource)
    if not patients and events and all(isinstance(event, Test) for event in events):
        # A laboratory's record whose patient stands elsewhere (the framework's own example 02):
        # it may be genuine, and proves nothing about anybody.
        return Facts(Person(Name()), (), issuer=issuer)
    if len(patients) != 1:
        raise RefusalError("implausible", f"{len(patients)} patients")
    return Facts(_person(patients[0]), tuple(events), issuer=issuer)


def _resources(bundle: Mapping[Any, Any]) -> list[Mapping[Any, Any]]:
    entries = bundle.get("entry")
    if not isinstance(entries, list) or len(entries) > _MAX_ENTRIES:
        raise RefusalError("implausible", "no list of entries")
    resources = [entry.get("resource") for entry in entries if is_map(entry)]
    return [resource for resource in resources if is_map(resource)]


def _person(patient: Mapping[Any, Any]) -> Person:
    names = list(map(_name, _maps(patient.get("name"))))
    # Latin letters with marks belong to Latin; other scripts begin at U+0370 (Greek).
    latin = native = _NO_NAME
    for name in reversed(names):
        letters = "".join(name)
        if letters.isascii() or max(letters) < "\u0370":
            latin = name
        else:
            native = name
    return Person(
        Name(native[0], native[1], latin[0], latin[1], native[2], latin[2]),
        untrusted.strict_date(patient, "birthDate"),
        sex=untrusted.text(patient, "gender"),
    )


def _name(name: Mapping[Any, Any]) -> tuple[str, str, str]:
    """Return family, given and, where neither is there, the whole name."""
    parts = name.get("given")
    given = ""
    if isinstance(parts, list):
        given = " ".join([part for part in parts if isinstance(part, str)])
    family = untrusted.text(name, "family") or ""
    whole = "" if family or given else untrusted.text(name, "text") or ""
    return family, given[:_MAX_GIVEN].strip(), whole


def _event(resource: Mapping[Any, Any]) -> Event | None:
    kind, status = resource.get("resourceType"), resource.get("status")
    if kind == "Immunization" and status == "completed":
        return Vaccination(
            disease=_disease(resource),
            vaccine=_code(resource.get("vaccineCode")),
            # `occurrenceString` may say "childhood", which is no fault and no date.
            date=untrusted.partial_date(resource, "occurrenceDateTime")
            or untrusted.partial_date(resource, "occurrenceString"),
            batch=untrusted.text(resource, "lotNumber"),
        )
    if kind == "Observation" and status in _FINAL:
        return Test(
            disease=None,
            method=_code(resource.get("code")),
            result=_code(resource.get("valueCodeableConcept")),
            sampled=_sampled(resource),
        )
    return None


def _disease(resource: Mapping[Any, Any]) -> Code | None:
    for protocol in _maps(resource.get("protocolApplied")):
        for target in _maps(protocol.get("targetDisease")):
            return _code(target)
    return None


def _code(concept: object) -> Code | None:
    """Return the first coding; one card may carry several codes for the same thing."""
    for coding in _maps(concept.get("coding")) if is_map(concept) else ():
        code = untrusted.text(coding, "code")
        if code is not None:
            system = untrusted.text(coding, "system") or ""
            return Code(_SHORT.get(system, system.removeprefix(_OWN)), code)
    return None


def _sampled(resource: Mapping[Any, Any]) -> datetime | None:
    # FHIR allows a date of any precision; only a full instant can be a sampling time.
    written = untrusted.text(resource, "effectiveDateTime")
    return untrusted.instant(resource, "effectiveDateTime") if len(written or "") > 9 else None


def _performer(resource: Mapping[Any, Any]) -> str | None:
    for performer in _maps(resource.get("performer")):
        actor = performer.get("actor")
        if display := untrusted.text(actor if is_map(actor) else performer, "display"):
            return display
    return None


def _maps(value: object) -> list[Mapping[Any, Any]]:
    return [one for one in value if is_map(one)] if isinstance(value, list) else []


def write(facts: Facts) -> dict[str, Any]:
    """Return a minified bundle; refuses with `bad-input` events that the cards do not hold."""
    (event,) = facts.events
    patient: dict[str, Any] = {"resourceType": "Patient", "name": _write_names(facts.person.name)}
    if facts.person.birth is not None:
        patient["birthDate"] = str(facts.person.birth)
    if isinstance(event, Vaccination):
        resource = _write_immunization(event, facts.issuer)
    elif isinstance(event, Test):
        resource = _write_observation(event, facts.issuer)
    else:
        raise RefusalError("bad-input", f"a SMART Health Card holds no {event.kind}")
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": "resource:0", "resource": patient},
            {"fullUrl": "resource:1", "resource": resource},
        ],
    }


def _write_names(name: Name) -> list[dict[str, Any]]:
    names = []
    for family, given, whole in (
        (name.family, name.given, name.whole),
        (name.latin_family, name.latin_given, name.latin_whole),
    ):
        if family or given:
            entry = {"family": family.replace("<", " "), "given": given.replace("<", " ").split()}
            names.append({key: value for key, value in entry.items() if value})
        elif whole:
            names.append({"text": whole})
    return names


def _write_immunization(event: Vaccination, issuer: str | None) -> dict[str, Any]:
    code = event.vaccine or event.product
    if code is None or event.date is None:
        raise RefusalError("bad-input", "a SMART Health Card needs a vaccine code and a date")
    resource: dict[str, Any] = {
        "resourceType": "Immunization",
        "status": "completed",
        "vaccineCode": _concept(code),
        "patient": {"reference": "resource:0"},
        "occurrenceDateTime": str(event.date),
    }
    if event.disease is not None:
        protocol: dict[str, Any] = {"targetDisease": [_concept(event.disease)]}
        if event.dose:
            protocol["doseNumberPositiveInt"] = int(event.dose)
        else:
            protocol["doseNumberString"] = "unknown"
        resource["protocolApplied"] = [protocol]
    if event.batch:
        resource["lotNumber"] = event.batch
    if issuer or event.centre:
        resource["performer"] = [{"actor": {"display": issuer or event.centre}}]
    return resource


def _write_observation(event: Test, issuer: str | None) -> dict[str, Any]:
    if event.method is None or event.result is None or event.sampled is None:
        raise RefusalError("bad-input", "a test needs a method, a result and a sampling time")
    resource: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "final",
        "code": _concept(event.method),
        "subject": {"reference": "resource:0"},
        "effectiveDateTime": rfc3339(event.sampled),
        "valueCodeableConcept": _concept(event.result),
    }
    if issuer or event.centre:
        resource["performer"] = [{"display": issuer or event.centre}]
    return resource


def _concept(code: Code) -> dict[str, Any]:
    return {
        "coding": [{"system": _SYSTEMS.get(code.system, _OWN + code.system), "code": code.code}]
    }
