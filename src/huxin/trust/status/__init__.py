"""Revocation: has the issuer withdrawn this credential?  Exact, by identifier, never by signature.

A hash of an ECDSA signature is no identifier: anyone can turn the signature into another
that is just as valid, and the revocation would miss it.
"""

from __future__ import annotations

from typing import Protocol

from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential

__all__ = ["Status"]


class Status(Protocol):
    """What `verify` asks; the federation's status sets will answer the same question."""

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether the issuer whose key is `anchor` withdrew `credential`."""
        ...
