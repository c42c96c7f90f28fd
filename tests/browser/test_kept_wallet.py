"""Cards on one's own phone: kept by choice, shown with the cable out, gone at sign-out."""

import pytest
from playwright.sync_api import expect

from huxin.trust import qr
from tests.lib.browser_words import Tongue, new_name

pytestmark = pytest.mark.size("all")


@pytest.fixture
def name():
    return new_name("林")


@pytest.fixture
def mother(site, name):
    clerk = site.ask("staff", role="clerk")
    person = site.ask("person", name=name, birth="1990-05-02", latin="LIN WANZHOU")
    site.ask("card", person=person, by=clerk["name"])
    child = site.ask("person", name="林㑇", birth="2020-03-18")
    site.ask("card", person=child, by=clerk["name"])
    site.ask("guardian", child=child, holder=person)
    site.ask("rules", pack="school-entry")
    return site.ask("resident", person=person, shown=name)


def keep(page, say):
    page.goto("/wallet")
    page.get_by_role("link", name=say("存在本机", "Keep on this phone")).click()
    box = page.get_by_role("checkbox", name=say("这部手机是我自己的", "This phone is mine"))
    expect(box).not_to_be_checked()
    page.get_by_role("button", name=say("存在本机", "Keep on this phone"), exact=True).click()
    # The browser asks for the tick; nothing was taken without it.
    expect(page).to_have_url("/wallet/keep")
    box.check()
    page.get_by_role("button", name=say("存在本机", "Keep on this phone"), exact=True).click()
    expect(page).to_have_url("/wallet/offline/")
    expect(page.locator("html")).to_have_attribute("data-cards", "2")


def is_kept(page):
    """What is left in the browser: stores, caches, service workers of the kept wallet."""
    return page.evaluate(
        """async () => [
             ...(await indexedDB.databases()).map((one) => one.name),
             ...await caches.keys(),
             ...(await navigator.serviceWorker.getRegistrations()).map((one) => new URL(one.scope).pathname),
           ].filter((one) => one.includes("wallet"))"""
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_kept_cards_are_shown_with_the_cable_out(enter, mother, name, sound, lang):
    say = Tongue(lang)
    page = enter(mother, lang=lang)
    page.goto("/wallet/keep")
    sound(page)
    keep(page, say)
    sound(page)
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("存在本机的卡", "Cards on this phone")
    )
    expect(page.locator(".kept__name").filter(has_text=name)).to_be_visible()
    code = (
        page.locator(".kept")
        .filter(has_text=name)
        .get_by_role("img", name=say("二维码", "QR code"))
    )
    assert qr.read(code.screenshot())[0].startswith("HC1:")
    expect(page.get_by_text("SPECIMEN").first).to_be_visible()
    asks = page.locator("form.kept__asks").filter(has_text="林㑇")
    asks.get_by_label(say("问什么", "What is asked")).select_option("school")
    asks.get_by_role("button", name=say("看一看", "Look"), exact=True).click()
    expect(asks.get_by_role("status")).to_contain_text(say("还差一项", "Something is due"))
    page.set_viewport_size({"width": 320, "height": 700})
    sound(page)
    page.get_by_role("button", name=say("English", "中文")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("Cards on this phone", "存在本机的卡")
    )


def test_signing_out_takes_them_away(enter, mother):
    say = Tongue("zh")
    page = enter(mother)
    keep(page, say)
    assert is_kept(page) != []
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    assert is_kept(page) == []
    page.goto("/wallet/offline/")
    expect(page.get_by_text("这部手机上没有存卡")).to_be_visible()


def test_signing_out_takes_them_away_where_the_pages_script_did_not_run(enter, mother):
    """The node's answer alone does it."""
    say = Tongue("zh")
    page = enter(mother)
    keep(page, say)
    page.route("**/forget.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/accounts/logout/")
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("link", name="登录").first).to_be_visible()
    assert is_kept(page) == []


def test_they_are_removed_by_hand(enter, mother):
    say = Tongue("zh")
    page = enter(mother)
    keep(page, say)
    page.get_by_text("从本机删除").click()
    page.get_by_role("button", name="删除", exact=True).click()
    expect(page.get_by_text("这部手机上没有存卡")).to_be_visible()
    assert is_kept(page) == []


def test_another_account_in_the_same_browser_takes_them_away(enter, site, mother):
    say = Tongue("zh")
    page = enter(mother)
    keep(page, say)
    other = site.ask("resident", person=site.ask("person", name="顾小舟", birth="1992-01-01"))
    session = site.ask("session", name=other["name"])
    page.context.add_cookies([{"name": "huxin_qw_session", "value": session, "url": site.origin}])
    page.goto("/wallet")
    assert is_kept(page) == []


def test_where_nothing_can_be_kept_it_says_what_does_as_well(enter, mother):
    page = enter(mother, scripts=False)
    page.goto("/wallet/keep")
    expect(page.get_by_text("浏览器要开着脚本")).to_be_visible()
    expect(page.get_by_role("checkbox")).to_be_hidden()
