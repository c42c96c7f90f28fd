import dataclasses
import uuid

import pytest
from django.test import override_settings

from huxin.kernel.errors import RefusalError
from huxin.node.base import outbox, people
from huxin.node.base.models import AuditEntry, Message, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import revoke as actions
from huxin.node.trust.models import REASONS, Card, IssueRequest, Revocation
from huxin.node.trust.queries.status import status
from huxin.node.trust.signing import trust_store
from huxin.node.trust.words import MESSAGES, REASON_WORDS, message_words
from huxin.trust import reading
from huxin.trust.verify import Basis, verify


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def card(world, clerk):
    return world.card(world.person(), by=clerk)


def withdraw(world, card, clerk, reason="lost", note=""):
    return actions.revoke(card, reason, note, by=world.actor(clerk), now=world.now)


def judged(world, card):
    return verify(reading.open(card.text), Basis(trust_store(world.now), status()), now=world.now)


def test_a_withdrawn_card_is_rejected_at_this_nodes_checks_and_no_other_card_is(world, clerk, card):
    other = world.card(world.person("苏𠅤"), by=clerk)
    assert judged(world, card).outcome == "accepted"
    withdraw(world, card, clerk)
    verdict = judged(world, card)
    assert (verdict.outcome, verdict.code) == ("rejected", "revoked")
    assert judged(world, other).outcome == "accepted"


def test_another_regions_card_that_names_our_list_is_not_ours_to_withdraw(world, clerk, card):
    withdraw(world, card, clerk)
    (opened,) = reading.open(card.text)
    credential = opened.credential
    assert credential is not None
    assert credential.kid is not None
    anchor = trust_store(world.now).find(credential.domain, credential.kid, credential.issuer)[0]
    assert status().revoked(credential, anchor)
    assert not status().revoked(credential, dataclasses.replace(anchor, region="QV"))
    assert not status().revoked(dataclasses.replace(credential, status=None), anchor)


def test_the_holder_is_told_and_the_trail_has_an_entry(world, clerk, card):
    withdraw(world, card, clerk, "wrong-facts", "  请带接种本来窗口  ")
    told = Message.objects.get(person=card.person)
    said = message_words(told.kind, told.blanks)
    for part in (card.identifier, "卡上有内容要更正", "河埠头服务中心", "请带接种本来窗口"):
        assert part in said.zh
    for part in (card.identifier, "something on it had to be corrected", "Wharf Centre"):
        assert part in said.en
    entry = AuditEntry.objects.get(action="withdrew")
    assert (entry.subject, entry.actor) == (card.person_id, clerk.id)
    assert entry.detail == {"reason": "wrong-facts"}
    assert OutboxEvent.objects.filter(name="card-revoked").count() == 1


def test_withdrawing_twice_is_harmless_and_the_first_reason_stands(world, clerk, card):
    first = withdraw(world, card, clerk, "lost")
    again = withdraw(world, card, world.staff(Role.CLERK), "wrong-person")
    assert again.id == first.id
    assert Revocation.objects.get().reason == "lost"
    assert Message.objects.count() == 1
    assert AuditEntry.objects.filter(action="withdrew").count() == 1


@pytest.mark.parametrize(
    ("reason", "note"), [("because", ""), ("", ""), ("lost", "长" * 301)],
    ids=["a reason of one's own", "no reason", "a note without end"],
)  # fmt: skip
def test_what_is_not_on_the_list_is_refused_and_nothing_written(world, clerk, card, reason, note):
    with pytest.raises(RefusalError):
        withdraw(world, card, clerk, reason, note)
    assert Revocation.objects.count() == 0


def test_another_organisation_cannot_withdraw(world, card):
    stranger = world.staff(Role.CLERK, at=world.elsewhere)
    with pytest.raises(RefusalError):
        withdraw(world, card, stranger)
    assert Revocation.objects.count() == 0


def test_if_it_breaks_half_way_nothing_is_written(world, clerk, card, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr(outbox, "emit", broken)
    with pytest.raises(RuntimeError):
        withdraw(world, card, clerk)
    assert Revocation.objects.count() == Message.objects.count() == 0
    assert AuditEntry.objects.filter(action="withdrew").count() == 0


def correction(world, card, **wish):
    return world.asked(card.person, cells={"dose": "2"}, **wish)


def correct(world, card, clerk, asked):
    return actions.correct(card, asked, "第 2 剂", by=world.actor(clerk), now=world.now)


def test_a_correction_is_a_new_card_and_the_end_of_the_old_one(world, clerk, card):
    asked = correction(world, card)
    made = correct(world, card, clerk, asked)
    assert made.replaces_id == card.id
    assert Revocation.objects.get(card=card).reason == "wrong-facts"
    assert judged(world, card).code == "revoked"
    assert judged(world, made).outcome == "accepted"
    told = Message.objects.get()
    assert made.identifier in message_words(told.kind, told.blanks).en
    assert correct(world, card, clerk, asked).id == made.id  # a second click
    assert (Card.objects.count(), Message.objects.count()) == (2, 1)


def test_two_clerks_correct_one_card_and_the_second_is_told(world, clerk, card):
    correct(world, card, clerk, correction(world, card))
    with pytest.raises(RefusalError) as refused:
        correct(world, card, world.staff(Role.CLERK), correction(world, card))
    assert refused.value.refusal.code == "exists"
    assert Card.objects.count() == 2


def test_a_correction_that_breaks_half_way_leaves_the_old_card_as_it_was(
    world, clerk, card, monkeypatch
):
    def broken(*_args, **_more):
        raise RuntimeError("no letter box")

    monkeypatch.setattr(people, "tell", broken)
    with pytest.raises(RuntimeError):
        correct(world, card, clerk, correction(world, card))
    assert Card.objects.get().id == card.id
    assert Revocation.objects.count() == 0


def test_past_the_daily_limit_a_correction_is_left_to_a_colleague(world, clerk, card, settings):
    full = dataclasses.replace(settings.HUXIN, daily=1)
    with override_settings(HUXIN=full):
        with pytest.raises(actions.DailyLimitError):
            correct(world, card, clerk, correction(world, card))
        assert Revocation.objects.count() == IssueRequest.objects.count() == 0
        correct(world, card, world.staff(Role.CLERK), correction(world, card))
    assert Revocation.objects.count() == 1


def test_a_request_that_gave_another_card_corrects_nothing(world, clerk, card):
    wish = uuid.uuid4()
    world.card(card.person, by=clerk, cells={"dose": "2"}, request=wish)
    with pytest.raises(RefusalError):
        correct(world, card, clerk, correction(world, card, request=wish))
    assert Revocation.objects.count() == 0


def test_every_reason_and_every_notice_has_its_words():
    assert set(REASON_WORDS) == set(REASONS)
    names = ("identifier", "pack", "reason", "date", "office", "replacement", "note", "answer")
    blanks = dict.fromkeys((*names, "number", "decision", "why", "next"), "x")
    for kind in MESSAGES:
        said = message_words(kind, blanks)
        assert "{" not in said.zh + said.en
    assert message_words("of tomorrow", {}).en


def test_what_a_clerk_writes_into_a_note_stays_what_was_written():
    blanks = {"reason": "lost", "pack": "school-entry", "note": "{reason}", "office": "a"}
    assert message_words("card-withdrawn", blanks).zh.endswith("{reason}")
