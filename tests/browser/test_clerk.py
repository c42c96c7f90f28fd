"""The clerk's journeys: a child who is new here gets a card, in two languages, and whatever can go wrong."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_desk import look_for
from tests.lib.browser_words import Tongue, box, follow, new_name, tab_to, written


@pytest.fixture
def clerk(site):
    return site.ask("staff", role="clerk", shown="沈砚")


@pytest.fixture
def child(site):
    """A child who is registered, with a name that nobody else bears."""
    name = new_name("林")
    return {"name": name, "id": site.ask("person", name=name, birth="2020-03-18")}


def fill_dose(page, say, *, dose="2", year="2025"):
    box(page, say("疫苗", "Vaccine")).select_option("mmr")
    box(page, say("剂次", "Dose")).fill(dose)
    day = page.get_by_role("group", name=say("接种日期", "Date given"))
    for part, value in zip(
        (say("年", "year"), say("月", "month"), say("日", "day")), (year, "3", "20"), strict=True
    ):
        box(day, part).fill(value)


def go_on(page, say):
    page.get_by_role("button", name=say("下一步：核对", "Next: check")).click()


def sign(page, say):
    page.get_by_role("button", name=say("签发", "Sign and issue"), exact=True).click()
    expect(page.get_by_text(say("已签发。", "Issued."))).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_child_who_is_new_here_gets_a_card(enter, clerk, sound, lang, width, scripts):
    say = Tongue(lang)
    page = enter(clerk, lang=lang, width=width, scripts=scripts)
    name = new_name("苏")
    look_for(page, say, name)
    expect(page.get_by_role("heading", name=say("没有找到", "Nobody found"))).to_be_visible()
    sound(page)

    page.get_by_role("link", name=say("登记这位", "Register this person")).click()
    expect(box(page, say("姓名", "Name"))).to_have_value(name)
    born = page.get_by_role("group", name=say("出生日期", "Date of birth"))
    box(born, say("年", "year")).fill("2020")
    box(page, say("性别", "Sex")).select_option("female")
    page.get_by_role("button", name=say("登记", "Register"), exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    page.get_by_role("link", name=say("预防接种证·入托入学查验", "School entry")).click()

    fill_dose(page, say, dose="21")
    go_on(page, say)
    told = page.get_by_role("alert")
    expect(told).to_be_focused()
    told.get_by_role("link", name=say("剂次", "Dose")).click()
    dose = box(page, say("剂次", "Dose"))
    expect(dose).to_be_focused()
    expect(dose).to_have_value("21")
    sound(page)

    dose.fill("2")
    go_on(page, say)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        say("请念给本人听，再签", "Read it aloud to the person, then sign")
    )
    sound(page)
    sign(page, say)
    expect(written(page, name)).to_be_visible()
    sound(page)
    page.get_by_role("link", name=say("打印", "Print"), exact=True).click()
    expect(written(page, name)).to_be_visible()
    expect(page.get_by_text("SPECIMEN").first).to_be_visible()


def test_a_session_that_ends_in_the_middle_of_the_form_loses_nothing(enter, site, clerk, child):
    say = Tongue("zh")
    page = enter(clerk, width=1280)
    page.goto(f"/desk/people/{child['id']}/new/school-entry")
    fill_dose(page, say, dose="1")
    box(page, "批号").fill("M2031")
    page.context.clear_cookies()
    go_on(page, say)
    expect(page.get_by_text("您填的内容已经存好")).to_be_visible()
    box(page, "账号").fill(clerk["name"])
    box(page, "密码").fill(clerk["password"])
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_text("这是您上次没填完的内容")).to_be_visible()
    expect(box(page, "批号")).to_have_value("M2031")
    expect(box(page, "剂次")).to_have_value("1")
    go_on(page, say)
    sign(page, say)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_double_click_on_sign_gives_one_card(enter, clerk, child, scripts):
    say = Tongue("zh")
    page = enter(clerk, width=1280, scripts=scripts)
    page.goto(f"/desk/people/{child['id']}/new/school-entry")
    fill_dose(page, say)
    go_on(page, say)
    page.get_by_role("button", name="签发", exact=True).dblclick(no_wait_after=True)
    expect(page.get_by_text("已签发。")).to_be_visible()
    page.goto(f"/desk/people/{child['id']}")
    cards = page.get_by_role("table", name="本机构签的卡")
    expect(cards.get_by_role("link", name="打开")).to_have_count(1)


def test_after_signing_out_the_back_button_shows_nobody(enter, clerk, child):
    page = enter(clerk, width=1280)
    page.goto(f"/desk/people/{child['id']}")
    expect(page.get_by_role("heading", level=1, name=child["name"])).to_be_visible()
    page.get_by_role("link", name="退出").click()
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    expect(page.get_by_text(child["name"])).to_have_count(0)


def test_a_clerk_issues_by_keyboard_alone(enter, clerk, child):
    say = Tongue("zh")
    page = enter(clerk, width=1280)
    keys = page.keyboard
    page.goto("/desk")
    tab_to(page, box(page, "姓名或证件号"))
    keys.type(child["name"])
    tab_to(page, page.get_by_role("checkbox", name="本人或代办人在场"))
    keys.press("Space")
    keys.press("Enter")
    expect(page.get_by_role("heading", name="找到 1 位")).to_be_visible()
    follow(page, page.get_by_role("link", name="是这位"))
    follow(page, page.get_by_role("link", name="预防接种证·入托入学查验"))
    tab_to(page, box(page, "疫苗"))
    keys.press("ArrowDown")
    tab_to(page, box(page, "剂次"))
    keys.type("2")
    for part, value in (("年", "2025"), ("月", "3"), ("日", "20")):
        day = page.get_by_role("group", name="接种日期")
        tab_to(page, box(day, part))
        keys.type(value)
    follow(page, page.get_by_role("button", name="下一步：核对"))
    follow(page, page.get_by_role("button", name="签发", exact=True))
    expect(page.get_by_text(say("已签发。", "Issued."))).to_be_visible()


def test_a_box_to_tick_is_seen_whole_however_high_the_window_is(enter, clerk):
    """Where the window's edge lies within its label, the window goes on until all of it is there."""
    page = enter(clerk, width=1280)
    page.goto("/desk")
    words = box(page, "姓名或证件号")
    there = page.get_by_role("checkbox", name="本人或代办人在场")
    for height in range(420, 760, 8):
        page.set_viewport_size({"width": 1280, "height": height})
        page.evaluate("scrollTo(0, 0)")
        words.focus()
        tab_to(page, there)


def test_a_colleague_looks_at_what_was_corrected_since(enter, site, clerk, child):
    """Two clerks change one person: the second sees both versions, and loses nothing."""
    first, second = enter(clerk, width=1280), enter(clerk, width=1280)
    for page in (first, second):
        page.goto(f"/desk/people/{child['id']}/change")
    box(first, "联系方式").fill("船埠 3 号")
    first.get_by_role("button", name="保存").click()
    expect(first.get_by_text("已存好。")).to_be_visible()
    box(second, "联系方式").fill("桥东 8 号")
    second.get_by_role("button", name="保存").click()
    row = second.get_by_role("row", name="联系方式")
    expect(row).to_contain_text("船埠 3 号")
    expect(row).to_contain_text("桥东 8 号")
    second.get_by_role("button", name="存这一份").click()
    expect(second.get_by_text("桥东 8 号")).to_be_visible()
