"""Nobody ends on an empty page: after signing in again, and where an address does not open in that way."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.node.base import drafts
from huxin.node.base.access import allow, answers_get, fresh
from huxin.node.base.models import Draft
from huxin.node.base.permissions import Permission, Role

SITE = "http://testserver"


@pytest.fixture
def resident(world):
    return world.resident(world.person("林㑇"))


def sent(client, name="messages-read", referer=None, **fields):
    headers = {"referer": referer} if referer else {}
    return client.post(reverse(name), fields, headers=headers)


def test_what_takes_forms_only_is_told_from_a_page():
    def view(_request):
        return HttpResponse()

    assert answers_get(view)
    for limited in (require_GET, require_http_methods(["GET", "HEAD", "POST"])):
        assert answers_get(fresh(allow(Permission.ISSUE)(limited(view))))
    assert not answers_get(fresh(allow(Permission.ISSUE)(require_POST(view))))


@pytest.mark.parametrize(
    ("referer", "then"),
    [
        (f"{SITE}/wallet/messages?page=2", "/wallet/messages?page=2"),
        (None, "/"),
        ("https://evil.example/wallet/messages", "/"),
        (f"{SITE}//evil.example", "/"),
        (f"{SITE}/no/such/page", "/"),
        (f"{SITE}/wallet/messages/read", "/"),
        ("http://[", "/"),
    ],
)
def test_after_a_form_without_a_page_of_its_own_one_goes_on_where_its_button_stood(
    db, referer, then
):
    answer = sent(Client(), referer=referer)
    to = Client().get(answer["Location"]).wsgi_request.GET
    assert to["next"] == then


def test_what_no_page_gives_back_is_neither_kept_nor_promised(world, resident):
    client = Client()
    answer = sent(client, **{drafts.FIELD: drafts.ticket_for(resident.id), "message": "x"})
    assert not Draft.objects.exists()
    assert "已经存好" not in client.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "这样打不开"), ("en", "It does not open this way")]
)
def test_an_address_that_is_no_page_says_so_and_leads_back(world, resident, lang, words):
    client = world.client(resident)
    client.cookies["huxin_lang"] = lang
    place = reverse("messages-read")
    answer = client.get(place, headers={"referer": f"{SITE}/wallet"})
    text = answer.content.decode()
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert words in text
    assert 'href="/wallet"' in text.split("<main")[1].split("</main>")[0]
    assert words in client.get(place).content.decode()


def test_a_page_that_takes_no_form_says_so_too(world, resident):
    answer = world.client(resident).post(reverse("messages"))
    assert (answer.status_code, answer["Allow"]) == (405, "GET")
    assert "这样打不开" in answer.content.decode()


def test_who_signs_again_decides_the_rule_with_the_reason_at_hand(world):
    from huxin.node.trust.actions import rule_desk
    from huxin.node.trust.models import RuleDraft
    from huxin.node.trust.queries import rule_texts

    author, other = (world.staff(Role.RULE_OFFICER) for _ in range(2))
    text = rule_texts.of_nothing(world.now)
    draft = rule_desk.begin(text, pack="", request=author.id, by=world.actor(author), now=world.now)
    RuleDraft.objects.update(state="waiting", handed_in_by=author.id, handed_in_at=world.now)
    draft.refresh_from_db()
    client = world.client(other)
    place, decide = (reverse(name, args=[draft.id]) for name in ("rule-draft", "rule-draft-decide"))
    ticket = drafts.ticket_for(other.id)
    # As many tickets as forms that hold something typed; the signature of each differs by its time.
    assert client.get(place).content.decode().count(f'name="{drafts.FIELD}"') == 1
    session = client.session
    session["huxin_fresh_at"] = 0
    session.save()
    why = {
        "seen": draft.written_at.isoformat(), "do": "send-back", "note": "请写明条款", drafts.FIELD: ticket,
    }  # fmt: skip
    answer = client.post(decide, why, headers={"referer": f"{SITE}{decide}"})
    assert answer["Location"].endswith(f"next={decide.replace('/', '%2F')}")
    session = client.session
    session["huxin_fresh_at"] = world.now.timestamp()
    session.save()
    back = client.get(decide, follow=True)
    assert back.request["PATH_INFO"] == place
    assert "请写明条款" in back.content.decode()
    client.post(decide, why)
    draft.refresh_from_db()
    assert (draft.state, draft.note) == ("draft", "请写明条款")
    assert not Draft.objects.exists()
