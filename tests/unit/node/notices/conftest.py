"""A rule officer, and the desk at which notices are written."""

import pytest

from huxin.node.base.permissions import Role


@pytest.fixture
def officer(world):
    return world.staff(Role.RULE_OFFICER)


@pytest.fixture
def desk(world, officer):
    return world.client(officer)
