"""The list as it is read from what TUF has verified."""

from dataclasses import replace

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.layout import LIFETIMES
from huxin.trust.federation.region_keys import Tombstone, tombstone_of
from huxin.trust.federation.repository import Repository, read_list
from tests.lib.federation_dicts import NOW, Federation, signing_key


def test_a_list_is_read_as_it_was_written():
    federation = Federation.of(3)
    found = read_list(federation.repository())
    assert found.charter == federation.charter
    assert list(found.members) == federation.members
    assert found.suspensions == ()
    assert dict(found.keys) == federation.keys
    assert found.tombstones == frozenset()
    assert found.signed_at == NOW


def test_a_list_is_as_old_as_its_timestamp():
    repository = Federation.of(1).repository()
    newest = replace(repository.roles["timestamp"], expires=NOW)
    found = read_list(replace(repository, roles={**repository.roles, "timestamp": newest}))
    assert found.signed_at == NOW - LIFETIMES["timestamp"]


def test_tombstones_are_added_to_those_held():
    federation = Federation.of(1)
    stone = Tombstone(tombstone_of(signing_key("old").key), NOW, "lost")
    federation.set_keys("QV", signing_key("QV 1"), revoked=[stone])
    found = read_list(federation.repository(), buried=frozenset({b"another"}))
    assert found.tombstones == {b"another", *federation.keys["QV"].graves()}


def test_keys_of_a_region_that_is_no_member_are_not_read():
    federation = Federation.of(2)
    federation.files["QA/keys.cbor"] = b"\xff"
    federation.signed["region-QA"] = {"targets": {}}
    assert set(read_list(federation.repository()).keys) == {"QV", "QW"}


def test_there_is_no_list_without_a_timestamp():
    repository = Federation.of(1).repository()
    roles = {name: one for name, one in repository.roles.items() if name != "timestamp"}
    with pytest.raises(RefusalError, match="trust-file: at /timestamp: missing"):
        read_list(Repository(roles, repository.targets))
