"""Something on a card is wrong: said once, read by the office that signed it, answered once."""

import uuid

import pytest
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import reports
from huxin.node.trust.models import Report

WRONG = "日期应是 2025-03-21"


def say(world, user, scene, text=WRONG, request=None):
    place = reverse("card-report", args=[scene.card.id])
    sent = {"text": text, "request": str(request or uuid.uuid4())}
    return world.client(user).post(place, sent)


def reply(world, user, text="查过了，是我们写错，请来换卡。"):
    return world.client(user).post(
        reverse("desk-report", args=[Report.objects.get().id]), {"text": text}
    )


@pytest.mark.parametrize("who", ["own", "guardian"])
def test_the_person_says_it_and_reads_the_answer(world, scene, who):
    user = getattr(scene, who)
    assert say(world, user, scene).status_code == 302
    desk = world.client(scene.clerk)
    assert "等答复：1 条" in desk.get(reverse("desk")).content.decode()
    listed = desk.get(reverse("desk-reports")).content.decode()
    assert "林㑇" not in listed
    place = reverse("desk-report", args=[Report.objects.get().id])
    assert place in listed
    assert WRONG in desk.get(place).content.decode()
    assert reply(world, scene.clerk)["Location"] == reverse("desk-reports")
    assert "没有等答复的" in desk.get(reverse("desk-reports")).content.decode()
    inbox = world.client(user).get(reverse("messages")).content.decode()
    assert "是我们写错" in inbox
    assert "{" not in inbox.split("<main")[1].split("</main>")[0]
    page = world.client(user).get(reverse("card-report", args=[scene.card.id])).content.decode()
    assert "是我们写错" in page
    told = AuditEntry.objects.filter(subject=scene.child.id, purpose="correct")
    assert {one.action for one in told} == {"reported-error", "opened-report", "answered-report"}


def test_a_second_click_says_it_once(world, scene):
    request = uuid.uuid4()
    for _ in range(2):
        assert say(world, scene.own, scene, request=request).status_code == 302
    assert Report.objects.count() == 1
    other = world.card(scene.child, by=scene.clerk)
    with pytest.raises(RefusalError, match="exists"):
        reports.report(other, WRONG, request=request, by=world.actor(scene.own), now=world.now)


def test_of_one_card_three_wait_at_most_and_nothing_typed_is_lost(world, scene):
    for _ in range(3):
        assert say(world, scene.own, scene).status_code == 302
    answer = say(world, scene.own, scene, "还有一处")
    assert answer.status_code == 409
    assert "还有一处" in answer.content.decode()
    assert Report.objects.count() == 3


@pytest.mark.parametrize("text", ["", "  ", "x" * 501])
def test_nothing_or_too_much_is_said_back(world, scene, text):
    answer = say(world, scene.own, scene, text)
    assert answer.status_code == 200
    assert "field--error" in answer.content.decode()
    assert not Report.objects.exists()
    with pytest.raises(RefusalError):
        reports.report(
            scene.card, text, request=uuid.uuid4(), by=world.actor(scene.own), now=world.now
        )


def test_others_say_nothing_about_it_and_another_desk_reads_nothing(world, scene):
    assert say(world, scene.stranger, scene).status_code == 404
    with pytest.raises(RefusalError, match="bad-input"):
        reports.report(
            scene.card, WRONG, request=uuid.uuid4(), by=world.actor(scene.stranger), now=world.now
        )
    say(world, scene.own, scene)
    other = world.staff(Role.CLERK, at=world.elsewhere)
    assert reply(world, other).status_code == 404
    assert (
        reports.answer(Report.objects.get().id, "x", by=world.actor(other), now=world.now) is None
    )
    assert "没有等答复的" in world.client(other).get(reverse("desk-reports")).content.decode()
    assert not Message.objects.exists()


def test_the_first_answer_counts(world, scene):
    say(world, scene.own, scene)
    reply(world, scene.clerk)
    reply(world, scene.clerk, "另一个答复")
    assert "另一个" not in Report.objects.get().answer
    assert Message.objects.count() == 1


@pytest.mark.parametrize("text", ["", "x" * 501])
def test_an_empty_answer_is_not_sent(world, scene, text):
    say(world, scene.own, scene)
    assert "field--error" in reply(world, scene.clerk, text).content.decode()
    with pytest.raises(RefusalError):
        reports.answer(Report.objects.get().id, text, by=world.actor(scene.clerk), now=world.now)
    assert Report.objects.get().answered_at is None


def test_the_page_that_explains_a_card_leads_here(world, scene):
    text = world.client(scene.own).get(reverse("card-about", args=[scene.card.id])).content.decode()
    assert reverse("card-report", args=[scene.card.id]) in text
