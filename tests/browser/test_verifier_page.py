"""The offline verifier as a checker uses it: scanner, paste, files, one person after another, without a network."""

import pytest
from playwright.sync_api import expect

from huxin.adapters.verifier_folder import Practice
from tests.conftest import SIZE
from tests.lib import rules, verifier_world
from tests.lib.browser_door import answer, next_person, on_screen, paste, scan
from tests.lib.browser_focus import unseen
from tests.lib.browser_words import Tongue, follow, new_name, tab_to
from tests.lib.hostile import health_card_text
from tests.lib.shown_cards import blurred, picture
from tests.lib.verifier_world import card, changed

SCANS = 50 if SIZE == "quick" else 1_000
NAME_IS_LARGEST = """
(verdict) => {
  const size = (one) => parseFloat(getComputedStyle(one).fontSize);
  const who = [...verdict.querySelectorAll(".verdict__name, .verdict__born")].map(size);
  const others = [...verdict.querySelectorAll("h1, dt, dd, small, p, button, select")]
    .filter((one) => !one.closest(".verdict__who, .visually-hidden")).map(size);
  return Math.min(...who) >= Math.max(...others);
}
"""


ONE_DOSE = {">=": [rules.TWO_DOSES[">="][0], 1]}
DROP = """
(bytes) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "card.png", {type: "image/png"}));
  document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
}
"""


@pytest.fixture
def name():
    return new_name("林")


def people(name, say):
    """What four people hold out; for each the drawing, the code, the reason and what to do."""
    return {
        card(name): ("genuine", "ok", say("签名有效", "the signature holds"), say("核对姓名和出生年", "Compare name")),
        changed(name): ("no", "signature", say("签名不对", "the card was changed"), say("请换原件", "scan the original")),
        card(name, region="QX"): ("check", "untrusted", say("不在本处的信任清单", "not on this place's trust list"), say("请看纸质证", "look at the paper")),
        card(name, days_ago=400): ("no", "expired", say("已经过期", "No longer valid"), say("换新卡", "renew it")),
    }  # fmt: skip


OUTCOMES = {
    "genuine": ("真卡", "Genuine"),
    "no": ("不符合", "Not accepted"),
    "check": ("再看一项", "Check one more"),
}


@pytest.mark.parametrize(("lang", "width"), [("zh", 390), ("en", 1280)])
def test_four_people_one_after_another_by_scanner(door, sound, name, lang, width):
    """Nobody touches a key or a mouse between: each scan opens the next answer."""
    say = Tongue(lang)
    page = door(lang=lang, width=width)
    sound(page)
    for text, (kind, code, reason, then) in people(name, say).items():
        if (
            kind == "no"
        ):  # after a question for one more card, the next person is told apart by a key
            page.locator("#next").click()
        scan(page, text)
        verdict = answer(page, kind, code)
        expect(verdict.locator(".specimen")).to_be_hidden()
        spoken = verdict.get_by_role("alert")
        born = "2021" if code == "signature" else "2020"
        for words in (say(*OUTCOMES[kind]), name, born, reason, then):
            expect(spoken).to_contain_text(words, ignore_case=True)
        assert verdict.get_by_role("alert").count() == 1
        expect(verdict.get_by_role("heading", level=1)).to_contain_text(say(*OUTCOMES[kind]))
        expect(verdict.locator("dd").nth(0)).to_contain_text(reason, ignore_case=True)
        expect(verdict.locator("dd").nth(1)).to_contain_text(then)
        expect(verdict.locator(".verdict__name")).to_have_text(name)
        assert verdict.evaluate(NAME_IS_LARGEST), kind
        unproved = verdict.get_by_text(say("未核实", "not verified"), exact=True)
        expect(unproved).to_have_count(int(code in ("signature", "untrusted")))
        expect(page.locator("#next")).to_be_focused()
        sound(page)
    counts = page.get_by_role("main").locator(".verdict__count")
    expect(counts).to_contain_text(say("真卡 1", "genuine 1"))
    expect(counts).to_contain_text(say("不符合 2", "not accepted 2"))
    expect(counts).to_contain_text(say("再看 1", "one more 1"))


@pytest.mark.parametrize("key", ["Enter", "Space", "Escape"])
def test_a_key_calls_the_next_person_and_a_second_line_end_does_not(door, name, key):
    page = door(moving=True)
    page.clock.pause_at(verifier_world.NOW.replace(hour=20))
    scan(page, card(name))
    answer(page, "genuine")
    page.keyboard.press("Enter")
    answer(page, "genuine")
    page.clock.run_for(1_000)
    page.keyboard.press(key)
    on_screen(page, "scan")


def test_without_a_network_and_without_a_server(door, name):
    """The list came once; from here on not one request leaves the device."""
    page = door()
    texts = [card(name), card(name + "乙")]
    scan(page, texts[0])
    answer(page, "genuine")
    page.place.stop()
    page.context.set_offline(True)
    asked = len(page.watch.requests)
    for number in range(SCANS):
        paste(page, texts[number % 2])
        suffix = "乙" if number % 2 else ""
        expect(page.locator(".verdict__name")).to_have_text(name + suffix)
    assert page.watch.requests[asked:] == []
    expect(page.locator(".verdict__count")).to_contain_text(f"真卡 {SCANS}")
    expect(page.get_by_role("main").get_by_text("离线")).to_be_visible()
    kept = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert name not in kept
    assert "HC1:" not in kept


def test_pictures_and_what_is_no_code(door, sound, name):
    page = door()
    page.get_by_text("粘贴文字、选图片").click()

    def choose(data, kind="image/png"):
        page.locator("#file").set_input_files(
            {"name": "card", "mimeType": kind, "buffer": data},
        )

    choose(picture(card(name)))
    answer(page, "genuine")
    next_person(page)
    choose(blurred(card(name)), "image/jpeg")
    told = page.locator("[data-trouble]")
    expect(told).to_contain_text("图片里没读到码")
    sound(page)
    choose(b"not a picture")
    expect(told).to_contain_text("图片里没读到码")
    huge = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\0\0\0\0" * 9
    choose(huge)
    expect(told).to_contain_text("没有打开")
    choose(picture("https://example.org/menu"))
    answer(page, "no", "prefix")
    # What is no card is nobody's answer.
    expect(page.locator(".verdict__count")).to_contain_text("不符合 0")
    next_person(page)
    box = page.get_by_label("粘贴码的文字")
    box.fill(changed(name))
    page.get_by_role("button", name="查验", exact=True).click()
    answer(page, "no", "signature")
    expect(box).to_have_value("")
    for text in (
        "HC1:",
        "HC1:" + "9" * 15_000,
        "shc:/" + "5" * 6_000,
        "{" * 5_000,
        "\u202e\x07" * 50,
    ):
        paste(page, text)
        expect(page.get_by_role("main")).not_to_have_attribute("data-code", "signature")
        on_screen(page, "answer")
    scan(page, card(name))
    answer(page, "genuine")


def test_a_picture_is_dropped_anywhere(door, name):
    page = door()
    page.evaluate(DROP, list(picture(card(name))))
    answer(page, "genuine")


def test_a_checker_works_by_keyboard_alone(door, name):
    page = door(lang="en", width=1280, begun=False)
    keys = page.keyboard
    tab_to(page, page.get_by_role("button", name="Start checking"))
    keys.press("Enter")
    on_screen(page, "scan")
    follow(page, page.get_by_role("button", name="Stop camera"))
    follow(page, page.get_by_text("Paste a text, choose a picture"))
    tab_to(page, page.get_by_label("Paste the code's text"))
    keys.type(card(name))
    follow(page, page.get_by_role("button", name="Check", exact=True))
    answer(page, "genuine")
    expect(page.locator("#next")).to_be_focused()
    assert unseen(page) == ""
    follow(page, page.get_by_role("button", name="Staffed lane, no code"))
    on_screen(page, "no-code")
    follow(page, page.get_by_role("button", name="Passed on"))
    expect(page.locator("[data-counts]")).to_contain_text("no code 1")
    follow(page, page.get_by_role("button", name="Purpose and settings"))
    on_screen(page, "begin")


def test_a_second_card_completes_what_the_first_began(door, sound, name):
    page = door(choices={"purpose": "school"})
    scan(page, card(name, dose=1))
    verdict = answer(page, "no", "rule")
    expect(verdict).to_contain_text("含麻疹疫苗 2 剂")
    expect(verdict.get_by_role("alert")).to_contain_text("请到接种门诊补种")
    page.get_by_role("button", name="同一个人，再加一张卡").click()
    expect(page.get_by_role("status").filter(has_text="另一张卡")).to_be_visible()
    sound(page)
    # What is no card leaves the question standing.
    paste(page, "https://example.org/menu")
    answer(page, "no", "prefix")
    expect(page.get_by_role("status").filter(has_text="另一张卡")).to_be_visible()
    scan(page, card(name))
    verdict = answer(page, "ok", "ok")
    expect(verdict.locator(".verdict__count")).to_contain_text("通过 1　再看 0　不符合 0")
    expect(verdict).to_contain_text("共 2 张卡")
    # The next card is another person's.
    scan(page, card(name, dose=1))
    answer(page, "no", "rule")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_purpose_that_informs_turns_nobody_away(door, name, lang):
    say = Tongue(lang)
    informs = verifier_world.data(purposes=(verifier_world.asks(effect="informs"),))
    informs["rules.json"]["rules"][0]["effect"] = "informs"
    page = door(lang=lang, data=informs, choices={"purpose": "school"})
    scan(page, card(name, dose=1))
    verdict = answer(page, "check", "rule")
    expect(verdict.get_by_role("alert")).to_contain_text(say("还差一项", "Something is due"))
    scan(page, card(name))
    verdict = answer(page, "ok")
    expect(verdict.get_by_role("heading", level=1)).to_contain_text(say("齐了", "Complete"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_of_several_regions_rules_the_checker_chooses_whose(door, sound, name, lang):
    say = Tongue(lang)
    both = verifier_world.data(purposes=(verifier_world.asks("QV"), verifier_world.asks("QW")))
    # 灯湾 asks for one dose, 苇洲 for two.
    (two,) = both["rules.json"]["rules"]
    one = rules.document(region="QV", id="QV-SCHOOL-1", logic=ONE_DOSE)
    both["rules.json"]["rules"] = [one, two]
    page = door(lang=lang, data=both, begun=False)
    whose = page.get_by_role("group", name=say("按谁的规则", "By whose rules"))
    expect(whose.get_by_role("radio")).to_have_count(2)
    expect(whose.get_by_role("radio", name=say("苇洲", "Reed Isles"))).to_be_checked()
    page.get_by_role("radio", name=say("入学", "School")).check()
    sound(page)
    whose.get_by_role("radio", name=say("灯湾", "Lantern Bay")).check()
    expect(page.get_by_role("radio", name=say("入学", "School"))).to_be_checked()
    page.locator("#begin-go").click()
    scan(page, card(name, dose=1))
    expect(answer(page, "ok")).to_contain_text(say("灯湾", "Lantern Bay"))
    # It is chosen once: after the page is opened again too.
    page.reload()
    on_screen(page, "scan")
    expect(page.locator("[data-asked-by]")).to_contain_text(say("灯湾", "Lantern Bay"))
    page.locator("#scan [data-go=begin]").click()
    whose.get_by_role("radio", name=say("苇洲", "Reed Isles")).check()
    page.locator("#begin-go").click()
    scan(page, card(name, dose=1))
    expect(answer(page, "no", "rule")).to_contain_text(say("苇洲", "Reed Isles"))


@pytest.mark.parametrize("gone", ["rules.json", "words.json", "purpose"])
def test_where_the_rules_went_away_nobody_is_let_in_unasked(door, name, gone):
    data = verifier_world.data(purposes=()) if gone == "purpose" else verifier_world.data()
    if gone != "purpose":
        data[gone] = b"null"
    page = door(data=data, choices={"purpose": "school"})
    scan(page, card(name))
    answer(page, "unk", "no-rules")


def test_what_is_chosen_in_the_settings_is_asked_at_once_and_told(door, name):
    page = door(choices={"purpose": "school"})
    page.locator("#scan [data-go=begin]").click()
    page.get_by_role("radio", name="只看是不是真卡").check()
    page.locator("[data-head] [data-go=list]").click()
    page.get_by_role("button", name="回到查验").click()
    expect(page.locator("[data-asked]")).to_contain_text("只问：是不是真卡")
    scan(page, card(name))
    answer(page, "genuine")


def test_a_practice_card_leaves_nothing_behind(door, name):
    practice = (Practice(card("练习生"), "accepted", "school"),)
    page = door(data=verifier_world.data(practice=practice))
    page.locator("#scan [data-go=begin]").click()
    page.get_by_role("button", name="先练习").click()
    page.get_by_role("button", name="样张 1").click()
    answer(page, "no", "rule")
    page.get_by_role("button", name="人工通道、没有码").click()
    page.get_by_role("button", name="回到查验").last.click()
    page.get_by_role("button", name="练习完了").click()
    scan(page, card(name))
    answer(page, "genuine")


def test_where_one_more_is_asked_for_the_next_card_of_that_person_counts(door, name):
    page = door()
    scan(page, card(name, region="QX"))
    answer(page, "check", "untrusted")
    scan(page, card(name))
    verdict = answer(page, "genuine")
    expect(verdict).to_contain_text("前面一张先不算")
    expect(verdict.locator(".verdict__count")).to_contain_text("真卡 1")
    expect(verdict.locator(".verdict__count")).to_contain_text("再看 0")
    scan(page, card(name, region="QX"))
    answer(page, "check", "untrusted")
    scan(page, card(name + "乙"))
    verdict = answer(page, "genuine")
    expect(verdict.locator(".verdict__count")).to_contain_text("真卡 2")
    expect(verdict.locator(".verdict__count")).to_contain_text("再看 1")


def test_a_card_that_is_split_over_several_codes(door):
    page = door()
    whole = health_card_text(b"\x03\x00").removeprefix("shc:/")
    third = len(whole) // 6 * 2
    pieces = [whole[:third], whole[third : 2 * third], whole[2 * third :]]
    parts = [f"shc:/{number}/3/{piece}" for number, piece in enumerate(pieces, 1)]
    for read, at in enumerate((2, 0), 1):
        paste(page, parts[at])
        expect(page.get_by_role("status").filter(has_text=f"已读 {read} / 3")).to_be_visible()
    paste(page, parts[1])
    on_screen(page, "answer")
    # The next person's is split, too, and nobody touched anything.
    for read, at in enumerate((0, 2), 1):
        paste(page, parts[at])
        expect(page.get_by_role("status").filter(has_text=f"已读 {read} / 3")).to_be_visible()
    paste(page, parts[1])
    on_screen(page, "answer")


def test_somebody_without_a_code_comes_in_the_same_way(door, sound):
    page = door()
    page.get_by_role("button", name="没有码，一样进").click()
    on_screen(page, "no-code")
    expect(page.get_by_role("main")).to_contain_text("网上申诉：https://example.org/appeals")
    sound(page)
    way = page.get_by_role("listitem").filter(has_text="看别的证件")
    way.get_by_role("button").click()
    expect(page.locator("[data-counts]")).to_contain_text("无码 1")
    page.get_by_role("button", name="重新计数").click()
    expect(page.locator("[data-counts]")).not_to_contain_text("无码")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_is_chosen_once(door, sound, lang):
    say = Tongue(lang)
    page = door(lang=lang, begun=False)
    sound(page)
    page.get_by_role("radio", name=say("入学", "School")).check()
    page.get_by_role("checkbox", name=say("静音", "Mute")).check()
    page.get_by_role("button", name=say("开始查验", "Start checking")).click()
    on_screen(page, "scan")
    expect(page.locator("[data-asked]")).to_have_text(say("入学", "School"))
    page.reload()
    on_screen(page, "scan")
    expect(page.locator("[data-asked]")).to_have_text(say("入学", "School"))
    expect(page.get_by_role("button", name=say("静音", "Mute"))).to_have_attribute(
        "aria-pressed", "true"
    )


def test_practice_is_marked_and_not_counted(door, sound):
    page = door(begun=False)
    page.get_by_role("button", name="先练习").click()
    mark = page.locator("[data-training]")
    expect(mark).to_contain_text("样张")
    sound(page)
    page.get_by_role("button", name="样张 1").click()
    on_screen(page, "answer")
    expect(mark).to_be_visible()
    expect(page.locator(".verdict__count")).not_to_contain_text("1")
    sound(page)
    next_person(page)
    page.get_by_role("button", name="练习完了").click()
    expect(mark).to_be_hidden()


@pytest.mark.parametrize(("width", "elder"), [(320, False), (390, True), (1280, False)])
def test_a_long_name_is_the_largest_word_too(door, sound, width, elder):
    page = door(width=width, choices={"elder": elder})
    sound(page, elder=elder)
    long = new_name("米") + "·" + new_name("苇上")
    scan(page, card(long))
    verdict = answer(page, "genuine")
    assert verdict.evaluate(NAME_IS_LARGEST)
    sound(page, elder=elder)
