"""The checker's journeys: pasted, from a file, from a scanner that types, from a camera; and nobody without a code."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_check import code_box, hand_in, next_person, open_check
from tests.lib.browser_focus import unseen
from tests.lib.browser_words import Tongue, follow, new_name, tab_to
from tests.lib.shown_cards import blurred, changed_card, picture, shown_card

NAME_IS_LARGEST = """
(verdict) => {
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const who = [...verdict.querySelectorAll(".verdict__name, .verdict__born")].map(size);
  const others = [...verdict.querySelectorAll("h1, dt, dd, small, p, button, a, summary")]
    .filter((one) => !one.closest(".verdict__who, .visually-hidden")).map(size);
  return Math.min(...who) >= Math.max(...others);
}
"""


@pytest.fixture
def name():
    return new_name("林")


@pytest.fixture
def cards(name):
    """What four people hold out: a card as it should be, and three with one thing wrong each."""
    now = clock.now()
    return {
        "genuine": shown_card(name, now=now),
        "changed": changed_card(name, now=now),
        "unknown issuer": shown_card(name, region="QX", now=now),
        "ended": shown_card(name, days_ago=400, now=now),
    }


def answers(say):
    """For each card the word, the drawing, the reason and what to do."""
    return {
        "genuine": (say("真卡", "Genuine"), "genuine", say("签名有效", "the signature holds"), say("核对姓名和出生年", "Compare name")),
        "changed": (say("不符合", "Not accepted"), "no", say("签名不对", "the card was changed"), say("请换原件", "scan the original")),
        "unknown issuer": (say("再看一项", "Check one more"), "check", say("不在本处的信任清单", "not on this place's trust list"), say("请看纸质证", "look at the paper")),
        "ended": (say("不符合", "Not accepted"), "no", say("已经过期", "No longer valid"), say("换新卡", "renew it")),
    }  # fmt: skip


def judged(page, say, kind, name):
    """The answer stands there: word and shape, whose card, why, what to do; once said, largest the name."""
    word, shape, reason, then = answers(say)[kind]
    verdict = page.get_by_role("main")
    expect(verdict.get_by_role("heading", level=1)).to_contain_text(word)
    expect(verdict).to_have_attribute("data-outcome", shape)
    expect(verdict.locator(".verdict__word svg")).to_be_visible()
    spoken = verdict.get_by_role("alert")
    born = "2021" if kind == "changed" else "2020"
    for words in (word, name, born, reason, then):
        expect(spoken).to_contain_text(words, ignore_case=True)
    expect(verdict.locator("dd").nth(0)).to_contain_text(reason, ignore_case=True)
    expect(verdict.locator("dd").nth(1)).to_contain_text(then)
    expect(verdict.locator(".verdict__name")).to_have_text(name)
    assert verdict.evaluate(NAME_IS_LARGEST), kind
    # A name that nobody vouches for is marked as such.
    unproved = verdict.get_by_text(say("未核实", "not verified"), exact=True)
    expect(unproved).to_have_count(0 if kind in ("genuine", "ended") else 1)


def counted(page, say, *, genuine=0, check=0, no=0):
    shown = say(
        f"真卡 {genuine}　再看 {check}　不符合 {no}",
        f"genuine {genuine} · one more {check} · not accepted {no}",
    )
    expect(page.get_by_text(shown)).to_be_visible()


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_four_people_come_to_the_gate_of_a_school(enter, sound, name, cards, lang, width):
    say = Tongue(lang)
    page = enter(lang=lang, width=width)
    page.goto("/")
    main = page.get_by_role("navigation", name=say("主导航", "Main"))
    main.get_by_role("link", name=say("查验", "Check")).click()
    page.get_by_text(say("地点和用途", "Place and purpose")).click()
    page.get_by_role("radio", name=say("学校、幼儿园", "School or kindergarten")).check()
    sound(page)
    page.get_by_role("button", name=say("用这些", "Use these")).click()
    expect(page.get_by_text(say("学校、幼儿园 ·", "School or kindergarten ·"))).to_be_visible()

    for kind, text in cards.items():
        hand_in(page, say, text)
        judged(page, say, kind, name)
        sound(page)
        next_person(page, say)
        expect(code_box(page, say)).to_have_value("")
    counted(page, say, genuine=1, check=1, no=2)


@pytest.mark.parametrize(("width", "elder"), [(320, False), (390, True), (1280, False)])
def test_a_long_name_is_the_largest_word_too(enter, sound, width, elder):
    say = Tongue("zh")
    page = enter(width=width, elder=elder)
    page.goto("/check")
    name = new_name("米") + "·" + new_name("苇上")
    hand_in(page, say, shown_card(name, now=clock.now()))
    judged(page, say, "genuine", name)
    sound(page, elder=elder)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_somebody_without_a_code_comes_in_the_same_way(enter, sound, lang):
    say = Tongue(lang)
    page = enter(lang=lang)
    page.goto("/check")
    page.get_by_role("link", name=say("没有码", "No code")).click()
    sound(page)
    way = page.get_by_role("listitem").filter(has_text=say("看别的证件", "Look at a paper"))
    way.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text(say("没有记是谁", "without a name"))
    sound(page)
    page.get_by_role("link", name=say("下一位", "Next person")).click()
    expect(page.get_by_text(say("无码 1", "no code 1"))).to_be_visible()
    page.get_by_role("button", name=say("重新计数", "Count anew")).click()
    expect(page.get_by_text(say("无码", "no code 1"), exact=True)).to_have_count(0)
    page.get_by_role("link", name=say("没有码", "No code")).click()
    page.get_by_role("link", name=say("打印挂在门口的说明", "Print the card")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有码，一样进")
    sound(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pictures_are_chosen_from_the_computer(enter, sound, name, cards, lang):
    say = Tongue(lang)
    page = enter(lang=lang)
    page.goto("/check")
    choose = page.get_by_label(say("或选图片、PDF", "Or choose a picture or PDF"))

    def choose_file(data, kind="image/png"):
        choose.set_input_files({"name": "card.png", "mimeType": kind, "buffer": data})
        page.get_by_role("button", name=say("查验", "Check"), exact=True).click()

    choose_file(picture(cards["genuine"]))
    judged(page, say, "genuine", name)
    next_person(page, say)

    choose_file(blurred(cards["genuine"]), "image/jpeg")
    told = page.get_by_role("alert")
    expect(told).to_contain_text(say("图片里没读到码", "No code could be read in the picture"))
    expect(told).to_contain_text(say("擦一下，离远一点", "Wipe it, hold it further away"))
    expect(told).to_be_focused()
    sound(page)

    choose_file(picture(cards["changed"]))
    judged(page, say, "changed", name)
    next_person(page, say)
    counted(page, say, genuine=1, no=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_scanner_types_one_card_after_another(enter, name, cards, lang):
    """Nobody touches a key or a mouse between: each scan opens the next answer."""
    say = Tongue(lang)
    page = enter(lang=lang, width=1280)
    open_check(page, say)
    expect(code_box(page, say)).to_be_focused()
    for kind in ("genuine", "ended", "unknown issuer", "changed"):
        page.keyboard.type(cards[kind])
        page.keyboard.press("Enter")
        judged(page, say, kind, name)
        expect(page.get_by_role("button", name=say("下一位", "Next person"))).to_be_focused()
    expect(page.get_by_role("main").get_by_text(say("今天：", "Today:"))).to_contain_text(
        say("真卡 1　再看 1　不符合 2", "genuine 1 · one more 1 · not accepted 2")
    )


def test_a_scanner_with_two_line_ends_does_not_skip_the_answer(enter, name, cards):
    say = Tongue("zh")
    page = enter(width=1280)
    now = clock.now()
    page.clock.install(time=now)
    open_check(page, say)
    page.clock.pause_at(now + timedelta(hours=1))  # from here it stands unless the test moves it
    page.keyboard.type(cards["ended"])
    page.keyboard.press("Enter")
    judged(page, say, "ended", name)
    asked = len(page.watch.requests)
    page.keyboard.press("Enter")
    judged(page, say, "ended", name)
    assert page.watch.requests[asked:] == []
    page.clock.run_for(1000)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("查验")
    counted(page, say, no=1)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_camera_reads_what_is_held_before_it(enter, camera, sound, name, cards, lang):
    say = Tongue(lang)
    page = enter(lang=lang)
    for kind, text in cards.items():
        camera.sees(text)
        page.goto("/check")
        page.get_by_role("button", name=say("打开摄像头", "Start camera")).click()
        judged(page, say, kind, name)
    camera.sees(None)
    page.goto("/check")
    counted(page, say, genuine=1, check=1, no=2)
    page.get_by_role("button", name=say("打开摄像头", "Start camera")).click()
    expect(page.get_by_role("status")).to_have_text(say("正在读，拿稳一点", "Reading, hold still"))
    sound(page)
    page.get_by_role("button", name=say("关闭摄像头", "Stop camera")).click()
    expect(page.get_by_role("status")).to_have_text(say("摄像头关着", "The camera is off"))


def test_the_camera_stays_open_for_the_next_person(enter, camera, name, cards):
    say = Tongue("zh")
    page = enter()
    camera.sees(cards["genuine"])
    page.goto("/check")
    page.get_by_role("button", name="打开摄像头").click()
    judged(page, say, "genuine", name)
    page.get_by_role("button", name="下一位").click()
    expect(page.get_by_role("main").get_by_text("今天：")).to_contain_text("真卡 2")
    judged(page, say, "genuine", name)


def test_a_checker_works_by_keyboard_alone(enter, name, cards):
    say = Tongue("en")
    page = enter(lang="en", width=1280)
    keys = page.keyboard
    page.goto("/")
    follow(page, page.get_by_role("navigation", name="Main").get_by_role("link", name="Check"))
    tab_to(page, code_box(page, say))
    keys.type(cards["genuine"])
    follow(page, page.get_by_role("button", name="Check", exact=True))
    judged(page, say, "genuine", name)
    after = page.get_by_role("button", name="Next person")
    expect(after).to_be_focused()
    assert unseen(page) == ""
    # A scanner that ends with two line ends must not skip the answer, so keys count a moment later.
    expect(after).not_to_have_attribute("data-wait", "")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Check")
    expect(code_box(page, say)).to_be_focused()
    assert unseen(page) == ""
    keys.type(cards["unknown issuer"])
    keys.press("Enter")
    judged(page, say, "unknown issuer", name)
    # The second card of the same person goes in without leaving the answer.
    more = page.get_by_role("main").locator("details")
    expect(more).to_have_attribute("open", "")
    tab_to(page, code_box(more, say))
    keys.type(cards["ended"])
    follow(page, more.get_by_role("button", name="Add this card and check"))
    expect(page.get_by_role("alert")).to_contain_text("No longer valid")
    follow(page, page.get_by_role("link", name="Staffed lane, no code"))
    way = page.get_by_role("listitem").filter(has_text="Use the staffed lane")
    follow(page, way.get_by_role("button"))
    follow(page, page.get_by_role("link", name="Next person"))
    expect(page.get_by_text("no code 1")).to_be_visible()
