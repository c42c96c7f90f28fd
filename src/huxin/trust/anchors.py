"""Whom to believe: the keys of other regions, by (region, domain, kid).

Responsible for holding keys ready to verify with and finding those that a card may
mean.  Leaves to others where keys come from (`adapters.trust_file` today, the
federation later) and what a found key's state means for a verdict (`trust.verify`).

- a kid is a hint, not a name: every key that carries it is a candidate, so two
  regions that share a kid do not disturb one another;
- a key speaks in one domain (one family of credentials) and within its usage;
- health cards are signed on P-256 only, so any other key is none of theirs;
- an empty store believes nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from huxin.kernel.crypto import PublicKey

__all__ = [
    "DOMAINS",
    "ENVIRONMENTS",
    "LAYERS",
    "Anchor",
    "Domain",
    "Standing",
    "TrustLayer",
    "TrustStore",
]

Domain = Literal["dcc", "icvp", "huxin", "shc"]
DOMAINS: tuple[Domain, ...] = ("dcc", "icvp", "huxin", "shc")

Standing = Literal["active", "suspended", "tombstoned", "denied"]

TrustLayer = Literal["trust-file", "federation", "emergency", "region", "local", "bilateral"]
LAYERS: tuple[TrustLayer, ...] = (
    "trust-file", "federation", "emergency", "region", "local", "bilateral",
)  # fmt: skip
"""Who decided about a key: a file that somebody lent; all members, a few at once, its own region; or this place,
against it or for it (spec/federation.md, section 9)."""

ENVIRONMENTS = ("production", "test")


@dataclass(frozen=True, slots=True)
class Anchor:
    """One key of one region in one domain.

    `usage` names the kinds of event that the key may sign (`None`: all kinds).
    What it signed after `issue_until` does not count, though it verifies longer.
    `issuer` is the `iss` text that its cards carry, where that is fixed; `None` accepts any.
    `region` is `None` only where a caller lends a bare key without saying whose it is.
    """

    region: str | None
    domain: Domain
    kid: bytes
    key: PublicKey
    usage: frozenset[str] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    environment: str = "production"
    standing: Standing = "active"
    issuer: str | None = None
    issue_until: datetime | None = None
    layer: TrustLayer = "trust-file"


class TrustStore:
    """Keys ready for use.  `environment` is that of the verifier; `as_of` when the list was true."""

    __slots__ = ("_by_kid", "as_of", "environment")

    def __init__(
        self,
        anchors: Iterable[Anchor],
        *,
        environment: str = "production",
        as_of: datetime | None = None,
    ) -> None:
        by_kid: dict[tuple[str, bytes], tuple[Anchor, ...]] = {}
        for anchor in anchors:
            if anchor.domain == "shc" and not anchor.key.is_p256:
                continue
            place = (anchor.domain, anchor.kid)
            by_kid[place] = (*by_kid.get(place, ()), anchor)
        self._by_kid = by_kid
        self.environment = environment
        self.as_of = as_of

    def find(self, domain: str, kid: bytes, issuer: str | None) -> tuple[Anchor, ...]:
        """Return every key that a card of `domain` with this kid and `iss` may mean."""
        found = self._by_kid.get((domain, kid), ())
        # Nearly always one key is found and meant, which then costs no new tuple.
        if len(found) == 1 and found[0].issuer in (None, issuer):
            return found
        return tuple(one for one in found if one.issuer in (None, issuer))

    def __iter__(self) -> Iterator[Anchor]:
        for anchors in self._by_kid.values():
            yield from anchors

    def __len__(self) -> int:
        return sum(map(len, self._by_kid.values()))
