"""What keys, thresholds and delegations must be so that no region, and no key twice, can speak for several.

TUF counts key ids: one officer's key under two ids meets "2 of 2".  Here material is counted, and regions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from huxin.kernel.edwards import is_canonical_key
from huxin.kernel.errors import Refusal, RefusalError
from huxin.kernel.identifiers import parse_region
from huxin.trust.federation.authority import Mandate, RoleKey
from huxin.trust.federation.charter import Member
from huxin.trust.federation.layout import (
    EMERGENCY,
    SUSPENSIONS,
    WITNESSED,
    lifetime,
    may_carry,
    region_of,
    region_role,
)
from huxin.trust.federation.metadata import RoleFile
from huxin.trust.federation.quorum import (
    MOST_COUNCIL,
    MOST_ROOT_COUNCIL,
    MOST_ROOT_KEYS,
    emergency_quorum,
    majority,
    witness_quorum,
)

__all__ = [
    "LEAST_OFFICERS",
    "SLACK",
    "delegation_faults",
    "key_faults",
    "lifetime_faults",
    "namespace_faults",
    "quorum_faults",
]

SLACK: Final = timedelta(minutes=5)
"""So much may two clocks differ."""
LEAST_OFFICERS: Final = 3

_PUBLIC: Final = re.compile(r"[0-9a-f]{64}")


# -------------------------------------------------------------------------------------------- keys


def key_faults(
    mandates: Sequence[Mandate], lists: Iterable[Mapping[str, object]]
) -> Iterator[Refusal]:
    """Yield what is wrong with keys, one by one and side by side; `lists` are the key lists of root and charter."""
    used = {key.keyid for mandate in mandates for key in mandate.keys}
    for listed in lists:
        for keyid in sorted(listed.keys() - used):
            yield Refusal("trust-keys", f"a key that no role uses: {keyid[:16]}")
    for mandate in mandates:
        for keyid in mandate.missing:
            yield Refusal("trust-keys", f"{mandate.role}: no key for the id {keyid[:16]}")
        for key in mandate.keys:
            if fault := _key_fault(mandate.role, key):
                yield Refusal("trust-keys", f"{mandate.role}: {fault}: {key.keyid[:16]}")
        if twice := _twice(mandate):
            yield Refusal("trust-keys", f"{mandate.role}: two keys of {twice}")
    yield from _shared(mandates)


def _key_fault(role: str, key: RoleKey) -> str | None:
    """Return what is wrong with one key: its kind, its spelling, its id, or whose it is."""
    found, public = key.found, key.public
    if (found["keytype"], found["scheme"]) != ("ed25519", "ed25519"):
        return "a key that is not Ed25519"
    if not _PUBLIC.fullmatch(public) or len(found["keyval"]) > 1:
        return "not 64 hexadecimal digits, and nothing else"
    if not is_canonical_key(bytes.fromhex(public)):
        return "no point of the curve, one of small order, or another spelling of one"
    if key.keyid != _keyid(public):
        return "an id that is not the digest of its key"
    return _owner_fault(role, key.region)


def _owner_fault(role: str, region: str | None) -> str | None:
    owner = region_of(role)
    if owner is not None:
        return None if region in (None, owner) else "a key of another region"
    if region is None:
        return "a key that does not say whose it is"
    try:
        parse_region(region)
    except RefusalError:
        return "a key of something that is no region"
    return None


def _keyid(public: str) -> str:
    """Return the id of a key: SHA-256 of its canonical JSON (OLPC), as securesystemslib has it."""
    form = '{"keytype":"ed25519","keyval":{"public":"%s"},"scheme":"ed25519"}'
    return sha256((form % public).encode("ascii")).hexdigest()


def _twice(mandate: Mandate) -> str | None:
    """Return a region with two keys in a role that regions sign together: one region, one vote."""
    if region_of(mandate.role) is not None:
        return None
    regions = mandate.regions
    return next((one for one in regions if regions.count(one) > 1), None)


def _shared(mandates: Sequence[Mandate]) -> Iterator[Refusal]:
    """Yield material that stands twice, in one role or in two; a witness's two roles are one office."""
    places: dict[str, list[str]] = {}
    for mandate in mandates:
        for key in mandate.keys:
            places.setdefault(key.public.lower(), []).append(mandate.role)
    for roles in places.values():
        if len(roles) > 1 and sorted(roles) != sorted(WITNESSED):
            yield Refusal("trust-keys", f"one key in {' and '.join(roles)}")


# ------------------------------------------------------------------------------------------ quorum


def quorum_faults(mandates: Sequence[Mandate], members: Sequence[Member]) -> Iterator[Refusal]:
    """Yield roles whose keys or thresholds are not those of the members.

    Active members vote, those on probation not yet and those that are verified only not any more.
    """
    voters = {member.region for member in members if member.standing == "active"}
    if not voters:
        yield Refusal("trust-quorum", "no active member")
    by_role = {mandate.role: mandate for mandate in mandates}
    for mandate in mandates:
        if region_of(mandate.role) is None and (strangers := set(mandate.regions) - voters):
            yield Refusal("trust-quorum", f"{mandate.role}: keys of {', '.join(sorted(strangers))}")
        yield from _threshold(mandate, len(voters))
    for role in ("root", "targets"):
        yield from _voters(by_role[role], voters)
    councils = [set(by_role[role].regions) for role in WITNESSED]
    if councils[0] != councils[1]:
        yield Refusal("trust-quorum", "snapshot and timestamp: two councils")


def _threshold(mandate: Mandate, voters: int) -> Iterator[Refusal]:
    keys, role = len(mandate.keys), mandate.role
    if region_of(role) is not None:
        if keys < LEAST_OFFICERS or mandate.threshold < 2:
            yield Refusal("trust-quorum", f"{role}: {mandate.threshold} of {keys} officers")
        if mandate.threshold > keys:
            yield Refusal("trust-quorum", f"{role}: {mandate.threshold} of {keys} can never sign")
        return
    if role in WITNESSED:
        needed = witness_quorum(keys)
    else:
        needed = emergency_quorum(voters) if role == EMERGENCY else majority(keys)
    if mandate.threshold != needed or keys < needed:
        yield Refusal("trust-quorum", f"{role}: {mandate.threshold} of {keys} keys, not {needed}")
    if role in WITNESSED and keys > MOST_COUNCIL:
        yield Refusal("trust-quorum", f"{role}: a council of {keys}, more than {MOST_COUNCIL}")


def _voters(mandate: Mandate, voters: set[str]) -> Iterator[Refusal]:
    """Yield where a role that all members sign lacks one; many members elect a council for the root."""
    regions = set(mandate.regions)
    if mandate.role == "root" and len(voters) > MOST_ROOT_KEYS:
        if len(regions) > MOST_ROOT_COUNCIL:
            yield Refusal("trust-quorum", f"{mandate.role}: a council of {len(regions)}")
    elif lacking := voters - regions:
        yield Refusal("trust-quorum", f"{mandate.role}: no key of {', '.join(sorted(lacking))}")


# ------------------------------------------------------------------------------------- delegations


def delegation_faults(
    roles: Mapping[str, RoleFile], mandates: Sequence[Mandate], members: Sequence[Member]
) -> Iterator[Refusal]:
    """Yield delegations that are not exactly those of the members; `mandates` are those of the charter's role."""
    if roles["root"].signed.get("consistent_snapshot") is not True:
        yield Refusal("trust-delegation", "root: no consistent snapshots")
    wanted = {EMERGENCY, *(region_role(member.region) for member in members)}
    names = [mandate.role for mandate in mandates]
    if names[:1] != [EMERGENCY]:
        yield Refusal("trust-delegation", "targets: the first role is not the emergency role")
    for name in sorted(wanted.symmetric_difference(names)):
        what = "of no member" if name in names else "missing"
        yield Refusal("trust-delegation", f"targets: {name[:40]}: {what}")
    if len(set(names)) < len(names):
        yield Refusal("trust-delegation", "targets: a role twice")
    if "succinct_roles" in roles["targets"].signed.get("delegations", {}):
        yield Refusal("trust-delegation", "targets: succinct roles")
    for mandate in mandates:
        yield from _terms(mandate)
    for name in roles:
        if name in names and "delegations" in roles[name].signed:
            yield Refusal("trust-delegation", f"{name}: delegates on")


def _terms(mandate: Mandate) -> Iterator[Refusal]:
    role, terms = mandate.role, mandate.terms
    if terms.get("terminating") is not True:
        yield Refusal("trust-delegation", f"{role[:40]}: not terminating")
    paths = [SUSPENSIONS] if role == EMERGENCY else [f"{region_of(role)}/*"]
    if terms.get("paths") != paths or "path_hash_prefixes" in terms:
        yield Refusal("trust-delegation", f"{role[:40]}: not the paths {paths[0]}")


# ------------------------------------------------------------------------------------- single files


def namespace_faults(roles: Iterable[RoleFile]) -> Iterator[Refusal]:
    """Yield files that a role lists and may not carry."""
    for one in roles:
        for path in one.signed.get("targets", {}):
            if not may_carry(one.role, path):
                yield Refusal("trust-namespace", f"{one.role}: {path[:80]}")


def lifetime_faults(roles: Iterable[RoleFile], now: datetime) -> Iterator[Refusal]:
    """Yield roles that would last longer than theirs may, were they signed at this moment."""
    for one in roles:
        # Taken from the end and not added to now, which may be the last day of the calendar.
        if one.expires - lifetime(one.role) - SLACK > now:
            yield Refusal("trust-lifetime", f"{one.role}: until {one.expires:%Y-%m-%d %H:%M}")
