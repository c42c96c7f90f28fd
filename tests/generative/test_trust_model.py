"""A federation and two doors, driven by chance: proposals, signatures, lost files, replays, silence, old backups.

What must hold, whatever happens:

- a door never goes back: no list signed earlier than its own, no role in an older version than it held;
- a door never takes what too few signed: what it holds was published by a full ceremony;
- a door never believes a key again that it saw buried;
- one region, one vote: the signatures of each role that regions share are of as many regions as its quorum asks.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from huxin.adapters import trust_source
from huxin.adapters.trust_refresh import refresh
from huxin.adapters.trust_repository import published
from huxin.adapters.trust_state import read_held
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.asked import missing
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.draft import Draft, found, renewed, with_witnesses
from huxin.trust.ceremony.proposal import Proposal, join_signatures
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension
from huxin.trust.federation.effective import effective
from huxin.trust.federation.region_keys import SigningKey, tombstone_of, write_region_keys
from huxin.trust.federation.repository import Repository, read_list
from tests.conftest import SIZE
from tests.lib.ceremonies import NOW, TITLE, Party, charter, party, signed, signing_key, witnessed

# A run is some twenty steps, and a step of a door is a whole refresh of some forty milliseconds.
RUNS = {"quick": 8, "all": 200, "soak": 3_000}[SIZE]
CODES = ("QV", "QW", "XA")
KINDS = ("file", "key", "bury", "dig-up", "suspend", "confirm", "expel", "renew", "round")
WITNESSES = frozenset({"snapshot", "timestamp"})
_TIMESTAMP = "metadata/timestamp.json"


class TrustModel(RuleBasedStateMachine):
    """Regions that change a list, and doors that follow it through a network that is not to be relied on."""

    proposals: Bundle[Proposal] = Bundle("proposals")

    @initialize()
    def founding(self) -> None:
        self.now = NOW
        self.folder = tempfile.TemporaryDirectory(prefix="huxin-model-")
        self.parties: dict[str, Party] = {code: party(code) for code in CODES}
        proposal = found(
            [one.statement for one in self.parties.values()], charter(), title=TITLE, now=NOW
        )
        self.files: dict[str, bytes] = {}
        self.before: Repository | None = None
        self.genuine: list[Mapping[str, Any]] = []
        self.backups: list[tuple[dict[str, bytes], Repository]] = []
        self.number = 0
        self.graves: dict[str, tuple[SigningKey, ...]] = {}
        self._put(witnessed(proposal, None, list(self.parties.values())))
        self.first_root = self.files["metadata/1.root.json"]
        self.seen: dict[str, dict[str, int]] = {"north": {}, "south": {}}
        self.signed_at = dict.fromkeys(self.seen, NOW - timedelta(days=1))
        self.buried: dict[str, set[bytes]] = {"north": set(), "south": set()}

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            self.folder.cleanup()

    # ------------------------------------------------------------------ what regions do

    @rule(target=proposals, kind=st.sampled_from(KINDS), code=st.sampled_from(CODES))
    def propose(self, kind: str, code: str):
        try:
            proposal = self._drafted(kind, code)
        except RefusalError as error:
            event(f"not proposed: {error.refusal.code}")
            return multiple()
        event(f"proposed: {kind}")
        return proposal

    def _drafted(self, kind: str, code: str) -> Proposal:
        assert self.before is not None
        self.number += 1
        draft = Draft.of(self.before, now=self.now)
        if code not in read_list(self.before).keys:
            raise RefusalError("bad-input", "no member")
        keys = read_list(self.before).keys[code]
        match kind:
            case "file":
                data = str(self.number).encode()
                return draft.publish(code, {f"{code}/notices.json": data}, title=TITLE)
            case "bury":
                gone = [tombstone_of(one.key) for one in keys.keys[:1]]
                self.graves.setdefault(code, keys.keys[:1])
                return draft.revoke(code, gone, reason="lost", title=TITLE)
            case "dig-up":
                # The region itself, with all its officers, wants a buried key back, and its tombstone away.
                back = {one.key.spki: one for one in (*keys.keys, *self.graves.get(code, ()))}
                again = replace(keys, keys=tuple(back.values()), revoked=())
                return draft.publish(code, {f"{code}/keys.cbor": write_region_keys(again)}, title=TITLE)  # fmt: skip
            case "key":
                more = signing_key(f"{code} {self.number}", since=self.now)
                path = f"{code}/keys.cbor"
                data = write_region_keys(replace(keys, keys=(*keys.keys, more)))
                return draft.publish(code, {path: data}, title=TITLE)
            case "suspend":
                reason = {"zh": "试", "en": "Tried"}
                one = Suspension(str(self.number), code, None, self.now, reason)
                return draft.suspend(one, title=TITLE)
            case "confirm":
                names = [one.name for one in read_list(self.before).suspensions]
                return draft.confirm(names[0] if names else "none", title=TITLE)
            case "expel":
                return draft.expel(code, title=TITLE)
            case "renew":
                return renewed(draft, ["root", "targets"], title=TITLE)
            case _:
                return renewed(draft, [], title=TITLE)

    @rule(target=proposals, proposal=proposals, codes=st.sets(st.sampled_from(CODES)))
    def sign(self, proposal: Proposal, codes: set[str]):
        try:
            check_base(proposal, self.before)
        except RefusalError:
            return multiple()
        whole = with_witnesses(proposal, self.before, now=self.now)
        keys = [key for code in sorted(codes) for key in self.parties[code].hold()]
        whole = join_signatures(signed(whole, self.before, keys), [proposal])
        if not any(one.lacking for one in missing(whole, self.before)):
            # Whoever hands this to a door hands it what enough have signed, published or not.
            self.genuine.append(whole.metadata["timestamp"])
        return whole

    @rule(kind=st.sampled_from(KINDS), code=st.sampled_from(CODES))
    def agree(self, kind: str, code: str) -> None:
        """All regions hold a ceremony, from the draft to the list."""
        try:
            proposal = self._drafted(kind, code)
        except RefusalError as error:
            event(f"not proposed: {error.refusal.code}")
            return
        everybody = list(self.parties.values())
        self._put(witnessed(proposal, self.before, everybody, now=self.now))
        event(f"agreed: {kind}")

    @rule(proposal=proposals)
    def publish(self, proposal: Proposal) -> None:
        """An honest office publishes what is signed by enough and is upon the list that stands."""
        if "timestamp" not in proposal.metadata:
            return
        try:
            check_base(proposal, self.before)
            newest = with_witnesses(proposal, self.before, now=self.now).metadata["timestamp"]
        except RefusalError:
            return
        if newest["version"] != proposal.metadata["timestamp"]["version"]:
            return
        if any(one.lacking for one in missing(proposal, self.before)):
            event("not published: signatures lacking")
            return
        self._put(proposal)
        event(f"published: {proposal.kind}")

    def _put(self, proposal: Proposal) -> None:
        if self.before is not None:
            self.backups.append((dict(self.files), self.before))
        after = result(proposal, self.before)
        files = published(proposal)
        self.files |= files
        self.genuine.append(proposal.metadata["timestamp"])
        self.before = after

    @precondition(lambda self: self.backups)
    @rule(data=st.data())
    def restore(self, data: st.DataObject) -> None:
        """The office loses its disk, and goes on from an old backup as if nothing had been."""
        self.files, self.before = data.draw(st.sampled_from(self.backups))
        self.files = dict(self.files)
        event("restored from a backup")

    @rule(hours=st.integers(1, 24 * 12))
    def wait(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # ------------------------------------------------------------------ what doors see

    @rule(door=st.sampled_from(("north", "south")))
    def follow(self, door: str) -> None:
        self._refresh(door, self.files)

    @precondition(lambda self: self.backups)
    @rule(door=st.sampled_from(("north", "south")), data=st.data())
    def replay(self, door: str, data: st.DataObject) -> None:
        old, _ = data.draw(st.sampled_from(self.backups))
        self._refresh(door, old)

    @precondition(lambda self: self.backups)
    @rule(door=st.sampled_from(("north", "south")), data=st.data())
    def mix(self, door: str, data: st.DataObject) -> None:
        """Some files are of the newest list, some of an older one."""
        old, _ = data.draw(st.sampled_from(self.backups))
        names = data.draw(st.sets(st.sampled_from(sorted(old)), max_size=3))
        self._refresh(door, self.files | {name: old[name] for name in names})

    @rule(door=st.sampled_from(("north", "south")), data=st.data())
    def drop(self, door: str, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(sorted(self.files)))
        self._refresh(door, {name: one for name, one in self.files.items() if name != gone})

    @rule(door=st.sampled_from(("north", "south")), proposal=proposals)
    def push(self, door: str, proposal: Proposal) -> None:
        """Somebody hands a door what is not signed by enough, or not upon this list."""
        if "timestamp" in proposal.metadata:
            self._refresh(door, self.files | published(proposal))

    def _refresh(self, door: str, files: Mapping[str, bytes]) -> None:
        state = Path(self.folder.name) / door
        place = trust_source.Bundle(files)
        try:
            told = refresh(place, state, root=self.first_root, now=self.now)
        except RefusalError as error:
            event(f"refused: {error.refusal.code}")
            return
        event(f"accepted: {told.freshness.decision}")
        self._never_back(door, told.versions, told.signed_at)
        held = read_held(state)
        assert held is not None
        self._never_below(held.files)
        self._never_again(door)

    def _never_back(self, door: str, versions: Mapping[str, int], signed_at: datetime) -> None:
        assert signed_at >= self.signed_at[door]
        self.signed_at[door] = signed_at
        # Whoever is expelled witnesses no more, and new witnesses may count anew; nobody else may.
        known = self.seen[door]
        counting = versions.keys() - (WITNESSES if known.get("root", 0) < versions["root"] else ())
        for role in counting:
            assert versions[role] >= known.get(role, 0), role
        known |= versions

    def _never_below(self, files: Mapping[str, bytes]) -> None:
        assert json.loads(files[_TIMESTAMP])["signed"] in self.genuine
        self._one_region_one_vote(files)

    def _one_region_one_vote(self, files: Mapping[str, bytes]) -> None:
        newest = max(int(name.split("/")[1].split(".")[0]) for name in files if name.endswith(".root.json"))  # fmt: skip
        root = json.loads(files[f"metadata/{newest}.root.json"])["signed"]
        timestamp = json.loads(files[_TIMESTAMP])
        regions = {
            root["keys"][one["keyid"]]["x-huxin-region"]
            for one in timestamp["signatures"]
            if one["keyid"] in root["roles"]["timestamp"]["keyids"]
        }
        assert len(regions) >= root["roles"]["timestamp"]["threshold"]
        voters = {root["keys"][name]["x-huxin-region"] for name in root["roles"]["root"]["keyids"]}
        assert len(voters) == len(root["roles"]["root"]["keyids"])

    def _never_again(self, door: str) -> None:
        held = read_held(Path(self.folder.name) / door)
        assert held is not None
        whole = held.trust_list()
        believed = {
            tombstone_of(one.key)
            for one in effective(whole, policy=None, now=self.now)
            if one.standing == "active"
        }
        assert not believed & self.buried[door]
        for keys in whole.keys.values():
            self.buried[door] |= keys.buried()

    @invariant()
    def a_door_can_always_be_asked(self) -> None:
        for door in ("north", "south"):
            state = Path(self.folder.name) / door
            if state.exists():
                read_held(state)


TestTrustModel = TrustModel.TestCase
TestTrustModel.settings = settings(max_examples=RUNS, stateful_step_count=25, deadline=None)
