"""The node's database and a world in it, for every test of this folder that asks."""

import pytest
from django.core.cache import cache

from tests.lib.node_world import World


@pytest.fixture(autouse=True)
def _no_counters_from_before():
    cache.clear()


@pytest.fixture
def world(db):
    return World()
