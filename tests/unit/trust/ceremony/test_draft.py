"""What regions change together and alone: exactly what is meant changes, one version up, and lint finds nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.asked import asked, missing, only_asked
from huxin.trust.ceremony.basis import check_base
from huxin.trust.ceremony.dissent import with_dissent
from huxin.trust.ceremony.draft import Draft, found, renewed, with_witnesses
from huxin.trust.ceremony.parties import Party as Signing
from huxin.trust.ceremony.parties import roles
from huxin.trust.ceremony.proposal import sign_proposal
from huxin.trust.ceremony.result import result
from huxin.trust.federation.charter import Suspension, parse_charter, parse_members
from huxin.trust.federation.effective import effective
from huxin.trust.federation.layout import CHARTER, MEMBERS, keys_path
from huxin.trust.federation.lint import findings
from huxin.trust.federation.region_keys import tombstone_of
from huxin.trust.federation.repository import read_list
from tests.lib.ceremonies import (
    NOW,
    TITLE,
    charter,
    federation,
    party,
    signed,
    witnessed,
)


def done(proposal, before, parties, *, now=NOW):
    """The list after a proposal that is fully signed, with nothing for lint to find."""
    whole = witnessed(proposal, before, parties, now=now)
    assert [one.role for one in missing(whole, before) if one.lacking] == []
    after = result(whole, before)
    held = None if before is None else read_list(before)
    assert findings(after, held=held, now=now) == ()
    return after


def standings(repository, now=NOW):
    anchors = effective(read_list(repository), policy=None, now=now)
    return {anchor.region: anchor.standing for anchor in anchors}


def believed_by_doors(repository):
    """The regions of which a door in production believes a key."""
    anchors = effective(read_list(repository), policy=None, now=NOW)
    return {one.region for one in anchors if (one.standing, one.environment) == ("active", "production")}  # fmt: skip


def asked_regions(repository) -> set[str]:
    """Whose keys the charter role has."""
    [signers] = asked(renewed(Draft.of(repository, now=NOW), ["targets"], title=TITLE), repository)["targets"]  # fmt: skip
    return set(signers.regions.values())


def refused(work) -> str:
    with pytest.raises(RefusalError) as error:
        work()
    return error.value.refusal.code


@pytest.mark.parametrize("codes", [["QV"], ["QV", "QW"], ["QV", "QW", "XA"], ["QV", "QW", "XA", "XB", "XC"]])  # fmt: skip
def test_any_number_of_regions_found(codes):
    _, whole = federation(*codes)
    assert findings(whole, held=None, now=NOW) == ()
    assert standings(whole) == dict.fromkeys(codes, "active")
    assert all(one.version == 1 for one in whole.roles.values())


def test_a_large_federation_elects_who_keeps_the_root():
    codes = [f"Q{chr(65 + number // 26)}{chr(65 + number % 26)}" for number in range(53)]
    statements = [party(code, signs=0).statement for code in codes]
    with pytest.raises(RefusalError, match="trust-quorum"):
        roles({one: Signing(one, f"{n:064x}", "b", "c", None, ()) for n, one in enumerate(codes)})
    proposal = found(statements, charter(), title=TITLE, now=NOW, root_council=codes[:21])
    signing = proposal.metadata["root"]["roles"]
    assert {role: len(one["keyids"]) for role, one in signing.items()} == {
        "root": 21,
        "targets": 53,
        "snapshot": 13,
        "timestamp": 13,
    }
    assert signing["timestamp"]["threshold"] == 9


def test_too_many_witnesses_are_refused():
    codes = [f"Q{chr(65 + number)}" for number in range(14)]
    signing = {one: Signing(one, f"{n:064x}", "b", "c", f"{n:x}", ()) for n, one in enumerate(codes)}  # fmt: skip
    assert refused(lambda: roles(signing)) == "trust-quorum"


def test_a_region_joins_on_probation_and_is_admitted():
    parties, before = federation("QV", "QW", "XA")
    newcomer = party("XB")
    draft = Draft.of(before, now=NOW)
    after = done(draft.join(newcomer.statement, title=TITLE), before, [*parties, newcomer])
    assert believed_by_doors(after) == {"QV", "QW", "XA"}
    assert "XB" not in asked_regions(after)
    assert parse_members(after.targets[MEMBERS])[-1].standing == "probation"
    admitted = done(
        Draft.of(after, now=NOW).admit(newcomer.statement, title=TITLE), after, [*parties, newcomer]
    )
    assert believed_by_doors(admitted) == {"QV", "QW", "XA", "XB"}
    assert "XB" in asked_regions(admitted)
    other = party("XB", generation=2).statement
    assert refused(lambda: Draft.of(after, now=NOW).admit(other, title=TITLE)) == "trust-keys"


def test_the_fourteenth_region_does_not_witness():
    codes = [f"Q{chr(65 + number)}" for number in range(13)]
    parties, before = federation(*codes)
    newcomer = party("XB")
    draft = Draft.of(before, now=NOW)
    after = done(draft.join(newcomer.statement, title=TITLE), before, [*parties, newcomer])
    draft = Draft.of(after, now=NOW)
    after = done(draft.admit(newcomer.statement, title=TITLE), after, [*parties, newcomer])
    assert len(after.roles["root"].signed["roles"]["timestamp"]["keyids"]) == 13
    assert len(after.roles["root"].signed["roles"]["root"]["keyids"]) == 14
    other = party("XB", generation=2)
    draft = Draft.of(after, now=NOW)
    again = done(draft.rotate(other.statement, title=TITLE), after, [*parties, other])
    assert len(again.roles["root"].signed["roles"]["timestamp"]["keyids"]) == 13


def test_a_region_on_probation_may_change_its_officers():
    parties, before = federation("QV")
    newcomer, other = party("XB"), party("XB", generation=2)
    draft = Draft.of(before, now=NOW)
    after = done(draft.join(newcomer.statement, title=TITLE), before, [*parties, newcomer])
    draft = Draft.of(after, now=NOW)
    again = done(draft.rotate(other.statement, title=TITLE), after, [*parties, other])
    assert asked_regions(again) == {"QV"}


def test_a_region_leaves_and_names_who_takes_over():
    parties, before = federation("QV", "QW", "XA")
    draft = Draft.of(before, now=NOW)
    after = done(draft.leave("QW", title=TITLE, successor="XA"), before, parties)
    member = next(one for one in parse_members(after.targets[MEMBERS]) if one.region == "QW")
    assert (member.standing, member.successor) == ("verify-only", "XA")
    assert asked_regions(after) == {"QV", "XA"}


def test_an_expelled_region_is_trusted_no_more_and_does_not_vanish_silently():
    parties, before = federation("QV", "QW", "XA")
    after = done(Draft.of(before, now=NOW).expel("QW", title=TITLE), before, [parties[0], parties[2]])  # fmt: skip
    assert "QW" not in standings(after)
    assert "region-QW.json" in after.roles["snapshot"].signed["meta"]
    assert "region-QW" not in after.roles
    assert refused(lambda: Draft.of(after, now=NOW).expel("QW", title=TITLE)) == "bad-input"


def test_the_last_region_stays():
    _, before = federation("QV")
    assert refused(lambda: Draft.of(before, now=NOW).expel("QV", title=TITLE)) == "trust-quorum"
    assert refused(lambda: Draft.of(before, now=NOW).leave("QV", title=TITLE)) == "trust-quorum"


def test_a_region_signs_with_other_keys_from_then_on():
    parties, before = federation("QV", "QW", "XA")
    rotated = party("QW", generation=2)
    draft = Draft.of(before, now=NOW)
    after = done(draft.rotate(rotated.statement, title=TITLE), before, [*parties, rotated])
    renewal = renewed(Draft.of(after, now=NOW), ["root"], title=TITLE)
    wanted = asked(renewal, after)
    assert refused(lambda: sign_proposal(renewal, parties[1].keys["root"], wanted)) == "trust-keys"
    assert sign_proposal(renewal, rotated.keys["root"], wanted)[1] == ("root",)


def suspension(name="one", region="QW", key=None, since=NOW) -> Suspension:
    return Suspension(name, region, key, since, {"zh": "外泄", "en": "Leaked"})


def test_a_suspension_lapses_unless_a_majority_confirms_it():
    parties, before = federation("QV", "QW", "XA")
    after = done(Draft.of(before, now=NOW).suspend(suspension(), title=TITLE), before, parties)
    assert standings(after)["QW"] == "suspended"
    late = NOW + timedelta(days=15)
    assert standings(after, late)["QW"] == "active"
    confirmed = done(Draft.of(after, now=NOW).confirm("one", title=TITLE), after, parties)
    assert standings(confirmed, late)["QW"] == "suspended"
    again = Draft.of(confirmed, now=NOW)
    assert refused(lambda: again.confirm("two", title=TITLE)) == "bad-input"
    assert refused(lambda: again.suspend(suspension(), title=TITLE)) == "bad-input"


def test_a_few_do_not_prolong_a_suspension():
    parties, before = federation("QV", "QW", "XA")
    after = done(Draft.of(before, now=NOW).suspend(suspension(), title=TITLE), before, parties)
    for days in (1, 13, 27):
        late = NOW + timedelta(days=days)
        again = suspension("again", suspension().region, since=late)
        assert refused(lambda again=again, late=late: Draft.of(after, now=late).suspend(again, title=TITLE)) == "trust-suspension"  # fmt: skip


def test_what_lapsed_long_ago_is_left_out_of_the_next_suspension():
    parties, before = federation("QV", "QW", "XA")
    after = done(Draft.of(before, now=NOW).suspend(suspension(), title=TITLE), before, parties)
    for days, listed in ((15, ["one", "two"]), (29, ["two"])):
        late = NOW + timedelta(days=days)
        two = suspension("two", "XA", since=late)
        proposal = Draft.of(after, now=late).suspend(two, title=TITLE)
        whole = result(witnessed(proposal, after, parties, now=late), after)
        assert [one.name for one in read_list(whole).suspensions] == listed


def test_one_key_is_suspended():
    parties, before = federation("QV", "QW")
    key = read_list(before).keys["QW"].keys[0].key
    one = suspension(key=tombstone_of(key).hex())
    after = done(Draft.of(before, now=NOW).suspend(one, title=TITLE), before, parties)
    assert standings(after) == {"QV": "active", "QW": "suspended"}


def test_a_region_publishes_its_own_files_and_no_others():
    parties, before = federation("QV", "QW")
    draft = Draft.of(before, now=NOW)
    after = done(draft.publish("QV", {"QV/rules.json": b"[]"}, title=TITLE), before, parties)
    assert after.targets["QV/rules.json"] == b"[]"
    assert after.roles["region-QV"].version == 2
    assert after.roles["targets"].version == 1
    for path in ("QW/rules.json", "federation/charter.json", "QV/a/b", "QV"):
        other = Draft.of(before, now=NOW)
        assert refused(lambda path=path, other=other: other.publish("QV", {path: b""}, title=TITLE)) == "trust-namespace"  # fmt: skip


def test_a_buried_key_is_buried_for_good():
    parties, before = federation("QV", "QW")
    material = tombstone_of(read_list(before).keys["QW"].keys[0].key)
    draft = Draft.of(before, now=NOW)
    after = done(draft.revoke("QW", [material], reason="lost", title=TITLE), before, parties)
    assert believed_by_doors(after) == {"QV"}
    assert read_list(after).keys["QW"].keys == ()
    for materials in ([], [bytes(32)], [material]):
        again = Draft.of(after, now=NOW)
        assert refused(lambda m=materials, d=again: d.revoke("QW", m, reason="lost", title=TITLE)) == "bad-input"  # fmt: skip


def test_the_charter_is_amended_and_a_dissent_recorded_before_anybody_signs():
    parties, before = federation("QV", "QW", "XA")
    text = replace(charter(), notice_hours=72)
    proposal = Draft.of(before, now=NOW).amend(text, title=TITLE)
    for said in ("Too long", "Much too long"):
        proposal = with_dissent(proposal, before, "XA", said)
    after = done(proposal, before, parties)
    assert parse_charter(after.targets[CHARTER]).dissent == (("XA", {"zh": said, "en": said}),)
    assert (
        refused(lambda: with_dissent(replace(proposal, documents={}), before, "QW", "No"))
        == "trust-missing"
    )
    begun = signed(proposal, before, parties[0].hold("charter"))
    assert refused(lambda: with_dissent(begun, before, "QW", "No")) == "trust-mismatch"


def test_roles_last_longer_and_the_witnesses_make_their_round():
    parties, before = federation("QV", "QW")
    late = NOW + timedelta(days=40)
    every = ["root", "targets", "emergency", "region-QV", "region-QW"]
    after = done(renewed(Draft.of(before, now=late), every, title=TITLE), before, parties, now=late)
    assert after.roles["root"].expires == late + timedelta(days=365)
    assert after.targets == before.targets
    daily = done(renewed(Draft.of(after, now=late), [], title=TITLE), after, parties, now=late)
    assert daily.roles["timestamp"].version == after.roles["timestamp"].version + 1
    for role in ("timestamp", "region-XX"):
        assert refused(lambda role=role: renewed(Draft.of(after, now=late), [role], title=TITLE)) == "bad-input"  # fmt: skip


def test_only_a_member_is_drafted_for():
    _, before = federation("QV")
    stranger = party("XB").statement
    for work in (
        lambda draft: draft.admit(stranger, title=TITLE),
        lambda draft: draft.rotate(stranger, title=TITLE),
        lambda draft: draft.leave("XB", title=TITLE),
    ):
        assert refused(lambda work=work: work(Draft.of(before, now=NOW))) == "bad-input"


def test_a_member_does_not_join_again():
    parties, before = federation("QV")
    assert refused(lambda: Draft.of(before, now=NOW).join(parties[0].statement, title=TITLE)) == "trust-keys"  # fmt: skip


def test_a_draft_needs_what_it_changes():
    _, before = federation("QV", "QW")
    bare = replace(before, targets={keys_path("QV"): before.targets[keys_path("QV")]})
    draft = Draft.of(bare, now=NOW)
    assert refused(lambda: draft.expel("QV", title=TITLE)) == "trust-missing"
    nobody = Draft(None, {}, NOW)
    assert refused(lambda: nobody.confirm("one", title=TITLE)) == "trust-missing"


def test_a_proposal_upon_another_list_is_refused():
    parties, before = federation("QV", "QW")
    old = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    after = done(Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"2"}, title=TITLE), before, parties)  # fmt: skip
    check_base(old, before)
    assert refused(lambda: check_base(old, after)) == "trust-rollback"
    assert refused(lambda: check_base(old, None)) == "trust-missing"
    for version in (1, 3, 2**53 - 1):
        signed_ = {**old.metadata["region-QV"], "version": version}
        other = replace(old, metadata={"region-QV": signed_})
        assert refused(lambda other=other: check_base(other, before)) == "trust-rollback"


def test_a_region_that_comes_back_goes_on_where_it_left():
    parties, before = federation("QV", "QW", "XA")
    left = [parties[0], parties[2]]
    after = done(Draft.of(before, now=NOW).expel("QW", title=TITLE), before, left)
    again = Draft.of(after, now=NOW).join(parties[1].statement, title=TITLE)
    assert again.metadata["region-QW"]["version"] == 2
    done(again, after, parties)


def test_a_snapshot_that_came_along_is_the_one_that_publishing_asks_for():
    _, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    whole = with_witnesses(proposal, before, now=NOW)
    check_base(whole, before)
    check_base(with_witnesses(proposal, before, now=NOW + timedelta(days=1)), before)
    snapshot = whole.metadata["snapshot"]
    for meta in ({**snapshot["meta"], "region-QW.json": {"version": 9}}, {}):
        changed = {**whole.metadata, "snapshot": {**snapshot, "meta": meta}}
        other = replace(whole, metadata=changed)
        assert refused(lambda other=other: check_base(other, before)) == "trust-mismatch"
    alone = {role: one for role, one in whole.metadata.items() if role != "timestamp"}
    assert refused(lambda: check_base(replace(whole, metadata=alone), before)) == "trust-mismatch"


def test_signatures_that_nobody_asked_for_are_left_out():
    parties, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    whole = signed(proposal, before, parties[0].hold())
    junk = {
        "root": {"a": "00" * 64},
        "region-QV": {**whole.signatures["region-QV"], "b": "00" * 64},
    }
    assert only_asked(replace(whole, signatures=junk), before) == whole
    assert (
        only_asked(replace(whole, signatures={"region-QV": {"b": "00" * 64}}), before).signatures
        == {}
    )


def test_what_is_shown_is_what_is_signed():
    _, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    check_base(proposal, before)
    for documents, code in (
        ({}, "trust-missing"),
        ({"QV/a.json": b"2"}, "trust-mismatch"),
        ({"QV/a.json": b"12"}, "trust-mismatch"),
        ({**proposal.documents, "QV/b.json": b"1"}, "trust-namespace"),
        ({**proposal.documents, "../../b.json": b"1"}, "trust-namespace"),
    ):
        other = replace(proposal, documents=documents)
        assert refused(lambda other=other: check_base(other, before)) == code
    # A file that stands already may be listed without being carried again, but only as it stands.
    again = Draft.of(before, now=NOW).publish("QV", {keys_path("QV"): before.targets[keys_path("QV")]}, title=TITLE)  # fmt: skip
    check_base(replace(again, documents={}), before)


def test_nobody_signs_a_role_that_nobody_names():
    _, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    strange = replace(proposal, metadata={"region-XX": {}})
    assert refused(lambda: asked(strange, before)) == "trust-file"
    assert refused(lambda: asked(proposal, None)) == "trust-file"


def test_a_signature_that_does_not_hold_is_not_left_out():
    parties, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    whole = signed(proposal, before, parties[0].hold())
    name = next(iter(whole.signatures["region-QV"]))
    forged = replace(whole, signatures={"region-QV": {name: "00" * 64, "a stranger's": "00" * 64}})
    assert refused(lambda: missing(forged, before)) == "signature"


def test_a_result_lacks_nothing():
    _, before = federation("QV", "QW")
    proposal = Draft.of(before, now=NOW).publish("QV", {"QV/a.json": b"1"}, title=TITLE)
    whole = with_witnesses(proposal, before, now=NOW)
    assert refused(lambda: result(replace(whole, documents={}), before)) == "trust-missing"
    assert refused(lambda: result(proposal, None)) == "trust-missing"


def test_a_charter_role_without_delegations_is_refused():
    _, before = federation("QV", "QW")
    proposal = renewed(Draft.of(before, now=NOW), ["targets"], title=TITLE)
    signed = {
        name: one for name, one in proposal.metadata["targets"].items() if name != "delegations"
    }
    hostile = replace(proposal, metadata={**proposal.metadata, "targets": signed})
    whole = with_witnesses(hostile, before, now=NOW)
    after = result(whole, before)
    assert findings(after, held=read_list(before), now=NOW)[0].code == "trust-file"


def test_nothing_is_drafted_upon_a_list_whose_keys_are_nobody_s():
    _, before = federation("QV", "QW")
    root = before.roles["root"]
    hostile = replace(root, signed={**root.signed, "keys": {}})
    spoilt = replace(before, roles={**before.roles, "root": hostile})
    assert refused(lambda: Draft.of(spoilt, now=NOW)) == "trust-keys"
