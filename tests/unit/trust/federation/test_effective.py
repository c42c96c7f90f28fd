"""Whom a verifier believes: each layer takes away or adds, and each key says which one decided."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust import reading
from huxin.trust.anchors import TrustStore
from huxin.trust.federation.charter import LAPSE, Suspension
from huxin.trust.federation.effective import effective
from huxin.trust.federation.lint import lint
from huxin.trust.federation.policy import LocalPolicy
from huxin.trust.federation.region_keys import RegionKeys, Tombstone, grave_of, tombstone_of
from huxin.trust.issue import issue
from huxin.trust.verify import Basis, verify
from tests.lib.federation_dicts import DAY, NOW, WORDS, Federation, signing_key
from tests.lib.regions import Region, facts

SECOND = timedelta(seconds=1)
KEY = {region: signing_key(f"{region} 1") for region in ("QV", "QW", "QX", "QA")}
DIGEST = {region: tombstone_of(key.key) for region, key in KEY.items()}


def listed(federation=None):
    return lint((federation or Federation.of(3)).repository(), held=None, now=NOW)


def standing(trust_list, policy=None, now=NOW):
    """Return {region: (standing, environment, layer)} of keys that are one a region."""
    anchors = effective(trust_list, policy=policy, now=now)
    assert len({one.region for one in anchors}) == len(anchors)
    return {one.region: (one.standing, one.environment, one.layer) for one in anchors}


ACTIVE = ("active", "production", "federation")


def test_the_federation_s_keys_are_believed():
    assert standing(listed()) == {"QV": ACTIVE, "QW": ACTIVE, "QX": ACTIVE}
    (first, *_) = effective(listed(), policy=None, now=NOW)
    assert first == replace(KEY["QV"].anchor("QV", "production"), layer="federation")


def test_nobody_is_believed_without_a_list():
    assert effective(None, policy=None, now=NOW) == ()
    assert effective(None, policy=LocalPolicy("QV", 1), now=NOW) == ()
    assert effective(listed(), policy=LocalPolicy("QV", 1), now=NOW) == effective(
        listed(), policy=None, now=NOW
    )


def test_a_key_keeps_its_domains():
    federation = Federation.of(1)
    federation.set_keys("QV", replace(KEY["QV"], domain="dcc"), KEY["QV"])
    anchors = effective(listed(federation), policy=None, now=NOW)
    assert [one.domain for one in anchors] == ["dcc", "huxin"]


# ----------------------------------------------------------------------------------------- members


def test_a_region_on_probation_has_test_keys_only():
    federation = Federation.of(3)
    federation.add_member("QA", standing="probation")
    federation.keys["QA"] = RegionKeys("QA", "production", (KEY["QA"],))
    assert standing(listed(federation))["QA"] == ("active", "test", "federation")


def test_a_region_that_becomes_active_later_is_still_on_probation():
    federation = Federation.of(3)
    federation.set_member("QX", since=NOW + DAY)
    trust_list = listed(federation)
    assert standing(trust_list)["QX"] == ("active", "test", "federation")
    assert standing(trust_list, now=NOW + DAY)["QX"] == ACTIVE


def test_a_region_that_is_verified_only_issues_no_more():
    federation = Federation.of(3)
    left = NOW - 3 * DAY
    federation.add_member("QA", standing="verify-only", since=left)
    federation.keys["QA"] = RegionKeys("QA", "production", (KEY["QA"],))
    anchors = {one.region: one for one in effective(listed(federation), policy=None, now=NOW)}
    assert (anchors["QA"].standing, anchors["QA"].issue_until) == ("active", left)
    assert anchors["QA"].valid_until == KEY["QA"].until
    assert anchors["QV"].issue_until == KEY["QV"].issue_until
    late = replace(KEY["QA"], issue_until=left - DAY)
    federation.keys["QA"] = RegionKeys("QA", "production", (late,))
    anchors = {one.region: one for one in effective(listed(federation), policy=None, now=NOW)}
    assert anchors["QA"].issue_until == left - DAY


def test_a_member_without_keys_is_nobody_to_believe():
    federation = Federation.of(3)
    del federation.keys["QX"]
    assert set(standing(listed(federation))) == {"QV", "QW"}


# -------------------------------------------------------------------------------------- suspensions

SUSPENDED = ("suspended", "production", "emergency")


@pytest.mark.parametrize(
    ("region", "key", "hit"),
    [
        ("QV", None, {"QV"}),
        ("QV", DIGEST["QV"].hex(), {"QV"}),
        ("QV", DIGEST["QW"].hex(), set()),
        ("QA", None, set()),
    ],
    ids=["a region", "its key", "a key of another", "no member"],
)
def test_a_few_suspend_a_region_or_a_key_of_it(region, key, hit):
    federation = Federation.of(3)
    federation.suspensions.append(Suspension("s", region, key, NOW - DAY, WORDS))
    found = standing(listed(federation))
    assert {one for one, what in found.items() if what == SUSPENDED} == hit
    assert all(what in (SUSPENDED, ACTIVE) for what in found.values())


def test_a_suspension_lapses_unless_a_majority_confirms_it():
    federation = Federation.of(3)
    one = Suspension("s", "QV", None, NOW - DAY, WORDS)
    federation.suspensions.append(one)
    last = one.since + LAPSE
    assert standing(listed(federation), now=last - SECOND)["QV"] == SUSPENDED
    assert standing(listed(federation), now=last)["QV"] == ACTIVE
    federation.charter = replace(federation.charter, confirmed=(one.mark(),))
    assert standing(listed(federation), now=last + 100 * DAY)["QV"] == SUSPENDED


def test_what_was_confirmed_is_not_turned_against_another():
    federation = Federation.of(3)
    one = Suspension("s", "QV", None, NOW - DAY, WORDS)
    federation.charter = replace(federation.charter, confirmed=(one.mark(),))
    federation.suspensions += [one, replace(one, name="t", region="QW")]
    assert standing(listed(federation), now=NOW + 20 * DAY)["QW"] == ACTIVE
    # A few may not take away what a majority confirmed.
    federation.suspensions.remove(one)
    with pytest.raises(RefusalError, match="trust-suspension"):
        listed(federation)


def test_a_suspension_holds_where_the_clock_is_behind():
    federation = Federation.of(3)
    federation.suspensions.append(Suspension("s", "QV", None, NOW, WORDS))
    assert standing(listed(federation), now=NOW - DAY)["QV"] == SUSPENDED


# --------------------------------------------------------------------------------------- this place


def accept(region="QA", **changes):
    found = RegionKeys(region, "production", (replace(KEY[region], **changes),))
    return LocalPolicy("QV", 1, accept=(found,))


def test_a_place_accepts_others_besides():
    found = standing(listed(), accept())
    assert found["QA"] == ("active", "production", "bilateral")
    assert found["QV"] == ACTIVE
    assert standing(None, accept()) == {"QA": ("active", "production", "bilateral")}


@pytest.mark.parametrize(
    "deny",
    [{"deny_regions": frozenset({"QW"})}, {"deny_keys": frozenset({DIGEST["QW"]})}],
    ids=["a region", "a key"],
)
def test_a_place_denies(deny):
    found = standing(listed(), LocalPolicy("QV", 1, **deny))
    assert found == {"QV": ACTIVE, "QW": ("denied", "production", "local"), "QX": ACTIVE}


def test_denying_beats_accepting():
    policy = replace(accept(), deny_regions=frozenset({"QA"}))
    assert standing(listed(), policy)["QA"] == ("denied", "production", "local")


def test_a_place_may_go_on_believing_whom_a_few_suspended():
    federation = Federation.of(3)
    federation.suspensions.append(Suspension("s", "QW", None, NOW, WORDS))
    assert standing(listed(federation), accept("QW"))["QW"] == ("active", "production", "bilateral")


def test_its_own_row_of_a_key_stands_instead_of_the_federation_s():
    (anchor,) = [
        one
        for one in effective(listed(), policy=accept("QW", usage=("test",)), now=NOW)
        if one.region == "QW"
    ]
    assert anchor.usage == frozenset({"test"})


# --------------------------------------------------------------------------------------- tombstones

BURIED = ("tombstoned", "production", "region")


def stone(region):
    return Tombstone(DIGEST[region], NOW - DAY, "compromised")


@pytest.mark.parametrize(
    "policy",
    [
        accept("QW"),
        replace(accept("QW"), deny_regions=frozenset({"QW"})),
        LocalPolicy("QV", 1, accept=(RegionKeys("QW", "production", (), (stone("QW"),)),)),
    ],
    ids=["accepted here", "denied here", "told of here"],
)
def test_a_tombstone_beats_everything(policy):
    federation = Federation.of(3)
    if policy.accept[0].keys:
        federation.set_keys("QW", signing_key("QW 2"), revoked=[stone("QW")])
        found = effective(listed(federation), policy=policy, now=NOW)
        held = {one.key.spki: one for one in found}[KEY["QW"].key.spki]
        assert (held.standing, held.layer) == ("tombstoned", "region")
    else:
        assert standing(listed(federation), policy)["QW"] == BURIED


def test_what_was_buried_once_stays_so_in_memory():
    trust_list = listed()
    remembered = replace(trust_list, tombstones=frozenset({grave_of("QW", DIGEST["QW"])}))
    assert standing(remembered)["QW"] == BURIED
    other = replace(trust_list, tombstones=frozenset({grave_of("QV", DIGEST["QW"])}))
    assert standing(other)["QW"] == ACTIVE


# --------------------------------------------------------------------------------------- the verdict


@pytest.mark.parametrize(
    ("spoil", "policy", "code", "detail"),
    [
        (lambda f: None, None, "ok", ""),
        (
            lambda f: f.suspensions.append(Suspension("s", "QW", None, NOW, WORDS)),
            None,
            "distrusted",
            "suspended",
        ),
        (
            lambda f: None,
            LocalPolicy("QV", 1, deny_regions=frozenset({"QW"})),
            "distrusted",
            "denied",
        ),
        (lambda f: f.set_member("QW", since=NOW + DAY), None, "environment", "test"),
    ],
    ids=["active", "suspended", "denied", "on probation"],
)
def test_the_verdict_says_what_decided(spoil, policy, code, detail):
    region = Region("QW", 9)
    card = reading.open(issue(facts(), region, now=NOW).text)
    federation = Federation.of(3)
    federation.set_keys("QW", signing_key("x", key=region.key.public, kid=region.kid))
    spoil(federation)
    store = TrustStore(effective(listed(federation), policy=policy, now=NOW))
    verdict = verify(card, Basis(store), now=NOW)
    assert (verdict.code, verdict.reasons[0].detail) == (code, detail)
