"""The resident's journeys: showing a card, on a screen and on paper, for oneself and for a child."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, follow, tab_to, written


@pytest.fixture
def mother(site):
    clerk = site.ask("staff", role="clerk")
    person = site.ask("person", name="林晚舟", birth="1990-05-02", latin="LIN WANZHOU")
    site.ask("card", person=person, by=clerk["name"])
    child = site.ask("person", name="林㑇", birth="2020-03-18")
    site.ask("card", person=child, by=clerk["name"])
    site.ask("guardian", child=child, holder=person)
    return site.ask("resident", person=person, shown="林晚舟")


def show(page, say):
    """Open the first card of the wallet."""
    page.goto("/wallet")
    page.get_by_role("main").get_by_role(
        "link", name=say("预防接种证", "School entry")
    ).first.click()
    expect(page.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_card_is_shown_without_a_request(enter, mother, sound, lang):
    say = Tongue(lang)
    page = enter(mother, lang=lang)
    show(page, say)
    sound(page)
    page.wait_for_load_state("networkidle")
    before = len(page.watch.requests)
    page.context.set_offline(True)
    page.get_by_text(say("更多：图片", "More: picture")).click()
    expect(page.get_by_role("link", name=say("保存图片", "Save picture"))).to_be_visible()
    page.set_viewport_size({"width": 844, "height": 390})
    page.mouse.wheel(0, 300)
    expect(page.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()
    page.context.set_offline(False)
    assert page.watch.requests[before:] == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_card_is_printed(enter, mother, scripts):
    say = Tongue("zh")
    page = enter(mother, scripts=scripts)
    show(page, say)
    page.get_by_role("link", name="打印").click()
    expect(written(page, "林晚舟")).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_visible(visible=scripts)
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="返回")).to_be_hidden()
    assert page.pdf().startswith(b"%PDF")


def test_a_mother_shows_the_card_of_her_child(enter, mother, sound):
    page = enter(mother)
    page.goto("/wallet")
    page.get_by_role("navigation", name="谁的卡").get_by_role("link", name="林㑇").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("林㑇")
    sound(page)
    page.get_by_role("main").get_by_role("link", name="预防接种证").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("林㑇")
    page.get_by_role("link", name="证明什么").click()
    expect(page.get_by_role("heading", name="它不说什么")).to_be_visible()


def test_an_elder_has_three_actions_and_large_type(enter, mother, sound):
    page = enter(mother, elder=True)
    page.goto("/wallet")
    sound(page, elder=True)
    page.get_by_role("link", name="亮码").click()
    expect(page.get_by_role("img", name="二维码")).to_be_visible()
    sound(page, elder=True)


def test_language_sign_in_and_card_by_keyboard_alone(enter, mother):
    page = enter()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    follow(page, page.get_by_role("button", name="English"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    follow(page, page.get_by_role("link", name="Sign in", exact=True))
    tab_to(page, box(page, "Account name"))
    page.keyboard.type(mother["name"])
    tab_to(page, box(page, "Password"))
    page.keyboard.type(mother["password"])
    page.keyboard.press("Enter")
    follow(page, page.get_by_role("link", name="My cards").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("My cards")
    card = page.get_by_role("main").get_by_role("link", name="School entry").first
    follow(page, card)
    expect(page.get_by_role("img", name="QR")).to_be_visible()


def test_a_wrong_password_says_what_to_do_and_keeps_the_name(enter, mother, sound):
    page = enter(scripts=False)
    page.goto("/accounts/login/")
    box(page, "账号").fill(mother["name"])
    box(page, "密码").fill("not the word")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(box(page, "账号")).to_have_value(mother["name"])
    sound(page)


def test_nobody_sees_the_card_of_somebody_else(enter, site, mother):
    other = site.ask("resident", person=site.ask("person", name="顾小舟", birth="1992-01-01"))
    page = enter(mother)
    show(page, Tongue("zh"))
    place = page.url
    stranger = enter(other)
    stranger.goto(place)
    expect(stranger.get_by_role("heading", level=1)).to_be_visible()
    expect(stranger.get_by_text("林晚舟")).to_have_count(0)
