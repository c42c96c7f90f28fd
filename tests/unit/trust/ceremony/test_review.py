"""A review tells everything at once: changes, effect, lint, signatures, votes; what cannot be measured says why."""

from dataclasses import replace

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.proposal import cast_vote
from huxin.trust.ceremony.review import review
from huxin.trust.federation.region_keys import RegionKeys, write_region_keys
from tests.lib.ceremonies import NOW, TITLE, charter, federation, party, witnessed


def test_a_first_proposal_is_reviewed_without_a_list():
    parties = [party("QV"), party("QW")]
    proposal = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    told = review(proposal, None, now=NOW)
    assert (told["kind"], told["lint"], told["effect"]["keys_added"]) == ("found", [], 2)
    assert {row["role"] for row in told["signatures"]} == set(proposal.metadata)
    assert all(row["lacking"] for row in told["signatures"])


def test_who_signed_and_who_voted_is_told():
    parties, before = federation("QV", "QW", "XA")
    proposal = Draft.of(before, now=NOW).expel("QW", title=TITLE)
    key = parties[2].keys["charter"]
    proposal = cast_vote(proposal, key, region="XA", agrees=False, text="No", now=NOW)
    told = review(witnessed(proposal, before, parties), before, now=NOW)
    assert told["votes"] == [{"region": "XA", "agrees": False, "text": "No"}]
    assert not any(row["lacking"] for row in told["signatures"])
    assert told["effect"]["by_region"] == {"QW": [0, told["effect"]["lost"]]}
    assert told["effect_unknown"] == ""


def test_what_cannot_be_measured_says_why():
    _, before = federation("QV", "QW")
    draft = Draft.of(before, now=NOW)
    draft.carry("federation/more.json", b"{}")
    draft.carry("federation/members.json", b'{"huxin": "members", "v": 1, "members": []}')
    told = review(draft.proposal("charter", TITLE), before, now=NOW)
    assert told["lint"]
    other = write_region_keys(RegionKeys("QW", "production", ()))
    draft = Draft.of(before, now=NOW)
    draft.carry("QV/keys.cbor", other)
    told = review(draft.proposal("publish", TITLE), before, now=NOW)
    assert (told["effect"], told["effect_unknown"]) == (None, "trust-file")


def test_a_proposal_upon_another_list_is_not_reviewed():
    _, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE)
    with pytest.raises(RefusalError, match="trust-rollback"):
        review(replace(proposal, base={"region-QV": 9}), before, now=NOW)
