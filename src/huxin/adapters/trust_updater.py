"""The Update Framework's client at a given instant: bytes from anywhere → what enough of the right keys signed.

Responsible for TUF (python-tuf's `Updater`): signatures, versions, lengths, hashes, expiry; and for telling apart
in stable codes why something was not taken.  Leaves to `lint` what a federation may say, to `freshness` its age,
and to `trust_state` what is remembered.

- the clock is an argument.  The library reads one of its own; it is overruled in one place, `_updater_at`, since
  there is no public way, and a test fails should the library rename what is set there;
- what is evaluated is the instant of the list itself, if that is over: a bundle that was carried for a week must
  be readable.  How old it is, is for `freshness` to say; that all else was in force then is asked here;
- files that are held already are lent to the library instead of asked for, under their names with version or
  digest, and are verified anew like all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from tuf.api.exceptions import (
    BadVersionNumberError,
    DownloadError,
    DownloadHTTPError,
    DownloadLengthMismatchError,
    ExpiredMetadataError,
    LengthOrHashMismatchError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import TargetFile
from tuf.api.serialization import DeserializationError
from tuf.ngclient import Updater, UpdaterConfig

from huxin.adapters.trust_source import Fetcher, role_and_version
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import (
    EMERGENCY,
    MOST_METADATA,
    MOST_REGIONS,
    MOST_TARGET,
    MOST_TIMESTAMP,
    SUSPENSIONS,
    TOP_ROLES,
    keys_path,
    may_carry,
    region_of,
)
from huxin.trust.federation.metadata import RoleFile, parse_role
from huxin.trust.federation.repository import Repository

__all__ = ["Start", "Verified", "verified"]

_CONFIG: Final = UpdaterConfig(
    max_root_rotations=256,
    # A lookup passes the charter and one region; the bound only keeps a maze out.
    max_delegations=MOST_REGIONS + 2,
    root_max_length=MOST_METADATA,
    timestamp_max_length=MOST_TIMESTAMP,
    snapshot_max_length=MOST_METADATA,
    targets_max_length=MOST_METADATA,
)
_WITNESSES: Final = ("timestamp", "snapshot")
_MOST_TARGETS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Start:
    """What a refresh begins with: the trusted root, and timestamp and snapshot against which nothing may go back."""

    root: bytes
    timestamp: bytes | None = None
    snapshot: bytes | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """What TUF verified, the same as files under their names in a repository, and the regions' roles that had ended."""

    repository: Repository
    files: Mapping[str, bytes]
    ended: frozenset[str] = frozenset()


def verified(fetcher: Fetcher, start: Start, *, instant: datetime, stage: Path) -> Verified:
    """Return what a place holds, verified; `stage` is an empty folder to work in.

    Refuses with `trust-threshold`, `-rollback`, `-expired`, `-mismatch`, `-missing`, `-file`, `-source`,
    `-delegation`, or `too-big`.
    """
    # (1) With all that is held: the usual way, and the cheapest.
    attempt = _Attempt(fetcher, start, instant, stage / "1")
    try:
        return attempt.run()
    except RefusalError:
        rotated = _rotated(start.root, attempt.newest_root())
        if not fetcher.lent and not rotated:
            raise
    # (2) A file that is held may be the one that no longer fits: keys of a role were changed, and its file was
    #     signed anew under the same version.  Everything is asked for.
    fetcher.kept = {}
    # (3) Where keys of timestamp or snapshot were changed, the held ones are dropped (TUF 1.0, 5.3.11): whoever had
    #     the old keys may have pushed a version so high that no honest one could follow.
    again = replace(start, timestamp=None, snapshot=None) if rotated else start
    return _Attempt(fetcher, again, instant, stage / "2").run()


def _updater_at(instant: datetime, root: bytes, folder: Path, fetcher: Fetcher) -> Updater:
    """Return the library's client, to which it is `instant`."""
    updater = Updater(str(folder), "metadata/", None, None, fetcher, _CONFIG, bootstrap=root)
    updater._trusted_set.reference_time = instant  # there is no public way
    return updater


def _rotated(before: bytes, after: bytes) -> bool:
    """Tell whether the newest root names other keys for timestamp or snapshot than the one begun with."""
    old, new = (parse_role(data, "root").signed["roles"] for data in (before, after))
    return any(set(old[role]["keyids"]) != set(new[role]["keyids"]) for role in _WITNESSES)


class _Attempt:
    """One passage through TUF's workflow, in a folder of its own."""

    def __init__(self, fetcher: Fetcher, start: Start, instant: datetime, stage: Path) -> None:
        self._fetcher = fetcher
        self._start = start
        self._instant = instant
        self._folder = stage

    def newest_root(self) -> bytes:
        """Return the newest root that was verified, or the one begun with."""
        path = self._folder / "root.json"
        return path.read_bytes() if path.exists() else self._start.root

    def run(self) -> Verified:
        try:
            return self._run()
        except (RepositoryError, DownloadError) as error:
            raise _refusal(error, self._fetcher) from error

    def _run(self) -> Verified:
        start = self._start
        # (1) The root begun with is of the right form; who signed it is asked by the library.
        parse_role(start.root, "root")
        self._folder.mkdir(parents=True)
        at_most, kept_back = self._at_most(), self._lend()
        # (2) Roots one after the other, timestamp, snapshot, charter: the library's workflow, at its instant.
        updater = _updater_at(at_most, start.root, self._folder, self._fetcher)
        updater.refresh()
        roles = {role: self._role(role) for role in TOP_ROLES}
        if kept_back is not None:
            _compare(kept_back, roles["snapshot"])
        # (3) The roles that the charter delegates to, each by asking for a file that is its own.
        #     A region that let its own role end has nothing that is believed, and stops nobody else.
        ended = []
        for name, path in _probes(roles["targets"]):
            try:
                updater.get_targetinfo(path)
            except ExpiredMetadataError:
                if name == EMERGENCY:
                    raise
                ended.append(name)
                continue
            if (self._folder / f"{name}.json").exists():
                roles[name] = self._role(name)
        # (4) All others were in force when the timestamp was; that one may be over.
        at = min(self._instant, roles["timestamp"].expires - timedelta(seconds=1))
        for one in roles.values():
            if one.expires <= at:
                raise RefusalError("trust-expired", f"{one.role}: {one.expires:%Y-%m-%d %H:%M}")
        # (5) Every file that a role lists, against the digests that it states.
        if roles["root"].signed.get("consistent_snapshot") is not True:
            raise RefusalError("trust-delegation", "root: no consistent snapshots")
        targets = dict(self._targets(roles))
        repository = Repository(roles, {path: data for path, (_, data) in targets.items()})
        files = dict(targets.values()) | dict(self._metadata(roles))
        return Verified(repository, files, frozenset(ended))

    def _at_most(self) -> datetime:
        """Return the instant to evaluate at: now, or the last one of the list that is offered.

        That list is not verified yet.  If it is the one that is taken, its end was signed; if it is not, nothing
        is taken, but for one whose end is looked at once more in step 4.
        """
        try:
            data = self._fetcher.read("metadata/timestamp.json", MOST_TIMESTAMP)
        except RefusalError as error:
            if error.refusal.code != "trust-missing":
                raise
            return self._instant
        return min(self._instant, parse_role(data, "timestamp").expires - timedelta(seconds=1))

    def _lend(self) -> bytes | None:
        """Lay what is held where the library looks for it; return a snapshot that was kept back."""
        held, last = self._start.snapshot, self._may_be_last()
        for role, data in (("timestamp", self._start.timestamp), ("snapshot", held)):
            if data is not None and (last or role != "snapshot"):
                (self._folder / f"{role}.json").write_bytes(data)
        return None if last else held

    def _may_be_last(self) -> bool:
        """Tell whether a held snapshot may be lent: not where it has the version that is named, and other bytes.

        The library would take it as the last one without asking what the timestamp says of it.
        """
        held = self._start.snapshot
        if held is None:
            return True
        try:
            offered = self._fetcher.read("metadata/timestamp.json", MOST_TIMESTAMP)
        except RefusalError:
            return True  # it is asked for once more, and refused
        stated = parse_role(offered, "timestamp").signed["meta"]["snapshot.json"]
        return stated["version"] != parse_role(held, "snapshot").version or _fits(stated, held)

    def _role(self, role: str) -> RoleFile:
        return parse_role((self._folder / f"{role}.json").read_bytes(), role)

    def _targets(self, roles: Mapping[str, RoleFile]) -> Iterator[tuple[str, tuple[str, bytes]]]:
        listed = [
            (path, file)
            for role in roles.values()
            for path, file in role.signed.get("targets", {}).items()
            # What a role may not carry is not even fetched; `lint` says so.
            if may_carry(role.role, path)
        ]
        if len(listed) > _MOST_TARGETS:
            raise RefusalError("too-big", f"more than {_MOST_TARGETS} files")
        for path, file in listed:
            folder, _, base = path.partition("/")
            name = f"targets/{folder}/{file['hashes']['sha256']}.{base}"
            yield path, (name, self._target(name, path, file))

    def _target(self, name: str, path: str, file: Mapping[str, Any]) -> bytes:
        length: int = file["length"]
        if length > MOST_TARGET:
            raise RefusalError("too-big", f"{path}: {length} bytes")
        try:
            data = self._fetcher.read(name, length)
        except RefusalError as error:
            if error.refusal.code != "too-big":
                raise
            raise RefusalError("trust-mismatch", f"{path}: more than {length} bytes") from error
        TargetFile(length, dict(file["hashes"]), path).verify_length_and_hashes(data)
        return data

    def _metadata(self, roles: Mapping[str, RoleFile]) -> Iterator[tuple[str, bytes]]:
        """Yield metadata as a repository names it; of the roots all that were passed, for those who come later."""
        for role, found in roles.items():
            if role == "timestamp":
                yield "metadata/timestamp.json", found.data
            elif role != "root":
                yield f"metadata/{found.version}.{role}.json", found.data
        for path in (self._folder / "root_history").iterdir():
            yield f"metadata/{path.name}", path.read_bytes()


def _fits(stated: Mapping[str, Any], data: bytes) -> bool:
    """Tell whether a file has the length and the hash that are stated of it, where they are."""
    digest = stated.get("hashes", {}).get("sha256")
    fits: bool = stated.get("length", len(data)) == len(data)
    return fits and digest in (None, sha256(data).hexdigest())


def _compare(held: bytes, found: RoleFile) -> None:
    """Refuse a snapshot that goes back behind one that was not lent to the library, as that would have done."""
    meta = found.signed["meta"]
    for name, one in parse_role(held, "snapshot").signed["meta"].items():
        if name not in meta:
            raise RefusalError("trust-missing", f"{name} is gone from the snapshot"[:300])
        if meta[name]["version"] < one["version"]:
            raise RefusalError("trust-rollback", f"{name} goes back"[:300])


def _probes(targets: RoleFile) -> Iterator[tuple[str, str]]:
    """Yield each role that a federation may delegate to, with a file that only that role may carry."""
    delegated = targets.signed.get("delegations", {}).get("roles", [])
    if len(delegated) > MOST_REGIONS + 1:
        raise RefusalError("too-big", f"more than {MOST_REGIONS} regions")
    for role in delegated:
        name: str = role["name"]
        region = region_of(name)
        if name == EMERGENCY:
            yield name, SUSPENSIONS
        elif region is not None:
            yield name, keys_path(region)


def _refusal(error: RepositoryError | DownloadError, fetcher: Fetcher) -> RefusalError:
    """Return in our codes why the library did not take the file that it asked for last."""
    name, _ = fetcher.asked
    code = next((code for kind, code in _CODES if isinstance(error, kind)), "trust-missing")
    if isinstance(error, BadVersionNumberError):
        code = _of_version(name, fetcher)
    # What has no kind of its own is a role that the newer snapshot, or the charter's, leaves out.
    return RefusalError(code, f"{name}: {error}"[:300])


def _of_version(name: str, fetcher: Fetcher) -> str:
    """Tell an older file from one that is not what the file above it says."""
    role, version = role_and_version(name)
    if role in ("root", "timestamp"):
        return "trust-rollback"
    found = parse_role(fetcher.read(name, MOST_METADATA), role)
    return "trust-rollback" if found.version == version else "trust-mismatch"


_CODES: Final[tuple[tuple[type[Exception], str], ...]] = (
    (UnsignedMetadataError, "trust-threshold"),
    (ExpiredMetadataError, "trust-expired"),
    (LengthOrHashMismatchError, "trust-mismatch"),
    (DownloadLengthMismatchError, "trust-mismatch"),
    (DeserializationError, "trust-file"),
    (DownloadHTTPError, "trust-missing"),
    (DownloadError, "trust-source"),
)
