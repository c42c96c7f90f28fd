"""What regions say: notices, dissent that is recorded in the text, and votes that count for their region alone."""

from dataclasses import replace
from datetime import timedelta

from huxin.trust.ceremony.asked import voters
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.dissent import records_dissent, with_dissent
from huxin.trust.ceremony.draft import Draft, found
from huxin.trust.ceremony.proposal import cast_vote, join_signatures
from huxin.trust.federation.notices import Notice, parse_notices, write_notices
from tests.lib.ceremonies import NOW, TITLE, charter, federation, party
from tests.unit.trust.ceremony.test_draft import done, refused


def said(name="2026-001", **changes):
    return replace(Notice(name, "incident", NOW, TITLE, {"zh": "事", "en": "An event"}), **changes)


def test_a_notice_of_all_needs_a_majority_and_records_who_dissents():
    parties, before = federation("QV", "QW", "XA")
    proposal = Draft.of(before, now=NOW).announce(said(), by="federation", title=TITLE)
    assert set(proposal.metadata) == {"targets"}
    assert records_dissent(proposal)
    for text in ("Not so", "Not so at all"):
        proposal = with_dissent(proposal, before, "XA", text)
    after = done(proposal, before, parties)
    (one,) = parse_notices(after.targets["federation/notices.json"], by="federation")
    assert one.dissent == (("XA", {"zh": text, "en": text}),)
    again = Draft.of(after, now=NOW).announce(said("2026-002"), by="federation", title=TITLE)
    third = done(with_dissent(again, after, "QW", "No"), after, parties)
    first, second = parse_notices(third.targets["federation/notices.json"], by="federation")
    assert (first, dict(second.dissent)) == (one, {"QW": {"zh": "No", "en": "No"}})


def test_a_region_speaks_for_itself_and_nobody_else_does():
    parties, before = federation("QV", "QW")
    draft = Draft.of(before, now=NOW)
    proposal = draft.announce(said(concerns=("QV",)), by="QW", title=TITLE)
    assert set(proposal.metadata) == {"region-QW"}
    assert not records_dissent(proposal)
    after = done(proposal, before, parties)
    assert parse_notices(after.targets["QW/notices.json"], by="QW") == (said(concerns=("QV",)),)
    assert refused(lambda: Draft.of(after, now=NOW).announce(said(), by="QW", title=TITLE)) == "trust-file"  # fmt: skip
    assert refused(lambda: Draft.of(after, now=NOW).announce(said(), by="XA", title=TITLE)) == "bad-input"  # fmt: skip


def test_a_vote_is_that_of_its_regions_charter_key():
    parties, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    for key, region, right in (
        (parties[0].keys["charter"], "QV", True),
        (parties[0].keys["charter"], "QW", False),
        (parties[0].keys["root"], "QV", False),
    ):
        voted = cast_vote(proposal, key, region=region, agrees=True, text="Yes", now=NOW)
        if right:
            check_base(voted, before)
        else:
            assert refused(lambda voted=voted: check_base(voted, before)) == "signature"


def test_a_vote_is_that_of_the_list_that_stands():
    parties, before = federation("QV", "QW", "XA")
    other = party("QW", generation=2)
    proposal = Draft.of(before, now=NOW).rotate(other.statement, title=TITLE)

    def vote(upon, key):
        return cast_vote(upon, key, region="QW", agrees=True, text="We agree", now=NOW)

    forged = vote(proposal, other.keys["charter"])
    assert refused(lambda: check_base(forged, before)) == "signature"
    check_base(vote(proposal, parties[1].keys["charter"]), before)
    gone = Draft.of(before, now=NOW).expel("QW", title=TITLE)
    check_base(vote(gone, parties[1].keys["charter"]), before)
    founding = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    check_base(vote(founding, parties[1].keys["charter"]), None)
    rootless = replace(founding, metadata={})
    assert refused(lambda: voters(rootless, None)) == "trust-file"


def test_of_two_votes_of_a_region_the_later_one_counts():
    parties, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).expel("QW", title=TITLE)
    key = parties[0].keys["charter"]
    yes = cast_vote(proposal, key, region="QV", agrees=True, text="Yes", now=NOW)
    no = cast_vote(
        proposal, key, region="QV", agrees=False, text="No", now=NOW + timedelta(hours=1)
    )
    for first, second in ((yes, no), (no, yes)):
        assert [one.text for one in join_signatures(first, [second]).votes] == ["No"]


def test_a_dissent_is_recorded_whatever_the_proposal_calls_itself():
    _, before = federation("QV", "QW")
    amended = Draft.of(before, now=NOW).amend(replace(charter(), notice_hours=72), title=TITLE)
    assert records_dissent(replace(amended, kind="renew"))
    old = said("old")
    notices = write_notices("federation", (said("new"), old))
    held = replace(before, targets={**before.targets, "federation/notices.json": write_notices("federation", (old,))})  # fmt: skip
    proposal = Draft.of(before, now=NOW).announce(said(), by="federation", title=TITLE)
    hostile = replace(proposal, documents={"federation/notices.json": notices})
    told = with_dissent(hostile, held, "QW", "No")
    new, same = parse_notices(told.documents["federation/notices.json"], by="federation")
    assert (dict(new.dissent), same) == ({"QW": {"zh": "No", "en": "No"}}, old)
    none = replace(proposal, documents={"federation/notices.json": write_notices("federation", ())})
    assert refused(lambda: with_dissent(none, held, "QW", "No")) == "trust-missing"
