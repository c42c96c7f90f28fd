"""Rulers: places inside the drawing, ages in the page's words."""

from __future__ import annotations

from itertools import pairwise

import pytest
from django.utils import translation

from huxin.node.base import gauges


def percent(text: str) -> float:
    return float(text.removesuffix("%"))


@pytest.mark.parametrize(
    ("hours", "age", "state"),
    [
        (0, "0 小时前", "新鲜"),
        (48, "48 小时前", "新鲜"),
        (49, "49 小时前", "该更新了"),
        (14 * 24, "14 天前", "该更新了"),
        (15 * 24, "15 天前", "旧了"),
        (31 * 24, "31 天前", "太旧，不再判断"),
        (10_000, "417 天前", "太旧，不再判断"),
    ],
)
def test_the_age_of_a_list_is_said_in_words(hours, age, state):
    with translation.override("zh-hans"):
        found = gauges.freshness(hours)
    assert (found["age"], found["state"]) == (age, state)
    assert 0 <= percent(found["at"]) <= 100


def test_the_parts_of_the_ruler_fill_it_in_order():
    parts = gauges.freshness(3)["parts"]
    assert [name for name, _, _ in parts] == ["fresh", "stale", "old", "refuse"]
    ends = [(percent(start), percent(start) + percent(width)) for _, start, width in parts]
    assert all(a < b for a, b in ends)
    assert all(first[1] <= second[0] + 0.31 for first, second in pairwise(ends))
    assert ends[-1][1] <= 100


def test_newer_days_have_more_room_than_older_ones():
    places = [percent(gauges.freshness(day * 24)["at"]) for day in (0, 2, 4)]
    assert places[1] - places[0] > places[2] - places[1]


def test_a_wait_is_a_range_inside_its_ruler():
    found = gauges.wait(9, 15, 24, end=30)
    assert found["share"] == ["30.0%", "50.0%", "80.0%"]
    assert found["width"] == "50.0%"
    assert found["ticks"] == [10, 20, 30]


def test_a_wait_past_the_end_of_the_ruler_stops_there():
    found = gauges.wait(50, 60, 90, end=30)
    assert found["share"] == ["100.0%"] * 3
    assert found["width"] == "0.0%"
