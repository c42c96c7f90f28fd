"""Who may sign what: keys and thresholds as root and charter give them, one table for all roles.

root      → root, targets, snapshot, timestamp
targets   → emergency, region-QV, region-QW, …
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from huxin.kernel.crypto import PublicKey
from huxin.trust.federation.layout import REGION_FIELD, TOP_ROLES, region_role
from huxin.trust.federation.metadata import RoleFile

__all__ = ["Mandate", "RoleKey", "delegated", "from_root", "mandates", "officers"]


@dataclass(frozen=True, slots=True)
class RoleKey:
    """A key as a role has it; `found` is the whole object, `region` whose it says that it is."""

    keyid: str
    found: Mapping[str, Any]

    @property
    def region(self) -> str | None:
        """The region that the key names, or none."""
        region: str | None = self.found.get(REGION_FIELD)
        return region

    @property
    def public(self) -> str:
        """What the key says that its material is: hexadecimal digits, if it is right."""
        public: str = self.found["keyval"]["public"]
        return public


@dataclass(frozen=True, slots=True)
class Mandate:
    """The keys of a role, and how many of them must sign; `missing` are ids without a key."""

    role: str
    keys: tuple[RoleKey, ...]
    threshold: int
    missing: tuple[str, ...]
    terms: Mapping[str, Any]

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that the keys name, as often as they do."""
        return tuple(key.region for key in self.keys if key.region is not None)


def from_root(root: RoleFile) -> tuple[Mandate, ...]:
    """Return what the root lets the four top roles do, in their order."""
    keys, roles = root.signed["keys"], root.signed["roles"]
    return tuple(_mandate(name, roles[name], keys) for name in TOP_ROLES)


def delegated(targets: RoleFile) -> tuple[Mandate, ...]:
    """Return what the charter's role lets other roles do, in its order."""
    found = targets.signed.get("delegations", {})
    keys = found.get("keys", {})
    return tuple(_mandate(role["name"], role, keys) for role in found.get("roles", []))


def mandates(root: RoleFile, targets: RoleFile) -> tuple[Mandate, ...]:
    """Return what all roles may do, those of the root first."""
    return (*from_root(root), *delegated(targets))


def officers(targets: RoleFile, region: str) -> tuple[tuple[PublicKey, ...], int]:
    """Return the keys of a region's officers, and how many of them must sign, from a role that passed lint.

    Nobody and one, for a region that is no member: what asks for a signature then gets none that counts.
    """
    for mandate in delegated(targets):
        if mandate.role == region_role(region):
            public = (bytes.fromhex(key.public) for key in mandate.keys)
            return tuple(PublicKey.from_compact("EdDSA", one) for one in public), mandate.threshold
    return (), 1


def _mandate(name: str, role: Mapping[str, Any], keys: Mapping[str, Any]) -> Mandate:
    keyids = role["keyids"]
    return Mandate(
        name,
        tuple(RoleKey(one, keys[one]) for one in keyids if one in keys),
        role["threshold"],
        tuple(one for one in keyids if one not in keys),
        role,
    )
