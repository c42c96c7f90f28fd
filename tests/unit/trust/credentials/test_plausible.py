from dataclasses import replace
from datetime import UTC, datetime

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust.credentials.facts import Clearance, Examination, Facts, Name, Person
from huxin.trust.credentials.plausible import implausibility
from tests.lib.regions import LIN, MEASLES_DOSE, NOW, facts


def fault(content: Facts, form: str = "hcert-100", now: datetime = NOW) -> str | None:
    return implausibility(content, form, now)


@pytest.mark.parametrize(
    ("name", "person", "expected"),
    [
        ("as usual", LIN, None),
        ("no name", replace(LIN, name=Name()), "no name"),
        (
            "a picture for a name",
            replace(LIN, name=Name("Ann", "😀😃😄")),
            "a name without a letter",
        ),
        ("digits for a name", replace(LIN, name=Name(latin_whole="12")), "a name without a letter"),
        ("an apostrophe and letters", replace(LIN, name=Name("'t Hart", "Ann-Marie")), None),
        ("born before 1900", replace(LIN, birth=PartialDate(1899, 12, 31)), "born before 1900"),
        ("born in 1900", replace(LIN, birth=PartialDate(1900)), None),
        ("born today", replace(LIN, birth=PartialDate(2026, 11, 23)), None),
        ("born this year", replace(LIN, birth=PartialDate(2026)), None),
        ("born in three days", replace(LIN, birth=PartialDate(2026, 11, 26)), "born in the future"),
        ("born next year", replace(LIN, birth=PartialDate(2027)), "born in the future"),
        ("birth unknown", replace(LIN, birth=None), None),
    ],
)
def test_people(name: str, person: Person, expected: str | None) -> None:
    assert fault(facts(person=person)) == expected, name


def test_born_this_morning_where_the_day_begins_first() -> None:
    late = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)  # already the 24th in the east
    child = facts(person=replace(LIN, birth=PartialDate(2026, 11, 24)))
    assert fault(child, now=late) is None
    assert fault(child, now=NOW.replace(hour=9)) == "born in the future"


def test_the_last_evening_of_the_calendar() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert fault(facts(person=replace(LIN, birth=PartialDate(9999, 12, 31))), now=last) is None


def test_events() -> None:
    assert fault(facts(replace(MEASLES_DOSE, disease=None))) == "no disease"
    assert fault(facts(Clearance(purpose=""))) == "no purpose"
    assert fault(facts(Examination(purpose="x"))) is None


def test_identifiers() -> None:
    nameless = replace(facts(), identifier=None)
    assert fault(nameless) == "no identifier"
    assert fault(nameless, "hcert-1") == "no identifier"
    assert fault(nameless, "hcert-6") is None


def test_a_health_card_may_hold_any_record() -> None:
    assert fault(Facts(LIN, ()), "shc") is None
    assert fault(Facts(replace(LIN, name=Name()), ()), "shc") is None
    assert fault(Facts(replace(LIN, name=Name()), (MEASLES_DOSE,)), "shc") == "no name"
