"""Whole trust repositories as files, made with the TUF library's own writers and none of ours.

    federation = Federation(3)                       version 1 of everything, published
    federation.contents["QV/keys.cbor"] = b"…"       whatever an attacker likes
    federation.publish("region-QV")                  signed anew, with snapshot and timestamp
    federation.write(folder)

Each step may be given other signers, another version or another end, so that it says what a thief of these keys
could say.  What stands in the files is written by hand here too: two writers that agree by chance agree twice.
"""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from securesystemslib.formats import encode_canonical
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.api.serialization.json import JSONSerializer

NOW = datetime(2026, 11, 28, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
REGIONS = ("QV", "QW", "QX", "QY", "QZ")
TOP = ("root", "targets", "snapshot", "timestamp")
WORDS = {"zh": "芦苇群岛", "en": "Reed Isles"}
LIFE = {
    "root": 365 * DAY, "targets": 365 * DAY, "emergency": 30 * DAY, "snapshot": 7 * DAY, "timestamp": 2 * DAY,
}  # fmt: skip


def majority(number: int) -> int:
    return number // 2 + 1


def quorum(council: int) -> int:
    return (council + (council - 1) // 3) // 2 + 1


def text(instant: datetime) -> str:
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def signer(name: str, region: str | None = None, keyid: str | None = None) -> CryptoSigner:
    """The Ed25519 signer that this name always has, under its own key id or another."""
    private = ed25519.Ed25519PrivateKey.from_private_bytes(sha256(name.encode()).digest())
    key = SSlibKey.from_crypto(private.public_key(), keyid)
    if region is not None:
        key.unrecognized_fields["x-huxin-region"] = region
    return CryptoSigner(private, key)


def card_key(name: str) -> ec.EllipticCurvePrivateKey:
    """The key for cards that this name always has."""
    return ec.derive_private_key(
        int.from_bytes(sha256(name.encode()).digest(), "big") >> 1, ec.SECP256R1()
    )


def key_row(name: str, now: datetime = NOW, **changes: Any) -> list[Any]:
    """A row of a region's keys: domain, kid, algorithm, key, usage, from, until, issue_until, cap, issuer."""
    point = card_key(name).public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    row = {
        "domain": "huxin",
        "kid": sha256(name.encode()).digest()[:8],
        "algorithm": 0,
        "key": point,
        "usage": None,
        "since": int((now - 10 * DAY).timestamp()),
        "until": int((now + 700 * DAY).timestamp()),
        "issue_until": int((now + 20 * DAY).timestamp()),
        "cap": 50_000,
        "issuer": None,
    }
    return list((row | changes).values())


def grave_row(name: str, now: datetime = NOW) -> list[Any]:
    spki = card_key(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return [sha256(spki).digest(), int(now.timestamp()), "compromised"]


def keys_file(
    region: str, rows: Iterable[list[Any]], graves: Iterable[list[Any]] = (), **changes: Any
) -> bytes:
    whole = {
        "huxin": "keys",
        "v": 1,
        "region": region,
        "environment": "production",
        "keys": sorted(rows, key=lambda row: (row[0], row[1], row[3])),
        "revoked": sorted(graves),
    }
    return cbor2.dumps(whole | changes, canonical=True)


def document(kind: str, **fields: Any) -> bytes:
    whole = {"huxin": kind, "v": 1, **fields}
    return (json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class Federation:
    """A federation and whoever speaks for it; `signers` are those of each role, `files` what is published."""

    def __init__(
        self, size: int | Iterable[str] = 3, *, now: datetime = NOW, seed: str = ""
    ) -> None:
        self.regions = REGIONS[:size] if isinstance(size, int) else tuple(size)
        self.now = now
        self.seed = seed
        self.files: dict[str, bytes] = {}
        self.newest: dict[str, bytes] = {}
        self.contents: dict[str, bytes] = {}
        self.signers: dict[str, list[CryptoSigner]] = {}
        self.detailed = False
        self.signed: dict[str, Any] = {
            "root": Root(consistent_snapshot=True),
            "targets": Targets(delegations=Delegations({}, {})),
            "snapshot": Snapshot(),
            "timestamp": Timestamp(),
        }
        self._make_roles()
        self._make_contents()
        self.publish(*self.roles)

    # ------------------------------------------------------------------------------------ making it

    @property
    def roles(self) -> list[str]:
        """All roles but the two of the witnesses, in the order in which they are signed."""
        return [role for role in self.signed if role not in ("snapshot", "timestamp")]

    @property
    def root(self) -> Root:
        found: Root = self.signed["root"]
        return found

    @property
    def targets(self) -> Targets:
        found: Targets = self.signed["targets"]
        return found

    def _make_roles(self) -> None:
        # More than fifty elect a council of twenty-one for these two.
        elected = self.regions if len(self.regions) <= 50 else self.regions[:21]
        for role in ("root", "targets"):
            for region in elected:
                self.add_signer(role, self.named(f"{region} {role}", region))
            self.root.roles[role].threshold = majority(len(elected))
        for region in self.regions[:13]:
            for role in ("snapshot", "timestamp"):
                self.add_signer(role, self.named(f"{region} witness", region))
        for role in ("snapshot", "timestamp"):
            self.root.roles[role].threshold = quorum(min(13, len(self.regions)))
        self.delegate("emergency", ["federation/suspensions.json"])
        for region in self.regions:
            self.add_signer("emergency", self.named(f"{region} emergency", region))
        fifth = -(-len(self.regions) // 5)
        self.delegated("emergency").threshold = min(len(self.regions), max(2, fifth))
        for region in self.regions:
            self.add_region(region)

    def add_region(self, region: str) -> None:
        role = f"region-{region}"
        self.delegate(role, [f"{region}/*"], 2)
        for number in range(3):
            self.add_signer(role, self.named(f"{region} officer {number}"))

    def _make_contents(self) -> None:
        caps = {"credentials": 50_000, "issuing_days": 31, "verifying_days": 730}
        self.contents["federation/charter.json"] = document(
            "charter", name=WORDS, environment="production", text=WORDS, caps=caps,
            notice_hours=48, dissent=[], confirmed=[],
        )  # fmt: skip
        self.set_members()
        self.contents["federation/suspensions.json"] = document("suspensions", suspensions=[])
        for region in self.regions:
            self.set_keys(region, f"{region} key 1", f"{region} key 2")

    def set_members(self, **changes: dict[str, Any]) -> None:
        self.contents["federation/members.json"] = document(
            "members",
            members=[
                {
                    "region": region, "name": WORDS, "environment": "production",
                    "standing": "active", "since": text(NOW - 30 * DAY), "successor": None,
                }
                | changes.get(region, {})
                for region in self.regions
            ],
        )  # fmt: skip

    def set_keys(
        self, region: str, *names: str, graves: Iterable[str] = (), **changes: Any
    ) -> None:
        rows = [key_row(self.seed + name) for name in names]
        buried = [grave_row(self.seed + name) for name in graves]
        self.contents[f"{region}/keys.cbor"] = keys_file(region, rows, buried, **changes)

    def suspend(self, name: str, region: str, **changes: Any) -> None:
        one = {
            "name": name, "region": region, "key": None, "since": text(self.now), "reason": WORDS,
        }  # fmt: skip
        self.contents["federation/suspensions.json"] = document(
            "suspensions", suspensions=[one | changes]
        )

    def named(self, name: str, region: str | None = None, keyid: str | None = None) -> CryptoSigner:
        return signer(self.seed + name, region, keyid)

    # --------------------------------------------------------------------------------- who may sign

    def delegated(self, role: str) -> DelegatedRole:
        delegations = self.targets.delegations
        assert delegations is not None
        assert delegations.roles is not None
        return delegations.roles[role]

    def delegate(self, role: str, paths: list[str], threshold: int = 1) -> None:
        delegations = self.targets.delegations
        assert delegations is not None
        assert delegations.roles is not None
        delegations.roles[role] = DelegatedRole(role, [], threshold, True, paths=paths)
        self.signed[role] = Targets()

    def add_signer(self, role: str, one: CryptoSigner) -> None:
        delegator = self.root if role in TOP else self.targets
        delegator.add_key(one.public_key, role)
        self.signers.setdefault(role, []).append(one)

    def drop_signer(self, role: str, index: int = 0) -> CryptoSigner:
        one = self.signers[role].pop(index)
        (self.root if role in TOP else self.targets).revoke_key(one.public_key.keyid, role)
        return one

    # ----------------------------------------------------------------------------------- publishing

    def publish(self, *roles: str, later: timedelta = timedelta()) -> None:
        """Sign these roles anew, each one version on, and then snapshot and timestamp."""
        self.now += later
        for role in roles:
            self.sign(role)
        self.sign("snapshot")
        self.sign("timestamp")

    def sign(
        self,
        role: str,
        *,
        by: Iterable[CryptoSigner] | None = None,
        version: int | None = None,
        expires: datetime | None = None,
        change: Callable[[dict[str, Any]], None] | None = None,
    ) -> bytes:
        """Sign a role and publish it; `change` is done to the plain signed part before it is signed."""
        signed = self.signed[role]
        signed.version = version or (signed.version + 1 if role in self.newest else 1)
        signed.expires = expires or self.now + LIFE.get(role, 90 * DAY)
        self._fill(role)
        plain = signed.to_dict()
        if change is not None:
            change(plain)
        by = self.signers[role] if by is None else by
        data = metadata(plain, by)
        if change is None:
            # What the library itself writes says the same.
            whole = Metadata(signed)
            for one in by:
                whole.sign(one, append=True)
            assert json.loads(whole.to_bytes(JSONSerializer())) == json.loads(data)
        self.put(role, data)
        return data

    def put(self, role: str, data: bytes, version: int | None = None) -> None:
        """Publish the bytes of a role under its present version, or another."""
        self.newest[role] = data
        number = version or self.signed[role].version
        name = f"{role}.json" if role == "timestamp" else f"{number}.{role}.json"
        self.files[f"metadata/{name}"] = data

    def _fill(self, role: str) -> None:
        signed = self.signed[role]
        if role == "snapshot":
            signed.meta = {f"{one}.json": self._about(one) for one in self.roles if one != "root"}
        elif role == "timestamp":
            signed.snapshot_meta = self._about("snapshot", detailed=True)
        elif role != "root":
            signed.targets = {}
            for path, data in self.contents.items():
                if self.carrier(path) == role:
                    signed.targets[path] = TargetFile.from_data(path, data, ["sha256"])
                    self.put_target(path, data)

    def put_target(self, path: str, data: bytes, of: bytes | None = None) -> None:
        """Publish a file under the digest of its content, or of another."""
        folder, _, base = path.rpartition("/")
        digest = sha256(data if of is None else of).hexdigest()
        self.files[f"targets/{folder}/{digest}.{base}"] = data

    def _about(self, role: str, *, detailed: bool = False) -> MetaFile:
        version = self.signed[role].version
        if not detailed and not self.detailed:
            return MetaFile(version)
        return MetaFile.from_data(version, self.newest[role], ["sha256"])

    def carrier(self, path: str) -> str:
        if path == "federation/suspensions.json":
            return "emergency"
        folder = path.partition("/")[0]
        return "targets" if folder == "federation" else f"region-{folder}"

    # -------------------------------------------------------------------------------------- the rest

    def first_root(self) -> bytes:
        return self.files["metadata/1.root.json"]

    def copy(self) -> Federation:
        """The same federation, to go another way from here."""
        other = copy.copy(self)
        for name in ("files", "newest", "contents"):
            setattr(other, name, dict(getattr(self, name)))
        other.signers = {role: list(found) for role, found in self.signers.items()}
        other.signed = {
            role: type(found).from_dict(copy.deepcopy(found.to_dict()))
            for role, found in self.signed.items()
        }
        return other

    def write(self, folder: Path) -> Path:
        """Write all files into a folder, which then holds nothing else."""
        shutil.rmtree(folder, ignore_errors=True)
        for name, data in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder


def metadata(signed: dict[str, Any], by: Iterable[CryptoSigner]) -> bytes:
    """A file of metadata over whatever the signed part is."""
    canonical = encode_canonical(signed)
    assert canonical is not None
    signatures = [
        {"keyid": one.public_key.keyid, "sig": one.sign(canonical.encode()).signature} for one in by
    ]
    return json.dumps({"signatures": signatures, "signed": signed}, sort_keys=True).encode()
