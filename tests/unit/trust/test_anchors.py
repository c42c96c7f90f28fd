from dataclasses import replace

from huxin.kernel.crypto import PrivateKey
from huxin.trust.anchors import TrustStore
from tests.lib.regions import CLOUD_FERRY, LANTERN_BAY, REED_ISLES


def test_an_empty_store_believes_nobody() -> None:
    store = TrustStore([])
    assert len(store) == 0
    assert list(store) == []
    assert store.find("huxin", REED_ISLES.kid, "QW") == ()


def test_keys_are_found_by_domain_and_kid() -> None:
    store = TrustStore([REED_ISLES.anchor(), LANTERN_BAY.anchor()])
    assert store.find("huxin", REED_ISLES.kid, None) == (REED_ISLES.anchor(),)
    assert store.find("dcc", REED_ISLES.kid, None) == ()
    assert len(store) == 2


def test_two_regions_may_share_a_kid() -> None:
    one = REED_ISLES.anchor(issuer="QW")
    other = CLOUD_FERRY.anchor(kid=one.kid, issuer="QX")
    store = TrustStore([one, other])
    assert store.find("huxin", one.kid, "QW") == (one,)
    assert store.find("huxin", one.kid, "QX") == (other,)
    assert store.find("huxin", one.kid, None) == ()
    assert set(store) == {one, other}


def test_a_key_without_a_fixed_issuer_serves_any() -> None:
    anchor = REED_ISLES.anchor(issuer=None)
    assert TrustStore([anchor]).find("huxin", anchor.kid, "anyone") == (anchor,)


def test_a_key_of_another_kind_is_none_for_health_cards() -> None:
    other = PrivateKey.generate("EdDSA").public
    anchors = [replace(one, key=other) for one in REED_ISLES.anchors()]
    assert {one.domain for one in TrustStore(anchors)} == {"dcc", "icvp", "huxin"}
    assert len(TrustStore(REED_ISLES.anchors())) == 4
