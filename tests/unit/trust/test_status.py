from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.issue import issue
from huxin.trust.status.card_revocation_list import CardRevocationLists
from tests.lib.regions import NOW, REED_ISLES, facts

CARD = issue(facts(), REED_ISLES, now=NOW, format="shc")
ANCHOR = REED_ISLES.anchor("shc")
KID = REED_ISLES.health_card_kid
MADE = int(NOW.timestamp())


def lists(*rids: str, kid: str = KID) -> CardRevocationLists:
    return CardRevocationLists.parse([{"kid": kid, "rids": list(rids)}])


@pytest.mark.parametrize(
    ("rids", "revoked"),
    [
        ((), False),
        (("other",), False),
        ((f"{CARD.rid}",), True),
        ((f"{CARD.rid}.{MADE + 1}",), True),
        ((f"{CARD.rid}.{MADE}",), False),
        ((f"{CARD.rid}.{MADE - 1}",), False),
    ],
)
def test_a_rid_revokes_what_was_made_before(rids: tuple[str, ...], revoked: bool) -> None:
    assert lists(*rids).revoked(CARD, ANCHOR) is revoked


def test_a_card_without_rid_or_of_another_key_is_not_meant() -> None:
    assert not lists("x").revoked(replace(CARD, rid=None), ANCHOR)
    assert not lists(f"{CARD.rid}", kid="other").revoked(CARD, ANCHOR)


def test_a_card_that_hides_when_it_was_made_is_revoked() -> None:
    timeless = replace(CARD, not_before=None, issued=None)
    assert lists(f"{CARD.rid}.{MADE - 1}").revoked(timeless, ANCHOR)
    by_issue = replace(CARD, not_before=None, issued=NOW + timedelta(seconds=2))
    assert not lists(f"{CARD.rid}.{MADE}").revoked(by_issue, ANCHOR)


@pytest.mark.parametrize(
    ("older", "newer", "revoked"),
    [
        (f"{CARD.rid}", f"{CARD.rid}", True),
        (f"{CARD.rid}.{MADE}", f"{CARD.rid}", True),
        (f"{CARD.rid}", f"{CARD.rid}.{MADE}", True),
        (f"{CARD.rid}.{MADE + 1}", f"{CARD.rid}.{MADE}", True),
        (f"{CARD.rid}.{MADE - 1}", f"{CARD.rid}.{MADE}", False),
        ("other", f"{CARD.rid}", True),
    ],
)
def test_what_any_of_several_lists_revokes_is_revoked(
    older: str, newer: str, revoked: bool
) -> None:
    both = [{"kid": KID, "rids": [older]}, {"kid": KID, "rids": [newer]}]
    assert CardRevocationLists.parse(both).revoked(CARD, ANCHOR) is revoked


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"kid": 1, "rids": []},
        {"kid": "k", "rids": "r"},
        {"kid": "k", "rids": ["a" * 25]},
        {"kid": "k", "rids": ["a.b"]},
        {"kid": "k", "rids": ["a.٣"]},
        {"kid": "k", "rids": ["a.1234567890123"]},
        {"kid": "k", "rids": [7]},
        {"kid": "k", "rids": ["a", "a"]},
        {"kid": "k", "rids": ["a"], "method": "magic"},
    ],
)
def test_a_list_that_breaks_its_rules_is_refused_whole(document: Any) -> None:
    with pytest.raises(RefusalError) as caught:
        CardRevocationLists.parse([document])
    assert caught.value.refusal.code == "bad-input"
