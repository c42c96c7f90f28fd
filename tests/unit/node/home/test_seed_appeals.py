"""The demo's appeals: one decided, one that waits for a clerk, in one region only."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from huxin.node.base.permissions import Role
from huxin.node.home.demo import appeals
from huxin.node.trust.actions.appeals import open_receipt
from huxin.node.trust.models import Appeal, Hearing


@pytest.fixture
def seed(world):
    rules, clerk = world.staff(Role.RULE_OFFICER), world.staff(Role.CLERK)
    for pack in ("school-entry", "occupational-health"):
        world.rules(pack, by=rules)
    accounts = {"clerk": world.actor(clerk), "rules": world.actor(rules)}
    return SimpleNamespace(
        region="QV",
        now=world.now,
        ago=lambda days: world.now - timedelta(days=days),
        actor=accounts.get,
        things={},
    )


def test_one_is_decided_and_one_waits(seed):
    appeals.fill(seed)
    decided, waits = Hearing.objects.order_by("made_at")
    assert (decided.decision, waits.owner) == ("exempt", None)
    assert waits.due_at - seed.now == timedelta(hours=19)
    assert seed.things["appeal"] == str(waits.id)
    receipt = seed.things["appeal-number"], seed.things["appeal-code"]
    assert open_receipt(*receipt, now=seed.now) == decided.appeal


def test_other_regions_have_none(seed):
    seed.region = "QW"
    appeals.fill(seed)
    assert (Appeal.objects.count(), seed.things) == (0, {})
