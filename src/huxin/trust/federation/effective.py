"""Whom a verifier believes: what the federation says, less what was taken away, and what this place adds.

    effective = ((federation − suspended − tombstoned) − local deny) ∪ local bilateral

A key that is taken away keeps its place, with a standing that says by whom: a card that it signed is then refused
with that reason, instead of being one of an unknown issuer.

- a tombstone beats everything; then comes what is denied here, then what is accepted here, then the federation;
- a key that this place accepts itself stands instead of the federation's row of it;
- keys of a region on probation count as test keys, whatever they call themselves: in rehearsals they verify,
  and no verifier in production takes them;
- keys of a region that is verified only keep verifying what was issued before it became so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from huxin.trust.anchors import Anchor
from huxin.trust.federation.charter import Member
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.region_keys import RegionKeys, grave_of, tombstone_of
from huxin.trust.federation.repository import TrustList

__all__ = ["effective"]


def effective(
    trust_list: TrustList | None, *, policy: LocalPolicy | None, now: datetime
) -> tuple[Anchor, ...]:
    """Return every key with its standing as at `now` and the layer that decided, by region; either side may be missing."""
    local = {_place(one): one for one in _bilateral(policy)}
    listed = {_place(one): one for one in _federation(trust_list, now)}
    buried = _buried(trust_list, policy)
    rows = (listed | local).items()
    return tuple(_settled(one, buried, policy) for _, one in sorted(rows, key=lambda row: row[0]))


def _place(anchor: Anchor) -> tuple[str, str, bytes]:
    return anchor.region or "", anchor.domain, anchor.key.spki


def _bilateral(policy: LocalPolicy | None) -> Iterator[Anchor]:
    for found in policy.accept if policy is not None else ():
        for key in found.keys:
            yield replace(key.anchor(found.region, found.environment), layer="bilateral")


def _federation(trust_list: TrustList | None, now: datetime) -> Iterator[Anchor]:
    if trust_list is None:
        return
    for member in trust_list.members:
        if found := trust_list.keys.get(member.region):
            yield from _of_member(member, found, trust_list, now)


def _of_member(
    member: Member, found: RegionKeys, trust_list: TrustList, now: datetime
) -> Iterator[Anchor]:
    confirmed = frozenset(trust_list.charter.confirmed)
    suspended = {
        one.key
        for one in trust_list.suspensions
        if one.region == member.region and (now < one.lapses() or one.mark() in confirmed)
    }
    # Until the day on which it becomes active, a region is still on probation.
    rehearses = member.standing == "probation" or (
        member.standing == "active" and member.since > now
    )
    environment = "test" if rehearses else found.environment
    for key in found.keys:
        anchor = replace(key.anchor(member.region, environment), layer="federation")
        if None in suspended or tombstone_of(key.key).hex() in suspended:
            anchor = replace(anchor, standing="suspended", layer="emergency")
        if member.standing == "verify-only":
            anchor = replace(anchor, issue_until=min(key.issue_until, member.since))
        yield anchor


def _buried(trust_list: TrustList | None, policy: LocalPolicy | None) -> frozenset[bytes]:
    graves = trust_list.tombstones if trust_list is not None else frozenset()
    return graves.union(*(found.graves() for found in (policy.accept if policy else ())))


def _settled(anchor: Anchor, buried: frozenset[bytes], policy: LocalPolicy | None) -> Anchor:
    """Return the key with the gravest thing that holds for it."""
    material = tombstone_of(anchor.key)
    if grave_of(anchor.region or "", material) in buried:
        return replace(anchor, standing="tombstoned", layer="region")
    if policy is not None and policy.denies(anchor.region or "", material):
        return replace(anchor, standing="denied", layer="local")
    return anchor
