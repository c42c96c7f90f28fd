"""A guardian's journey: recorded at the desk, the family list, the child's card, the check at home, paper."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_check import hand_in, next_person, ready
from tests.lib.browser_desk import Agreed, record
from tests.lib.browser_words import Tongue, new_name, sign_in, written


@pytest.fixture
def scene(site):
    class Scene:
        clerk = site.ask("staff", role="clerk", shown="沈砚")
        mother = new_name("林")
        child = new_name("林")
        mother_id = site.ask("person", name=mother, birth="1990-05-02")
        child_id = site.ask("person", name=child, birth="2020-03-18", latin="LIN ZHOU")
        card = site.ask("card", person=child_id, by=clerk["name"])
        account = site.ask("resident", person=mother_id, shown=mother)

    return Scene


def to_the_childs_card(page, say, scene, sound):
    """From the first page, signed in, by the family list."""
    page.goto("/")
    sign_in(page, say, scene.account)
    page.goto("/wallet")
    page.get_by_role("link", name=say("家人和代办人", "Family and helpers")).click()
    held = page.get_by_role("article").filter(has_text=scene.child)
    expect(held).to_contain_text(say("我是监护人", "I am the guardian"))
    sound(page)
    held.get_by_role("link", name=say("打开卡包", "Open the cards")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(scene.child)
    sound(page)
    page.get_by_role("main").get_by_role("link", name=say("预防接种证", "School entry")).click()
    expect(page.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()
    sound(page)


def genuine(page, say, scene):
    """What the school will see of the child's card."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("真卡", "Genuine"))
    spoken = page.get_by_role("main").get_by_role("alert")
    expect(spoken).to_contain_text(scene.child)
    expect(spoken).to_contain_text("2020")


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_a_mother_is_recorded_and_checks_her_childs_card_at_home(
    enter, site, scene, sound, lang, width
):
    say = Tongue(lang)
    desk = enter(scene.clerk, lang=lang, width=1280)
    how = say("看过出生证明和母亲的证件", "birth record and the mother's document seen")
    record(
        desk, say, Agreed(scene.child, scene.mother, say("监护人", "Guardian"), how, 1500), sound
    )

    page = enter(lang=lang, width=width)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site.origin)
    to_the_childs_card(page, say, scene, sound)
    page.get_by_text(say("更多：图片", "More: picture")).click()
    page.get_by_role("button", name=say("复制图片", "Copy picture")).click()
    expect(page.get_by_text(say("图片已复制", "Copied, paste it"))).to_be_visible()
    sound(page)

    page.get_by_role("link", name=say("证明什么", "What it says")).click()
    expect(page.get_by_role("heading", name=say("它不说什么", "What it does not say"))).to_be_visible()  # fmt: skip
    expect(page.get_by_role("main")).to_contain_text(say("麻腮风", "Measles, mumps, rubella"))
    sound(page)
    page.get_by_role("link", name=say("打开查验页", "Open the checking page")).click()
    ready(page, say)
    page.keyboard.press("Control+V")
    genuine(page, say, scene)
    sound(page)
    next_person(page, say)
    hand_in(page, say, site.ask("codes", card=scene.card)["genuine"])
    genuine(page, say, scene)

    page.goto(f"/card/{scene.card}")
    page.get_by_role("link", name=say("打印", "Print"), exact=True).click()
    expect(written(page, scene.child)).to_be_visible()
    sound(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_guardian_thinks_again_and_then_gives_it_up(enter, site, scene, sound, lang):
    say = Tongue(lang)
    site.ask("guardian", child=scene.child_id, holder=scene.mother_id)
    page = enter(scene.account, lang=lang, elder=True)
    page.goto("/wallet/family")
    sound(page, elder=True)
    page.get_by_role("link", name=say("不再代办", "Give it up")).click()
    expect(page.get_by_role("main")).to_contain_text(scene.child)
    sound(page, elder=True)
    page.get_by_role("link", name=say("继续代办", "Go on")).click()
    page.get_by_role("link", name=say("不再代办", "Give it up")).click()
    page.get_by_role("button", name=say("不再代办", "Give it up")).click()
    expect(page.get_by_text(say("已结束。", "Ended."))).to_be_visible()
    sound(page, elder=True)
    page.goto(f"/wallet/{scene.child_id}")
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("没有这一页", "There is no such page")
    )
