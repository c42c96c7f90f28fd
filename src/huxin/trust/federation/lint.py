"""Strict lint: what a federation's list must be beyond what TUF checks, in whoever signs it and in whoever reads it.

    found = findings(repository, held=None, now=now)     all that is wrong, the gravest first
    trust_list = lint(repository, held=held, now=now)    the list, or the refusal of its first finding

Responsible for bringing the rules together.  They stand in `lint_roles` (keys, quorums, delegations, single
files) and `lint_documents` (what must hold between the documents); `spec/federation.md` has them in words.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from huxin.kernel.errors import Refusal, RefusalError
from huxin.trust.federation.authority import Mandate, delegated, mandates
from huxin.trust.federation.layout import EMERGENCY, TOP_ROLES, keys_path, region_role
from huxin.trust.federation.lint_documents import (
    cap_faults,
    environment_faults,
    kid_faults,
    owner_faults,
    suspension_faults,
    tombstone_faults,
)
from huxin.trust.federation.lint_roles import (
    delegation_faults,
    key_faults,
    lifetime_faults,
    namespace_faults,
    quorum_faults,
)
from huxin.trust.federation.reasons import OF_LINT
from huxin.trust.federation.repository import Repository, TrustList, read_list

__all__ = ["findings", "lint"]


def findings(
    repository: Repository, *, held: TrustList | None, now: datetime
) -> tuple[Refusal, ...]:
    """Return all that is wrong with a repository that TUF has verified, the gravest first.

    `held` is the list that was believed so far.
    """
    found, _ = _read(repository, held, now)
    return found


def lint(repository: Repository, *, held: TrustList | None, now: datetime) -> TrustList:
    """Return the list; refuses with the gravest of the findings."""
    found, trust_list = _read(repository, held, now)
    if found or trust_list is None:
        raise RefusalError(found[0].code, found[0].detail)
    return trust_list


def _read(
    repository: Repository, held: TrustList | None, now: datetime
) -> tuple[tuple[Refusal, ...], TrustList | None]:
    missing = [name for name in (*TOP_ROLES, EMERGENCY) if name not in repository.roles]
    if missing:
        return (Refusal("trust-file", f"at /{missing[0]}: missing"),), None
    found = list(_of_roles(repository, now))
    trust_list = None
    try:
        trust_list = read_list(repository, buried=held.tombstones if held else frozenset())
    except RefusalError as error:
        found.append(error.refusal)
    else:
        found += _of_list(repository, trust_list, held, now)
    found.sort(key=lambda one: OF_LINT.index(one.code))
    return tuple(found), trust_list


def _mandates(repository: Repository) -> tuple[Mandate, ...]:
    return mandates(repository.roles["root"], repository.roles["targets"])


def _of_roles(repository: Repository, now: datetime) -> Iterator[Refusal]:
    """Yield what can be said without knowing the members."""
    root, targets = (repository.roles[name].signed for name in ("root", "targets"))
    lists = (root["keys"], targets.get("delegations", {}).get("keys", {}))
    yield from key_faults(_mandates(repository), lists)
    yield from namespace_faults(repository.roles.values())
    yield from lifetime_faults(repository.roles.values(), now)
    known = {*TOP_ROLES, *(one.role for one in delegated(repository.roles["targets"]))}
    for name in sorted(repository.roles.keys() - known):
        yield Refusal("trust-delegation", f"{name[:40]}: nobody delegates to it")


def _of_list(
    repository: Repository, found: TrustList, held: TrustList | None, now: datetime
) -> Iterator[Refusal]:
    """Yield what must hold between roles, members and documents."""
    yield from quorum_faults(_mandates(repository), found.members)
    charter = delegated(repository.roles["targets"])
    yield from delegation_faults(repository.roles, charter, found.members)
    yield from _absent(repository, found)
    yield from owner_faults(found, _mandates(repository))
    yield from kid_faults(found)
    yield from tombstone_faults(found, held, _ended(repository, found))
    yield from environment_faults(found)
    yield from cap_faults(found)
    yield from suspension_faults(found, held, now)


def _ended(repository: Repository, found: TrustList) -> frozenset[str]:
    """Return the members of which no role is there: the client leaves out those that have ended."""
    regions = {member.region for member in found.members}
    return frozenset(one for one in regions if region_role(one) not in repository.roles)


def _absent(repository: Repository, found: TrustList) -> Iterator[Refusal]:
    """Yield keys that a region's role lists and nobody brought: they would be missed without a word."""
    for member in found.members:
        role, path = repository.roles.get(region_role(member.region)), keys_path(member.region)
        if role is not None and path in role.signed["targets"] and member.region not in found.keys:
            yield Refusal("trust-missing", path)
