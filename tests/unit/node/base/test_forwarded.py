"""Behind a web server of ours the node counts people, not the server; it believes nobody else's headers."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from huxin.adapters.client_address import parse_networks
from huxin.node.base import limits
from huxin.node.base.limits import Window
from huxin.node.base.models import AuditEntry, OutboxEvent

SERVER, SOMEBODY, ANOTHER = "10.0.0.2", "203.0.113.7", "203.0.113.8"


@pytest.fixture(autouse=True)
def _ours(settings, monkeypatch):
    settings.HUXIN_TRUSTED_PROXIES = parse_networks("127.0.0.1 10.0.0.0/8")
    monkeypatch.setattr(limits, "SLIP_TRIES", Window(3))
    cache.clear()


def asks(client, peer, forwarded, **more):
    """Type a code that is none; returns the status."""
    headers = {"REMOTE_ADDR": peer, **more}
    if forwarded:
        headers["HTTP_X_FORWARDED_FOR"] = forwarded
    fields = {"code": "00000-00000", "year": "1941"}
    return client.post(reverse("claim"), fields, **headers).status_code


def test_people_behind_one_server_are_counted_singly(db):
    client = Client()
    assert [asks(client, SERVER, SOMEBODY) for _ in range(4)] == [400, 400, 400, 429]
    assert asks(client, SERVER, ANOTHER) == 400


def test_nobody_gets_more_tries_by_writing_the_header(db):
    client = Client()
    tried = [asks(client, SERVER, f"198.51.100.{n}, {SOMEBODY}") for n in range(4)]
    assert tried == [400, 400, 400, 429]
    stranger = [asks(client, "192.0.2.9", f"198.51.100.{n}") for n in range(4)]
    assert stranger == [400, 400, 400, 429]


def test_without_the_list_the_header_is_nobodys(db, settings):
    settings.HUXIN_TRUSTED_PROXIES = ()
    client = Client()
    assert [asks(client, SERVER, f"203.0.113.{n}") for n in range(4)] == [400, 400, 400, 429]


def test_a_household_of_ipv6_is_counted_as_one(db):
    client = Client()
    tried = [asks(client, SERVER, f"2001:db8:1:2::{n}") for n in range(1, 5)]
    assert tried == [400, 400, 400, 429]
    assert asks(client, SERVER, "2001:db8:1:3::1") == 400


def test_all_pages_are_counted_so(db, settings):
    settings.HUXIN_REQUESTS_A_MINUTE = 2
    client = Client()
    asked = [
        client.get("/health", REMOTE_ADDR=SERVER, HTTP_X_FORWARDED_FOR=SOMEBODY).status_code
        for _ in range(3)
    ]
    assert asked == [200, 200, 429]
    other = client.get("/health", REMOTE_ADDR=SERVER, HTTP_X_FORWARDED_FOR=ANOTHER)
    assert other.status_code == 200


def test_the_sign_in_counts_people_too(world):
    world.account("somebody-else")
    client = Client()

    def sign_in(forwarded):
        fields = {"login": "somebody-else", "password": "wrong"}
        return client.post(
            reverse("account_login"), fields, REMOTE_ADDR=SERVER, HTTP_X_FORWARDED_FOR=forwarded
        )

    for _ in range(8):
        sign_in(SOMEBODY)
    tried = AuditEntry.objects.filter(action="sign-in-failed").count()
    sign_in(SOMEBODY)
    assert AuditEntry.objects.filter(action="sign-in-failed").count() == tried


@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": SOMEBODY}, 404),
        ("127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        ("127.0.0.1", {"HTTP_X_FORWARDED_PROTO": "https"}, 404),
        (SOMEBODY, {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, 404),
        (SERVER, {}, 404),
    ],
)
@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not listed"])
def test_metrics_are_for_this_machine_and_for_nobody_behind_a_server(
    world, settings, peer, headers, status, listed
):
    if not listed:
        settings.HUXIN_TRUSTED_PROXIES = ()
    defaults: Any = {"REMOTE_ADDR": peer, **headers}
    assert Client(**defaults).get("/metrics").status_code == status


@pytest.mark.parametrize("host", ["127.0.0.1:8800", "localhost", "[::1]:8800"])
@pytest.mark.parametrize(
    ("page", "more", "status"),
    [
        ("/health", {}, 200),
        ("/metrics", {}, 200),
        ("/", {}, 400),
        ("/health", {"REMOTE_ADDR": SOMEBODY}, 400),
        ("/health", {"HTTP_X_FORWARDED_FOR": SOMEBODY}, 400),
    ],
)
def test_this_machine_may_call_itself_as_it_does_for_how_the_node_is(
    world, settings, host, page, more, status
):
    settings.HUXIN_TRUSTED_PROXIES = ()
    defaults: Any = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": host, **more}
    assert Client(**defaults).get(page).status_code == status


def test_a_strange_name_is_let_through_nowhere(world):
    defaults: Any = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "localhost.evil.example"}
    assert Client(**defaults).get("/health").status_code == 400


def test_without_tables_the_node_is_not_well_and_the_tour_is(world, settings, monkeypatch):
    monkeypatch.setattr(OutboxEvent._meta, "db_table", "nobody_made_this")
    settings.HUXIN_TOUR_FILE = "tour.json"
    assert Client().get("/health").status_code == 200
    settings.HUXIN_TOUR_FILE = ""
    assert Client().get("/health").status_code == 503


@pytest.mark.parametrize(("peer", "secure"), [(SERVER, True), (SOMEBODY, False)])
def test_only_a_server_of_ours_says_that_it_was_https(world, settings, peer, secure):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    answer = Client().get(reverse("home"), REMOTE_ADDR=peer, HTTP_X_FORWARDED_PROTO="https")
    assert answer.wsgi_request.is_secure() is secure


def test_what_strangers_send_is_taken_away(world):
    sent: Any = {"HTTP_X_FORWARDED_HOST": "evil.example", "HTTP_FORWARDED": "for=1.2.3.4"}
    answer = Client(**sent, REMOTE_ADDR=SOMEBODY).get(reverse("home"))
    assert not any(name in answer.wsgi_request.META for name in sent)
