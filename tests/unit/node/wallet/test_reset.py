"""A forgotten password: a slip from the desk, used once, by whoever knows the year of birth."""

import itertools
import re
import uuid
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base import limits, resets
from huxin.node.base.limits import Window
from huxin.node.base.models import AuditEntry, Grant, Message, ResetSlip
from huxin.node.base.permissions import Role
from huxin.node.home.message_words import notice_words

WORD = "three blue boats 7"
CODE = re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}")


@pytest.fixture(autouse=True)
def _fresh_window(monkeypatch):
    monkeypatch.setattr(limits, "SLIP_TRIES", Window(10))


@pytest.fixture
def scene(world):
    class Scene:
        clerk = world.staff(Role.CLERK)
        elder = world.person("沈阿婆", birth="1941-02-03")
        user = world.resident(elder, "shen")
        desk = world.client(clerk)

    return Scene


def make(scene, *, keys="password", request=None, **more):
    """Send the desk's form; returns the page of the slip."""
    sent = {"keys": keys, "present": "on", "request": request or uuid.uuid4(), **more}
    return scene.desk.post(reverse("desk-reset", args=[scene.elder.id]), sent)


def code_on(page):
    found = CODE.search(re.sub(r"<[^>]+>", "", page.content.decode()))
    assert found
    return found[0]


def type_in(client, code, year="1941"):
    return client.post(reverse("reset"), {"code": code, "year": year})


def choose(client, word=WORD, again=None):
    return client.post(reverse("reset-password"), {"password": word, "again": again or word})


def key(user):
    return Authenticator.objects.create(user=user, type="totp", data={"secret": "x"})


def test_from_the_desk_to_a_new_password(world, scene):
    page = make(scene)
    assert f"http://testserver{reverse('reset')}</b>" in page.content.decode()
    signed_in = world.client(scene.user)
    assert signed_in.get(reverse("wallet")).status_code == 200

    client = world.client()
    assert type_in(client, code_on(page))["Location"] == reverse("reset-password")
    shown = client.get(reverse("reset-password")).content.decode()
    assert "shen" in shown  # who forgot the one may have forgotten the other
    assert "沈阿婆" in shown
    assert choose(client)["Location"] == reverse("home")
    assert client.get(reverse("wallet")).status_code == 200
    scene.user.refresh_from_db()
    assert scene.user.check_password(WORD)
    # Whoever was signed in elsewhere is so no more.
    assert "/accounts/login/" in signed_in.get(reverse("wallet"))["Location"]
    signed = world.client().post(reverse("account_login"), {"login": "shen", "password": WORD})
    assert (signed.status_code, signed["Location"]) == (302, "/")


def test_the_person_finds_all_of_it_in_their_log_and_is_told(world, scene):
    code = code_on(make(scene))
    type_in(world.client(), code, "1942")
    client = world.client()
    type_in(client, code)
    choose(client)
    log = client.get(reverse("access-log")).content.decode()
    for words in ("做了一张重设密码的单子", "出生年不对", "用重设单设了新密码"):
        assert words in log
    assert "第二道钥匙" not in log
    told = client.get(reverse("messages")).content.decode()
    assert "可以给您的账号设新密码" in told
    assert "用重设单设了新密码" in told
    entries = AuditEntry.objects.filter(subject=scene.elder.id)
    made = entries.get(action="made-reset-slip")
    assert (made.actor, made.purpose, made.detail) == (scene.clerk.id, "help", {"keys": False})
    assert entries.get(action="set-new-password").actor == scene.user.id
    for one in Message.objects.filter(person=scene.elder):
        assert "{" not in notice_words(one.kind, one.blanks).en


def test_the_second_key_stays_unless_the_desk_was_asked_to_remove_it(world, scene):
    key(scene.user)
    assert (
        "没丢就不要去掉"
        in scene.desk.get(reverse("desk-reset", args=[scene.elder.id])).content.decode()
    )
    client = world.client()
    type_in(client, code_on(make(scene)))
    assert "去掉第二道钥匙" not in client.get(reverse("reset-password")).content.decode()
    # Not signed in: the second key is asked as always.
    assert choose(client)["Location"] == reverse("account_login")
    assert "/accounts/login/" in client.get(reverse("wallet"))["Location"]
    assert Authenticator.objects.filter(user=scene.user).exists()
    asked = client.post(reverse("account_login"), {"login": "shen", "password": WORD})
    assert asked["Location"] == reverse("mfa_authenticate")


def test_with_the_further_choice_the_second_keys_go_too(world, scene):
    key(scene.user)
    other = world.resident(world.person("何川"))
    key(other)
    page = make(scene, keys="too")
    assert "第二道钥匙也会一起去掉" in page.content.decode()
    assert Authenticator.objects.filter(user=scene.user).exists()  # not before it is used
    client = world.client()
    type_in(client, code_on(page))
    assert "去掉第二道钥匙" in client.get(reverse("reset-password")).content.decode()
    assert choose(client)["Location"] == reverse("home")
    assert not Authenticator.objects.filter(user=scene.user).exists()
    assert Authenticator.objects.filter(user=other).exists()
    log = client.get(reverse("access-log")).content.decode()
    assert "做了一张重设密码的单子，也去掉第二道钥匙" in log
    assert "用重设单设了新密码，也去掉了第二道钥匙" in log


def test_nothing_is_chosen_beforehand_and_both_are_asked(scene):
    page = scene.desk.get(reverse("desk-reset", args=[scene.elder.id])).content.decode()
    assert " checked" not in page
    for sent in ({"keys": ""}, {"present": ""}):
        answer = make(scene, **sent)
        assert 'role="alert"' in answer.content.decode()
    assert not ResetSlip.objects.exists()


def test_pressed_twice_it_is_one_slip_and_a_new_one_ends_the_older(world, scene):
    request = uuid.uuid4()
    first, again = code_on(make(scene, request=request)), code_on(make(scene, request=request))
    assert first == again
    assert ResetSlip.objects.count() == 1
    newer = code_on(make(scene))
    assert type_in(world.client(), first).status_code == 400
    assert type_in(world.client(), newer).status_code == 302


def test_a_slip_that_was_used_or_ended_is_not_shown_again(world, scene):
    request = uuid.uuid4()
    code = code_on(make(scene, request=request))
    for change in ({"used_at": world.now}, {"used_at": None, "ends": world.now}):
        ResetSlip.objects.update(**change)
        answer = make(scene, request=request)
        assert answer.status_code == 409
        assert "这张单子不能用了" in answer.content.decode()
        assert code[:5] not in answer.content.decode()


def test_only_a_token_of_the_code_is_kept(scene):
    code = code_on(make(scene))
    kept = bytes(ResetSlip.objects.get().code)
    assert len(kept) == 16
    assert code.replace("-", "").encode() not in kept


def test_wrong_used_ended_and_worn_out_slips_answer_alike(world, scene):
    code = code_on(make(scene))
    answers = [type_in(world.client(), "00000-00000"), type_in(world.client(), code, "1942")]
    slip = ResetSlip.objects.get()
    for change in (
        {"used_at": world.now}, {"used_at": None, "ends": world.now - timedelta(seconds=1)},
        {"ends": world.now + timedelta(days=1), "attempts": 5},
    ):  # fmt: skip
        ResetSlip.objects.filter(id=slip.id).update(**change)
        answers.append(type_in(world.client(), code))
    said = [
        (one.status_code, re.sub(r'value="[^"]*"', "", one.content.decode())) for one in answers
    ]
    assert {status for status, _ in said} == {400}
    assert all(first == second for first, second in itertools.pairwise(said))


def test_after_five_wrong_years_the_right_one_does_not_help(world, scene):
    code = code_on(make(scene))
    for year in range(1950, 1955):
        assert resets.try_reset(code, str(year), now=world.now) is None
    assert resets.try_reset(code, "1941", now=world.now) is None
    told = AuditEntry.objects.filter(action="reset-failed", subject=scene.elder.id)
    assert told.count() == 5


def test_tries_are_counted_by_address(world, scene):
    code = code_on(make(scene))
    client = world.client()
    for _ in range(10):
        type_in(client, "00000-00000")
    answer = type_in(client, code)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert ResetSlip.objects.get().attempts == 0


def test_of_two_browsers_the_second_finds_the_slip_used(world, scene):
    code = code_on(make(scene))
    first, second = world.client(), world.client()
    type_in(first, code)
    type_in(second, code)
    choose(first)
    assert choose(second, "another long word 9")["Location"] == reverse("reset")
    scene.user.refresh_from_db()
    assert scene.user.check_password(WORD)
    assert resets.use_reset(ResetSlip.objects.get().id, WORD, now=world.now) is None
    assert resets.use_reset(uuid.uuid4(), WORD, now=world.now) is None


def test_a_claim_slip_and_a_reset_slip_are_not_taken_for_each_other(world, scene):
    code = code_on(make(scene))
    answer = world.client().post(reverse("claim"), {"code": code, "year": "1941"})
    assert answer.status_code == 400
    slip = scene.desk.post(
        reverse("desk-slip", args=[scene.elder.id]), {"request": str(uuid.uuid4())}
    )
    assert type_in(world.client(), code_on(slip)).status_code == 400


@pytest.mark.parametrize(
    ("word", "again", "told"),
    [
        ("xqzvk", None, "至少 10 个字符"),
        ("1234567890123", None, "不能只有数字"),
        ("password123", None, "太常见"),
        (WORD, "three blue boats 8", "两次写的不一样"),
    ],
)
def test_what_is_wrong_with_a_password_is_said_and_the_slip_is_not_used(
    world, scene, word, again, told
):
    client = world.client()
    type_in(client, code_on(make(scene)))
    text = choose(client, word, again).content.decode()
    assert told in text
    assert word not in text
    assert ResetSlip.objects.get().used_at is None
    assert choose(client)["Location"] == reverse("home")


def test_a_desk_does_not_reset_an_account_of_staff(world, scene):
    Grant.objects.create(user=scene.user, role=Role.CLERK.value, organisation=world.centre)
    page = make(scene)
    assert "由运维管" in page.content.decode()
    assert not ResetSlip.objects.exists()
    by = world.actor(scene.clerk)
    with pytest.raises(RefusalError, match="state"):
        resets.make_reset(scene.elder, keys=True, request=uuid.uuid4(), by=by, now=world.now)


def test_who_became_staff_or_was_closed_since_the_slip_finds_it_shut(world, scene):
    code = code_on(make(scene))
    client = world.client()
    type_in(client, code)
    scene.user.is_active = False
    scene.user.save()
    assert choose(client)["Location"] == reverse("reset")
    assert ResetSlip.objects.get().used_at is None
    assert "由运维管" in make(scene).content.decode()


def test_who_has_no_account_is_offered_a_claim_slip(world, scene):
    other = world.person("无名氏")
    page = scene.desk.get(reverse("desk-reset", args=[other.id])).content.decode()
    assert "还没有账号" in page


def test_another_desk_makes_no_slip(world, scene):
    client = world.client(world.staff(Role.CLERK, at=world.elsewhere))
    assert client.get(reverse("desk-reset", args=[scene.elder.id])).status_code == 404


def test_a_sign_in_that_is_not_fresh_is_asked_again(world, scene):
    session = scene.desk.session
    session["huxin_fresh_at"] = (world.now - timedelta(hours=1)).timestamp()
    session.save()
    assert reverse("account_reauthenticate") in make(scene)["Location"]
    assert not ResetSlip.objects.exists()


def test_whoever_is_signed_in_is_told_to_sign_out_first(world, scene):
    code = code_on(make(scene))
    assert "请先退出" in scene.desk.get(reverse("reset")).content.decode()
    assert type_in(scene.desk, code).status_code == 200
    assert scene.desk.get(reverse("reset-password"))["Location"] == reverse("reset")
    assert ResetSlip.objects.get().used_at is None


def test_what_was_typed_is_forgotten_after_ten_minutes(world, scene):
    client = world.client()
    assert client.get(reverse("reset-password"))["Location"] == reverse("reset")
    type_in(client, code_on(make(scene)))
    session = client.session
    session["reset-typed"] = {**session["reset-typed"], "until": world.now.timestamp() - 1}
    session.save()
    assert choose(client)["Location"] == reverse("reset")
    assert ResetSlip.objects.get().used_at is None


def test_the_sign_in_page_leads_here(world):
    assert reverse("reset") in world.client().get(reverse("account_login")).content.decode()
