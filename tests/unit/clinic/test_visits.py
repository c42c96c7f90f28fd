from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from huxin.clinic.visits import ENDED, MOVES, Moment, State, check_move, moves_now
from huxin.kernel.errors import RefusalError

ZONE = ZoneInfo("Asia/Shanghai")
STARTS = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # 09:00 on the wall


def at(hours: float) -> Moment:
    return Moment(STARTS, STARTS + timedelta(hours=hours), ZONE)


ALLOWED = [
    ("booked", "arrived", -1),
    ("booked", "arrived", 2),
    ("booked", "cancelled", -48),
    ("booked", "missed", 0.5),
    ("arrived", "seen", 0),
    ("arrived", "booked", 0),
    ("arrived", "missed", 1),
    ("seen", "recorded", 1),
    ("seen", "arrived", 1),
    ("missed", "arrived", 3),
    ("recorded", "voided", 72),
    ("voided", "arrived", 2),
]
REFUSED = [
    ("booked", "seen", 0),
    ("booked", "recorded", 0),
    ("booked", "cancelled", 0),
    ("booked", "missed", -0.1),
    ("booked", "arrived", -24),
    ("missed", "arrived", 24),
    ("arrived", "cancelled", -1),
    ("recorded", "seen", 1),
    ("recorded", "recorded", 1),
    ("cancelled", "booked", -1),
    ("seen", "missed", 1),
    ("seen", "voided", 1),
    ("voided", "recorded", 1),
    ("voided", "arrived", 24),
]


@pytest.mark.parametrize(("state", "to", "hours"), ALLOWED)
def test_a_step_that_may_be_taken(state, to, hours):
    check_move(State(state), State(to), at(hours))
    assert State(to) in moves_now(State(state), at(hours))


@pytest.mark.parametrize(("state", "to", "hours"), REFUSED)
def test_a_step_that_may_not_be_taken(state, to, hours):
    with pytest.raises(RefusalError) as refused:
        check_move(State(state), State(to), at(hours))
    assert refused.value.refusal.code == "state"
    assert State(to) not in moves_now(State(state), at(hours))


def test_every_state_has_its_moves():
    assert set(MOVES) == set(State)
    assert State.BOOKED not in ENDED


def test_the_day_is_the_day_on_the_clinics_wall():
    # 23:30 the evening before in UTC is 07:30 of the same day in the zone.
    early = Moment(STARTS, datetime(2026, 11, 24, 23, 30, tzinfo=UTC), ZONE)
    assert early.is_the_day()
    assert not Moment(STARTS, STARTS + timedelta(hours=16), ZONE).is_the_day()
