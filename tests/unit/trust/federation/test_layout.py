"""Which role carries which file, and how many must sign."""

from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation import layout, quorum
from huxin.trust.federation.layout import may_carry


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("targets", "federation/charter.json"),
        ("targets", "federation/members.json"),
        ("targets", "federation/rule-schema.json"),
        ("emergency", "federation/suspensions.json"),
        ("region-QV", "QV/keys.cbor"),
        ("region-QV-01", "QV-01/keys.cbor"),
    ],
)
def test_a_role_carries_its_own(role, path):
    assert may_carry(role, path)


@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("targets", "federation/suspensions.json"),
        ("targets", "QV/keys.cbor"),
        ("emergency", "federation/charter.json"),
        ("emergency", "QV/keys.cbor"),
        ("region-QV", "QW/keys.cbor"),
        ("region-QV", "QV-01/keys.cbor"),
        ("region-QV", "federation/charter.json"),
        ("region-QV", "QV"),
        ("region-QV", "QV/"),
        ("region-QV", "QV/a/b"),
        ("region-QV", "QV/.."),
        ("region-QV", "QV/.keys"),
        ("region-QV", "QV/keys..cbor"),
        ("region-QV", "QV/Keys.cbor"),
        ("region-QV", "QV/keys.cbor\n"),
        ("region-QV", "QV/..\\keys"),
        ("region-QV", "QV/键"),
        ("region-QV", "QV/" + "a" * 101),
        ("region-", "/keys.cbor"),
        ("region-qv", "qv/keys.cbor"),
        ("root", "federation/charter.json"),
        ("snapshot", "QV/keys.cbor"),
    ],
)
def test_a_role_carries_nothing_else(role, path):
    assert not may_carry(role, path)


def test_names_of_roles_and_files():
    assert layout.region_role("QV") == "region-QV"
    assert layout.region_of("region-QV-01") == "QV-01"
    assert [layout.region_of(one) for one in ("targets", "emergency", "region-", "region-a")] == [
        None
    ] * 4
    with pytest.raises(RefusalError):
        layout.region_role("emergency")
    for path in (layout.keys_path, layout.rules_path, layout.status_path, layout.notices_path):
        assert may_carry("region-QV", path("QV"))


def test_every_role_is_signed_anew_before_it_ends():
    for role, lasts in layout.LIFETIMES.items():
        assert timedelta(0) < layout.RESIGN[role] < lasts
    assert layout.lifetime("region-QV") == layout.LIFETIMES["region"]
    assert layout.lifetime("timestamp") == timedelta(hours=48)


# ------------------------------------------------------------------------------------------- quorum


@pytest.mark.parametrize(
    ("regions", "most", "few"),
    [(1, 1, 1), (2, 2, 2), (3, 2, 2), (4, 3, 2), (10, 6, 2), (11, 6, 3), (50, 26, 10)],
)
def test_majority_and_emergency(regions, most, few):
    assert (quorum.majority(regions), quorum.emergency_quorum(regions)) == (most, few)


@pytest.mark.parametrize(
    ("council", "liars", "needed"),
    [(1, 0, 1), (2, 0, 2), (3, 0, 2), (4, 1, 3), (5, 1, 4), (7, 2, 5), (10, 3, 7), (13, 4, 9)],
)
def test_witnesses(council, liars, needed):
    assert (quorum.liars(council), quorum.witness_quorum(council)) == (liars, needed)


@pytest.mark.parametrize("size", range(1, 60))
def test_two_quorums_share_somebody_honest_and_liars_cannot_stop_one(size):
    needed, liars = quorum.witness_quorum(size), quorum.liars(size)
    assert 2 * needed - size > liars
    assert size - liars >= needed or size < 4
    assert 2 * quorum.majority(size) > size
    assert quorum.emergency_quorum(size) <= quorum.majority(size)
