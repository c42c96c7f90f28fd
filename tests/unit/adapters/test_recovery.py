"""Backups bring the key back, slips are found in their line, and a drill writes nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from huxin.adapters import key_file, recovery, recovery_lines, trust_file
from huxin.adapters.key_description import KeyDescription
from huxin.kernel import cbor
from huxin.kernel.crypto import PrivateKey, self_signed
from huxin.kernel.errors import RefusalError
from huxin.trust import qr

PASSPHRASE = "a safe behind the reeds"
START = datetime(2026, 11, 1, tzinfo=UTC)
END = START + timedelta(days=730)
KEY = PrivateKey.from_secret(b"\x07" * 32)
CERTIFICATE = self_signed(KEY, name="QW", serial=1, not_before=START, not_after=END)


def describe(key=KEY, **changes) -> KeyDescription:
    plain = {
        "region": "QW", "environment": "production", "domains": ("icvp", "huxin"),
        "valid_from": START, "valid_until": END, "public": key.public,
    }  # fmt: skip
    return KeyDescription(**(plain | changes))


def typed(lines) -> str:
    return "\n".join(f"{number:2}  {line}" for number, line in enumerate(lines, start=1))


@pytest.fixture(scope="module")
def lines() -> tuple[str, ...]:
    return recovery.sheet(describe(), KEY, PASSPHRASE)


def detail(error):
    return error.value.refusal.detail


# ----------------------------------------------------------------------------------- there and back


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        (KEY, {}),
        (KEY, {"usage": frozenset({"test", "clearance"}), "environment": "test"}),
        (KEY, {"domains": ("shc",), "health_card_issuer": "https://cards.example.org/qw"}),
        (PrivateKey.generate("EdDSA"), {}),
    ],
    ids=["plain", "usage", "health cards", "Ed25519"],
)
def test_a_sheet_brings_the_key_back(key, changes):
    description = describe(key, **changes)
    text = typed(recovery.sheet(description, key, PASSPHRASE))
    backup = recovery.parse(text.encode())
    assert (backup.region, backup.environment) == ("QW", description.environment)
    assert backup.kid == description.kid
    restored, secret = backup.restore(PASSPHRASE)
    assert restored == description
    assert recovery.rehearse(secret, key.public)


def test_an_export_brings_the_key_back():
    data = key_file.lock(describe(certificate=CERTIFICATE), KEY, PASSPHRASE)
    backup = recovery.parse(b"\n" + data)
    assert (backup.region, backup.environment) == ("QW", "production")
    restored, secret = backup.restore(PASSPHRASE)
    assert restored == describe(certificate=CERTIFICATE)
    assert backup.kid == restored.kid
    assert recovery.rehearse(secret, KEY.public)


def test_a_picture_of_an_export_brings_the_key_back():
    data = key_file.lock(describe(), KEY, PASSPHRASE)
    restored, _ = recovery.parse(qr.png(data.decode())).restore(PASSPHRASE)
    assert restored == describe()


def test_a_picture_of_something_else():
    with pytest.raises(RefusalError, match="not a Huxin key file"):
        recovery.parse(qr.png("HC1:NOT A KEY"))


def test_a_wrong_passphrase(lines):
    with pytest.raises(RefusalError) as error:
        recovery.parse(typed(lines).encode()).restore("another one entirely")
    assert error.value.refusal.code == "passphrase"


def test_a_short_passphrase_is_refused():
    with pytest.raises(RefusalError, match="passphrase"):
        recovery.sheet(describe(), KEY, "short")


def test_no_secret_can_be_read_from_the_lines(lines):
    blob = recovery_lines.read_lines(typed(lines))
    assert KEY.secret() not in blob
    assert PASSPHRASE.encode() not in blob


def test_a_drill_with_another_key_fails():
    assert not recovery.rehearse(KEY, PrivateKey.generate().public)


# ----------------------------------------------------------------------------------- certificates


@pytest.fixture(scope="module")
def certified() -> recovery.Backup:
    made = recovery.sheet(describe(certificate=CERTIFICATE), KEY, PASSPHRASE)
    return recovery.parse(typed(made).encode())


def test_the_lines_ask_for_the_certificate(certified):
    with pytest.raises(RefusalError, match="the certificate with kid") as error:
        certified.restore(PASSPHRASE)
    assert error.value.refusal.code == "missing"


def test_the_certificate_may_come_from_a_trust_file(certified):
    entry = trust_file.entry_of(describe(certificate=CERTIFICATE))
    for lent in (CERTIFICATE, trust_file.write([entry]).encode()):
        assert certified.restore(PASSPHRASE, lent)[0] == describe(certificate=CERTIFICATE)


@pytest.mark.parametrize(
    ("lent", "what"),
    [
        (self_signed(KEY, name="QW", serial=2, not_before=START, not_after=END), "not the one"),
        (trust_file.write([]).encode(), "not the one"),
        (b"junk", "not a certificate"),
    ],
    ids=["another", "empty trust file", "junk"],
)
def test_another_certificate_is_refused(certified, lent, what):
    with pytest.raises(RefusalError, match=what) as error:
        certified.restore(PASSPHRASE, lent)
    assert error.value.refusal.code == "bad-input"


# ------------------------------------------------------------------------------------------- slips


def test_typing_is_forgiven_where_it_cannot_deceive(lines):
    text = typed(lines).lower().replace("0", "o").replace("1", "l")
    untidy = "\n".join(
        f"\t{number}.  {line.replace(' ', '-')}  "
        for number, line in enumerate((one[4:] for one in text.splitlines()), start=1)
    )
    assert recovery.parse(untidy.encode()).region == "QW"


def test_lines_may_come_in_any_order_among_other_words(lines):
    page = "Recovery sheet\n" + "\n\n".join(reversed(typed(lines).splitlines())) + "\n3 copies"
    assert recovery.parse(page.encode()).region == "QW"


def test_a_wrong_letter_is_found_in_its_line(lines):
    wrong = list(lines)
    wrong[2] = ("0" if wrong[2][0] != "0" else "1") + wrong[2][1:]
    wrong[4] = wrong[4][:-1] + ("0" if wrong[4][-1] != "0" else "1")
    with pytest.raises(RefusalError) as error:
        recovery.parse(typed(wrong).encode())
    assert detail(error) == "line 3: a letter is wrong; line 5: a letter is wrong"


def test_lines_that_changed_places_are_found(lines):
    swapped = [lines[1], lines[0], *lines[2:]]
    with pytest.raises(RefusalError, match="line 1: a letter is wrong; line 2"):
        recovery.parse(typed(swapped).encode())


@pytest.mark.parametrize("gone", [0, 3, -1], ids=["first", "middle", "last"])
def test_a_missing_line_is_named(lines, gone):
    numbered = typed(lines).splitlines()
    number = numbered.pop(gone).split()[0]
    with pytest.raises(RefusalError, match=f"line {number}: missing"):
        recovery.parse("\n".join(numbered).encode())


@pytest.mark.parametrize(
    ("line", "what"),
    [("ABCD EFGH JKMN PQRS TVWX YZ01 234", "27 letters"), ("U" * 28, "no line holds 'U'")],
)
def test_a_line_of_the_wrong_form(line, what):
    with pytest.raises(RefusalError, match=what):
        recovery.parse(f"1 {line}".encode())


def test_a_page_without_lines():
    with pytest.raises(RefusalError, match="neither an export nor the lines"):
        recovery.parse("恢复页\n".encode())


def well_formed() -> list:
    return [1, "QW", 0, 4, None, 0, 9, 0, None, b"kid", False, b"s" * 16, b"n" * 12, b"sealed"]


@pytest.mark.parametrize(
    ("place", "value"),
    [(1, 7), (2, 9), (2, "x"), (3, "x"), (4, "x"), (7, 5), (9, "kid"), (11, b"s"), (13, None)],
)
def test_lines_that_hold_nonsense(place, value):
    parts = well_formed()
    parts[place] = value
    with pytest.raises(RefusalError, match="not those of one sheet"):
        recovery.open_sheet(cbor.dumps(parts))


@pytest.mark.parametrize(
    ("blob", "what"),
    [
        (b"\xff", "not those of one sheet"),
        (cbor.dumps([1, "QW"]), "not those of one sheet"),
        (cbor.dumps([2, *well_formed()[1:]]), "another version"),
        (cbor.dumps("QW"), "another version"),
    ],
)
def test_lines_of_another_kind(blob, what):
    with pytest.raises(RefusalError, match=what):
        recovery.open_sheet(blob)


def test_any_bytes_come_back_from_lines():
    for size in (0, 1, 12, 13, 14, 15, 200, 800):
        blob = bytes(at % 251 for at in range(size))
        assert recovery_lines.read_lines(typed(recovery_lines.write_lines(blob))) == blob
