"""A proposal in words: each thing that changes has its sentence, in both languages, and cards that change are counted."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.ceremony.difference import differences
from huxin.trust.ceremony.dissent import with_dissent
from huxin.trust.ceremony.draft import Draft, found, renewed
from huxin.trust.ceremony.effect import CARDS, measure
from huxin.trust.ceremony.result import result
from huxin.trust.ceremony.sentences import WORDS
from huxin.trust.ceremony.statement import key_id
from huxin.trust.federation.charter import (
    Caps,
    Suspension,
    parse_members,
    write_members,
    write_suspensions,
)
from huxin.trust.federation.layout import MEMBERS, SUSPENSIONS, keys_path
from huxin.trust.federation.notices import Notice, write_notices
from huxin.trust.federation.region_keys import (
    RegionKeys,
    parse_region_keys,
    tombstone_of,
    write_region_keys,
)
from huxin.trust.federation.repository import read_list
from tests.lib.ceremonies import NOW, TITLE, charter, federation, party, signing_key, witnessed


@pytest.fixture(scope="module")
def world():
    return federation("QV", "QW", "XA")


def codes(proposal, before) -> set[str]:
    return {one.code for one in differences(proposal, before)} - {"lasts"}


def draft(before) -> Draft:
    return Draft.of(before, now=NOW)


def keys_of(before, region) -> RegionKeys:
    return parse_region_keys(before.targets[keys_path(region)])


def with_keys(before, region, keys):
    return draft(before).publish(region, {keys_path(region): write_region_keys(keys)}, title=TITLE)


def test_founding_tells_everything(world):
    parties, _ = world
    proposal = found([one.statement for one in parties], charter(), title=TITLE, now=NOW)
    told = codes(proposal, None)
    assert told == {
        *("member-joins", "member-details", "key-comes", "signer-comes", "threshold"),
        *("charter-name", "charter-environment", "charter-text", "cap-begins", "file-comes"),
    }
    assert len([one for one in differences(proposal, None) if one.code == "lasts"]) == 6


SUSPENDED = Suspension("one", "QW", None, NOW, {"zh": "外泄", "en": "Leaked"})


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda one: draft(one).join(party("XB").statement, title=TITLE), {"member-joins", "member-details", "key-comes", "signer-comes", "threshold"}),
        (lambda one: draft(one).leave("QW", title=TITLE, successor="XA"), {"member-stands", "member-successor", "signer-goes", "threshold"}),
        (lambda one: draft(one).expel("QW", title=TITLE), {"member-goes", "signer-goes", "threshold"}),
        (lambda one: draft(one).rotate(party("QW", generation=2).statement, title=TITLE), {"signer-comes", "signer-goes"}),
        (lambda one: draft(one).suspend(SUSPENDED, title=TITLE), {"suspended"}),
        (lambda one: draft(one).amend(replace(charter(), text={"zh": "新", "en": "New"}), title=TITLE), {"charter-text"}),
        (lambda one: draft(one).amend(replace(charter(), caps=Caps(1, 2, 3), notice_hours=4), title=TITLE), {"cap"}),
        (lambda one: draft(one).amend(replace(charter(), name={"zh": "新", "en": "New"}, environment="test"), title=TITLE), {"charter-name", "charter-environment"}),
        (lambda one: draft(one).amend(replace(charter(), confirmed=("ab" * 32,)), title=TITLE), {"confirmed"}),
        (lambda one: draft(one).amend(replace(charter(), dissent=(("QV", {"zh": "不", "en": "No"}),)), title=TITLE), {"charter-dissent"}),
        (lambda one: draft(one).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE), {"file-comes"}),
        (lambda one: draft(one).publish("QV", {keys_path("QV"): one.targets[keys_path("QV")]}, title=TITLE), set()),
        (lambda one: draft(one).revoke("QW", [tombstone_of(keys_of(one, "QW").keys[0].key)], reason="lost", title=TITLE), {"key-buried", "key-goes"}),
        (lambda one: with_keys(one, "QV", replace(keys_of(one, "QV"), keys=(replace(keys_of(one, "QV").keys[0], cap=7),))), {"key-changes"}),
    ],
    ids=lambda one: "" if callable(one) else "+".join(sorted(one)) or "nothing",
)  # fmt: skip
def test_each_change_has_its_sentence(world, make, expected):
    _, before = world
    proposal = make(before)
    assert codes(proposal, before) == expected
    for one in differences(proposal, before):
        for language in ("zh", "en"):
            said = one.say(language)
            assert "{" not in said
            assert said != WORDS[one.code][0] or not one.values


def test_a_chinese_sentence_has_chinese_terms(world):
    _, before = world
    for proposal in (
        draft(before).join(party("XB").statement, title=TITLE),
        draft(before).leave("QW", title=TITLE),
    ):
        said = " ".join(one.say("zh") for one in differences(proposal, before))
        for term in (
            "root",
            "charter",
            "witness",
            "officer",
            "probation",
            "verify-only",
            "timestamp",
        ):
            assert term not in said, said


def published(world, proposal):
    parties, before = world
    return result(witnessed(proposal, before, parties), before)


def test_a_file_that_goes_is_told(world):
    _, before = world
    first = published(world, draft(before).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE))
    again = renewed(draft(first), ["region-QV"], title=TITLE)
    signed = again.metadata["region-QV"]
    kept = {path: one for path, one in signed["targets"].items() if path != "QV/rules.json"}
    again = replace(again, metadata={"region-QV": {**signed, "targets": kept}})
    assert codes(again, first) == {"file-goes"}


def test_a_threshold_that_changes_alone_is_told(world):
    _, before = world
    again = renewed(draft(before), ["targets"], title=TITLE)
    signed = json.loads(json.dumps(again.metadata["targets"]))
    signed["delegations"]["roles"][0]["threshold"] = 1
    assert codes(replace(again, metadata={"targets": signed}), before) == {"threshold"}


def test_keys_of_nobody_are_refused(world):
    _, before = world
    again = renewed(draft(before), ["targets"], title=TITLE)
    signed = json.loads(json.dumps(again.metadata["targets"]))
    signed["delegations"]["keys"] = {}
    with pytest.raises(RefusalError, match="trust-keys"):
        differences(replace(again, metadata={"targets": signed}), before)


def one_notice(name="a", **changes):
    return replace(Notice(name, "incident", NOW, TITLE, {"zh": "事", "en": "Event"}), **changes)


def test_a_notice_is_told_with_its_title_and_its_dissent(world):
    parties, before = world
    proposal = draft(before).announce(one_notice(), by="federation", title=TITLE)
    proposal = with_dissent(proposal, before, "XA", "Not so")
    zh, en = (
        [one.say(language) for one in differences(proposal, before) if one.code != "lasts"]
        for language in ("zh", "en")
    )
    assert zh == ["联盟 发布事件通报：试一试", "通报里记录了 XA 的不同意见：Not so"]
    assert en == [
        "federation publishes a notice (incident): A try",
        "The notice records that XA dissents: Not so",
    ]
    after = result(witnessed(proposal, before, parties), before)
    again = draft(after).announce(one_notice("b", kind="news"), by="federation", title=TITLE)
    assert codes(again, after) == {"notice-comes"}


def test_a_notice_that_is_changed_or_left_out_is_grave(world):
    parties, before = world
    path = "QV/notices.json"
    first = draft(before).announce(one_notice(), by="QV", title=TITLE)
    after = result(witnessed(first, before, parties), before)
    for written, code in (
        (write_notices("QV", [one_notice(kind="news")]), "notice-changes"),
        (write_notices("QV", []), "notice-goes"),
    ):
        proposal = draft(after).publish("QV", {path: written}, title=TITLE)
        (told,) = [one for one in differences(proposal, after) if one.code != "lasts"]
        assert (told.code, told.grave) == (code, True)


def test_notices_that_cannot_be_read_are_not_signed(world):
    _, before = world
    proposal = draft(before).publish("QV", {"QV/notices.json": b"{}"}, title=TITLE)
    with pytest.raises(RefusalError, match="trust-file"):
        differences(proposal, before)


MEMBER_CHANGES = [
    lambda one: replace(one, since=one.since + timedelta(days=9_000)),
    lambda one: replace(one, environment="test"),
    lambda one: replace(one, name={"zh": "别的", "en": "Another"}),
]


@pytest.mark.parametrize("change", MEMBER_CHANGES, ids=["since", "environment", "name"])
def test_what_changes_in_a_member_s_row_is_told_beside_other_changes(world, change):
    _, before = world
    changed = draft(before)
    first, second, *others = parse_members(before.targets[MEMBERS])
    gone = [change(first), replace(second, standing="verify-only"), *others]
    changed.carry(MEMBERS, write_members(gone))
    told = differences(changed.proposal("charter", TITLE), before)
    details = [dict(one.values) for one in told if one.code == "member-details"]
    assert [one["region"] for one in details] == [first.region]
    assert "member-stands" in {one.code for one in told}


def test_a_successor_that_is_taken_back_is_told(world):
    parties, before = world
    left = draft(before).leave("QW", title=TITLE, successor="XA")
    after = result(witnessed(left, before, parties), before)
    back = draft(after)
    members = parse_members(after.targets[MEMBERS])
    back.carry(MEMBERS, write_members([replace(one, successor=None) for one in members]))
    assert codes(back.proposal("charter", TITLE), after) == {"member-details"}


def test_a_tombstone_that_is_taken_out_or_changed_is_told(world):
    parties, before = world
    (key,) = keys_of(before, "QW").keys
    buried = draft(before).revoke("QW", [tombstone_of(key.key)], reason="lost", title=TITLE)
    after = result(witnessed(buried, before, parties), before)
    held = keys_of(after, "QW")
    for stones in ((), (replace(held.revoked[0], reason="mistake"),)):
        assert codes(with_keys(after, "QW", replace(held, revoked=stones)), after) == {"key-unburied"}  # fmt: skip


def test_another_label_on_keys_is_told_beside_other_changes(world):
    _, before = world
    other = replace(keys_of(before, "QV"), environment="test", keys=())
    assert codes(with_keys(before, "QV", other), before) == {"keys-environment", "key-goes"}


def test_a_dissent_that_is_taken_out_is_told(world):
    parties, before = world
    amended = draft(before).amend(replace(charter(), notice_hours=50), title=TITLE)
    proposal = with_dissent(amended, before, "XA", "No")
    after = result(witnessed(proposal, before, parties), before)
    again = draft(after).amend(replace(charter(), notice_hours=51), title=TITLE)
    assert codes(again, after) == {"cap", "charter-dissent-gone"}


def test_what_has_no_sentence_of_its_own_is_told_all_the_same(world):
    _, before = world
    changed = draft(before)
    # The same members, written in another way.
    changed.carry(MEMBERS, before.targets[MEMBERS] + b" ")
    [told] = [one for one in differences(changed.proposal("charter", TITLE), before) if one.code != "lasts"]  # fmt: skip
    assert (told.code, told.grave) == ("file-changes", True)


def test_a_key_taken_out_is_told_and_one_that_stays_is_not(world):
    _, before = world
    held = keys_of(before, "QV")
    more = replace(held, keys=(*held.keys, signing_key("QV more")))
    first = published(world, with_keys(before, "QV", more))
    again = with_keys(first, "QV", held)
    assert codes(again, first) == {"key-goes"}


def test_a_grave_is_told_once(world):
    _, before = world
    held = keys_of(before, "QV")
    more = replace(held, keys=(*held.keys, signing_key("QV more")))
    first = published(world, with_keys(before, "QV", more))
    kept, gone = (tombstone_of(one.key) for one in keys_of(first, "QV").keys)
    second = draft(first).revoke("QV", [gone], reason="lost", title=TITLE)
    parties, _ = world
    third = result(witnessed(second, first, parties), first)
    again = draft(third).revoke("QV", [kept], reason="lost", title=TITLE)
    assert [one.code for one in differences(again, third)] == ["key-goes", "key-buried", "lasts"]


def test_a_suspension_that_changes_or_goes_is_told(world):
    _, before = world
    first = published(world, draft(before).suspend(SUSPENDED, title=TITLE))
    for suspensions, expected in (
        ((), {"unsuspended"}),
        ((replace(SUSPENDED, region="XA"),), {"suspended", "unsuspended"}),
        ((replace(SUSPENDED, since=SUSPENDED.since + timedelta(days=1)),), {"prolonged"}),
        ((SUSPENDED,), set()),
        ((SUSPENDED, replace(SUSPENDED, name="two", region="XA")), {"suspended"}),
    ):
        changed = draft(first)
        changed.carry(SUSPENSIONS, write_suspensions(suspensions))
        assert codes(changed.proposal("suspend", TITLE), first) == expected


def test_a_confirmation_taken_back_and_a_second_dissent_are_told(world):
    _, before = world
    held = replace(charter(), confirmed=("ab" * 32,), dissent=(("QV", {"zh": "不", "en": "No"}),))
    first = published(world, draft(before).amend(held, title=TITLE))
    after = draft(first).amend(replace(held, confirmed=()), title=TITLE)
    assert codes(after, first) == {"unconfirmed"}
    dissent = (*held.dissent, ("XA", {"zh": "不", "en": "No"}))
    assert codes(draft(first).amend(replace(held, dissent=dissent), title=TITLE), first) == {"charter-dissent"}  # fmt: skip


def test_a_file_that_changes_is_told(world):
    _, before = world
    first = published(world, draft(before).publish("QV", {"QV/rules.json": b"[]"}, title=TITLE))
    again = draft(first).publish("QV", {"QV/rules.json": b"[ ]"}, title=TITLE)
    assert codes(again, first) == {"file-changes"}


def effect(world, proposal):
    _, before = world
    return measure(read_list(before), read_list(published(world, proposal)), policy=None, now=NOW)


def test_cards_of_an_expelled_region_are_counted(world):
    _, before = world
    told = effect(world, draft(before).expel("QW", title=TITLE))
    assert (told.gained, told.keys_taken, told.by_region) == (0, 1, (("QW", 0, told.lost),))
    assert abs(told.lost - CARDS / 3) <= 1
    assert told.cards == CARDS


def test_keys_that_have_signed_nothing_yet_have_no_cards(world):
    _, before = world
    held = keys_of(before, "QV")
    later = signing_key("QV later", since=NOW + timedelta(days=3))
    told = effect(world, with_keys(before, "QV", replace(held, keys=(*held.keys, later))))
    assert (told.gained, told.lost, told.keys_added) == (0, 0, 0)


def test_a_new_key_has_cards_in_proportion_to_its_cap(world):
    _, before = world
    held = keys_of(before, "QV")
    more = signing_key("QV more", cap=25_000)
    told = effect(world, with_keys(before, "QV", replace(held, keys=(*held.keys, more))))
    assert told.keys_added == 1
    assert abs(told.gained - CARDS / 7) <= 1


def test_a_list_without_keys_has_no_cards():
    parties = [party("QV", signs=0)]
    proposal = found([parties[0].statement], charter(), title=TITLE, now=NOW)
    whole = read_list(result(witnessed(proposal, None, parties), None))
    assert measure(None, whole, policy=None, now=NOW).cards == 0


def test_a_snapshot_key_that_changes_alone_is_told(world):
    _, before = world
    proposal = renewed(draft(before), ["root"], title=TITLE)
    root = json.loads(json.dumps(proposal.metadata["root"]))
    thief = party("XA", generation=9)
    name, entry = key_id(thief.statement.keys["root"]), {
        "keytype": "ed25519", "scheme": "ed25519",
        "keyval": {"public": thief.statement.keys["root"]}, "x-huxin-region": "QV",
    }  # fmt: skip
    root["keys"][name] = entry
    root["roles"]["snapshot"]["keyids"] = [*root["roles"]["snapshot"]["keyids"][1:], name]
    changed = replace(proposal, metadata={**proposal.metadata, "root": root})
    told = [dict(one.values) for one in differences(changed, before) if one.code == "signer-comes"]
    keys = {one["purpose"]: one["key"] for one in told}
    assert keys["snapshot"] == thief.statement.keys["root"][:16]
    assert keys.keys() == {"snapshot", "timestamp"}


def test_notices_that_nobody_could_read_are_replaced_and_told(world):
    _, before = world
    spoilt = replace(before, targets={**before.targets, "QV/notices.json": b"{}"})
    proposal = draft(before).announce(one_notice(), by="QV", title=TITLE)
    assert codes(proposal, spoilt) == {"notice-comes"}


def test_what_a_key_may_do_is_told_when_it_changes(world):
    _, before = world
    held = keys_of(before, "QV")
    changed = replace(held.keys[0], cap=7, issuer="https://a.example")
    (told,) = [
        one
        for one in differences(with_keys(before, "QV", replace(held, keys=(changed,))), before)
        if one.code == "key-changes"
    ]
    assert "≤ 7 " in told.say("en")
    assert "https://a.example" in told.say("zh")
