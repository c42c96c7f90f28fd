"""Whether a proposal is what it should be before anybody looks at it: upon the list that stands, and of one piece.

- each role is one version above the one that stands, also where a role comes back that had gone;
- a snapshot and a timestamp that came along are those that publishing asks for, but for how long they last;
- what is shown to a signer are documents, what is signed are digests: each has to be the other's;
- a vote is signed with the charter key that its region has in the list that stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.asked import voters
from huxin.trust.ceremony.draft import next_version, with_witnesses
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.federation.layout import WITNESSED
from huxin.trust.federation.repository import Repository

__all__ = ["check_base", "stands"]


def stands(proposal: Proposal, before: Repository | None) -> bool:
    """Tell whether a proposal was published: what it asked for is, word for word, what stands."""
    held = {} if before is None else before.roles
    # Lasting changes are witnessed anew each day; a round of the witnesses asks for nothing else.
    lasting = [role for role in proposal.metadata if role not in WITNESSED]
    asked = lasting or list(proposal.metadata)
    return bool(asked) and all(
        role in held and held[role].signed == proposal.metadata[role] for role in asked
    )


def check_base(proposal: Proposal, before: Repository | None) -> None:
    """Refuse a proposal that is not upon the list that stands, or not of one piece.

    The codes are `trust-rollback`, `trust-missing`, `trust-mismatch`, `trust-namespace` and `signature`.
    """
    held = {} if before is None else before.roles
    for role in ("root", "targets"):
        if role not in held and role not in proposal.metadata:
            raise RefusalError("trust-missing", role)
    for role, version in proposal.base.items():
        if role not in held or held[role].version != version:
            raise RefusalError("trust-rollback", f"{role} has changed since this was proposed")
    for role, signed in proposal.metadata.items():
        if signed["version"] != next_version(role, before):
            raise RefusalError("trust-rollback", f"{role}: version {signed['version']}")
    _check_witnessed(proposal, before)
    _check_documents(proposal, {} if before is None else before.targets)
    _check_votes(proposal, before)


def _check_witnessed(proposal: Proposal, before: Repository | None) -> None:
    given = [role for role in WITNESSED if role in proposal.metadata]
    if not given:
        return
    wanted = with_witnesses(proposal, before, now=proposal.made_at).metadata
    for role in WITNESSED:
        if _but_for_its_end(proposal.metadata.get(role, {})) != _but_for_its_end(wanted[role]):
            raise RefusalError("trust-mismatch", f"{role}: not what publishing this asks for")


def _but_for_its_end(signed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: found for name, found in signed.items() if name != "expires"}


def _check_documents(proposal: Proposal, held: Mapping[str, bytes]) -> None:
    listed: set[str] = set()
    for signed in proposal.metadata.values():
        for path, file in signed.get("targets", {}).items():
            data = proposal.documents.get(path, held.get(path))
            if data is None:
                raise RefusalError("trust-missing", path)
            right = (len(data), sha256(data).hexdigest())
            if (file["length"], file["hashes"]["sha256"]) != right:
                raise RefusalError("trust-mismatch", path)
            listed.add(path)
    if strays := sorted(proposal.documents.keys() - listed):
        raise RefusalError("trust-namespace", f"{strays[0][:80]}: in no role that is signed")


def _check_votes(proposal: Proposal, before: Repository | None) -> None:
    known = voters(proposal, before) if proposal.votes else {}
    for vote in proposal.votes:
        if (vote.region, vote.key) not in known:
            raise RefusalError("signature", f"the vote of {vote.region}")
