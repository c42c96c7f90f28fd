"""Which roles may begin again at a lower version."""

import json
from dataclasses import replace

import pytest

from huxin.trust.federation.layout import region_role
from huxin.trust.federation.repository import Repository
from huxin.trust.federation.succession import gone_back
from tests.lib.federation_dicts import Federation, ed25519

ROLES = ("emergency", "region-QV", "root", "snapshot", "targets", "timestamp")


def listed(*, size: int = 3, new: int = 0, **versions: int) -> Repository:
    """A list with these roles in these versions; 苇洲's role has some new officers."""
    found = Federation.of(size)
    for number in range(new):
        found.drop_key("region-QV")
        found.add_key("region-QV", ed25519(f"new officer {number}"), None)
    for role, version in versions.items():
        found.signed[role.replace("_", "-")]["version"] = version
    return found.repository()


def test_nothing_went_back_in_a_list_that_stayed_or_went_on():
    assert gone_back(listed(), listed()) == ()
    assert gone_back(listed(), listed(targets=2, region_QV=7)) == ()


@pytest.mark.parametrize("role", [one for one in ROLES if one not in ("snapshot", "timestamp")])
def test_a_role_with_the_keys_it_had_went_back(role):
    held = listed(**{role.replace("-", "_"): 3})
    assert gone_back(held, listed()) == (role,)


@pytest.mark.parametrize("role", ["snapshot", "timestamp"])
def test_witnesses_are_asked_for_the_instant_elsewhere(role):
    assert gone_back(listed(**{role: 3}), listed()) == ()


def test_all_that_went_back_is_named():
    held = listed(targets=3, emergency=2, region_QW=5)
    assert gone_back(held, listed()) == ("emergency", "region-QW", "targets")


@pytest.mark.parametrize(
    ("new", "told"), [(0, ("region-QV",)), (1, ("region-QV",)), (2, ("region-QV",)), (3, ())]
)
def test_a_role_begins_again_only_with_keys_that_are_all_its_own_new_ones(new, told):
    held = listed(region_QV=3)
    assert len(held.roles["targets"].signed["delegations"]["roles"][1]["keyids"]) == 3
    assert gone_back(held, listed(new=new)) == told


def test_a_region_that_is_gone_or_new_went_nowhere():
    more, fewer = listed(size=4, region_QY=9), listed(size=3)
    assert region_role("QY") in more.roles
    assert region_role("QY") not in fewer.roles
    assert gone_back(more, fewer) == ()
    assert gone_back(fewer, more) == ()


def without(found: Repository, role: str) -> Repository:
    """The same list as a door holds it when a role has ended: named, and not there."""
    snapshot = found.roles["snapshot"]
    meta = {f"{role}.json": {"version": found.roles[role].version}}
    left = {name: one for name, one in found.roles.items() if name != role}
    named = replace(snapshot, signed={**snapshot.signed, "meta": meta})
    return replace(found, roles={**left, "snapshot": named})


def test_a_role_that_had_ended_in_the_held_list_does_not_go_back():
    whole = listed(region_QV=3)
    held = without(whole, "region-QV")
    assert gone_back(held, listed(region_QV=2)) == ("region-QV",)
    assert gone_back(held, listed(region_QV=3)) == ()
    assert gone_back(held, listed(region_QV=2, new=3)) == ()


def test_a_region_that_was_expelled_comes_back_with_a_higher_version_only():
    before = listed(size=4, region_QY=5)
    expelled = listed(size=3)
    snapshot = json.loads(json.dumps(expelled.roles["snapshot"].signed))
    snapshot["meta"]["region-QY.json"] = {"version": 5}
    held = replace(expelled, roles={**expelled.roles, "snapshot": replace(expelled.roles["snapshot"], signed=snapshot)})  # fmt: skip
    assert gone_back(held, listed(size=4, region_QY=4)) == ("region-QY",)
    assert gone_back(held, before) == ()
