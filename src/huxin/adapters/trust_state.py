"""What a verifier holds of the federation: the newest list that it accepted, and what it must never forget.

    STATE/accepted.bundle     the files that were accepted, as a bundle, with `memory.json`, status sets and the
                              place's own `policy.json` (`trust_policy`) among them
    STATE/lock                held by whoever writes

Responsible for keeping it whole.  Leaves to `trust_refresh` what may be accepted.

- all of it is one file, which is written beside the old one, pushed to the disk and renamed: at any moment, also
  after a power cut, it is the old state or the new one;
- of two who want to write, one gets `trust-busy`; reading needs no lock;
- a disk without room is refused with `trust-disk`, and leaves the state as it was;
- whoever holds the state can hand the list on: what is in it is a repository's files, besides what is this place's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from huxin.adapters import intake, output
from huxin.adapters.status_files import held_in
from huxin.adapters.trust_bundle import MOST_BUNDLE, open_bundle, pack
from huxin.adapters.trust_policy import Signers, open_policy, pack_policy
from huxin.kernel import strict_json
from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import parse_instant, rfc3339
from huxin.packs.reader import Words
from huxin.trust.anchors import TrustStore
from huxin.trust.federation.authority import officers
from huxin.trust.federation.effective import effective
from huxin.trust.federation.freshness import DEFAULT, Freshness, freshness
from huxin.trust.federation.layout import TOP_ROLES
from huxin.trust.federation.metadata import RoleFile, parse_role
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.repository import Repository, TrustList, read_list
from huxin.trust.status import signed_set

__all__ = [
    "ACCEPTED",
    "Held",
    "Memory",
    "Writer",
    "age_of",
    "read_aged_store",
    "read_held",
    "read_names",
    "read_store",
    "read_with_sets",
    "take_policy",
    "writing",
]

ACCEPTED: Final = "accepted.bundle"
_LOCK: Final = "lock"
_MEMORY: Final = "memory.json"
_POLICY: Final = "policy.json"
_STAGED: Final = ".staged-"
_METADATA: Final = re.compile(r"metadata/(?:([1-9][0-9]{0,15})\.)?([A-Za-z0-9-]+)\.json")
_TARGET: Final = re.compile(r"targets/([A-Za-z0-9-]+)/[0-9a-f]{64}\.(.+)")


@dataclass(frozen=True, slots=True)
class Memory:
    """What stays when lists come and go: the first root (SHA-256), the newest list, the latest clock, the graves."""

    pinned: str
    signed_at: datetime
    clock: datetime
    buried: frozenset[bytes]

    @property
    def latest(self) -> datetime:
        """The latest instant that is known to have been."""
        return max(self.signed_at, self.clock)


@dataclass(frozen=True, slots=True)
class Held:
    """An accepted list: its files by name, the memory, and what the place decided for itself, as `trust_policy` packs it."""

    files: Mapping[str, bytes]
    memory: Memory
    packed_policy: bytes | None = None

    def policy(self) -> LocalPolicy | None:
        """Return the place's own policy; refuses with `trust-file` or `trust-threshold` what is spoilt."""
        return None if self.packed_policy is None else open_policy(self.packed_policy)

    def newest_root(self) -> bytes:
        """Return the newest root."""
        return self.files[f"metadata/{max(self._roots())}.root.json"]

    def metadata(self, role: str) -> bytes:
        """Return a role's metadata."""
        return next(data for name, data in self.files.items() if _role(name) == role)

    def repository(self) -> Repository:
        """Return it as it was when it was verified; refuses with `trust-file` what cannot have been."""
        roles: dict[str, RoleFile] = {"root": parse_role(self.newest_root(), "root")}
        targets: dict[str, bytes] = {}
        for name, data in self.files.items():
            role = _role(name)
            if role is not None and role != "root":
                roles[role] = parse_role(data, role)
            elif found := _TARGET.fullmatch(name):
                targets[f"{found[1]}/{found[2]}"] = data
        return Repository(roles, targets)

    def trust_list(self) -> TrustList:
        """Return the list; refuses with `trust-file`."""
        return read_list(self.repository(), buried=self.memory.buried)

    def sets(self) -> tuple[signed_set.Held, ...]:
        """Return the status sets that came with lists; refuses with `trust-file` what is spoilt."""
        return held_in(self.files)

    def _roots(self) -> list[int]:
        found = (_METADATA.fullmatch(name) for name in self.files)
        return [int(one[1]) for one in found if one and one[2] == "root" and one[1]]


def _role(name: str) -> str | None:
    found = _METADATA.fullmatch(name)
    return found[2] if found else None


def read_held(state: Path) -> Held | None:
    """Return what is held in a folder, or `None`; refuses with `trust-file` what is spoilt."""
    path = state / ACCEPTED
    if not path.exists():
        return None
    try:
        files = dict(
            open_bundle(intake.read(path, limit=MOST_BUNDLE), beside=frozenset({_MEMORY, _POLICY}))
        )
    except RefusalError as error:
        raise RefusalError("trust-file", f"{ACCEPTED}: {error.refusal.detail}") from error
    memory, policy = _memory(files.pop(_MEMORY, b"")), files.pop(_POLICY, None)
    held = Held(files, memory, policy)
    # What was accepted has all of these; a state without one of them was not written by us.
    named = filter(None, map(_METADATA.fullmatch, files))
    kept = {one[2] for one in named if (one[1] is None) is (one[2] == "timestamp")}
    if not kept >= set(TOP_ROLES):
        raise RefusalError("trust-file", f"{ACCEPTED}: not a state")
    return held


def _memory(data: bytes) -> Memory:
    whole = strict_json.parse(data, code="trust-file")
    try:
        if not isinstance(whole, dict) or whole["huxin"] != "trust-state":
            raise ValueError
        buried = whole["buried"]
        if not isinstance(buried, list) or type(whole["v"]) is not int or whole["v"] != 1:
            raise ValueError
        texts = [whole["pinned"], whole["signed_at"], whole["clock"], *buried]
        # Another kind of value would be read by some and not by others.
        if not all(isinstance(one, str) for one in texts):
            raise ValueError
        return Memory(
            whole["pinned"],
            parse_instant(whole["signed_at"]),
            parse_instant(whole["clock"]),
            frozenset(map(bytes.fromhex, buried)),
        )
    except (KeyError, ValueError, RefusalError) as error:
        raise RefusalError("trust-file", f"{ACCEPTED}: {_MEMORY}") from error


def _memory_bytes(memory: Memory) -> bytes:
    whole = {
        "huxin": "trust-state",
        "v": 1,
        "pinned": memory.pinned,
        "signed_at": rfc3339(memory.signed_at),
        "clock": rfc3339(memory.clock),
        "buried": sorted(one.hex() for one in memory.buried),
    }
    return json.dumps(whole, indent=1).encode("ascii")


# ---------------------------------------------------------------------------------------- writing


class Writer:
    """Whoever holds the lock: a folder to work in, and the one step by which a list becomes the held one."""

    def __init__(self, state: Path, stage: Path) -> None:
        self._state = state
        self.stage = stage

    def accept(self, held: Held) -> None:
        """Put a list in the place of the held one, whole or not at all; refuses with `too-big`."""
        own = {} if held.packed_policy is None else {_POLICY: held.packed_policy}
        data = pack({**held.files, **own, _MEMORY: _memory_bytes(held.memory)})
        output.replace(self._state / ACCEPTED, data, private=False)


@contextlib.contextmanager
def writing(state: Path) -> Iterator[Writer]:
    """Take a folder for writing, and make it where there is none; refuses with `trust-busy` or `trust-disk`."""
    with contextlib.ExitStack() as leave:
        try:
            state.mkdir(parents=True, exist_ok=True)
            leave.enter_context(_locked(state / _LOCK))
            # Nobody else writes here now: what lies about is of those who were killed.
            _clear(state)
            leave.callback(_clear, state)
            stage = Path(tempfile.mkdtemp(prefix=_STAGED, dir=state))
            yield Writer(state, stage)
        except OSError as error:
            raise RefusalError("trust-disk", f"{state.name}: {intake.reason(error)}") from error


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    # Here, since a computer that only verifies needs no such lock, and not every system has one.
    import fcntl

    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RefusalError("trust-busy", path.parent.name) from error
        yield
    finally:
        with contextlib.suppress(OSError):
            os.close(descriptor)


def _clear(state: Path) -> None:
    """Remove what was not named; what cannot be removed stays for the next one, and changes no answer."""
    with contextlib.suppress(OSError, RefusalError):
        for one in state.glob(f"{_STAGED}*"):
            shutil.rmtree(one, ignore_errors=True)
        output.clear_unnamed(state)


# ---------------------------------------------------------------------------------------- reading


def age_of(held: Held, *, now: datetime, policy: LocalPolicy | None = None) -> Freshness:
    """Judge how old the held list is."""
    limits = policy.limits if policy is not None else DEFAULT
    memory = held.memory
    return freshness(memory.signed_at, now=now, seen=memory.latest, limits=limits)


def read_store(state: Path, *, environment: str, now: datetime) -> TrustStore:
    """Return the keys to verify with, by the list and the place's own policy.

    Refuses with `trust-missing`, `trust-old`, `trust-file`, or `trust-threshold` where the policy was changed.
    """
    store, _ = read_aged_store(state, environment=environment, now=now)
    return store


def read_aged_store(
    state: Path, *, environment: str, now: datetime
) -> tuple[TrustStore, Freshness]:
    """Return the keys and how old the list is, for those who say so; refuses as `read_store` does."""
    store, age, _ = read_with_sets(state, environment=environment, now=now)
    return store, age


def read_with_sets(
    state: Path, *, environment: str, now: datetime
) -> tuple[TrustStore, Freshness, Held]:
    """Return besides what is held, for those who ask its status sets too; refuses as `read_store` does."""
    held = read_held(state)
    if held is None:
        raise RefusalError("trust-missing", f"{state.name}: no list was accepted here yet")
    policy = held.policy()
    age = age_of(held, now=now, policy=policy)
    if age.decision == "refused":
        raise RefusalError(age.code, f"signed at {rfc3339(held.memory.signed_at)}")
    anchors = effective(held.trust_list(), policy=policy, now=now)
    store = TrustStore(anchors, environment=environment, as_of=held.memory.signed_at)
    return store, age, held


def read_names(state: Path) -> dict[str, Words]:
    """Return what the regions of the held list call themselves, by code; none where no list is held.

    Refuses with `trust-file`.  However old the list is, a name of it is better than two letters.
    """
    held = read_held(state)
    if held is None:
        return {}
    members = held.trust_list().members
    return {one.region: Words(one.name["zh"], one.name["en"]) for one in members}


# ------------------------------------------------------------------------------ what a place decides


def take_policy(
    state: Path, data: bytes, *, region: str, keys: tuple[PublicKey, ...] = ()
) -> LocalPolicy:
    """Put a policy of the place's own region in force.

    Its officers' keys are those of the list that is held; `keys` serve where the region is no member of it.
    Refuses with `trust-missing` where no list is held, `trust-file`, `trust-threshold`, `trust-rollback`, `trust-pin`,
    `too-big`, `trust-busy` or `trust-disk`.
    """
    with writing(state) as writer:
        held = read_held(state)
        if held is None:
            raise RefusalError("trust-missing", f"{state.name}: no list was accepted here yet")
        listed, threshold = officers(held.repository().roles["targets"], region)
        # A key that was given twice is one key; what is packed names each once.
        signers = Signers(region, listed or tuple(dict.fromkeys(keys)), threshold)
        before = held.policy()
        if before is not None and before.region != region:
            raise RefusalError("trust-pin", f"this place keeps the policy of {before.region}")
        found = signers.read(data, held=before.version if before is not None else 0)
        if before is not None and found != before and found.version == before.version:
            raise RefusalError("trust-rollback", f"another policy {found.version} is in force")
        writer.accept(replace(held, packed_policy=pack_policy(data, signers)))
    return found
