"""Revocation: has the issuer withdrawn this credential?  Exact, by identifier, never by signature.

A hash of an ECDSA signature is no identifier: anyone can turn the signature into another
that is just as valid, and the revocation would miss it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential

__all__ = ["Several", "Signer", "Status"]


class Status(Protocol):
    """What `verify` asks; our own status sets answer the same question."""

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether the issuer whose key is `anchor` withdrew `credential`."""
        ...


@dataclass(frozen=True, slots=True)
class Several:
    """What several lists say together: a card that any of them names is withdrawn."""

    parts: tuple[Status, ...]

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether any of them says so."""
        return any(one.revoked(credential, anchor) for one in self.parts)


class Signer(Protocol):
    """Whoever signs what a region publishes of its withdrawals; a signer of cards is one."""

    @property
    def algorithm(self) -> str:
        """The algorithm of the key."""
        ...

    @property
    def kid(self) -> bytes:
        """The identifier under which verifiers hold the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the signature in the form that COSE and JOSE share."""
        ...
