"""Files of federation keys: what they are for stands open, and nothing opens that was changed."""

import json
import stat

import pytest

from huxin.adapters import federation_key
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from tests.lib.ceremonies import ed25519

PASSPHRASE = "lanterns on the water"
FOR = {"region": "QV", "purpose": "charter", "environment": "production"}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "qv-charter.key"
    federation_key.write(path, ed25519("QV charter"), PASSPHRASE, **FOR)
    return path


def refused(work) -> str:
    with pytest.raises(RefusalError) as error:
        work()
    return error.value.refusal.code


def test_a_key_is_read_and_unlocked(path):
    found = federation_key.read(path)
    assert (found.region, found.purpose, found.environment) == ("QV", "charter", "production")
    assert found.unlock(PASSPHRASE).public == ed25519("QV charter").public
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert refused(lambda: found.unlock("another passphrase")) == "passphrase"


def test_nothing_is_overwritten_and_a_short_passphrase_is_refused(path, tmp_path):
    key = ed25519("QV charter")
    assert refused(lambda: federation_key.write(path, key, PASSPHRASE, **FOR)) == "exists"
    new = tmp_path / "new.key"
    assert refused(lambda: federation_key.write(new, key, "short", **FOR)) == "bad-input"
    assert refused(lambda: federation_key.write(new, PrivateKey.generate(), PASSPHRASE, **FOR)) == "trust-keys"  # fmt: skip
    assert not new.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"huxin": "key"},
        {"version": 2},
        {"more": 1},
        {"region": 1},
        {"purpose": "everything"},
        {"environment": "here"},
        {"cipher": {}},
    ],
)
def test_a_file_that_is_none_is_refused(path, changes):
    document = json.loads(path.read_bytes()) | changes
    assert refused(lambda: federation_key.parse(json.dumps(document).encode())) == "key-file"


@pytest.mark.parametrize("data", [b"", b"[]", b"{"])
def test_a_broken_file_is_refused(tmp_path, data):
    path = tmp_path / "broken.key"
    path.write_bytes(data)
    assert refused(lambda: federation_key.read(path)) == "key-file"


def test_a_file_whose_open_part_was_changed_does_not_open(path):
    document = json.loads(path.read_bytes()) | {"purpose": "root"}
    found = federation_key.parse(json.dumps(document).encode())
    assert refused(lambda: found.unlock(PASSPHRASE)) == "passphrase"


@pytest.mark.parametrize(
    ("secret", "code"),
    [
        (ed25519("another").pkcs8(), "key-file"),
        (PrivateKey.generate().pkcs8(), "key-file"),
        (b"nothing", "passphrase"),
    ],
    ids=["another key", "another kind of key", "no key"],
)
def test_a_seal_around_something_else_is_found_out(path, secret, code):
    from huxin.adapters.sealed_document import seal_into

    sealed = {"cipher", "nonce", "sealed"}
    document = json.loads(path.read_bytes())
    open_part = {name: one for name, one in document.items() if name not in sealed}
    forged = json.dumps(seal_into(open_part, secret, PASSPHRASE)).encode()
    assert refused(lambda: federation_key.parse(forged).unlock(PASSPHRASE)) == code
