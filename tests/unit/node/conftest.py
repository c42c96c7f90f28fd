"""The node's database and a world in it, for every test of this folder that asks."""

from itertools import count

import pytest
from django.core.cache import cache

from huxin.node.base import limits
from tests.lib.node_world import World

_MINUTES = count(start=60, step=60)


@pytest.fixture(autouse=True)
def _no_counters_from_before():
    cache.clear()


@pytest.fixture(autouse=True)
def _a_minute_of_its_own(monkeypatch):
    """What is counted by the minute or the hour is counted in one, however long the test takes."""
    minute = next(_MINUTES)
    monkeypatch.setattr(limits, "_minute", lambda: minute)


@pytest.fixture
def world(db):
    return World()
