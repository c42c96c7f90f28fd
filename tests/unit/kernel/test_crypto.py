import base64
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from huxin.kernel import crypto, der, jws
from huxin.kernel.crypto import (
    PrivateKey,
    PublicKey,
    SealingKey,
    open_sealed,
    read_certificate,
    seal,
)
from huxin.kernel.errors import UnusableKeyError
from tests.lib import certificates
from tests.lib.regions import REED_ISLES

KEY = PrivateKey.from_secret(b"\x01" * 32)
BEGIN, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
CERTIFICATE = crypto.self_signed(KEY, name="QW", serial=7, not_before=BEGIN, not_after=END)


def spki(key: object) -> bytes:
    return key.public_bytes(  # type: ignore[attr-defined,no-any-return]  # any public key
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def test_es256_signatures_are_r_and_s() -> None:
    signature = KEY.sign(b"message")
    assert len(signature) == 64
    assert KEY.public.verify(signature, b"message")
    assert not KEY.public.verify(signature, b"messagf")
    assert not KEY.public.verify(signature + b"\0", b"message")
    assert not KEY.public.verify(bytes(64), b"message")


def test_signing_can_be_deterministic() -> None:
    assert KEY.sign(b"m", deterministic=True) == KEY.sign(b"m", deterministic=True)
    assert KEY.sign(b"m") != KEY.sign(b"m")


def test_ed25519() -> None:
    key = PrivateKey.generate("EdDSA")
    assert key.public.algorithm == "EdDSA"
    assert key.public.verify(key.sign(b"m"), b"m")
    assert not key.public.verify(b"", b"m")
    assert len(key.secret()) == 32
    assert PrivateKey.from_pkcs8(key.pkcs8()).public == key.public


def test_ps256() -> None:
    private = rsa.generate_private_key(65537, 2048)
    public = PublicKey.from_spki(spki(private.public_key()))
    signature = private.sign(b"m", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    assert public.algorithm == "PS256"
    assert public.verify(signature, b"m")
    assert not public.verify(signature[:-1], b"m")


def test_es256_with_a_key_on_p_384_is_read() -> None:
    private = ec.generate_private_key(ec.SECP384R1())
    r, s = decode_dss_signature(private.sign(b"m", ec.ECDSA(hashes.SHA256())))
    public = PublicKey.from_spki(spki(private.public_key()))
    assert public.verify(r.to_bytes(48, "big") + s.to_bytes(48, "big"), b"m")
    assert public.jwk()["crv"] == "P-384"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a small RSA key", rsa.generate_private_key(65537, 1024).public_key()),
        ("a curve of another kind", ec.generate_private_key(ec.SECP256K1()).public_key()),
        ("DSA", dsa.generate_private_key(1024).public_key()),
    ],
)
def test_keys_of_no_use(name: str, key: object) -> None:
    with pytest.raises(UnusableKeyError):
        PublicKey.from_spki(spki(key))


def test_bytes_that_are_no_key() -> None:
    with pytest.raises(UnusableKeyError):
        PublicKey.from_spki(b"key")


def test_jwks_are_read() -> None:
    assert PublicKey.from_jwk(KEY.public.jwk()) == KEY.public
    ed = PrivateKey.generate("EdDSA").public
    x = serialization.load_der_public_key(ed.spki)
    assert isinstance(x, ed25519.Ed25519PublicKey)
    okp = {"kty": "OKP", "crv": "Ed25519", "x": jws.b64url(x.public_bytes_raw())}
    assert PublicKey.from_jwk(okp) == ed
    numbers = rsa.generate_private_key(65537, 2048).public_key().public_numbers()
    rsa_jwk = {"kty": "RSA", "e": "AQAB", "n": jws.b64url(numbers.n.to_bytes(256, "big"))}
    assert PublicKey.from_jwk(rsa_jwk).algorithm == "PS256"


@pytest.mark.parametrize(
    "jwk",
    [
        {},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "OKP", "crv": "X25519", "x": "AAAA"},
        {"kty": "EC", "crv": "P-521", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "AAAA", "y": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": 1, "y": 2},
        {"kty": "EC", "crv": "P-256", "x": "=", "y": "="},
        {"kty": "EC", "crv": [], "x": "AAAA", "y": "AAAA"},
    ],
)
def test_jwks_of_no_use(jwk: dict[str, object]) -> None:
    with pytest.raises(UnusableKeyError):
        PublicKey.from_jwk(jwk)


def test_only_elliptic_curves_are_written_as_jwk() -> None:
    with pytest.raises(UnusableKeyError):
        PrivateKey.generate("EdDSA").public.jwk()


def test_private_keys_come_from_secrets_and_files() -> None:
    assert PrivateKey.from_secret(KEY.secret()).public == KEY.public
    assert PrivateKey.from_pkcs8(KEY.pkcs8()).public == KEY.public
    pem = (
        b"-----BEGIN PRIVATE KEY-----\n"
        + base64.b64encode(KEY.pkcs8())
        + b"\n-----END PRIVATE KEY-----\n"
    )
    assert PrivateKey.from_pkcs8(pem).public == KEY.public
    assert PrivateKey.generate().public.algorithm == "ES256"


def test_private_keys_of_no_use() -> None:
    with pytest.raises(UnusableKeyError):
        PrivateKey.from_secret(bytes(32))
    with pytest.raises(UnusableKeyError):
        PrivateKey.from_pkcs8(b"key")
    p384 = ec.generate_private_key(ec.SECP384R1()).private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with pytest.raises(UnusableKeyError):
        PrivateKey.from_pkcs8(p384)


def test_secrets_do_not_show_in_representations() -> None:
    assert "0101" not in repr(KEY)
    assert repr(KEY).count("_key") == 0


def test_certificates() -> None:
    read = read_certificate(CERTIFICATE)
    assert read.key == KEY.public
    assert (read.not_before, read.not_after, read.purposes) == (BEGIN, END, ())
    pem = (
        b"-----BEGIN CERTIFICATE-----\n"
        + base64.encodebytes(CERTIFICATE)
        + b"-----END CERTIFICATE-----"
    )
    assert read_certificate(pem).der == CERTIFICATE


def test_a_serial_number_below_one_is_no_matter_here() -> None:
    number = bytes.fromhex("020107")  # the suite turns a warning of the library into a failure
    odd = CERTIFICATE.replace(number, bytes.fromhex("020100"), 1)
    assert odd != CERTIFICATE
    assert read_certificate(odd).key == KEY.public


def test_a_certificate_is_made_only_around_es256() -> None:
    with pytest.raises(UnusableKeyError):
        crypto.self_signed(
            PrivateKey.generate("EdDSA"), name="QW", serial=1, not_before=BEGIN, not_after=END
        )


def test_a_servers_certificate_names_its_hosts() -> None:
    der = crypto.self_signed(
        KEY,
        name="QW",
        serial=7,
        not_before=BEGIN,
        not_after=END,
        hosts=("192.0.2.7", "::1", "node.example.org"),
    )
    names = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert [str(each.value) for each in names.value] == ["192.0.2.7", "::1", "node.example.org"]


@pytest.mark.parametrize(
    "data", [b"", b"certificate", CERTIFICATE[:-200], b"-----BEGIN CERTIFICATE-----\n*"]
)
def test_what_is_no_certificate(data: bytes) -> None:
    with pytest.raises(UnusableKeyError):
        read_certificate(data)


def with_usage(*oids: str, times: tuple[datetime, datetime] = (BEGIN, END)) -> bytes:
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "QW")])
    key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(times[0])
        .not_valid_after(times[1])
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    )
    if oids:
        usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


@pytest.mark.parametrize(
    "certificate",
    [
        CERTIFICATE,
        with_usage(),
        with_usage("1.3.6.1.4.1.1847.2021.1.1", "1.3.6.1.4.1.0.1847.2021.1.2", "2.23.136.1.1.14.2"),
        with_usage("1.3.6.1.5.5.7.3.1", times=(BEGIN, datetime(2055, 1, 1, tzinfo=UTC))),
        with_usage(times=(datetime(1999, 1, 1, tzinfo=UTC), END)),
    ],
)
def test_the_lenient_reader_sees_what_the_strict_one_sees(certificate: bytes) -> None:
    strict = read_certificate(certificate)
    lenient = der.read_certificate(certificate)
    assert lenient.public_key == strict.key.spki
    assert (lenient.not_before, lenient.not_after) == (strict.not_before, strict.not_after)
    assert lenient.purposes == strict.purposes


def test_a_default_written_out_does_not_hide_key_and_usage() -> None:
    oid = "1.3.6.1.4.1.1847.2021.1.2"
    proper = with_usage(oid)
    # BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE }, which DER says to leave out:
    # the empty sequence becomes one with the default in it, and every length above grows by 3.
    odd = grow(
        proper, proper.index(bytes.fromhex("0603551d13")), b"\x30\x00", b"\x30\x03\x01\x01\x00"
    )
    with pytest.raises(ValueError, match="EncodedDefault"):
        _ = x509.load_der_x509_certificate(odd).extensions
    assert read_certificate(odd).purposes == (oid,)


def grow(certificate: bytes, at: int, old: bytes, new: bytes) -> bytes:
    """Replace `old`, after `at`, by `new`, and mend the lengths of all that contains it."""
    place = certificate.index(old, at)
    extra = len(new) - len(old)
    data = bytearray(certificate[:place] + new + certificate[place + len(old) :])
    for start, size in containers(certificate, place):
        length = int.from_bytes(data[start : start + size], "big")
        data[start : start + size] = (length + extra).to_bytes(size, "big")
    return bytes(data)


def containers(data: bytes, place: int) -> list[tuple[int, int]]:
    """Return where the lengths stand of the elements around `place`, from outside in."""
    found, at, end = [], 0, len(data)
    while at < place < end:
        length, start, size = data[at + 1], at + 2, 1
        if length & 0x80:
            size = length & 0x7F
            length, start = int.from_bytes(data[start : start + size], "big"), start + size
        if start <= place < start + length:
            found.append((start - size, size))
            constructed = data[at] & 0x20 or data[at] == 0x04
            at, end = (start, start + length) if constructed else (place, end)
        else:
            at = start + length
    return found


@pytest.mark.parametrize(
    "data",
    [
        "", "30", "3080", "3085", "30850000000001", "3003020101", "30020500",
        "3006300402010105", "300a30080201010500050005",
    ],
)  # fmt: skip
def test_the_lenient_reader_refuses_lengths_that_do_not_fit(data: str) -> None:
    with pytest.raises(UnusableKeyError):
        der.read_certificate(bytes.fromhex(data))


def test_the_lenient_reader_refuses_a_date_of_another_type() -> None:
    at = CERTIFICATE.index(b"\x17\x0d26")
    with pytest.raises(UnusableKeyError):
        der.read_certificate(CERTIFICATE[:at] + b"\x16" + CERTIFICATE[at + 1 :])


@pytest.mark.parametrize(
    "written", [b"2601010000Z", b"2601 1000000Z", b"26010100000Z", b"260101000000z"]
)
def test_the_lenient_reader_takes_no_date_that_is_not_whole(written: bytes) -> None:
    date = certificates.der(0x17, written)
    with pytest.raises(UnusableKeyError):
        der.read_certificate(certificates.certificate(dates=(date, certificates.AFTER)))


def test_the_lenient_reader_looks_at_what_follows_too() -> None:
    with pytest.raises(UnusableKeyError):
        der.read_certificate(certificates.certificate(end=b"\x03\x7f"))


@pytest.mark.parametrize(
    ("name", "info", "good"),
    list(certificates.spellings()),
    ids=[name for name, *_ in certificates.spellings()],
)
def test_one_key_in_many_spellings(name: str, info: bytes, good: bool) -> None:
    written = certificates.certificate(spki=info)
    if good:
        ours = REED_ISLES.key.public
        assert PublicKey.from_spki(info) == read_certificate(written).key == ours, name
        return
    for read, data in ((PublicKey.from_spki, info), (read_certificate, written)):
        with pytest.raises(UnusableKeyError):
            read(data)


SALT, NONCE = bytes(16), bytes(12)


def test_what_is_sealed_opens_with_its_passphrase_only() -> None:
    sealed = seal(b"secret", "correct horse", salt=SALT, nonce=NONCE, context=b"open")
    assert (
        open_sealed(sealed, "correct horse", salt=SALT, nonce=NONCE, context=b"open") == b"secret"
    )
    for passphrase, context in (("wrong horse", b"open"), ("correct horse", b"changed")):
        with pytest.raises(UnusableKeyError):
            open_sealed(sealed, passphrase, salt=SALT, nonce=NONCE, context=context)


def test_a_short_salt_or_nonce_is_no_sealing() -> None:
    with pytest.raises(ValueError, match="salt"):
        seal(b"secret", "x", salt=b"", nonce=NONCE, context=b"")
    with pytest.raises(ValueError, match="salt"):
        seal(b"secret", "x", salt=SALT, nonce=b"", context=b"")


def test_a_field_opens_with_its_key_and_context_only() -> None:
    key = SealingKey.from_secret(b"k" * 32)
    sealed = key.seal("林㑇".encode(), nonce=NONCE, context=b"person.name")
    assert key.open(sealed, context=b"person.name").decode() == "林㑇"
    assert b"\xe6" not in sealed[:1]
    stranger = SealingKey.from_secret(b"x" * 32)
    for opener, data, context in (
        (stranger, sealed, b"person.name"),
        (key, sealed, b"person.latin"),
        (key, sealed[:-1], b"person.name"),
        (key, sealed[:5], b"person.name"),
        (key, b"", b"person.name"),
        (key, b"\x02" + sealed[1:], b"person.name"),
    ):
        with pytest.raises(UnusableKeyError):
            opener.open(data, context=context)


def test_a_sealing_key_has_32_bytes() -> None:
    with pytest.raises(UnusableKeyError):
        SealingKey.from_secret(b"short")


# ------------------------------------------------------------------------------------- the compact form

P384 = ec.derive_private_key(7, ec.SECP384R1()).public_key()
RSA = rsa.generate_private_key(65537, 2048).public_key()
ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(b"\x07" * 32).public_key()


@pytest.mark.parametrize(
    ("public", "length"),
    [
        (KEY.public, 33),
        (PublicKey.from_spki(spki(P384)), 49),
        (PublicKey.from_spki(spki(ED25519)), 32),
        (PublicKey.from_spki(spki(RSA)), 294),
    ],
    ids=["P-256", "P-384", "Ed25519", "RSA"],
)
def test_a_key_comes_back_from_its_compact_form(public: PublicKey, length: int) -> None:
    data = public.compact()
    assert len(data) == length
    assert PublicKey.from_compact(public.algorithm, data) == public


@pytest.mark.parametrize("curve", [ec.SECP256R1(), ec.SECP384R1()], ids=["P-256", "P-384"])
@pytest.mark.parametrize("number", range(1, 9))
def test_a_compact_point_is_the_compressed_one(curve: ec.EllipticCurve, number: int) -> None:
    key = ec.derive_private_key(number, curve).public_key()
    point = key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    assert PublicKey.from_spki(spki(key)).compact() == point


_POINT = KEY.public.compact()
_WHOLE = ec.derive_private_key(9, ec.SECP256R1()).public_key()


@pytest.mark.parametrize(
    ("algorithm", "data"),
    [
        ("ES256", b""),
        ("ES256", _POINT[1:]),
        ("ES256", b"\x04" + _POINT[1:]),
        ("ES256", b"\x02" + b"\xff" * 32),
        (
            "ES256",
            _WHOLE.public_bytes(
                serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
            ),
        ),
        ("ES256", spki(_WHOLE)),
        ("EdDSA", bytes(32)),
        ("EdDSA", bytes([5]) + bytes(30) + b"\x00" + b"\x00"),
        ("EdDSA", (2**255 - 19 + 3).to_bytes(32, "little")),
        ("EdDSA", spki(ED25519)),
        ("EdDSA", _POINT),
        ("PS256", b"no key"),
        ("PS256", spki(_WHOLE)),
        ("PS256", spki(RSA) + b"\0"),
        ("PS256", spki(rsa.generate_private_key(65537, 1024).public_key())),
    ],
    ids=[
        "nothing",
        "only x",
        "another first byte",
        "x beyond the field",
        "both coordinates",
        "an SPKI for a point",
        "small order",
        "too long",
        "another spelling",
        "an SPKI for 32 bytes",
        "a point of another curve",
        "no SPKI",
        "an SPKI of another algorithm",
        "an SPKI with a byte behind it",
        "a short RSA key",
    ],
)
def test_no_other_form_is_one(algorithm: crypto.Algorithm, data: bytes) -> None:
    with pytest.raises(UnusableKeyError):
        PublicKey.from_compact(algorithm, data)


def test_an_ed25519_key_with_which_anything_verifies_is_no_key() -> None:
    weak = ed25519.Ed25519PublicKey.from_public_bytes(b"\x01" + bytes(31))
    with pytest.raises(UnusableKeyError, match="small order"):
        PublicKey.from_spki(spki(weak))
