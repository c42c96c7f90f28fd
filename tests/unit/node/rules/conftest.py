"""Two rule officers, and a draft on its way: begun, simulated, handed in."""

import json
import uuid

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import rule_desk as desk
from huxin.node.trust.actions import rule_simulation
from huxin.node.trust.queries import rule_texts

PEOPLE = 120
PACK = "hospital-visitor"  # one small rule


@pytest.fixture
def author(world):
    return world.actor(world.staff(Role.RULE_OFFICER, name="author"))


@pytest.fixture
def second(world):
    return world.actor(world.staff(Role.RULE_OFFICER, name="second"))


def begun(world, author, text=None, pack=PACK):
    text = rule_texts.of_pack(pack, world.now) if text is None else text
    return desk.begin(text, pack=pack, request=uuid.uuid4(), by=author, now=world.now)


def simulated(draft, by, world, people=PEOPLE):
    rule_simulation.start(draft.id, people=people, by=by, now=world.now)
    draft.refresh_from_db()
    while rule_simulation.go_on.call(str(draft.id), draft.simulation_of) < draft.to_ask:
        pass
    draft.refresh_from_db()
    return draft


def handed_in(world, author, **begin):
    draft = simulated(begun(world, author, **begin), author, world)
    return desk.hand_in(draft.id, seen=draft.written_at, by=author, now=world.now)


def code_of(call, *args, **more):
    with pytest.raises(RefusalError) as caught:
        call(*args, **more)
    return caught.value.refusal.code


def changed(draft, **fields):
    """The text of a draft with fields of its first rule changed."""
    content = json.loads(draft.text)
    content["rules"][0] |= fields
    return json.dumps(content, ensure_ascii=False)
