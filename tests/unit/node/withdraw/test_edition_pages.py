"""The signed lists as anybody fetches them: what answers, how long it may be kept, and that it is what was signed."""

import base64
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from huxin.kernel.errors import RefusalError
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.node.trust.actions.publish_status import publish_status
from huxin.node.trust.actions.revoke import revoke
from huxin.node.trust.models import StatusEdition
from huxin.node.trust.queries.editions import CWT, JWT
from huxin.trust.anchors import Anchor
from huxin.trust.status.signed_set import ListName, accept
from huxin.trust.status.token_list import TokenList
from huxin.trust.status.token_list_cwt import open_cwt
from tests.lib.node_folders import description, private_key

URI = "http://testserver/status/1"
KEY = private_key("QW").public
SET, TOKEN = reverse("status-set", args=[1]), reverse("status-token", args=[1])
DELTA = reverse("status-delta", args=[1, 2])


@pytest.fixture
def place(world):
    """One edition with nothing withdrawn, and one with a card: the place of that card."""
    clerk = world.staff(Role.CLERK)
    card = world.card(world.person(), by=clerk)
    publish_status(now=world.now)
    revoke(card, "lost", "", by=world.actor(clerk), now=world.now)
    publish_status(now=world.now)
    return card.status_index


@pytest.fixture
def anybody(world):
    return world.client()


def taken(data, held, now):
    keys = [one for one in signing.trust_store(now) if one.domain == "huxin"]
    return accept(data, name=ListName("QW", URI), keys=keys, held=held, now=now)


def test_the_newest_set_is_whole_signed_and_kept_for_a_minute(world, anybody, place):
    answer = anybody.get(SET)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Cache-Control"] == "public, max-age=60"
    held = taken(answer.content, None, world.now)
    assert (held.version, held.found.indices) == (2, (place,))
    again = anybody.get(SET, headers={"If-None-Match": f'"x", {answer["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    publish_status(now=world.now + timedelta(days=1))
    after = anybody.get(SET, headers={"If-None-Match": answer["ETag"]})
    assert after.status_code == 200
    assert taken(after.content, held, world.now + timedelta(days=1)).version == 3


def test_what_a_version_added_may_be_kept_for_ever(world, anybody, place):
    first = taken(bytes(StatusEdition.objects.get(version=1).whole), None, world.now)
    answer = anybody.get(DELTA)
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert taken(answer.content, first, world.now).found.indices == (place,)


def test_asking_again_what_is_held_reads_no_bytes(anybody, place, django_assert_num_queries):
    tag = anybody.get(SET)["ETag"]
    with django_assert_num_queries(1):
        assert anybody.get(SET, headers={"If-None-Match": tag}).status_code == 304
    anybody.get(TOKEN)
    with django_assert_num_queries(1):  # signed once, then out of memory
        assert anybody.get(TOKEN).status_code == 200


@pytest.mark.parametrize(
    "accept_header", [None, "*/*", JWT, f"text/html, {JWT};q=0.9, {CWT};q=0.5"]
)
def test_the_same_set_is_there_as_a_jwt(world, anybody, place, accept_header):
    answer = anybody.get(TOKEN, headers={"Accept": accept_header} if accept_header else {})
    assert answer["Content-Type"] == JWT
    assert answer["Vary"].startswith("Accept")
    assert answer["Cache-Control"] == "public, max-age=60"
    read = TokenList.open(answer.content.decode(), key=KEY, uri=URI, now=world.now)
    row = StatusEdition.objects.get(version=2)
    assert read.found.indices == (place,)
    assert (read.issued, read.expires, read.ttl) == (
        int(row.as_of.timestamp()), int(row.next_update.timestamp()), 3_600,
    )  # fmt: skip
    assert anybody.get(TOKEN, headers={"If-None-Match": answer["ETag"]}).status_code == 304


def test_the_same_set_is_there_as_a_cwt(world, anybody, place):
    answer = anybody.get(TOKEN, headers={"Accept": CWT})
    assert answer["Content-Type"] == CWT
    read = open_cwt(answer.content, key=KEY, uri=URI, now=world.now)
    assert read.found.indices == (place,)
    jwt = anybody.get(TOKEN)["ETag"]
    assert jwt != answer["ETag"]
    assert anybody.get(TOKEN, headers={"Accept": CWT, "If-None-Match": jwt}).status_code == 200
    assert anybody.get(TOKEN, headers={"Accept": "text/html"}).status_code == 406


def test_the_address_in_the_cards_answers_both_ways(world, anybody, place):
    """Others ask the address that stands in a card for a token; ours is JSON there unless they do."""
    here = reverse("status-list", args=[1])
    for plain in ("*/*", "application/json", "text/html", f"application/json, {JWT};q=0.5"):
        answer = anybody.get(here, headers={"Accept": plain})
        assert json.loads(answer.content)["revoked"] == [place]
        assert answer["Vary"].startswith("Accept")
    token = anybody.get(here, headers={"Accept": JWT})
    read = TokenList.open(token.content.decode(), key=KEY, uri=URI, now=world.now)
    assert read.found.indices == (place,)
    assert anybody.get(here, headers={"Accept": CWT})["Content-Type"] == CWT


def test_what_was_never_published_is_not_there(world, anybody, place):
    for number in (0, 2, 10**30):
        for name in ("status-set", "status-token"):
            assert anybody.get(reverse(name, args=[number])).status_code == 404
    for version in (0, 1, 3, 10**30):
        assert anybody.get(reverse("status-delta", args=[1, version])).status_code == 404
    assert anybody.post(SET).status_code == 405


def test_without_a_key_the_set_is_there_and_the_token_is_not(anybody, place, monkeypatch):
    def locked():
        raise RefusalError("key-file", "no passphrase")

    monkeypatch.setattr(signing, "signer", locked)
    assert anybody.get(SET).status_code == 200
    assert anybody.get(TOKEN).status_code == 503


def test_the_example_of_the_documents_is_one(root):
    text = (root / "docs/reference/status-list.md").read_text("utf-8")
    files = [base64.b64decode(one) for one in re.findall(r"```text\n(\S+)\n```", text)]
    name = ListName("QW", "https://node.example.org/status/1")
    key = Anchor("QW", "huxin", description("QW").kid, KEY, environment="test")
    held = None
    for data in files:
        now = datetime(2026, 11, 29, tzinfo=UTC)
        held = accept(data, name=name, keys=[key], held=held, now=now)
    assert held is not None
    assert (held.version, held.found.indices) == (2, (1042, 88310))
    assert f"{held.as_of:%Y-%m-%d %H:%M} UTC, {held.next_update:%Y-%m-%d %H:%M} UTC" in text
    assert f"`{files[1][-13:].hex()}`" in text
