"""Proposals: written and read, signed, laid together and voted on; what does not hold is refused."""

import json
from dataclasses import replace

import pytest

from huxin.kernel.crypto import PrivateKey
from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.asked import asked, missing
from huxin.trust.ceremony.draft import Draft, with_witnesses
from huxin.trust.ceremony.proposal import (
    cast_vote,
    holds,
    join_signatures,
    parse_proposal,
    proposal_name,
    sign_proposal,
    write_proposal,
)
from tests.lib.ceremonies import NOW, TITLE, ed25519, federation, party, signed


@pytest.fixture(scope="module")
def world():
    parties, before = federation("QV", "QW", "XA")
    return parties, before, Draft.of(before, now=NOW).join(party("XB").statement, title=TITLE)


def code(error):
    return error.value.refusal.code


def test_a_proposal_is_read_as_it_was_written(world):
    parties, before, proposal = world
    whole = signed(with_witnesses(proposal, before, now=NOW), before, parties[0].hold())
    whole = cast_vote(whole, parties[0].keys["charter"], region="QV", agrees=True, text="好", now=NOW)  # fmt: skip
    assert parse_proposal(write_proposal(whole)) == whole
    assert write_proposal(parse_proposal(write_proposal(whole))) == write_proposal(whole)


def test_its_name_is_that_of_what_is_signed(world):
    parties, before, proposal = world
    assert proposal_name(signed(proposal, before, parties[0].hold())) == proposal_name(proposal)
    assert proposal_name(with_witnesses(proposal, before, now=NOW)) == proposal_name(proposal)
    other = Draft.of(before, now=NOW).join(party("XC").statement, title=TITLE)
    assert proposal_name(other) != proposal_name(proposal)


def test_a_key_signs_what_it_is_asked_to_sign(world):
    parties, before, proposal = world
    wanted = asked(proposal, before)
    after, roles = sign_proposal(proposal, parties[0].keys["root"], wanted)
    assert roles == ("root",)
    assert [one.signed for one in missing(after, before) if one.role == "root"] == [("QV",), ("QV",)]  # fmt: skip
    _, roles = sign_proposal(after, parties[0].keys["charter"], wanted)
    assert roles == ("targets",)


@pytest.mark.parametrize("key", [ed25519("a stranger"), PrivateKey.generate()])
def test_a_key_that_has_nothing_to_sign_is_refused(world, key):
    _, before, proposal = world
    with pytest.raises(RefusalError) as error:
        sign_proposal(proposal, key, asked(proposal, before))
    assert code(error) == "trust-keys"


def test_what_came_back_is_laid_together(world):
    parties, before, proposal = world
    first, second = (signed(proposal, before, one.hold()) for one in parties[:2])
    second = cast_vote(second, parties[1].keys["charter"], region="QW", agrees=False, text="慢", now=NOW)  # fmt: skip
    whole = join_signatures(first, [second])
    assert {role: len(found) for role, found in whole.signatures.items()}["targets"] == 2
    assert [vote.region for vote in whole.votes] == ["QW"]


def test_signatures_on_another_days_snapshot_are_left_out(world):
    parties, before, proposal = world
    one = signed(with_witnesses(proposal, before, now=NOW), before, parties[0].hold())
    other = signed(
        with_witnesses(proposal, before, now=NOW.replace(hour=20)), before, parties[1].hold()
    )
    whole = join_signatures(one, [other])
    assert len(whole.signatures["timestamp"]) == 1
    assert len(whole.signatures["targets"]) == 2


def test_files_of_two_proposals_are_not_laid_together(world):
    _, before, proposal = world
    other = Draft.of(before, now=NOW).join(party("XC").statement, title=TITLE)
    with pytest.raises(RefusalError) as error:
        join_signatures(proposal, [other])
    assert code(error) == "trust-mismatch"


def test_a_second_vote_of_a_region_replaces_its_first(world):
    parties, _, proposal = world
    for agrees in (True, False):
        proposal = cast_vote(proposal, parties[0].keys["charter"], region="QV", agrees=agrees, text="想过了", now=NOW)  # fmt: skip
    assert [vote.agrees for vote in proposal.votes] == [False]


def document(proposal):
    return json.loads(write_proposal(proposal))


@pytest.fixture(scope="module")
def voted(world):
    parties, _, proposal = world
    return cast_vote(proposal, parties[0].keys["charter"], region="QV", agrees=True, text="好", now=NOW)  # fmt: skip


def first_vote(found):
    return found["votes"][0]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda found: first_vote(found).update(text="不好"), "signature"),
        (lambda found: first_vote(found).update(agrees=1), "trust-file"),
        (lambda found: first_vote(found).update(key="00"), "trust-file"),
        (lambda found: found["votes"].append(first_vote(found)), "trust-file"),
        (lambda found: found["documents"].update(x="?"), "trust-file"),
        (lambda found: found["metadata"].update(x={}), "trust-file"),
        (lambda found: found["metadata"].update({"../../x": {}}), "trust-file"),
        (lambda found: found["metadata"].update({"region-QV": []}), "trust-file"),
        (lambda found: found["metadata"]["targets"].update(version="2"), "trust-file"),
        (lambda found: found["metadata"]["targets"].update(more=1.5), "trust-file"),
        (lambda found: found["metadata"]["targets"]["delegations"].update(roles=[{}]), "trust-file"),
        (lambda found: found["signatures"].update(root={"a": "zz"}), "trust-file"),
        (lambda found: found.update(kind="coup"), "trust-file"),
        (lambda found: found.update(more=1), "trust-file"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_proposal_is_refused(voted, change, expected):
    found = document(voted)
    change(found)
    with pytest.raises(RefusalError) as error:
        parse_proposal(json.dumps(found).encode())
    assert code(error) == expected


def test_a_vote_holds_for_one_proposal_only(world, voted):
    _, before, _ = world
    other = Draft.of(before, now=NOW).join(party("XC").statement, title=TITLE)
    with pytest.raises(RefusalError) as error:
        parse_proposal(write_proposal(replace(other, votes=voted.votes)))
    assert code(error) == "signature"


@pytest.mark.parametrize(("public", "signature"), [("zz", "00"), ("00" * 31, "00" * 64), ("ff" * 32, "00" * 64)])  # fmt: skip
def test_what_is_no_key_signs_nothing(public, signature):
    assert not holds(public, signature, b"x")
