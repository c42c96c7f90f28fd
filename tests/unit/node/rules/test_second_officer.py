"""A second officer publishes: nobody who began a draft, wrote any of it or handed it in."""

import importlib
from datetime import timedelta

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from huxin.node.base.permissions import Role
from huxin.node.trust.actions import rule_desk as desk
from huxin.node.trust.models import PublishedRule, RuleDraft
from tests.unit.node.rules.conftest import begun, changed, code_of, handed_in, simulated

pytestmark = pytest.mark.django_db


def test_nobody_publishes_what_they_wrote_or_handed_in(world, author, second):
    draft = handed_in(world, author)
    seen = draft.written_at
    assert code_of(desk.approve, draft.id, seen=seen, by=author, now=world.now) == "own-work"
    assert code_of(desk.send_back, draft.id, "no", seen=seen, by=author, now=world.now) == "own-work"  # fmt: skip
    # Written by one, handed in by the other: a third has to look.
    draft = simulated(begun(world, author, pack="icvp"), author, world)
    desk.hand_in(draft.id, seen=draft.written_at, by=second, now=world.now)
    for officer in (author, second):
        assert code_of(desk.approve, draft.id, seen=draft.written_at, by=officer, now=world.now) == "own-work"  # fmt: skip
    assert PublishedRule.objects.count() == 0


def test_whoever_wrote_any_of_it_does_not_publish_it(world, author, second):
    draft = begun(world, author)
    draft = desk.write(draft.id, draft.text + "\n", seen=draft.written_at, by=second, now=world.now)
    draft = simulated(draft, author, world)
    draft = desk.hand_in(draft.id, seen=draft.written_at, by=second, now=world.now)
    approve = reverse("rule-draft-decide", args=[draft.id])
    fields = {"do": "approve", "seen": draft.written_at.isoformat()}
    client = world.client(world.user(author))
    assert approve not in client.get(reverse("rule-draft", args=[draft.id])).content.decode()
    assert "没有在等的" in client.get(reverse("rule-desk")).content.decode()
    client.post(approve, fields)
    for step in (desk.approve, lambda draft, **told: desk.send_back(draft, "no", **told)):
        assert code_of(step, draft.id, seen=draft.written_at, by=author, now=world.now) == "own-work"  # fmt: skip
    assert PublishedRule.objects.count() == 0
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleDraft.objects.filter(id=draft.id).update(decided_by=author.user)
    third = world.actor(world.staff(Role.RULE_OFFICER, name="third"))
    assert desk.approve(draft.id, seen=draft.written_at, by=third, now=world.now)


def test_whoever_wrote_in_between_does_not_publish_it_either(world, author, second):
    draft = begun(world, author)
    for by, text in ((second, draft.text + "\n"), (author, draft.text + "\n\n")):
        draft = desk.write(draft.id, text, seen=draft.written_at, by=by, now=world.now)
    draft = simulated(draft, author, world)
    draft = desk.hand_in(draft.id, seen=draft.written_at, by=author, now=world.now)
    assert code_of(desk.approve, draft.id, seen=draft.written_at, by=second, now=world.now) == "own-work"  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleDraft.objects.filter(id=draft.id).update(decided_by=second.user)


def test_drafts_that_were_open_before_know_who_wrote_them(world, author, second):
    draft = begun(world, author)
    for by, text in ((second, draft.text + "\n"), (author, draft.text + "\n\n")):
        draft = desk.write(draft.id, text, seen=draft.written_at, by=by, now=world.now)
    RuleDraft.objects.update(writers="", decided_by=second.user, decided_at=world.now)
    move = importlib.import_module("huxin.node.trust.migrations.0002_rule_draft_writers")
    move.note_writers(apps, None)
    draft.refresh_from_db()
    assert set(draft.writers.split()) == {author.user.hex, second.user.hex}
    assert draft.decided_by is None


def test_the_database_holds_it_too(world, author):
    draft = handed_in(world, author)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleDraft.objects.filter(id=draft.id).update(decided_by=author.user)
    with pytest.raises(IntegrityError), transaction.atomic():
        RuleDraft.objects.filter(id=draft.id).update(state="published")


def test_it_is_sent_back_with_a_reason_changed_and_handed_in_again(world, author, second):
    draft = handed_in(world, author)
    seen = draft.written_at
    assert code_of(desk.send_back, draft.id, "  ", seen=seen, by=second, now=world.now) == "missing"
    desk.send_back(draft.id, "Too soon." + "x" * 999, seen=seen, by=second, now=world.now)
    draft.refresh_from_db()
    assert (draft.state, len(draft.note)) == ("draft", desk.LONGEST_NOTE)
    # The officer who sent it back changes it: now both wrote it, and a third has to look.
    later = world.now + timedelta(minutes=1)
    text = changed(draft, valid_until="2031-01-01T00:00:00Z")
    desk.write(draft.id, text, seen=seen, by=second, now=later)
    desk.write(draft.id, changed(draft), seen=later, by=second, now=later + timedelta(minutes=1))
    draft = simulated(RuleDraft.objects.get(id=draft.id), second, world)
    desk.hand_in(draft.id, seen=draft.written_at, by=second, now=world.now)
    assert code_of(desk.approve, draft.id, seen=draft.written_at, by=author, now=world.now) == "own-work"  # fmt: skip
    third = world.actor(world.staff(Role.RULE_OFFICER, name="third"))
    assert len(desk.approve(draft.id, seen=draft.written_at, by=third, now=world.now)) == 1
