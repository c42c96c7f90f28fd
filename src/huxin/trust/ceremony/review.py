"""All that a person should know before signing: what changes, what it does to cards, what lint finds, who has signed.

The command line and the node's pages show the same review, each in its own form.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from huxin.kernel.errors import Refusal, RefusalError
from huxin.trust.ceremony.asked import Asked, Together, missing, together
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.difference import differences
from huxin.trust.ceremony.draft import with_witnesses
from huxin.trust.ceremony.effect import Effect, measure
from huxin.trust.ceremony.proposal import Proposal, proposal_name
from huxin.trust.ceremony.result import result
from huxin.trust.ceremony.statement import fingerprint
from huxin.trust.federation.lint import findings
from huxin.trust.federation.repository import Repository, read_list

__all__ = ["review"]


def review(proposal: Proposal, before: Repository | None, *, now: datetime) -> dict[str, Any]:
    """Return all that a person should know before signing, as plain data."""
    check_base(proposal, before)
    whole = proposal if "timestamp" in proposal.metadata else with_witnesses(proposal, before, now=now)  # fmt: skip
    faults, effect, why = _measured(whole, before, now)
    changes, signatures = differences(proposal, before), missing(proposal, before)
    shared = together(signatures)
    return {
        "name": proposal_name(proposal),
        "fingerprint": fingerprint(proposal_name(proposal).encode("ascii")),
        "kind": proposal.kind,
        "title": dict(proposal.title),
        "made_at": proposal.made_at.isoformat(),
        "changes": [
            {"code": one.code, "grave": one.grave, "zh": one.say("zh"), "en": one.say("en")}
            for one in changes
        ],
        "lint": [{"code": one.code, "detail": one.detail} for one in faults],
        "effect": None if effect is None else _effect(effect),
        "effect_unknown": why,
        "signatures": [_asked(one) for one in signatures],
        "together": None if shared is None else _together(shared),
        "votes": [
            {"region": one.region, "agrees": one.agrees, "text": one.text} for one in proposal.votes
        ],
    }


def _measured(
    proposal: Proposal, before: Repository | None, now: datetime
) -> tuple[tuple[Refusal, ...], Effect | None, str]:
    held = None if before is None else read_list(before)
    try:
        after = result(proposal, before)
        faults = findings(after, held=held, now=now)
        effect = measure(held, read_list(after), policy=None, now=now)
    except RefusalError as error:
        return (error.refusal,), None, error.refusal.code
    return faults, effect, ""


def _effect(effect: Effect) -> dict[str, Any]:
    return {
        "cards": effect.cards,
        "gained": effect.gained,
        "lost": effect.lost,
        "keys_added": effect.keys_added,
        "keys_taken": effect.keys_taken,
        "by_region": {region: [gained, lost] for region, gained, lost in effect.by_region},
    }


def _asked(one: Asked) -> dict[str, Any]:
    return {
        "role": one.role,
        "threshold": one.threshold,
        "signed": list(one.signed),
        "open": list(one.open),
        "lacking": one.lacking,
    }


def _together(shared: Together) -> dict[str, Any]:
    signed = list(shared.signed)
    return {"signed": signed, "threshold": shared.threshold, "regions": shared.regions}
