"""A place's own decisions as its state keeps them, and whose signatures they were taken by.

    {"huxin": "held-policy", "v": 1, "region", "threshold", "keys": [Ed25519 keys in hexadecimal digits],
     "policy": the signed envelope in base64}

It stands in the state beside the list and the memory (`trust_state`), in one file with them, and goes with them.  The
signatures are checked anew at each reading, so that a policy that was damaged is refused and never left out.  Whoever
may write the state as a whole decides what it holds: against that a policy is no protection.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from huxin.kernel.crypto import PublicKey
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.trust.federation.fields import document
from huxin.trust.federation.policy import MOST_BYTES, LocalPolicy, parse_policy

__all__ = ["Signers", "open_policy", "pack_policy"]

# The envelope in base64, and some keys around it.
_MOST_FILE: Final = MOST_BYTES * 4 // 3 + 65_536
_MOST_SIGNERS: Final = 100


@dataclass(frozen=True, slots=True)
class Signers:
    """Whose policy counts at a place: a region, its keys, and how many of them must sign."""

    region: str
    keys: tuple[PublicKey, ...]
    threshold: int = 1

    def read(self, data: bytes, *, held: int = 0) -> LocalPolicy:
        """Return a policy that enough of them signed; refuses as `parse_policy` does."""
        return parse_policy(
            data, region=self.region, keys=self.keys, threshold=self.threshold, held=held
        )


def open_policy(data: bytes) -> LocalPolicy:
    """Return a policy as it was packed; refuses with `trust-file` or `trust-threshold`."""
    fields = document(data, kind="held-policy", limit=_MOST_FILE)
    fields.only("huxin", "v", "region", "threshold", "keys", "policy")
    signers = Signers(
        fields.region("region"),
        _keys(fields.digests("keys", _MOST_SIGNERS)),
        fields.number("threshold", 1, _MOST_SIGNERS),
    )
    return signers.read(fields.octets("policy", MOST_BYTES))


def _keys(found: Iterable[str]) -> tuple[PublicKey, ...]:
    try:
        return tuple(PublicKey.from_compact("EdDSA", bytes.fromhex(one)) for one in found)
    except UnusableKeyError as error:
        raise RefusalError("trust-file", "policy: a key that is none") from error


def pack_policy(data: bytes, signers: Signers) -> bytes:
    """Return a policy that was read with these signers, together with them."""
    whole: dict[str, Any] = {
        "huxin": "held-policy",
        "v": 1,
        "region": signers.region,
        "threshold": signers.threshold,
        "keys": [one.compact().hex() for one in signers.keys],
        "policy": base64.b64encode(data).decode("ascii"),
    }
    return (json.dumps(whole, indent=1) + "\n").encode("ascii")
