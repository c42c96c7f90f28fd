"""`huxin doctor`: what is fine, what to look at, what to mend."""

import json
import sys

import pytest

from huxin.adapters import pdf_pages
from huxin.adapters.paper import font, press
from huxin.cli import doctor as doctor_module
from huxin.cli.speech import Speech
from huxin.kernel.errors import RefusalError
from huxin.trust import qr
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    return Terminal(tmp_path)


def look(terminal: Terminal, *words, **variables) -> dict[str, dict[str, str]]:
    told = terminal.json("doctor", "--folder", terminal.folder, *words, **variables)
    return {one["what"]: one for one in told}


def state(found: dict[str, dict[str, str]], what: str) -> str:
    return found[what]["state"]


def refuse(*_, **__):
    raise RefusalError("tool", "not here")


@pytest.mark.needs("python:typst", "python:noto_cjk_sans_otc")
def test_a_computer_in_order(terminal):
    result = terminal.run("doctor", "--folder", terminal.folder, HUXIN_NOW=None)
    assert result.exit_code == 0, result.stdout
    assert "Nothing is wrong." in result.stdout
    assert "✓  Clock" in result.stdout
    assert "✓  Library cryptography" in result.stdout
    assert "draws 㑇 䶮 𠅤" in result.stdout
    chinese = terminal.run(
        "doctor", "--folder", terminal.folder, "--lang", "zh", HUXIN_NOW=None
    ).stdout
    assert "没有发现问题。" in chinese
    assert "可写的文件夹" in chinese


def test_a_moved_clock_is_worth_a_look(terminal):
    result = terminal.run("doctor", "--folder", terminal.folder)
    assert result.exit_code == 0
    assert "!  Clock" in result.stdout
    assert "unset HUXIN_NOW" in result.stdout
    assert "please look at what is marked !" in result.stdout


def test_a_clock_of_another_century(terminal, monkeypatch):
    monkeypatch.setattr(doctor_module, "_YEARS", range(3000, 4000))
    result = terminal.run("doctor", "--folder", terminal.folder, HUXIN_NOW=None)
    assert result.exit_code == 1
    assert "cannot be right" in result.stdout
    assert "must be mended" in result.stdout


@pytest.mark.parametrize(
    ("what", "where", "name", "expected"),
    [
        ("QR codes", qr, "png", "broken"),
        ("Reading PDF", pdf_pages, "pages", "broken"),
        ("Font for paper", font, "lacking", "look"),
    ],
)
def test_a_part_that_does_not_work(terminal, monkeypatch, what, where, name, expected):
    monkeypatch.setattr(where, name, refuse)
    assert state(look(terminal), what) == expected


def test_a_font_that_lacks_a_letter_and_no_typesetter(terminal, monkeypatch):
    monkeypatch.setattr(font, "lacking", lambda _: "𠅤")
    monkeypatch.setattr(press, "is_installed", lambda: False)
    found = look(terminal)
    assert found["Font for paper"]["found"] == "cannot draw: 𠅤"
    assert state(found, "Typesetting (typst)") == "look"


def test_a_missing_library_and_an_old_python(terminal, monkeypatch):
    monkeypatch.setattr(doctor_module, "_LIBRARIES", ("no-such-library",))
    monkeypatch.setattr(doctor_module, "_PYTHON", (4, 0))
    found = look(terminal)
    assert state(found, "Library no-such-library") == "broken"
    assert state(found, "Python") == "broken"


def test_a_folder_that_cannot_be_written_to(terminal):
    told = terminal.json("doctor", "--folder", terminal.folder / "no")
    (found,) = [one for one in told if one["what"] == "Writable folder"]
    assert (found["state"], found["todo"]) == ("broken", "choose a folder that can be written to")


def test_a_terminal_without_our_letters(terminal, monkeypatch):
    class Narrow:
        encoding = "latin-1"

    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", Narrow())
        finding = doctor_module._terminal(Speech("zh"))
    assert (finding.state, finding.todo) == ("look", "把终端设为 UTF-8")


# ----------------------------------------------------------------------------- the expiry calendar


@pytest.mark.parametrize(
    ("now", "expected", "found"),
    [
        ("2026-11-24T10:00:00Z", "fine", "until 2027-06-01, 188 days left"),
        ("2027-01-24T10:00:00Z", "look", "meant to sign until 2026-12-24"),
        ("2027-05-24T10:00:00Z", "look", "until 2027-06-01, 7 days left"),
        ("2027-06-02T10:00:00Z", "broken", "over since 2027-06-01"),
    ],
)
def test_when_keys_end(terminal, now, expected, found):
    key = terminal.new_key("qv.key", "--region", "QV", "--valid-until", "2027-06-01")
    told = look(terminal, key, HUXIN_NOW=now)["Key qv.key"]
    assert told["state"] == expected
    assert found in told["found"]


def test_a_key_file_that_others_can_read(terminal):
    key = terminal.new_key("qv.key", "--region", "QV")
    key.chmod(0o640)
    told = terminal.json("doctor", key, "--folder", terminal.folder)
    findings = [one for one in told if one["what"] == "Key qv.key"]
    assert [one["state"] for one in findings] == ["look", "fine"]
    assert findings[0]["todo"] == "chmod 600 qv.key"


def test_a_key_file_that_cannot_be_read(terminal):
    path = terminal.secret("qv.key", "junk")
    assert look(terminal, path)["Key qv.key"]["state"] == "broken"


def trust(terminal: Terminal, *ends: str, **more) -> object:
    path = terminal.folder / "regions.json"
    key = terminal.new_key("qv.key", "--region", "QV")
    document = json.loads(terminal.run("keys", "show", key, "--trust").stdout)
    (entry,) = document["keys"]
    entries = [entry | {"valid_until": end} for end in ends]
    path.write_text(json.dumps(document | {"keys": entries} | more))
    return path


@pytest.mark.parametrize(
    ("ends", "expected", "found"),
    [
        (("2028-01-01",), "fine", "1 keys, 0 of them over, 0 within two weeks"),
        (("2028-01-01", "2020-01-01", "2026-11-30"), "look", "3 keys, 1 of them over, 1 within"),
        (("2020-01-01",), "broken", "1 keys, 1 of them over"),
        ((), "broken", "0 keys"),
    ],
)
def test_when_the_keys_of_a_trust_file_end(terminal, ends, expected, found):
    told = look(terminal, "--trust", trust(terminal, *ends))["Trust file regions.json"]
    assert told["state"] == expected
    assert found in told["found"]


def test_a_trust_file_younger_than_the_clock(terminal):
    path = trust(terminal, "2028-01-01", as_of="2026-12-01T00:00:00Z")
    told = look(terminal, "--trust", path)["Trust file regions.json"]
    assert told["state"] == "broken"
    assert "earlier than a trust file" in told["found"]


def test_a_trust_file_with_a_fault(terminal):
    path = terminal.secret("regions.json", "{}")
    assert look(terminal, "--trust", path)["Trust file regions.json"]["state"] == "broken"
