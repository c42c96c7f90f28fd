"""Key pages read aloud, in Chinese and in English, held to `docs/reference/spoken.md`.

A node of their own: what a page says depends on who is registered there and on nothing else.
"""

import re
from types import SimpleNamespace

import pytest

from tests.lib import browser_voice, spoken
from tests.lib.browser_node import running_node
from tests.lib.browser_words import Tongue, box

MARKED = re.compile(r"‹\w+ [^›]*›|“[^”]*”")
LANGUAGES = ("zh", "en")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    with running_node(tmp_path_factory.mktemp("spoken") / "node") as made:
        yield made


@pytest.fixture(scope="module")
def scene(site):
    """A clerk, and a child with a card and an account of her own."""
    clerk = site.ask("staff", role="clerk")
    child = site.ask("person", name="林㑇", birth="2020-03-18", latin="LIN ZHOU")
    card = site.ask("card", person=child, by=clerk["name"])
    resident = site.ask("resident", person=child, shown="林㑇")
    other = site.ask("person", name="顾小舟", birth="1992-01-01")
    site.ask("card", person=other, by=clerk["name"])
    neighbour = site.ask("resident", person=other, shown="顾小舟")
    codes = site.ask("codes", card=card)
    return SimpleNamespace(child=child, card=card, resident=resident, neighbour=neighbour, **codes)


def home(page, scene, say):
    page.goto("/")


def sign_in(page, scene, say):
    page.goto("/accounts/login/")


def found(page, scene, say):
    page.goto("/desk")
    box(page, say("姓名或证件号", "Name or document number")).fill("林㑇")
    page.get_by_role("checkbox", name=say("本人或代办人在场", "The person or")).check()
    page.get_by_role("button", name=say("查找", "Find"), exact=True).click()
    page.get_by_role("heading", name=say("找到 1 位", "1 found")).wait_for()


def faulty_form(page, scene, say):
    page.goto(f"/desk/people/{scene.child}/new/school-entry")
    box(page, say("剂次", "Dose")).fill("21")
    page.get_by_role("button", name=say("下一步：核对", "Next: check")).click()
    page.get_by_role("alert").wait_for()


def card(page, scene, say):
    page.goto(f"/card/{scene.card}")


def about(page, scene, say):
    page.goto(f"/card/{scene.card}/about")


def sheet(page, scene, say):
    page.goto(f"/cards/{scene.card}/print")


def _checked(page, say, text):
    page.goto("/check")
    box(
        page,
        say("扫码枪扫到这里，或粘贴码的文字", "Scan into this field, or paste the code's text"),
    ).fill(text)
    page.get_by_role("button", name=say("查验", "Check"), exact=True).click()
    page.locator(".verdict").wait_for()


def genuine(page, scene, say):
    _checked(page, say, scene.genuine)


def changed(page, scene, say):
    _checked(page, say, scene.changed)


def no_code(page, scene, say):
    page.goto("/check/no-code")


def looked(page, scene, say):
    page.goto("/wallet/access")


# Whose page it is, and how one comes there.
PAGES = {
    "Home 首页": (None, home),
    "Sign in 登录": (None, sign_in),
    "The desk finds somebody 窗口找人": ("clerk", found),
    "A form with faults 填错的表": ("clerk", faulty_form),
    "Show a card 亮码": ("resident", card),
    "What the card says 这张卡证明什么": ("resident", about),
    "The printed sheet 打印的证页": ("resident", sheet),
    "A verdict: genuine 结论：真卡": (None, genuine),
    "A verdict: changed 结论：改过的": (None, changed),
    "No code 没有码": (None, no_code),
    "Who looked at my data 谁看过我的数据": ("neighbour", looked),
}


@pytest.fixture
def read(enter, site, scene):
    """`read(name, lang)`: the page of this name in this language, as it stands."""

    def opened(name, lang):
        who, go = PAGES[name]
        # A clerk of today: how often somebody has searched stands on the page.
        account = (
            site.ask("staff", role="clerk") if who == "clerk" else getattr(scene, who or "", None)
        )
        page = enter(account, lang=lang)
        go(page, scene, Tongue(lang))
        return page

    return opened


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_is_written(read, name):
    said = {lang: browser_voice.say(read(name, lang), lang) for lang in LANGUAGES}
    rows = spoken.table(*(spoken.told(said[lang], lang) for lang in LANGUAGES))
    expected = spoken.written().get(name, [])
    assert rows == expected, "The page now says:\n" + "\n".join(rows)
    for lang in LANGUAGES:
        assert unmarked(said[lang], lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_begins_and_ends_with_what_is_written(read, lang):
    page = read("Home 首页", lang)
    for landmark, name in (
        ("banner", "The head of every page 每页的页头"),
        ("contentinfo", "The foot of every page 每页的页脚"),
    ):
        column = 1 if lang == "zh" else 2
        expected = [row.split(" | ")[column - 1].strip("| ") for row in spoken.written()[name]]
        assert browser_voice.say(page, lang, landmark) == expected


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("A verdict: genuine 结论：真卡", ["真卡|Genuine", "林㑇", "2020", "签名有效|the signature holds", "核对姓名|Compare name"]),
        ("A verdict: changed 结论：改过的", ["不符合|Not accepted", "林㑇", "2021|2019", "未核实|not verified", "签名不对|was changed", "请换原件|scan the original"]),
    ],
)  # fmt: skip
def test_a_verdict_is_one_sentence_said_at_once(read, lang, name, parts):
    (sentence,) = filter(None, browser_voice.announced(read(name, lang), lang))
    # All of it, and in this order.
    assert re.search(".*".join(f"({part})" for part in parts), sentence, re.IGNORECASE), sentence


def unmarked(lines, lang):
    """The lines with words in another language that are not marked; what somebody typed has none."""
    foreign = re.compile("LIN ZHOU" if lang == "zh" else "[\u2e80-\u9fff\uf900-\ufaff]")
    return [line for line in lines if foreign.search(MARKED.sub("", line))]
