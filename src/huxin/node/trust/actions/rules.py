"""Publishing rules: each version once, only what the linter passes, and never by one officer alone."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.node.trust.models import PublishedRule, RuleDraft
from huxin.trust.rules.proposal import Proposal
from huxin.trust.rules.rule import Rule

__all__ = ["Source", "enact", "publish"]


@dataclass(frozen=True, slots=True)
class Source:
    """Where published rules come from: who proposed them, in which draft, out of which pack."""

    proposed_by: uuid.UUID
    draft: RuleDraft | None = None
    pack: str = ""


def publish(
    proposal: Proposal,
    source: Source,
    *,
    relaxes: frozenset[str] = frozenset(),
    by: Actor,
    now: datetime,
) -> list[PublishedRule]:
    """Judge a proposal and publish it; refuses with the first thing that the linter finds, and as `enact`.

    `relaxes` names rules that only admit more, as their simulation showed.
    """
    for found in proposal.faults(now=now, relaxes=relaxes):
        raise RefusalError(found.fault.code, f"{found.rule or ''} {found.fault.place}".strip())
    return enact(proposal, source, by=by, now=now)


def enact(proposal: Proposal, source: Source, *, by: Actor, now: datetime) -> list[PublishedRule]:
    """Publish a proposal that was judged a moment ago.

    Refuses with `bad-input` whoever may not publish, with `own-work` the officer who proposed it.
    """
    if not by.may(Permission.RULES):
        raise RefusalError("bad-input", "not theirs")
    if by.staff().user == source.proposed_by:
        raise RefusalError("own-work", "another officer publishes")
    with transaction.atomic():
        rows = [_row(rule, proposal, source, by, now) for rule in proposal.book.rules]
        PublishedRule.objects.bulk_create(rows)
        for row in rows:
            detail = {"rule": row.rule, "version": row.version}
            audit.record("rule-published", by=by, now=now, about=(row, ""), detail=detail)
        outbox.emit_all("rule-published", [{"rule": str(row.id)} for row in rows], now=now)
    return rows


def _row(rule: Rule, proposal: Proposal, source: Source, by: Actor, now: datetime) -> PublishedRule:
    return PublishedRule(
        rule=rule.id,
        version=rule.version_text,
        purpose=rule.purpose,
        pack=source.pack,
        document=dict(rule.document),
        value_sets=dict(proposal.book.value_sets),
        valid_from=rule.valid_from,
        valid_until=rule.valid_until,
        draft=source.draft,
        proposed_by=source.proposed_by,
        published_by=by.staff().user,
        published_at=now,
    )
