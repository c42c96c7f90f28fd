"""Until when an appeal is answered, who may decide it, how long it took: a table to read."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from huxin.trust.appeals import (
    LAST_TURN,
    UPHELD,
    Bench,
    Decision,
    Left,
    State,
    due,
    holds_a_card,
    left,
    may_appeal_again,
    median_hours,
    state,
)

SATURDAY = datetime(2026, 11, 28, 9, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
ANNE, BO, CUI = (UUID(int=number) for number in (1, 2, 3))


def test_the_deadline_runs_over_the_weekend():
    assert due(SATURDAY) == datetime(2026, 11, 29, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (timedelta(), Left(24, False)),
        (19 * HOUR, Left(5, False)),
        (23 * HOUR + timedelta(minutes=1), Left(0, False)),
        (24 * HOUR, Left(0, False)),
        (24 * HOUR + timedelta(seconds=1), Left(0, True)),
        (27 * HOUR, Left(3, True)),
    ],
    ids=str,
)
def test_how_long_is_left(passed, expected):
    assert left(due(SATURDAY), SATURDAY + passed) == expected


@pytest.mark.parametrize(
    ("bench", "anne"),
    [
        (Bench(frozenset({ANNE, BO})), True),
        (Bench(frozenset({BO})), False),
        (Bench(frozenset({ANNE, BO}), barred=frozenset({ANNE})), False),
        (Bench(frozenset({ANNE}), barred=frozenset({ANNE})), False),
        (Bench(frozenset({ANNE, BO}), hands=frozenset({ANNE})), False),
        (Bench(frozenset({ANNE}), hands=frozenset({ANNE})), True),
        (Bench(frozenset({ANNE, BO}), hands=frozenset({ANNE, BO})), True),
        (Bench(frozenset({ANNE, BO}), barred=frozenset({BO}), hands=frozenset({ANNE})), True),
        (Bench(frozenset({ANNE, BO, CUI}), barred=frozenset({BO}), hands=frozenset({ANNE})), False),
    ],
    ids=[
        "an officer",
        "not an officer",
        "their own, though another is there",
        "their own, and nobody else is there",
        "their own rule, and another is there",
        "their own rule, and nobody else is there",
        "each had a hand in it",
        "the other decided it before",
        "a third one is there",
    ],
)
def test_who_may_decide(bench, anne):
    assert bench.may_decide(ANNE) is anne


@pytest.mark.parametrize(
    ("bench", "anne"),
    [
        (Bench(frozenset({ANNE, BO}), hands=frozenset({ANNE})), True),
        (Bench(frozenset({ANNE, BO}), barred=frozenset({ANNE})), False),
        (Bench(frozenset({BO})), False),
    ],
    ids=["had a hand in it", "it is about them", "no officer any more"],
)
def test_who_may_finish_what_they_took(bench, anne):
    assert bench.may_finish(ANNE) is anne


def test_how_far_an_appeal_is():
    assert state(owned=False, decided=False) is State.WAITING
    assert state(owned=True, decided=False) is State.TAKEN
    assert state(owned=True, decided=True) is State.DECIDED


def test_it_is_appealed_again_once():
    assert [may_appeal_again(turn, decided=True) for turn in (1, LAST_TURN)] == [True, False]
    assert not may_appeal_again(1, decided=False)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("门口扫了 HC1: 开头的码，说读不出。", False),
        ("shc:/ was on the paper", False),
        ("HC1:6BF+70790T9WJWG.FKY*4GO0.O1CV2 etc", True),
        ("我的码是 hc1:6BF+70790T9WJWG.FKY*4GO0.O1CV2", True),
        ("shc:/567629095243206034602924374044603122295953265460346029", True),
        ("shc:/1/2/567629095243206034602924374044603122295953265460", True),
    ],
)
def test_the_code_of_a_card_is_found_in_words(text, holds):
    assert holds_a_card(text) is holds


def test_all_decisions_but_one_say_you_were_right():
    assert set(Decision) - UPHELD == {Decision.STANDS}


def test_a_median_is_told_of_five_at_least():
    hours = [HOUR * number for number in (1, 2, 30, 3, 4)]
    assert median_hours(hours[:4]) is None
    assert median_hours(hours) == 3
    assert median_hours([*hours, HOUR * 4 + timedelta(minutes=1)]) == 4
