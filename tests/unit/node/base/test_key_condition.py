"""What is said of keys and lists where a node can no longer sign or judge."""

import dataclasses
import shutil
from datetime import timedelta

import pytest

from huxin.adapters import key_file, node_folder, trust_file
from huxin.kernel.crypto import PrivateKey
from huxin.node.base import condition, own_key
from huxin.node.trust import signing
from tests.lib.node_folders import PASSPHRASE, description


@pytest.fixture
def node(tmp_path, settings, db):
    folder = tmp_path / "node"
    shutil.copytree(settings.HUXIN.path, folder)
    settings.HUXIN = node_folder.read(folder)
    return settings.HUXIN


def found(about, now):
    return [one for one in condition.examine(now=now) if one.about.en == about]


@pytest.mark.parametrize(
    ("days", "states"),
    [(13, ["fine"]), (14, ["look", "fine"]), (29, ["look", "fine"]), (31, ["mend", "fine"])],
)
def test_a_dated_trust_file_grows_old(world, node, days, states):
    document = trust_file.write([trust_file.entry_of(description("QW"))], as_of=world.now)
    node.trust.write_text(document, "utf-8")
    seen = found("Trust list", world.now + timedelta(days=days))
    assert [one.state for one in seen] == states
    if len(seen) > 1:
        assert f"{days} days old" in seen[0].found.en
        assert "as_of" in seen[0].todo.en


def test_a_trust_file_that_cannot_be_read_is_to_be_mended(world, node):
    node.trust.write_text('{"huxin": "trust", "version": 1, "keys": [{}]}')
    (only,) = found("Trust list", world.now)
    assert only.state == "mend"
    assert "no card is judged" in only.found.en


def test_without_any_list_nobody_is_believed(world, node):
    node.trust.unlink()
    (only,) = found("Trust list", world.now)
    assert (only.state, only.found.en) == ("mend", "none: no card is believed")


def test_the_file_that_signs_is_named(world, node):
    opens, _ends = found("Signing key", world.now)
    assert (opens.state, opens.found.en) == ("fine", "QW-1.key signs, it opens")


def test_a_passphrase_that_opens_nothing_is_to_be_mended(world, node, monkeypatch):
    monkeypatch.setenv("HUXIN_KEY_PASSPHRASE", "another passphrase of tests")
    opens, _ends = found("Signing key", world.now)
    assert opens.state == "mend"
    assert "nothing is signed (passphrase)" in opens.found.en


def test_a_passphrase_that_is_given_elsewhere_is_no_fault(world, node, settings):
    secrets = dataclasses.replace(node.secrets, passphrase=None)
    settings.HUXIN = dataclasses.replace(node, secrets=secrets)
    opens, _ends = found("Signing key", world.now)
    assert (opens.state, opens.found.en) == (
        "look",
        "QW-1.key signs; no passphrase here, not tried",
    )


def test_the_tenth_key_comes_after_the_ninth(node):
    later = PrivateKey.generate()
    described = dataclasses.replace(description("QW"), public=later.public)
    shutil.copy(node.keys / "QW-1.key", node.keys / "QW-9.key")
    key_file.write(node.keys / "QW-10.key", described, later, PASSPHRASE)
    assert own_key.file() == node.keys / "QW-10.key"
    assert signing.signer.__wrapped__().kid == described.kid
