"""What `verify` is told: by status sets for our cards, by hash lists for EU certificates."""

import base64
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust import reading
from huxin.trust.anchors import TrustStore
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.issue import issue
from huxin.trust.status import Several, others
from huxin.trust.status.hash_list import HashLists, hashes_of
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName
from huxin.trust.status.status_sets import StatusSets
from huxin.trust.verify import Basis, verify
from tests.lib.regions import NOW, REED_ISLES, facts

URI: Final = "https://node.example.org/status/1"
CARD: Final = issue(facts(), REED_ISLES, now=NOW, status=StatusIndex(URI, 77))
ANCHOR: Final = REED_ISLES.anchor()


def sets(*indices: int, region: str = str(ANCHOR.region), uri: str = URI) -> StatusSets:
    found = IndexSet.of(indices)
    return StatusSets([Held(ListName(region, uri), 1, found, NOW, NOW + timedelta(days=1))])


def test_a_withdrawn_place_is_revoked() -> None:
    assert sets(77).revoked(CARD, ANCHOR)
    assert not sets(76).revoked(CARD, ANCHOR)
    assert not sets().revoked(CARD, ANCHOR)
    assert sets().dates(CARD, ANCHOR) is not None


def test_a_region_speaks_of_its_own_lists_only() -> None:
    for other in (sets(77, region="ZZ"), sets(77, uri="https://elsewhere.example/status/1")):
        assert not other.revoked(CARD, ANCHOR)
        assert other.dates(CARD, ANCHOR) is None
    assert not sets(77).revoked(replace(CARD, status=None), ANCHOR)
    assert sets(77).dates(CARD, replace(ANCHOR, region=None)) is None


def test_a_set_tells_how_old_it_is() -> None:
    assert sets(77).dates(CARD, ANCHOR) == (NOW, NOW + timedelta(days=1))
    assert sets(77, region="ZZ").dates(CARD, ANCHOR) is None
    assert sets(77).dates(replace(CARD, status=None), ANCHOR) is None
    assert (len(sets()), len(StatusSets([]))) == (1, 0)


def test_of_several_lists_one_that_names_the_card_is_enough() -> None:
    assert Several((sets(1), sets(77))).revoked(CARD, ANCHOR)
    assert not Several((sets(1), sets(2))).revoked(CARD, ANCHOR)
    assert not Several(()).revoked(CARD, ANCHOR)


def test_the_verdict_says_revoked() -> None:
    basis = Basis(TrustStore([ANCHOR]), sets(77))
    assert verify(reading.open(CARD.text), basis, now=NOW).code == "revoked"


def batch(hashed: bytes, kind: str = "UCI", kid: bytes = ANCHOR.kid) -> dict[str, Any]:
    entry = {"hash": base64.b64encode(hashed).decode()}
    return {"kid": base64.b64encode(kid).decode(), "hashType": kind, "entries": [entry]}


def cut(text: str) -> bytes:
    return sha256(text.encode()).digest()[:16]


UCI: Final = "QW-7F3K-9D2M-Q8XA"


@pytest.mark.parametrize(
    ("hashed", "kind"),
    [
        (cut(UCI), "UCI"),
        (cut(f"{CARD.issuer}{UCI}"), "COUNTRYCODEUCI"),
        (sha256(CARD.signature[:32]).digest()[:16], "SIGNATURE"),
    ],
)
def test_a_listed_hash_revokes_under_its_kind_and_key_only(hashed: bytes, kind: str) -> None:
    assert HashLists.parse([batch(hashed, kind), batch(bytes(16), kind)]).revoked(CARD, ANCHOR)
    assert not HashLists.parse([batch(hashed, kind, b"other")]).revoked(CARD, ANCHOR)
    others = {"UCI", "COUNTRYCODEUCI", "SIGNATURE"} - {kind}
    assert not HashLists.parse([batch(hashed, one) for one in others]).revoked(CARD, ANCHOR)


def test_a_signature_turned_into_its_twin_is_still_listed() -> None:
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    s = int.from_bytes(CARD.signature[32:], "big")
    twin = replace(CARD, signature=CARD.signature[:32] + (order - s).to_bytes(32, "big"))
    assert ANCHOR.key.verify(twin.signature, twin.signed)
    assert hashes_of(twin)["SIGNATURE"] == hashes_of(CARD)["SIGNATURE"]


def test_a_card_without_identifier_has_the_hash_of_its_signature_only() -> None:
    assert set(hashes_of(replace(CARD, facts=None, algorithm="PS256"))) == {"SIGNATURE"}


def test_lists_of_health_cards_and_batches_of_hashes_are_told_apart() -> None:
    mixed = others.parse([{"kid": "k", "rids": ["x"]}, batch(cut(UCI))])
    assert mixed.revoked(CARD, ANCHOR)
    assert not others.parse([{"kid": "k", "rids": ["x"]}]).revoked(CARD, ANCHOR)
    with pytest.raises(RefusalError, match="bad-input"):
        others.parse(["neither"])


GOOD: Final = batch(bytes(16))


@pytest.mark.parametrize(
    "bad",
    [
        [],
        {},
        GOOD | {"hashType": "NAME"},
        GOOD | {"hashType": ["UCI"]},
        GOOD | {"kid": 1},
        GOOD | {"kid": "é"},
        GOOD | {"entries": {}},
        GOOD | {"entries": ["x"]},
        GOOD | {"entries": [{"hash": "AAAA"}]},
        GOOD | {"entries": [{"hash": "!"}]},
        GOOD | {"entries": [{"hash": "AAAA", "more": 1}]},
    ],
)
def test_a_batch_of_another_form_is_refused_as_a_whole(bad: object) -> None:
    with pytest.raises(RefusalError, match="bad-input"):
        HashLists.parse([GOOD, bad])
