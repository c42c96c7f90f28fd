"""Date-times as ECMAScript reckons them; the expected instants are written as it would write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.trust.rules import datetimes
from huxin.trust.rules.datetimes import DAY, as_text, parse, parse_birth, shift


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2021", "2021-12-31T00:00:00.000Z"),
        ("2024-02", "2024-02-29T00:00:00.000Z"),
        ("2023-12", "2023-12-31T00:00:00.000Z"),
        ("2021-06-01", "2021-06-01T00:00:00.000Z"),
        ("2021-06-01T10:11:12", "2021-06-01T10:11:12.000Z"),
        ("2021-06-01T10:11:12Z", "2021-06-01T10:11:12.000Z"),
        ("2021-06-01T10:11:12+1", "2021-06-01T09:11:12.000Z"),
        ("2021-06-01T10:11:12-02", "2021-06-01T12:11:12.000Z"),
        ("2021-06-01T10:11:12+130", "2021-06-01T08:41:12.000Z"),
        ("2021-06-01T10:11:12+0130", "2021-06-01T08:41:12.000Z"),
        ("2021-06-01T10:11:12+1:30", "2021-06-01T08:41:12.000Z"),
        ("2021-06-01T10:11:12-01:30", "2021-06-01T11:41:12.000Z"),
        ("2021-06-01T10:11:12.5", "2021-06-01T10:11:12.500Z"),
        ("2021-06-01T10:11:12.98765Z", "2021-06-01T10:11:12.987Z"),
        ("2021-06-01T00:00:00.001+08:00", "2021-05-31T16:00:00.001Z"),
        ("2021-06-01T24:00:00Z", "2021-06-02T00:00:00.000Z"),
        ("0000-02-29", "0000-02-29T00:00:00.000Z"),
        ("1899-01-01", "1899-01-01T00:00:00.000Z"),
    ],
)
def test_what_is_read(text, instant):
    assert as_text(parse(text)) == instant


@pytest.mark.parametrize(
    "text",
    [
        "", "21", "2021-6-1", "2021-13", "2021-00-01", "2021-02-29", "2021-06-31", "2021-06-00",
        "2021-06-01 10:11:12", "2021-06-01T10:11", "2021-06-01T25:00:00Z", "2021-06-01T10:60:00Z",
        "2021-06-01T10:11:60Z", "2021-06-01T24:00:01Z", "2021-06-01T24:00:00.001Z",
        "2021-06-01T10:11:12+24", "2021-06-01T10:11:12+01:60", "2021-06-01T10:11:12z",
        "2021-06-01t10:11:12Z", "2021-06-01T10:11:12.Z", "２０２１-06-01", "2021-06-01\n",
        "2021-06-01T10:11:12." + "1" * 60,
    ],
)  # fmt: skip
def test_what_is_refused(text):
    with pytest.raises(RefusalError) as caught:
        parse(text)
    assert caught.value.refusal.code == "logic-date"


@pytest.mark.parametrize("text", ["2021-06-01T00:00:00Z", "", "x", "2021-02-30", "2" * 70])
def test_a_date_of_birth_has_no_time(text):
    with pytest.raises(RefusalError):
        parse_birth(text)


@pytest.mark.parametrize(
    ("text", "amount", "unit", "instant"),
    [
        ("2020-02-29", 1, "day", "2020-03-01T00:00:00.000Z"),
        ("2020-02-29", 1, "month", "2020-03-29T00:00:00.000Z"),
        ("2020-02-29", 1, "year", "2021-03-01T00:00:00.000Z"),
        ("2021-01-31", 1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-03-31", -1, "month", "2021-03-03T00:00:00.000Z"),
        ("2021-01-15", -13, "month", "2019-12-15T00:00:00.000Z"),
        ("2021-12-15", 13, "month", "2023-01-15T00:00:00.000Z"),
        ("2021-01-01T10:00:00Z", -25, "hour", "2020-12-31T09:00:00.000Z"),
        ("2021-01-01", -18, "year", "2003-01-01T00:00:00.000Z"),
        ("2021-06-15", 9000, "year", "+011021-06-15T00:00:00.000Z"),
        ("0001-01-01", -2, "year", "-000001-01-01T00:00:00.000Z"),
    ],
)
def test_moving(text, amount, unit, instant):
    assert as_text(shift(parse(text), amount, unit)) == instant


@pytest.mark.parametrize("unit", datetimes.UNITS)
def test_nothing_leaves_the_calendar(unit):
    with pytest.raises(RefusalError):
        shift(parse("2021-06-01"), 2**53, unit)


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30)))  # noqa: DTZ001  # made aware below
def test_days_are_counted_as_python_counts_them(naive):
    instant = naive.replace(tzinfo=UTC)
    milliseconds = (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    text = instant.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert as_text(milliseconds) == text
    assert parse(text) == milliseconds
    assert as_text(shift(milliseconds, 1, "day")) == as_text(milliseconds + DAY)
