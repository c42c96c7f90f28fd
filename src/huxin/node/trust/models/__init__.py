"""The tables of node.trust."""

from __future__ import annotations

from huxin.node.trust.models.appeals import Appeal, Hearing
from huxin.node.trust.models.cards import REASONS, Card, ClaimSlip, IssueRequest, Revocation
from huxin.node.trust.models.notices import Notice, NoticeVersion
from huxin.node.trust.models.recalls import (
    RECALL_ENDS,
    RECALL_REASONS,
    RECALL_STATES,
    Recall,
    RecallRow,
)
from huxin.node.trust.models.reports import Report
from huxin.node.trust.models.rules import PublishedRule, RuleDraft
from huxin.node.trust.models.sheets import SessionSheet, SheetRow
from huxin.node.trust.models.status import StatusEdition
from huxin.node.trust.models.withdrawals import WithdrawalRequest

__all__ = [
    "REASONS",
    "RECALL_ENDS",
    "RECALL_REASONS",
    "RECALL_STATES",
    "Appeal",
    "Card",
    "ClaimSlip",
    "Hearing",
    "IssueRequest",
    "Notice",
    "NoticeVersion",
    "PublishedRule",
    "Recall",
    "RecallRow",
    "Report",
    "Revocation",
    "RuleDraft",
    "SessionSheet",
    "SheetRow",
    "StatusEdition",
    "WithdrawalRequest",
]
