"""Rehearsals: a region splits in two, two become one, all keys of the root are changed, the federation shrinks to one.

Each step is a whole ceremony.  One door follows every step, another sleeps through all of them and follows at the end
from the first root; both judge cards that were issued on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from huxin.adapters import trust_repository
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_source import Bundle
from huxin.adapters.trust_state import read_store
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.result import result
from huxin.trust.federation.repository import Repository, read_list
from huxin.trust.issue import issue
from huxin.trust.reading import open_texts
from huxin.trust.verify import Basis, verify
from tests.lib.ceremonies import NOW, TITLE, Party, charter, party, witnessed
from tests.lib.regions import Region, facts

HOUR = timedelta(hours=1)


class Rehearsal:
    """A list in the hands of its regions, a door that follows, and one that sleeps."""

    def __init__(self, folder: Path, *codes: str) -> None:
        self.folder, self.now = folder, NOW
        self.parties = {code: party(code) for code in codes}
        self.files: dict[str, bytes] = {}
        self.before: Repository | None = None
        statements = [one.statement for one in self.parties.values()]
        self._publish(found(statements, charter(), title=TITLE, now=NOW))
        self.root = self.files["metadata/1.root.json"]
        self.follow("awake")
        self.follow("asleep")

    def hold(self, change: Callable[[Draft], Proposal], *newcomers: Party) -> None:
        """An hour later: one ceremony, signed by all who are there and by those who come."""
        assert self.before is not None
        self.now += HOUR
        self.parties |= {one.code: one for one in newcomers}
        self._publish(change(Draft.of(self.before, now=self.now)))
        self.follow("awake")

    def _publish(self, proposal: Proposal) -> None:
        whole = witnessed(proposal, self.before, list(self.parties.values()), now=self.now)
        self.files |= trust_repository.published(whole)
        self.before = result(whole, self.before)

    def admit(self, code: str) -> None:
        """A region joins, and its probation ends."""
        one = party(code)
        self.hold(lambda draft: draft.join(one.statement, title=TITLE), one)
        self.hold(lambda draft: draft.admit(one.statement, title=TITLE))

    def follow(self, door: str) -> int:
        return refresh(Bundle(self.files), self.folder / door, root=self.root, now=self.now).keys

    def judged(self, text: str, door: str = "awake") -> str:
        """The code with which a door answers a card."""
        store = read_store(self.folder / door, environment="production", now=self.now)
        return verify(open_texts((text,)), Basis(store), now=self.now).code

    def root_keys(self) -> set[str]:
        assert self.before is not None
        return set(self.before.roles["root"].signed["roles"]["root"]["keyids"])


def card(code: str, *, at: datetime) -> str:
    """A card of a region, signed with the key that its statement lists."""
    secret = int.from_bytes(sha256(f"{code} cards 0".encode()).digest(), "big")
    return issue(facts(), Region(code, secret), now=at).text


@pytest.fixture
def rehearsal(tmp_path):
    return Rehearsal(tmp_path, "QV", "QW", "XA")


def test_a_region_splits_in_two(rehearsal):
    old = card("QW", at=rehearsal.now)
    for code in ("XB", "XC"):
        assert rehearsal.judged(card(code, at=rehearsal.now)) == "untrusted"
        rehearsal.admit(code)
    rehearsal.hold(lambda draft: draft.leave("QW", title=TITLE, successor="XB"))
    late = card("QW", at=rehearsal.now + HOUR)
    rehearsal.now += 2 * HOUR
    new = [card(code, at=rehearsal.now) for code in ("XB", "XC")]
    assert rehearsal.judged(old) == "ok"
    assert rehearsal.judged(late) == "usage"
    assert list(map(rehearsal.judged, new)) == ["ok", "ok"]
    # Nobody is gone from the council without a word: two of the four that are left do not suffice.
    assert len(rehearsal.root_keys()) == 4
    rehearsal.follow("asleep")
    assert [rehearsal.judged(one, "asleep") for one in (old, late, *new)] == ["ok", "usage", "ok", "ok"]  # fmt: skip


def test_two_regions_become_one(rehearsal):
    before = {code: card(code, at=rehearsal.now) for code in ("QW", "XA")}
    rehearsal.admit("XB")
    for code in ("QW", "XA"):
        rehearsal.hold(lambda draft, code=code: draft.leave(code, title=TITLE, successor="XB"))
    rehearsal.now += HOUR
    for code, text in before.items():
        assert rehearsal.judged(text) == "ok"
        assert rehearsal.judged(card(code, at=rehearsal.now)) == "usage"
    assert rehearsal.judged(card("XB", at=rehearsal.now)) == "ok"
    assert {one.region: one.successor for one in members(rehearsal)} == {
        "QV": None,
        "QW": "XB",
        "XA": "XB",
        "XB": None,
    }
    rehearsal.follow("asleep")
    assert rehearsal.judged(before["QW"], "asleep") == "ok"


def members(rehearsal):
    return read_list(rehearsal.before).members


def test_every_key_of_the_root_is_changed_and_doors_follow(rehearsal):
    first = rehearsal.root_keys()
    text = card("XA", at=rehearsal.now)
    old = dict(rehearsal.parties)
    for code in ("QV", "QW", "XA"):
        # The former key and the new ones both sign: those who held the last root must believe the next.
        other = party(code, generation=2)
        rehearsal.parties[f"former {code}"] = old[code]
        rehearsal.hold(lambda draft, other=other: draft.rotate(other.statement, title=TITLE), other)
    assert not first & rehearsal.root_keys()
    assert rehearsal.judged(text) == "ok"
    assert rehearsal.follow("asleep") == 3
    assert rehearsal.judged(text, "asleep") == "ok"
    # The former keys alone sign nothing that a door takes.
    rehearsal.parties = old
    with pytest.raises(RefusalError) as caught:
        rehearsal.hold(lambda draft: draft.leave("XA", title=TITLE))
    assert caught.value.refusal.code in ("trust-threshold", "trust-keys")


def test_a_federation_shrinks_to_one_and_grows_again(rehearsal):
    for code in ("XA", "QW"):
        rehearsal.hold(lambda draft, code=code: draft.expel(code, title=TITLE))
    assert rehearsal.judged(card("QW", at=rehearsal.now)) == "untrusted"
    assert rehearsal.judged(card("QV", at=rehearsal.now)) == "ok"
    rehearsal.admit("QW")
    assert rehearsal.judged(card("QW", at=rehearsal.now)) == "ok"
    rehearsal.follow("asleep")
    assert rehearsal.judged(card("QW", at=rehearsal.now), "asleep") == "ok"
