from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from huxin.clinic.offers import Opening, cells_of, nearest, parse_hours
from huxin.kernel.errors import RefusalError

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")  # a zone that moves its clock; ours need not
BEFORE = datetime(2026, 1, 1, tzinfo=UTC)
WEDNESDAY = date(2026, 11, 25)
EVERY_DAY = frozenset(range(7))


def wall(cells, zone=SHANGHAI):
    return [cell.starts.astimezone(zone).strftime("%H:%M") for cell in cells]


def test_a_morning_in_visits():
    opening = Opening(time(8, 30), time(9, 10), minutes=15)
    cells = cells_of(opening, WEDNESDAY, zone=SHANGHAI, now=BEFORE)
    # 09:00 would end at 09:15, after the clinic closes.
    assert wall(cells) == ["08:30", "08:45"]
    assert all(cell.starts.tzinfo is UTC for cell in cells)


def test_two_at_a_time_are_told_apart_and_the_day_is_full_at_its_measure():
    opening = Opening(time(8, 0), time(12, 0), minutes=30, at_once=2, a_day=5)
    cells = cells_of(opening, WEDNESDAY, zone=SHANGHAI, now=BEFORE)
    assert [cell.number for cell in cells] == [1, 2, 1, 2, 1]
    assert wall(cells)[-1] == "09:00"


def test_what_has_begun_is_not_offered_and_a_late_look_opens_no_more():
    opening = Opening(time(8, 0), time(12, 0), minutes=30, a_day=3)
    now = datetime(2026, 11, 25, 0, 30, tzinfo=UTC)  # 08:30, the second visit begins
    assert wall(cells_of(opening, WEDNESDAY, zone=SHANGHAI, now=now)) == ["09:00"]


def test_a_closed_day_offers_nothing():
    opening = Opening(time(8), time(9), closed=frozenset({WEDNESDAY}))
    assert cells_of(opening, WEDNESDAY, zone=SHANGHAI, now=BEFORE) == ()
    saturday = WEDNESDAY + timedelta(days=3)
    assert cells_of(opening, saturday, zone=SHANGHAI, now=BEFORE) == ()


def test_a_time_that_the_clock_skips_is_not_offered():
    opening = Opening(time(1, 30), time(4, 0), minutes=30, weekdays=EVERY_DAY)
    cells = cells_of(opening, date(2026, 3, 29), zone=BERLIN, now=BEFORE)
    assert wall(cells, BERLIN) == ["01:30", "03:00", "03:30"]


def test_a_time_that_the_clock_shows_twice_is_offered_once():
    opening = Opening(time(1, 30), time(4, 0), minutes=30, weekdays=EVERY_DAY)
    cells = cells_of(opening, date(2026, 10, 25), zone=BERLIN, now=BEFORE)
    assert wall(cells, BERLIN) == ["01:30", "02:00", "02:30", "03:00", "03:30"]
    assert len({cell.starts for cell in cells}) == 5


@pytest.mark.parametrize(
    "wrong",
    [
        {"begins": time(9), "ends": time(9)},
        {"minutes": 4},
        {"minutes": 241},
        {"at_once": 0},
        {"a_day": 0},
        {"a_day": 501},
    ],
    ids=str,
)
def test_an_opening_that_cannot_be(wrong):
    with pytest.raises(RefusalError, match="bad-input"):
        Opening(**({"begins": time(8), "ends": time(12)} | wrong))


@pytest.mark.parametrize(
    "text",
    [
        *("08:30-11:30", "8:30 – 11:30", " 08:30～11:30 ", "08:30至11:30", "8：30到11：30"),
        *("周一至周五 8:30–11:30", "Mon–Fri 8:30 to 11:30", "周一至周五8:30—11:30（节假日除外）"),
    ],
)
def test_hours_as_people_write_them(text):
    assert parse_hours(text) == (time(8, 30), time(11, 30))


@pytest.mark.parametrize(
    "text",
    [
        *("", "mornings", "25:00-26:00", "08:30-11:30, 14:00-17:00", "8:30-11:30, 14:00"),
        *("108:30-11:30", "8:30:15-11:30", "8:30-11:300", "8:30, 11:30", "8-11"),
    ],
)
def test_hours_that_say_nothing_are_refused(text):
    with pytest.raises(RefusalError, match="bad-input"):
        parse_hours(text)


def test_the_nearest_free_times_stand_for_the_one_that_is_gone():
    hour = datetime(2026, 11, 25, 9, tzinfo=UTC)
    free = [hour + timedelta(minutes=step) for step in (-30, -10, 10, 20, 90)]
    assert nearest([*free, *free], hour) == [free[1], free[2], free[3]]
    assert nearest([], hour) == []
