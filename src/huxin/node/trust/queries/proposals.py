"""Changes of the shared list that wait for signatures: which there are, and all one should know of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from huxin.adapters import trust_proposals, trust_repository
from huxin.kernel.errors import RefusalError
from huxin.packs.reader import Words
from huxin.trust.ceremony.asked import Together, missing, together
from huxin.trust.ceremony.basis import check_base, stands
from huxin.trust.ceremony.draft import with_witnesses
from huxin.trust.ceremony.proposal import Proposal, proposal_name, write_proposal
from huxin.trust.ceremony.review import review
from huxin.trust.federation.layout import WITNESSED
from huxin.trust.federation.repository import Repository

__all__ = [
    "Waiting",
    "file_for_witnesses",
    "published",
    "reviewed",
    "standing",
    "waiting",
    "waits",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A proposal in a list.

    `lacking` counts signatures, `None` where the list has changed since: `published` then says whether by this very
    proposal.  `together` is how far the regions are, `None` where they sign nothing together.
    """

    name: str
    title: Words
    made_at: datetime
    lacking: int | None
    published: bool
    together: Together | None


def standing() -> Repository | None:
    """Return the list upon which proposals are made: the one that this node hands out."""
    return trust_repository.read_repository(settings.HUXIN.repository)


def waiting() -> list[Waiting]:
    """Return the proposals, the newest first."""
    before = standing()
    return [_waiting(one, before) for one in trust_proposals.kept(settings.HUXIN.proposals)]


def _waiting(proposal: Proposal, before: Repository | None) -> Waiting:
    title = Words(proposal.title["zh"], proposal.title["en"])
    name, made_at = proposal_name(proposal), proposal.made_at
    try:
        check_base(proposal, before)
        signatures = missing(proposal, before)
    except RefusalError:
        return Waiting(name, title, made_at, None, stands(proposal, before), None)
    lacking = sum(one.lacking for one in signatures)
    return Waiting(name, title, made_at, lacking, published=False, together=together(signatures))


def published(name: str) -> bool:
    """Tell whether a proposal that is kept here is what stands already."""
    found = trust_proposals.read(settings.HUXIN.proposals, name)
    return found is not None and stands(found, standing())


def waits(name: str) -> bool:
    """Tell whether there is a proposal of this name."""
    return trust_proposals.is_kept(settings.HUXIN.proposals, name)


def reviewed(name: str, *, now: datetime) -> tuple[Proposal, dict[str, Any]] | None:
    """Return a proposal with its review, `None` where there is none; refuses what no longer fits the list."""
    found = trust_proposals.read(settings.HUXIN.proposals, name)
    return None if found is None else (found, review(found, standing(), now=now))


def file_for_witnesses(name: str, *, now: datetime) -> bytes | None:
    """Return the file to carry on: once all else is signed, with today's snapshot for the witnesses."""
    found = trust_proposals.read(settings.HUXIN.proposals, name)
    if found is None:
        return None
    before = standing()
    check_base(found, before)
    lasting = [one for one in missing(found, before) if one.role not in WITNESSED]
    if "timestamp" not in found.metadata and not any(one.lacking for one in lasting):
        found = with_witnesses(found, before, now=now)
    return write_proposal(found)
