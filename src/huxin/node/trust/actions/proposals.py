"""The shared list: a proposal or signatures are handed in, and what enough have signed is published.

- keys never come here: people sign on a computer of their own, and hand in what they signed;
- what a door would refuse is not published, and the list that stands then stays;
- every step leaves an entry in the audit trail.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from huxin.adapters import trust_check, trust_proposals, trust_refresh, trust_repository
from huxin.adapters.trust_source import Folder
from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.trust.actions.turns import in_turn
from huxin.node.trust.queries.proposals import standing
from huxin.trust.ceremony.asked import missing, only_asked
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.proposal import Proposal, parse_proposal, proposal_name
from huxin.trust.ceremony.result import result

__all__ = ["drop", "hand_in", "publish"]


def hand_in(data: bytes, *, by: Actor, now: datetime) -> str:
    """Keep a proposal, or the signatures that came back; return its name.

    Refuses with `trust-file`, `signature`, `trust-rollback` (upon another list), `trust-busy` or `too-big`.
    """
    before = standing()
    proposal = parse_proposal(data)
    check_base(proposal, before)
    proposal = only_asked(proposal, before)
    missing(proposal, before)
    name = proposal_name(proposal)
    with transaction.atomic():
        audit.record("trust-proposal-kept", by=by, now=now, detail=_detail(name, proposal))
        trust_proposals.lay(settings.HUXIN.proposals, proposal)
    return name


def drop(name: str, *, by: Actor, now: datetime) -> None:
    """Forget a proposal; whoever has its file can hand it in again."""
    found = trust_proposals.read(settings.HUXIN.proposals, name)
    if found is None:
        return
    with transaction.atomic():
        audit.record("trust-proposal-dropped", by=by, now=now, detail=_detail(name, found))
        trust_proposals.drop(settings.HUXIN.proposals, name)


def publish(name: str, *, by: Actor, now: datetime) -> int | None:
    """Publish a proposal that enough have signed; return the version of the list, `None` without a proposal.

    Refuses with `trust-threshold` naming who is lacking, or with what a door would refuse.
    """
    proposal = in_turn(lambda: _published(name, by, now))
    if proposal is None:
        return None
    # The doors of this node take it as any other door does.
    folder = settings.HUXIN.repository
    root = (folder / "metadata" / "1.root.json").read_bytes()
    place, state = Folder(folder), settings.HUXIN.federation
    in_turn(lambda: trust_refresh.refresh(place, state, root=root, now=now))
    trust_proposals.drop(settings.HUXIN.proposals, name)
    return int(proposal.metadata["timestamp"]["version"])


def _published(name: str, by: Actor, now: datetime) -> Proposal | None:
    folder = settings.HUXIN.repository
    with trust_repository.only_publisher(folder):
        proposal = trust_proposals.read(settings.HUXIN.proposals, name)
        if proposal is None:
            return None
        trust_repository.forget_unfinished(folder, proposal)
        before = standing()
        check_base(proposal, before)
        lacking = [one for one in missing(proposal, before) if one.lacking]
        if lacking or "timestamp" not in proposal.metadata:
            roles = ", ".join(f"{one.role} {len(one.signed)}/{one.threshold}" for one in lacking)
            raise RefusalError("trust-threshold", roles or "snapshot, timestamp")
        files = trust_repository.published(proposal)
        trust_check.accepted_keys(folder, files, result(proposal, before), now=now)
        with transaction.atomic():
            audit.record("trust-list-published", by=by, now=now, detail=_detail(name, proposal))
            trust_repository.write_files(folder, files)
    return proposal


def _detail(name: str, proposal: Proposal) -> dict[str, str]:
    return {"proposal": name, "kind": proposal.kind}
