"""Trust files: entries become anchors, and every fault is told by entry and field."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from huxin.adapters import key_material, trust_file
from huxin.adapters.key_description import KeyDescription, public_jwk
from huxin.adapters.trust_file import FaultyFileError
from huxin.kernel import jws
from huxin.kernel.crypto import PrivateKey, PublicKey, self_signed
from huxin.kernel.errors import RefusalError, UnusableKeyError
from huxin.kernel.identifiers import kid_of

START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=730)
KEY = PrivateKey.from_secret(b"\x01" * 32)
JWK = KEY.public.jwk()
DER = self_signed(KEY, name="QV", serial=1, not_before=START, not_after=END)
CERTIFICATE = base64.b64encode(DER).decode()
ADDRESS = "https://cards.example.org/qv"

ENTRY = {"region": "QV", "domains": ["huxin"], "environment": "production", "jwk": JWK}


def document(*entries, **more) -> bytes:
    return json.dumps({"huxin": "trust", "version": 1, "keys": list(entries)} | more).encode()


def anchors(entry, **changes):
    return trust_file.parse(document(entry | changes)).anchors


def with_purposes(*oids: str) -> str:
    """Return a certificate with an extended key usage; made by the library, as others make theirs."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = serialization.load_der_private_key(KEY.pkcs8(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    name = x509.Name([])
    usage = x509.ExtendedKeyUsage([x509.ObjectIdentifier(oid) for oid in oids])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(START)
        .not_valid_after(END)
        .add_extension(usage, critical=False)
        .sign(key, hashes.SHA256())
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


# ----------------------------------------------------------------------------------------- anchors


def test_a_jwk_becomes_an_anchor_for_each_domain():
    entry = ENTRY | {"domains": ["huxin", "icvp", "dcc", "shc"], "issuer": ADDRESS}
    found = {one.domain: one for one in anchors(entry)}
    assert {one.kid for name, one in found.items() if name != "shc"} == {kid_of(KEY.public.spki)}
    assert found["shc"].kid == jws.thumbprint(JWK).encode()
    assert (found["shc"].issuer, found["huxin"].issuer) == (ADDRESS, "QV")
    assert (found["dcc"].issuer, found["icvp"].issuer) == (None, None)
    assert all(one.usage is None and one.standing == "active" for one in found.values())


def test_an_issuer_without_health_cards_is_the_one_of_the_cards():
    (one,) = anchors(ENTRY, issuer="QV-01")
    assert one.issuer == "QV-01"
    (one,) = anchors(ENTRY, issuer="AT", domains=["dcc"])
    assert one.issuer == "AT"


@pytest.mark.parametrize("pem", [False, True], ids=["DER", "PEM"])
def test_a_certificate_gives_kid_and_dates(pem):
    text = CERTIFICATE
    if pem:
        text = f"-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n"
    entry = {name: value for name, value in ENTRY.items() if name != "jwk"}
    (one,) = anchors(entry, certificate=text)
    assert (one.kid, one.valid_from, one.valid_until) == (kid_of(DER), START, END)


def test_what_the_entry_says_of_dates_and_usage_counts_first():
    (one,) = anchors(
        ENTRY | {"jwk": None},
        certificate=with_purposes("1.3.6.1.4.1.1847.2021.1.1"),
        domains=["dcc"],
        usage=["recovery"],
        valid_from="2026-11-10T00:00:00Z",
        valid_until="2026-12-10T00:00:00+08:00",
    )
    assert one.usage == {"recovery"}
    assert one.valid_from == datetime(2026, 11, 10, tzinfo=UTC)
    assert one.valid_until == datetime(2026, 12, 9, 16, tzinfo=UTC)


@pytest.mark.parametrize("arc", ["1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1"])
def test_the_purposes_of_a_certificate_bind_every_hcert(arc):
    entry = ENTRY | {"jwk": None, "certificate": with_purposes(f"{arc}.1", f"{arc}.3", "1.2.3")}
    found = {one.domain: one.usage for one in anchors(entry, domains=["dcc", "huxin"])}
    assert found == {"dcc": {"test", "recovery"}, "huxin": {"test", "recovery"}}


def test_other_purposes_bind_nothing():
    entry = ENTRY | {"jwk": None, "certificate": with_purposes("1.3.6.1.5.5.7.3.1")}
    (one,) = anchors(entry, domains=["dcc"])
    assert one.usage is None


@pytest.mark.parametrize(
    ("kid", "extra"),
    [
        ("AQIDBAUGBwg=", 1),
        ("AQIDBAUGBwg", 1),
        ("-_z9_v8AAQI=", 1),
        ("a name", 0),
        ("AQID", 0),
        (None, 0),
    ],
)
def test_a_jwk_may_bring_the_kid_that_cards_call_it_by(kid, extra):
    found = anchors(ENTRY, jwk=JWK | ({"kid": kid} if kid else {}))
    assert len(found) == 1 + extra
    # A health card calls its key by the thumbprint, whatever name the key brings.
    (card,) = anchors(ENTRY, jwk=JWK | {"kid": kid}, domains=["shc"], issuer=ADDRESS)
    assert card.kid == jws.thumbprint(JWK).encode()


def test_old_keys_and_test_keys_are_loaded_and_left_to_the_verdict():
    (one,) = anchors(
        ENTRY, environment="test", valid_until="2020-01-01T00:00:00Z", standing="tombstoned"
    )
    assert (one.environment, one.standing) == ("test", "tombstoned")


def test_a_store_has_the_verifiers_environment_and_the_lists_age():
    content = trust_file.parse(document(ENTRY, as_of="2026-11-20T00:00:00Z"))
    store = content.store("test")
    assert (store.environment, len(store)) == ("test", 1)
    assert store.as_of == datetime(2026, 11, 20, tzinfo=UTC)


def test_files_laid_together_are_as_old_as_the_oldest():
    one = trust_file.parse(document(ENTRY, as_of="2026-11-20T00:00:00Z"))
    other = trust_file.parse(document(ENTRY | {"region": "QW"}, as_of="2026-10-01T00:00:00Z"))
    third = trust_file.parse(document())
    together = one.with_others([other, third])
    assert {anchor.region for anchor in together.anchors} == {"QV", "QW"}
    assert together.as_of == datetime(2026, 10, 1, tzinfo=UTC)
    assert third.with_others([]).as_of is None


# ------------------------------------------------------------------------------------------ faults


@pytest.mark.parametrize(
    ("changes", "field", "what"),
    [
        ({"region": "Lantern Bay"}, "region", "capitals"),
        ({"region": None}, "region", "missing"),
        ({"region": 7}, "region", "a text"),
        ({"region": ""}, "region", "a text"),
        ({"domains": []}, "domains", "some of"),
        ({"domains": ["moon"]}, "domains", "some of"),
        ({"domains": [["huxin"]]}, "domains", "some of"),
        ({"domains": None}, "domains", "missing"),
        ({"environment": "demo"}, "environment", "one of production, test"),
        ({"environment": None}, "environment", "missing"),
        ({"usage": []}, "usage", "some of"),
        ({"standing": "lost"}, "standing", "one of active"),
        ({"valid_from": "soon"}, "valid_from", "an instant"),
        ({"valid_untill": "2026-01-01"}, "valid_untill", "not a field"),
        ({"certificate": CERTIFICATE}, "certificate", "either"),
        ({"jwk": None}, "certificate", "either"),
        ({"jwk": "x"}, "jwk", "not a public JWK"),
        ({"jwk": {"kty": "EC"}}, "jwk", "not a public JWK"),
        ({"jwk": JWK | {"kid": 7}}, "jwk", "kid: a text"),
        ({"jwk": JWK | {"d": "AAAA"}}, "jwk", "a private key"),
        ({"jwk": None, "certificate": "*"}, "certificate", "neither base64 nor PEM"),
        ({"jwk": None, "certificate": "AAAA"}, "certificate", "not a certificate"),
        ({"domains": ["shc"]}, "issuer", "https address"),
        ({"domains": ["shc"], "issuer": "https://a.example/"}, "issuer", "https address"),
    ],
)
def test_a_fault_is_told_by_entry_and_field(changes, field, what):
    with pytest.raises(FaultyFileError) as error:
        trust_file.parse(document(ENTRY, ENTRY | changes))
    assert error.value.refusal.code == "key-file"
    told = [(one.entry, one.field) for one in error.value.faults]
    assert told == [(2, field)]
    assert what in str(error.value.faults[0])


ED25519_JWK = public_jwk(PrivateKey.generate("EdDSA").public)


def p384_jwk() -> dict[str, str]:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.derive_private_key(7, ec.SECP384R1()).public_key()
    info = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return PublicKey.from_spki(info).jwk()


def test_a_key_that_signs_no_health_cards():
    entry = ENTRY | {"domains": ["shc"], "issuer": ADDRESS, "jwk": None}
    for key in ({"certificate": rsa_certificate()}, {"jwk": ED25519_JWK}, {"jwk": p384_jwk()}):
        with pytest.raises(FaultyFileError, match="signs no health cards"):
            anchors(entry, **key)


@pytest.mark.parametrize("jwk", [ED25519_JWK, p384_jwk()], ids=["Ed25519", "P-384"])
def test_a_lent_key_of_another_kind_signs_no_health_cards(jwk):
    found = key_material.lent_jwk(jwk, ADDRESS)
    assert {one.domain for one in found} == {"dcc", "icvp", "huxin"}


def rsa_certificate() -> str:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([])
    made = (x509.CertificateBuilder(name, name, key.public_key(), 1, START, END)).sign(
        key, hashes.SHA256()
    )
    return base64.b64encode(made.public_bytes(serialization.Encoding.DER)).decode()


def test_all_faults_are_told_at_once():
    with pytest.raises(FaultyFileError) as error:
        trust_file.parse(document({"region": "x"}, 7, ENTRY, as_of="never", colour="green"))
    told = {(one.entry, one.field) for one in error.value.faults}
    assert {(None, "as_of"), (None, "colour"), (1, "region"), (1, "domains")} <= told
    assert (2, "environment") in told
    assert not any(entry == 3 for entry, _ in told)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "not JSON"),
        (b"[]", "not a Huxin trust file"),
        (b'{"huxin": "key"}', "not a Huxin trust file"),
        (b'{"huxin": "trust", "version": 2}', "another version"),
        (b'{"huxin": "trust", "version": 1}', "keys: up to"),
        (b'{"huxin": "trust", "version": 1, "keys": {}}', "keys: up to"),
        (b'{"huxin": "trust", "huxin": "trust"}', "a key twice"),
    ],
)
def test_a_file_that_is_no_trust_file(tmp_path, data, detail):
    path = tmp_path / "regions.json"
    path.write_bytes(data)
    with pytest.raises(RefusalError, match=detail) as error:
        trust_file.read(path)
    assert error.value.refusal.code == "key-file"


def test_a_missing_file(tmp_path):
    with pytest.raises(RefusalError) as error:
        trust_file.read(tmp_path / "no.json")
    assert error.value.refusal.code == "key-file"


# ------------------------------------------------------------------------------------------ writing


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        (KEY, {}),
        (KEY, {"certificate": DER, "usage": frozenset({"vaccination"})}),
        (KEY, {"domains": ("huxin", "shc"), "health_card_issuer": ADDRESS}),
        (PrivateKey.generate("EdDSA"), {"environment": "test"}),
    ],
    ids=["JWK", "certificate", "health cards", "Ed25519"],
)
def test_what_is_written_is_read(key, changes):
    plain = {
        "region": "QV", "environment": "production", "domains": ("huxin", "icvp"),
        "valid_from": START, "valid_until": END, "public": key.public,
    }  # fmt: skip
    description = KeyDescription(**(plain | changes))
    text = trust_file.write([trust_file.entry_of(description)], as_of=START)
    content = trust_file.parse(text.encode())
    assert content.as_of == START
    assert [one.domain for one in content.anchors] == list(description.domains)
    for one in content.anchors:
        health_card = one.domain == "shc"
        kid = description.health_card_kid.encode() if health_card else description.kid
        assert (one.kid, one.key, one.usage) == (kid, key.public, description.usage)
        assert (one.valid_from, one.valid_until) == (START, END)
        assert one.environment == description.environment


def test_certificates_are_found_in_a_file_with_faults():
    entries = [{"certificate": CERTIFICATE}, {"certificate": "*"}, {"jwk": JWK}, 7]
    assert trust_file.certificates(document(*entries)) == (DER,)
    assert trust_file.certificates(b"[]") == ()


# -------------------------------------------------------------------------------------- lent keys


def test_a_lent_certificate_speaks_in_every_family_of_hcert():
    found = key_material.lent_certificate(DER)
    assert {one.domain for one in found} == {"dcc", "icvp", "huxin"}
    assert {one.region for one in found} == {None}


PEM = f"-----BEGIN CERTIFICATE-----\n{CERTIFICATE}\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize(
    "text",
    [
        CERTIFICATE,
        f"\ufeff{CERTIFICATE[:9]}\r\n\t {CERTIFICATE[9:]}",
        PEM,
        f"\ufeff\n{PEM}",
        base64.b64encode(PEM.encode()).decode(),
    ],
    ids=["base64", "in lines, with a mark", "PEM", "PEM with a mark", "base64 of PEM"],
)
def test_a_certificate_in_every_form(text):
    assert key_material.certificate_bytes(text) == DER


@pytest.mark.parametrize(
    "text", ["*", "AAAA=", "AAA", CERTIFICATE[:8] + "\u00a0" + CERTIFICATE[8:], f"a {PEM}"]
)
def test_what_is_no_form_of_a_certificate(text):
    with pytest.raises(UnusableKeyError):
        key_material.certificate_bytes(text)


def test_a_lent_jwk_speaks_everywhere_and_binds_its_health_cards():
    found = key_material.lent_jwk(JWK, ADDRESS)
    assert {one.domain: one.issuer for one in found} == {
        "shc": ADDRESS, "dcc": None, "icvp": None, "huxin": None,
    }  # fmt: skip


@pytest.mark.parametrize("jwk", [{}, {"kty": "oct", "k": "AAAA"}, {"kty": "EC", "crv": "P-521"}])
def test_a_lent_key_that_serves_for_nothing(jwk):
    with pytest.raises(UnusableKeyError):
        key_material.lent_jwk(jwk, None)
