"""`huxin trust …`: a federation of one, from its keys to its list, and what is refused on the way."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta

import pytest

from huxin.kernel.instants import parse_instant
from huxin.trust.federation.charter import write_charter
from tests.lib.ceremonies import charter
from tests.lib.did_lists import did_list, method
from tests.lib.terminal import Terminal

NOW = "2026-11-28T08:00:00Z"
PURPOSES = ("root", "charter", "emergency", "officer-1", "officer-2")


def held(terminal: Terminal, *purposes: str) -> list[object]:
    """The options that name these keys."""
    return [
        word
        for purpose in purposes
        for word in ("--key", terminal.folder / "qv" / f"qv-{purpose}.key")
    ]


def passed(terminal: Terminal) -> list[object]:
    return [
        *("--repository", terminal.folder / "list"),
        *("--passphrase-file", terminal.folder / "pass"),
    ]


def proposed(terminal: Terminal, name: str, *words: object):
    """Propose into a file of this name; return it with what was said."""
    out = terminal.folder / name
    list_ = ("--repository", terminal.folder / "list")
    told = terminal.json("trust", "propose", *words, *list_, "--out", out)
    return out, told


def signed_and_published(terminal: Terminal, path, *purposes: str):
    everything = passed(terminal)
    shown = terminal.run("trust", "sign", path, *held(terminal, *purposes), "--yes", *everything)
    assert shown.exit_code == 0, shown.stderr
    return terminal.run("trust", "publish", path, *held(terminal, "witness"), *everything)


@pytest.fixture(scope="module")
def founded(tmp_path_factory) -> Terminal:
    return found_in(tmp_path_factory.mktemp("one"))


def found_in(folder) -> Terminal:
    terminal = Terminal(folder, now=NOW)
    secret = ("--passphrase-file", terminal.folder / "pass")
    terminal.run("keys", "new", terminal.folder / "qv.key", "--region", "QV", *secret)
    terminal.run(
        *("trust", "init", terminal.folder / "qv", "--region", "QV", "--name-zh", "青屿"),
        *("--name-en", "Reed Isles", "--signs", terminal.folder / "qv.key", *secret),
    )
    text = terminal.folder / "charter.json"
    text.write_bytes(write_charter(charter(environment="test")))
    statement = terminal.folder / "qv" / "qv.statement.json"
    path, _ = proposed(terminal, "found.json", "found", statement, "--charter", text)
    assert signed_and_published(terminal, path, *PURPOSES).exit_code == 0
    return terminal


def test_a_federation_of_one_stands(founded):
    told = founded.json("trust", "status", founded.folder / "list")
    assert [(row["region"], row["standing"], row["keys"]) for row in told["regions"]] == [("QV", "active", 1)]  # fmt: skip
    assert {row["role"]: row["version"] for row in told["roles"]} == dict.fromkeys(
        ("root", "targets", "emergency", "snapshot", "timestamp", "region-QV"), 1
    )
    assert founded.run("trust", "lint", founded.folder / "list").exit_code == 0
    assert founded.json("trust", "lint", founded.folder / "list") == {"findings": []}


@pytest.mark.parametrize(("lang", "words"), [("zh", ("青屿", "正式", "该重签了")), ("en", ("Reed Isles", "active", "to be signed anew"))])  # fmt: skip
def test_what_ends_soon_is_marked_in_words(founded, lang, words):
    late = ("--at", "2026-11-29T08:00:00Z", "--lang", lang)
    shown = founded.run("trust", "status", founded.folder / "list", *late)
    assert all(word in shown.stdout for word in words)


def test_what_is_over_is_marked_too(founded):
    late = ("--at", "2028-01-01T00:00:00Z")
    assert "  ! over" in founded.run("trust", "status", founded.folder / "list", *late).stdout


def test_an_empty_folder_says_what_to_do(founded, tmp_path):
    shown = founded.run("trust", "status", tmp_path)
    assert (shown.exit_code, "huxin trust propose found" in shown.stdout) == (1, True)
    refused = founded.run("trust", "lint", tmp_path)
    assert (refused.exit_code, "trust-missing" in refused.stderr) == (1, True)


def test_a_proposal_is_read_before_it_is_signed(founded):
    path, told = proposed(founded, "renew.json", "renew", "targets")
    assert told["kind"] == "renew"
    list_ = ("--repository", founded.folder / "list")
    shown = founded.run("trust", "diff", path, *list_)
    assert shown.exit_code == 0
    assert "it only lasts longer" in shown.stdout
    assert "targets: 0 of 1, signed by nobody; may sign: QV" in shown.stdout
    asked = founded.run("trust", "sign", path, *held(founded, "charter"), *passed(founded), typed="n\n")  # fmt: skip
    assert asked.exit_code == 1
    assert founded.json("trust", "diff", path, *list_)["signatures"][0]["signed"] == []
    agreed = founded.run("trust", "sign", path, *held(founded, "charter"), *passed(founded), typed="y\n")  # fmt: skip
    assert agreed.exit_code == 0
    assert founded.json("trust", "diff", path, *list_)["signatures"][0]["signed"] == ["QV"]


def test_what_lacks_signatures_is_not_published(founded):
    path, _ = proposed(founded, "lacking.json", "renew", "root", "targets")
    everything = passed(founded)
    before = sorted((founded.folder / "list").rglob("*"))
    shown = founded.run("trust", "publish", path, *held(founded, "witness"), *everything)
    assert shown.exit_code == 3
    assert "root: 0 of 1, signed by nobody; may sign: QV" in shown.stdout
    told = founded.run("trust", "publish", path, *everything, "--json")
    assert (told.exit_code, json.loads(told.stdout)["code"]) == (3, "trust-threshold")
    assert sorted((founded.folder / "list").rglob("*")) == before


def test_a_signer_verifies_the_list_first_where_it_holds_one(tmp_path):
    terminal = found_in(tmp_path)
    state = ("--state", tmp_path / "state")
    assert terminal.run("trust", "refresh", "--from", tmp_path / "list", *state).exit_code == 0
    path, _ = proposed(terminal, "renewed.json", "renew", "targets")
    words = ("trust", "sign", path, *held(terminal, "charter"), "--yes", *passed(terminal), *state)
    assert terminal.run(*words).exit_code == 0
    vote = ("trust", "vote", path, *held(terminal, "charter"), "--for", "--text", "Good", *passed(terminal), *state)  # fmt: skip
    assert terminal.run(*vote).exit_code == 0
    # Somebody else's list in the same folder: its own root, its own keys.
    (tmp_path / "other").mkdir()
    other = found_in(tmp_path / "other")
    shutil.rmtree(tmp_path / "list")
    shutil.move(other.folder / "list", tmp_path / "list")
    before = path.read_bytes()
    refused = terminal.run(*words)
    assert refused.exit_code == 1
    assert any(
        code in refused.stderr for code in ("trust-threshold", "trust-rollback", "trust-pin")
    )
    assert path.read_bytes() == before


def test_a_key_that_may_sign_nothing_is_refused(founded):
    path, _ = proposed(founded, "none.json", "renew", "targets")
    shown = founded.run("trust", "sign", path, *held(founded, "officer-1"), "--yes", *passed(founded))  # fmt: skip
    assert (shown.exit_code, "trust-keys" in shown.stderr) == (1, True)
    assert founded.run("trust", "sign", path, *passed(founded)).exit_code == 2


def test_a_dissent_is_written_into_the_charter(founded):
    text = founded.folder / "charter.json"
    path, _ = proposed(founded, "amended.json", "charter", text)
    vote = ("--key", founded.folder / "qv" / "qv-charter.key", "--against", "--text", "Too fast")
    everything = passed(founded)
    assert founded.json("trust", "vote", path, *vote, *everything)["agrees"] is False
    shown = founded.run("trust", "diff", path, "--repository", founded.folder / "list")
    assert "The charter records that QV dissents: Too fast" in shown.stdout
    assert "QV  against  Too fast" in shown.stdout
    wrong = ("--key", founded.folder / "qv" / "qv-root.key", "--for", "--text", "Yes")
    assert "trust-keys" in founded.run("trust", "vote", path, *wrong, *everything).stderr
    right = ("--key", founded.folder / "qv" / "qv-charter.key", "--for", "--text", "Yes")
    assert "in favour" in founded.run("trust", "vote", path, *right, *everything).stdout


def test_a_notice_is_told_to_everybody_and_its_dissent_stands_in_it(tmp_path):
    founded = found_in(tmp_path)
    zh, en = tmp_path / "zh.txt", tmp_path / "en.txt"
    zh.write_text("一把密钥丢了。\n", "utf-8")
    en.write_bytes(b"A key was lost.\r\nIt was found.\r\n")
    words = (
        *("notice", "federation", "--kind", "incident", "--name", "2026-001", "--concerns", "QV"),
        *("--text-zh", zh, "--text-en", en),
    )
    out = ("--repository", founded.folder / "list", "--out", tmp_path / "notice.json")
    assert founded.run("trust", "propose", *words, *out).exit_code == 2
    titles = ("--title-zh", "丢了", "--title-en", "Lost")
    shown = founded.run("trust", "propose", *words, *titles, *out)
    assert "federation publishes a notice (incident): Lost" in shown.stdout
    vote = ("--key", founded.folder / "qv" / "qv-charter.key", "--against", "--text", "Not so")
    assert founded.run("trust", "vote", tmp_path / "notice.json", *vote, *passed(founded)).exit_code == 0  # fmt: skip
    assert signed_and_published(founded, tmp_path / "notice.json", "charter").exit_code == 0
    [file] = (founded.folder / "list" / "targets" / "federation").glob("*.notices.json")
    [one] = json.loads(file.read_text("utf-8"))["notices"]
    assert one["text"] == {"zh": "一把密钥丢了。", "en": "A key was lost.\nIt was found."}
    assert one["dissent"] == [{"region": "QV", "text": {"zh": "Not so", "en": "Not so"}}]
    en.write_bytes(b"\xff")
    again = founded.run("trust", "propose", *words, *titles, *out[:3], tmp_path / "more.json")
    assert (again.exit_code, "bad-input" in again.stderr) == (1, True)


def test_a_list_of_others_is_stated_and_not_believed(founded, tmp_path):
    source, out = tmp_path / "did.json", tmp_path / "lists.json"
    at = parse_instant(NOW)
    listed = did_list(
        method("QW", 5, now=at),
        method("QW", 6, now=at, until=at - timedelta(days=1)),
        method("XXA", 7, now=at, name="Test State"),
        {"id": "nothing"},
    )
    source.write_text(json.dumps(listed), "utf-8")
    told = founded.json("trust", "import", source, "--region", "QV", "--out", out)
    stated = json.loads(out.read_text("utf-8"))
    assert (stated["by"], len(stated["keys"])) == ("QV", told["keys"])
    assert any("expired" in key["marks"] for key in stated["keys"])
    assert any("test-key" in key["marks"] for key in stated["keys"])
    again = founded.run("trust", "import", source, "--region", "QV", "--out", out)
    assert "exists" in again.stderr
    shown = founded.run("trust", "import", source, "--region", "QV", "--out", tmp_path / "2.json")
    assert "nobody is trusted by it" in shown.stdout


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("publish", "QV"), 2),
        (("publish", "QV", "--file", "a/b=x"), 2),
        (("publish", "QX", "--file", "a.json=pyproject.toml"), 1),
        (("revoke", "QV", "zz", "--reason", "lost"), 1),
        (("expel", "QV"), 1),
        (("confirm", "nothing"), 1),
        (("renew", "snapshot"), 1),
    ],
    ids=lambda one: " ".join(one) if isinstance(one, tuple) else "",
)
def test_what_cannot_be_proposed_is_refused_and_nothing_written(founded, tmp_path, words, code):
    out = tmp_path / "x.json"
    list_ = ("--repository", founded.folder / "list")
    shown = founded.run("trust", "propose", *words, *list_, "--out", out)
    assert shown.exit_code == code, shown.output
    assert not out.exists()


def test_the_keys_of_a_region_are_made_once(founded):
    secret = ("--passphrase-file", founded.folder / "pass")
    names = ("--region", "QV", "--name-zh", "青屿", "--name-en", "Reed Isles")
    shown = founded.run("trust", "init", founded.folder / "qv", *names, *secret)
    assert (shown.exit_code, "exists" in shown.stderr) == (1, True)
    other = ("--region", "QW", "--name-zh", "白汀", "--name-en", "White Strand")
    signs = ("--signs", founded.folder / "qv.key")
    shown = founded.run("trust", "init", founded.folder / "qw", *other, *signs, *secret)
    assert "bad-input" in shown.stderr
    assert not (founded.folder / "qw").exists()


def test_the_list_in_one_file_is_the_same_bytes_each_time(founded):
    made = []
    for name in ("one.bundle", "two.bundle"):
        out = founded.folder / name
        founded.json("trust", "bundle", "--repository", founded.folder / "list", "--out", out)
        made.append(out.read_bytes())
    assert made[0] == made[1]


def test_a_vote_that_nobody_could_read_again_is_not_written(tmp_path):
    terminal = found_in(tmp_path)
    path, _ = proposed(terminal, "renewed.json", "renew", "targets")
    before = path.read_bytes()
    vote = ("trust", "vote", path, *held(terminal, "charter"), "--for", *passed(terminal))
    for text in ("a\ttab", "x" * 20_001, "\u200dhidden"):
        refused = terminal.run(*vote, "--text", text)
        assert (refused.exit_code, "trust-file" in refused.stderr) == (1, True)
        assert path.read_bytes() == before
    # As some keyboards write it: an e and an accent.
    assert terminal.run(*vote, "--text", "De\u0301sole\u0301").exit_code == 0
    told = terminal.json("trust", "diff", path, "--repository", tmp_path / "list")
    assert told["votes"][0]["text"] == "D\u00e9sol\u00e9"


def test_a_state_that_holds_nothing_vouches_for_nothing(tmp_path):
    terminal = found_in(tmp_path)
    path, _ = proposed(terminal, "renewed.json", "renew", "targets")
    words = ("trust", "sign", path, *held(terminal, "charter"), "--yes", *passed(terminal))
    refused = terminal.run(*words, "--state", tmp_path / "new")
    assert (refused.exit_code, "trust-pin" in refused.stderr) == (1, True)
    assert not (tmp_path / "new").exists()
    state = ("--state", tmp_path / "state")
    assert terminal.run("trust", "refresh", "--from", tmp_path / "list", *state).exit_code == 0
    shutil.rmtree(tmp_path / "list")
    (tmp_path / "list").mkdir()
    refused = terminal.run(*words, *state)
    assert (refused.exit_code, "trust-missing" in refused.stderr) == (1, True)


def test_a_region_that_ended_signs_anew_with_a_state(tmp_path):
    terminal = found_in(tmp_path)
    # Witnesses go on for three months; the officers forget.
    late = "2027-02-27T08:00:00Z"
    rest = ("--repository", tmp_path / "list", "--passphrase-file", tmp_path / "pass", "--at", late)
    for name, roles, purposes in (
        ("emergency.json", ("root", "targets", "emergency"), ("root", "charter", "emergency")),
    ):
        out = tmp_path / name
        assert (
            terminal.run(
                "trust",
                "propose",
                "renew",
                *roles,
                "--repository",
                tmp_path / "list",
                "--at",
                late,
                "--out",
                out,
            ).exit_code
            == 0
        )
        assert (
            terminal.run("trust", "sign", out, *held(terminal, *purposes), "--yes", *rest).exit_code
            == 0
        )
        assert (
            terminal.run("trust", "publish", out, *held(terminal, "witness"), *rest).exit_code == 0
        )
    state = ("--state", tmp_path / "state")
    terminal.run("trust", "refresh", "--from", tmp_path / "list", *state, "--at", late)
    out = tmp_path / "anew.json"
    assert (
        terminal.run(
            "trust",
            "propose",
            "renew",
            "QV",
            "--repository",
            tmp_path / "list",
            "--at",
            late,
            "--out",
            out,
        ).exit_code
        == 0
    )
    signed = terminal.run(
        "trust", "sign", out, *held(terminal, "officer-1", "officer-2"), "--yes", *rest, *state
    )
    assert signed.exit_code == 0, signed.stderr
