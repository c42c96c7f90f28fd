"""The made-up issuers of the vectors.

Their secrets are public and fixed, and every signature is deterministic (RFC 6979 for
ECDSA, a fixed salt for PSS), so that each run of the generator writes the same bytes.
Nothing outside a test may ever trust one of these keys.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from tools.vectors import plain

__all__ = [
    "ALGORITHM_NUMBERS",
    "EMPTY_USAGE",
    "FALSE_ARC",
    "USAGE_ARC",
    "Issuer",
    "issuer",
    "usage_extension",
]

ALGORITHM_NUMBERS: Final = {"ES256": -7, "PS256": -37, "EdDSA": -8}

_SINCE: Final = datetime(2025, 1, 1, tzinfo=UTC)
_UNTIL: Final = datetime(2035, 1, 1, tzinfo=UTC)
USAGE_ARC: Final = "1.3.6.1.4.1.1847.2021.1"
FALSE_ARC: Final = "1.3.6.1.4.1.0.1847.2021.1"  # a slip of the pen that many issuers made
_USAGES: Final = {"test": 1, "vaccination": 2, "recovery": 3}
_SALT: Final = bytes(range(32))

# Two primes for the one RSA key; found by chance once, public ever since.
_RSA_P: Final = int(
    "c5284866230a37312b60a0f7374b4345c429ee02882a9eaf2f10d58bf2933d5b4a17411e5aeef5c6dbd4"
    "ddc4ce16cc2ba422c51c1df9f403c73961b503143893a1c6c04271a7dd932ce9e6f19f4c0da5221e3a83"
    "050c93e8a27b5788f19d7b0b75f87f19569351d1afdb3a1bfe3df38e332c782cb1e19caf903258c70163"
    "6943",
    16,
)
_RSA_Q: Final = int(
    "b5c18db4ba3828a5db294987b456c8cec684e8cf63b3f34ef804ba0da31a5e25d07ae5e3f52057bd1216"
    "302b39a5249576b997596067f58c4664a583de58c36307cf8e25b97b6bf4a06f8f0300a04ddb9ee88e74"
    "9659af497dde6182351f76232c0e6a71fc1906c01e0f73911e839bf57b7603adceac3daf50ef553e677c"
    "2413",
    16,
)


def _number(name: str) -> int:
    """Return the fixed private number of an issuer, below the order of every curve in use."""
    return int.from_bytes(hashlib.sha256(f"huxin vectors: {name}".encode()).digest(), "big") >> 1


@dataclass(frozen=True)
class Issuer:
    """Somebody who signs: a key of one algorithm, and a certificate around it."""

    name: str
    algorithm: str
    private: Any = field(repr=False)
    extensions: tuple[x509.ExtensionType, ...] = ()

    def sign(self, message: bytes) -> bytes:
        """Sign in the form that COSE and JOSE share, the same way every time."""
        return _SIGNERS[self.algorithm](self.private, message)

    @property
    def public(self) -> Any:
        return self.private.public_key()

    @cached_property
    def certificate(self) -> bytes:
        """The self-signed certificate, DER."""
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Made-up {self.name}")])
        builder = x509.CertificateBuilder(
            subject, subject, self.public, _number(self.name) >> 128, _SINCE, _UNTIL
        )
        for extension in self.extensions:
            builder = builder.add_extension(extension, critical=False)
        algorithm = None if self.algorithm == "EdDSA" else hashes.SHA256()
        curve = isinstance(self.private, ec.EllipticCurvePrivateKey)
        made = builder.sign(self.private, algorithm, ecdsa_deterministic=curve or None)
        return made.public_bytes(serialization.Encoding.DER)

    @property
    def kid(self) -> bytes:
        """The key identifier of HCERT: of the certificate."""
        return hashlib.sha256(self.certificate).digest()[:8]

    @property
    def jwk(self) -> dict[str, str]:
        """The public key as a JWK; only elliptic-curve keys are lent that way."""
        point = self.public.public_numbers()
        size = self.public.key_size // 8
        return {
            "kty": "EC",
            "crv": f"P-{self.public.key_size}",
            "x": plain.b64url(point.x.to_bytes(size, "big")),
            "y": plain.b64url(point.y.to_bytes(size, "big")),
        }

    @property
    def thumbprint(self) -> str:
        """The key identifier of SMART Health Cards (RFC 7638)."""
        members = ",".join(f'"{name}":"{self.jwk[name]}"' for name in ("crv", "kty", "x", "y"))
        return plain.b64url(hashlib.sha256(f"{{{members}}}".encode()).digest())

    def lent(self, **more: object) -> dict[str, object]:
        """Return the entry for `keys` of a line, as a certificate."""
        return {"certificate": base64.b64encode(self.certificate).decode("ascii")} | more

    def lent_jwk(self, **more: object) -> dict[str, object]:
        """Return the entry for `keys` of a line, as a JWK."""
        return {"jwk": self.jwk} | more


def _sign_ec(private: ec.EllipticCurvePrivateKey, message: bytes) -> bytes:
    method = ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    r, s = decode_dss_signature(private.sign(message, method))
    size = private.key_size // 8
    return r.to_bytes(size, "big") + s.to_bytes(size, "big")


def _sign_ed(private: ed25519.Ed25519PrivateKey, message: bytes) -> bytes:
    return private.sign(message)


def _sign_rsa(private: rsa.RSAPrivateKey, message: bytes) -> bytes:
    """Sign with PSS (RFC 8017, 9.1.1) and a fixed salt, which the library does not offer."""
    numbers = private.private_numbers()
    modulus = numbers.public_numbers.n
    size = private.key_size // 8
    digest = hashlib.sha256(bytes(8) + hashlib.sha256(message).digest() + _SALT).digest()
    masked = size - len(digest) - 1
    block = (b"\1" + _SALT).rjust(masked, b"\0")
    mask = b"".join(
        hashlib.sha256(digest + counter.to_bytes(4, "big")).digest()
        for counter in range(-(-masked // 32))
    )[:masked]
    hidden = bytearray(left ^ right for left, right in zip(block, mask, strict=True))
    hidden[0] &= 0x7F
    encoded = int.from_bytes(bytes(hidden) + digest + b"\xbc", "big")
    return pow(encoded, numbers.d, modulus).to_bytes(size, "big")


_SIGNERS: Final[dict[str, Callable[[Any, bytes], bytes]]] = {
    "ES256": _sign_ec,
    "PS256": _sign_rsa,
    "EdDSA": _sign_ed,
}


def _rsa() -> rsa.RSAPrivateKey:
    p, q, e = _RSA_P, _RSA_Q, 65537
    d = pow(e, -1, (p - 1) * (q - 1))
    public = rsa.RSAPublicNumbers(e, p * q)
    crt = (rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q))
    return rsa.RSAPrivateNumbers(p, q, d, *crt, public).private_key()


def usage_extension(*kinds: str, arc: str = USAGE_ARC) -> x509.ExtendedKeyUsage:
    """Return the extended key usage that limits a certificate to kinds of event."""
    return x509.ExtendedKeyUsage(
        [x509.ObjectIdentifier(f"{arc}.{_USAGES[kind]}") for kind in kinds]
    )


# A sequence without members: not allowed by RFC 5280, and found on real certificates.
EMPTY_USAGE: Final = x509.UnrecognizedExtension(x509.OID_EXTENDED_KEY_USAGE, b"\x30\x00")


def issuer(name: str, kind: str = "P-256", *extensions: x509.ExtensionType) -> Issuer:
    """Make the issuer of that name with a key of a kind: `P-256`, `P-384`, `RSA`, `Ed25519`."""
    number = _number(name)
    if kind == "RSA":
        return Issuer(name, "PS256", _rsa(), extensions)
    if kind == "Ed25519":
        secret = ed25519.Ed25519PrivateKey.from_private_bytes(number.to_bytes(32, "big"))
        return Issuer(name, "EdDSA", secret, extensions)
    curve = ec.SECP384R1() if kind == "P-384" else ec.SECP256R1()
    return Issuer(name, "ES256", ec.derive_private_key(number, curve), extensions)
