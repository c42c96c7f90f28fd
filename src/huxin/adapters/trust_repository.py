"""The folder of a trust repository: what stands there, and how the next version is put there.

    FOLDER/metadata/   1.root.json … timestamp.json
    FOLDER/targets/    federation/<sha256>.charter.json …

- new files first, each under a name of its own, `timestamp.json` last: until then every reader sees the list that
  stood, and from then on the new one; a publication that was cut off is finished by doing it again;
- of two that publish at once one gets `trust-busy`; what a killed one left unnamed is cleared by the next;
- files and folders can be read by whoever serves them, under another account;
- before a byte is written, the client of doors reads the result and accepts it, or nothing is published.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake, output
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.ceremony.result import signed_file
from huxin.trust.federation.authority import delegated
from huxin.trust.federation.layout import (
    EMERGENCY,
    MOST_METADATA,
    MOST_TARGET,
    TOP_ROLES,
    may_carry,
    region_of,
)
from huxin.trust.federation.metadata import RoleFile, parse_role
from huxin.trust.federation.repository import Repository

__all__ = [
    "files_of",
    "forget_unfinished",
    "hand_on",
    "only_publisher",
    "published",
    "read_repository",
    "target_name",
    "write_files",
]

_TIMESTAMP: Final = "metadata/timestamp.json"
_LOCK: Final = ".publishing"
_DIGEST: Final = re.compile(r"[0-9a-f]{64}")
_ROOT: Final = re.compile(r"metadata/([0-9]{1,16})\.root\.json")
_FILE: Final = 0o644
_FOLDER: Final = 0o755
_OTHERS: Final = 0o077


def read_repository(folder: Path) -> Repository | None:
    """Return the list that stands in a folder, `None` where there is none yet; refuses with `trust-file` or `trust-missing`.

    Signatures are not checked here: this is what an office drafts upon; doors use the client.
    """
    if not (folder / _TIMESTAMP).is_file():
        return None
    timestamp = _role(folder, "timestamp", None)
    snapshot = _role(folder, "snapshot", _version(timestamp.signed["meta"], "snapshot"))
    roles = {
        "root": _role(folder, "root", _newest_root(folder)),
        "timestamp": timestamp,
        "snapshot": snapshot,
    }
    for name in snapshot.signed["meta"]:
        role = name.removesuffix(".json")
        if role not in (*TOP_ROLES, EMERGENCY) and region_of(role) is None:
            raise RefusalError("trust-file", f"no role: {role[:40]}")
        roles[role] = _role(folder, role, _version(snapshot.signed["meta"], role))
    if "targets" not in roles:
        raise RefusalError("trust-file", "no charter role")
    named = {one.role for one in delegated(roles["targets"])}
    roles = {role: one for role, one in roles.items() if role in TOP_ROLES or role in named}
    targets = {
        path: _target(folder, path, listed)
        for role, one in roles.items()
        if role not in ("root", "snapshot", "timestamp")
        for path, listed in one.signed.get("targets", {}).items()
        # What a role may not carry has no place in the folder; lint says so.
        if may_carry(role, path)
    }
    return Repository(roles, targets)


def _role(folder: Path, role: str, version: int | None) -> RoleFile:
    name = f"{role}.json" if version is None else f"{version}.{role}.json"
    return parse_role(_read(folder / "metadata" / name, MOST_METADATA), role)


def _version(meta: Mapping[str, Any], role: str) -> int:
    try:
        return int(meta[f"{role}.json"]["version"])
    except (KeyError, TypeError, ValueError) as error:
        raise RefusalError("trust-file", f"no version of {role}") from error


def _newest_root(folder: Path) -> int:
    versions = [
        int(path.name.partition(".")[0])
        for path in (folder / "metadata").glob("*.root.json")
        if path.name.partition(".")[0].isdecimal()
    ]
    if not versions:
        raise RefusalError("trust-missing", "no root")
    return max(versions)


def target_name(path: str, digest: str) -> str:
    """Return the name under which a target is kept: its digest before its name (consistent snapshots)."""
    directory, _, name = path.rpartition("/")
    return f"targets/{directory}/{digest}.{name}"


def _target(folder: Path, path: str, listed: Mapping[str, Any]) -> bytes:
    digest = listed["hashes"]["sha256"]
    if not _DIGEST.fullmatch(digest):
        raise RefusalError("trust-file", f"{path}: no SHA-256")
    data = _read(folder / target_name(path, digest), MOST_TARGET)
    if sha256(data).hexdigest() != digest:
        raise RefusalError("trust-mismatch", path)
    return data


def _read(path: Path, limit: int) -> bytes:
    if not path.is_file():
        raise RefusalError("trust-missing", path.name)
    return intake.read(path, limit=limit)


# ------------------------------------------------------------------------------- publishing


def published(proposal: Proposal) -> dict[str, bytes]:
    """Return the files that publish a proposal, by name: the root last but one, the timestamp last."""
    files: dict[str, bytes] = {}
    for path, data in proposal.documents.items():
        files[target_name(path, sha256(data).hexdigest())] = data
    # Readers take a newer root at once: it must not stand beside the list of yesterday.
    roles = sorted(proposal.metadata, key=lambda role: (role == "timestamp", role == "root", role))
    for role in roles:
        name = _TIMESTAMP if role == "timestamp" else _numbered(proposal, role)
        files[name] = signed_file(proposal, role)
    return files


def _numbered(proposal: Proposal, role: str) -> str:
    return f"metadata/{proposal.metadata[role]['version']}.{role}.json"


def forget_unfinished(folder: Path, proposal: Proposal) -> None:
    """Take back the root of this proposal where its publication was cut off just before the timestamp."""
    if "root" not in proposal.metadata or not (folder / _TIMESTAMP).is_file():
        return
    path = folder / _numbered(proposal, "root")
    if not path.is_file() or intake.read(path, limit=MOST_METADATA) != signed_file(
        proposal, "root"
    ):
        return
    timestamp = _role(folder, "timestamp", None)
    if timestamp.version < proposal.metadata.get("timestamp", {}).get("version", 0):
        path.unlink()


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file that a reader of the list may ask for, by name: the newest list and all its roots."""
    repository = read_repository(folder)
    if repository is None:
        raise RefusalError("trust-missing", "no list has been published here")
    names = [f"metadata/{path.name}" for path in (folder / "metadata").glob("*.root.json")]
    for role, one in repository.roles.items():
        if role not in ("root", "timestamp"):
            names.append(f"metadata/{one.version}.{role}.json")
    names.append(_TIMESTAMP)
    for path, data in repository.targets.items():
        names.append(target_name(path, sha256(data).hexdigest()))
    # What a region that left had signed is still listed in the snapshot, and is still handed out.
    for name in repository.roles["snapshot"].signed["meta"]:
        role = name.removesuffix(".json")
        if role not in repository.roles:
            version = _version(repository.roles["snapshot"].signed["meta"], role)
            names.append(f"metadata/{version}.{role}.json")
    return {name: _read(folder / name, MOST_TARGET) for name in sorted(set(names))}


@contextlib.contextmanager
def only_publisher(folder: Path, *, served: bool = True) -> Iterator[None]:
    """Be the only one that publishes into a folder; refuses with `trust-busy` where another does.

    A folder that is not there yet is made, for all to read if it is `served`.
    """
    try:
        _make(folder, _FOLDER if served else None)
        descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise output.refusal(error, folder.name) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise RefusalError("trust-busy", folder.name) from error
    try:
        _clear(folder)
        yield
    finally:
        os.close(descriptor)


def _make(folder: Path, mode: int | None = _FOLDER) -> None:
    """Make a folder and those above it that are not there, with this mode whatever the umask is."""
    new = [one for one in (folder, *folder.parents) if not one.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    if mode is not None:
        for one in new:
            one.chmod(mode)


def _clear(folder: Path) -> None:
    """Remove what was written and never named; what cannot be removed stays, and is no file of the list."""
    for one in (folder, folder / "metadata", *(folder / "targets").glob("*")):
        with contextlib.suppress(RefusalError):
            output.clear_unnamed(one)


def _open_to_others(path: Path, mode: int) -> None:
    """Let others read what a publication that was cut off left to its owner alone."""
    if not path.stat().st_mode & _OTHERS:
        path.chmod(mode)


def write_files(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put files into a folder, in order; refuses with `no-space` or `bad-input`, and then the list that stood stands.

    A file of this name that is no part of the list that stands was left by a publication that was cut off.
    """
    for name, data in files.items():
        path = folder / name
        try:
            _make(path.parent)
            for above in path.parents[: len(path.parts) - len(folder.parts) - 1]:
                _open_to_others(above, _FOLDER)
            if path.is_file() and intake.read(path, limit=MOST_TARGET) == data:
                _open_to_others(path, _FILE)
                continue
            output.replace(path, data, mode=_FILE)
        except OSError as error:
            raise output.refusal(error, path.name) from error


def hand_on(folder: Path, files: Mapping[str, bytes]) -> bool:
    """Put an accepted list where others take it from here, unless that one is as new; tell whether it was put there.

    The newer list is the one that was signed later: with new witnesses' keys versions may begin again below those that
    somebody with the old keys had raised out of reach, and a door takes no list that was signed earlier than its own.

    Refuses as `write_files` does, with `trust-busy`, or with `trust-missing` files without a timestamp.
    """
    if _TIMESTAMP not in files:
        raise RefusalError("trust-missing", _TIMESTAMP)
    roots = [int(found[1]) for name in files if (found := _ROOT.fullmatch(name))]
    offered = _rank(parse_role(files[_TIMESTAMP], "timestamp"), max(roots, default=0))
    with only_publisher(folder):
        if (folder / _TIMESTAMP).is_file():
            stands = _rank(_role(folder, "timestamp", None), _newest_root(folder))
            if offered <= stands:
                return False
        # As when it was published: readers take a newer root at once, and the timestamp makes it the list.
        order = sorted(files, key=lambda name: (name == _TIMESTAMP, name.endswith(".root.json")))
        write_files(folder, {name: files[name] for name in order})
    return True


def _rank(timestamp: RoleFile, root: int) -> tuple[datetime, int, int]:
    """Return what a later list has more of: its end, which tells when it was signed, its newest root, its version."""
    return timestamp.expires, root, timestamp.version
