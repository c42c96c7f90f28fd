"""A node as `huxin node init` leaves it, and what it can do by itself for as long as its key lasts."""

from datetime import timedelta

import pytest

from huxin.adapters import node_folder
from huxin.node.base import own_key
from huxin.node.base.permissions import Role
from huxin.node.project import operate
from huxin.node.trust import signing
from huxin.trust import reading
from huxin.trust.verify import Basis, verify
from tests.lib.node_folders import PASSPHRASE, about_node


@pytest.fixture
def fresh(tmp_path, settings, monkeypatch):
    operate.init(tmp_path / "node", about_node(), passphrase=PASSPHRASE)
    settings.HUXIN = node_folder.read(tmp_path / "node")
    monkeypatch.setattr(signing, "signer", own_key.unlocked)
    return settings.HUXIN


def test_its_cards_are_judged_for_longer_than_a_month(world, fresh):
    card = world.card(world.person(), by=world.staff(Role.CLERK))
    for days in (0, 31, 300):
        later = world.now + timedelta(days=days)
        verdict = verify(reading.open(card.text), Basis(signing.trust_store(later)), now=later)
        assert (days, verdict.outcome, verdict.code) == (days, "accepted", "ok")
