"""The three families of HCERT: what is written is read back, what cannot be is refused."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.trust.credentials import attestation, dcc, icvp
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

GABRIELE = Person(Name("Gößinger", "Gabriele", "GOESSINGER", "GABRIELE"), PartialDate(1998, 2, 26))
DOSE = Vaccination(
    disease=Code("snomed", "840539006"),
    vaccine=Code("dcc-vp", "1119349007"),
    product=Code("dcc-mp", "EU/1/20/1528"),
    maker=Code("dcc-ma", "ORG-100030215"),
    dose=1,
    series=2,
    date=PartialDate(2021, 2, 18),
)
SWAB = Test(
    disease=Code("snomed", "840539006"),
    method=Code("loinc", "LP6464-4"),
    result=Code("snomed", "260415000"),
    sampled=datetime(2021, 2, 20, 12, 34, 56, tzinfo=UTC),
    device=Code("dcc-rat", "1232"),
    name="quick",
    centre="Testing centre 1",
)
INFECTION = Recovery(
    disease=Code("snomed", "840539006"),
    first_positive=PartialDate(2021, 2, 20),
    valid_from=PartialDate(2021, 4, 4),
    valid_until=PartialDate(2021, 10, 4),
)


def statement(event: Event, person: Person = GABRIELE) -> Facts:
    return Facts(person, (event,), identifier="URN:UVCI:01:QW:1", issuer="Office", place="QW")


@pytest.mark.parametrize("event", [DOSE, SWAB, INFECTION, replace(SWAB, sampled=None, device=None)])
def test_a_dcc_is_read_back(event: Event) -> None:
    assert dcc.parse(dcc.write(statement(event))) == statement(event)


def test_a_dcc_without_birth_date_says_so_with_an_empty_one() -> None:
    unborn = statement(DOSE, replace(GABRIELE, birth=None))
    written = dcc.write(unborn)
    assert written["dob"] == ""
    assert dcc.parse(written) == unborn


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("a clearance", statement(Clearance(purpose="school-entry"))),
        ("no Latin letters", statement(DOSE, Person(Name("林", "㑇")))),
    ],
)
def test_what_a_dcc_cannot_hold(name: str, facts: Facts) -> None:
    with pytest.raises(RefusalError) as caught:
        dcc.write(facts)
    assert caught.value.refusal.code == "bad-input", name


def test_early_versions_wrote_a_series_in_one_list() -> None:
    written = dcc.write(statement(DOSE))
    written["v"].append(written["v"][0] | {"dn": 2, "ci": "second"})
    read = dcc.parse(written)
    assert [event.dose for event in read.events if isinstance(event, Vaccination)] == [1, 2]
    assert read.identifier == "second"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("two kinds of event", {"t": [{"tg": "840539006"}]}),
        ("no event", {"v": []}),
        ("null events only", {"v": None}),
        ("an event that is no map", {"v": ["dose"]}),
        ("events that are no list", {"v": 7}),
        ("no name", {"nam": None}),
        ("a date that is none", {"dob": "yesterday"}),
    ],
)
def test_what_is_no_dcc(name: str, changes: dict[str, Any]) -> None:
    with pytest.raises(RefusalError) as caught:
        dcc.parse(dcc.write(statement(DOSE)) | changes)
    assert caught.value.refusal.code == "implausible", name


def test_dates_and_numbers_that_cannot_be_read_are_absent() -> None:
    written = dcc.write(statement(DOSE))
    written["v"][0] |= {"dn": "one", "dt": "spring"}
    (event,) = dcc.parse(written).events
    assert event == replace(DOSE, dose=None, date=None)


def test_null_kinds_are_no_events() -> None:
    assert dcc.parse(dcc.write(statement(DOSE)) | {"t": None, "r": []}).events == (DOSE,)


@pytest.mark.parametrize("parse", [dcc.parse, icvp.parse, attestation.parse])
@pytest.mark.parametrize("payload", [None, [], "x", 7])
def test_what_is_no_map_is_refused(parse: Any, payload: object) -> None:
    with pytest.raises(RefusalError) as caught:
        parse(payload)
    assert caught.value.refusal.code == "implausible"


TRAVELLER = Person(
    Name(latin_whole="LIN ZHOU"),
    PartialDate(1990, 5, 1),
    sex="f",
    nationality="UTO",
    document="X1234567",
    guardian="LIN SHEN",
)
YELLOW_FEVER = Vaccination(
    disease=Code("who", "YF"),
    product=Code("who", "YFV"),
    maker=Code("who", "M1"),
    dose=1,
    date=PartialDate(2026, 11, 1),
    batch="YF-26",
    valid_from=PartialDate(2026, 11, 11),
    valid_until=PartialDate(9999, 12, 31),
    centre="Lantern Bay port clinic",
)
BOOKLET = Facts(TRAVELLER, (YELLOW_FEVER,), issuer="Dr Shen")


def test_an_icvp_certificate_is_read_back() -> None:
    assert icvp.parse(icvp.write(BOOKLET)) == BOOKLET


def test_both_spellings_of_an_icvp_certificate_are_read() -> None:
    written = icvp.write(BOOKLET)
    other = {key: value for key, value in written.items() if key not in ("ntl", "nid", "v")}
    other |= {"nt": written["ntl"], "id": written["nid"], "vx": [written["v"]]}
    assert icvp.parse(other) == BOOKLET


def test_a_sparse_icvp_certificate() -> None:
    sparse = Facts(
        Person(Name(whole="林㑇")),
        (Vaccination(disease=Code("who", "YF"), date=PartialDate(2026)),),
    )
    assert icvp.write(sparse) == {"n": "林㑇", "v": {"dt": "2026", "tg": "YF"}}
    assert icvp.parse(icvp.write(sparse)) == sparse


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2", 2),
        ("1/2", 1),
        (" 1 / 2", 1),
        ("first", None),
        ("９", None),
        ("12345", None),
        (3, 3),
        (3.0, 3),
        (None, None),
    ],
)
def test_dose_numbers_as_they_occur(written: object, read: float | None) -> None:
    payload = icvp.write(BOOKLET)
    payload["v"]["dn"] = written
    (event,) = icvp.parse(payload).events
    assert isinstance(event, Vaccination)
    assert event.dose == read


@pytest.mark.parametrize(
    "event", [SWAB, replace(YELLOW_FEVER, date=None), replace(YELLOW_FEVER, disease=None)]
)
def test_what_an_icvp_certificate_cannot_hold(event: Event) -> None:
    with pytest.raises(RefusalError) as caught:
        icvp.write(replace(BOOKLET, events=(event,)))
    assert caught.value.refusal.code == "bad-input"


CHILD = Person(
    Name(whole="林㑇", latin_whole="LIN ZHOU"),
    PartialDate(2020, 3, 5),
    sex="f",
    document="X1",
    guardian="林深",
)
FIVE: list[Event] = [
    Vaccination(
        disease=Code("icd-11", "1F03"),
        vaccine=Code("atc", "J07BD52"),
        product=Code("local", "MMR"),
        maker=Code("local", "M1"),
        dose=2,
        series=2,
        date=PartialDate(2024, 9),
        batch="MM-2409",
        centre="苇洲接种门诊",
    ),
    Test(
        disease=Code("icd-11", "1F03"),
        method=Code("loinc", "1-8"),
        result=Code("snomed", "260385009"),
        sampled=datetime(2026, 11, 20, 8, 30, tzinfo=UTC),
    ),
    Recovery(disease=Code("icd-11", "1F03"), first_positive=PartialDate(2023)),
    Examination(
        purpose="occupational-health/food",
        performed=PartialDate(2026, 11, 1),
        valid_until=PartialDate(2027, 10, 31),
    ),
    Clearance(
        purpose="school-entry",
        exemption=True,
        valid_from=PartialDate(2026, 9, 1),
        valid_until=PartialDate(2027, 8, 31),
    ),
]


@pytest.mark.parametrize("event", FIVE, ids=lambda event: event.kind)
def test_an_attestation_is_read_back(event: Event) -> None:
    facts = Facts(
        CHILD, (event,), identifier="QW-7F3K-9D2M", issuer="苇洲疾控中心", pack="school-entry"
    )
    assert attestation.parse(attestation.write(facts)) == facts


@pytest.mark.parametrize("version", [2, "1", True, 1.0, None])
def test_an_attestation_of_another_version(version: object) -> None:
    with pytest.raises(RefusalError) as caught:
        attestation.parse({"v": version, "k": "clearance"})
    assert caught.value.refusal.code == "format"


@pytest.mark.parametrize("kind", ["song", None])
def test_an_attestation_of_no_kind(kind: object) -> None:
    with pytest.raises(RefusalError) as caught:
        attestation.parse({"v": 1, "k": kind, "e": {}})
    assert caught.value.refusal.code == "implausible"


@pytest.mark.parametrize(
    ("name", "facts", "code"),
    [
        ("a short identifier", Facts(CHILD, (FIVE[0],), identifier="short"), "bad-input"),
        (
            "a pack in capitals",
            Facts(CHILD, (FIVE[0],), identifier="QW-7F3K-9D2M", pack="School"),
            "bad-input",
        ),
        ("no identifier", Facts(CHILD, (FIVE[0],)), "missing"),
        ("nobody", Facts(Person(Name()), (FIVE[0],), identifier="QW-7F3K-9D2M"), "missing"),
        (
            "dose 21",
            Facts(CHILD, (replace(DOSE, dose=21),), identifier="QW-7F3K-9D2M"),
            "bad-input",
        ),
        ("dose 0", Facts(CHILD, (replace(DOSE, dose=0),), identifier="QW-7F3K-9D2M"), "bad-input"),
        (
            "half a dose",
            Facts(CHILD, (replace(DOSE, dose=0.5),), identifier="QW-7F3K-9D2M"),
            "bad-input",
        ),
        (
            "no date",
            Facts(CHILD, (replace(DOSE, date=None),), identifier="QW-7F3K-9D2M"),
            "missing",
        ),
        (
            "no last day",
            Facts(CHILD, (Clearance(purpose="x"),), identifier="QW-7F3K-9D2M"),
            "missing",
        ),
        (
            "no result",
            Facts(CHILD, (Test(disease=Code("x", "y")),), identifier="QW-7F3K-9D2M"),
            "missing",
        ),
        (
            "Latin letters that are none",
            Facts(Person(Name(latin_whole="林")), (FIVE[0],), identifier="QW-7F3K-9D2M"),
            "bad-input",
        ),
    ],
)
def test_an_attestation_is_written_strictly(name: str, facts: Facts, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        attestation.write(facts)
    assert caught.value.refusal.code == code, name
