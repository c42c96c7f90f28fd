"""Whole small federations as plain data, to be spoilt in one place and then written out.

    federation = Federation.of(3)
    federation.signed["root"]["consistent_snapshot"] = False
    findings(federation.repository(), held=None, now=NOW)

Keys are real and the same every time; signatures are real and made when it is written out, over whatever then
stands there, as are the lengths and digests of files.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from securesystemslib.formats import encode_canonical

from huxin.kernel.crypto import PrivateKey
from huxin.trust.federation.charter import (
    Charter,
    Member,
    Suspension,
    write_charter,
    write_members,
    write_suspensions,
)
from huxin.trust.federation.layout import (
    CHARTER,
    EMERGENCY,
    MEMBERS,
    REGION_FIELD,
    SUSPENSIONS,
    TOP_ROLES,
    keys_path,
    lifetime,
    region_role,
)
from huxin.trust.federation.metadata import parse_role
from huxin.trust.federation.quorum import emergency_quorum, majority, witness_quorum
from huxin.trust.federation.region_keys import RegionKeys, SigningKey, Tombstone, write_region_keys
from huxin.trust.federation.repository import Repository

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
DAY = timedelta(days=1)
REGIONS = ("QV", "QW", "QX", "QY", "QZ")
WORDS = {"zh": "芦苇群岛", "en": "Reed Isles"}
OFFICERS = 3

# PKCS #8 of an Ed25519 key is this and the 32 secret bytes (RFC 8410, section 10.3).
_PKCS8 = bytes.fromhex("302e020100300506032b657004220420")


def ed25519(name: str) -> PrivateKey:
    """The key that this name always has."""
    return PrivateKey.from_pkcs8(_PKCS8 + sha256(name.encode()).digest())


def key_dict(key: PrivateKey, region: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "keytype": "ed25519",
        "scheme": "ed25519",
        "keyval": {"public": key.public.compact().hex()},
    }
    return found | ({REGION_FIELD: region} if region is not None else {})


def keyid(found: dict[str, Any]) -> str:
    plain = {name: found[name] for name in ("keytype", "scheme", "keyval")}
    return sha256(canonical(plain)).hexdigest()


def canonical(found: object) -> bytes:
    text = encode_canonical(found)  # type: ignore[arg-type]  # any plain value
    assert text is not None
    return text.encode("utf-8")


def stamp(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def signing_key(name: str, **changes: Any) -> SigningKey:
    """A key for cards of ours, as long as the charter lets one be."""
    found = SigningKey(
        domain="huxin",
        kid=sha256(name.encode()).digest()[:8],
        key=PrivateKey.from_secret(sha256(name.encode()).digest()).public,
        usage=None,
        since=NOW - 10 * DAY,
        until=NOW + 700 * DAY,
        issue_until=NOW + 20 * DAY,
        cap=50_000,
    )
    return replace(found, **changes)


@dataclass
class Federation:
    """A federation to be spoilt: parsed documents, raw metadata, and all private keys by their id."""

    regions: tuple[str, ...]
    now: datetime
    charter: Charter
    members: list[Member]
    suspensions: list[Suspension]
    keys: dict[str, RegionKeys]
    signed: dict[str, dict[str, Any]] = field(default_factory=dict)
    private: dict[str, PrivateKey] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    """Files that are not written from the documents above, or instead of those."""

    @classmethod
    def of(cls, size: int | Iterable[str], *, now: datetime = NOW) -> Federation:
        """A federation of so many regions, in order in every respect."""
        names = REGIONS[:size] if isinstance(size, int) else tuple(size)
        found = cls(
            names,
            now,
            Charter(WORDS, "production", WORDS),
            [Member(one, WORDS, "production", "active", now - 30 * DAY) for one in names],
            [],
            {one: RegionKeys(one, "production", (signing_key(f"{one} 1"),)) for one in names},
        )
        found._make_roles()
        return found

    # ------------------------------------------------------------------------------ parts to spoil

    def role(self, name: str) -> dict[str, Any]:
        """The keys and threshold of a role, where they stand."""
        if name in TOP_ROLES:
            role: dict[str, Any] = self.signed["root"]["roles"][name]
            return role
        delegations = self.signed["targets"]["delegations"]["roles"]
        return next(one for one in delegations if one["name"] == name)

    def role_keys(self, name: str) -> dict[str, Any]:
        """The list of keys in which those of a role stand."""
        owner = self.signed["root"] if name in TOP_ROLES else self.signed["targets"]["delegations"]
        keys: dict[str, Any] = owner["keys"]
        return keys

    def add_key(self, role: str, key: PrivateKey, region: str | None) -> str:
        """Give a role one more key."""
        found = key_dict(key, region)
        self.role_keys(role)[keyid(found)] = found
        self.role(role)["keyids"].append(keyid(found))
        self.private[keyid(found)] = key
        return keyid(found)

    def drop_key(self, role: str, index: int = 0) -> None:
        """Take a key from a role, and out of the list if no other role has it."""
        name = self.role(role)["keyids"].pop(index)
        if all(name not in one["keyids"] for one in self._all_roles()):
            del self.role_keys(role)[name]

    def _all_roles(self) -> list[dict[str, Any]]:
        delegations = self.signed["targets"]["delegations"]["roles"]
        return [*self.signed["root"]["roles"].values(), *delegations]

    def set_member(self, region: str, **changes: Any) -> None:
        self.members = [
            replace(one, **changes) if one.region == region else one for one in self.members
        ]

    def set_keys(self, region: str, *keys: SigningKey, revoked: Iterable[Tombstone] = ()) -> None:
        self.keys[region] = replace(self.keys[region], keys=keys, revoked=tuple(revoked))

    def add_member(self, region: str, **changes: Any) -> None:
        """One more region, with a role of its own; it votes only if it is given keys elsewhere."""
        member = Member(region, WORDS, "production", "active", self.now - 30 * DAY)
        self.members.append(replace(member, **changes))
        self._delegate(region_role(region), [f"{region}/*"], 2)
        for number in range(OFFICERS):
            self.add_key(region_role(region), ed25519(f"{region} officer {number}"), None)

    # ---------------------------------------------------------------------------------- made anew

    def _make_roles(self) -> None:
        roles = {name: {"keyids": [], "threshold": 1} for name in TOP_ROLES}
        self.signed["root"] = {"consistent_snapshot": True, "keys": {}, "roles": roles}
        self.signed["targets"] = {"targets": {}, "delegations": {"keys": {}, "roles": []}}
        self.signed["snapshot"] = {}
        self.signed["timestamp"] = {}
        self._delegate(EMERGENCY, [SUSPENSIONS], 1)
        count = len(self.regions)
        council = self.regions[:13]
        for role in ("root", "targets", EMERGENCY):
            for region in self.regions:
                self.add_key(role, ed25519(f"{region} {role}"), region)
        for role in ("snapshot", "timestamp"):
            for region in council:
                self.add_key(role, ed25519(f"{region} witness"), region)
            self.role(role)["threshold"] = witness_quorum(len(council))
        self.role("root")["threshold"] = self.role("targets")["threshold"] = majority(count)
        self.role(EMERGENCY)["threshold"] = emergency_quorum(count)
        for region in self.regions:
            self._delegate(region_role(region), [f"{region}/*"], 2)
            for number in range(OFFICERS):
                self.add_key(region_role(region), ed25519(f"{region} officer {number}"), None)

    def _delegate(self, name: str, paths: list[str], threshold: int) -> None:
        self.signed["targets"]["delegations"]["roles"].append(
            {
                "name": name,
                "keyids": [],
                "threshold": threshold,
                "terminating": True,
                "paths": paths,
            }
        )
        self.signed[name] = {"targets": {}}

    # --------------------------------------------------------------------------------- written out

    def targets(self) -> dict[str, bytes]:
        """The files that the roles carry."""
        return {
            CHARTER: write_charter(self.charter),
            MEMBERS: write_members(self.members),
            SUSPENSIONS: write_suspensions(self.suspensions),
            **{keys_path(one): write_region_keys(found) for one, found in self.keys.items()},
            **self.files,
        }

    def metadata(self) -> dict[str, bytes]:
        """The signed files of metadata, by role; fields that a test has set are left as they are."""
        targets = self.targets()
        written = {
            role: self._written(role, targets, {})
            for role in self.signed
            if role not in ("snapshot", "timestamp")
        }
        versions = {f"{role}.json": {"version": 1} for role in written if role != "root"}
        written["snapshot"] = self._written("snapshot", targets, {"meta": versions})
        digest = sha256(written["snapshot"]).hexdigest()
        meta = {"version": 1, "length": len(written["snapshot"]), "hashes": {"sha256": digest}}
        newest = {"meta": {"snapshot.json": meta}}
        written["timestamp"] = self._written("timestamp", targets, newest)
        return written

    def _written(self, role: str, targets: dict[str, bytes], usual: dict[str, Any]) -> bytes:
        signed: dict[str, Any] = {
            "_type": role if role in TOP_ROLES else "targets",
            "spec_version": "1.0.31",
            "version": 1,
            "expires": stamp(self.now + lifetime(role)),
            **usual,
            **self.signed[role],
        }
        if "targets" in signed:
            signed["targets"] = signed["targets"] | {
                path: {"length": len(data), "hashes": {"sha256": sha256(data).hexdigest()}}
                for path, data in targets.items()
                if _carrier(path) == role
            }
        message = canonical(signed)
        signatures = [
            {"keyid": one, "sig": self.private[one].sign(message).hex()}
            for one in self._keyids(role)
            if one in self.private
        ]
        return json.dumps({"signed": signed, "signatures": signatures}, indent=1).encode("utf-8")

    def _keyids(self, role: str) -> list[str]:
        delegated = [one["name"] for one in self.signed["targets"]["delegations"]["roles"]]
        known = role in TOP_ROLES or role in delegated
        return list(dict.fromkeys(self.role(role)["keyids"])) if known else []

    def repository(self) -> Repository:
        """What a client holds after TUF."""
        roles = {role: parse_role(data, role) for role, data in self.metadata().items()}
        return Repository(roles, self.targets())


def _carrier(path: str) -> str:
    if path == SUSPENSIONS:
        return EMERGENCY
    folder = path.partition("/")[0]
    return "targets" if folder == "federation" else region_role(folder)
