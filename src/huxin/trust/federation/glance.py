"""The federation at a glance: its regions and their keys, its roles and who signed them, what ends soon.

    rows = regions_of(trust_list)        one row for each member
    rows = roles_of(repository, now=now) one row for each role, as its signers left it
    rows = keys_of(trust_list, now=now)  one row for each key that has not ended, the first to end first

Responsible for what people look at, at the command line and on a page alike.  Nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from huxin.trust.federation.charter import MemberStanding
from huxin.trust.federation.layout import LIFETIMES, REGION_FIELD, RESIGN
from huxin.trust.federation.repository import Repository, TrustList

__all__ = ["KeyRow", "RegionRow", "RoleRow", "keys_of", "regions_of", "roles_of"]


@dataclass(frozen=True, slots=True)
class RegionRow:
    """A member; `first_to_end` is when the first of its keys ends, `None` without keys."""

    region: str
    name: Mapping[str, str]
    standing: MemberStanding
    environment: str
    keys: int
    buried: int
    first_to_end: datetime | None


@dataclass(frozen=True, slots=True)
class RoleRow:
    """A role's metadata: `over` once it has ended, `resign` while it is time to sign it anew."""

    role: str
    version: int
    expires: datetime
    over: bool
    resign: bool
    signed_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key of a member: for which cards, in order, and the instant after which it verifies nothing."""

    until: datetime
    region: str
    kid: bytes
    domains: tuple[str, ...]


def keys_of(trust_list: TrustList, *, now: datetime) -> tuple[KeyRow, ...]:
    """Return the members' keys that have not ended at `now`, by when they end."""
    domains: dict[tuple[datetime, str, bytes], list[str]] = {}
    for member in trust_list.members:
        found = trust_list.keys.get(member.region)
        for one in found.keys if found is not None else ():
            if one.until > now:
                domains.setdefault((one.until, member.region, one.kid), []).append(one.domain)
    return tuple(KeyRow(*row, tuple(sorted(named))) for row, named in sorted(domains.items()))


def regions_of(trust_list: TrustList) -> tuple[RegionRow, ...]:
    """Return the members by region, with what each has published."""
    rows = []
    for member in trust_list.members:
        found = trust_list.keys.get(member.region)
        keys = found.keys if found is not None else ()
        rows.append(
            RegionRow(
                member.region,
                member.name,
                member.standing,
                member.environment,
                len(keys),
                len(found.revoked) if found is not None else 0,
                min((one.until for one in keys), default=None),
            )
        )
    return tuple(rows)


def roles_of(repository: Repository, *, now: datetime) -> tuple[RoleRow, ...]:
    """Return the roles, those of the federation first; an officer is named by the region."""
    root, targets = repository.roles["root"].signed, repository.roles["targets"].signed
    keys = {**root["keys"], **targets["delegations"]["keys"]}
    whose = {name: key.get(REGION_FIELD, "?") for name, key in keys.items()}
    return tuple(
        RoleRow(
            role,
            one.version,
            one.expires,
            one.expires <= now,
            one.expires - now < RESIGN.get(role, RESIGN["region"]),
            tuple(sorted(whose[name] for name in one.signers if name in whose)),
        )
        for role, one in sorted(repository.roles.items(), key=_order)
    )


def _order(item: tuple[str, object]) -> tuple[int, str]:
    known = list(LIFETIMES)
    return known.index(item[0]) if item[0] in known else len(known), item[0]
