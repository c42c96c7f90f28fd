"""A Wednesday morning, 08:00 on the clinic's wall, for every test of this folder; and somebody who books."""

from datetime import UTC, datetime

import pytest

from huxin.adapters import clock

MORNING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


@pytest.fixture
def world(world, monkeypatch):
    world.now = MORNING
    monkeypatch.setattr(clock, "now", lambda: world.now)
    return world


@pytest.fixture
def person(world):
    return world.person("顾月珍", birth="1945")


@pytest.fixture
def own(world, person):
    return world.client(world.resident(person))
