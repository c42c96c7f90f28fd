"""Cards on one's own phone: who may keep them, what is handed out, what stays in the trail, and when it ends."""

import json
import uuid

import pytest
from django.conf import settings
from django.urls import reverse

from huxin.node.base.kept_phone import COOKIE
from huxin.node.base.models import AuditEntry
from huxin.node.trust.actions import keep_cards
from huxin.node.trust.actions.handover import make_slip

KEEP = "/wallet/keep"


def keep(browser, status=200, **fields):
    answer = browser.post(KEEP, {"mine": "on"} | fields)
    assert answer.status_code == status
    return answer


def leave(browser):
    """The session ends; nobody signed out, and what else the browser holds stays."""
    del browser.cookies[settings.SESSION_COOKIE_NAME]


def forgets(answer):
    gone = answer.cookies.get(COOKIE)
    assert (gone is not None and gone.value == "") == ("Clear-Site-Data" in answer)
    return answer.headers.get("Clear-Site-Data") == '"storage"'


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_is_ticked_beforehand_and_the_choice_is_said_plainly(world, scene, language):
    browser = world.client(scene.own)
    browser.cookies["huxin_lang"] = language
    page = browser.get(KEEP).content.decode()
    assert 'name="mine"' in page
    assert "checked" not in page
    assert {"zh": "不用密码也能打开看到", "en": "without a password"}[language] in page
    assert KEEP in browser.get("/wallet").content.decode()


def test_who_does_not_say_that_the_phone_is_theirs_keeps_nothing(world, scene):
    answer = world.client(scene.own).post(KEEP, {})
    assert answer.status_code == 422
    assert COOKIE not in answer.cookies
    assert not AuditEntry.objects.filter(action="kept-cards").exists()


def test_ones_own_cards_are_handed_out_and_the_trail_says_so(world, scene):
    answer = keep(world.client(scene.own))
    told = json.loads(answer.content)
    assert (told["huxin"], told["v"]) == ("kept-wallet", 1)
    ((owner),) = told["owners"]
    assert (owner["own"], owner["name"]) == (True, "林㑇")
    (card,) = owner["cards"]
    assert set(card) == {"kind", "name", "latin", "born", "until", "specimen", "code", "read"}
    assert set(card["read"]) == {"payload", "certificate", "expires"}
    assert (card["name"], card["born"], card["specimen"]) == ("林㑇", "2020", True)
    assert card["code"].startswith("<svg ")
    assert answer["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(action="kept-cards")
    assert (entry.subject, entry.actor, entry.detail["cards"]) == (scene.child.id, scene.own.id, 1)


def test_those_whom_one_may_act_for_come_along_and_can_see_it(world, scene):
    told = json.loads(keep(world.client(scene.guardian)).content)
    assert [(one["own"], len(one["cards"])) for one in told["owners"]] == [(True, 0), (False, 1)]
    entry = AuditEntry.objects.get(action="kept-cards")
    assert (entry.subject, entry.actor, entry.purpose) == (
        scene.child.id,
        scene.guardian.id,
        "help",
    )
    page = world.client(scene.own).get(reverse("access-log")).content.decode()
    assert "把卡存到了手机上" in page


def test_rules_and_their_words_come_along(world, scene):
    world.rules("school-entry")
    browser = world.client(scene.own)
    told = json.loads(keep(browser).content)
    assert told["rules"] == json.loads(browser.get("/rules.json").content)
    assert told["words"] == json.loads(browser.get("/rules/words.json").content)
    assert set(told["purposes"]["school"]) == {"zh", "en"}


def test_cards_that_do_not_agree_about_whose_they_are_are_shown_and_answer_nothing(world, scene):
    world.card(scene.child, by=scene.clerk, cells={"name": "林桥", "latin": "LIN QIAO"})
    (owner,) = json.loads(keep(world.client(scene.own)).content)["owners"]
    assert [one["read"] for one in owner["cards"]] == [None, None]


def test_of_many_cards_those_that_were_issued_last_are_kept(world, scene, monkeypatch):
    monkeypatch.setattr(keep_cards, "MOST_CARDS", 1)
    world.card(scene.child, by=scene.clerk, cells={"batch": "2"})
    (owner,) = json.loads(keep(world.client(scene.own)).content)["owners"]
    assert len(owner["cards"]) == 1


def test_whoever_is_not_signed_in_as_a_person_with_cards_keeps_nothing(world, scene):
    browser = world.client(scene.own)
    browser.logout()
    assert browser.get(KEEP).status_code == 302
    assert world.client(scene.clerk).get(KEEP).status_code == 403


def test_a_browser_that_a_slip_opened_keeps_nothing_and_is_not_offered_it(world, scene):
    elder = world.person("沈阿婆", birth="1941-02-03")
    world.card(elder, by=scene.clerk)
    slip = make_slip(elder, request=uuid.uuid4(), by=world.actor(scene.clerk), now=world.now)
    browser = world.client()
    browser.post("/claim", {"code": slip.code, "year": "1941"})
    browser.post("/claim/choose")
    wallet = browser.get("/wallet")
    assert (wallet.status_code, KEEP in wallet.content.decode()) == (200, False)
    assert browser.get(KEEP).status_code == 404
    assert browser.post(KEEP, {"mine": "on"}).status_code == 404


def test_whoever_acts_for_a_child_is_offered_it_beside_the_childs_cards(world, scene):
    browser = world.client(scene.guardian)
    assert KEEP not in browser.get(f"/wallet/{scene.guardian.person_id}").content.decode()
    assert KEEP in browser.get(f"/wallet/{scene.child.id}").content.decode()


def test_signing_out_tells_the_browser_to_forget(world, scene):
    browser = world.client(scene.own)
    keep(browser)
    assert not forgets(browser.get("/wallet"))
    assert forgets(browser.post("/accounts/logout/"))
    assert not forgets(browser.get("/"))


def test_another_account_in_the_same_browser_finds_nothing(world, scene):
    browser = world.client(scene.own)
    keep(browser)
    leave(browser)
    # Whoever looks without signing in is nobody: a session that ended takes no cards away.
    assert not forgets(browser.get("/"))
    browser.force_login(scene.stranger)
    assert forgets(browser.get("/wallet"))
    assert not forgets(browser.get("/wallet"))


def test_who_keeps_theirs_where_another_did_gets_a_mark_of_their_own(world, scene):
    browser = world.client(scene.own)
    keep(browser)
    leave(browser)
    browser.force_login(scene.stranger)
    answer = keep(browser)
    # Their answer comes before anything of theirs is kept.
    assert answer.headers["Clear-Site-Data"] == '"storage"'
    assert not forgets(browser.get("/wallet"))


def test_a_browser_that_keeps_nothing_is_told_nothing(world, scene):
    browser = world.client(scene.own)
    assert not forgets(browser.get("/wallet"))
    assert not forgets(browser.post("/accounts/logout/"))


def test_the_page_that_shows_them_is_for_everybody_and_holds_nothing(world, scene):
    browser = world.client(scene.own)
    page = browser.get("/wallet/offline/")
    assert page.status_code == 200
    assert page.content == world.client().get("/wallet/offline/index.html").content
    assert "林㑇" not in page.content.decode()
    assert "connect-src 'none'" in page["Content-Security-Policy"]
    worker = browser.get("/wallet/offline/service.js")
    assert worker["Content-Type"] == "text/javascript; charset=utf-8"
    assert "connect-src 'self'" in worker["Content-Security-Policy"]
    assert browser.get("/wallet/offline/nothing.js").status_code == 404
