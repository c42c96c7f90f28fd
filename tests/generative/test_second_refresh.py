"""Spoilt trust lists, shown to both implementations: hundreds here, thousands in `make soak`, no difference."""

from __future__ import annotations

import os
from collections import Counter
from random import Random
from typing import Final

import pytest

from tests.conftest import SIZE
from tests.lib.second_refresh import Case, disagreements, theirs
from tests.lib.spoilt_lists import spoilt

pytestmark = pytest.mark.needs("node")

NUMBER: Final = {"quick": 24, "all": 400, "soak": 8_000}[SIZE]
PIECE: Final = 200
# Another run of thousands: HUXIN_TEST_SEED=anything make soak
SEED: Final = os.environ.get("HUXIN_TEST_SEED", "lists")


def cases(number: int) -> list[Case]:
    return [spoilt(Random(f"{SEED} {one}"), f"{SEED} {one}") for one in range(number)]


def test_spoilt_lists_are_answered_alike():
    print(f"trust lists: seed {SEED}")
    found = []
    for begin in range(0, NUMBER, PIECE):
        names = [f"{SEED} {one}" for one in range(begin, min(begin + PIECE, NUMBER))]
        found += disagreements([spoilt(Random(name), name) for name in names])
    assert found == []


@pytest.mark.size("all")
def test_what_is_spoilt_meets_most_of_the_reasons_there_are():
    steps = [step for one in theirs(cases(PIECE)) for step in one["steps"]]
    told = Counter(step["code"] for step in steps)
    assert {step["decision"] for step in steps} >= {"fresh", "stale", "refused", "in-force"}
    assert len(told) >= 8, told
    assert told[""] >= 20
