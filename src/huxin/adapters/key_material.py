"""A key that somebody handed over, as a certificate or a JWK, and the names that cards call it by.

- a certificate's kid is 8 bytes of SHA-256 of it; a bare key's, of its SubjectPublicKeyInfo.  A JWK
  may name another one, 8 bytes in base64, as some issuers of HCERT do;
- for health cards the kid is the thumbprint of the JWK, whatever it calls itself, and the curve P-256;
- the extended key usage of a certificate binds in every family of HCERT; a certificate that
  names none of the kinds may sign them all.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from huxin.adapters.key_description import public_jwk
from huxin.kernel import jws
from huxin.kernel.crypto import PublicKey, read_certificate
from huxin.kernel.errors import UnusableKeyError
from huxin.kernel.identifiers import kid_of
from huxin.trust.anchors import Anchor, Domain

__all__ = ["KeyMaterial", "certificate_bytes", "lent_certificate", "lent_jwk"]

_KID_BYTES: Final = 8
_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END"
_BLANK: Final = " \t\n\v\f\r"
_WITHOUT_BLANKS: Final = str.maketrans("", "", _BLANK)
_HCERT: Final[tuple[Domain, ...]] = ("dcc", "icvp", "huxin")
# Extended key usage of EU signing certificates; the second arc is a widespread slip of the pen.
_ARCS: Final = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
_USAGE: Final = {
    f"{arc}.{number}": kind
    for arc in _ARCS
    for number, kind in enumerate(("test", "vaccination", "recovery"), start=1)
}


@dataclass(frozen=True, slots=True)
class KeyMaterial:
    """A public key, with what its certificate or JWK says of it."""

    key: PublicKey
    kids: tuple[bytes, ...]
    health_card_kid: str | None
    usage: frozenset[str] | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None

    @classmethod
    def of_certificate(cls, der: bytes) -> KeyMaterial:
        """Read a certificate (DER or PEM); raises `UnusableKeyError`."""
        certificate = read_certificate(der)
        key = certificate.key
        usage = frozenset(_USAGE[one] for one in certificate.purposes if one in _USAGE)
        return cls(
            key,
            (kid_of(certificate.der),),
            jws.thumbprint(public_jwk(key)) if key.is_p256 else None,
            usage or None,
            certificate.not_before,
            certificate.not_after,
        )

    @classmethod
    def of_jwk(cls, jwk: object) -> KeyMaterial:
        """Read a public JWK; raises `UnusableKeyError`."""
        if not isinstance(jwk, dict):
            raise UnusableKeyError("not a public JWK")
        key, named = PublicKey.from_jwk(jwk), jwk.get("kid")
        if named is not None and not isinstance(named, str):
            raise UnusableKeyError("kid: a text")
        kids = dict.fromkeys((kid_of(key.spki), *_short_kid(named or "")))
        return cls(key, tuple(kids), jws.thumbprint(jwk) if key.is_p256 else None)

    def usage_in(self, domain: str) -> frozenset[str] | None:
        """Return the kinds that the key may sign in a domain, as far as its certificate says."""
        return self.usage if domain != "shc" else None

    def kids_in(self, domain: str) -> tuple[bytes, ...]:
        """Return the identifiers by which cards of a domain call the key."""
        if domain != "shc":
            return self.kids
        named = self.health_card_kid
        return () if named is None else (named.encode("ascii"),)


def certificate_bytes(text: str) -> bytes:
    """Return the bytes of a certificate written as base64, as PEM, or as base64 of the PEM; raises `UnusableKeyError`."""
    body = _in_pem(text)
    data = _base64(text if body is None else body)
    # Some pack a text file as they would a binary one.
    inner = _in_pem(data.decode("utf-8", "replace"))
    return data if inner is None else _base64(inner)


def _in_pem(text: str) -> str | None:
    """Return what stands between the lines of PEM, or `None` where the text does not begin with one."""
    found = text.lstrip("\ufeff" + _BLANK)
    return found[len(_BEGIN) :].partition(_END)[0] if found.startswith(_BEGIN) else None


def _base64(text: str) -> bytes:
    # ASCII white space alone is left out, for that is what lines are broken with; padding is as it should be.
    letters = text.lstrip("\ufeff").translate(_WITHOUT_BLANKS)
    try:
        if len(letters) % 4:
            raise ValueError("padding")
        return base64.b64decode(letters, validate=True)
    except ValueError as error:
        raise UnusableKeyError("neither base64 nor PEM") from error


def _short_kid(text: str) -> tuple[bytes, ...]:
    """Return the 8 bytes that a JWK's kid may stand for: issuers of HCERT write them in base64."""
    standard = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        kid = base64.b64decode(standard + "=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return ()
    return (kid,) if len(kid) == _KID_BYTES else ()


def lent_certificate(der: bytes) -> tuple[Anchor, ...]:
    """Return anchors for a certificate that somebody lends without saying whose it is.

    It may sign HCERT of every family.  Raises `UnusableKeyError`.
    """
    material = KeyMaterial.of_certificate(der)
    return tuple(
        Anchor(
            None,
            domain,
            kid,
            material.key,
            material.usage_in(domain),
            material.valid_from,
            material.valid_until,
        )
        for domain in _HCERT
        for kid in material.kids
    )


def lent_jwk(jwk: Mapping[str, Any], issuer: str | None) -> tuple[Anchor, ...]:
    """Return anchors for a JWK that somebody lends; `issuer` binds its health cards.

    Raises `UnusableKeyError`.
    """
    material = KeyMaterial.of_jwk(dict(jwk))
    health_cards = tuple(
        Anchor(None, "shc", kid, material.key, issuer=issuer) for kid in material.kids_in("shc")
    )
    others = (Anchor(None, domain, kid, material.key) for domain in _HCERT for kid in material.kids)
    return (*health_cards, *others)
