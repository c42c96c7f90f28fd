"""An elder without a telephone, and a neighbour who helps: recorded on paper, shown and printed, ended in silence."""

import pytest
from playwright.sync_api import expect

from tests.lib.browser_desk import Agreed, open_person, record
from tests.lib.browser_words import Tongue, box, follow, new_name, sign_in, tab_to, written


@pytest.fixture
def scene(site):
    """An elder with a card from this desk, a neighbour with an account, and somebody who is none of theirs."""

    class Scene:
        clerk = site.ask("staff", role="clerk", shown="沈砚")
        elder = new_name("顾")
        helper = new_name("陆")
        stranger = new_name("夏")
        elder_id = site.ask("person", name=elder, birth="1941-02-03")
        helper_id = site.ask("person", name=helper, birth="1988-04-05")
        stranger_id = site.ask("person", name=stranger, birth="1950-01-01")
        card = site.ask("card", person=elder_id, by=clerk["name"])
        strange_card = site.ask("card", person=stranger_id, by=clerk["name"])
        account = site.ask("resident", person=helper_id, shown=helper)

    return Scene


def agreed(say, scene):
    return Agreed(
        scene.elder,
        scene.helper,
        say("代办人", "Helper"),
        say("本人当面在纸上签字", "signed on paper, here in person"),
        90,
    )


def open_cards(page, say, scene):
    """The helper picks the elder among those whose cards are theirs to open."""
    page.goto("/wallet")
    whose = page.get_by_role("navigation", name=say("谁的卡", "Whose cards"))
    whose.get_by_role("link", name=scene.elder).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(scene.elder)


def show_and_print(page, say, scene, sound):
    open_cards(page, say, scene)
    sound(page)
    page.get_by_role("main").get_by_role("link", name=say("预防接种证", "School entry")).click()
    expect(page.get_by_role("img", name=say("二维码", "QR"))).to_be_visible()
    sound(page)
    page.get_by_role("link", name=say("打印", "Print"), exact=True).click()
    expect(written(page, scene.elder)).to_be_visible()
    sound(page)
    page.emulate_media(media="print")
    assert page.pdf().startswith(b"%PDF")
    page.emulate_media(media="screen")


def sees_nothing(page, say, scene):
    """No name, no card, no log of the elder's, and no word of it."""
    page.goto("/wallet")
    expect(page.get_by_role("heading", level=1)).to_have_text(say("我的卡", "My cards"))
    for place in ("/wallet", "/wallet/messages", "/wallet/family", "/visits"):
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_text(scene.elder)).to_have_count(0)
    for place in elders_pages(scene):
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_have_text(
            say("没有这一页", "There is no such page")
        )


def elders_pages(scene):
    return (
        f"/wallet/{scene.elder_id}",
        f"/wallet/access/{scene.elder_id}",
        f"/card/{scene.card}",
        f"/cards/{scene.card}/print",
    )


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_neighbour_helps_until_the_elder_ends_it_on_a_borrowed_phone(
    enter, scene, sound, lang, width
):
    say = Tongue(lang)
    desk = enter(scene.clerk, lang=lang, width=width)
    record(desk, say, agreed(say, scene), sound)
    desk.get_by_role("link", name=say("回到这位", "Back to the person")).click()
    desk.get_by_role("button", name=say("做一张领取单", "Make a claim slip")).click()
    code = desk.locator(".code-block").inner_text()

    helper = enter(lang=lang)
    helper.goto("/")
    sign_in(helper, say, scene.account)
    show_and_print(helper, say, scene, sound)
    open_cards(helper, say, scene)
    helper.get_by_role("link", name=say("谁看过这些数据", "Who looked at these data")).click()
    sound(helper)
    # What was agreed ends with this person's cards; who else may act is the elder's own affair.
    expect(helper.get_by_text(say("登记了一位代办人", "Recorded who may act"))).to_have_count(0)
    for place in (
        f"/wallet/{scene.stranger_id}",
        f"/card/{scene.strange_card}",
        f"/wallet/access/{scene.stranger_id}",
    ):
        helper.goto(place)
        expect(helper.get_by_role("heading", level=1)).to_have_text(
            say("没有这一页", "There is no such page")
        )
    helper.goto("/desk")
    expect(helper.get_by_role("heading", level=1)).to_have_text(
        say("这一页不给您看", "This page is not open to you")
    )

    phone = enter(lang=lang, elder=True)
    take_the_slip(phone, say, code, sound)
    end_it(phone, say, scene, sound)
    sees_nothing(helper, say, scene)
    phone.goto("/wallet")
    phone.get_by_role("link", name=say("谁看过我的数据", "Who looked at my data")).click()
    sound(phone, elder=True)
    looks = phone.get_by_role("row").filter(has_text=scene.helper)
    for words in (
        say("打开了卡包", "Opened the list of cards"),
        say("打开了一张卡", "Opened a card"),
        say("打印了一张卡", "Printed a card"),
    ):
        expect(looks.filter(has_text=words).first).to_contain_text(say("代办人", "Helper"))


def take_the_slip(page, say, code, sound):
    """In elder mode, with the paper from the desk: code, year of birth, an account of one's own."""
    page.goto("/")
    sound(page, elder=True)
    page.get_by_role("link", name=say("登录", "Sign in"), exact=True).click()
    page.get_by_role("link", name=say("输入领取单", "Enter a claim slip")).click()
    sound(page, elder=True)
    box(page, say("领取单上的码", "Code on the claim slip")).fill(code)
    box(page, say("出生年", "Year of birth")).fill("1941")
    page.get_by_role("button", name=say("继续", "Go on")).click()
    sound(page, elder=True)
    page.get_by_role("link", name=say("建一个账号", "Make an account")).click()
    sound(page, elder=True)
    box(page, say("账号名", "Account name")).fill(f"elder-{code[:4].lower()}-{code[-4:].lower()}")
    box(page, say("密码", "Password")).fill("three quiet lanterns")
    box(page, say("密码，再写一次", "Password again")).fill("three quiet lanterns")
    page.get_by_role("button", name=say("建账号并登录", "Make it and sign in")).click()
    expect(page.get_by_role("link", name=say("亮码", "Show code"))).to_be_visible()
    sound(page, elder=True)


def end_it(page, say, scene, sound):
    """The message says who may act; three taps end it."""
    page.get_by_role("link", name=say("有新的消息", "New messages")).click()
    told = page.get_by_role("article").filter(has_text=scene.helper)
    expect(told).to_contain_text(say("可以替您办事", "may act for you"))
    sound(page, elder=True)
    told.get_by_role("link", name=say("家人和代办人", "Family and helpers")).click()
    sound(page, elder=True)
    page.get_by_role("link", name=say("结束代办", "End it")).click()
    sound(page, elder=True)
    page.get_by_role("button", name=say("结束", "End it"), exact=True).click()
    expect(page.get_by_text(say("对方没有收到通知", "was not told"))).to_be_visible()
    sound(page, elder=True)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_elder_ends_it_at_the_desk_without_a_phone(enter, scene, sound, lang):
    say = Tongue(lang)
    desk = enter(scene.clerk, lang=lang, width=1280)
    record(desk, say, agreed(say, scene))
    helper = enter(scene.account, lang=lang)
    open_cards(helper, say, scene)

    open_person(desk, say, scene.elder, purpose="help")
    desk.get_by_role("link", name=say("登记或结束代办", "Record or end it")).click()
    desk.get_by_role("button", name=say("结束", "End it")).click()
    expect(desk.get_by_text(say("已结束，马上生效。", "Ended, at once."))).to_be_visible()
    sound(desk)
    # The helper had the cards open: the next tap finds nothing.
    helper.get_by_role("main").get_by_role("link", name=say("预防接种证", "School entry")).click()
    expect(helper.get_by_role("heading", level=1)).to_have_text(
        say("没有这一页", "There is no such page")
    )
    sees_nothing(helper, say, scene)


@pytest.mark.parametrize(("lang", "width"), [("zh", 1280), ("en", 390)])
def test_a_lost_card_is_printed_again_at_the_desk(enter, scene, sound, lang, width):
    """Name, present, find; that is the person; print."""
    say = Tongue(lang)
    page = enter(scene.clerk, lang=lang, width=width)
    open_person(page, say, scene.elder)
    sound(page)
    cards = page.get_by_role("table", name=say("本机构签的卡", "Cards signed here"))
    cards.get_by_role("link", name=say("打印", "Print")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("预防接种证·入托入学查验")
    expect(written(page, scene.elder)).to_be_visible()
    expect(page.get_by_role("button", name=say("打印", "Print"))).to_be_visible()
    sound(page)


def test_a_helper_shows_and_an_elder_ends_it_by_keyboard_alone(enter, site, scene):
    site.ask("guardian", child=scene.elder_id, holder=scene.helper_id)
    own = site.ask("resident", person=scene.elder_id)
    helper = enter(lang="en")
    helper.goto("/accounts/login/")
    keys = helper.keyboard
    tab_to(helper, box(helper, "Account name"))
    keys.type(scene.account["name"])
    tab_to(helper, box(helper, "Password"))
    keys.type(scene.account["password"])
    keys.press("Enter")
    follow(helper, helper.get_by_role("link", name="My cards").first)
    whose = helper.get_by_role("navigation", name="Whose cards")
    follow(helper, whose.get_by_role("link", name=scene.elder))
    expect(helper.get_by_role("heading", level=1)).to_contain_text(scene.elder)
    follow(helper, helper.get_by_role("main").get_by_role("link", name="School entry"))
    expect(helper.get_by_role("img", name="QR")).to_be_visible()
    follow(helper, helper.get_by_role("link", name="Print", exact=True))
    expect(written(helper, scene.elder)).to_be_visible()
    tab_to(helper, helper.get_by_role("button", name="Print"))

    elder = enter(own, elder=True)
    elder.goto("/wallet")
    follow(elder, elder.get_by_role("link", name="家人和代办人"))
    follow(elder, elder.get_by_role("link", name="结束代办"))
    follow(elder, elder.get_by_role("button", name="结束", exact=True))
    expect(elder.get_by_text("对方没有收到通知")).to_be_visible()
    sees_nothing(helper, Tongue("en"), scene)
