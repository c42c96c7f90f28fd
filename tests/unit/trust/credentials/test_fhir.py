from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.trust.credentials import fhir
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Event,
    Facts,
    Name,
    Person,
    Test,
    Vaccination,
)

PERSON = Person(Name("Gößinger", "Gabriele Anna", "", ""), PartialDate(1998, 2, 26))
DOSE = Vaccination(
    disease=Code("icd-11", "1F03"),
    vaccine=Code("cvx", "03"),
    date=PartialDate(2024, 9, 1),
    batch="MM-2409",
)
SWAB = Test(
    disease=None,
    method=Code("loinc", "94558-4"),
    result=Code("snomed", "260373001"),
    sampled=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
)


def bundle(*resources: Any) -> dict[str, Any]:
    return {"resourceType": "Bundle", "entry": [{"resource": one} for one in resources]}


PATIENT = {"resourceType": "Patient", "name": [{"family": "Anyperson", "given": ["John", "B."]}]}


@pytest.mark.parametrize("event", [DOSE, SWAB])
@pytest.mark.parametrize("issuer", ["Reed Isles clinic", None])
def test_a_bundle_is_read_back(event: Event, issuer: str | None) -> None:
    latin = replace(PERSON, name=Name("", "", "Anyperson", "John B."))
    facts = Facts(latin, (event,), issuer=issuer)
    assert fhir.parse(fhir.write(facts)) == facts


def test_names_in_two_scripts() -> None:
    both = Person(Name("林", "㑇", "LIN", "ZHOU"))
    assert fhir.parse(fhir.write(Facts(both, (DOSE,)))).person.name == both.name
    whole = Person(Name(whole="林㑇", latin_whole="LIN ZHOU"))
    assert fhir.parse(fhir.write(Facts(whole, (DOSE,)))).person.name == whole.name


def test_letters_with_marks_are_latin() -> None:
    read = fhir.parse(fhir.write(Facts(PERSON, (DOSE,))))
    assert read.person.name.latin == "Gößinger Gabriele Anna"


def test_the_dose_number_travels_though_unread() -> None:
    written = fhir.write(Facts(PERSON, (replace(DOSE, dose=2),)))
    protocol = written["entry"][1]["resource"]["protocolApplied"][0]
    assert protocol["doseNumberPositiveInt"] == 2


def test_a_family_name_alone() -> None:
    written = fhir.write(
        Facts(Person(Name(latin_family="LIN")), (replace(DOSE, batch=None, disease=None),))
    )
    assert written["entry"][0]["resource"]["name"] == [{"family": "LIN"}]


def test_the_product_stands_in_for_the_vaccine() -> None:
    product = replace(DOSE, vaccine=None, product=Code("local", "MMR"))
    (event,) = fhir.parse(fhir.write(Facts(PERSON, (product,)))).events
    assert isinstance(event, Vaccination)
    assert event.vaccine == Code("local", "MMR")


@pytest.mark.parametrize(
    "event",
    [
        Clearance(purpose="x"),
        replace(DOSE, vaccine=None),
        replace(DOSE, date=None),
        replace(SWAB, method=None),
        replace(SWAB, result=None),
        replace(SWAB, sampled=None),
    ],
)
def test_what_a_health_card_cannot_hold(event: Event) -> None:
    with pytest.raises(RefusalError) as caught:
        fhir.write(Facts(PERSON, (event,)))
    assert caught.value.refusal.code == "bad-input"


@pytest.mark.parametrize(
    ("name", "document"),
    [
        ("no map", []),
        ("not a bundle", {"resourceType": "List"}),
        ("no entries", {"resourceType": "Bundle"}),
        ("too many entries", bundle(*[PATIENT] * 501)),
        ("nobody", bundle()),
        ("two people", bundle(PATIENT, PATIENT)),
        ("a dose of nobody", bundle({"resourceType": "Immunization", "status": "completed"})),
    ],
)
def test_refused(name: str, document: object) -> None:
    with pytest.raises(RefusalError) as caught:
        fhir.parse(document)
    assert caught.value.refusal.code == "implausible", name


IMMUNIZATION = {
    "resourceType": "Immunization",
    "status": "completed",
    "vaccineCode": {"coding": [{}, {"system": "http://example.org/own", "code": "X"}]},
    "occurrenceString": "childhood",
    "performer": [{"actor": {}}, {"display": "Clinic"}],
}


def events(*resources: Any) -> tuple[Event, ...]:
    return fhir.parse(bundle(PATIENT, *resources)).events


def test_what_occurs_in_immunizations() -> None:
    (event,) = events(IMMUNIZATION)
    assert isinstance(event, Vaccination)
    assert event.vaccine == Code("http://example.org/own", "X")
    assert event.date is None
    assert fhir.parse(bundle(PATIENT, IMMUNIZATION)).issuer == "Clinic"
    (dated,) = events(IMMUNIZATION | {"occurrenceString": "2024"})
    assert isinstance(dated, Vaccination)
    assert dated.date == PartialDate(2024)


@pytest.mark.parametrize("status", ["entered-in-error", "not-done", None, ["completed"], {}])
def test_a_vaccination_that_did_not_happen_is_none(status: object) -> None:
    assert events(IMMUNIZATION | {"status": status}) == ()
    assert events({"resourceType": "Observation", "status": status}) == ()


@pytest.mark.parametrize(
    "protocol", [None, [7], [{}], [{"targetDisease": [{}]}], [{"targetDisease": 7}]]
)
def test_diseases_that_are_not_told(protocol: object) -> None:
    (event,) = events(IMMUNIZATION | {"protocolApplied": protocol, "vaccineCode": 7})
    assert isinstance(event, Vaccination)
    assert (event.disease, event.vaccine) == (None, None)


def test_observations() -> None:
    observation = {"resourceType": "Observation", "status": "final", "effectiveDateTime": "2021-02"}
    (event,) = events(observation)
    assert isinstance(event, Test)
    assert event.sampled is None


def test_other_things_in_a_bundle_are_left_alone() -> None:
    document = bundle(PATIENT, {"resourceType": "Condition"}, 7)
    document["entry"] += [7, {}]
    assert fhir.parse(document).events == ()


@pytest.mark.parametrize(
    "name", [None, 7, [7], [{}], [{"given": 7}], [{"given": [7]}], [{"family": None}]]
)
def test_a_patient_without_a_usable_name(name: object) -> None:
    read = fhir.parse(bundle({"resourceType": "Patient", "name": name}))
    assert read.person.name.parts() == ()


def test_a_laboratory_record_without_its_patient_proves_nothing() -> None:
    read = fhir.parse(bundle({"resourceType": "Observation", "status": "final"}))
    assert (read.person.name.parts(), read.events) == ((), ())
