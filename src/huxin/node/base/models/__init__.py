"""The tables of the ground."""

from __future__ import annotations

from huxin.node.base.models.audit import AuditCheck, AuditEntry, AuditLink
from huxin.node.base.models.outbox import OutboxEvent
from huxin.node.base.models.people import (
    Message,
    Person,
    PersonToken,
    Proxy,
    Registration,
)
from huxin.node.base.models.users import Draft, Grant, Organisation, ResetSlip, User

__all__ = [
    "AuditCheck",
    "AuditEntry",
    "AuditLink",
    "Draft",
    "Grant",
    "Message",
    "Organisation",
    "OutboxEvent",
    "Person",
    "PersonToken",
    "Proxy",
    "Registration",
    "ResetSlip",
    "User",
]
