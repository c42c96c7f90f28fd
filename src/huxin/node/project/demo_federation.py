"""The demo's federation: 灯湾, 苇洲 and 云渡 sign one list; 松岬 is ready to join.

    keys/                   each region's federation keys (see `demo_keys`)
    QV/repository, …        the list as each node hands it to others;  QV/federation, …  as it holds it itself
    QV/proposals, …         what waits for a second region

Responsible for what people do outside of a node: they found, witness each day, propose and sign, with the functions
behind `huxin trust`.  Publishing, and taking what was published, is left to the nodes.

- a federation key never comes into a node's folder;
- whatever is signed follows the newest list that a node hands out;
- each start has the list signed anew, with whatever of it is about to end: a demo of last month works.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from huxin.adapters import (
    federation_party,
    intake,
    key_file,
    output,
    trust_bundle,
    trust_proposals,
    trust_refresh,
    trust_repository,
)
from huxin.adapters.key_file import KeyFileSigner
from huxin.adapters.trust_source import Folder
from huxin.kernel.errors import RefusalError
from huxin.node.home.demo.cast import NEWCOMER, REGIONS
from huxin.node.project.demo_keys import KeyRing
from huxin.packs.reader import Words
from huxin.trust.ceremony.asked import missing
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.draft import Draft, found, renewed, with_witnesses
from huxin.trust.ceremony.proposal import Proposal, proposal_name
from huxin.trust.ceremony.statement import MOST_BYTES, parse_statement
from huxin.trust.federation.charter import (
    Caps,
    Charter,
    Suspension,
    parse_members,
    parse_suspensions,
)
from huxin.trust.federation.layout import MEMBERS, RESIGN, SUSPENSIONS, WITNESSED, lifetime
from huxin.trust.federation.region_keys import RegionKeys, tombstone_of
from huxin.trust.federation.repository import Repository

__all__ = ["Answer", "DemoFederation"]

Answer = Literal["proposed", "waits", "done", "signed", "signed-already", "not-proposed"]
"""What became of an order."""

_FIRST, _SECOND = "QV", "QW"
_EVERYBODY: Final = (*REGIONS, NEWCOMER.region)
_FOUNDED_BEFORE: Final = timedelta(days=1)
_ROOT: Final = "metadata/1.root.json"
_OLDER: Final = "yesterday.bundle"
# Cards of a demo are of the last year and a half, and its folder is started again next season: one key for all.
_CAPS: Final = Caps(50_000, 730, 730)
_NAME: Final = {"zh": "水镇互信（演示）", "en": "Trust of the Water Towns (demo)"}
_TEXT: Final = {
    "zh": "各区域各有一票，过半才算数；谁也不独有这份清单，各处仍可自己不信。\n"
    "这是演示：密钥都是测试密钥，签发期比真的长，好让旧卡也能拿来练习。",
    "en": "Each region has one vote, and more than half decide. Nobody owns this list, and each may still distrust on"
    " its own.\nThis is a demo: keys are test keys, and they sign for longer than real ones would, so that there are"
    " old cards to practise with.",
}
_FOUNDING: Final = {"zh": "建立联盟", "en": "Found the federation"}
_ROUND: Final = {"zh": "每日见证", "en": "The witnesses' daily round"}
_JOINING: Final = {"zh": "松岬加入", "en": "Pine Cape joins"}
_SUSPENDING: Final = {"zh": "暂停云渡的一把密钥", "en": "Suspend a key of Cloud Ferry"}
_SUSPENSION: Final = "cloud-ferry-missing-computer"
_REASON: Final = {
    "zh": "云渡报失：存有旧密钥的电脑不见了",
    "en": "Cloud Ferry reports that the computer with its older key is missing",
}


class DemoFederation:
    """What the regions' officers do; `path` is the demo's folder, `passphrase` opens every key of it."""

    def __init__(self, path: Path, passphrase: str) -> None:
        self._path = path
        self._ring = KeyRing(path / "keys", passphrase)
        self._one_at_a_time = threading.RLock()

    def is_whole(self) -> bool:
        """Tell whether every region's keys were written to the end."""
        return all(self._ring.statement(region).exists() for region in _EVERYBODY)

    def wait(self) -> None:
        """Return when every region's keys are written."""
        self._ring.wait()

    def stop(self) -> None:
        """Leave unwritten what is not written yet; the next start begins anew then."""
        self._ring.stop()

    def forget(self) -> None:
        """Know nothing any more of the keys that lie there: the folder is about to be emptied."""
        self._ring.forget()

    # ------------------------------------------------------------------------ founding, renewing

    def found(self, signers: Mapping[str, Sequence[KeyFileSigner]], *, now: datetime) -> None:
        """Found the federation as of a day ago, and propose that 松岬 joins; see `wait`.

        `signers` are the keys with which each region signs cards, 松岬's among them.
        """
        at = (now - _FOUNDED_BEFORE).replace(microsecond=0)
        parties = {
            region: federation_party.make(
                region, _names(region), _listed(region, signers[region]), now=at
            )
            for region in _EVERYBODY
        }
        self._ring.keep(parties)
        statements = [parties[region].statement for region in REGIONS]
        proposal = found(statements, Charter(_NAME, "test", _TEXT, _CAPS), title=_FOUNDING, now=at)
        whole = with_witnesses(proposal, None, now=at)
        files = trust_repository.published(self._ring.sign(whole, None, REGIONS, everyone=True))
        for region in REGIONS:
            trust_repository.write_files(self._repository(region), files)
        self._accept(now)
        self._lay(self._drafted("join", parties[NEWCOMER.region].written, at))

    def renew(self, *, now: datetime) -> None:
        """Have the witnesses sign the newest list, and officers what ends soon; every node holds it then.

        The list of until now is left among the samples, as yesterday's.
        """
        with self._one_at_a_time:
            folder, before = self._newest()
            standing = trust_repository.files_of(folder)
            (self._path / "samples").mkdir(exist_ok=True)
            output.replace(self._path / "samples" / _OLDER, trust_bundle.pack(standing))
            # Nobody signs as of an hour that is past, whatever this computer's clock says.
            signed_at = before.roles["timestamp"].expires - lifetime("timestamp")
            at = max(now, signed_at).replace(microsecond=0)
            proposal = renewed(Draft.of(before, now=at), _ending(before, at), title=_ROUND)
            whole = self._ring.sign(with_witnesses(proposal, before, now=at), before, _EVERYBODY)
            trust_repository.write_files(folder, trust_repository.published(whole))
            for region in REGIONS:
                trust_repository.hand_on(self._repository(region), trust_repository.files_of(folder))  # fmt: skip
            self._accept(now)
            self._carry_over(at)

    def _accept(self, now: datetime) -> None:
        for region in REGIONS:
            folder = self._repository(region)
            root = (folder / _ROOT).read_bytes()
            state = self._path / region / "federation"
            trust_refresh.refresh(Folder(folder), state, root=root, now=now)

    def _carry_over(self, now: datetime) -> None:
        """Keep what waits, without its witnesses' part of yesterday; draft anew what no longer fits the list."""
        _, before = self._newest()
        for kind in ("join", "suspend"):
            kept = [one for _, one in self._kept(kind)]
            if not kept:
                continue
            self._drop(kind)
            lasting = _without_witnesses(kept[0])
            if _fits(lasting, before):
                self._lay(lasting)
            else:
                self.propose(kind, now=now)

    # ---------------------------------------------------------------------- proposing and signing

    def propose(self, kind: str, *, now: datetime) -> Answer:
        """Have 灯湾's delegate propose that 松岬 joins (`join`), or that a key of 云渡 is suspended (`suspend`)."""
        with self._one_at_a_time:
            _, before = self._newest()
            if _is_done(kind, before, now):
                return "done"
            if self._waiting(kind, before) is not None:
                return "waits"
            self._drop(kind)
            path = self._ring.statement(NEWCOMER.region)
            self._lay(self._drafted(kind, intake.read(path, limit=MOST_BYTES), now))
            return "proposed"

    def sign(self, kind: str, *, now: datetime) -> Answer:
        """Have 苇洲's delegate sign what waits; once enough have, the witnesses sign the list that would follow."""
        with self._one_at_a_time:
            _, before = self._newest()
            proposal = self._waiting(kind, before)
            if proposal is None:
                # A key is suspended because somebody asks for it; that 松岬 asks to join is where the demo begins.
                anew = kind == "join" or _is_done(kind, before, now)
                return self.propose(kind, now=now) if anew else "not-proposed"
            if "timestamp" in proposal.metadata and not any(
                one.lacking for one in missing(proposal, before)
            ):
                return "signed-already"
            proposal = self._ring.sign(_without_witnesses(proposal), before, [_SECOND])
            whole = with_witnesses(proposal, before, now=now.replace(microsecond=0))
            self._lay(self._ring.sign(whole, before, _EVERYBODY))
            return "signed"

    def _drafted(self, kind: str, statement: bytes, now: datetime) -> Proposal:
        """Return a proposal that 灯湾 has signed, and of 松岬's officers those who sign for its own files."""
        _, before = self._newest()
        now = now.replace(microsecond=0)
        draft = Draft.of(before, now=now)
        if kind == "join":
            proposal = draft.join(parse_statement(statement), title=_JOINING)
            return self._ring.sign(proposal, before, [_FIRST, NEWCOMER.region])
        key = key_file.read(self._path / "QX" / "keys" / "QX-1.key").description.public
        suspension = Suspension(_SUSPENSION, "QX", tombstone_of(key).hex(), now, _REASON)
        proposal = draft.suspend(suspension, title=_SUSPENDING)
        return self._ring.sign(proposal, before, [_FIRST])

    # ---------------------------------------------------------------------------------- folders

    def _repository(self, region: str) -> Path:
        return self._path / region / "repository"

    def _newest(self) -> tuple[Path, Repository]:
        """Return the newest of the lists that nodes hand out, and where it lies."""
        lists = []
        for region in REGIONS:
            standing = trust_repository.read_repository(self._repository(region))
            if standing is not None:
                lists.append((self._repository(region), standing))
        # Of equals the first: 灯湾's.
        return max(lists, key=lambda one: one[1].roles["timestamp"].version)

    def _proposals(self) -> Iterator[Path]:
        for region in (_FIRST, _SECOND):
            yield self._path / region / "proposals"

    def _kept(self, kind: str) -> Iterator[tuple[Path, Proposal]]:
        for folder in self._proposals():
            for one in trust_proposals.kept(folder):
                if one.kind == kind:
                    yield folder, one

    def _waiting(self, kind: str, before: Repository) -> Proposal | None:
        fitting = (one for _, one in self._kept(kind) if _fits(one, before))
        return next(fitting, None)

    def _lay(self, proposal: Proposal) -> None:
        for folder in self._proposals():
            trust_proposals.lay(folder, proposal)

    def _drop(self, kind: str) -> None:
        for folder, one in list(self._kept(kind)):
            trust_proposals.drop(folder, proposal_name(one))


def _names(region: str) -> dict[str, str]:
    words: Words = NEWCOMER.words if region == NEWCOMER.region else REGIONS[region]
    return {"zh": words.zh, "en": words.en}


def _listed(region: str, signers: Sequence[KeyFileSigner]) -> RegionKeys:
    rows = [row for one in signers for row in federation_party.listed(one.description, _CAPS)]
    return RegionKeys(region, "test", tuple(rows))


def _ending(before: Repository, now: datetime) -> list[str]:
    """Return the roles that it is time to sign anew, beside the witnesses'."""
    return [
        role
        for role, one in before.roles.items()
        if role not in WITNESSED and one.expires - now < RESIGN.get(role, RESIGN["region"])
    ]


def _without_witnesses(proposal: Proposal) -> Proposal:
    """Return a proposal as it was before today's snapshot was added to it."""
    parts = [
        {role: one for role, one in found.items() if role not in WITNESSED}
        for found in (proposal.metadata, proposal.signatures)
    ]
    return replace(proposal, metadata=parts[0], signatures=parts[1])


def _fits(proposal: Proposal, before: Repository) -> bool:
    with contextlib.suppress(RefusalError):
        check_base(proposal, before)
        return True
    return False


def _is_done(kind: str, before: Repository, now: datetime) -> bool:
    if kind == "join":
        members = parse_members(before.targets[MEMBERS])
        return any(one.region == NEWCOMER.region for one in members)
    return any(
        one.name == _SUSPENSION and one.lapses() > now
        for one in parse_suspensions(before.targets[SUSPENSIONS])
    )
