"""What one place decides for itself: whom it does not believe, whom it believes besides, how old a list may be.

    {"huxin": "local-policy", "v": 1, "region": "QV", "version": 3,
     "deny": {"regions": ["QX"], "keys": ["<SHA-256 of an SPKI, in hex>"]},
     "accept": [{"region": "QW", "keys": "<a file of keys (region_keys), in base64>"}],
     "freshness": {"stale_hours": 48, "warn_days": 14, "refuse_days": 30}}

It is never federated.  The place's own region signs it, in a DSSE envelope, so that whoever carries it to a verifier
cannot make it believe more; a newer version takes the place of an older one, never the reverse.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from huxin.kernel import strict_json
from huxin.kernel.crypto import PrivateKey, PublicKey
from huxin.kernel.errors import RefusalError
from huxin.trust.federation.fields import Fields, document, refuse
from huxin.trust.federation.freshness import DEFAULT, Limits
from huxin.trust.federation.layout import MOST_REGIONS
from huxin.trust.federation.region_keys import (
    MOST_BYTES as MOST_KEYS_BYTES,
)
from huxin.trust.federation.region_keys import (
    RegionKeys,
    parse_region_keys,
    tombstone_of,
    write_region_keys,
)

__all__ = [
    "MOST_BYTES",
    "PAYLOAD_TYPE",
    "LocalPolicy",
    "draft_policy",
    "parse_policy",
    "read_draft",
    "sign_policy",
]

MOST_BYTES: Final = 4_000_000
PAYLOAD_TYPE: Final = "application/vnd.huxin.local-policy+json"
_MOST_DENIED: Final = 10_000
_MOST_SIGNATURES: Final = 20
_MOST_SIGNATURE: Final = 64


@dataclass(frozen=True, slots=True)
class LocalPolicy:
    """A place's own decisions; `deny_keys` are named as tombstones name keys, in whatever region they stand."""

    region: str
    version: int
    deny_regions: frozenset[str] = frozenset()
    deny_keys: frozenset[bytes] = frozenset()
    accept: tuple[RegionKeys, ...] = ()
    limits: Limits = DEFAULT

    def denies(self, region: str, material: bytes) -> bool:
        """Tell whether a key of a region is not believed here."""
        return region in self.deny_regions or material in self.deny_keys


def sign_policy(data: bytes, keys: Iterable[PrivateKey]) -> bytes:
    """Return a draft, or an envelope with signatures already, with those of these keys.

    Refuses with `trust-file` or `too-big`.
    """
    payload, signed = _opened(data)
    _policy(payload)
    message = _signed_bytes(payload)
    rows = list(dict.fromkeys(signed))
    for key in keys:
        row = (tombstone_of(key.public).hex(), _base64(key.sign(message)))
        rows += [row] if row not in rows else []
    whole = {
        "payload": _base64(payload),
        "payloadType": PAYLOAD_TYPE,
        "signatures": [{"keyid": keyid, "sig": one} for keyid, one in rows],
    }
    written = (json.dumps(whole, indent=1) + "\n").encode("ascii")
    read_draft(written)
    return written


def read_draft(data: bytes) -> tuple[LocalPolicy, int]:
    """Return what a draft or an envelope says, and how many signatures it bears; whose they are is not asked.

    Refuses with `trust-file` or `too-big`.
    """
    payload, signed = _opened(data)
    return _policy(payload), len({signature for _, signature in signed})


def _opened(data: bytes) -> tuple[bytes, list[tuple[str, str]]]:
    """Return the payload of a draft or an envelope, and its signatures by key id."""
    if len(data) > MOST_BYTES:
        raise RefusalError("too-big", "local-policy")
    whole = strict_json.parse(data, code="trust-file")
    if not isinstance(whole, dict) or "payload" not in whole:
        return data, []
    envelope = _envelope(whole)
    signed = [
        (one.text("keyid"), _base64(one.octets("sig", _MOST_SIGNATURE)))
        for one in envelope.objects("signatures", _MOST_SIGNATURES)
    ]
    return envelope.octets("payload", MOST_BYTES), signed


def _envelope(found: object) -> Fields:
    envelope = Fields("", found)
    envelope.only("payload", "payloadType", "signatures")
    envelope.choice("payloadType", (PAYLOAD_TYPE,))
    return envelope


def draft_policy(policy: LocalPolicy) -> bytes:
    """Return the policy as it is signed, without any signature."""
    limits = policy.limits
    whole = {
        "huxin": "local-policy",
        "v": 1,
        "region": policy.region,
        "version": policy.version,
        "deny": {
            "regions": sorted(policy.deny_regions),
            "keys": sorted(one.hex() for one in policy.deny_keys),
        },
        "accept": [
            {"region": one.region, "keys": _base64(write_region_keys(one))}
            for one in sorted(policy.accept, key=lambda one: one.region)
        ],
        "freshness": {
            "stale_hours": limits.stale // timedelta(hours=1),
            "warn_days": limits.warn.days,
            "refuse_days": limits.refuse.days,
        },
    }
    return (json.dumps(whole, indent=1, sort_keys=True) + "\n").encode("ascii")


def parse_policy(
    data: bytes, *, region: str, keys: Iterable[PublicKey], threshold: int = 1, held: int = 0
) -> LocalPolicy:
    """Read a policy of `region` that `threshold` of the keys signed; `held` is the version in force.

    Refuses with `trust-file`, `too-big`, `trust-threshold` or `trust-rollback`.
    """
    # (1) Who signed, (2) what was signed, (3) whether it is for here and follows on what is held.
    if len(data) > MOST_BYTES:
        raise RefusalError("too-big", "local-policy")
    envelope = _envelope(strict_json.parse(data, code="trust-file"))
    payload = envelope.octets("payload", MOST_BYTES)
    _check(envelope, payload, keys, threshold)
    found = _policy(payload)
    if found.region != region:
        raise refuse("/region", f"a policy of {found.region}")
    if found.version < held:
        raise RefusalError("trust-rollback", f"policy {found.version}, older than {held}")
    return found


def _check(envelope: Fields, payload: bytes, keys: Iterable[PublicKey], threshold: int) -> None:
    """Refuse what fewer than `threshold` keys signed, each counted once by what it is made of."""
    message = _signed_bytes(payload)
    signatures = []
    for one in envelope.objects("signatures", _MOST_SIGNATURES):
        one.only("keyid", "sig")
        signatures.append(one.octets("sig", _MOST_SIGNATURE))
    ours = [key for key in keys if key.algorithm == "EdDSA"]
    signed = {key.spki for key in ours if any(key.verify(one, message) for one in signatures)}
    if len(signed) < max(1, threshold):
        raise RefusalError("trust-threshold", f"policy: {len(signed)} of {threshold} keys")


def _signed_bytes(payload: bytes) -> bytes:
    """Return what is signed: DSSE 1.0, pre-authentication encoding."""
    kind = PAYLOAD_TYPE.encode("ascii")
    return b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)


def _policy(payload: bytes) -> LocalPolicy:
    fields = document(payload, kind="local-policy", limit=MOST_BYTES)
    fields.only("huxin", "v", "region", "version", "deny", "accept", "freshness")
    deny = fields.object("deny")
    deny.only("regions", "keys")
    accept = tuple(_accepted(one) for one in fields.objects("accept", MOST_REGIONS))
    if len({one.region for one in accept}) < len(accept):
        raise refuse("/accept", "a region twice")
    return LocalPolicy(
        fields.region("region"),
        fields.number("version", 1),
        frozenset(deny.regions("regions", MOST_REGIONS)),
        frozenset(map(bytes.fromhex, deny.digests("keys", _MOST_DENIED))),
        accept,
        _limits(fields.object("freshness")),
    )


def _accepted(fields: Fields) -> RegionKeys:
    fields.only("region", "keys")
    try:
        found = parse_region_keys(fields.octets("keys", MOST_KEYS_BYTES))
    except RefusalError as error:
        raise refuse("/accept", error.refusal.detail) from error
    if found.region != fields.region("region"):
        raise refuse("/accept", f"keys of {found.region}")
    return found


def _limits(fields: Fields) -> Limits:
    """Read limits; a place may be stricter than everybody, not laxer."""
    fields.only("stale_hours", "warn_days", "refuse_days")
    limits = Limits(
        timedelta(hours=fields.number("stale_hours", 1, 48)),
        timedelta(days=fields.number("warn_days", 1, 14)),
        timedelta(days=fields.number("refuse_days", 1, 30)),
    )
    if not limits.stale <= limits.warn <= limits.refuse:
        raise refuse("/freshness", "refuses before it warns, or warns before it is stale")
    return limits


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
