"""What two officers see of a withdrawal that waits."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import revoke as ending
from huxin.node.trust.actions import withdrawals as actions
from huxin.node.trust.models import Revocation
from huxin.node.trust.queries.withdrawals import declined_withdrawals


@pytest.fixture
def clerks(world):
    return [world.staff(Role.CLERK, name=name) for name in ("first", "second")]


@pytest.fixture
def card(world, clerks):
    return world.card(world.person(), by=clerks[0])


@pytest.fixture
def asked(world, card, clerks):
    return actions.ask(card, "lost", "请来补一张", by=world.actor(clerks[0]), now=world.now)


@pytest.fixture
def place(asked):
    return reverse("desk-withdrawal", args=[asked.id])


@pytest.fixture
def first(world, clerks):
    return world.client(clerks[0])


@pytest.fixture
def second(world, clerks):
    return world.client(clerks[1])


def read(client, name, *args):
    return client.get(reverse(name, args=args)).content.decode()


def test_the_card_and_its_withdraw_page_say_that_it_waits(first, second, card, place):
    for client in (first, second):
        page = read(client, "desk-card", card.id)
        assert "等另一位同事同意撤回" in page
        assert place in page
        assert reverse("desk-card-withdraw", args=[card.id]) not in page
        assert client.get(reverse("desk-card-withdraw", args=[card.id]))["Location"] == place
    # It is valid until somebody agrees: it can still be printed.
    assert first.get(reverse("card-print", args=[card.id])).status_code == 200


def test_the_lists_name_the_card_and_never_the_person(first, second, card, place):
    theirs, mine = read(second, "desk-approvals"), read(first, "desk-approvals")
    assert "等您同意撤回的卡" in theirs
    assert "没有在等的卡" not in theirs
    assert "您请求撤回的，还在等" in mine
    assert "没有在等的卡" in mine
    for page in (theirs, mine):
        assert place in page
        assert card.identifier in page
        assert card.person.shown not in page
    assert "等您同意撤回的卡：1 张" in read(second, "desk")
    assert "等您同意撤回的卡" not in read(first, "desk")
    assert "您有 1 张卡在等另一位同事" in read(first, "desk")


def test_the_second_officer_sees_why_and_agrees(second, clerks, card, place):
    page = second.get(place).content.decode()
    for words in ("这张卡报了丢失", "请来补一张", card.identifier, "同意，撤回这张卡"):
        assert words in page
    assert "收回请求" not in page
    opened = AuditEntry.objects.get(action="opened-card", actor=clerks[1].id)
    assert (opened.subject, opened.purpose) == (card.person_id, "correct")
    assert second.post(place, {"do": "agree"})["Location"] == reverse("desk-card", args=[card.id])
    assert Revocation.objects.get().by == clerks[1].id
    after = second.get(place).content.decode()
    assert "同意了" in after
    assert "同意，撤回这张卡" not in after
    assert "等您同意撤回的卡" not in read(second, "desk-approvals")


def test_declining_needs_a_reason_which_the_first_officer_reads(first, second, card, place):
    bare = second.post(place, {"do": "decline", "note": " "}).content.decode()
    assert "这一项要填" in bare
    assert second.post(place, {"do": "decline", "note": "卡是对的"})["Location"] == reverse("desk-approvals")  # fmt: skip
    assert "卡是对的" in first.get(place).content.decode()
    assert "同事没有同意撤回的" in read(first, "desk-approvals")
    assert "同事退回了 1 张" in read(first, "desk")
    assert "等另一位同事同意撤回" not in read(first, "desk-card", card.id)
    assert Revocation.objects.count() == Message.objects.count() == 0


def test_what_was_declined_stands_in_the_list_for_a_week(world, clerks, asked):
    by = [world.actor(one) for one in clerks]
    actions.decline(asked.id, "卡是对的", by=by[1], now=world.now)
    assert declined_withdrawals(by=by[0], now=world.now) == [asked]
    assert declined_withdrawals(by=by[0], now=world.now + timedelta(days=7)) == []
    assert declined_withdrawals(by=by[1], now=world.now) == []


def test_who_asked_takes_it_back_and_cannot_agree(first, card, place):
    page = first.get(place).content.decode()
    assert "收回请求" in page
    assert "同意，撤回这张卡" not in page
    assert first.post(place, {"do": "agree"}).status_code == 409
    assert first.post(place, {"do": "decline", "note": "x"}).status_code == 409
    assert Revocation.objects.count() == 0
    assert first.post(place, {"do": "take-back"})["Location"] == reverse("desk-card", args=[card.id])  # fmt: skip
    assert "不用决定了" in first.get(place).content.decode()
    assert reverse("desk-card-withdraw", args=[card.id]) in read(first, "desk-card", card.id)


def test_a_card_that_ended_meanwhile_says_so_to_both(world, first, second, clerks, card, place):
    ending.revoke(card, "wrong-facts", "", by=world.actor(clerks[0]), now=world.now)
    assert second.post(place, {"do": "agree"}).status_code == 409
    for client in (first, second):
        page = client.get(place).content.decode()
        assert "不用决定了" in page
        assert "卡上有内容要更正" in page


def test_a_card_that_ended_between_two_clicks_is_shown_as_it_is(
    world, first, clerks, card, monkeypatch
):
    from huxin.node.trust.views import withdraw as view

    ending.revoke(card, "lost", "", by=world.actor(clerks[1]), now=world.now)
    monkeypatch.setattr(view, "withdrawn", lambda _card: None)
    typed = {"reason": "lost", "note": "", "do": "withdraw"}
    answer = first.post(reverse("desk-card-withdraw", args=[card.id]), typed)
    assert answer["Location"] == reverse("desk-card", args=[card.id])


def test_others_see_nothing_of_it(world, card, place):
    elsewhere = world.client(world.staff(Role.CLERK, at=world.elsewhere))
    assert elsewhere.get(place).status_code == 404
    assert elsewhere.post(place, {"do": "agree"}).status_code == 404
    assert place not in read(elsewhere, "desk-approvals")
    holder = world.client(world.resident(card.person))
    for client in (world.client(world.staff(Role.CLINICIAN)), holder):
        assert client.post(place, {"do": "agree"}).status_code == 403
    assert "撤回" not in read(holder, "card", card.id)
    assert Revocation.objects.count() == 0


def test_an_officer_does_not_decide_about_a_card_that_is_kept_from_them(world, clerks, place):
    """The card is opened by the same door as everywhere: what that door keeps shut stays shut."""
    from huxin.node.trust.queries import cards

    assert world.client(clerks[1]).get(place).status_code == 200
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cards, "_hides", lambda _kept, _card: True)
        assert world.client(clerks[1]).post(place, {"do": "agree"}).status_code == 404
    assert Revocation.objects.count() == 0


def test_a_sign_in_long_ago_is_asked_for_again_and_the_reason_is_kept(world, second, clerks, place):
    from huxin.node.base.drafts import FIELD, ticket_for

    session = second.session
    session["huxin_fresh_at"] = 0
    session.save()
    typed = {"do": "decline", "note": "写到一半", FIELD: ticket_for(clerks[1].id)}
    assert "/accounts/" in second.post(place, typed)["Location"]
    assert "写到一半" in world.client(clerks[1]).get(place).content.decode()
    assert Revocation.objects.count() == 0


def test_the_pages_speak_english(first, second, card, place):
    for client in (first, second):
        client.cookies["huxin_lang"] = "en"
    assert "Take the request back" in first.get(place).content.decode()
    assert "Agree and withdraw the card" in second.get(place).content.decode()
    assert "Withdrawals that wait for you" in read(second, "desk-approvals")
    assert "Waits for another officer" in read(first, "desk-card", card.id)
