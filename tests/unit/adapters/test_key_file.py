"""Key files: locked whole, opened only unchanged, never overwritten."""

import json
import stat
from datetime import UTC, datetime, timedelta

import pytest

from huxin.adapters import key_file, sealed_document
from huxin.adapters.key_description import KeyDescription
from huxin.adapters.key_file import KeyFile
from huxin.kernel import jws
from huxin.kernel.crypto import PrivateKey, read_certificate, self_signed
from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_of
from huxin.trust import reading
from huxin.trust.issue import issue
from tests.lib.regions import NOW, facts

PASSPHRASE = "lanterns on the water"
START = datetime(2026, 11, 1, tzinfo=UTC)
KEY = PrivateKey.from_secret(b"\x01" * 32)
ADDRESS = "https://cards.example.org/qv"


def describe(key=KEY, **changes) -> KeyDescription:
    plain = {
        "region": "QV",
        "environment": "production",
        "domains": ("huxin",),
        "valid_from": START,
        "valid_until": START + timedelta(days=730),
        "public": key.public,
    }
    return KeyDescription(**(plain | changes))


def certificate(key=KEY) -> bytes:
    return self_signed(
        key, name="QV", serial=1, not_before=START, not_after=START + timedelta(days=730)
    )


@pytest.fixture(scope="module")
def locked() -> bytes:
    return key_file.lock(describe(usage=frozenset({"test"})), KEY, PASSPHRASE)


def code(error):
    return error.value.refusal.code


# ------------------------------------------------------------------------------------ there and back


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        (KEY, {}),
        (KEY, {"usage": frozenset({"vaccination", "test"}), "environment": "test"}),
        (KEY, {"domains": ("huxin", "shc"), "health_card_issuer": ADDRESS}),
        (KEY, {"domains": ("dcc",), "certificate": certificate()}),
        (PrivateKey.generate("EdDSA"), {}),
    ],
    ids=["plain", "usage", "health cards", "certificate", "Ed25519"],
)
def test_a_key_file_gives_back_what_went_in(tmp_path, key, changes):
    path, description = tmp_path / "qv.key", describe(key, **changes)
    key_file.write(path, description, key, PASSPHRASE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found = key_file.read(path)
    assert found.description == description
    signer = found.unlock(PASSPHRASE)
    assert (signer.region, signer.environment) == ("QV", description.environment)
    assert (signer.kid, signer.algorithm) == (description.kid, key.public.algorithm)
    assert signer.health_card_issuer == description.health_card_issuer
    assert key.public.verify(signer.sign(b"hello"), b"hello")


def test_a_signer_issues_cards(locked):
    signer = KeyFile.parse(locked).unlock(PASSPHRASE)
    card = issue(facts(), signer, now=NOW)
    (read,) = reading.open(card.text)
    assert read.credential is not None
    assert read.credential.kid == kid_of(KEY.public.spki)


def test_the_kid_is_that_of_the_certificate_where_there_is_one():
    assert describe(certificate=certificate()).kid == kid_of(certificate())
    assert read_certificate(certificate()).key == KEY.public


def test_the_health_card_kid_is_the_thumbprint():
    assert describe().health_card_kid == jws.thumbprint(KEY.public.jwk())


def test_a_key_signs_for_a_month_of_the_time_that_it_verifies():
    assert describe().issues_until == START + timedelta(days=31)
    short = START + timedelta(days=7)
    assert describe(valid_until=short).issues_until == short


# --------------------------------------------------------------------------------- nothing leaks


def test_no_secret_stands_in_the_file_or_in_what_is_shown_of_it(locked):
    signer = KeyFile.parse(locked).unlock(PASSPHRASE)
    shown = repr(signer) + repr(KeyFile.parse(locked)) + locked.decode()
    assert KEY.secret() not in shown.encode()
    assert "PrivateKey" not in repr(signer)
    assert PASSPHRASE not in shown


def test_two_files_of_one_key_have_nothing_sealed_in_common(locked):
    other = json.loads(key_file.lock(describe(usage=frozenset({"test"})), KEY, PASSPHRASE))
    one = json.loads(locked)
    assert all(one[name] != other[name] for name in ("cipher", "nonce", "sealed"))


def test_a_file_is_not_overwritten(tmp_path):
    path = tmp_path / "qv.key"
    path.write_text("old")
    with pytest.raises(RefusalError) as error:
        key_file.write(path, describe(), KEY, PASSPHRASE)
    assert code(error) == "exists"
    assert path.read_text() == "old"


# ------------------------------------------------------------------------------------- passphrases


def test_a_wrong_passphrase(locked):
    with pytest.raises(RefusalError) as error:
        KeyFile.parse(locked).unlock(PASSPHRASE + "!")
    assert code(error) == "passphrase"


def test_a_passphrase_is_the_same_however_its_letters_were_typed():
    typed, meant = "Ｌａｎｔｅｒｎ　灯湾", "Lantern 灯湾"
    data = key_file.lock(describe(environment="test"), KEY, typed)
    assert KeyFile.parse(data).unlock(meant).region == "QV"


@pytest.mark.parametrize(
    ("environment", "passphrase", "fine"),
    [
        ("production", "x" * 11, False),
        ("production", "x" * 12, True),
        ("test", "", False),
        ("test", "x", True),
        ("production", "x" * 1025, False),
    ],
)
def test_how_long_a_passphrase_is(environment, passphrase, fine):
    if fine:
        key_file.check_passphrase(passphrase, environment)
        return
    with pytest.raises(RefusalError, match="passphrase"):
        key_file.check_passphrase(passphrase, environment)


# ------------------------------------------------------------------------------- files gone wrong


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("region", "QW"),
        ("environment", "test"),
        ("domains", ["huxin", "icvp"]),
        ("usage", None),
        ("valid_until", "2028-10-30T00:00:00Z"),
    ],
)
def test_a_changed_open_part_does_not_open(locked, name, value):
    changed = json.loads(locked) | {name: value}
    with pytest.raises(RefusalError) as error:
        KeyFile.parse(json.dumps(changed).encode()).unlock(PASSPHRASE)
    assert code(error) == "passphrase"


def test_spaces_and_order_change_nothing(locked):
    document = json.loads(locked)
    again = json.dumps(dict(reversed(document.items())), separators=(",", ":"))
    assert KeyFile.parse(again.encode()).unlock(PASSPHRASE).region == "QV"


@pytest.mark.parametrize(
    ("name", "value", "detail"),
    [
        ("huxin", "trust", "not a Huxin key file"),
        ("version", 2, "another version"),
        ("region", "qv", "region"),
        ("region", 7, "region: a text"),
        ("environment", "demo", "environment"),
        ("domains", [], "domains"),
        ("domains", "huxin", "domains: a list"),
        ("domains", ["moon"], "domains"),
        ("usage", [], "usage"),
        ("usage", ["tests"], "usage"),
        ("valid_from", "today", "valid_from: an instant"),
        ("valid_until", "2026-01-01T00:00:00Z", "before valid_from"),
        ("valid_until", "2029-01-01T00:00:00Z", "two years"),
        ("algorithm", "EdDSA", "algorithm"),
        ("public", "AAAA", "public: not a public key"),
        ("public", "*", "public: base64"),
        ("certificate", "AAAA", "certificate"),
        ("health_card_issuer", "http://cards.example.org", "https address"),
        ("health_card_issuer", "https://cards.example.org/", "https address"),
        ("cipher", {"kdf": "none"}, "cipher"),
        ("cipher", 7, "cipher"),
        ("nonce", "AAAA", "wrong length"),
        ("sealed", 7, "sealed: a text"),
        ("comment", "mine", "unknown field 'comment'"),
    ],
)
def test_a_field_gone_wrong_is_named(locked, name, value, detail):
    with pytest.raises(RefusalError, match=detail) as error:
        KeyFile.parse(json.dumps(json.loads(locked) | {name: value}).encode())
    assert code(error) == "key-file"


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b'{"huxin": "key"}', b"\xff\xfe", b" " * 70_000, b'{"a":1,"a":2}'],
    ids=["empty", "half", "list", "bare", "not text", "large", "twice"],
)
def test_a_file_that_is_no_key_file(tmp_path, data):
    path = tmp_path / "qv.key"
    path.write_bytes(data)
    with pytest.raises(RefusalError) as error:
        key_file.read(path)
    assert code(error) == "key-file"


def test_a_large_text_that_never_was_a_file():
    with pytest.raises(RefusalError, match="more than"):
        KeyFile.parse(b" " * 70_000)


def test_a_missing_file(tmp_path):
    with pytest.raises(RefusalError, match=r"no\.key"):
        key_file.read(tmp_path / "no.key")


def test_a_cut_file(locked):
    document = json.loads(locked)
    document["sealed"] = document["sealed"][:-8]
    with pytest.raises(RefusalError) as error:
        KeyFile.parse(json.dumps(document).encode()).unlock(PASSPHRASE)
    assert code(error) == "passphrase"


def test_another_key_cannot_be_locked_under_a_description():
    with pytest.raises(RefusalError, match="another key"):
        key_file.lock(describe(), PrivateKey.generate(), PASSPHRASE)


@pytest.mark.parametrize(
    ("secret", "expected", "detail"),
    [
        (PrivateKey.generate().pkcs8(), "key-file", "other half"),
        (b"none", "passphrase", "passphrase"),
    ],
    ids=["another key", "no key"],
)
def test_a_seal_around_something_else_is_found_out(locked, secret, expected, detail):
    sealed = {"cipher", "nonce", "sealed"}
    document = {name: one for name, one in json.loads(locked).items() if name not in sealed}
    forged = sealed_document.seal_into(document, secret, PASSPHRASE)
    with pytest.raises(RefusalError, match=detail) as error:
        KeyFile.parse(json.dumps(forged).encode()).unlock(PASSPHRASE)
    assert code(error) == expected


# ----------------------------------------------------------------------------------- descriptions


@pytest.mark.parametrize(
    ("changes", "expected", "detail"),
    [
        ({"domains": ("shc",)}, "missing", "health_card_issuer"),
        ({"domains": ("huxin", "huxin")}, "bad-input", "domains"),
        ({"certificate": certificate(PrivateKey.generate())}, "bad-input", "of another key"),
        ({"certificate": b"junk"}, "bad-input", "certificate"),
        ({"health_card_issuer": "https://例.example"}, "bad-input", "https address"),
    ],
)
def test_descriptions_that_cannot_be(changes, expected, detail):
    with pytest.raises(RefusalError, match=detail) as error:
        describe(**changes)
    assert code(error) == expected


def test_health_cards_need_es256():
    with pytest.raises(RefusalError, match="ES256"):
        describe(PrivateKey.generate("EdDSA"), health_card_issuer=ADDRESS)


def test_a_test_key_may_last():
    assert describe(environment="test", valid_until=START + timedelta(days=3650))
