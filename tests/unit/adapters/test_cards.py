"""One entry becomes one card: its facts, its identifier, its last day."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import jsonschema
import pytest

from huxin.adapters.cards import (
    Card,
    Wish,
    card_again,
    check_signer,
    new_identifier,
    sign_card,
)
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.packs.reader import pack, pack_ids
from huxin.spec import schema
from huxin.trust import reading
from huxin.trust.credentials.facts import Clearance, Examination, Vaccination
from huxin.trust.verify import verify
from tests.lib.demo_cards import TODAY, counting, demo_cards, entry
from tests.lib.regions import NOW, Region, basis

REED = Region("QW", 1)
REED_TEST = Region("QW", 1, environment="test")


def card(pack_name: str = "school-entry", wish: Wish | None = None, **cells: str) -> Card:
    return sign_card(
        entry(pack_name, **cells), REED, wish or Wish(), identifier="QW-7K2M-9QF4-XJ3D", now=NOW
    )


def refusal(pack_name: str = "school-entry", wish: Wish | None = None, **cells: str) -> str:
    with pytest.raises(RefusalError) as caught:
        card(pack_name, wish, **cells)
    return caught.value.refusal.code


@pytest.mark.parametrize("envelope", ["hcert", "shc"])
@pytest.mark.parametrize("minimal", [False, True])
@pytest.mark.parametrize("pack_name", pack_ids())
def test_every_card_of_the_demo_people_is_believed_by_another_region(pack_name, minimal, envelope):
    wish = Wish(minimal=minimal, envelope=envelope)
    if envelope == "shc" and (minimal or pack(pack_name).kind != "vaccination"):
        assert refusal(pack_name, wish) == "bad-input"
        return
    for one in demo_cards(pack_name, environment="production", wish=wish):
        (read,) = reading.open(one.credential.text)
        verdict = verify([read], basis(*REED.anchors()), now=NOW + timedelta(minutes=1))
        assert verdict.code == "ok"


@pytest.mark.parametrize("minimal", [False, True])
@pytest.mark.parametrize(
    "pack_name", [one for one in pack_ids() if pack(one).format == "hcert-100"]
)
def test_what_is_written_is_in_the_form_of_the_law(pack_name, minimal):
    for one in demo_cards(pack_name, wish=Wish(minimal=minimal)):
        jsonschema.validate(one.credential.claims[-260][-100], schema("attestation"))


def test_an_identifier_is_region_and_chance():
    made = new_identifier("QW-01", bytes)
    assert made == "QW-01-0000-0000-0000"
    assert re.fullmatch(r"QW(-[0-9A-HJKMNP-TV-Z]{4}){3}", new_identifier("QW", counting()))


def test_facts_of_a_dose():
    facts = card(office="苇洲门诊").facts
    (event,) = facts.events
    assert isinstance(event, Vaccination)
    assert (str(event.disease), str(event.vaccine)) == ("icd-11:1F03", "huxin:mmr")
    assert (event.dose, event.series, event.batch) == (2, 2, "DEMO-0042")
    assert facts.issuer == "苇洲门诊"
    assert facts.pack == "school-entry"
    assert facts.person.guardian == "林桥"


def test_facts_of_an_examination_name_no_disease_and_no_result():
    (event,) = card("occupational-health").facts.events
    assert isinstance(event, Examination)
    assert event.purpose == "occupational-health/food"


def test_facts_of_a_vaccination_for_travel():
    made = card("icvp", product="YF-1", maker="水乡药厂").credential
    (read,) = reading.open(made.text)
    assert read.credential is not None
    assert read.credential.facts is not None
    (event,) = read.credential.facts.events
    assert isinstance(event, Vaccination)
    assert str(event.product) == "who:YF-1"
    assert str(event.maker) == "who:水乡药厂"
    assert str(event.valid_from) == "2026-11-03"
    assert read.credential.facts.person.document == "SPEC00731"
    assert read.credential.facts.person.sex == "female"


@pytest.mark.parametrize(
    ("pack_name", "purpose"),
    [
        ("school-entry", "school-entry"),
        ("occupational-health", "occupational-health/food"),
        ("icvp", "icvp/yellow-fever"),
        ("measles-outbreak", "measles-outbreak/immune"),
        ("hospital-visitor", "hospital-visit/carer"),
        ("pandemic", "pandemic"),
    ],
)
def test_a_minimal_card_says_purpose_and_end(pack_name, purpose):
    made = card(pack_name, Wish(minimal=True))
    (event,) = made.facts.events
    assert isinstance(event, Clearance)
    assert event.purpose == purpose
    assert made.credential.format == "hcert-100"
    assert made.facts.person.birth is not None
    assert made.facts.person.birth.month is None


def test_a_clearance_says_purpose_days_and_whether_it_is_an_exemption():
    (event,) = card("hospital-visitor").facts.events
    assert event == Clearance(
        purpose="hospital-visit/carer",
        valid_from=PartialDate(2026, 11, 19),
        valid_until=PartialDate(2026, 12, 18),
        centre="灯湾医院",
    )
    (exempt,) = card("measles-outbreak", clearance="医生同意到校").facts.events
    assert isinstance(exempt, Clearance)
    assert exempt.exemption
    assert str(exempt.valid_until) == "2026-12-11"


def test_an_eu_certificate_has_family_and_given_name_and_a_place():
    made = card("pandemic")
    (read,) = reading.open(made.credential.text)
    assert read.credential is not None
    facts = read.credential.facts
    assert facts is not None
    assert (read.credential.format, facts.place) == ("hcert-1", "QW")
    assert facts.person.name.native == "贺兰舟"
    assert facts.person.name.latin_family == "HELAN"
    assert facts.person.name.latin_given == "ZHOU"
    (event,) = facts.events
    assert isinstance(event, Vaccination)
    assert (event.dose, event.series) == (2, 2)
    assert str(event.product) == "dcc-mp:DEMO-N1"
    assert facts.events == made.facts.events
    van_der_veer = card("pandemic", latin="VAN DER VEER ANOUK", latin_family="VAN DER VEER")
    assert van_der_veer.facts.person.name.latin_given == "ANOUK"
    alone = card("pandemic", latin="ANOUK", name="")
    assert (alone.facts.person.name.latin_family, alone.facts.person.name.latin_given) == (
        "ANOUK",
        "",
    )


@pytest.mark.parametrize(("begins", "kept"), [("2026-11-24", True), ("2026-11-23", False)])
def test_a_minimal_card_keeps_a_first_day_that_is_still_to_come(begins, kept):
    made = card("hospital-visitor", Wish(minimal=True), valid_from=begins)
    (event,) = made.facts.events
    assert event.valid_from == (PartialDate(2026, 11, 24) if kept else None)
    again = card_again(
        made.entry, Wish(minimal=True), made.credential, identifier=made.identifier, specimen=False
    )
    assert again == made


def test_a_minimal_card_says_nothing_that_nobody_wrote():
    # One dose does not make a record complete: somebody has to say until when it is.
    with pytest.raises(RefusalError) as caught:
        card(wish=Wish(minimal=True), complete_until="")
    assert caught.value.refusal.code == "missing"
    assert caught.value.refusal.detail == "complete_until"


@pytest.mark.parametrize(
    ("pack_name", "cells", "last_day"),
    [
        pytest.param("school-entry", {}, TODAY + timedelta(days=365), id="the pack's usual span"),
        pytest.param("occupational-health", {"date": "2026-03-01"}, date(2027, 2, 28), id="a year"),
        pytest.param(
            "occupational-health",
            {"valid_until": "2026-12-31"},
            date(2026, 12, 31),
            id="as written",
        ),
        pytest.param(
            "icvp", {}, TODAY + timedelta(days=1826), id="for life, renewed in five years"
        ),
    ],
)
def test_the_last_day(pack_name, cells, last_day):
    made = card(pack_name, **cells)
    assert made.last_day == last_day
    after = datetime(last_day.year, last_day.month, last_day.day, 12, tzinfo=UTC) + timedelta(
        days=1
    )
    assert made.credential.expires == after


def test_a_card_never_outlives_its_key():
    made = card(wish=Wish(keys_end=datetime(2027, 1, 1, 0, 0, tzinfo=UTC)))
    assert made.last_day == date(2026, 12, 30)
    assert made.credential.expires is not None
    assert made.credential.expires <= datetime(2027, 1, 1, tzinfo=UTC)


def test_a_card_whose_last_day_has_passed_is_not_made():
    assert refusal("occupational-health", date="2025-01-01") == "bad-input"


def test_a_card_is_the_same_when_it_is_printed_again():
    for made in map(card, pack_ids()):
        again = card_again(
            made.entry, Wish(), made.credential, identifier=made.identifier, specimen=False
        )
        assert again == made


def test_a_specimen_says_so_even_without_an_office():
    one = entry("school-entry", office="")
    made = sign_card(one, REED_TEST, Wish(), identifier="QW-7K2M-9QF4-XJ3D", now=NOW)
    assert made.facts.issuer == "SPECIMEN 样张"
    assert made.specimen
    assert not card().specimen
    assert card(office="").facts.issuer is None


def test_the_words_on_the_outside_name_what_is_proven_and_no_detail():
    made = card("occupational-health")
    assert made.proves.en == "Fit for work class: Food"
    assert made.reveals.zh == "扫码可读岗位，没有病名"
    assert card(wish=Wish(minimal=True)).proves.zh == "入托、入学查验：已种全"
    assert card(wish=Wish(minimal=True)).reveals.en == "A scan shows only this"


def test_the_longest_office_leaves_room_for_specimen():
    one = entry("school-entry", office="门" * 46)
    made = sign_card(one, REED_TEST, Wish(), identifier="QW-7K2M-9QF4-XJ3D", now=NOW)
    assert len(str(made.facts.issuer)) == 60


def test_a_health_card_names_its_specimen_where_such_a_card_has_room():
    one = entry("school-entry")
    made = sign_card(one, REED_TEST, Wish(envelope="shc"), identifier="QW-7K2M-9QF4-XJ3D", now=NOW)
    assert "SPECIMEN" in str(made.credential.claims)


@pytest.mark.parametrize(
    ("pack_name", "wish", "domains", "usage", "refused"),
    [
        ("school-entry", Wish(), ("huxin",), None, False),
        ("school-entry", Wish(), ("icvp",), None, True),
        ("school-entry", Wish(envelope="shc"), ("huxin",), None, True),
        ("icvp", Wish(), ("huxin",), None, True),
        ("icvp", Wish(minimal=True), ("huxin",), None, False),
        ("pandemic", Wish(), ("huxin", "icvp"), None, True),
        ("pandemic", Wish(), ("dcc",), None, False),
        ("hospital-visitor", Wish(), ("huxin",), frozenset({"vaccination"}), True),
        ("school-entry", Wish(), ("huxin",), frozenset({"examination"}), True),
        ("school-entry", Wish(minimal=True), ("huxin",), frozenset({"clearance"}), False),
        ("school-entry", Wish(minimal=True), ("huxin",), frozenset({"vaccination"}), True),
    ],
)
def test_a_key_that_may_not_sign_such_cards_is_refused_first(
    pack_name, wish, domains, usage, refused
):
    if not refused:
        check_signer(entry(pack_name), wish, domains=domains, usage=usage)
        return
    with pytest.raises(RefusalError):
        check_signer(entry(pack_name), wish, domains=domains, usage=usage)
