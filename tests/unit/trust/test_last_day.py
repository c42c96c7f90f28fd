from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.trust.last_day import end_of, printed_day, whole_day_before

days = st.dates(max_value=date.max - timedelta(days=1))


@given(days)
def test_a_day_that_was_printed_is_read_again(day):
    assert whole_day_before(end_of(day)) == day
    assert printed_day(end_of(day)) == day


@given(days, st.integers(-12, 14))
def test_a_card_ends_nowhere_before_its_day_is_over(day, ahead):
    over = datetime.combine(day, datetime.max.time(), timezone(timedelta(hours=ahead)))
    assert over < end_of(day)


def test_no_day_is_after_the_last_of_the_calendar():
    with pytest.raises(OverflowError):
        end_of(date.max)


@pytest.mark.parametrize("hour", [0, 11, 13, 23])
def test_whatever_ends_at_another_hour_has_no_printed_day(hour):
    assert printed_day(datetime(2026, 12, 3, hour, tzinfo=UTC)) is None


def test_the_hour_is_that_of_utc_whatever_zone_tells_it():
    end = datetime(2026, 12, 3, 20, tzinfo=timezone(timedelta(hours=8)))
    assert printed_day(end) == date(2026, 12, 2)
