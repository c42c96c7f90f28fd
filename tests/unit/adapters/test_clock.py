"""The clock is the system's, and moves for rehearsals only."""

from datetime import UTC, datetime, timedelta

import pytest

from huxin.adapters import clock
from huxin.kernel.errors import RefusalError

TEST = {"HUXIN_ENVIRONMENT": "test"}


def test_now_is_now_in_utc(monkeypatch):
    monkeypatch.delenv("HUXIN_NOW", raising=False)
    now = clock.now()
    assert now.tzinfo is UTC
    assert clock.now() - now < timedelta(seconds=5)


def test_an_empty_variable_moves_nothing():
    assert abs(clock.now({"HUXIN_NOW": ""}) - clock.now({})) < timedelta(seconds=5)


def test_a_rehearsal_may_move_it():
    moved = clock.now(TEST | {"HUXIN_NOW": "2026-11-23T18:00:00+08:00"})
    assert moved == datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("variables", "detail"),
    [
        ({}, "obeyed only with HUXIN_ENVIRONMENT=test"),
        ({"HUXIN_ENVIRONMENT": "production"}, "obeyed only with HUXIN_ENVIRONMENT=test"),
        (TEST | {"HUXIN_NOW": "yesterday"}, "not an instant"),
    ],
    ids=["no environment", "in earnest", "no instant"],
)
def test_otherwise_a_moved_clock_is_refused(variables, detail):
    with pytest.raises(RefusalError, match=detail) as refused:
        clock.now({"HUXIN_NOW": "2020-01-01T00:00:00Z"} | variables)
    assert refused.value.refusal.code == "bad-input"
