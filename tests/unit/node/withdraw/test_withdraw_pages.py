import json
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base.models import Draft
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.revoke import revoke
from huxin.node.trust.models import REASONS, Revocation, WithdrawalRequest
from huxin.node.trust.queries.counts import DAYS, daily_counts
from huxin.spec import CODES


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


@pytest.fixture
def card(world, clerk):
    return world.card(world.person(), by=clerk)


@pytest.fixture
def desk(world, clerk):
    return world.client(clerk)


@pytest.fixture
def colleague(world):
    """The second officer, signed in."""
    return world.client(world.staff(Role.CLERK))


def asked_of(card):
    return reverse("desk-withdrawal", args=[WithdrawalRequest.objects.get(card=card).id])


@pytest.fixture
def place(card):
    return reverse("desk-card-withdraw", args=[card.id])


def test_from_the_card_over_the_last_look_to_the_withdrawal(desk, colleague, card, place):
    assert place in desk.get(reverse("desk-card", args=[card.id])).content.decode()
    assert "卡上有内容要更正" in desk.get(place).content.decode()
    typed = {"reason": "lost", "note": "请来补一张"}
    sure = desk.post(place, typed | {"do": "look"}).content.decode()
    assert "请同事同意撤回这张卡？" in sure
    assert "请来补一张" in sure
    assert Revocation.objects.count() == 0
    asked = desk.post(place, typed | {"do": "withdraw"})
    assert asked["Location"] == asked_of(card)
    assert "等另一位同事同意撤回" in desk.get(asked["Location"]).content.decode()
    assert Revocation.objects.count() == 0
    done = colleague.post(asked["Location"], {"do": "agree"})
    assert done["Location"] == reverse("desk-card", args=[card.id])
    shown = desk.get(done["Location"]).content.decode()
    assert "这张卡报了丢失" in shown
    assert "另签一张" in shown
    assert place not in shown
    assert desk.get(reverse("card-print", args=[card.id])).status_code == 404


def test_going_back_keeps_what_was_typed(desk, place):
    page = desk.post(place, {"reason": "lost", "note": "等一下", "do": "back"}).content.decode()
    assert "等一下" in page
    assert "checked" in page
    assert Revocation.objects.count() == 0


def test_a_second_click_and_a_second_clerk_do_no_harm(world, desk, place):
    typed = {"reason": "lost", "note": "", "do": "withdraw"}
    first = desk.post(place, typed)["Location"]
    assert desk.post(place, typed)["Location"] == first
    other = world.client(world.staff(Role.CLERK))
    assert other.post(place, typed | {"reason": "wrong-person"})["Location"] == first
    assert WithdrawalRequest.objects.get().reason == "lost"
    for _ in range(2):
        assert other.post(first, {"do": "agree"}).status_code == 302
    assert Revocation.objects.get().reason == "lost"
    assert desk.get(place)["Location"] == reverse(
        "desk-card", args=[Revocation.objects.get().card_id]
    )


def test_without_a_reason_nothing_happens_and_the_note_is_still_there(desk, place):
    page = desk.post(place, {"note": "说明", "do": "withdraw"}).content.decode()
    assert "有 1 处要改" in page
    assert "说明" in page
    assert Revocation.objects.count() == 0


def test_a_session_that_ended_loses_no_note(world, clerk, place):
    from huxin.node.base.drafts import FIELD, ticket_for

    stranger = world.client()
    typed = {"reason": "lost", "note": "写到一半", "do": "withdraw", FIELD: ticket_for(clerk.id)}
    assert "/accounts/login/" in stranger.post(place, typed)["Location"]
    assert Revocation.objects.count() == 0
    desk = world.client(clerk)
    page = desk.get(place).content.decode()
    assert "写到一半" in page
    desk.post(place, {"reason": "lost", "note": "写完了", "do": "withdraw"})
    assert Draft.objects.count() == 0


def test_a_sign_in_long_ago_is_asked_for_again(desk, place):
    session = desk.session
    session["huxin_fresh_at"] = 0
    session.save()
    answer = desk.post(place, {"reason": "lost", "do": "withdraw"})
    assert answer.status_code == 302
    assert "/accounts/" in answer["Location"]
    assert Revocation.objects.count() == 0


def test_another_desk_sees_no_such_card_and_a_holder_may_not(world, card, place):
    elsewhere = world.client(world.staff(Role.CLERK, at=world.elsewhere))
    assert elsewhere.get(place).status_code == 404
    assert elsewhere.post(place, {"reason": "lost", "do": "withdraw"}).status_code == 404
    assert world.client(world.resident(card.person)).get(place).status_code == 403
    assert Revocation.objects.count() == 0


def test_the_pages_speak_english(desk, colleague, card, place):
    desk.cookies["huxin_lang"] = "en"
    assert "Withdraw a card" in desk.get(place).content.decode()
    sure = desk.post(place, {"reason": "lost", "note": ""}).content.decode()
    assert "Ask a colleague to withdraw this card?" in sure
    desk.post(place, {"reason": "lost", "note": "", "do": "withdraw"})
    assert "Waiting for another officer to agree" in desk.get(asked_of(card)).content.decode()
    colleague.post(asked_of(card), {"do": "agree"})
    shown = desk.get(reverse("desk-card", args=[card.id])).content.decode()
    assert "It was reported lost" in shown


def test_the_holder_is_told_how_to_disagree_and_never_in_red(world, clerk, card):
    from django.template import Context, Template

    tag = Template('{% load withdrawn %}{% withdrawn card "holder" %}')
    assert tag.render(Context({"card": card})).strip() == ""
    revoke(card, "lost", "<b>来</b>", by=world.actor(clerk), now=world.now)
    said = tag.render(Context({"card": card}))
    assert "不同意？" in said
    assert "河埠头服务中心" in said
    assert "tag--no" not in said
    assert "<b>来</b>" not in said


def test_the_holder_reads_it_on_their_card(world, clerk, card):
    revoke(card, "wrong-facts", "请来换卡", by=world.actor(clerk), now=world.now)
    wallet = world.client(world.resident(card.person))
    page = wallet.get(reverse("card", args=[card.id])).content.decode()
    for words in ("卡上有内容要更正", "请来换卡", "不同意？", "河埠头服务中心"):
        assert words in page


def test_everybody_can_read_the_counts_and_no_person_stands_in_them(world, clerk, card):
    world.card(world.person("苏𠅤"), by=clerk)
    revoke(card, "lost", "", by=world.actor(clerk), now=world.now)
    page = world.client().get(reverse("status-counts")).content.decode()
    assert "这张卡报了丢失" in page
    assert "林㑇" not in page
    assert card.identifier not in page
    today, *others = daily_counts(now=world.now)
    assert (today.issued.text, today.withdrawn.text, today.by_reason["lost"].text) == ("1–4",) * 3
    assert '<td class="n">1–4</td>' in page
    assert len(others) == DAYS - 1
    assert {told.text for one in others for told in (one.issued, one.withdrawn)} == {"0"}
    (latest, *_) = daily_counts(now=world.now + timedelta(days=2))
    assert latest.issued.text == "0"


def test_a_large_count_is_told_exactly_and_a_total_gives_no_small_one_away(world, clerk):
    made = [world.card(world.person("苏𠅤"), by=clerk) for _ in range(7)]
    for number, one in enumerate(made):
        reason = "lost" if number < 5 else "not-done"
        revoke(one, reason, "", by=world.actor(clerk), now=world.now)
    today, *_ = daily_counts(now=world.now)
    assert (today.issued.text, today.by_reason["lost"].text) == ("7", "5")
    assert (today.by_reason["not-done"].text, today.withdrawn.text) == ("1–4", "6–9")


def test_the_counts_are_there_as_json(world, clerk, card):
    revoke(card, "lost", "", by=world.actor(clerk), now=world.now)
    answer = world.client().get(reverse("status-counts-file"))
    assert answer["Cache-Control"] == "public, max-age=60"
    read = json.loads(answer.content)
    assert (read["huxin"], read["version"], read["region"]) == ("status-counts", 1, "QW")
    assert len(read["days"]) == DAYS
    today, yesterday = read["days"][:2]
    assert today["day"] == daily_counts(now=world.now)[0].day.isoformat()
    assert (today["issued"], today["withdrawn"]) == ([1, 4], [1, 4])
    assert set(today["reasons"]) == set(REASONS)
    assert {reason: told for reason, told in today["reasons"].items() if told[1]} == {
        "lost": [1, 4]
    }
    assert yesterday["withdrawn"] == [0, 0]


def test_a_verifier_reads_the_withdrawn_places_and_may_keep_them(world, clerk, card):
    place = reverse("status-list", args=[card.status_list])
    anybody = world.client()
    before = anybody.get(place)
    assert json.loads(before.content) == {
        "huxin": "status-list", "version": 1, "uri": f"http://testserver{place}", "revoked": [],
    }  # fmt: skip
    assert anybody.get(place, headers={"If-None-Match": before["ETag"]}).status_code == 304
    revoke(card, "lost", "", by=world.actor(clerk), now=world.now)
    after = anybody.get(place, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    assert json.loads(after.content)["revoked"] == [card.status_index]
    assert after["Cache-Control"] == "public, max-age=60"
    for wrong in (0, card.status_list + 1):
        assert anybody.get(reverse("status-list", args=[wrong])).status_code == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_door_of_this_node_says_that_it_was_withdrawn(
    world, desk, colleague, card, place, language
):
    door = world.client()
    door.cookies["huxin_lang"] = language
    before = door.post(reverse("check"), {"text": card.text}).content.decode()
    assert 'data-outcome="genuine"' in before
    desk.post(place, {"reason": "lost", "note": "", "do": "withdraw"})
    waits = door.post(reverse("check"), {"text": card.text}).content.decode()
    assert 'data-outcome="genuine"' in waits
    colleague.post(asked_of(card), {"do": "agree"})
    after = door.post(reverse("check"), {"text": card.text}).content.decode()
    assert 'data-outcome="no"' in after
    assert CODES["revoked"].text[language].rstrip("。.") in after
