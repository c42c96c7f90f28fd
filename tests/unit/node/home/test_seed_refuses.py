"""The demo fills no node but a new one of its own."""

import dataclasses

import pytest

from huxin.adapters import clock
from huxin.kernel.errors import RefusalError
from huxin.node.base.models import Person
from huxin.node.home.demo.seed import Seed


def test_a_node_with_people_or_another_label_is_left_alone(world, settings):
    with pytest.raises(RefusalError):
        Seed(clock.now())
    world.person()
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment="demo")
    with pytest.raises(RefusalError):
        Seed(clock.now())
    assert Person.objects.count() == 1
