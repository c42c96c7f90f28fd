"""From a clerk's click to a door in another region that holds nothing but a file."""

import pytest
from django.conf import settings
from django.urls import reverse

from huxin.kernel.instants import rfc3339
from huxin.node.base import outbox
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.publish_status import publish_status
from huxin.node.trust.actions.revoke import revoke
from tests.lib.terminal import Terminal


@pytest.fixture
def door(world, tmp_path):
    return Terminal(tmp_path, now=rfc3339(world.now))


def asked(door, card, *files):
    words = [word for one in files for word in ("--status", one)]
    trust = ("--trust", settings.HUXIN.trust, "--environment", "test")
    return door.json("verify", card.text, *trust, *words)


def fetched(world, door, name, *place):
    answer = world.client().get(reverse(name, args=place))
    assert answer.status_code == 200
    path = door.folder / f"{name}-{'-'.join(map(str, place))}"
    path.write_bytes(answer.content)
    return path


def test_a_card_that_a_node_withdrew_is_refused_where_only_the_file_is(world, door):
    clerk = world.staff(Role.CLERK)
    card, other = (world.card(world.person(name), by=clerk) for name in ("林㑇", "苏𠅤"))
    publish_status(now=world.now)
    before = fetched(world, door, "status-set", card.status_list)
    assert asked(door, card, before)["code"] == "ok"

    revoke(card, "lost", "", by=world.actor(clerk), now=world.now)
    outbox.deliver(now=world.now)

    after = door.folder / "after"
    after.write_bytes(world.client().get(reverse("status-set", args=[1])).content)
    added = fetched(world, door, "status-delta", 1, 2)
    for files in ((after,), (before, added)):
        refused = asked(door, card, *files)
        assert (refused["verdict"], refused["code"], refused["layer"]) == ("rejected", "revoked", "status")  # fmt: skip
        assert asked(door, other, *files)["code"] == "ok"
        assert asked(door, other, *files)["revocations_looked_up"] is True
