"""Drafts the next metadata for what a region wants to change; nothing is signed here.

    draft = Draft.of(repository, now=now)
    proposal = draft.join(statement, title=…)

Responsible for changing exactly what a change needs, one version up, for as long as each role lasts.  Leaves to
`asked` who has to sign, and to the client's lint whether the result may stand: publishing runs it.

- whose keys change is signed anew: root, charter role and emergency role together, since the emergency role's
  quorum follows the number of regions;
- a region that left stays in the snapshot, as the framework wants: nothing that was there vanishes silently.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any, Final, cast

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.trust.ceremony.parties import (
    Party,
    delegations,
    of_statement,
    read_parties,
    roles,
)
from huxin.trust.ceremony.proposal import Kind, Proposal
from huxin.trust.ceremony.statement import Statement, key_id
from huxin.trust.federation.charter import (
    LAPSE,
    Charter,
    Member,
    MemberStanding,
    Suspension,
    parse_charter,
    parse_members,
    parse_suspensions,
    write_charter,
    write_members,
    write_suspensions,
)
from huxin.trust.federation.layout import (
    CHARTER,
    EMERGENCY,
    MEMBERS,
    SUSPENSIONS,
    WITNESSED,
    keys_path,
    lifetime,
    may_carry,
    notices_path,
    region_role,
)
from huxin.trust.federation.notices import TOGETHER, Notice, added
from huxin.trust.federation.quorum import MOST_COUNCIL, MOST_ROOT_KEYS
from huxin.trust.federation.region_keys import (
    RegionKeys,
    Tombstone,
    parse_region_keys,
    write_region_keys,
)
from huxin.trust.federation.repository import Repository

__all__ = [
    "SPEC_VERSION",
    "Draft",
    "found",
    "listing",
    "next_version",
    "renewed",
    "with_witnesses",
]

SPEC_VERSION: Final = "1.0.31"

_Words = Mapping[str, str]


def found(
    statements: Iterable[Statement],
    charter: Charter,
    *,
    title: _Words,
    now: datetime,
    root_council: Iterable[str] = (),
) -> Proposal:
    """Propose a federation of these regions, all of them active; refuses with `trust-keys` or `trust-quorum`."""
    founders = {statement.region: statement for statement in statements}
    draft = Draft(None, {}, now)
    council, elected = sorted(founders)[:MOST_COUNCIL], set(root_council)
    for region, statement in sorted(founders.items()):
        party = of_statement(statement)
        keeps_root = len(founders) <= MOST_ROOT_KEYS or region in elected
        draft.parties[region] = replace(
            party,
            root=party.root if keeps_root else None,
            witness=party.witness if region in council else None,
        )
        draft.carry(keys_path(region), write_region_keys(statement.signing))
    members = (_member(one, "active", now) for one in founders.values())
    draft.carry(MEMBERS, write_members(members))
    draft.carry(CHARTER, write_charter(charter))
    draft.carry(SUSPENSIONS, write_suspensions(()))
    return draft.proposal("found", title, every=True)


def _member(statement: Statement, standing: MemberStanding, now: datetime) -> Member:
    return Member(statement.region, statement.name, statement.environment, standing, now)


@dataclass(slots=True)
class Draft:
    """A list that stands (`None`: none yet), and what is to change of it."""

    before: Repository | None
    parties: dict[str, Party]
    now: datetime
    documents: dict[str, bytes] | None = None

    @classmethod
    def of(cls, repository: Repository, *, now: datetime) -> Draft:
        """Begin a draft upon a list that stands."""
        held = repository.roles
        return cls(repository, read_parties(held["root"].signed, held["targets"].signed), now)

    # ---- what regions do together

    def join(self, statement: Statement, *, title: _Words) -> Proposal:
        """Propose that a region joins, on probation first."""
        if statement.region in self.parties:
            raise RefusalError("trust-keys", f"{statement.region} is a member already")
        self.parties[statement.region] = of_statement(statement).silent()
        self.carry(keys_path(statement.region), write_region_keys(statement.signing))
        self._members(lambda members: [*members, _member(statement, "probation", self.now)])
        return self.proposal("join", title, rekeyed=True)

    def admit(self, statement: Statement, *, title: _Words) -> Proposal:
        """Propose that a probation ends: the region is trusted, and signs with the keys of its statement."""
        region, party = statement.region, of_statement(statement)
        if self._party(region).officers != tuple(sorted(party.officers, key=key_id)):
            raise RefusalError("trust-keys", "not the statement with which it joined")
        voters = [one for one in self.parties.values() if one.charter is not None]
        witnesses = sum(one.witness is not None for one in voters)
        self.parties[region] = replace(
            party,
            root=party.root if len(voters) < MOST_ROOT_KEYS else None,
            witness=party.witness if witnesses < MOST_COUNCIL else None,
        )
        self._stands_as(region, "active", None)
        return self.proposal("admit", title, rekeyed=True)

    def leave(self, region: str, *, title: _Words, successor: str | None = None) -> Proposal:
        """Propose that a region leaves: it has no say any more, and what it issued is still verified."""
        self.parties[region] = self._party(region).silent()
        self._keep_one()
        self._stands_as(region, "verify-only", successor)
        return self.proposal("leave", title, rekeyed=True)

    def _stands_as(self, region: str, standing: MemberStanding, successor: str | None) -> None:
        self._members(
            lambda members: [
                replace(one, standing=standing, since=self.now, successor=successor)
                if one.region == region
                else one
                for one in members
            ]
        )

    def _keep_one(self) -> None:
        if all(one.charter is None for one in self.parties.values()):
            raise RefusalError("trust-quorum", "a federation has at least one active region")

    def expel(self, region: str, *, title: _Words) -> Proposal:
        """Propose that a region is no member any more; its keys go at once."""
        self._party(region)
        del self.parties[region]
        self._keep_one()
        self._members(lambda members: [one for one in members if one.region != region])
        return self.proposal("expel", title, rekeyed=True)

    def rotate(self, statement: Statement, *, title: _Words) -> Proposal:
        """Propose other federation keys for a member."""
        held, party = self._party(statement.region), of_statement(statement)
        self.parties[statement.region] = replace(
            party if held.charter is not None else party.silent(),
            root=party.root if held.root is not None else None,
            witness=party.witness if held.witness is not None else None,
        )
        self.carry(keys_path(statement.region), self._stands(keys_path(statement.region)))
        return self.proposal("rotate", title, rekeyed=True)

    def amend(self, charter: Charter, *, title: _Words, kind: Kind = "charter") -> Proposal:
        """Propose another charter."""
        self.carry(CHARTER, write_charter(charter))
        return self.proposal(kind, title)

    def confirm(self, name: str, *, title: _Words) -> Proposal:
        """Propose that a suspension does not lapse."""
        charter = parse_charter(self._stands(CHARTER))
        marks = [one.mark() for one in self._suspensions() if one.name == name]
        if not marks:
            raise RefusalError("bad-input", "no such suspension")
        confirmed = tuple(sorted({*charter.confirmed, *marks}))
        return self.amend(replace(charter, confirmed=confirmed), title=title, kind="confirm")

    def suspend(self, suspension: Suspension, *, title: _Words) -> Proposal:
        """Propose a suspension in an emergency; those that lapsed are listed for 14 days more, so that none is prolonged."""
        charter = parse_charter(self._stands(CHARTER))
        kept = [
            one
            for one in self._suspensions()
            if one.mark() in charter.confirmed or one.lapses() + LAPSE > self.now
        ]
        if any(map(suspension.prolongs, kept)):
            raise RefusalError(
                "trust-suspension", "a majority confirms a suspension, a few do not prolong it"
            )
        if any(one.name == suspension.name for one in kept):
            raise RefusalError("bad-input", "a suspension of this name stands already")
        self.carry(SUSPENSIONS, write_suspensions([*kept, suspension]))
        return self.proposal("suspend", title)

    def announce(self, notice: Notice, *, by: str, title: _Words) -> Proposal:
        """Propose a notice of all regions together (`federation`), or of one region."""
        path = notices_path(by if by == TOGETHER else self._party(by).region)
        held = None if self.before is None else self.before.targets.get(path)
        self.carry(path, added(held, notice, by=by))
        return self.proposal("notice", title)

    # ---- what a region does alone

    def publish(self, region: str, documents: Mapping[str, bytes], *, title: _Words) -> Proposal:
        """Propose files of a region's own; refuses with `trust-namespace` those of others."""
        self._party(region)
        for path, data in documents.items():
            if not may_carry(region_role(region), path):
                raise RefusalError("trust-namespace", f"{path} is not {region}'s to publish")
            self.carry(path, data)
        return self.proposal("publish", title)

    def revoke(
        self, region: str, materials: Iterable[bytes], *, reason: str, title: _Words
    ) -> Proposal:
        """Propose tombstones on keys of a region, for good; refuses with `bad-input` a key that is not there."""
        held = parse_region_keys(self._stands(keys_path(region)))
        buried = set(materials)
        left = tuple(one for one in held.keys if sha256(one.key.spki).digest() not in buried)
        if not buried or len(held.keys) - len(left) < len(buried):
            raise RefusalError("bad-input", "no such key")
        stones = tuple(Tombstone(one, self.now, reason) for one in sorted(buried))
        after = RegionKeys(held.region, held.environment, left, (*held.revoked, *stones))
        self.carry(keys_path(region), write_region_keys(after))
        return self.proposal("revoke", title)

    # ---- the metadata

    def carry(self, path: str, data: bytes) -> None:
        """Note a document that changes."""
        self.documents = {**(self.documents or {}), path: data}

    def proposal(
        self, kind: Kind, title: _Words, *, rekeyed: bool = False, every: bool = False
    ) -> Proposal:
        """Return the proposal: every role that changes, one version up."""
        documents = dict(self.documents or {})
        metadata: dict[str, Mapping[str, Any]] = {}
        if rekeyed or every:
            keys, signing = roles(self.parties)
            metadata["root"] = self._next("root") | {
                "consistent_snapshot": True,
                "keys": keys,
                "roles": signing,
            }
        for role in ("targets", EMERGENCY, *map(region_role, sorted(self.parties))):
            carried = {path: data for path, data in documents.items() if may_carry(role, path)}
            anew = every or (rekeyed and role in ("targets", EMERGENCY))
            if carried or anew:
                metadata[role] = self._targets(role, carried, rekeyed or every)
        base = {} if self.before is None else {
            role: self.before.roles[role].version for role in metadata if role in self.before.roles
        }  # fmt: skip
        return Proposal(kind, title, self.now.replace(microsecond=0), base, documents, metadata)

    def _targets(self, role: str, carried: Mapping[str, bytes], rekeyed: bool) -> dict[str, Any]:
        signed = self._next(role)
        listed = dict(signed.get("targets", {}))
        for path, data in carried.items():
            listed[path] = listing(data)
        signed |= {"targets": dict(sorted(listed.items()))}
        if role == "targets" and rekeyed:
            signed |= {"delegations": delegations(self.parties)}
        return signed

    def _next(self, role: str) -> dict[str, Any]:
        held = None if self.before is None else self.before.roles.get(role)
        signed = {} if held is None else copy.deepcopy(dict(held.signed))
        kind = role if role in ("root", *WITNESSED) else "targets"
        return signed | {
            "_type": kind,
            "spec_version": SPEC_VERSION,
            "version": next_version(role, self.before),
            "expires": rfc3339(self.now + lifetime(role)),
        }

    # ---- what stands

    def _stands(self, path: str) -> bytes:
        data = None if self.before is None else self.before.targets.get(path)
        if data is None:
            raise RefusalError("trust-missing", path)
        return data

    def _suspensions(self) -> tuple[Suspension, ...]:
        return parse_suspensions(self._stands(SUSPENSIONS))

    def _members(self, change: Callable[[tuple[Member, ...]], Iterable[Member]]) -> None:
        self.carry(MEMBERS, write_members(change(parse_members(self._stands(MEMBERS)))))

    def _party(self, region: str) -> Party:
        try:
            return self.parties[region]
        except KeyError as error:
            raise RefusalError("bad-input", f"{region} is not a member") from error


def next_version(role: str, before: Repository | None) -> int:
    """Return the version that a role has next: a region that comes back goes on where it left."""
    if before is None:
        return 1
    if role in before.roles:
        return before.roles[role].version + 1
    listed: Mapping[str, Any] = before.roles["snapshot"].signed["meta"].get(f"{role}.json", {})
    return int(listed.get("version", 0)) + 1


def renewed(draft: Draft, chosen: Iterable[str], *, title: _Words) -> Proposal:
    """Propose nothing but a longer life for roles; none at all is the witnesses' daily round."""
    documents: dict[str, bytes] = {}
    metadata: dict[str, Mapping[str, Any]] = {}
    before = cast("Repository", draft.before)
    for role in chosen:
        if role not in before.roles or role in WITNESSED:
            raise RefusalError("bad-input", f"no role that is renewed like this: {role}")
        metadata[role] = dict(before.roles[role].signed) | {
            "version": before.roles[role].version + 1,
            "expires": rfc3339(draft.now + lifetime(role)),
        }
    base = {role: before.roles[role].version for role in metadata}
    return Proposal("renew", title, draft.now.replace(microsecond=0), base, documents, metadata)


def with_witnesses(proposal: Proposal, before: Repository | None, *, now: datetime) -> Proposal:
    """Return the proposal with the snapshot and timestamp that would publish it; their old signatures go."""
    held = {} if before is None else before.roles
    versions = {} if "snapshot" not in held else dict(held["snapshot"].signed["meta"])
    for role, signed in proposal.metadata.items():
        if role not in ("root", *WITNESSED):
            versions[f"{role}.json"] = {"version": signed["version"]}
    draft = Draft(before, {}, now)
    snapshot = draft._next("snapshot") | {"meta": dict(sorted(versions.items()))}
    timestamp = draft._next("timestamp") | {
        "meta": {"snapshot.json": {"version": snapshot["version"]}}
    }
    signatures = {
        role: found for role, found in proposal.signatures.items() if role not in WITNESSED
    }
    metadata = {**proposal.metadata, "snapshot": snapshot, "timestamp": timestamp}
    return replace(proposal, metadata=metadata, signatures=signatures)


def listing(data: bytes) -> dict[str, Any]:
    """Return how a role lists a document: its length and digest."""
    return {"length": len(data), "hashes": {"sha256": sha256(data).hexdigest()}}
