"""What came of taking the shared list, as programs are told, by `huxin trust refresh` and at its door alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from huxin.kernel.instants import rfc3339

if TYPE_CHECKING:
    # It brings TUF's library along.
    from huxin.adapters.trust_refresh import Refreshed

__all__ = ["refreshed_data"]


def refreshed_data(found: Refreshed) -> dict[str, Any]:
    """Return it as plain data."""
    return {
        "decision": found.freshness.decision,
        "code": found.freshness.code,
        "versions": dict(found.versions),
        "keys": found.keys,
        "signed_at": rfc3339(found.signed_at),
        "age_hours": found.freshness.age // timedelta(hours=1),
        "warn": found.freshness.warn,
        "root": found.root,
        "first": found.first,
        "ended": list(found.ended),
        "status_sets": len(found.sets.files),
        "status_sets_refused": [{"file": name, "code": code} for name, code in found.sets.refused],
    }
