"""Three whole journeys without JavaScript: a resident, a checker, a clerk and whoever gets the claim slip.

Every browser in this file has scripts turned off; what is clicked is links, buttons and forms.
"""

import functools

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_check import code_box, hand_in
from tests.lib.browser_desk import look_for
from tests.lib.browser_words import Tongue, box, new_name, sign_in, written
from tests.lib.shown_cards import blurred, changed_card, picture, shown_card


@pytest.fixture
def browser(enter):
    """`enter`, where no script ever runs."""
    return functools.partial(enter, scripts=False)


def heading(page):
    return page.get_by_role("heading", level=1)


@pytest.mark.parametrize(("lang", "elder"), [("zh", True), ("en", False)])
def test_a_resident_shows_and_prints_without_scripts(browser, site, lang, elder):
    say = Tongue(lang)
    clerk = site.ask("staff", role="clerk")
    name = new_name("顾")
    person = site.ask("person", name=name, birth="1958-02-03")
    site.ask("card", person=person, by=clerk["name"])
    own = site.ask("resident", person=person, shown=name)

    page = browser(lang=lang, elder=elder)
    page.goto("/")
    sign_in(page, say, own)
    page.goto("/wallet")
    if elder:
        page.get_by_role("link", name="亮码").click()
    else:
        page.get_by_role("main").get_by_role("link", name="School entry").click()
    expect(page.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(name)
    # What only a script can do is not offered.
    page.get_by_text(say("更多：图片", "More: picture")).click()
    expect(page.get_by_role("button", name=say("复制图片", "Copy picture"))).to_have_count(0)
    with page.expect_download() as saved:
        page.get_by_role("link", name=say("保存图片", "Save picture")).click()
    assert saved.value.path().read_bytes().startswith(b"\x89PNG")

    page.get_by_role("link", name=say("证明什么", "What it says")).click()
    expect(page.get_by_role("heading", name=say("它不说什么", "What it does not say"))).to_be_visible()  # fmt: skip
    page.get_by_role("link", name=say("打印带去", "Print it to take along")).click()
    expect(written(page, name)).to_be_visible()
    expect(page.get_by_text("Ctrl+P")).to_be_visible()
    expect(page.get_by_role("button", name=say("打印", "Print"))).to_have_count(0)
    assert page.pdf().startswith(b"%PDF")

    page.goto("/wallet")
    page.get_by_role("button", name=say("标准模式", "Larger type")).click()
    page.get_by_role("link", name=say("谁看过我的数据", "Who looked at my data")).click()
    issued = page.get_by_role("row").filter(has_text=say("签发了一张卡", "Issued a card"))
    expect(issued).to_contain_text(say("签发员", "Clerk"))
    page.get_by_role("link", name=say("退出", "Sign out")).click()
    page.get_by_role("button", name=say("退出", "Sign out")).click()
    expect(page.get_by_role("link", name=say("登录", "Sign in"), exact=True)).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_a_checker_pastes_and_chooses_files_without_scripts(browser, lang, width):
    say = Tongue(lang)
    now, name = clock.now(), new_name("林")
    page = browser(lang=lang, width=width)
    page.goto("/check")
    expect(code_box(page, say)).to_be_focused()
    expect(page.get_by_role("button", name=say("打开摄像头", "Start camera"))).to_have_count(0)

    hand_in(page, say, shown_card(name, now=now))
    expect(heading(page)).to_contain_text(say("真卡", "Genuine"))
    expect(page.get_by_role("alert")).to_contain_text(name)
    expect(page.get_by_role("button", name=say("下一位", "Next person"))).to_be_focused()
    page.keyboard.press("Enter")

    choose = page.get_by_label(say("或选图片、PDF", "Or choose a picture or PDF"))
    ask = page.get_by_role("button", name=say("查验", "Check"), exact=True)
    unreadable = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": blurred("HC1:")}
    choose.set_input_files(unreadable)
    ask.click()
    expect(page.get_by_role("alert")).to_contain_text(
        say("图片里没读到码", "No code could be read")
    )
    two = [
        {"name": "a.png", "mimeType": "image/png", "buffer": picture(shown_card(name, now=now))},
        {"name": "b.png", "mimeType": "image/png", "buffer": picture(changed_card(name, now=now))},
    ]
    choose.set_input_files(two)
    ask.click()
    expect(heading(page)).to_contain_text(say("不符合", "Not accepted"))
    expect(page.get_by_role("main")).to_contain_text(say("说的是第 2 张卡", "about card 2"))
    page.get_by_role("button", name=say("下一位", "Next person")).click()

    hand_in(page, say, shown_card(name, region="QX", now=now))
    expect(heading(page)).to_contain_text(say("再看一项", "Check one more"))
    more = page.get_by_role("main").locator("details")
    code_box(more, say).fill(shown_card(name, days_ago=400, now=now))
    more.get_by_role("button", name=say("加上这张卡", "Add this card")).click()
    expect(page.get_by_role("alert")).to_contain_text(say("已经过期", "No longer valid"))
    page.get_by_role("link", name=say("人工通道、没有码", "Staffed lane, no code")).click()
    page.get_by_role("button", name=say("走人工通道了", "Passed on")).click()
    page.get_by_role("link", name=say("下一位", "Next person")).click()
    # The person with two cards is one person.
    expect(page.get_by_text(say("真卡 1　再看 0　不符合 2", "genuine 1 · one more 0 · not accepted 2"))).to_be_visible()  # fmt: skip
    expect(page.get_by_text(say("无码 1", "no code 1"))).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_clerk_issues_and_a_claim_slip_is_used_without_scripts(browser, site, lang, width):
    say = Tongue(lang)
    clerk = site.ask("staff", role="clerk", shown="沈砚")
    name = new_name("苏")
    desk = browser(lang=lang, width=width)
    desk.goto("/")
    sign_in(desk, say, clerk)
    look_for(desk, say, name)
    desk.get_by_role("link", name=say("登记这位", "Register this person")).click()
    born = desk.get_by_role("group", name=say("出生日期", "Date of birth"))
    box(born, say("年", "year")).fill("1958")
    desk.get_by_role("button", name=say("登记", "Register"), exact=True).click()
    desk.get_by_role("link", name=say("健康证", "Occupational health")).click()
    code = issue(desk, say, name)

    phone = browser(lang=lang, elder=True)
    phone.goto("/claim")
    claim(phone, say, code, "1985")
    expect(phone.get_by_role("alert")).to_contain_text(say("没有打开", "It did not open"))
    claim(phone, say, code.lower().replace("-", " "), "1958")
    expect(heading(phone)).to_have_text(say("怎样看卡", "How to see the cards"))
    expect(phone.get_by_role("main")).to_contain_text(name)
    phone.get_by_role("button", name=say("现在就看", "See them now")).click()
    phone.get_by_role("link", name=say("亮码", "Show code")).click()
    expect(phone.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()
    phone.goto("/wallet")
    phone.get_by_role("button", name=say("收起", "Put away")).click()
    expect(phone.get_by_text(say("已收起", "Put away;"))).to_be_visible()
    # The slip was for one use, and the phone goes back to whoever lent it.
    phone.goto("/wallet")
    expect(heading(phone)).to_have_text(say("登录", "Sign in"))
    phone.goto("/claim")
    claim(phone, say, code, "1958")
    expect(phone.get_by_role("alert")).to_contain_text(say("没有打开", "It did not open"))


def issue(page, say, name):
    """From the pack's form to the slip; with the preview, which without scripts is a button."""
    box(page, say("岗位类别", "Work class")).select_option("food")
    day = page.get_by_role("group", name=say("体检日期", "Date examined"))
    for part, value in ((say("年", "year"), "2026"), (say("月", "month"), "3"), (say("日", "day"), "20")):  # fmt: skip
        box(day, part).fill(value)
    page.get_by_role("button", name=say("刷新", "Refresh")).click()
    expect(page.locator("#preview")).to_contain_text(name)
    expect(box(page, say("岗位类别", "Work class"))).to_have_value("food")
    page.get_by_role("radio", name=say("领取单", "Claim slip")).check()
    page.get_by_role("button", name=say("下一步：核对", "Next: check")).click()
    page.get_by_role("button", name=say("签发", "Sign and issue"), exact=True).click()
    expect(page.get_by_text(say("已签发。", "Issued."))).to_be_visible()
    page.get_by_role("button", name=say("领取单", "Claim slip")).click()
    expect(page.get_by_text("Ctrl+P")).to_be_visible()
    code = page.locator(".code-block")
    expect(code).to_be_visible()
    return code.inner_text()


def claim(page, say, code, year):
    box(page, say("领取单上的码", "Code on the claim slip")).fill(code)
    box(page, say("出生年", "Year of birth")).fill(year)
    page.get_by_role("button", name=say("继续", "Go on")).click()
