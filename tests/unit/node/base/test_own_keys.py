"""What people change of their own way in is in the trail and told to them; where they are signed in is listed."""

import uuid

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.contrib.auth.hashers import make_password
from django.urls import reverse

from huxin.adapters import clock
from huxin.node.base import accounts, resets, sessions
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.home.message_words import notice_words
from huxin.node.trust.actions.handover import make_slip
from tests.lib.node_world import PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WORD = "three blue boats 7"


@pytest.fixture
def scene(world):
    class Scene:
        elder = world.person("沈阿婆", birth="1941-02-03")
        user = world.resident(elder, "shen")
        desk = world.actor(world.staff(Role.CLERK))

    Scene.user.password = make_password(PASSWORD)
    Scene.user.save()
    return Scene


@pytest.fixture
def sent(django_capture_on_commit_callbacks):
    """Send a form; the login library tells of some changes only when they are stored."""

    def send(client, place, **fields):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(reverse(place), fields)

    return send


def signed_in(world, name="shen"):
    client = world.client()
    client.post(reverse("account_login"), {"login": name, "password": PASSWORD})
    return client


def code_of(secret):
    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30))


def written(*actions):
    found = AuditEntry.objects.filter(action__in=actions).order_by("id")
    return [(one.action, one.actor, one.subject, one.detail) for one in found]


def told(scene):
    found = Message.objects.filter(person=scene.elder).order_by("id")
    assert all("{" not in notice_words(one.kind, one.blanks).en for one in found)
    return [one.kind for one in found]


def test_a_changed_password_is_written_and_told(world, scene, sent):
    client = signed_in(world)
    answer = sent(client, "account_change_password", oldpassword=PASSWORD, password1=WORD, password2=WORD)  # fmt: skip
    assert answer.status_code == 302
    who = (scene.user.id, scene.elder.id)
    assert written("changed-own-password") == [("changed-own-password", *who, {})]
    assert told(scene) == ["password-changed"]
    assert "登录以后，您账号的密码改了" in client.get(reverse("messages")).content.decode()
    assert "改了密码" in client.get(reverse("access-log")).content.decode()


def test_a_second_key_that_is_added_and_removed_is_written_and_told_once_each(
    world, scene, sent, settings
):
    settings.MFA_TOTP_TOLERANCE = 1  # the half minute of a code may end before it is sent
    client = signed_in(world)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    assert sent(client, "mfa_activate_totp", code=code_of(secret)).status_code == 302
    assert Authenticator.objects.count() == 2
    assert told(scene) == ["second-key-added"]
    assert sent(client, "mfa_generate_recovery_codes").status_code == 302
    assert told(scene)[1:] == ["recovery-codes-made"]
    assert sent(client, "mfa_deactivate_totp").status_code == 302
    assert not Authenticator.objects.exists()
    assert told(scene)[2:] == ["second-key-removed"]
    who = (scene.user.id, scene.elder.id)
    assert written("added-second-key", "made-recovery-codes", "removed-second-key") == [
        ("added-second-key", *who, {"type": "totp"}),
        ("made-recovery-codes", *who, {}),
        ("removed-second-key", *who, {"type": "totp"}),
    ]


def test_an_account_of_staff_leaves_an_entry_and_no_message(world, sent):
    clerk = world.staff(Role.CLERK, name="clerk-one")
    clerk.password = make_password(PASSWORD)
    clerk.save()
    client = signed_in(world, "clerk-one")
    sent(client, "account_change_password", oldpassword=PASSWORD, password1=WORD, password2=WORD)
    entry = AuditEntry.objects.get(action="changed-own-password")
    assert (entry.actor, entry.organisation, entry.subject) == (clerk.id, world.centre.id, None)
    assert not Message.objects.exists()


def test_a_wrong_code_of_the_second_key_is_a_sign_in_that_failed(world, scene, sent):
    TOTP.activate(scene.user, SECRET)
    client = signed_in(world)
    assert sent(client, "mfa_authenticate", code="no code").status_code == 200
    detail = {"account": str(scene.user.id), "step": "second-key"}
    assert written("sign-in-failed") == [("sign-in-failed", None, scene.elder.id, detail)]
    log = world.client(scene.user).get(reverse("access-log")).content.decode()
    assert "输了第二道钥匙的码，不对" in log


@pytest.mark.parametrize("name", ["shen", "Shen", " SHEN "])
def test_guessing_is_written_under_the_account_however_its_name_was_typed(world, scene, name):
    world.client().post(reverse("account_login"), {"login": name, "password": "no"})
    assert written("sign-in-failed") == [
        ("sign-in-failed", None, None, {"account": str(scene.user.id)})
    ]


def by_claim_slip(world, scene):
    scene.user.delete()
    slip = make_slip(scene.elder, request=uuid.uuid4(), by=scene.desk, now=world.now)
    client = world.client()
    client.post(reverse("claim"), {"code": slip.code, "year": "1941"})
    client.post(reverse("claim-keep"), {"username": "shen", "password": PASSWORD, "again": PASSWORD})  # fmt: skip
    return client


def by_reset_slip(world, scene):
    slip = resets.make_reset(scene.elder, keys=False, request=uuid.uuid4(), by=scene.desk, now=world.now)  # fmt: skip
    client = world.client()
    client.post(reverse("reset"), {"code": slip.code, "year": "1941"})
    client.post(reverse("reset-password"), {"password": PASSWORD, "again": PASSWORD})
    return client


@pytest.mark.parametrize("slip", [by_claim_slip, by_reset_slip])
def test_a_session_that_a_slip_opened_is_listed_and_ended_from_elsewhere(world, scene, slip):
    borrowed = slip(world, scene)
    assert borrowed.get(reverse("wallet")).status_code == 200
    own = signed_in(world)
    assert own.get(reverse("usersessions_list")).content.decode().count("<tr") == 3  # with its head
    own.post(reverse("usersessions_list"))
    assert own.get(reverse("wallet")).status_code == 200
    assert "/accounts/login/" in borrowed.get(reverse("wallet"))["Location"]


def test_a_session_that_a_slip_opened_ends_with_the_others_of_its_account(world, scene):
    borrowed = by_reset_slip(world, scene)
    accounts.end_sessions(scene.user)
    assert "/accounts/login/" in borrowed.get(reverse("wallet"))["Location"]
    assert sessions.actor_of(borrowed.get("/").wsgi_request, world.now).user is None
