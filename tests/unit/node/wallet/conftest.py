"""A child with a card, her mother who may act for her, a stranger, and the clerk of the desk."""

from types import SimpleNamespace

import pytest

from huxin.node.base.permissions import Role


@pytest.fixture
def scene(world):
    clerk = world.staff(Role.CLERK)
    child = world.person("林㑇", birth="2020-03-18", latin="LIN ZHOU")
    mother = world.person("林若", birth="1990-01-02")
    return SimpleNamespace(
        clerk=clerk,
        child=child,
        mother=mother,
        proxy=world.guardian(child, mother),
        card=world.card(child, by=clerk, cells={"latin": "LIN ZHOU"}),
        own=world.resident(child),
        guardian=world.resident(mother),
        stranger=world.resident(world.person("阿依努尔·买买提", birth="1991")),
    )
