"""What a list would be if a proposal were published: its files, and the whole as a client would read it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.proposal import Proposal
from huxin.trust.federation.authority import delegated
from huxin.trust.federation.layout import TOP_ROLES
from huxin.trust.federation.metadata import parse_role
from huxin.trust.federation.repository import Repository

__all__ = ["result", "signed_file"]


def signed_file(proposal: Proposal, role: str) -> bytes:
    """Return the metadata file of a role, with the signatures that the proposal has for it."""
    given: Mapping[str, str] = proposal.signatures.get(role, {})
    whole = {
        "signatures": [{"keyid": name, "sig": given[name]} for name in sorted(given)],
        "signed": proposal.metadata[role],
    }
    text = json.dumps(whole, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8")


def result(proposal: Proposal, before: Repository | None) -> Repository:
    """Return the list after a proposal with its witnesses' part; refuses as `parse_role` does, or with `trust-missing`."""
    held = Repository({}, {}) if before is None else before
    changed = {role: parse_role(signed_file(proposal, role), role) for role in proposal.metadata}
    roles = {**held.roles, **changed}
    if any(role not in roles for role in TOP_ROLES):
        raise RefusalError("trust-missing", "a role that every list has")
    named = {one.role for one in delegated(roles["targets"])}
    roles = {role: one for role, one in roles.items() if role in TOP_ROLES or role in named}
    listed = {path for one in roles.values() for path in one.signed.get("targets", {})}
    documents = {**held.targets, **proposal.documents}
    lost = sorted(listed - documents.keys())
    if lost:
        raise RefusalError("trust-missing", lost[0])
    return replace(held, roles=roles, targets={path: documents[path] for path in sorted(listed)})
