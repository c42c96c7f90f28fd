"""A demo that is made late in the evening still has times for today, and says so on the door."""

import dataclasses

from huxin.adapters import clock
from huxin.node.base.models import Organisation
from huxin.node.clinic.models import Slot
from huxin.node.home.demo.seed import Seed


def test_people_can_come_at_night(db, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment="demo")
    seed = Seed(clock.now().replace(hour=14, minute=30))  # 22:30 in the region
    seed.fill()
    place = Organisation.objects.get(id=seed.actor("clinician").staff().organisation)
    assert place.hours == "07:00–23:59"
    assert Slot.objects.filter(organisation=place, starts__gt=seed.now).exists()
