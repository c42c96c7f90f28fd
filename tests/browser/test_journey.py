"""Will I get in?  A traveller looks before they go: on their own device, or by a form without any script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from huxin.adapters import clock
from tests.lib.browser_words import Tongue, new_name
from tests.lib.shown_cards import shown_card

WAYS = [("zh", True, 390), ("en", True, 320), ("zh", False, 1280), ("en", False, 390)]


@pytest.fixture
def asked(site):
    """The rules of a school and of work with food, published by officers of the node."""
    for pack in ("school-entry", "occupational-health"):
        site.ask("rules", pack=pack)
    return site


def ready(page, *, scripts):
    """Wait until a script has taken over, where there is one."""
    form = page.locator("form[data-journey]")
    expect(form).to_be_visible()
    if scripts:
        expect(form).to_have_attribute("data-ready", "")
    return form


def look(page, say):
    page.get_by_role("button", name=say("看一看", "Look"), exact=True).click()


def said(page):
    return page.get_by_role("main").locator("[data-outcome] h2")


@pytest.mark.parametrize(("lang", "scripts", "width"), WAYS)
def test_a_practice_person_is_tried(enter, asked, sound, lang, scripts, width):
    say = Tongue(lang)
    page = enter(lang=lang, scripts=scripts, width=width)
    page.goto("/journey?purpose=work/food")
    ready(page, scripts=scripts)
    loaded = len(page.watch.requests)
    page.get_by_label(say("试一试：练习人物", "Try it: a practice person")).select_option(
        "occupational-health.1"
    )
    look(page, say)
    expect(said(page)).to_contain_text(say("可以，到 ", "Yes, until "))
    main = page.get_by_role("main")
    expect(main).to_contain_text(say("练习人物，不是真人", "A practice person, nobody real"))
    page.get_by_label(say("预防接种证", "School entry"), exact=False).first.check()
    if not scripts:
        look(page, say)
    expect(said(page)).to_contain_text(say("还差一项", "Something is due"))
    expect(main).to_contain_text(say("接下来", "What to do"))
    how = say("在这台设备上算的", "Computed on this device") if scripts else say("由本节点答复", "Answered by this node")  # fmt: skip
    expect(main.get_by_text(how, exact=False).last).to_be_visible()
    assert (len(page.watch.requests) == loaded) is scripts
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sound(page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_own_cards_give_the_same_words_both_ways_and_send_nothing(enter, asked, lang):
    say = Tongue(lang)
    name = new_name("林")
    clerk = asked.ask("staff", role="clerk")
    person = asked.ask("person", name=name, birth="2020-03-18")
    asked.ask("card", person=person, by=clerk["name"])
    own = asked.ask("resident", person=person, shown=name)
    answers = []
    for scripts in (True, False):
        page = enter(own, lang=lang, scripts=scripts)
        page.goto("/journey?purpose=school")
        ready(page, scripts=scripts)
        loaded = len(page.watch.requests)
        look(page, say)
        expect(said(page)).to_be_visible()
        rule = page.locator('[data-outcome] [data-slot="rule"]')
        answers.append([said(page).inner_text(), *rule.all_inner_texts()])
        assert (len(page.watch.requests) == loaded) is scripts
    assert answers[0] == answers[1]
    assert len(answers[0]) > 1


@pytest.mark.parametrize(("lang", "scripts"), [("zh", True), ("en", False)])
def test_a_pasted_card_is_answered_once_by_the_node(enter, asked, lang, scripts):
    say = Tongue(lang)
    page = enter(lang=lang, scripts=scripts)
    page.goto("/journey?purpose=school")
    ready(page, scripts=scripts)
    page.get_by_text(say("用手边的卡", "Use a card at hand")).click()
    page.get_by_label(say("粘贴码的文字", "Paste the code's text")).fill(
        shown_card(new_name("林"), now=clock.now())
    )
    look(page, say)
    expect(said(page)).to_contain_text(say("还差一项", "Something is due"))
    expect(page.get_by_text(say("由本节点答复", "Answered by this node"))).to_be_visible()
    page.get_by_role("link", name=say("这些规则", "The rules"), exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(say("预防接种证", "School entry"))


@pytest.mark.parametrize(("lang", "scripts"), [("zh", True), ("en", False)])
def test_what_is_missing_is_told_and_nothing_is_lost(enter, asked, lang, scripts):
    say = Tongue(lang)
    page = enter(lang=lang, scripts=scripts)
    page.goto("/journey?purpose=school")
    ready(page, scripts=scripts)
    look(page, say)
    expect(page.get_by_role("alert")).to_contain_text("no-card")
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)


@pytest.mark.parametrize(("lang", "scripts"), [("zh", True), ("en", False)])
def test_another_day_is_another_answer(enter, asked, lang, scripts):
    say = Tongue(lang)
    page = enter(lang=lang, scripts=scripts)
    page.goto("/journey?purpose=work/food")
    ready(page, scripts=scripts)
    page.get_by_label(say("试一试：练习人物", "Try it: a practice person")).select_option(
        "occupational-health.1"
    )
    look(page, say)
    expect(said(page)).to_contain_text(say("可以，到 ", "Yes, until "))
    later = clock.now() + timedelta(days=360)
    boxes = page.get_by_role("group", name=say("哪一天去", "On which day"))
    for label, number in (
        ("年 year", later.year),
        ("月 month", later.month),
        ("日 day", later.day),
    ):
        zh, en = label.split()
        boxes.get_by_label(say(zh, en), exact=True).fill(str(number))
    if not scripts:
        look(page, say)
    expect(said(page)).not_to_contain_text(say("可以，到 ", "Yes, until "))
    expect(page.get_by_role("main")).to_contain_text(later.date().isoformat())
    # The thirtieth of February is for the node to refuse.
    boxes.get_by_label(say("月", "month"), exact=True).fill("2")
    boxes.get_by_label(say("日", "day"), exact=True).fill("30")
    look(page, say)
    expect(page.get_by_role("alert")).to_contain_text(
        say("请写年、月、日", "Write year, month and day")
    )
