"""Refused at a door, and then: because, next step, appeal, receipt, an officer, a decision, and reading it.

The same with scripts off, at the desk, and for somebody with an account.
"""

import re

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_check import hand_in
from tests.lib.browser_words import Tongue, box, new_name, written
from tests.lib.shown_cards import shown_card

SAID = {
    "zh": "我有健康证，今天忘在家里了。",
    "en": "I have a health card; I left it at home today.",
}
REASON = {"zh": "查到了，原件还在有效期。", "en": "We found it; the original is still valid."}
GROUPS = re.compile(r"[0-9A-Z]{4,5}-[0-9A-Z]{4,5}")


@pytest.fixture(scope="module")
def rules(site):
    return site.ask("rules", pack="occupational-health")


@pytest.fixture
def officer(site, rules):
    return site.ask("staff", role="rule-officer")


def refuse(page, say, sound):
    """At the gate of a kitchen, with a card of another kind: the answer, and the way to appeal."""
    page.goto("/check")
    page.get_by_text(say("地点和用途", "Place and purpose")).click()
    page.get_by_role("radio", name=say("健康证 · 食品", "Food")).check()
    page.get_by_role("button", name=say("用这些", "Use these")).click()
    hand_in(page, say, shown_card(new_name("林"), now=clock.now()))
    verdict = page.get_by_role("main")
    expect(verdict.get_by_role("heading", level=1)).to_contain_text(say("不符合", "Not accepted"))
    for row in (0, 1):  # because, what to do
        expect(verdict.locator("dd").nth(row)).to_have_text(re.compile(r"\S"))
    sound(page)
    verdict.get_by_role("link", name=say("申诉", "Appeal")).click()


def appeal(page, say, sound, *, elder=False):
    """Fill in the form; an empty one is told first.  Returns number and code of the receipt."""
    send = page.get_by_role("button", name=say("交申诉", "Send it"))
    sound(page, elder=elder)
    send.click()
    told = page.get_by_role("alert")
    expect(told).to_contain_text(say("这一项要填", "This is needed"))
    sound(page, elder=elder)
    box(page, say("哪里不对，您要什么", "What is wrong, and what you ask for")).fill(SAID[say.lang])
    send.click()
    return receipt(page, say, sound, elder=elder)


def receipt(page, say, sound, *, elder=False):
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("申诉回执")
    number, code = page.locator("[data-number]"), page.locator("[data-code]")
    expect(number).to_have_text(GROUPS)
    expect(code).to_have_text(GROUPS)
    sound(page, elder=elder)
    return number.text_content(), code.text_content()


def decide(page, say, sound, number):
    """An officer takes it, says no reason first, and decides."""
    page.goto("/")
    main = page.get_by_role("navigation", name=say("主导航", "Main"))
    main.get_by_role("link", name=say("申诉", "Appeals")).click()
    sound(page)
    row = page.get_by_role("row").filter(has_text=number)
    expect(row).to_contain_text(say("小时内答复", "due in"))
    row.get_by_role("link", name=say("打开", "Open")).click()
    expect(page.get_by_text(SAID[say.lang])).to_have_count(0)
    sound(page)
    page.get_by_role("button", name=say("我来办", "Take it")).click()
    expect(page.get_by_text(SAID[say.lang])).to_be_visible()
    page.get_by_role("radio", name=say("规则用错了", "The rule was applied wrongly")).check()
    page.get_by_role("button", name=say("写下决定", "Decide")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("这一项要填", "This is needed"))
    sound(page)
    box(page, say("理由", "Reason")).fill(REASON[say.lang])
    page.get_by_role("button", name=say("写下决定", "Decide")).click()
    expect(page.get_by_text(say("不能再改", "it cannot be changed"))).to_be_visible()
    sound(page)


def read(page, say, number, code):
    page.goto("/appeals")
    page.get_by_role("link", name=say("凭回执看决定", "Read a decision")).click()
    box(page, say("回执编号", "Number of the receipt")).fill(number.lower())
    box(page, say("核对码", "Check code")).fill(code.lower())
    page.get_by_role("button", name=say("打开", "Open"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(say("申诉的进展", "How far the appeal is"))  # fmt: skip
    for secret in (number, code):
        assert secret not in page.url


@pytest.mark.parametrize(
    ("lang", "width", "scripts"), [("zh", 390, True), ("en", 1280, True), ("zh", 320, False)]
)
def test_from_the_door_to_the_decision(enter, sound, officer, lang, width, scripts):
    say = Tongue(lang)
    door = enter(lang=lang, width=width, scripts=scripts)
    refuse(door, say, sound)
    number, code = appeal(door, say, sound)
    read(door, say, number, code)
    expect(written(door, say("等人接手", "Waiting for somebody"))).to_be_visible()
    sound(door)

    decide(enter(officer, lang=lang, width=width, scripts=scripts), say, sound, number)

    home = enter(lang=lang, width=width, scripts=scripts)
    read(home, say, number, code)
    decision = say("规则用错了，当场放行", "The rule was applied wrongly")
    expect(home.get_by_role("heading", name=decision)).to_be_visible()
    expect(home.get_by_text(REASON[lang])).to_be_visible()
    expect(home.get_by_text(say("走人工通道", "Use the staffed lane"))).to_be_visible()
    sound(home)

    home.get_by_text(say("不同意，再申诉一次", "I disagree")).click()
    box(home, say("决定哪里不对", "What is wrong with the decision")).fill("?")
    home.get_by_role("button", name=say("再申诉一次", "Appeal once more")).click()
    expect(home.get_by_role("heading", name=say("再次申诉", "The second appeal"))).to_be_visible()
    sound(home)


@pytest.mark.parametrize(("lang", "elder"), [("zh", True), ("en", False)])
def test_a_resident_is_told_in_a_message(enter, sound, site, officer, lang, elder):
    say = Tongue(lang)
    account = site.ask("resident", person=site.ask("person", name=new_name("沈")))
    page = enter(account, lang=lang, elder=elder)
    page.goto("/rules")
    page.get_by_role("link", name=say("健康证 · 食品", "Food")).click()
    main = page.get_by_role("main")
    main.get_by_role("link", name=say("申诉", "Appeal"), exact=True).click()
    expect(page.get_by_role("radio", name=say("我自己", "Myself"))).to_be_checked()
    number, _ = appeal(page, say, sound, elder=elder)
    decide(enter(officer, lang=lang), say, sound, number)
    page.goto("/wallet/messages")
    expect(page.get_by_text(REASON[lang])).to_be_visible()
    page.get_by_role("link", name=say("打开这份申诉", "Open the appeal")).click()
    expect(page.get_by_text(REASON[lang])).to_be_visible()
    sound(page, elder=elder)


def test_at_the_desk_for_somebody_without_anything(enter, sound, site, officer):
    say = Tongue("zh")
    page = enter(site.ask("staff", role="clerk"), width=1280)
    page.goto("/desk")
    page.get_by_role("link", name="替在场的人写下申诉").click()
    sound(page)
    page.get_by_role("link", name="健康证 · 食品").click()
    box(page, "哪里不对，您要什么").fill(SAID["zh"])
    page.get_by_role("checkbox", name="本人或代办人在场").check()
    sound(page)
    page.get_by_role("button", name="收下，打回执").click()
    number, code = receipt(page, say, sound)
    decide(enter(officer), say, sound, number)
    read(page, say, number, code)
    expect(page.get_by_text(REASON["zh"])).to_be_visible()
