"""What everyone may know of a signing key: whose it is, what for, and until when.

- making a description checks it, whether a person typed it or a file said it;
- a key verifies for at most two years, and is meant to sign for a month of them: a fresh key
  limits what a theft can do.  A test key may be kept for longer;
- a certificate is only carried: the key counts, and must be the same one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from huxin.kernel import jws
from huxin.kernel.crypto import PublicKey, read_certificate
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import kid_of, parse_region
from huxin.trust.anchors import DOMAINS, ENVIRONMENTS, Domain
from huxin.trust.credentials.facts import KINDS

__all__ = ["ISSUES_FOR", "VERIFIES_FOR", "KeyDescription", "public_jwk"]

ISSUES_FOR: Final = timedelta(days=31)
VERIFIES_FOR: Final = timedelta(days=731)  # two years, one of them perhaps a leap year


@dataclass(frozen=True, slots=True)
class KeyDescription:
    """A signing key without its secret.

    `usage` names the kinds of event that it may sign (`None`: all).  Making one checks it;
    refuses with `bad-input`, or `missing` for a health card key without its address.
    """

    region: str
    environment: str
    domains: tuple[Domain, ...]
    valid_from: datetime
    valid_until: datetime
    public: PublicKey
    usage: frozenset[str] | None = None
    certificate: bytes | None = field(default=None, repr=False)
    health_card_issuer: str | None = None

    def __post_init__(self) -> None:
        parse_region(self.region)
        _require(self.environment in ENVIRONMENTS, "environment: production or test")
        _require(_some_of(self.domains, DOMAINS), f"domains: some of {', '.join(DOMAINS)}")
        _require(
            self.usage is None or _some_of(tuple(self.usage), KINDS),
            f"usage: some of {', '.join(KINDS)}",
        )
        _check_dates(self)
        _check_certificate(self)
        _check_health_cards(self)

    @property
    def kid(self) -> bytes:
        """The key identifier for HCERT: 8 bytes of SHA-256 of the certificate, or the key."""
        return kid_of(self.certificate or self.public.spki)

    @property
    def health_card_kid(self) -> str:
        """The key identifier for SMART Health Cards: the thumbprint of the JWK."""
        return jws.thumbprint(public_jwk(self.public))

    @property
    def issues_until(self) -> datetime:
        """Until when the key should sign; it verifies for longer."""
        return min(self.valid_from + ISSUES_FOR, self.valid_until)


def _require(holds: bool, detail: str) -> None:
    if not holds:
        raise RefusalError("bad-input", detail)


def _some_of(chosen: tuple[str, ...], known: tuple[str, ...]) -> bool:
    return bool(chosen) and len(set(chosen)) == len(chosen) and set(chosen) <= set(known)


def _check_dates(key: KeyDescription) -> None:
    life = key.valid_until - key.valid_from
    _require(life > timedelta(0), "valid_until: before valid_from")
    _require(
        key.environment == "test" or life <= VERIFIES_FOR,
        "valid_until: a key verifies for at most two years",
    )


def _check_certificate(key: KeyDescription) -> None:
    if key.certificate is None:
        return
    try:
        fits = read_certificate(key.certificate).key == key.public
    except UnusableKeyError as error:
        raise RefusalError("bad-input", f"certificate: {error}") from error
    _require(fits, "certificate: of another key")


def _check_health_cards(key: KeyDescription) -> None:
    address = key.health_card_issuer
    if address is None:
        if "shc" in key.domains:
            raise RefusalError("missing", "health_card_issuer: the https address of the keys")
        return
    https = address.startswith("https://") and address[-1] != "/" and address.isascii()
    _require(https, "health_card_issuer: an https address without a slash at its end")
    _require(key.public.algorithm == "ES256", "health_card_issuer: health cards need ES256")


def public_jwk(key: PublicKey) -> dict[str, str]:
    """Return the public JWK of a key that Huxin signs with (P-256 or Ed25519)."""
    if key.algorithm == "EdDSA":
        # The key is the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410, section 4).
        return {"kty": "OKP", "crv": "Ed25519", "x": jws.b64url(key.spki[-32:])}
    return key.jwk()
