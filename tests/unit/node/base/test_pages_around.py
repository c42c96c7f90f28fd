"""What happens around every page: language, limits, sign-in, forms that are not lost, errors."""

import json
import logging
from datetime import timedelta

import pytest
from django.contrib.auth.hashers import make_password
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from django.views.decorators.http import require_http_methods

from huxin.node.base import access, clearing, drafts
from huxin.node.base.limits import LimitsMiddleware, Window
from huxin.node.base.logs import JsonLines
from huxin.node.base.models import AuditEntry, Draft
from huxin.node.base.permissions import Permission, Role
from huxin.node.project.urls import urlpatterns as real

PASSWORD = "a good long word 7"


@access.allow(Permission.ISSUE)
@require_http_methods(["GET", "POST"])
def for_clerks(request):
    return JsonResponse(drafts.kept(request.actor.user, request.path))


@access.fresh
@access.signed_in
def for_the_freshly_signed_in(request):
    return HttpResponse("fresh")


def unmarked(request):
    return HttpResponse("should never be seen")


@access.public
def failing(request):
    raise RuntimeError("林㑇")


handler404 = "huxin.node.base.views.errors.not_found"
handler500 = "huxin.node.base.views.errors.failed"
urlpatterns = [
    path("for-clerks", for_clerks),
    path("fresh", for_the_freshly_signed_in),
    path("unmarked", unmarked),
    path("failing", failing),
    *real,
]
planted = pytest.mark.urls(__name__)


def test_the_page_speaks_the_readers_language(db):
    assert 'lang="zh-Hans"' in Client().get("/").content.decode()
    assert 'lang="en"' in Client().get("/", headers={"accept-language": "en-GB"}).content.decode()
    assert (
        'lang="zh-Hans"'
        in Client().get("/", headers={"accept-language": "fr, zh-TW"}).content.decode()
    )


def test_language_and_elder_mode_are_chosen_without_a_script(db):
    client = Client()
    assert client.post("/language", {"lang": "en", "next": "/health"})["Location"] == "/health"
    assert 'lang="en"' in client.get("/").content.decode()
    assert (
        client.post("/language", {"lang": "xx", "next": "https://evil.example"})["Location"] == "/"
    )
    client.post("/elder", {"on": "1"})
    assert "elder" in client.get("/").content.decode().split("<body")[0]
    client.post("/elder", {"on": "0"})


def test_no_page_may_be_kept_by_a_cache_or_framed(db):
    headers = Client().get("/").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Frame-Options"] == "DENY"
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "report-uri /csp-report" in policy


@planted
def test_a_page_that_nobody_marked_is_open_to_nobody(world):
    for user in (None, world.staff(Role.OPERATOR)):
        assert world.client(user).get("/unmarked").status_code == 404


@planted
def test_a_form_sent_after_the_session_ended_is_given_back(world):
    clerk = world.staff(Role.CLERK)
    ticket = drafts.ticket_for(clerk.id)
    late = Client()
    response = late.post("/for-clerks", {"name": "林㑇", drafts.FIELD: ticket, "password": "x"})
    assert response["Location"] == "/accounts/login/?next=%2Ffor-clerks"
    assert world.client(clerk).get("/for-clerks").json() == {"name": "林㑇"}
    drafts.forget(clerk.id, "/for-clerks")
    assert world.client(clerk).get("/for-clerks").json() == {}


@planted
@pytest.mark.parametrize("ticket", ["", "forged", "x:y:z"])
def test_without_a_ticket_nothing_is_kept(db, ticket):
    Client().post("/for-clerks", {"name": "林㑇", drafts.FIELD: ticket})
    assert not Draft.objects.exists()


def test_a_kept_form_is_bounded_and_swept(world):
    clerk = world.staff(Role.CLERK)
    assert not drafts.keep(clerk.id, "/x", {"a": "b" * 60_001}, now=world.now)
    assert drafts.keep(clerk.id, "/x", {"a": "b"}, now=world.now)
    clerk.is_active = False
    clerk.save()
    assert not drafts.keep(clerk.id, "/x", {"a": "b"}, now=world.now)
    assert clearing.clear(now=world.now) == {}
    assert clearing.clear(now=world.now + timedelta(days=2)) == {"drafts": 1}
    assert drafts.kept(None, "/x") == {}
    drafts.forget(None, "/x")


@planted
def test_signing_asks_for_a_recent_sign_in(world):
    clerk = world.staff(Role.CLERK)
    assert world.client(clerk).get("/fresh").content == b"fresh"
    stale = world.client(clerk)
    session = stale.session
    session["huxin_fresh_at"] -= 16 * 60
    session.save()
    response = stale.get("/fresh?x=1")
    assert response["Location"] == "/accounts/reauthenticate/?next=%2Ffresh%3Fx%3D1"


@planted
def test_a_fault_of_ours_says_nothing_of_anybody(world):
    client = Client(raise_request_exception=False)
    response = client.get("/failing")
    assert response.status_code == 500
    assert "林㑇" not in response.content.decode()


def test_a_log_line_holds_the_kind_of_a_fault_and_never_its_words():
    try:
        raise RuntimeError("林㑇")
    except RuntimeError:
        record = logging.getLogger("x").makeRecord(
            "x", logging.ERROR, "f", 1, "failed", (), __import__("sys").exc_info()
        )
    record.directive = "script-src"
    line = json.loads(JsonLines().format(record))
    assert line["error"] == "RuntimeError"
    assert line["place"].split(":")[0].endswith("test_pages_around.py")
    assert line["directive"] == "script-src"
    assert "林㑇" not in json.dumps(line, ensure_ascii=False)
    plain = logging.getLogger("x").makeRecord("x", logging.INFO, "f", 1, "said", (), None)
    assert json.loads(JsonLines().format(plain))["message"] == "said"


def test_a_body_too_large_is_refused_before_it_is_read(db):
    response = Client().post("/language", {"next": "x" * 1_100_000})
    assert response.status_code == 413
    response = Client().generic("POST", "/language", b"", headers={"transfer-encoding": "chunked"})
    assert response.status_code == 413


def test_a_window_counts_by_the_minute_and_forgets():
    window = Window(2, keys=2)
    assert [window.admit("a", 1) for _ in range(3)] == [True, True, False]
    assert window.admit("a", 2)
    assert window.admit("b", 2)
    assert window.admit("c", 2)
    assert window.admit("a", 2), "the oldest was forgotten"


def test_too_many_requests_are_told_when_to_come_back(db, settings):
    settings.HUXIN_REQUESTS_A_MINUTE = 3
    client = Client()
    answers = [client.get("/health").status_code for _ in range(9)]
    assert answers[:3] == [200, 200, 200]
    assert 429 in answers
    assert client.get("/health").headers.get("Retry-After") == "60"


def test_no_seat_is_said_at_once(db, settings):
    settings.HUXIN_SEATS = 1
    inside = []

    def page(request):
        inside.append(limits(request))
        return HttpResponse("in")

    limits = LimitsMiddleware(page)
    request = Client().get("/health").wsgi_request
    assert limits(request).content == b"in"
    assert inside[0].status_code == 503


def test_health_and_metrics_are_for_machines(world):
    assert Client().get("/health").json() == {"status": "ok"}
    text = Client().get("/metrics").content.decode()
    assert "huxin_outbox_waiting 0" in text
    assert Client(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (json.dumps({"csp-report": {"effective-directive": "img-src"}}).encode(), 204),
        (b"{}", 400),
        (b"[]", 400),
        (b"not json", 400),
        (b'{"csp-report": []}', 400),
    ],
)
def test_a_browsers_report_is_read_with_care(db, body, status):
    response = Client().post("/csp-report", body, content_type="application/csp-report")
    assert response.status_code == status


def test_signing_in_and_out_is_recorded_and_brute_force_is_stopped(world):
    clerk = world.staff(Role.CLERK, name="clerk-one")
    clerk.password = make_password(PASSWORD)
    clerk.save()
    client = Client()
    wrong = [
        client.post("/accounts/login/", {"login": "clerk-one", "password": "no"}).content.decode()
        for _ in range(7)
    ]
    assert AuditEntry.objects.filter(action="sign-in-failed").count() == 5
    assert wrong[-1] != wrong[0]
    assert (
        client.post("/accounts/login/", {"login": "clerk-one", "password": PASSWORD}).status_code
        == 200
    )
    from django.core.cache import cache

    cache.clear()
    assert (
        client.post("/accounts/login/", {"login": "clerk-one", "password": PASSWORD}).status_code
        == 302
    )
    client.post("/accounts/logout/")
    actions = list(AuditEntry.objects.order_by("id").values_list("action", flat=True))
    assert actions[-2:] == ["signed-in", "signed-out"]


def test_many_addresses_do_not_wipe_what_counts_against_one_name(world):
    from django.core.cache import cache

    clerk = world.staff(Role.CLERK, name="clerk-one")
    clerk.password = make_password(PASSWORD)
    clerk.save()
    for last in range(5):
        client = Client(REMOTE_ADDR=f"192.0.2.{last}")
        client.post("/accounts/login/", {"login": "clerk-one", "password": "no"})
    for key in range(1_000):
        cache.set(f"tries-of-address-{key}", [1.0], 300)
    answer = Client(REMOTE_ADDR="192.0.2.9").post(
        "/accounts/login/", {"login": "clerk-one", "password": PASSWORD}
    )
    assert answer.status_code == 200


def test_nobody_signs_up_alone_or_resets_by_mail(db):
    for place in ("signup/", "password/reset/", "email/", "signup/passkey/"):
        assert Client().get(f"/accounts/{place}").status_code == 404


def test_an_unknown_name_is_not_written_down(world):
    Client().post("/accounts/login/", {"login": "my password typed here", "password": "x"})
    assert AuditEntry.objects.get(action="sign-in-failed").detail == {}
