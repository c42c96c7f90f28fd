"""`huxin node` as an operator types it: make a node, people who work there, look after it."""

import json
import os
import re
import subprocess
import sys

import pytest
from click.testing import CliRunner

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
