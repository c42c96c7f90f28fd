"""Five regions, five nodes in processes of their own: one list, taken over the network, and what a door then says.

Every node keeps the list that it holds and hands out a copy; a card is shown at the check page of another region.
The clock is moved for all of them, so nothing depends on the day on which this runs.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from huxin.adapters import trust_repository
from huxin.kernel.instants import rfc3339
from huxin.trust.ceremony.asked import missing
from huxin.trust.ceremony.draft import Draft, found, renewed, with_witnesses
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.result import result
from huxin.trust.federation.region_keys import tombstone_of
from huxin.trust.federation.repository import Repository
from huxin.trust.issue import issue
from tests.lib.ceremonies import NOW, TITLE, Party, charter, party, signed, signing_key, witnessed
from tests.lib.node_folders import make_node
from tests.lib.ports import kept_port
from tests.lib.regions import Region, facts
from tests.lib.running_node import ROOT, Browser, RunningNode

# What the doors' clocks show until the end: a little after all that is signed before.
DOOR = NOW + timedelta(hours=6)
CODES = ("QV", "QW", "QX", "XA", "XB")
FOUNDERS = CODES[:4]
_HUXIN = "import sys; from huxin.cli.main import main; sys.argv[0] = 'huxin'; main()"

pytestmark = [pytest.mark.size("all"), pytest.mark.allow_hosts(["127.0.0.1", "localhost"])]


class Node(RunningNode):
    """A node that was set up once and copied: nobody lives there, only the check page is asked."""

    def __init__(self, folder: Path, code: str, model: Path) -> None:
        self.folder = folder
        self.code = code
        self.port = kept_port()
        self._process = None
        make_node(folder, code, trusts=(), origin=f"http://localhost:{self.port}")
        if model.exists():
            shutil.copy(model, folder / "node.sqlite3")
        else:
            self._command("node", "migrate", str(folder))
            shutil.copy(folder / "node.sqlite3", model)

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}/trust/v1"

    def open(self, at: datetime) -> None:
        """Serve as if it were `at`."""
        self.kill()
        self.start(HUXIN_ENVIRONMENT="test", HUXIN_NOW=rfc3339(at))

    def refresh(self, source: str, at: datetime, root: Path) -> tuple[int, str]:
        """Take the list from an address, as its operator's timer does; return exit status and answer."""
        state = self.folder / "federation"
        words = ["trust", "refresh", "--from", source, "--state", str(state), "--root", str(root)]
        done = subprocess.run(
            [sys.executable, "-c", _HUXIN, *words, "--json"],
            env=self._environment(HUXIN_ENVIRONMENT="test", HUXIN_NOW=rfc3339(at)),
            cwd=ROOT, check=False, capture_output=True, text=True, timeout=600,
        )  # fmt: skip
        return done.returncode, done.stdout

    def says_of(self, card: str) -> str:
        """What the check page says of a card, its words alone."""
        browser = Browser(self)
        browser.cookies["huxin_lang"] = "en"
        browser.get("/check")
        answer = browser.post("/check", {"text": card})
        assert answer.status == 200, answer.text[-500:]
        return re.sub(r"<[^>]*>|\s+", " ", answer.text)

    def held(self) -> bytes:
        return (self.folder / "federation" / "accepted.bundle").read_bytes()


class Regions:
    """The regions' keys, and the list as it stands; `publish` puts it where a node hands it out."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self.parties = {one.code: one for one in parties}
        self.standing: Repository | None = None

    def publish(self, proposal: Proposal, nodes: Sequence[Node], *, now: datetime) -> None:
        whole = witnessed(proposal, self.standing, list(self.parties.values()), now=now)
        for node in nodes:
            folder = node.folder / "repository"
            trust_repository.write_files(folder, trust_repository.published(whole))
        self.standing = result(whole, self.standing)

    def draft(self, now: datetime) -> Draft:
        assert self.standing is not None
        return Draft.of(self.standing, now=now)

    @staticmethod
    def card(code: str, now: datetime) -> str:
        """A card of a region, signed with the key that its statement lists."""
        secret = int.from_bytes(sha256(f"{code} cards 0".encode()).digest(), "big")
        return issue(facts(), Region(code, secret, environment="test"), now=now).text


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Node]]:
    place = tmp_path_factory.mktemp("five")
    made: dict[str, Node] = {}
    try:
        for code in CODES:
            made[code] = Node(place / code, code, place / "empty.sqlite3")
            # At once, while its port is still free.
            made[code].open(DOOR)
        yield made
    finally:
        for node in made.values():
            node.kill()


def taken(answer: tuple[int, str], decision: str = "fresh") -> None:
    assert f'"decision": "{decision}"' in answer[1], answer


def test_five_regions_and_one_list(nodes: dict[str, Node], tmp_path: Path) -> None:
    regions = Regions([party(code, environment="test") for code in CODES])
    everyone = list(nodes.values())
    root = tmp_path / "root.json"

    # Four found a list; every door takes it from another region's node.
    founders = [regions.parties[code].statement for code in FOUNDERS]
    text = charter(environment="test")
    founding = found(founders, text, title=TITLE, now=NOW)
    regions.publish(founding, everyone, now=NOW)
    root.write_bytes((nodes["QV"].folder / "repository/metadata/1.root.json").read_bytes())
    for node, other in zip(everyone, (*everyone[1:], everyone[0]), strict=True):
        taken(node.refresh(other.address, DOOR, root))

    # A card of one region is genuine in another; one of a region that is no member is of nobody known.
    now = NOW + timedelta(hours=1)
    of_member, of_newcomer = regions.card("QW", NOW), regions.card("XB", NOW)
    assert "Genuine" in nodes["XA"].says_of(of_member)
    assert "Genuine" not in nodes["XA"].says_of(of_newcomer)

    # It joins, and is admitted: now its cards are genuine at every other door.
    joining = regions.draft(now).join(regions.parties["XB"].statement, title=TITLE)
    regions.publish(joining, everyone, now=now)
    admitting = regions.draft(now).admit(regions.parties["XB"].statement, title=TITLE)
    backup = tmp_path / "backup"
    shutil.copytree(nodes["QX"].folder / "repository", backup)
    regions.publish(admitting, everyone, now=now)
    for node in everyone:
        taken(node.refresh(nodes["QV"].address, DOOR, root))
        assert "Genuine" in node.says_of(of_newcomer)

    # It buries its key; whoever has refreshed once says so.
    now += timedelta(hours=1)
    material = tombstone_of(signing_key("XB cards 0").key)
    burial = regions.draft(now).revoke("XB", [material], reason="compromised", title=TITLE)
    regions.publish(burial, everyone, now=now)
    for node in everyone:
        taken(node.refresh(nodes["XB"].address, DOOR, root))
        assert "Genuine" not in node.says_of(of_newcomer)
        assert "Genuine" in node.says_of(of_member)

    # One region goes on from an old backup: nobody follows it back, and it catches up itself.
    shutil.rmtree(nodes["QX"].folder / "repository")
    shutil.copytree(backup, nodes["QX"].folder / "repository")
    before = nodes["QV"].held()
    status, told = nodes["QV"].refresh(nodes["QX"].address, DOOR, root)
    assert (status, '"trust-rollback"' in told) == (1, True), told
    assert nodes["QV"].held() == before
    taken(nodes["QX"].refresh(nodes["QV"].address, DOOR, root))

    # Two of five are silent: three witnesses are not enough for a new list, and the one that is held grows old.
    silent = now + timedelta(days=30)
    round_ = with_witnesses(renewed(regions.draft(silent), [], title=TITLE), regions.standing, now=silent)  # fmt: skip
    speaking = [key for code in CODES[:3] for key in regions.parties[code].hold()]
    some = signed(round_, regions.standing, speaking)
    assert {one.role for one in missing(some, regions.standing) if one.lacking} == {"snapshot", "timestamp"}  # fmt: skip
    node = nodes["QV"]
    for days, words, believed in ((3, "Stale", True), (31, "Too old", False)):
        later = now + timedelta(days=days)
        decision = "stale" if believed else "refused"
        taken(node.refresh(nodes["QW"].address, later, root), decision)
        node.open(later)
        browser = Browser(node)
        browser.cookies["huxin_lang"] = "en"
        assert words in browser.get("/federation").text
        assert ("Genuine" in node.says_of(of_member)) is believed
