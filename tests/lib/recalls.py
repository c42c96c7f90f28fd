"""Steps of a recall, for tests: what is meant, the job run to its end, a key that was lost."""

import uuid
from typing import Any

import pytest

from huxin.adapters.key_description import KeyDescription
from huxin.adapters.key_file import KeyFileSigner
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.node.base.actor import Actor
from huxin.node.trust.actions import recall_run
from huxin.node.trust.actions import recalls as actions
from huxin.node.trust.models import Recall
from tests.lib.node_folders import BEGIN, END
from tests.lib.node_world import World

BATCH = "LB-0042"


def private_new_key() -> PrivateKey:
    return PrivateKey.from_secret(b"a new key of ours, 32 octets ok.")


def new_key(domains: tuple[Any, ...] = ("huxin", "icvp", "dcc")) -> KeyFileSigner:
    key = private_new_key()
    return KeyFileSigner(KeyDescription("QW", "test", domains, BEGIN, END, key.public), key)


def batch(**more: Any) -> actions.Meant:
    wanted = {"pack": "school-entry", "batch": BATCH, "note_zh": "请来补打", **more}
    return actions.Meant("batch-recalled", uuid.uuid4(), **wanted)


def key(kid: str, **more: Any) -> actions.Meant:
    return actions.Meant("key-lost", uuid.uuid4(), kid=kid, **more)


def work(recall: Recall) -> Recall:
    """Run the job to its end; returns the recall as it stands then."""
    while recall_run.go_on.call(str(recall.id)):
        pass
    recall.refresh_from_db()
    return recall


def asked(world: World, officer: Actor, wanted: actions.Meant) -> Recall:
    recall = work(actions.begin(wanted, by=officer, now=world.now))
    return actions.ask(recall.id, by=officer, now=world.now)


def agreed(world: World, officer: Actor, second: Actor, wanted: actions.Meant) -> Recall:
    recall = asked(world, officer, wanted)
    return actions.agree(recall.id, by=second, now=world.now)


def outcomes(recall: Recall) -> list[str]:
    return sorted(recall.rows.values_list("became", flat=True))


def code_of(call: Any, *args: Any, **more: Any) -> str:
    with pytest.raises(RefusalError) as caught:
        call(*args, **more)
    return caught.value.refusal.code
