"""*Enter as*: an address under the label demo only, a token for one account, for five minutes."""

import dataclasses
import importlib
from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.urls import NoReverseMatch, clear_url_caches, path, reverse

from huxin.adapters import clock
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.home import urls as home_urls
from huxin.node.home.demo import entering
from huxin.node.home.demo.entering import Entry
from huxin.node.home.views.enter import enter
from huxin.node.project import urls


class DemoUrls:
    urlpatterns = (path("demo/enter", enter, name="demo-enter"), *urls.urlpatterns)
    handler403 = urls.handler403
    handler404 = urls.handler404
    handler500 = urls.handler500


@pytest.fixture
def demo(settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment="demo")
    settings.HUXIN_DEMO_SECRET = "a secret of this run"
    settings.HUXIN_TOUR_URL = "http://localhost:8800/tour"
    settings.ROOT_URLCONF = DemoUrls


def post(token, client=None):
    return (client or Client(enforce_csrf_checks=True)).post("/demo/enter", {"token": token})


@pytest.mark.parametrize(
    ("label", "there"), [("production", False), ("test", False), ("demo", True)]
)
def test_the_address_exists_under_the_label_demo_only(settings, label, there):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment=label)
    try:
        names = {one.name for one in importlib.reload(home_urls).urlpatterns}
        assert ("demo-enter" in names) is there
    finally:
        settings.HUXIN = dataclasses.replace(settings.HUXIN, environment="test")
        importlib.reload(home_urls)
        clear_url_caches()


def test_this_node_in_its_tests_has_no_such_address(db):
    with pytest.raises(NoReverseMatch):
        reverse("demo-enter")
    assert Client().post("/demo/enter", {"token": "x"}).status_code == 404


def test_a_button_signs_in_and_leads_to_its_page(world, demo):
    clerk = world.staff(Role.CLERK, name="clerk")
    client = Client(enforce_csrf_checks=True)
    answer = post(entering.token("QW", Entry("clerk", "/desk")), client)
    assert (answer.status_code, answer["Location"]) == (302, "/desk")
    assert client.get("/desk").status_code == 200
    assert AuditEntry.objects.filter(action="entered-as", actor=clerk.id).count() == 1


def test_whoever_entered_may_sign_without_being_asked_again(world, demo):
    from django.http import HttpRequest

    from huxin.node.base import sessions

    world.staff(Role.CLERK, name="clerk")
    client = Client()
    post(entering.token("QW", Entry("clerk", "/")), client)
    request = HttpRequest()
    request.session = client.session
    assert sessions.is_fresh(request, clock.now())


@pytest.mark.parametrize("region", ["QV", "QX"])
def test_a_token_of_another_node_is_no_way_in(world, demo, region):
    world.staff(Role.CLERK, name="clerk")
    assert post(entering.token(region, Entry("clerk", "/"))).status_code == 403


def test_a_forged_or_foreign_token_is_no_way_in(world, demo):
    world.staff(Role.CLERK, name="clerk")
    good = entering.token("QW", Entry("clerk", "/"))
    forged = signing.dumps(["QW", "clerk", "/"], key="another secret", salt="huxin.demo.enter")
    for token in ("", "x" * 5_000, good[:-1] + ("A" if good[-1] != "A" else "B"), forged):
        answer = post(token)
        assert answer.status_code == 403
        assert "http://localhost:8800/tour" in answer.text


def test_a_token_is_good_for_five_minutes(world, demo, monkeypatch):
    world.staff(Role.CLERK, name="clerk")
    token = entering.token("QW", Entry("clerk", "/"))
    assert timedelta(minutes=5) == entering.GOOD_FOR
    monkeypatch.setattr(entering, "GOOD_FOR", timedelta(seconds=-1))
    assert post(token).status_code == 403


def test_an_account_that_is_not_there_is_no_way_in(db, demo):
    assert post(entering.token("QW", Entry("nobody", "/"))).status_code == 403


@pytest.mark.parametrize("place", ["https://example.org/", "//example.org", "javascript:alert(1)"])
def test_a_button_never_leads_to_another_site(world, demo, place):
    world.staff(Role.CLERK, name="clerk")
    assert post(entering.token("QW", Entry("clerk", place)))["Location"] == "/"


def test_without_the_supervisors_secret_nothing_is_read(world, demo, settings):
    token = entering.token("QW", Entry("clerk", "/"))
    settings.HUXIN_DEMO_SECRET = ""
    assert entering.read(token) is None


@pytest.mark.parametrize("label", ["production", "test"])
def test_the_ground_signs_nobody_in_outside_of_a_demo(world, settings, label):
    from huxin.node.base import sessions

    world.staff(Role.CLERK, name="clerk")
    settings.HUXIN = dataclasses.replace(settings.HUXIN, environment=label)
    assert not sessions.enter(None, "clerk", now=clock.now())  # type: ignore[arg-type]  # never looked at


def test_who_entered_is_listed_and_signed_out_with_the_others(world, demo):
    from huxin.node.base import accounts

    clerk = world.staff(Role.CLERK, name="clerk")
    client = Client()
    post(entering.token("QW", Entry("clerk", "/desk")), client)
    accounts.end_sessions(clerk)
    assert "/accounts/login/" in client.get("/desk")["Location"]
