"""A region's federation keys and its statement: a file for each purpose, whole or not at all."""

from datetime import timedelta

import pytest

from huxin.adapters import federation_key, federation_party
from huxin.adapters.key_description import KeyDescription
from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.statement import parse_statement, public_hex
from huxin.trust.federation.charter import Caps
from huxin.trust.federation.region_keys import RegionKeys
from tests.lib.ceremonies import NOW

WORDS = {"zh": "灯湾", "en": "Lantern Bay"}


@pytest.fixture
def made():
    return federation_party.make("QV", WORDS, RegionKeys("QV", "test", ()), now=NOW)


def test_each_purpose_has_a_file_and_the_statement_names_them_all(made, tmp_path):
    path = federation_party.write(tmp_path / "qv", made, "a passphrase")
    assert path.read_bytes() == made.written
    statement = parse_statement(path.read_bytes())
    stated = {*statement.keys.values(), *statement.officers}
    found = [federation_key.read(one) for one in (tmp_path / "qv").glob("*.key")]
    assert {one.public for one in found} == stated
    assert {one.purpose for one in found} == {"root", "charter", "emergency", "witness", "officer"}
    one = federation_party.key_path(tmp_path / "qv", "QV", "officer-2")
    private = federation_key.read(one).unlock("a passphrase")
    assert public_hex(private.public) == public_hex(made.keys["officer-2"].public)


def test_a_folder_in_which_something_is_stays_as_it_is(made, tmp_path):
    (tmp_path / "letter.txt").write_text("mine", "utf-8")
    with pytest.raises(RefusalError, match="exists"):
        federation_party.write(tmp_path, made, "a passphrase")
    with pytest.raises(RefusalError, match="bad-input"):
        federation_party.write(tmp_path / "letter.txt" / "qv", made, "a passphrase")
    with pytest.raises(RefusalError, match="bad-input"):
        federation_party.write(tmp_path / "qv", made, "")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize(("issuing", "verifying"), [(31, 730), (90, 100)])
def test_a_key_is_listed_for_no_longer_than_the_charter_allows(issuing, verifying):
    key = PrivateKey.generate()
    about = KeyDescription(
        "QV", "test", ("huxin", "dcc"), NOW, NOW + timedelta(days=900), key.public
    )
    rows = federation_party.listed(about, Caps(7, issuing, verifying))
    assert [(one.domain, one.issuer) for one in rows] == [("huxin", "QV"), ("dcc", None)]
    for one in rows:
        assert one.issue_until == NOW + timedelta(days=issuing)
        assert one.until == NOW + timedelta(days=verifying)
        assert one.cap == 7
