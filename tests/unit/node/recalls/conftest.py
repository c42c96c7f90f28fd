"""Two officers of one organisation, cards of a batch, and a key that is lost when a test says so."""

import pytest

from huxin.kernel.identifiers import kid_text
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from tests.lib.recalls import BATCH, new_key


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK, name="one")


@pytest.fixture
def officer(world, clerk):
    return world.actor(clerk)


@pytest.fixture
def second(world):
    return world.actor(world.staff(Role.CLERK, name="two"))


@pytest.fixture
def make(world, clerk):
    """A card of the batch, or of another one."""

    def card(name="林㑇", batch=BATCH, **more):
        cells = {"batch": batch, **more.pop("cells", {})}
        return world.card(world.person(name), by=more.pop("by", clerk), cells=cells, **more)

    return card


@pytest.fixture
def lose(monkeypatch):
    """From now on the node signs with another key; returns the lost one."""

    def now(**about):
        old = kid_text(signing.signer().kid)
        signer = new_key(**about)
        monkeypatch.setattr(signing, "signer", lambda: signer)
        return old

    return now
