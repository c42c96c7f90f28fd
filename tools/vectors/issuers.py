"""Who signs what in the vectors, by name."""

from __future__ import annotations

from typing import Final

from tools.vectors.keys import EMPTY_USAGE, FALSE_ARC, Issuer, issuer, usage_extension

__all__ = [
    "ADDRESS", "BAY", "CURVE_384", "EDWARDS", "EMPTY", "FALSE", "ISLES", "OTHER_ADDRESS", "RSA",
    "STRANGER", "TESTS_ONLY", "by_jwk",
]  # fmt: skip

ISLES: Final = issuer("Reed Isles")
BAY: Final = issuer("Lantern Bay")
STRANGER: Final = issuer("a stranger")
RSA: Final = issuer("Cloud Ferry", "RSA")
EDWARDS: Final = issuer("Pine Cape", "Ed25519")
CURVE_384: Final = issuer("Old Quay", "P-384")
TESTS_ONLY: Final = issuer("a laboratory", "P-256", usage_extension("test"))
FALSE: Final = issuer(
    "a vaccination centre", "P-256", usage_extension("vaccination", arc=FALSE_ARC)
)
EMPTY: Final = issuer("a sloppy authority", "P-256", EMPTY_USAGE)

ADDRESS: Final = "https://reed-isles.example.org/health-cards"
OTHER_ADDRESS: Final = "https://lantern-bay.example.org/health-cards"


def by_jwk(who: Issuer, address: str = ADDRESS, **more: object) -> dict[str, object]:
    """Return the entry for `keys` that lends a health card key of an address."""
    return who.lent_jwk(issuer=address, **more)
