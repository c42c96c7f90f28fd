from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.trust import reading
from huxin.trust.credentials.facts import Clearance, Code, Facts, Name, Person, Vaccination
from huxin.trust.issue import MAX_TEXT, Format, issue, minimal
from tests.lib.regions import LIN, MEASLES_DOSE, NOW, REED_ISLES, Region, facts

TRAVELLER = Person(Name(latin_family="LIN", latin_given="ZHOU"), PartialDate(2020, 3, 5))


def reopened(text: str) -> Any:
    (read,) = reading.open(text)
    return read.credential


@pytest.mark.parametrize("form", ["hcert-1", "hcert-6", "hcert-100", "shc"])
def test_the_card_returned_is_the_card_that_is_read(form: Format) -> None:
    card = issue(facts(person=TRAVELLER), REED_ISLES, now=NOW, format=form)
    read = reopened(card.text)
    assert replace(read, facts=None) == replace(card, facts=None)
    assert read.facts.person.name.latin == "LIN ZHOU"
    assert len(card.text) <= MAX_TEXT or form == "shc"


def test_a_card_ends_when_its_last_day_has_ended_everywhere() -> None:
    event = Clearance(purpose="school-entry", valid_until=PartialDate(2027, 8, 31))
    card = issue(facts(event), REED_ISLES, now=NOW)
    assert card.expires == datetime(2027, 9, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "event", [MEASLES_DOSE, replace(MEASLES_DOSE, valid_until=PartialDate(9999, 12, 31))]
)
def test_a_card_without_a_last_day_ends_after_a_year(event: Vaccination) -> None:
    assert issue(facts(event), REED_ISLES, now=NOW).expires == NOW + timedelta(days=365)


def test_a_card_shows_the_minute_and_no_more() -> None:
    card = issue(facts(), REED_ISLES, now=NOW + timedelta(seconds=31, microseconds=7))
    assert card.issued == NOW


def test_the_end_can_be_given() -> None:
    end = NOW + timedelta(days=2)
    assert issue(facts(), REED_ISLES, now=NOW, expires=end).expires == end


LONG = "".join(map(chr, range(0x4E00, 0x4E3A)))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        (
            "two events",
            Facts(LIN, (MEASLES_DOSE, MEASLES_DOSE), identifier="QW-7F3K-9D2M"),
            "bad-input",
        ),
        ("no event", Facts(LIN, (), identifier="QW-7F3K-9D2M"), "bad-input"),
        ("no identifier", Facts(LIN, (MEASLES_DOSE,)), "missing"),
        ("nobody", facts(person=Person(Name())), "implausible"),
        (
            "over before it begins",
            facts(Clearance(purpose="x", valid_until=PartialDate(2026, 11, 1))),
            "bad-input",
        ),
        (
            "too long",
            facts(
                replace(
                    MEASLES_DOSE, centre=LONG, batch=LONG[:30], product=Code("local", LONG[:40])
                )
            ),
            "too-long",
        ),
    ],
)
def test_refused(name: str, content: Facts, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        issue(content, REED_ISLES, now=NOW)
    assert caught.value.refusal.code == code, name


@pytest.mark.parametrize(
    ("name", "region", "content", "code"),
    [
        ("no address", Region("QW", 1, health_card_issuer=None), facts(), "missing"),
        ("another algorithm", Region("QW", 1, algorithm="EdDSA"), facts(), "bad-input"),
        (
            "too long",
            REED_ISLES,
            facts(person=Person(Name(whole="".join(map(chr, range(0x4E00, 0x4FF4)))))),
            "too-long",
        ),
    ],
)
def test_health_cards_refused(name: str, region: Region, content: Facts, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        issue(content, region, now=NOW, format="shc")
    assert caught.value.refusal.code == code, name


def test_the_minimal_card_says_four_things() -> None:
    until = PartialDate(2027, 8, 31)
    small = minimal(facts(), purpose="school-entry", identifier="QW-MMMM-MMMM", until=until)
    assert small == Facts(
        Person(LIN.name, PartialDate(2020)),
        (Clearance(purpose="school-entry", valid_until=until),),
        identifier="QW-MMMM-MMMM",
        issuer="苇洲疾控中心",
        pack="school-entry",
    )
    full = issue(facts(), REED_ISLES, now=NOW)
    assert len(issue(small, REED_ISLES, now=NOW).text) < len(full.text)


def test_the_minimal_card_keeps_the_events_last_day_and_an_unknown_birth() -> None:
    event = replace(MEASLES_DOSE, valid_until=PartialDate(2027, 1, 1))
    small = minimal(
        facts(event, person=replace(LIN, birth=None)), purpose="x", identifier="QW-MMMM-MMMM"
    )
    assert small.person.birth is None
    assert small.events[0].valid_until == PartialDate(2027, 1, 1)
