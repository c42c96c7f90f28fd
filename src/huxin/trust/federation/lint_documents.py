"""What must hold between the documents: environments, tombstones, caps, and keys that are one region's alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from huxin.kernel.errors import Refusal
from huxin.trust.federation.authority import Mandate
from huxin.trust.federation.charter import Caps
from huxin.trust.federation.lint_roles import SLACK
from huxin.trust.federation.region_keys import RegionKeys, SigningKey, grave_of, tombstone_of
from huxin.trust.federation.repository import TrustList

__all__ = [
    "MOST_UNDER_ONE_KID",
    "cap_faults",
    "environment_faults",
    "kid_faults",
    "owner_faults",
    "suspension_faults",
    "tombstone_faults",
]

MOST_UNDER_ONE_KID: Final = 4
"""How many keys one region may list under one kid of a domain: enough for two renewals that share one."""


def environment_faults(found: TrustList) -> Iterator[Refusal]:
    """Yield members and files of keys with another label than the charter's.

    Only a region on probation may have the other one: it rehearses with test keys among members that work.
    """
    for member in found.members:
        if member.standing != "probation" and member.environment != found.charter.environment:
            yield Refusal("trust-environment", f"{member.region} is for {member.environment}")
        keys = found.keys.get(member.region)
        if keys is not None and keys.environment != member.environment:
            yield Refusal("trust-environment", f"{member.region}: keys for {keys.environment}")


def tombstone_faults(
    found: TrustList, held: TrustList | None, ended: frozenset[str]
) -> Iterator[Refusal]:
    """Yield tombstones that were taken away, and buried keys that stand in the list again.

    Regions that let their role end have no file to look into; what they buried is remembered all the same.
    """
    if held is not None:
        for member in found.members:
            if member.region in ended:
                continue
            before, after = (_graves(one.keys.get(member.region)) for one in (held, found))
            if lost := before - after:
                yield Refusal("trust-tombstone", f"{member.region}: {len(lost)} taken away")
    for region, one in _signing(found):
        material = tombstone_of(one.key)
        if grave_of(region, material) in found.tombstones:
            yield Refusal("trust-tombstone", f"{region}: {material.hex()[:16]} is buried")


def _graves(keys: RegionKeys | None) -> frozenset[bytes]:
    return keys.graves() if keys is not None else frozenset()


def cap_faults(found: TrustList) -> Iterator[Refusal]:
    """Yield keys that may do more than the charter lets one key do."""
    for region, one in _signing(found):
        if beyond := _beyond(one, found.charter.caps):
            yield Refusal("trust-caps", f"{region}: {tombstone_of(one.key).hex()[:16]}: {beyond}")


def _beyond(one: SigningKey, caps: Caps) -> str | None:
    if one.cap > caps.credentials:
        return f"{one.cap} credentials"
    if one.issue_until - one.since > timedelta(days=caps.issuing_days):
        return f"issues for {(one.issue_until - one.since).days} days"
    if one.until - one.since > timedelta(days=caps.verifying_days):
        return f"verifies for {(one.until - one.since).days} days"
    return None


def owner_faults(found: TrustList, mandates: Iterable[Mandate]) -> Iterator[Refusal]:
    """Yield signing keys that two regions claim, or that sign for the federation as well."""
    signs = {key.public for mandate in mandates for key in mandate.keys}
    owners: dict[bytes, str] = {}
    for region, one in _signing(found):
        owner = owners.setdefault(one.key.spki, region)
        if owner != region:
            yield Refusal("trust-keys", f"one key of {owner} and {region}")
        if one.key.compact().hex() in signs:
            yield Refusal("trust-keys", f"{region}: a key that signs cards and lists")


def kid_faults(found: TrustList) -> Iterator[Refusal]:
    """Yield regions with too many keys under one kid: a card that names it is tried with every one of them."""
    for region, keys in sorted(found.keys.items()):
        under = Counter((one.domain, one.kid) for one in keys.keys)
        most = max(under.values(), default=0)
        if most > MOST_UNDER_ONE_KID:
            yield Refusal("trust-keys", f"{region}: {most} keys under one kid")


def suspension_faults(found: TrustList, held: TrustList | None, now: datetime) -> Iterator[Refusal]:
    """Yield suspensions that begin later, that a few prolong, and those that a majority confirmed and a few took away."""
    earlier = held.suspensions if held is not None else ()
    for one in found.suspensions:
        if one.mark() not in found.charter.confirmed and any(map(one.prolongs, earlier)):
            yield Refusal("trust-suspension", f"{one.region}: a few prolong a suspension")
    marks = {one.mark() for one in found.suspensions}
    if lost := [one for one in found.charter.confirmed if one not in marks]:
        yield Refusal("trust-suspension", f"{lost[0][:16]} is confirmed and not listed")
    for one in found.suspensions:
        if one.since - SLACK > now:
            yield Refusal("trust-lifetime", f"suspension {one.name[:40]}: begins later")


def _signing(found: TrustList) -> Iterator[tuple[str, SigningKey]]:
    for region, keys in sorted(found.keys.items()):
        for one in keys.keys:
            yield region, one
