"""Huxin's own figures: each work against one bare signature operation in the same rounds.

The unit is what `cryptography` does with a key that is loaded and a signature in its own
form (DER), nothing else: that is the physical limit of one core.
"""

from collections.abc import Callable

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from bench import cases
from bench.measure import smallest
from huxin.trust import qr, reading
from huxin.trust.credentials import base45, hcert
from huxin.trust.issue import issue
from huxin.trust.verify import verify

BATCH = 100
HASH = ec.ECDSA(hashes.SHA256())


def bare_verify(signature: bytes, message: bytes) -> Callable[[], None]:
    """Return the unit of verifying."""
    key = serialization.load_der_public_key(cases.SIGNER.key.public.spki)
    assert isinstance(key, ec.EllipticCurvePublicKey)
    r, s = (int.from_bytes(half, "big") for half in (signature[:32], signature[32:]))
    der = encode_dss_signature(r, s)
    return lambda: key.verify(der, message, HASH)


def bare_sign(message: bytes) -> Callable[[], bytes]:
    """Return the unit of signing."""
    key = serialization.load_der_private_key(cases.SIGNER.key.pkcs8(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return lambda: key.sign(message, HASH)


def figures() -> dict[str, float]:
    """Return ratios by name: to a bare verification, or for issuing and drawing to a bare sign."""
    return _verifying() | _issuing()


def _verifying() -> dict[str, float]:
    basis, now = cases.basis(), cases.NOW
    dcc = cases.text(cases.CARD, "hcert-1")
    attestation = cases.text(cases.ATTESTATION, "hcert-100")
    health_card = cases.text(cases.HEALTH_CARD, "shc")
    batch = cases.many(BATCH)
    picture = qr.png(attestation, scale=4)
    letters = dcc[len(hcert.PREFIX) :]
    (card,) = reading.open(dcc)
    assert card.credential is not None
    for text in (dcc, attestation, health_card):
        assert verify(reading.open(text), basis, now=now).outcome == "accepted", text

    def all_of_batch() -> None:
        # In stages, so that each keeps the processor's caches: first all are read, then judged.
        opened = [reading.open(text) for text in batch]
        for one in opened:
            verify(one, basis, now=now)

    times = smallest(
        {
            "bare": bare_verify(card.credential.signature, card.credential.signed),
            "dcc-verify": lambda: verify(reading.open(dcc), basis, now=now),
            "attestation-verify": lambda: verify(reading.open(attestation), basis, now=now),
            "health-card-verify": lambda: verify(reading.open(health_card), basis, now=now),
            "dcc-batch": all_of_batch,
            "base45-decode": lambda: base45.decode(letters),
            "picture-read": lambda: qr.read(picture),
        }
    )
    times["dcc-batch"] /= BATCH
    return _ratios(times)


def _issuing() -> dict[str, float]:
    signer, now = cases.SIGNER, cases.NOW
    attestation = issue(cases.ATTESTATION, signer, now=now)
    times = smallest(
        {
            "bare": bare_sign(attestation.signed),
            "issue-dcc": lambda: issue(cases.CARD, signer, now=now, format="hcert-1"),
            "issue-attestation": lambda: issue(cases.ATTESTATION, signer, now=now),
            "issue-health-card": lambda: issue(cases.HEALTH_CARD, signer, now=now, format="shc"),
            "qr-modules": lambda: qr.modules(attestation.text),
            "qr-png": lambda: qr.png(attestation.text),
            "qr-svg": lambda: qr.svg(attestation.text, title="x"),
        }
    )
    return _ratios(times)


def _ratios(times: dict[str, float]) -> dict[str, float]:
    bare = times.pop("bare")
    return {name: time / bare for name, time in times.items()}
