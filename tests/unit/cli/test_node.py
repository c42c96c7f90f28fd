"""`huxin node` as an operator types it: make a node, people who work there, look after it."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

from huxin.adapters import key_file
from tests.lib.rules import document

LEFT_OUT = ("HUXIN_NODE", "DATABASE_URL", "HUXIN_NOW", "HUXIN_ENVIRONMENT")


def huxin(*words):
    """Type a command in a process of its own, since a process serves one node."""
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    program = "from huxin.cli.main import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *map(str, words)],
        capture_output=True, text=True, check=False, env=environment,
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("nodes")
    secret = place / "key.pass"
    secret.write_text("a passphrase of tests\n")
    node = place / "reed-isles"
    made = huxin(
        "node", "init", node, "--region", "QW", "--name", "苇洲", "--name-en", "Reed Isles",
        "--origin", "http://localhost:8800", "--environment", "test", "--passphrase-file", secret,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    assert huxin("node", "migrate", node).returncode == 0
    return node


def test_a_node_is_made_once(folder):
    again = huxin(
        "node", "init", folder, "--region", "QW", "--name", "苇洲", "--name-en", "Reed Isles",
        "--origin", "http://localhost:8800", "--passphrase-file", folder.parent / "key.pass",
    )  # fmt: skip
    assert again.returncode == 1
    assert "[exists]" in again.stderr


def init(folder, secret, *words, region="QW"):
    return huxin(
        "node", "init", folder, "--region", region, "--name", "苇洲", "--name-en", "Reed Isles",
        "--origin", "http://localhost:8800", "--passphrase-file", secret, *words,
    )  # fmt: skip


@pytest.fixture
def secret(tmp_path):
    made = tmp_path / "secret.pass"
    made.write_text("a passphrase of tests\nwhat somebody noted below it\n", "utf-8")
    made.chmod(0o600)
    return made


@pytest.mark.parametrize("there", [False, True])
def test_what_could_not_be_made_leaves_nothing_in_the_way_of_the_next_try(tmp_path, secret, there):
    place = tmp_path / "node"
    if there:
        place.mkdir()
    secret.write_text("short", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    assert "[bad-input]" in init(place, secret).stderr
    assert "[bad-input]" in init(place, secret, region="nowhere").stderr
    secret.write_bytes("十二个字以上的一句口令放在这里".encode("gb18030"))
    assert "no text in UTF-8" in init(place, secret).stderr
    assert sorted(tmp_path.rglob("*")) == before
    secret.write_text("a passphrase of tests", "utf-8")
    assert init(place, secret).returncode == 0


def test_a_new_node_is_its_owners_only(tmp_path, secret):
    place = tmp_path / "node"
    place.mkdir(mode=0o755)
    assert init(place, secret).returncode == 0
    assert place.stat().st_mode & 0o777 == 0o700
    assert huxin("node", "migrate", place).returncode == 0
    assert (place / "node.sqlite3").stat().st_mode & 0o777 == 0o600


def test_the_passphrase_is_the_first_line_as_everywhere(tmp_path, secret):
    place = tmp_path / "node"
    assert init(place, secret).returncode == 0
    key_file.read(place / "keys" / "QW-1.key").unlock("a passphrase of tests")


def test_rules_are_handed_in_by_an_officer_of_the_node_only(folder, tmp_path):
    rules = tmp_path / "rules.json"
    rules.write_text(json.dumps([document(region="QW")]), "utf-8")
    told = huxin("rules", "publish", folder, rules, "--as", "nobody")
    assert told.returncode == 1
    assert "[missing]" in told.stderr
    nowhere = huxin("rules", "publish", tmp_path, rules, "--as", "nobody")
    assert nowhere.returncode == 1
    assert "Traceback" not in nowhere.stderr


def test_people_who_work_there_and_a_look_at_it(folder):
    assert huxin("node", "organisation", folder, "河埠头", "--name-en", "Wharf").returncode == 0
    made = huxin(
        "node", "account", folder, "clerk-one", "--role", "clerk", "--organisation", "Wharf"
    )
    assert re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", made.stdout), made.stderr
    unknown = huxin(
        "node", "account", folder, "clerk-two", "--role", "clerk", "--organisation", "X"
    )
    assert unknown.returncode == 1
    assert "[missing]" in unknown.stderr
    assert huxin("node", "work", folder, "--once").returncode == 0
    held = huxin("node", "audit", folder)
    assert held.returncode == 0
    assert "2 条已封存" in held.stdout
    looked = huxin("node", "doctor", folder)
    assert looked.returncode == 0, looked.stdout + looked.stderr
    assert "! 备份 Backup" in looked.stdout


def test_a_folder_that_is_no_node_is_refused(tmp_path):
    answer = huxin("node", "migrate", tmp_path)
    assert answer.returncode == 1
    assert "node.toml" in answer.stderr


def test_help_has_examples():
    from huxin.cli.main import main

    assert "huxin node serve" in CliRunner().invoke(main, ["node", "--help"]).output
