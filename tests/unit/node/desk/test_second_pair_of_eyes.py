import dataclasses
import uuid

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.approve import approve, decline
from huxin.node.trust.models import Card, IssueRequest
from tests.unit.node.desk.test_issuing_pages import facts


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK, name="first")


@pytest.fixture
def second(world):
    return world.staff(Role.CLERK, name="second")


@pytest.fixture
def wish(world, clerk):
    return world.wish(world.person(), by=clerk)


def place(name, wish):
    return reverse(name, args=[wish.id])


def test_past_the_limit_the_page_says_what_happens_and_keeps_the_facts(world, clerk, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=1)
    child, client = world.person(), world.client(clerk)
    world.card(child, by=clerk)
    check = reverse("desk-check", args=[child.id, "school-entry"])
    typed = facts()
    client.post(reverse("desk-form", args=[child.id, "school-entry"]), typed)
    assert "每日上限" in client.get(check).content.decode()
    answer = client.post(check, typed)
    waiting = IssueRequest.objects.get()
    assert answer["Location"] == place("desk-wish", waiting)
    assert "等另一位同事" in client.get(answer["Location"]).content.decode()
    assert client.post(check, typed)["Location"] == answer["Location"]
    assert Card.objects.count() == 1
    assert "在等另一位同事" in client.get(reverse("desk")).content.decode()


def test_another_officer_approves_and_the_card_is_issued_with_the_same_request(
    world, clerk, second, wish
):
    client = world.client(second)
    assert place("desk-approval", wish) in client.get(reverse("desk-approvals")).content.decode()
    assert "麻腮风疫苗" in client.get(place("desk-approval", wish)).content.decode()
    answer = client.post(place("desk-approval", wish), {"do": "approve"})
    card = Card.objects.get()
    assert card.request == wish.request
    assert card.issued_by == clerk.id
    assert str(card.id) in answer["Location"]
    assert AuditEntry.objects.get(action="approved").actor == second.id
    mine = world.client(clerk).get(place("desk-wish", wish)).content.decode()
    assert str(card.id) in mine


def test_a_double_click_approves_once(world, second, wish):
    client = world.client(second)
    first = client.post(place("desk-approval", wish), {"do": "approve"})
    again = client.post(place("desk-approval", wish), {"do": "approve"})
    assert first["Location"] == again["Location"]
    assert Card.objects.count() == 1
    assert AuditEntry.objects.filter(action="approved").count() == 1
    assert "已同意" in client.get(place("desk-approval", wish)).content.decode()


def test_nobody_approves_their_own(world, clerk, wish):
    client = world.client(clerk)
    for answer in (
        client.get(place("desk-approval", wish)),
        client.post(place("desk-approval", wish), {"do": "approve"}),
    ):
        assert answer["Location"] == place("desk-wish", wish)
    assert approve(wish.id, by=world.actor(clerk), now=world.now) is None
    assert decline(wish.id, "no", by=world.actor(clerk), now=world.now) is None
    assert Card.objects.count() == 0


def test_the_database_holds_it_too(wish, world):
    wish.decided_by, wish.decided_at, wish.approved = wish.asked_by, world.now, True
    with pytest.raises(IntegrityError), transaction.atomic():
        wish.save()


def test_an_officer_of_another_organisation_sees_nothing(world, wish):
    foreign = world.staff(Role.CLERK, at=world.elsewhere)
    assert world.client(foreign).get(place("desk-approval", wish)).status_code == 404
    assert approve(wish.id, by=world.actor(foreign), now=world.now) is None


def test_declining_needs_a_reason_which_the_first_officer_reads(world, clerk, second, wish):
    client = world.client(second)
    bare = client.post(place("desk-approval", wish), {"do": "decline", "note": " "})
    assert "这一项要填" in bare.content.decode()
    client.post(place("desk-approval", wish), {"do": "decline", "note": "批号请再核对"})
    wish.refresh_from_db()
    assert wish.approved is False
    first = world.client(clerk)
    assert "批号请再核对" in first.get(place("desk-wish", wish)).content.decode()
    assert "同事退回了 1 张" in first.get(reverse("desk")).content.decode()
    assert "退回给您的" in first.get(reverse("desk-approvals")).content.decode()
    assert "批号请再核对" in client.get(place("desk-approval", wish)).content.decode()
    assert Card.objects.count() == 0


def test_a_declined_card_is_corrected_without_typing_it_again(world, clerk, second, wish):
    decline(wish.id, "dose", by=world.actor(second), now=world.now)
    client = world.client(clerk)
    answer = client.post(reverse("desk-wish-again", args=[wish.id]))
    page = client.get(answer["Location"]).content.decode()
    assert 'value="2025"' in page
    assert str(wish.request) not in page


def test_what_was_decided_is_not_decided_the_other_way(world, second, wish):
    by = world.actor(second)
    decline(wish.id, "dose", by=by, now=world.now)
    with pytest.raises(RefusalError):
        approve(wish.id, by=by, now=world.now)
    again = world.client(second).post(place("desk-approval", wish), {"do": "approve"})
    assert again.status_code == 409
    other = world.wish(world.person("苏𠅤"), by=world.staff(Role.CLERK))
    approve(other.id, by=by, now=world.now)
    with pytest.raises(RefusalError):
        decline(other.id, "late", by=by, now=world.now)
    late = world.client(second).post(
        place("desk-approval", other), {"do": "decline", "note": "late"}
    )
    assert late.status_code == 409
    with pytest.raises(RefusalError):
        decline(other.id, "  ", by=by, now=world.now)


def test_a_wish_that_cannot_be_signed_any_more_stays_and_says_why(world, second, wish):
    IssueRequest.objects.filter(id=wish.id).update(cells={**wish.cells, "date": "2999-01-01"})
    answer = world.client(second).post(place("desk-approval", wish), {"do": "approve"})
    assert answer.status_code == 409
    wish.refresh_from_db()
    assert wish.approved is None
    assert Card.objects.count() == 0


def test_a_wish_that_was_declined_is_the_answer_to_the_same_form(world, clerk, second, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=1)
    child, key = world.person(), uuid.uuid4()
    waiting = world.wish(child, by=clerk, request=key)
    decline(waiting.id, "dose", by=world.actor(second), now=world.now)
    from huxin.node.trust.actions.issue import issue_card

    made = issue_card(world.asked(child, request=key), by=world.actor(clerk), now=world.now)
    assert made == waiting
