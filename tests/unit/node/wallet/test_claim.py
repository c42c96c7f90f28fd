"""Claim slips: one answer to whatever does not open, used once, and what it opens afterwards."""

import itertools
import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base import accounts, limits
from huxin.node.base.limits import Window
from huxin.node.base.models import AuditEntry, Grant, User
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import claims
from huxin.node.trust.actions.handover import claim_token, make_slip
from huxin.node.trust.models import ClaimSlip

WORD = "three blue boats 7"
A_MINUTE = 10


@pytest.fixture(autouse=True)
def _fresh_window(monkeypatch):
    monkeypatch.setattr(limits, "SLIP_TRIES", Window(A_MINUTE))


@pytest.fixture
def scene(world):
    class Scene:
        clerk = world.staff(Role.CLERK)
        elder = world.person("沈阿婆", birth="1941-02-03")
        card = world.card(elder, by=clerk)
        code = make_slip(elder, request=uuid.uuid4(), by=world.actor(clerk), now=world.now).code

    return Scene


def type_in(client, code, year="1941"):
    return client.post(reverse("claim"), {"code": code, "year": year})


def account(client, name="shen", word=WORD, again=None, **more):
    sent = {"username": name, "password": word, "again": again or word, **more}
    return client.post(reverse("claim-keep"), sent)


def opened(world, scene):
    client = world.client()
    assert type_in(client, scene.code)["Location"] == reverse("claim-choose")
    return client


def said(answer):
    """What a page says, without what differs by chance or by what was typed."""
    text = re.sub(r'value="[^"]*"', "", answer.content.decode())
    return answer.status_code, text


def test_a_slip_shows_the_cards_in_this_browser_without_an_account(world, scene):
    client = opened(world, scene)
    asked = client.get(reverse("claim-choose")).content.decode()
    assert "沈阿婆" in asked
    key = client.session.session_key
    assert client.post(reverse("claim-choose"))["Location"] == reverse("wallet")
    assert client.session.session_key != key
    text = client.get(reverse("wallet")).content.decode()
    assert str(scene.card.id) in text
    assert reverse("claim-end") in text
    for name in ("access-log", "messages", "family"):
        assert "/accounts/login/" in client.get(reverse(name))["Location"], name
    entry = AuditEntry.objects.get(action="claimed")
    assert (entry.subject, entry.actor) == (scene.elder.id, None)
    assert not User.objects.filter(person=scene.elder).exists()


def test_putting_away_leaves_nothing(world, scene):
    client = opened(world, scene)
    client.post(reverse("claim-choose"))
    answer = client.post(reverse("claim-end"), follow=True)
    assert "已收起" in answer.content.decode()
    assert client.get(reverse("card", args=[scene.card.id])).status_code == 302
    assert client.get(reverse("claim-choose"))["Location"] == reverse("claim")


def test_what_a_slip_opened_ends_by_itself(world, scene):
    client = opened(world, scene)
    client.post(reverse("claim-choose"))
    session = client.session
    session["claimed"] = {**session["claimed"], "until": world.now.timestamp() - 1}
    session.save()
    assert "/accounts/login/" in client.get(reverse("wallet"))["Location"]


@pytest.mark.parametrize(
    "how", [str.lower, lambda c: c.replace("-", " "), lambda c: f" {c.replace('-', '')} "]
)
def test_however_it_is_typed(world, scene, how):
    assert type_in(world.client(), how(scene.code)).status_code == 302


def test_letters_that_look_like_digits_count_as_them(world, scene):
    slip = ClaimSlip.objects.get()
    slip.code = claim_token("01ABC-01XYZ")
    slip.save()
    assert type_in(world.client(), "oＩabc-OLxyz").status_code == 302


def test_wrong_used_ended_and_worn_out_slips_answer_alike(world, scene):
    wrong = type_in(world.client(), "00000-00000")
    year = type_in(world.client(), scene.code, "1942")
    slip = ClaimSlip.objects.get()
    answers = [said(wrong), said(year)]
    for change in (
        {"used_at": world.now}, {"used_at": None, "ends": world.now - timedelta(seconds=1)},
        {"ends": world.now + timedelta(days=1), "attempts": claims.MOST_TRIES},
    ):  # fmt: skip
        ClaimSlip.objects.filter(id=slip.id).update(**change)
        answers.append(said(type_in(world.client(), scene.code)))
    assert {status for status, _ in answers} == {400}
    assert all(first == second for first, second in itertools.pairwise(answers))


def test_after_five_wrong_years_the_right_one_does_not_help(world, scene):
    for year in range(1950, 1955):
        assert claims.try_slip(scene.code, str(year), now=world.now) is None
    assert ClaimSlip.objects.get().attempts == 5
    assert claims.try_slip(scene.code, "1941", now=world.now) is None
    told = AuditEntry.objects.filter(action="claim-failed", subject=scene.elder.id)
    assert told.count() == 5
    assert AuditEntry.objects.filter(action="claim-failed", subject=None).count() == 1


def test_tries_are_counted_by_address(world, scene):
    client = world.client()
    for _ in range(A_MINUTE):
        assert type_in(client, "00000-00000").status_code == 400
    answer = type_in(client, scene.code)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert ClaimSlip.objects.get().attempts == 0
    elsewhere = world.client()
    elsewhere.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert type_in(elsewhere, scene.code).status_code == 302


@pytest.mark.parametrize(
    ("code", "year"), [("ABC", "1941"), ("ABCDE-FGHJKL", "1941"), ("ABCDE-FGHJK", "41")]
)
def test_a_slip_of_the_finger_is_said_and_counts_as_no_try(world, scene, code, year):
    answer = type_in(world.client(), code, year)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert code in text
    assert not AuditEntry.objects.filter(action="claim-failed").exists()


def test_of_two_browsers_the_second_finds_the_slip_used(world, scene):
    first, second = opened(world, scene), opened(world, scene)
    first.post(reverse("claim-choose"))
    assert second.post(reverse("claim-choose"))["Location"] == reverse("claim")
    assert account(second)["Location"] == reverse("claim")
    assert AuditEntry.objects.filter(action="claimed").count() == 1
    assert claims.open_here(ClaimSlip.objects.get().id, now=world.now) is None
    assert claims.open_here(uuid.uuid4(), now=world.now) is None


def test_an_account_of_ones_own(world, scene):
    client = opened(world, scene)
    assert "账号名" in client.get(reverse("claim-keep")).content.decode()
    assert account(client, "  Shen.AnPo ")["Location"] == reverse("wallet")
    text = client.get(reverse("wallet")).content.decode()
    assert "账号建好了" in text
    assert str(scene.card.id) in text
    user = User.objects.get(person=scene.elder)
    assert (user.username, user.check_password(WORD)) == ("shen.anpo", True)
    assert [one.role for one in Grant.objects.filter(user=user)] == [Role.RESIDENT.value]
    entry = AuditEntry.objects.get(action="made-own-account")
    assert (entry.subject, entry.actor) == (scene.elder.id, user.id)
    assert ClaimSlip.objects.get().used_at is not None
    signed = world.client().post(reverse("account_login"), {"login": "Shen.anpo", "password": WORD})
    assert (signed.status_code, signed["Location"]) == (302, "/")


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"name": "沈"}, "只用 3 到 40 个小写字母"),
        ({"name": "taken-one"}, "有人用了"),
        ({"word": "xqzvk"}, "至少 10 个字符"),
        ({"word": "1234567890123"}, "不能只有数字"),
        ({"word": "password123"}, "太常见"),
        ({"again": "three blue boats 8"}, "两次写的不一样"),
    ],
)
def test_what_is_wrong_with_an_account_is_said_and_the_slip_is_not_used(world, scene, sent, words):
    world.account("taken-one")
    client = opened(world, scene)
    text = account(client, **sent).content.decode()
    assert words in text
    assert sent.get("name", "shen") in text
    assert sent.get("word", WORD) not in text
    assert ClaimSlip.objects.get().used_at is None
    assert not User.objects.filter(person=scene.elder).exists()
    assert account(client).status_code == 302


def test_who_has_an_account_is_sent_to_sign_in(world, scene):
    world.resident(scene.elder)
    client = opened(world, scene)
    assert "已经有账号" in client.get(reverse("claim-choose")).content.decode()
    assert "已经有账号" in account(client).content.decode()
    with pytest.raises(RefusalError, match="exists"):
        accounts.join(scene.elder, "shen", WORD, now=world.now)
    with pytest.raises(RefusalError, match="bad-input"):
        accounts.join(scene.elder, "S", WORD, now=world.now)


def test_an_account_later_asks_for_the_code_on_the_paper(world, scene):
    client = opened(world, scene)
    client.post(reverse("claim-choose"))
    page = client.get(reverse("claim-keep")).content.decode()
    assert "再输一遍领取单上的码" in page
    assert account(client, code="00000-00000").status_code == 400
    assert not User.objects.filter(person=scene.elder).exists()
    assert ClaimSlip.objects.get().attempts == 1
    assert account(client, code=scene.code)["Location"] == reverse("wallet")
    assert User.objects.get(person=scene.elder).username == "shen"


def test_a_code_that_was_guessed_too_often_makes_no_account(world, scene):
    slip = ClaimSlip.objects.get()
    claims.open_here(slip.id, now=world.now)
    ClaimSlip.objects.update(attempts=claims.MOST_TRIES)
    made = claims.keep_account(scene.elder.id, scene.code, "shen", WORD, now=world.now)
    assert made is None


@pytest.mark.parametrize("page", ["claim-choose", "claim-keep"])
def test_without_a_slip_one_is_sent_back_to_the_code(world, scene, page):
    client = world.client()
    assert client.get(reverse(page))["Location"] == reverse("claim")
    assert client.post(reverse(page))["Location"] == reverse("claim")
    client = opened(world, scene)
    session = client.session
    session["claim-typed"] = {**session["claim-typed"], "until": world.now.timestamp() - 1}
    session.save()
    assert client.get(reverse(page))["Location"] == reverse("claim")


def test_whoever_is_signed_in_is_told_to_sign_out_first(world, scene):
    client = world.client(scene.clerk)
    assert "请先退出" in client.get(reverse("claim")).content.decode()
    assert type_in(client, scene.code).status_code == 200
    assert client.get(reverse("claim-keep"))["Location"] == reverse("wallet")
    client.post(reverse("claim-end"))
    assert client.get(reverse("desk")).status_code == 200
    assert ClaimSlip.objects.get().used_at is None


def test_of_somebody_whose_year_is_not_known_the_code_is_enough(world, scene):
    person = world.person("无名氏", birth="")
    code = make_slip(person, request=uuid.uuid4(), by=world.actor(scene.clerk), now=world.now).code
    assert type_in(world.client(), code, "1900").status_code == 302


def test_the_desks_slip_prints_the_address_of_this_page(world, scene):
    client = world.client(scene.clerk)
    sent = {"request": str(uuid.uuid4())}
    text = client.post(reverse("desk-slip", args=[scene.elder.id]), sent).content.decode()
    assert f"http://testserver{reverse('claim')}</b>" in text
    code = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", re.sub(r"<[^>]+>", "", text))
    assert code
    assert type_in(world.client(), code[0]).status_code == 302


def test_the_pages_that_lead_to_an_account_lead_here(world):
    for name in ("account_login", "home"):
        assert reverse("claim") in world.client().get(reverse(name)).content.decode()
