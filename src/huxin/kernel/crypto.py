"""The only door to `cryptography`: keys that verify, keys that sign, and sealed private keys.

- an algorithm belongs to a *key*, never to a message: `PublicKey.algorithm` is fixed
  when the key is read, and a caller compares a header with it, not the reverse;
- `verify` answers yes or no; a signature of the wrong length or form is a no;
- ECDSA signatures travel as r ‖ s (RFC 9053, section 2.1), never as DER;
- signing with ECDSA can be deterministic (RFC 6979), which makes vectors regenerable.

Key objects are made once and kept: building one costs a quarter of a verification.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Literal

from cryptography import x509
from cryptography.exceptions import InvalidSignature, InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from huxin.kernel import der, edwards, jws
from huxin.kernel.errors import RefusalError, UnusableKeyError

__all__ = [
    "Algorithm",
    "Certificate",
    "PrivateKey",
    "PublicKey",
    "SealingKey",
    "open_sealed",
    "read_certificate",
    "seal",
    "self_signed",
]

Algorithm = Literal["ES256", "PS256", "EdDSA"]

_SHA256: Final = hashes.SHA256()
_ECDSA: Final = ec.ECDSA(_SHA256)
_ECDSA_DETERMINISTIC: Final = ec.ECDSA(_SHA256, deterministic_signing=True)
_PSS: Final = padding.PSS(mgf=padding.MGF1(_SHA256), salt_length=32)
_MIN_RSA_BITS: Final = 2048
_MAX_RSA_BITS: Final = 8192
_CURVES: Final[dict[str, tuple[ec.EllipticCurve, int]]] = {
    "P-256": (ec.SECP256R1(), 32),
    "P-384": (ec.SECP384R1(), 48),
}
_SIZES: Final = {curve.name: size for curve, size in _CURVES.values()}
_SPKI_SIZES: Final = {91: 32, 120: 48}
_ED25519_BYTES: Final = 32
_HYBRID: Final = (6, 7)


_Checker = Callable[[bytes, bytes], None]
"""Checks a signature (first) over a message; raises `InvalidSignature` or `ValueError`."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that checks signatures of exactly one algorithm; `spki` is its DER form."""

    algorithm: Algorithm
    spki: bytes
    _check: _Checker = field(repr=False, compare=False)

    def verify(self, signature: bytes, message: bytes) -> bool:
        """Tell whether `signature` over `message` was made by this key's other half."""
        try:
            self._check(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    @classmethod
    def from_spki(cls, spki: bytes) -> PublicKey:
        """Read a DER SubjectPublicKeyInfo; raises `UnusableKeyError`."""
        try:
            key = _public(serialization.load_der_public_key(spki))
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnusableKeyError("not a public key") from error
        # The library also takes the hybrid form, of which RFC 5480 (section 2.2) says never to use it.
        if key.algorithm == "ES256" and der.point_of(spki)[0] in _HYBRID:
            raise UnusableKeyError("a point in the hybrid form")
        return key

    @classmethod
    def from_jwk(cls, jwk: dict[str, Any]) -> PublicKey:
        """Read a public JWK (EC P-256 or P-384, RSA, Ed25519); raises `UnusableKeyError`."""
        try:
            return _public(_jwk_object(jwk))
        except (KeyError, TypeError, ValueError, RefusalError, UnsupportedAlgorithm) as error:
            raise UnusableKeyError("not a public JWK") from error

    @classmethod
    def from_compact(cls, algorithm: Algorithm, data: bytes) -> PublicKey:
        """Read what `compact` wrote, and only that; raises `UnusableKeyError`."""
        try:
            key = _public(_compact_object(algorithm, data))
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnusableKeyError("not a public key") from error
        # One key has one form: another spelling of it would count as another key somewhere.
        if key.algorithm != algorithm or key.compact() != data:
            raise UnusableKeyError("not the one form of a public key")
        return key

    def compact(self) -> bytes:
        """Return the shortest usual form: a compressed point (SEC 1, 2.3.3), 32 bytes of Ed25519, or the SPKI of RSA."""
        # The SPKI is one that we wrote, with the point whole at its end: cut, not read anew, since lists are long.
        if self.algorithm == "EdDSA":
            return self.spki[-_ED25519_BYTES:]
        if self.algorithm == "PS256":
            return self.spki
        size = _SPKI_SIZES[len(self.spki)]
        x, y = self.spki[-2 * size : -size], self.spki[-size:]
        return bytes([2 | y[-1] & 1]) + x

    @property
    def is_p256(self) -> bool:
        """Whether it stands on P-256, the one curve of health cards."""
        return self.algorithm == "ES256" and _SPKI_SIZES[len(self.spki)] == _CURVES["P-256"][1]

    def jwk(self) -> dict[str, str]:
        """Return the public JWK of an ES256 key on P-256, for a key set that others read."""
        key = serialization.load_der_public_key(self.spki)
        if not isinstance(key, ec.EllipticCurvePublicKey):
            raise UnusableKeyError("only an elliptic-curve key is written as a JWK")
        point = key.public_numbers()
        size = _SIZES[key.curve.name]
        curve = next(name for name, (_, bytes_) in _CURVES.items() if bytes_ == size)
        return {
            "kty": "EC",
            "crv": curve,
            "x": jws.b64url(point.x.to_bytes(size, "big")),
            "y": jws.b64url(point.y.to_bytes(size, "big")),
        }


def _public(key: object) -> PublicKey:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return PublicKey("ES256", _spki(key), _ec_checker(key))
    if isinstance(key, rsa.RSAPublicKey):
        if not _MIN_RSA_BITS <= key.key_size <= _MAX_RSA_BITS:
            raise UnusableKeyError(f"RSA key of {key.key_size} bits")
        return PublicKey("PS256", _spki(key), _rsa_checker(key))
    if isinstance(key, ed25519.Ed25519PublicKey):
        # The library takes any 32 bytes: other spellings, and points with which anything verifies.
        if not edwards.is_canonical_key(key.public_bytes_raw()):
            raise UnusableKeyError("an Ed25519 key of small order, or not in its one spelling")
        return PublicKey("EdDSA", _spki(key), key.verify)
    raise UnusableKeyError("a key of a kind that Huxin does not verify with")


def _spki(key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey | ed25519.Ed25519PublicKey) -> bytes:
    return key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def _ec_checker(key: ec.EllipticCurvePublicKey) -> _Checker:
    # ES256 with a key on P-384 occurs on real cards, hence the size by curve.
    size = _SIZES.get(key.curve.name)
    if size is None:
        raise UnusableKeyError(f"curve {key.curve.name}")
    whole, verify, from_bytes = 2 * size, key.verify, int.from_bytes

    def check(signature: bytes, message: bytes) -> None:
        if len(signature) != whole:
            raise ValueError("length of the signature")
        r, s = from_bytes(signature[:size], "big"), from_bytes(signature[size:], "big")
        verify(encode_dss_signature(r, s), message, _ECDSA)

    return check


def _rsa_checker(key: rsa.RSAPublicKey) -> _Checker:
    def check(signature: bytes, message: bytes) -> None:
        key.verify(signature, message, _PSS, _SHA256)

    return check


def _jwk_object(jwk: dict[str, Any]) -> object:
    kind = jwk["kty"]
    if kind == "EC":
        curve, _ = _CURVES[jwk["crv"]]
        return ec.EllipticCurvePublicNumbers(
            _number(jwk["x"]), _number(jwk["y"]), curve
        ).public_key()
    if kind == "RSA":
        return rsa.RSAPublicNumbers(_number(jwk["e"]), _number(jwk["n"])).public_key()
    if kind == "OKP" and jwk["crv"] == "Ed25519":
        return ed25519.Ed25519PublicKey.from_public_bytes(_octets(jwk["x"]))
    raise ValueError("kty")


def _compact_object(algorithm: Algorithm, data: bytes) -> object:
    if algorithm == "EdDSA":
        return ed25519.Ed25519PublicKey.from_public_bytes(data)
    if algorithm == "PS256":
        return serialization.load_der_public_key(data)
    sizes = {size + 1: curve for curve, size in _CURVES.values()}
    if len(data) not in sizes:
        raise ValueError("length of a point")
    return ec.EllipticCurvePublicKey.from_encoded_point(sizes[len(data)], data)


def _number(member: object) -> int:
    return int.from_bytes(_octets(member), "big")


def _octets(member: object) -> bytes:
    if not isinstance(member, str):
        raise TypeError("a member that is not text")
    return jws.b64url_bytes(member)


@dataclass(frozen=True, slots=True)
class Certificate:
    """A signing certificate: its key, its dates, the purposes (OIDs) of its extended usage, its subject."""

    der: bytes
    key: PublicKey
    not_before: datetime
    not_after: datetime
    purposes: tuple[str, ...]
    subject: str = ""


def read_certificate(data: bytes) -> Certificate:
    """Read a certificate in DER or PEM; odd encodings are read leniently (see `kernel.der`).

    Raises `UnusableKeyError` where even that finds no key.
    """
    der_bytes = _from_pem(data)
    try:
        parts = _strict_parts(der_bytes)
    except (ValueError, UnsupportedAlgorithm, x509.InvalidVersion, x509.DuplicateExtension):
        parts = der.read_certificate(der_bytes)
    key = PublicKey.from_spki(parts.public_key)
    return Certificate(
        der_bytes, key, parts.not_before, parts.not_after, parts.purposes, parts.subject
    )


def _from_pem(data: bytes) -> bytes:
    head, begin, rest = data.partition(b"-----BEGIN CERTIFICATE-----")
    if not begin or head.strip():
        return data
    try:
        return base64.b64decode(b"".join(rest.partition(b"-----END")[0].split()), validate=True)
    except binascii.Error as error:
        raise UnusableKeyError("not a PEM certificate") from error


def _strict_parts(data: bytes) -> der.CertificateParts:
    with warnings.catch_warnings():
        # A serial number below one, say, is for its issuer to mend; nobody at a door can.
        warnings.simplefilter("ignore")
        certificate = x509.load_der_x509_certificate(data)
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        purposes = tuple(oid.dotted_string for oid in usage)
    except x509.ExtensionNotFound:
        purposes = ()
    return der.CertificateParts(
        der.read_certificate(data).public_key,  # as it is written, which the library would not tell
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
        purposes,
        certificate.subject.rfc4514_string(),
    )


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key that signs: ES256 on P-256, or Ed25519.  Its bytes leave only sealed."""

    public: PublicKey
    _key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey = field(repr=False, compare=False)

    @classmethod
    def generate(cls, algorithm: Algorithm = "ES256") -> PrivateKey:
        """Make a new key from the system's randomness."""
        if algorithm == "EdDSA":
            return _private(ed25519.Ed25519PrivateKey.generate())
        return _private(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_secret(cls, secret: bytes) -> PrivateKey:
        """Make the P-256 key whose private number is `secret` (32 bytes); for vectors and restore.

        Raises `UnusableKeyError` when the number is zero or not below the order of the curve.
        """
        try:
            return _private(ec.derive_private_key(int.from_bytes(secret, "big"), ec.SECP256R1()))
        except ValueError as error:
            raise UnusableKeyError("not a private number of P-256") from error

    @classmethod
    def from_pkcs8(cls, data: bytes) -> PrivateKey:
        """Read an unencrypted PKCS #8 key in DER or PEM; raises `UnusableKeyError`."""
        try:
            pem = data.lstrip().startswith(b"-----BEGIN")
            load = serialization.load_pem_private_key if pem else serialization.load_der_private_key
            return _private(load(data, password=None))
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise UnusableKeyError("not a private key") from error

    def sign(self, message: bytes, *, deterministic: bool = False) -> bytes:
        """Sign; an ES256 signature is r ‖ s, 64 bytes.  `deterministic` follows RFC 6979."""
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(message)
        method = _ECDSA_DETERMINISTIC if deterministic else _ECDSA
        r, s = decode_dss_signature(self._key.sign(message, method))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    def pkcs8(self) -> bytes:
        """Return the unencrypted PKCS #8 DER bytes; only for sealing."""
        return self._key.private_bytes(
            serialization.Encoding.DER,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )

    def secret(self) -> bytes:
        """Return the 32 private bytes; only for a recovery sheet."""
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.private_bytes_raw()
        return self._key.private_numbers().private_value.to_bytes(32, "big")


def _private(key: object) -> PrivateKey:
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return PrivateKey(_public(key.public_key()), key)
    if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
        return PrivateKey(_public(key.public_key()), key)
    raise UnusableKeyError("Huxin signs with P-256 or Ed25519 only")


def self_signed(
    key: PrivateKey,
    *,
    name: str,
    serial: int,
    not_before: datetime,
    not_after: datetime,
    hosts: tuple[str, ...] = (),
) -> bytes:
    """Return a self-signed certificate (DER) around an ES256 key, for readers that ask for one.

    `hosts` are the names and addresses of a server that shows it to browsers.
    """
    if not isinstance(key._key, ec.EllipticCurvePrivateKey):
        raise UnusableKeyError("a certificate is made around an ES256 key")
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key._key.public_key())
        .serial_number(serial)
        .not_valid_before(not_before.astimezone(UTC))
        .not_valid_after(not_after.astimezone(UTC))
    )
    if hosts:
        names = x509.SubjectAlternativeName([_host(each) for each in hosts])
        builder = builder.add_extension(names, critical=False)
    return builder.sign(key._key, _SHA256, ecdsa_deterministic=True).public_bytes(
        serialization.Encoding.DER
    )


def _host(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(text))
    except ValueError:
        return x509.DNSName(text)


_SCRYPT_N: Final = 2**16
_SALT_BYTES: Final = 16
_NONCE_BYTES: Final = 12
_SEALING_BYTES: Final = 32
_SEALED_1: Final = b"\x01"


def seal(secret: bytes, passphrase: str, *, salt: bytes, nonce: bytes, context: bytes) -> bytes:
    """Encrypt under a passphrase: scrypt (N = 2^16, r = 8, p = 1), then AES-256-GCM.

    `context` is authenticated, not hidden: a file whose open part was changed will not open.
    """
    if len(salt) != _SALT_BYTES or len(nonce) != _NONCE_BYTES:
        raise ValueError("salt of 16 bytes, nonce of 12")
    return AESGCM(_stretch(passphrase, salt)).encrypt(nonce, secret, context)


def open_sealed(
    sealed: bytes, passphrase: str, *, salt: bytes, nonce: bytes, context: bytes
) -> bytes:
    """Undo `seal`; raises `UnusableKeyError` for a wrong passphrase or changed bytes alike."""
    try:
        return AESGCM(_stretch(passphrase, salt)).decrypt(nonce, sealed, context)
    except (InvalidTag, ValueError) as error:
        raise UnusableKeyError("wrong passphrase, or the file was changed") from error


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(passphrase.encode("utf-8"))


@dataclass(frozen=True, slots=True)
class SealingKey:
    """A secret of 32 bytes that seals fields of a database: AES-256-GCM (NIST SP 800-38D).

    What is sealed is `version ‖ nonce ‖ ciphertext`; with random nonces one key serves for
    2³² fields (section 8.3 there), and the version leaves room for the next key.
    """

    _cipher: AESGCM = field(repr=False, compare=False)

    @classmethod
    def from_secret(cls, secret: bytes) -> SealingKey:
        """Take 32 secret bytes; raises `UnusableKeyError` for any other length."""
        if len(secret) != _SEALING_BYTES:
            raise UnusableKeyError("a sealing key has 32 bytes")
        return cls(AESGCM(secret))

    def seal(self, plain: bytes, *, nonce: bytes, context: bytes) -> bytes:
        """Encrypt; `context` (which field of which table) is authenticated, not hidden."""
        return _SEALED_1 + nonce + self._cipher.encrypt(nonce, plain, context)

    def open(self, sealed: bytes, *, context: bytes) -> bytes:
        """Undo `seal`; raises `UnusableKeyError` for another key, context or changed bytes."""
        nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
        if sealed[:1] != _SEALED_1 or len(nonce) != _NONCE_BYTES:
            raise UnusableKeyError("not a sealed field")
        try:
            return self._cipher.decrypt(nonce, body, context)
        except InvalidTag as error:
            raise UnusableKeyError("another key or context, or changed bytes") from error
