"""How old a list is: fresh, stale, warned of, refused, and a clock that cannot be right."""

from datetime import UTC, datetime, timedelta

import pytest

from huxin.trust.federation.freshness import Limits, freshness

SIGNED = datetime(2026, 11, 1, 8, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "decision", "code", "warn"),
    [
        (0 * HOUR, "fresh", "", False),
        (48 * HOUR, "fresh", "", False),
        (48 * HOUR + SECOND, "stale", "trust-stale", False),
        (14 * DAY, "stale", "trust-stale", False),
        (14 * DAY + SECOND, "stale", "trust-stale", True),
        (30 * DAY, "stale", "trust-stale", True),
        (30 * DAY + SECOND, "refused", "trust-old", True),
        (4_000 * DAY, "refused", "trust-old", True),
    ],
)
def test_a_list_ages(age, decision, code, warn):
    for seen in (None, SIGNED - DAY, SIGNED):
        found = freshness(SIGNED, now=SIGNED + age, seen=seen)
        assert (found.decision, found.code, found.age, found.warn) == (decision, code, age, warn)


def test_a_place_may_be_stricter():
    limits = Limits(HOUR, 2 * HOUR, 3 * HOUR)
    ages = (HOUR, HOUR + SECOND, 2 * HOUR + SECOND, 3 * HOUR + SECOND)
    found = [freshness(SIGNED, now=SIGNED + age, seen=None, limits=limits) for age in ages]
    assert [(one.decision, one.warn) for one in found] == [
        ("fresh", False),
        ("stale", False),
        ("stale", True),
        ("refused", True),
    ]


def test_clocks_may_differ_by_five_minutes():
    five = timedelta(minutes=5)
    assert freshness(SIGNED, now=SIGNED - five, seen=None).decision == "fresh"
    assert freshness(SIGNED, now=SIGNED - five, seen=None).age == timedelta(0)
    behind = freshness(SIGNED, now=SIGNED - five - SECOND, seen=None)
    assert (behind.decision, behind.code, behind.warn) == ("stale", "trust-clock", True)


def test_a_clock_behind_a_list_that_was_seen_is_not_believed():
    found = freshness(SIGNED, now=SIGNED + HOUR, seen=SIGNED + 3 * DAY)
    assert (found.decision, found.code, found.age) == ("stale", "trust-clock", 3 * DAY)


def test_a_clock_that_was_put_back_makes_no_old_list_young():
    found = freshness(SIGNED, now=SIGNED + HOUR, seen=SIGNED + 31 * DAY)
    assert (found.decision, found.code, found.age) == ("refused", "trust-old", 31 * DAY)
