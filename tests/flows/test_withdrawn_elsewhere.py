"""Two regions, two nodes in processes of their own: a clerk of one withdraws a card, the door of the other refuses it.

Between them there is nothing but the shared list, which says where the withdrawals are, and the line.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from huxin.adapters import key_file, trust_repository
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.instants import rfc3339
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.result import result
from tests.lib.ceremonies import NOW, TITLE, charter, party, signing_key, witnessed
from tests.lib.node_folders import PASSPHRASE, make_node
from tests.lib.ports import kept_port
from tests.lib.running_node import ROOT, Browser, RunningNode

LATER = NOW + timedelta(hours=2)
CLOCK = {"HUXIN_ENVIRONMENT": "test", "HUXIN_NOW": rfc3339(LATER)}

pytestmark = [pytest.mark.size("all"), pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]

ISSUE = """
from huxin.node.base.permissions import Role
from tests.lib.node_world import World
world = World()
print(world.card(world.person(), by=world.staff(Role.CLERK, name="clerk")).text)
"""
WITHDRAW = """
from huxin.node.base.models import User
from huxin.node.trust.actions.revoke import revoke
from huxin.node.trust.models import Card
from tests.lib.node_world import World
world = World()
clerk = world.actor(User.objects.get(username="clerk"))
revoke(Card.objects.get(), "lost", "", by=clerk, now=world.now)
"""


class Node(RunningNode):
    """A node whose signing key is the one that the shared list has of its region."""

    def __init__(self, folder: Path, code: str) -> None:
        self.folder, self.port, self._process = folder, kept_port(), None
        self.address = f"http://localhost:{self.port}"
        make_node(folder, code, trusts=(), origin=self.address)
        listed, name = signing_key(f"{code} cards 0"), f"{code} cards 0"
        private = PrivateKey.from_secret(sha256(name.encode()).digest())
        described = KeyDescription(
            code, "test", ("huxin",), listed.since, listed.until, private.public
        )
        path = folder / "keys" / f"{code}-1.key"
        path.write_bytes(key_file.lock(described, private, PASSPHRASE))
        self._command("node", "migrate", str(folder))

    def program(self, text: str) -> str:
        """Run a program with this node, at the stated time."""
        begin = f"from huxin.node.project import operate\noperate.start(__import__('pathlib').Path({str(self.folder)!r}))\n"
        return self._at(["-c", begin + text])

    def work(self) -> None:
        """Do the jobs that wait."""
        huxin = "import sys; from huxin.cli.main import main; sys.argv[0] = 'huxin'; main()"
        self._at(["-c", huxin, "node", "work", str(self.folder), "--once"])

    def _at(self, words: list[str]) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self._environment(**CLOCK), cwd=ROOT, check=False,
            capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()

    def says_of(self, card: str) -> str:
        """What the check page says of a card, its words alone."""
        browser = Browser(self)
        browser.cookies["huxin_lang"] = "en"
        browser.get("/check")
        answer = browser.post("/check", {"text": card})
        assert answer.status == 200, answer.text[-500:]
        return re.sub(r"<[^>]*>|\s+", " ", answer.text)


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    made = [Node(tmp_path / code, code) for code in ("QW", "XA")]
    try:
        for one in made:
            one.start(**CLOCK)
        yield made[0], made[1]
    finally:
        for one in made:
            one.kill()


def join(issuer: Node, door: Node) -> None:
    """Found a list in which the issuer says where its withdrawals are; the door takes it."""
    parties = [party(code, environment="test") for code in ("QW", "XA")]
    founding = found(
        [one.statement for one in parties], charter(environment="test"), title=TITLE, now=NOW
    )
    whole = witnessed(founding, None, parties, now=NOW)
    files, before = trust_repository.published(whole), result(whole, None)
    said = f'{{"huxin": "status", "v": 1, "lists": [{{"uri": "{issuer.address}/status/1"}}]}}'
    draft = Draft.of(before, now=NOW)
    saying = draft.publish("QW", {"QW/status.json": said.encode()}, title=TITLE)
    files |= trust_repository.published(witnessed(saying, before, parties, now=NOW))
    root = files["metadata/1.root.json"]
    refresh(Bundle(files), door.folder / "federation", root=root, now=LATER)


def test_a_card_that_one_node_withdrew_is_refused_at_the_door_of_another(
    nodes: tuple[Node, Node],
) -> None:
    issuer, door = nodes
    join(issuer, door)
    card = issuer.program(ISSUE)
    before = door.says_of(card)
    assert "Genuine" in before
    assert "withdrawals not looked up" in before

    issuer.program(WITHDRAW)
    issuer.work()
    door.work()

    after = door.says_of(card)
    assert "Genuine" not in after
    assert "issuer withdrew this card" in after
    assert "withdrawals just updated" in after
    # The issuer is gone; what it said stays.
    issuer.kill()
    assert "issuer withdrew this card" in door.says_of(card)
