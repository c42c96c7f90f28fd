"""Who still has to sign a proposal, role by role, against the list that stands.

- a new root is signed by a quorum of the old root and by its own (TUF 1.0, section 5.3.4);
- every other role is signed by those whom the newest root or charter role names: the proposed one, if there is one;
- a signature that does not hold is refused here, and none counts for a key that the role does not have.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from huxin.kernel.canonical import canonical_json
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.proposal import Proposal, Signers, holds
from huxin.trust.federation.layout import REGION_FIELD, TOP_ROLES, WITNESSED, region_of
from huxin.trust.federation.repository import Repository

__all__ = [
    "Asked",
    "Together",
    "asked",
    "missing",
    "only_asked",
    "signers_of",
    "together",
    "voters",
]


@dataclass(frozen=True, slots=True)
class Asked:
    """How far one set of signers is: who signed, who may still, and how many more are asked."""

    role: str
    threshold: int
    signed: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def lacking(self) -> int:
        """How many signatures are still asked."""
        return max(0, self.threshold - len(self.signed))


@dataclass(frozen=True, slots=True)
class Together:
    """What regions sign together, in one sentence: which have signed all of it, of how many, and how many must."""

    signed: tuple[str, ...]
    threshold: int
    regions: int


def only_asked(proposal: Proposal, before: Repository | None) -> Proposal:
    """Return the proposal without signatures of keys that are not asked; what is left, `missing` checks."""
    wanted = asked(proposal, before)
    known = {role: {name for one in sets for name in one.keys} for role, sets in wanted.items()}
    signatures = {
        role: {name: one for name, one in found.items() if name in known[role]}
        for role, found in proposal.signatures.items()
        if role in known
    }
    return replace(proposal, signatures={role: one for role, one in signatures.items() if one})


def asked(proposal: Proposal, before: Repository | None) -> dict[str, tuple[Signers, ...]]:
    """Return the sets of signers that each role of the proposal needs."""
    return {role: tuple(signers_of(role, proposal, before)) for role in proposal.metadata}


def signers_of(role: str, proposal: Proposal, before: Repository | None) -> Iterator[Signers]:
    """Yield the sets of signers of one role; refuses with `trust-file` a role that nobody names."""
    held = {} if before is None else {name: one.signed for name, one in before.roles.items()}
    newest = {**held, **proposal.metadata}
    try:
        if role == "root" and "root" in held:
            yield _signers(held["root"], held["root"]["roles"]["root"])
        if role in TOP_ROLES:
            yield _signers(newest["root"], newest["root"]["roles"][role])
            return
        delegated = newest["targets"]["delegations"]
        [named] = [one for one in delegated["roles"] if one["name"] == role]
        yield _signers(delegated, named)
    except (KeyError, TypeError, ValueError) as error:
        raise RefusalError("trust-file", f"nobody is named to sign {role}") from error


def voters(proposal: Proposal, before: Repository | None) -> dict[tuple[str, str], str]:
    """Return {(region, public key): key id} of those who may vote: as the list that stands has them, not the proposed one.

    Whoever proposes other keys for a region would vote in its name; and a region votes on its own expulsion.
    """
    root = proposal.metadata.get("root", {}) if before is None else before.roles["root"].signed
    try:
        found = _signers(root, root["roles"]["targets"])
    except (KeyError, TypeError) as error:
        raise RefusalError("trust-file", "nobody is named to vote") from error
    return {(found.regions[name], public): name for name, public in found.keys.items()}


def _signers(holder: Mapping[str, Any], role: Mapping[str, Any]) -> Signers:
    keys = {name: holder["keys"][name] for name in role["keyids"]}
    return Signers(
        {name: key["keyval"]["public"] for name, key in keys.items()},
        role["threshold"],
        {name: key.get(REGION_FIELD, "") for name, key in keys.items()},
    )


def missing(proposal: Proposal, before: Repository | None) -> tuple[Asked, ...]:
    """Return how far each set of signers is; refuses with `signature` one that does not hold."""
    found = []
    for role, sets in asked(proposal, before).items():
        message = canonical_json(proposal.metadata[role])
        given = proposal.signatures.get(role, {})
        for signers in sets:
            signed = {name for name in given if name in signers.keys}
            for name in signed:
                if not holds(signers.keys[name], given[name], message):
                    raise RefusalError("signature", f"{role}: that of {signers.regions[name]}")
            # The same material under two names is one signer.
            material = {signers.keys[name] for name in signed}
            left = [name for name in signers.keys if signers.keys[name] not in material]
            found.append(
                Asked(
                    role,
                    signers.threshold,
                    tuple(sorted(signers.regions[name] for name in _one_each(signed, signers))),
                    tuple(sorted(signers.regions[name] for name in left)),
                )
            )
    return tuple(found)


def _one_each(names: set[str], signers: Signers) -> list[str]:
    """Return one name for each material."""
    return list({signers.keys[name]: name for name in sorted(names)}.values())


def together(found: Iterable[Asked]) -> Together | None:
    """Return how far the regions are with what they sign together; `None` where that is nothing.

    Witnesses and a region's own officers are left out.  A region counts once it has signed every role that asks it.
    """
    shared = [one for one in found if region_of(one.role) is None and one.role not in WITNESSED]
    if not shared:
        return None
    everyone = {region for one in shared for region in (*one.signed, *one.open)}
    waiting = {region for one in shared for region in one.open}
    threshold = max(one.threshold for one in shared)
    return Together(tuple(sorted(everyone - waiting)), threshold, len(everyone))
