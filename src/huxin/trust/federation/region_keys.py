"""A region's keys as the federation carries them: small, in one form, and with tombstones that nobody takes back.

    {"huxin": "keys", "v": 1, "region": "QV", "environment": "production",
     "keys": [[domain, kid, algorithm, key, usage, from, until, issue_until, cap, issuer], …],
     "revoked": [[SHA-256 of the SPKI, at, reason], …]}          deterministic CBOR, RFC 8949 section 4.2

Responsible for reading and writing one such file.  Leaves to `lint` whether tombstones were kept and caps are
respected, and to `effective` what is made of the keys.

- keys stand in the order of domain, kid and material; the same key in one domain stands once;
- a key is in its shortest form and in that alone (`PublicKey.compact`): another spelling would pass for another key;
- a tombstone names material, not a kid: a key that was buried does not return under another name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast, get_args

from huxin.kernel import cbor
from huxin.kernel.crypto import Algorithm, PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import parse_region
from huxin.kernel.instants import from_epoch
from huxin.trust.anchors import DOMAINS, ENVIRONMENTS, Anchor
from huxin.trust.credentials.facts import KINDS
from huxin.trust.federation.fields import refuse

__all__ = [
    "MOST_BYTES",
    "MOST_KEYS",
    "REASONS",
    "RegionKeys",
    "SigningKey",
    "Tombstone",
    "grave_of",
    "parse_region_keys",
    "tombstone_of",
    "write_region_keys",
]

MOST_KEYS: Final = 20_000
MOST_BYTES: Final = 2_000_000
REASONS: Final = ("lost", "compromised", "misused", "replaced", "mistake")
"""Why a key was buried; the list is closed, so that every region can say it in its language."""

_ALGORITHMS: Final = get_args(Algorithm)
_MOST_KID: Final = 64
_MOST_ISSUER: Final = 300


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key in one domain: it verifies from `since` to `until`, and signs nothing after `issue_until`."""

    domain: str
    kid: bytes
    key: PublicKey
    usage: tuple[str, ...] | None
    since: datetime
    until: datetime
    issue_until: datetime
    cap: int
    issuer: str | None = None

    def anchor(self, region: str, environment: str) -> Anchor:
        """Return it as a verifier holds it."""
        return Anchor(
            region,
            cast("Any", self.domain),
            self.kid,
            self.key,
            frozenset(self.usage) if self.usage is not None else None,
            self.since,
            self.until,
            environment,
            "active",
            self.issuer,
            self.issue_until,
        )


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A key that is never believed again: SHA-256 of its SPKI, since when, and why."""

    material: bytes
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class RegionKeys:
    """What one region says of its keys."""

    region: str
    environment: str
    keys: tuple[SigningKey, ...]
    revoked: tuple[Tombstone, ...] = ()

    def buried(self) -> frozenset[bytes]:
        """Return the material that is never believed again."""
        return frozenset(stone.material for stone in self.revoked)

    def graves(self) -> frozenset[bytes]:
        """Return the same, as things of this region: what others remember of it."""
        return frozenset(grave_of(self.region, stone.material) for stone in self.revoked)


def tombstone_of(key: PublicKey) -> bytes:
    """Return what a tombstone names a key by."""
    return sha256(key.spki).digest()


def grave_of(region: str, material: bytes) -> bytes:
    """Return what a list remembers a tombstone by: SHA-256 of the region, a colon and the material.

    The region is in it because a region buries its own keys only: without it, each could end the keys of any other.
    """
    return sha256(region.encode("ascii") + b":" + material).digest()


def write_region_keys(found: RegionKeys) -> bytes:
    """Return the file in its one form."""
    return cbor.dumps(
        {
            "huxin": "keys",
            "v": 1,
            "region": found.region,
            "environment": found.environment,
            "keys": sorted((_row(key) for key in found.keys), key=_order),
            "revoked": sorted(
                [stone.material, int(stone.at.timestamp()), stone.reason] for stone in found.revoked
            ),
        }
    )


def _row(key: SigningKey) -> list[Any]:
    return [
        key.domain,
        key.kid,
        _ALGORITHMS.index(key.key.algorithm),
        key.key.compact(),
        sorted(key.usage) if key.usage is not None else None,
        int(key.since.timestamp()),
        int(key.until.timestamp()),
        int(key.issue_until.timestamp()),
        key.cap,
        key.issuer,
    ]


def _order(row: list[Any]) -> tuple[Any, ...]:
    return row[0], row[1], row[3]


def parse_region_keys(data: bytes) -> RegionKeys:
    """Read the file; refuses with `trust-file`, `cbor` or `too-big`."""
    read = cbor.loads(data, limit=MOST_BYTES)
    names = {"huxin", "v", "region", "environment", "keys", "revoked"}
    if not isinstance(read, dict) or set(read) != names:
        raise refuse("", "not a file of keys")
    if (read["huxin"], read["v"]) != ("keys", 1) or type(read["v"]) is not int:
        raise refuse("", "not a file of keys of version 1")
    region, environment = read["region"], read["environment"]
    if not isinstance(region, str) or environment not in ENVIRONMENTS:
        raise refuse("/region", "not a region, or none of the environments")
    found = RegionKeys(
        _region(region),
        environment,
        tuple(
            _key(row, f"/keys/{number}")
            for number, row in enumerate(_rows(read["keys"], "/keys", 10))
        ),
        tuple(
            _tombstone(row, f"/revoked/{number}")
            for number, row in enumerate(_rows(read["revoked"], "/revoked", 3))
        ),
    )
    if write_region_keys(found) != data:
        raise refuse("", "not in its one form")
    if len({(one.domain, one.key.spki) for one in found.keys}) < len(found.keys):
        raise refuse("/keys", "a key twice in one domain")
    if len(found.buried()) < len(found.revoked):
        raise refuse("/revoked", "a key twice")
    return found


def _region(text: str) -> str:
    try:
        return parse_region(text)
    except RefusalError as error:
        raise refuse("/region", error.refusal.detail) from error


def _rows(found: object, place: str, width: int) -> list[list[Any]]:
    if not isinstance(found, list) or len(found) > MOST_KEYS:
        raise refuse(place, f"not a list of up to {MOST_KEYS}")
    for row in found:
        if not isinstance(row, list) or len(row) != width:
            raise refuse(place, f"not lists of {width}")
    return found


def _key(row: list[Any], place: str) -> SigningKey:
    domain, kid, algorithm, key, usage, since, until, issue_until, cap, issuer = row
    if domain not in DOMAINS or not isinstance(kid, bytes) or not 0 < len(kid) <= _MOST_KID:
        raise refuse(place, "no domain, or no kid")
    if type(algorithm) is not int or not 0 <= algorithm < len(_ALGORITHMS):
        raise refuse(place, "an algorithm that Huxin does not verify with")
    if not isinstance(key, bytes) or type(cap) is not int or cap < 1:
        raise refuse(place, "no key, or no cap")
    if issuer is not None and not (isinstance(issuer, str) and 0 < len(issuer) <= _MOST_ISSUER):
        raise refuse(place, "an issuer that is no text")
    try:
        public = PublicKey.from_compact(_ALGORITHMS[algorithm], key)
    except UnusableKeyError as error:
        raise refuse(place, str(error)) from error
    begin, end, last = (_instant(one, place) for one in (since, until, issue_until))
    if not begin < last <= end:
        raise refuse(place, "ends before it begins, or signs after it ends")
    return SigningKey(domain, kid, public, _usage(usage, place), begin, end, last, cap, issuer)


def _usage(found: object, place: str) -> tuple[str, ...] | None:
    if found is None:
        return None
    # An empty list is refused: it would read as "none", and be meant as "any".
    if not isinstance(found, list) or not found or any(one not in KINDS for one in found):
        raise refuse(place, "usage that is no list of kinds")
    if sorted(set(found)) != found:
        raise refuse(place, "usage twice, or out of order")
    return tuple(found)


def _tombstone(row: list[Any], place: str) -> Tombstone:
    material, at, reason = row
    if not isinstance(material, bytes) or len(material) != sha256().digest_size:
        raise refuse(place, "not the SHA-256 of a key")
    if reason not in REASONS:
        raise refuse(place, f"none of {', '.join(REASONS)}")
    return Tombstone(material, _instant(at, place), reason)


def _instant(seconds: object, place: str) -> datetime:
    if type(seconds) is not int:
        raise refuse(place, "not seconds since 1970")
    try:
        return from_epoch(seconds)
    except RefusalError as error:
        raise refuse(place, "an instant that no calendar has") from error
