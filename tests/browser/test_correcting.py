"""A clinician puts a record right, on a screen and by keyboard alone; its person reads it."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_words import Tongue, box, new_name


@pytest.fixture
def clinician(site):
    return site.ask("staff", role="clinician", shown="孟雨")


@pytest.fixture
def visit(site, clinician):
    """Somebody's visit, recorded a moment ago, and the account of that person."""
    child = site.ask("person", name=new_name("林"), birth="2020-03-18")
    number = site.ask("recorded", person=child, by=clinician["name"])
    return {"id": number, "account": site.ask("resident", person=child)}


@pytest.mark.parametrize(
    ("lang", "width", "elder", "scripts"),
    [("zh", 320, False, True), ("en", 390, True, True), ("en", 1280, False, False)],
)
def test_a_wrong_batch_is_put_right(enter, sound, clinician, visit, lang, width, elder, scripts):
    say = Tongue(lang)
    page = enter(clinician, lang=lang, width=width, elder=elder, scripts=scripts)
    page.goto(f"/visits/{visit['id']}")
    sound(page, elder=elder)
    page.get_by_role("link", name=say("更正", "Correct"), exact=True).click()
    sound(page, elder=elder)
    batch = box(page, say("批号", "Batch"))
    expect(batch).to_have_value("LB-7")
    batch.fill("LB-8")
    page.get_by_role("button", name=say("下一步：看改了什么", "Next: see what changes")).click()
    expect(page.get_by_role("cell", name="LB-8")).to_be_visible()
    sound(page, elder=elder)
    page.get_by_role("button", name=say("回去改", "Go back")).click()
    expect(batch).to_have_value("LB-8")
    page.get_by_role("button", name=say("下一步：看改了什么", "Next: see what changes")).click()
    page.get_by_role("button", name=say("更正", "Correct it"), exact=True).click()
    expect(page.get_by_text(say("更正好了", "Corrected."))).to_be_visible()
    sound(page, elder=elder)

    own = enter(visit["account"], lang=lang, width=width, elder=elder, scripts=scripts)
    own.goto(f"/visits/{visit['id']}")
    expect(own.get_by_text(say("有内容记错了", "Something in it was wrong"))).to_be_visible()
    expect(own.get_by_text("LB-8")).to_be_visible()


def test_a_record_is_voided_by_keyboard_alone(enter, sound, clinician, visit):
    page = enter(clinician, width=390)
    page.goto(f"/visits/{visit['id']}/void")
    sound(page)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("打针的是另一个孩子")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("作废这条记录？")
    sound(page)
    page.get_by_role("button", name="作废", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("记录已作废", exact=True).first).to_be_visible()
    expect(page.get_by_text("打针的是另一个孩子")).to_be_visible()
