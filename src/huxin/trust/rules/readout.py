"""A card as JSON, with what rules can read of it and no more: for an evaluator on somebody's own device.

    {"payload": {…}, "certificate": null | {"kind", "payload", "external"}, "expires": instant | null}

Neither name nor number nor signature is in it.  Several cards are put together where they are asked
about, as `payload.facts_payload` does.
"""

from __future__ import annotations

from typing import Any

from huxin.kernel.instants import rfc3339
from huxin.trust.credentials.credential import Credential
from huxin.trust.rules.payload import facts_payload
from huxin.trust.rules.wallet import certificate_of

__all__ = ["readout"]


def readout(card: Credential) -> dict[str, Any]:
    """Return what a device needs of one card to ask rules about it."""
    found = certificate_of(0, card)
    certificate = None
    if found is not None:
        certificate = {
            "kind": found.kind,
            "payload": dict(found.payload),
            "external": dict(found.external),
        }
    return {
        "payload": facts_payload([card.facts] if card.facts is not None else []),
        "certificate": certificate,
        "expires": None if card.expires is None else rfc3339(card.expires),
    }
