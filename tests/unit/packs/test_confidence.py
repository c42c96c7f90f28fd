"""How old somebody may be, and surely is; and what of a card a pack's confidence hides."""

from datetime import date

import pytest

from huxin.packs import reader
from huxin.packs.confidence import Confidence, is_of_age, may_be

TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("birth", "old"),
    [
        ("2010-11-25", True),
        ("2010-11-26", False),
        ("2010", True),
        ("2011", False),
        ("2010-12", False),
        ("", True),
        ("long ago", True),
        ("9999", False),
    ],
    ids=["today", "tomorrow", "a year, early in it", "a later year", "a later month", "unknown", "no date", "far ahead"],
)  # fmt: skip
def test_who_may_be_sixteen(birth, old):
    assert may_be(birth, 16, today=TODAY) is old


@pytest.mark.parametrize(
    ("birth", "of_age"),
    [
        ("2008-11-25", True),
        ("2008-11-26", False),
        ("2008", False),
        ("2007", True),
        ("", False),
    ],
    ids=["today", "tomorrow", "a year, late in it", "the year before", "unknown"],
)
def test_who_is_surely_of_age(birth, of_age):
    assert is_of_age(birth, on=TODAY) is of_age


def test_who_was_born_on_a_leap_day_is_older_in_march():
    assert not may_be("2008-02-29", 16, today=date(2024, 2, 29))
    assert may_be("2008-02-29", 16, today=date(2024, 3, 1))
    assert not may_be("2008-02-29", 17, today=date(2025, 2, 28))


def test_without_columns_all_that_comes_of_the_pack_is_hidden():
    assert Confidence(16).hides({}, choice="vaccine")
    assert Confidence(16).hides({"vaccine": "mmr"}, choice="vaccine", minimal=True)


def test_a_card_is_hidden_for_a_column_that_it_holds():
    some = Confidence(14, frozenset({"batch", "centre"}))
    assert some.hides({"vaccine": "mmr", "batch": "LB-7"}, choice="vaccine")
    assert not some.hides({"vaccine": "mmr", "batch": "", "dose": "1"}, choice="vaccine")
    # A minimal card holds no batch; what it is about it may hold.
    assert not some.hides({"vaccine": "mmr", "batch": "LB-7"}, choice="vaccine", minimal=True)
    assert Confidence(14, frozenset({"vaccine"})).hides({}, choice="vaccine", minimal=True)


def test_a_check_up_for_work_is_the_young_workers_own_affair():
    assert reader.pack("occupational-health").confidential == Confidence(16)
    assert reader.pack("school-entry").confidential is None
