"""`huxin keys`: made, imported, shown, backed up, restored and rehearsed."""

import base64
import io
import json
import stat

import pytest
from PIL import Image

from huxin.adapters import key_file, trust_file
from huxin.cli import recovery_sheet
from huxin.kernel.crypto import PrivateKey, self_signed
from huxin.kernel.errors import RefusalError
from huxin.trust import qr
from tests.lib.regions import NOW
from tests.lib.terminal import PASSPHRASE, Terminal

BACKUP = "a safe behind the reeds"
ADDRESS = "https://cards.example.org/qv"


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    terminal = Terminal(tmp_path)
    terminal.secret("backup-pass", BACKUP)
    return terminal


def lock(terminal: Terminal) -> tuple[object, ...]:
    return ("--passphrase-file", terminal.folder / "pass")


def backup_lock(terminal: Terminal) -> tuple[object, ...]:
    return ("--backup-passphrase-file", terminal.folder / "backup-pass")


# ------------------------------------------------------------------------------------------------ new


def test_a_new_key(terminal):
    path = terminal.folder / "qv.key"
    result = terminal.run("keys", "new", path, "--region", "QV", *lock(terminal))
    assert result.exit_code == 0, result.stderr
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for shown in (
        "✓ The key is made: qv.key", "QV", "test (specimens)", "huxin", "any kind of event",
        "Signs until     2026-12-24 10:00 UTC", "Verifies until  2028-11-22 10:00 UTC",
        "huxin keys restore --drill", "huxin keys show --trust qv.key",
    ):  # fmt: skip
        assert shown in result.stdout, shown
    assert key_file.read(path).unlock(PASSPHRASE).region == "QV"


def test_a_passphrase_is_asked_for_twice_and_not_shown(terminal):
    path = terminal.folder / "qv.key"
    wrong = "one passphrase\nanother passphrase\n"
    result = terminal.run(
        "keys", "new", path, "--region", "QV", typed=wrong + f"{PASSPHRASE}\n{PASSPHRASE}\n"
    )
    assert result.exit_code == 0, result.stderr
    assert "do not match" in result.stderr
    assert PASSPHRASE not in result.output
    assert key_file.read(path).unlock(PASSPHRASE)


def test_all_that_can_be_asked_of_a_key(terminal):
    path = terminal.new_key(
        "qv.key", "--region", "QV-01", "--domain", "shc", "--domain", "icvp", "--usage",
        "vaccination", "--usage", "test", "--valid-until", "2027-01-01", "--address", ADDRESS,
        "--self-signed",
    )  # fmt: skip
    found = key_file.read(path).description
    assert found.domains == ("shc", "icvp")
    assert found.usage == frozenset({"vaccination", "test"})
    assert (found.region, found.health_card_issuer) == ("QV-01", ADDRESS)
    assert found.certificate is not None
    assert f"{found.valid_until:%Y-%m-%d}" == "2027-01-01"
    shown = terminal.run("keys", "show", path, "--lang", "zh").stdout
    for word in ("接种", "检测", "有", ADDRESS, found.health_card_kid, "测试（样张）"):
        assert word in shown


def test_a_key_for_health_cards_signs_the_others_too(terminal):
    path = terminal.new_key("qv.key", "--region", "QV", "--address", ADDRESS)
    assert key_file.read(path).description.domains == ("huxin", "shc")


@pytest.mark.parametrize(
    ("words", "code", "detail"),
    [
        (("--region", "qv"), "bad-input", "capitals"),
        (("--region", "QV", "--domain", "shc"), "missing", "https address"),
        (("--region", "QV", "--valid-until", "2020-01-01"), "bad-input", "before valid_from"),
        (
            ("--region", "QV", "--environment", "production", "--valid-until", "2029-01-01"),
            "bad-input",
            "two years",
        ),
    ],
)
def test_keys_that_cannot_be(terminal, words, code, detail):
    path = terminal.folder / "qv.key"
    result = terminal.run("keys", "new", path, *words, *lock(terminal))
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert detail in result.stderr
    assert not path.exists()


def test_a_key_in_earnest_wants_a_long_passphrase(terminal):
    terminal.secret("pass", "short")
    path = terminal.folder / "qv.key"
    result = terminal.run(
        "keys", "new", path, "--region", "QV", "--environment", "production", *lock(terminal)
    )
    assert result.exit_code == 1
    assert "at least 12 characters" in result.stderr
    assert not path.exists()


def test_an_empty_passphrase_file(terminal):
    terminal.secret("pass", "")
    result = terminal.run("keys", "new", terminal.folder / "a", "--region", "QV", *lock(terminal))
    assert result.exit_code == 1
    assert "[passphrase]" in result.stderr


def test_a_passphrase_file_that_others_can_read_is_told(terminal):
    (terminal.folder / "pass").chmod(0o644)
    result = terminal.run(
        "keys", "new", terminal.folder / "a", "--region", "QV",
        HUXIN_PASSPHRASE_FILE=str(terminal.folder / "pass"),
    )  # fmt: skip
    assert result.exit_code == 0
    assert "Others can read the passphrase file pass" in result.stderr


def test_nothing_is_overwritten_and_nothing_asked_for_in_vain(terminal):
    path = terminal.folder / "qv.key"
    path.write_text("old")
    result = terminal.run("keys", "new", path, "--region", "QV")
    assert result.exit_code == 1
    assert "[exists]" in result.stderr
    assert path.read_text() == "old"
    assert "assphrase" not in result.stderr
    assert terminal.json("keys", "new", path, "--region", "QV")["refused"]["code"] == "exists"


def test_a_folder_that_cannot_be_written_to(terminal):
    path = terminal.folder / "no" / "qv.key"
    result = terminal.run("keys", "new", path, "--region", "QV", *lock(terminal), "--lang", "zh")
    assert result.exit_code == 1
    assert "这一项填得不对" in result.stderr


def test_json_of_a_new_key(terminal):
    data = terminal.json(
        "keys", "new", terminal.folder / "qv.key", "--region", "QV", *lock(terminal)
    )
    assert data["region"] == "QV"
    assert data["environment"] == "test"
    assert len(base64.b64decode(data["kid"])) == 8


# --------------------------------------------------------------------------------------------- import


def pem(key: PrivateKey) -> bytes:
    body = base64.encodebytes(key.pkcs8())
    return b"-----BEGIN PRIVATE KEY-----\n" + body + b"-----END PRIVATE KEY-----\n"


@pytest.fixture(scope="module")
def key() -> PrivateKey:
    return PrivateKey.generate()


def test_an_existing_key_with_its_certificate(terminal, key):
    source, certificate = terminal.folder / "a.pem", terminal.folder / "a.der"
    source.write_bytes(pem(key))
    der = self_signed(key, name="QV", serial=1, not_before=NOW, not_after=NOW.replace(year=2028))
    certificate.write_bytes(der)
    path = terminal.folder / "qv.key"
    result = terminal.run(
        "keys", "import", source, path, "--region", "QV", "--certificate", certificate,
        *lock(terminal),
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "please destroy it" in result.stdout
    found = key_file.read(path)
    assert found.description.certificate == der
    assert found.unlock(PASSPHRASE).description.public == key.public
    again = terminal.json(
        "keys", "import", source, terminal.folder / "2.key", "--region", "QV", *lock(terminal)
    )
    assert again["region"] == "QV"


@pytest.mark.parametrize(
    ("content", "certificate", "code"),
    [
        (b"junk", None, "key-file"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", None, "key-file"),
        (None, b"junk", "key-file"),
        (None, "another's", "bad-input"),
    ],
)
def test_what_cannot_be_imported(terminal, key, content, certificate, code):
    source, lent = terminal.folder / "a.pem", terminal.folder / "a.crt"
    source.write_bytes(pem(key) if content is None else content)
    words: tuple[object, ...] = ()
    if certificate is not None:
        if isinstance(certificate, str):
            other = PrivateKey.generate()
            certificate = self_signed(
                other, name="QV", serial=1, not_before=NOW, not_after=NOW.replace(year=2027)
            )
        lent.write_bytes(certificate)
        words = ("--certificate", lent)
    path = terminal.folder / "qv.key"
    result = terminal.run("keys", "import", source, path, "--region", "QV", *words, *lock(terminal))
    assert result.exit_code == 1
    assert f"[{code}]" in result.stderr
    assert not path.exists()


# ----------------------------------------------------------------------------------------------- show


def test_the_trust_entry_is_what_a_checker_loads(terminal):
    paths = [terminal.new_key(f"{name}.key", "--region", name) for name in ("QV", "QW")]
    shown = terminal.run("keys", "show", *paths, "--trust").stdout
    content = trust_file.parse(shown.encode())
    assert {one.region for one in content.anchors} == {"QV", "QW"}
    assert {one.environment for one in content.anchors} == {"test"}


def test_the_key_set_is_what_health_card_readers_ask_for(terminal):
    path = terminal.new_key("qv.key", "--region", "QV", "--address", ADDRESS)
    (member,) = json.loads(terminal.run("keys", "show", path, "--jwks").stdout)["keys"]
    assert member["kid"] == key_file.read(path).description.health_card_kid
    assert (member["use"], member["alg"], member["kty"]) == ("sig", "ES256", "EC")
    assert "d" not in member
    (data,) = terminal.json("keys", "show", path)
    assert data["health_card_issuer"] == ADDRESS


def test_one_form_at_a_time(terminal):
    path = terminal.new_key("qv.key", "--region", "QV")
    assert terminal.run("keys", "show", path, "--trust", "--jwks").exit_code == 2


def test_a_file_that_is_no_key(terminal):
    path = terminal.secret("qv.key", "{}")
    result = terminal.run("keys", "show", path, "--lang", "zh")
    assert result.exit_code == 1
    assert "密钥文件读不了" in result.stderr
    assert "请检查文件，或从备份恢复" in result.stderr


# --------------------------------------------------------------------------------------------- backups


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory) -> Terminal:
    """A key with a certificate, one without, and both backed up in every form."""
    terminal = Terminal(tmp_path_factory.mktemp("backups"))
    terminal.secret("backup-pass", BACKUP)
    terminal.new_key("qv.key", "--region", "QV")
    terminal.new_key("qw.key", "--region", "QW", "--self-signed")
    for name, page in (("qv", "txt"), ("qw", "html")):
        result = terminal.run(
            "keys", "export", terminal.folder / f"{name}.key",
            "--to", terminal.folder / f"{name}-copy.key",
            "--sheet", terminal.folder / f"{name}-sheet.{page}",
            *lock(terminal), *backup_lock(terminal),
        )  # fmt: skip
        assert result.exit_code == 0, result.stderr
        assert "✓ The locked backup is written" in result.stdout
        assert "Print it, lock it away" in result.stdout
    return terminal


def test_backups_are_for_their_owner_only_and_hold_no_open_secret(backed_up):
    secret = key_file.read(backed_up.folder / "qv.key").private_key(PASSPHRASE).secret()
    for name in ("qv-copy.key", "qv-sheet.txt", "qw-sheet.html"):
        path = backed_up.folder / name
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        for form in (secret.hex(), base64.b64encode(secret).decode(), BACKUP, PASSPHRASE):
            assert form not in path.read_text("utf-8")


def test_the_sheet_speaks_both_languages_and_says_specimen(backed_up):
    text = (backed_up.folder / "qv-sheet.txt").read_text("utf-8")
    page = (backed_up.folder / "qw-sheet.html").read_text("utf-8")
    for shown in (text, page):
        assert "恢复页" in shown
        assert "Recovery sheet" in shown
        assert "SPECIMEN 样张" in shown
    assert "<svg" in page
    assert "证书" in page
    assert "证书" not in text


@pytest.mark.parametrize("name", ["qv-copy.key", "qv-sheet.txt"])
def test_a_drill_proves_the_backup_and_writes_nothing(backed_up, name):
    before = sorted(backed_up.folder.iterdir())
    words = ("keys", "restore", backed_up.folder / name, "--drill", "--key",
             backed_up.folder / "qv.key", *backup_lock(backed_up))  # fmt: skip
    result = backed_up.run(*words)
    assert result.exit_code == 0, result.stderr
    assert "✓ The backup works" in result.stdout
    assert "region QV" in result.stderr
    assert "备份可用" in backed_up.run(*words, "--lang", "zh").stdout
    assert backed_up.json(*words)["works"] is True
    assert sorted(backed_up.folder.iterdir()) == before


def test_a_drill_takes_the_certificate_from_the_key(backed_up):
    result = backed_up.run(
        "keys", "restore", backed_up.folder / "qw-sheet.html", "--drill", "--key",
        backed_up.folder / "qw.key", *backup_lock(backed_up),
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr


def test_a_drill_with_the_backup_of_another_key(backed_up):
    words = ("keys", "restore", backed_up.folder / "qw-copy.key", "--drill", "--key",
             backed_up.folder / "qv.key", *backup_lock(backed_up))  # fmt: skip
    result = backed_up.run(*words)
    assert result.exit_code == 1
    assert "✕ The backup does not serve" in result.stdout
    assert backed_up.json(*words)["works"] is False


def test_a_drill_with_the_wrong_passphrase(backed_up):
    result = backed_up.run(
        "keys", "restore", backed_up.folder / "qv-sheet.txt", "--drill", "--key",
        backed_up.folder / "qv.key", "--backup-passphrase-file", backed_up.folder / "pass",
    )  # fmt: skip
    assert result.exit_code == 1
    assert "[passphrase]" in result.stderr


def test_restored_from_each_form(backed_up, tmp_path):
    code = recovery_sheet._code((backed_up.folder / "qw-copy.key").read_bytes())
    picture = tmp_path / "sheet.jpg"
    Image.open(io.BytesIO(qr.png(code, scale=5, level="L"))).convert("L").save(picture)
    trust = tmp_path / "regions.json"
    trust.write_text(backed_up.run("keys", "show", backed_up.folder / "qw.key", "--trust").stdout)
    for name, source, words in (
        ("qv", backed_up.folder / "qv-sheet.txt", ()),
        ("qv", backed_up.folder / "qv-copy.key", ()),
        ("qw", picture, ()),
        ("qw", backed_up.folder / "qw-sheet.html", ("--certificate", trust)),
    ):
        to = tmp_path / f"{source.name}.key"
        result = backed_up.run(
            "keys", "restore", source, "--to", to, *words, *lock(backed_up), *backup_lock(backed_up)
        )
        assert result.exit_code == 0, (source, result.stderr)
        assert "✓ The key is restored" in result.stdout
        signer = key_file.read(to).unlock(PASSPHRASE)
        assert signer.description == key_file.read(backed_up.folder / f"{name}.key").description


def test_json_of_a_restored_key(backed_up, tmp_path):
    data = backed_up.json(
        "keys", "restore", backed_up.folder / "qv-copy.key", "--to", tmp_path / "a.key",
        *lock(backed_up), *backup_lock(backed_up),
    )  # fmt: skip
    assert data["restored"] == "a.key"


def test_lines_that_need_their_certificate_say_so(backed_up, tmp_path):
    result = backed_up.run(
        "keys", "restore", backed_up.folder / "qw-sheet.html", "--to", tmp_path / "a.key",
        *lock(backed_up), *backup_lock(backed_up),
    )  # fmt: skip
    assert result.exit_code == 1
    assert "[missing]" in result.stderr
    assert not (tmp_path / "a.key").exists()


def test_a_sheet_typed_line_by_line(backed_up, tmp_path):
    sheet = (backed_up.folder / "qv-sheet.txt").read_text("utf-8")
    lines = [line[4:].lower() for line in sheet.splitlines() if line[:2].strip().isdigit()]
    slip = lines[1][:-1] + ("0" if lines[1][-1] != "0" else "1")
    typed = "\n".join([lines[0], slip, "too short", *lines[1:]]) + "\n"
    result = backed_up.run(
        "keys", "restore", "--to", tmp_path / "a.key", *lock(backed_up), *backup_lock(backed_up),
        typed=typed,
    )  # fmt: skip
    assert result.exit_code == 0, result.stderr
    assert "line 2: a letter is wrong" in result.stderr
    assert "not 28" in result.stderr
    assert key_file.read(tmp_path / "a.key").unlock(PASSPHRASE).region == "QV"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("restore",), "Either --to"),
        (("restore", "--to", "a.key", "--drill"), "Either --to"),
        (("restore", "--drill"), "give --key"),
    ],
)
def test_restore_wants_to_know_what_for(terminal, words, told):
    result = terminal.run("keys", *words)
    assert result.exit_code == 2
    assert told in result.stderr


def test_export_wants_to_know_where_to(backed_up):
    key = backed_up.folder / "qv.key"
    assert backed_up.run("keys", "export", key).exit_code == 2
    taken = backed_up.folder / "qv-copy.key"
    for words in (("--to", taken), ("--sheet", taken)):
        result = backed_up.run("keys", "export", key, *words)
        assert (result.exit_code, "[exists]" in result.stderr) == (1, True)
    result = backed_up.run("keys", "restore", taken, "--to", key)
    assert (result.exit_code, "[exists]" in result.stderr) == (1, True)


def test_a_half_written_export_leaves_nothing(backed_up, tmp_path, monkeypatch):
    def stop(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.link", stop)
    monkeypatch.setattr("pathlib.Path.rename", stop)
    result = backed_up.run(
        "keys", "export", backed_up.folder / "qv.key", "--to", tmp_path / "a.key",
        *lock(backed_up), *backup_lock(backed_up),
    )  # fmt: skip
    assert result.exit_code == 1
    assert "cannot be written: No space left on device" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("html", [False, True])
def test_a_sheet_whose_code_would_be_too_large_has_its_lines(backed_up, html, monkeypatch):
    def full(*_, **__):
        raise RefusalError("too-long")

    monkeypatch.setattr(qr, "modules", full)
    monkeypatch.setattr(qr, "svg", full)
    found = key_file.read(backed_up.folder / "qv.key").description
    page = recovery_sheet.page(found, ("ABCD",), b"{}", html=html)
    assert "Too long for a QR code" in page
    assert " 1  ABCD" in page
