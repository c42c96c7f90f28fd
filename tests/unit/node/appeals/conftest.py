"""A region with its school rules, two officers who may decide, a clerk, and whoever was turned away."""

import re
import uuid
from datetime import timedelta

import pytest

from huxin.node.base import limits
from huxin.node.base.limits import Window
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import decide_appeals, rules
from huxin.node.trust.actions.decide_appeals import Ruling
from huxin.node.trust.queries.rule_desk import of_pack
from huxin.trust.appeals import Decision

TEXT = "孩子打过两剂，另一剂在旧本子上。"


@pytest.fixture(autouse=True)
def _fresh_windows(monkeypatch):
    for name in ("APPEALS", "APPEALS_AN_HOUR", "SLIP_TRIES"):
        monkeypatch.setattr(limits, name, Window(10))


class Town:
    """What most of these tests need; pages in Chinese unless a test asks otherwise."""

    def __init__(self, world):
        self.world = world
        self.publisher = world.staff(Role.RULE_OFFICER)
        self.officer = world.staff(Role.RULE_OFFICER)
        self.clerk = world.staff(Role.CLERK)
        self.rules = _enacted(world, self.publisher)

    def made(self, **said):
        """An appeal about school, and its receipt."""
        return self.world.appeal(TEXT, **{"purpose": "school", **said})

    def hearing(self, receipt):
        return receipt.appeal.hearings.order_by("turn").last()

    def take(self, receipt, by=None, hours=0):
        at = self.world.now + timedelta(hours=hours)
        who = self.world.actor(by or self.officer)
        return decide_appeals.take(self.hearing(receipt).id, by=who, now=at)

    def decide(self, receipt, decision=Decision.EXEMPT, by=None, *, hours=1, reason="旧本子也算。"):
        """Taken and decided some hours after it was received."""
        by = by or self.officer
        self.take(receipt, by, hours)
        desk = self.world.centre if decision is Decision.MEND_CARD else None
        return decide_appeals.decide(
            self.hearing(receipt).id,
            Ruling(decision, reason, desk),
            by=self.world.actor(by),
            now=self.world.now + timedelta(hours=hours),
        )


def _enacted(world, publisher):
    """The rules of a school as `world.rules` has them, without the linter, which takes half a second."""
    then = world.now - timedelta(days=10)
    first = then + timedelta(days=3)
    proposal = of_pack(
        "school-entry", valid_from=first, valid_until=first + timedelta(days=200), now=then
    )
    source = rules.Source(uuid.uuid4(), pack="school-entry")
    return rules.enact(proposal, source, by=world.actor(publisher), now=then)


@pytest.fixture
def town(world):
    return Town(world)


def text_of(response):
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def send(client, place="/appeals/new?purpose=school", **fields):
    """Open the form and send it."""
    page = client.get(place).content.decode()
    key = re.findall(r'name="request" value="([0-9a-f-]{36})"', page)
    return client.post(place, {"request": key[0], "text": TEXT, **fields})


def receipt_of(response):
    """Number and code as the receipt shows them."""
    page = response.content.decode()
    (number,) = re.findall(r"data-number>([^<]+)<", page)
    (code,) = re.findall(r"data-code>(.*?)</p>", page)
    return number, re.sub(r"<[^>]+>", "", code)


def new_key():
    return uuid.uuid4()
