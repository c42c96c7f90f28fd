"""Signed status sets as files: who may sign them, and what they are called where they are kept.

    status/<SHA-256 of region, line feed, address>.hxs      whole sets alone: a delta says nothing without what it follows

Responsible for the way from bytes to what is held.  Leaves to `signed_set` what may be accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Final

from huxin.adapters import intake
from huxin.kernel.errors import RefusalError
from huxin.trust.anchors import Anchor, TrustStore
from huxin.trust.status import signed_set
from huxin.trust.status.signed_set import Held, ListName

__all__ = [
    "FOLDER",
    "MOST_TOTAL",
    "Carried",
    "SetFileError",
    "file_name",
    "held_in",
    "is_status_name",
    "read_sets",
    "read_whole",
    "take",
    "take_carried",
    "those_who_may",
]

FOLDER: Final = "status"
MOST_TOTAL: Final = 8_000_000
"""Bytes of all sets that are kept beside a trust list: they must never leave it without room."""

_NAME: Final = re.compile(r"status/[0-9a-f]{64}\.hxs")


class SetFileError(RefusalError):
    """A file that is no status set for here; the codes are those of cards, the words must not be."""

    def __init__(self, name: str, code: str, detail: str) -> None:
        super().__init__(code, f"{name}: {detail}")
        self.name = name


def file_name(name: ListName) -> str:
    """Return what the newest set of a list is called; an address says nothing to a file system this way."""
    digest = sha256(f"{name.region}\n{name.uri}".encode()).hexdigest()
    return f"{FOLDER}/{digest}.hxs"


def is_status_name(name: object) -> bool:
    """Tell whether it is what `file_name` gives."""
    return isinstance(name, str) and _NAME.fullmatch(name) is not None


def those_who_may(trust: TrustStore) -> tuple[Anchor, ...]:
    """Return the keys that may sign status sets here: those that cards may be signed with, so no test keys in earnest."""
    return tuple(one for one in trust if one.environment == trust.environment)


def take(
    data: bytes, held: Mapping[ListName, Held], *, keys: Iterable[Anchor], now: datetime
) -> Held:
    """Return what is held of a list after one more file of it; refuses as `signed_set.accept` does."""
    name = signed_set.name_of(data)
    return signed_set.accept(data, name=name, keys=keys, held=held.get(name), now=now)


def read_whole(paths: Iterable[Path], *, keys: Sequence[Anchor], now: datetime) -> dict[str, bytes]:
    """Return whole sets by the names under which they are carried.

    Raises `SetFileError` with the codes of `signed_set.accept`, and refuses as `intake.read` does.
    """
    held: dict[ListName, Held] = {}
    files: dict[str, bytes] = {}
    for path in paths:
        data = intake.read(path, limit=MOST_TOTAL)
        try:
            signed_set.reopen(data)  # else what was added to a set that the reader may not have
            found = take(data, held, keys=keys, now=now)
        except RefusalError as error:
            raise SetFileError(path.name, error.refusal.code, error.refusal.detail) from error
        held[found.name] = found
        files[file_name(found.name)] = data
    return files


def held_in(files: Mapping[str, bytes]) -> tuple[Held, ...]:
    """Return the sets among files that were accepted before; refuses with `trust-file` what is spoilt."""
    try:
        return tuple(signed_set.reopen(one) for name, one in files.items() if is_status_name(name))
    except RefusalError as error:
        raise RefusalError("trust-file", f"{FOLDER}: {error.refusal.detail}") from error


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of sets that came with a trust list: all that is kept now, how many are new, what was refused.

    `refused` names the file and the code.
    """

    files: Mapping[str, bytes]
    taken: int
    refused: tuple[tuple[str, str], ...]


def take_carried(
    came: Mapping[str, bytes],
    kept: Mapping[str, bytes],
    *,
    keys: Sequence[Anchor],
    now: datetime,
    list_at: datetime,
) -> Carried:
    """Take the sets that came with a list which was signed at `list_at`; those that are held stay where one is refused.

    A list that was carried for a week must be readable, and so must what came with it: a set is judged at the instant
    of the list, if it is over by now.  Refuses with `trust-file` where what is kept is spoilt.
    """
    files = {name: data for name, data in kept.items() if is_status_name(name)}
    held = {one.name: one for one in held_in(files)}
    taken, refused = 0, []
    for name, data in sorted(came.items()):
        try:
            if _is_new(data, held):
                found = _judged(data, held, keys, now, list_at)
                _check_place(name, data, found, files)
                files[name], held[found.name], taken = data, found, taken + 1
        except RefusalError as error:
            refused.append((name, error.refusal.code))
    return Carried(files, taken, tuple(refused))


def _is_new(data: bytes, held: Mapping[ListName, Held]) -> bool:
    found = signed_set.reopen(data)
    before = held.get(found.name)
    return before is None or found.version > before.version


def _judged(
    data: bytes,
    held: Mapping[ListName, Held],
    keys: Sequence[Anchor],
    now: datetime,
    list_at: datetime,
) -> Held:
    try:
        return take(data, held, keys=keys, now=now)
    except RefusalError as error:
        if error.refusal.code != "expired":
            raise
    return take(data, held, keys=keys, now=max(list_at, signed_set.reopen(data).as_of))


def _check_place(name: str, data: bytes, found: Held, files: Mapping[str, bytes]) -> None:
    if name != file_name(found.name):
        raise RefusalError("bad-input", "a set under the name of another list")
    others = sum(len(one) for other, one in files.items() if other != name)
    if others + len(data) > MOST_TOTAL:
        raise RefusalError("too-big", f"more than {MOST_TOTAL} bytes of status sets")


def read_sets(
    paths: Iterable[Path], *, trust: TrustStore, now: datetime, kept: Iterable[Held] = ()
) -> tuple[Held, ...]:
    """Return what is `kept` with what files add to it, in their order: deltas after what they follow.

    Raises `SetFileError` with the codes of `signed_set.accept`, and refuses as `intake.read` does.
    """
    keys = those_who_may(trust)
    held = {one.name: one for one in kept}
    for path in paths:
        data = intake.read(path, limit=signed_set.MAX_BYTES)
        try:
            found = take(data, held, keys=keys, now=now)
        except RefusalError as error:
            raise SetFileError(path.name, error.refusal.code, error.refusal.detail) from error
        held[found.name] = found
    return tuple(held.values())
