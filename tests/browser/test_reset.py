"""A forgotten password, from the desk to the cards: without scripts, and by keyboard alone."""

import re

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, follow, new_name, tab_to

WORD = "three blue boats 7"


@pytest.fixture
def elder(site):
    person = site.ask("person", name=new_name("沈"), birth="1941-02-03")
    return {"id": person, "account": site.ask("resident", person=person)}


@pytest.fixture
def clerk(site):
    return site.ask("staff", role="clerk", shown="沈砚")


def slip(page, say, person, sound, *, elder):
    """At the desk: from the person's page to the code on the slip."""
    page.goto(f"/desk/people/{person}")
    page.get_by_role("link", name=say("做一张重设单", "Make a reset slip")).click()
    sound(page, elder=elder)
    page.get_by_role("radio").first.check()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=say("做重设单", "Make the slip")).click()
    code = page.locator(".code-block")
    expect(code).to_have_text(re.compile(r"[0-9A-Z]{5}-[0-9A-Z]{5}"))
    sound(page, elder=elder)
    return code.text_content()


@pytest.mark.parametrize(
    ("lang", "width", "big", "scripts"),
    [("zh", 320, False, True), ("en", 390, True, True), ("zh", 1280, False, False)],
)
def test_a_new_password(enter, sound, clerk, elder, lang, width, big, scripts):
    say = Tongue(lang)
    desk = enter(clerk, lang=lang, width=width, elder=big, scripts=scripts)
    code = slip(desk, say, elder["id"], sound, elder=big)

    page = enter(lang=lang, width=width, elder=big, scripts=scripts)
    page.goto("/accounts/login/")
    page.get_by_role("link", name=say("忘了密码", "Forgot the password")).click()
    sound(page, elder=big)
    box(page, say("单子上的码", "Code on the slip")).fill(code.lower())
    box(page, say("出生年", "Year of birth")).fill("1941")
    page.get_by_role("button", name=say("继续", "Go on")).click()
    expect(page.get_by_text(elder["account"]["name"])).to_be_visible()
    sound(page, elder=big)
    box(page, say("密码", "Password")).fill(WORD)
    box(page, say("密码，再写一次", "Password again")).fill(WORD)
    page.get_by_role("button", name=say("设好", "Set it")).click()
    expect(page.get_by_text(say("您已登录", "you are signed in"))).to_be_visible()


def test_by_keyboard_alone(enter, sound, clerk, elder):
    say = Tongue("zh")
    code = slip(enter(clerk), say, elder["id"], sound, elder=False)
    page = enter()
    page.goto("/reset")
    tab_to(page, box(page, "单子上的码"))
    page.keyboard.type(code)
    tab_to(page, box(page, "出生年"))
    page.keyboard.type("1942")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("没有打开")
    tab_to(page, box(page, "出生年"))
    page.keyboard.press("Control+A")
    page.keyboard.type("1941")
    page.keyboard.press("Enter")
    tab_to(page, box(page, "密码"))
    page.keyboard.type(WORD)
    tab_to(page, box(page, "密码，再写一次"))
    page.keyboard.type(WORD)
    follow(page, page.get_by_role("button", name="设好"))
    expect(page.get_by_text("您已登录")).to_be_visible()
