"""What a client holds of the federation after TUF has verified it, and the list that is read from it.

Responsible for reading the documents and bringing them together.  Leaves to `lint` whether the list is one that
may be believed, and to `effective` what is made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.charter import (
    Charter,
    Member,
    Suspension,
    parse_charter,
    parse_members,
    parse_suspensions,
)
from huxin.trust.federation.fields import refuse
from huxin.trust.federation.layout import (
    CHARTER,
    LIFETIMES,
    MEMBERS,
    SUSPENSIONS,
    keys_path,
)
from huxin.trust.federation.metadata import RoleFile
from huxin.trust.federation.region_keys import RegionKeys, parse_region_keys

__all__ = ["Repository", "TrustList", "read_list"]


@dataclass(frozen=True, slots=True)
class Repository:
    """The roles' metadata by name, and the files that they carry by path, all of it verified by TUF."""

    roles: Mapping[str, RoleFile]
    targets: Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class TrustList:
    """What the federation says, as at `signed_at`.

    `keys` holds the file of each member that has published one.  `tombstones` grows only: it holds each grave
    (`grave_of`: a region and a key) that was ever seen, also those of regions that have left.
    """

    charter: Charter
    members: tuple[Member, ...]
    suspensions: tuple[Suspension, ...]
    keys: Mapping[str, RegionKeys]
    tombstones: frozenset[bytes]
    signed_at: datetime


def read_list(repository: Repository, *, buried: frozenset[bytes] = frozenset()) -> TrustList:
    """Read the list; `buried` are the tombstones held so far.  Refuses with `trust-file` or `too-big`."""
    timestamp = repository.roles.get("timestamp")
    if timestamp is None:
        raise refuse("/timestamp", "missing")
    members = parse_members(_document(repository, MEMBERS))
    keys = {
        member.region: _keys(repository.targets[keys_path(member.region)], member.region)
        for member in members
        if keys_path(member.region) in repository.targets
    }
    return TrustList(
        parse_charter(_document(repository, CHARTER)),
        members,
        parse_suspensions(_document(repository, SUSPENSIONS)),
        keys,
        buried.union(*(found.graves() for found in keys.values())),
        timestamp.expires - LIFETIMES["timestamp"],
    )


def _document(repository: Repository, path: str) -> bytes:
    if path not in repository.targets:
        raise refuse(f"/{path}", "missing")
    return repository.targets[path]


def _keys(data: bytes, region: str) -> RegionKeys:
    try:
        found = parse_region_keys(data)
    except RefusalError as error:
        code, detail = error.refusal.code, error.refusal.detail
        if code == "too-big":
            raise
        raise refuse(f"/{keys_path(region)}", detail) from error
    if found.region != region:
        raise refuse(f"/{keys_path(region)}", f"keys of {found.region}")
    return found
