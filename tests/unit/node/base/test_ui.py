"""Components: the language is marked, words are escaped, an answer is told whole."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from huxin.node.base.charts import Curve, DailyCounts, Series
from huxin.node.base.faces import CardFace, Change, Link, Step, Tile, VerdictFace, Way
from huxin.node.base.templatetags.ui import foreign, long, other, word
from huxin.packs.reader import Words

CARD = CardFace(
    Words("健康证", "Health card"), "林㑇", "2020", "苇洲", "苇洲", "2026-12-31", latin="LIN ZHOU"
)
ANSWER = VerdictFace(
    "rejected",
    Words("1 剂，要 2 剂", "1 dose, asks 2"),
    Words("去补种", "Have a dose"),
    "林㑇",
    "2020",
)


def drawn(source, lang="zh-hans", **names):
    with translation.override(lang):
        return Template(source).render(Context(names))


def said(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize(
    ("lang", "name", "html"),
    [
        ("en", "林㑇", '<span lang="zh-Hans">林㑇</span>'),
        ("zh-hans", "林㑇", "林㑇"),
        ("zh-hans", "Samira Haddad", '<span lang="en">Samira Haddad</span>'),
        ("en", "Samira Haddad", "Samira Haddad"),
        ("zh-hans", "阿依努尔·买买提", "阿依努尔·<wbr>买买提"),
        ("en", "<b>", "&lt;b&gt;"),
    ],
)
def test_a_name_is_marked_where_it_is_foreign_and_wraps_at_the_dot(lang, name, html):
    with translation.override(lang):
        assert foreign(name) == html


@pytest.mark.parametrize(
    ("name", "is_long"),
    [
        ("林㑇", False),
        ("欧阳一二三", False),
        ("阿依努尔·买买提", True),
        ("SHEN ZHIHE", False),
        ("Samira Haddad", True),
    ],
)
def test_a_long_name_is_set_smaller(name, is_long):
    assert long(name) is is_long


def test_a_pair_shows_the_page_language_and_marks_the_other():
    pair = Words("通过", "Accepted")
    with translation.override("en"):
        assert word(pair) == "Accepted"
        assert other(pair) == '<span class="en" lang="zh-Hans">通过</span>'
    with translation.override("zh-hans"):
        assert (word(pair), word("x"), word(None)) == ("通过", "x", "")
        assert other(pair) == '<span class="en" lang="en">Accepted</span>'


def test_a_button_is_a_button_and_with_an_address_a_link():
    assert '<button class="btn btn--2" type="submit">' in drawn(
        '{% button "签发" "Issue" kind="2" %}'
    )
    assert drawn('{% button "看" "Look" href=u icon="eye" %}', u="/x?a=1&b=2").startswith(
        '<a class="btn" href="/x?a=1&amp;b=2">'
    )


def test_an_icon_is_silent_unless_it_speaks_alone():
    assert 'aria-hidden="true"' in drawn('{% icon "print" %}')
    assert 'role="img" aria-label="x"' in drawn('{% icon "print" "x" %}')


def test_a_tag_has_an_icon_and_words():
    html = drawn('{% tag "不符合" "Not accepted" kind="no" %}')
    assert "icons.svg#cross" in html
    assert "不符合" in html
    assert '<span class="tag">' in drawn('{% tag "无法判断" "Cannot tell" kind="unk" %}')


def test_a_seal_names_its_region_and_a_blank_one_says_so():
    assert said(drawn('{% seal "苇洲" "苇洲" %}')).startswith("印：苇洲")
    assert "待签" in drawn("{% seal %}")


def test_a_card_holds_name_year_end_and_specimen_but_no_verdict_colour():
    html = drawn("{% credential card %}", card=CARD, node={"environment": "demo"})
    for part in ("林㑇", "2020 年生", "2026-12-31", "SPECIMEN", "样张", "LIN ZHOU", "还没有签名"):
        assert part in html
    assert not re.search(r"--(ok|no|check|unk)\b", html)
    real = drawn(
        "{% credential card %}",
        card=replace(CARD, qr="<svg/>", until=""),
        node={"environment": "production"},
    )
    assert "SPECIMEN" not in real
    assert "长期有效" in real
    assert "<svg/>" in real


def test_a_wallet_lists_cards_that_open():
    html = drawn("{% wallet cards %}", cards=[replace(CARD, url="/c/1"), replace(CARD, past=True)])
    assert 'href="/c/1"' in html
    assert "已到期" in html


@pytest.mark.parametrize(
    ("outcome", "kind", "spoken"),
    [
        ("accepted", "ok", "Accepted"),
        ("genuine", "genuine", "Genuine"),
        ("cross-check", "check", "Check one more"),
        ("rejected", "no", "Not accepted"),
        ("unknown", "unk", "Cannot tell"),
    ],
)
def test_a_verdict_is_one_spoken_sentence_outcome_name_reason_next(outcome, kind, spoken):
    html = drawn("{% verdict v %}", "en", v=replace(ANSWER, outcome=outcome))
    assert f"verdict--{kind}" in html
    sentence = re.search(r'role="alert">(.*?)</p>', html)
    assert sentence is not None
    assert said(sentence[1]) == f"{spoken}. 林㑇, born 2020. 1 dose, asks 2. Have a dose."


def test_a_verdict_may_use_another_word_and_stand_inside_a_page():
    html = drawn(
        '{% verdict v "inset" %}',
        v=replace(ANSWER, word=Words("不是真卡", "Not genuine"), offline=True, unverified=True),
    )
    assert "不是真卡" in html
    assert "<h3" in html
    assert "<main" not in html
    assert "离线" in html
    assert "未核实" in html


def test_a_tally_says_what_is_missing():
    assert "tally--apart" in drawn('{% tally "要 2" "有 1" gap="差 1 剂" %}')
    assert "tally--apart" not in drawn('{% tally "要 2" "有 2" %}')


def test_lists_speak_their_signs():
    steps = [Step("ok", "a"), Step("no", "b", "more"), Step("place", "c")]
    assert said(drawn("{% steps s %}", s=steps)).split() == ["成立:", "a不成立:", "bmorec"]
    changes = [Change("add", "a"), Change("mod", "b"), Change("del", "c")]
    assert "新增" in drawn("{% diff c %}", c=changes)
    assert "删去" in drawn("{% diff c %}", c=changes)


def test_a_name_inside_a_sentence_keeps_its_language_and_nothing_else_is_markup():
    written = """{% t "由{who}签发 <{no}>" "issued by {who} <{no}>" who=who|foreign no=no %}"""
    html = drawn(written, "en", who="林㑇<b>", no="1&2")
    assert html == 'issued by <span lang="zh-Hans">林㑇&lt;b&gt;</span> &lt;1&amp;2&gt;'


def test_a_rail_marks_where_one_is():
    html = drawn("{% rail r 2 %}", r=[Link("/1", Words("找人", "Find")), Words("记录", "Record")])
    now = re.search(r'<li aria-current="step">(.*?)</li>', html)
    assert now
    assert said(now[1]) == "2 记录"
    assert 'href="/1"' in html


def test_facts_leave_out_what_is_not_known():
    html = drawn(
        "{% facts rows %}",
        rows=[(Words("编号", "Number"), "<1>"), ("x", ""), ("y", None), ("z", Words("是", "yes"))],
    )
    assert html.count("<dt>") == 2
    assert "&lt;1&gt;" in html


def test_blocks_wrap_what_they_hold():
    html = drawn(
        '{% card "题" "Title" %}<p>x</p>{% endcard %}{% note %}y{% endnote %}{% note "done" %}z{% endnote %}'
    )
    assert "<h2>题</h2><p>x</p>" in html
    assert "note--done" in html
    assert "<h1>?</h1>" in drawn('{% confirm "?" "?" level=1 %}a{% endconfirm %}')
    assert "空" in drawn('{% nothing "空" "Empty" %}a{% endnothing %}')


def test_a_chart_is_larger_in_elder_mode_and_brings_its_table():
    daily = DailyCounts("d", "t", "x", ("1", "2"), (Series("n", (1, 2)),))
    assert 'font-size="15"' in drawn("{% chart c %}", c=daily)
    assert 'font-size="36"' in drawn("{% chart c %}", c=daily, elder=True)
    assert "<table" in drawn("{% chart c %}", c=daily)
    assert "超过上限" in drawn(
        "{% chart c %}", c=Curve("c", "t", "x", ("1",), Series("n", (1,)), upper=Series("u", (0,)))
    )


def test_tiles_are_words_and_numbers():
    html = drawn(
        '{% tiles a "本周" %}', a=[Tile(1, 2, "北塘", 2), Tile(2, 2, "西栅", 11, 3, alarm=True)]
    )
    assert said(html) == "北塘 2西栅 11"
    assert "tile--3 x2 y2" in html
    assert "超过上限" in html


def test_pages_keep_what_else_was_asked():
    page = Paginator(range(200), 10).page(9)
    request = RequestFactory().get("/x", {"q": "林", "page": "9"})
    html = drawn("{% pagination p %}", p=page, request=request)
    assert "?q=%E6%9E%97&amp;page=8" in html
    assert 'aria-current="page">9<' in html
    assert "?page=8" in drawn("{% pagination p %}", p=page)
    assert drawn("{% pagination p %}", p=Paginator([], 10).page(1)).strip() == ""


def test_the_lane_offers_links_and_forms():
    ways = [Way("a", "b", "c", "/go"), Way("d", "e", "f", "/post", post=True, value="paper")]
    html = drawn("{% lane w %}", w=ways, csrf_token="tok")
    assert 'href="/go"' in html
    assert 'name="way" value="paper"' in html
    assert 'value="tok"' in html
    assert "不记姓名" in html


@pytest.mark.parametrize(
    ("state", "words"), [("ready", "放进框里"), ("reading", "拿稳"), ("denied", "没有摄像头权限")]
)
def test_the_camera_says_what_it_does(state, words):
    assert words in drawn("{% camera s %}", s=state)
    assert "own" in drawn('{% camera s "own" %}', s=state)


def test_rulers_are_drawn_with_words():
    assert "9 到 24" in drawn("{% wait 9 15 24 %}")
    assert "about 7 min (4–12)" in drawn('{% wait 4 7 12 end=60 kind="row" %}', "en")
    assert "新鲜" in drawn("{% freshness 3 %}")


def test_no_component_writes_an_inline_style():
    html = drawn(
        "{% verdict v %}{% credential c %}{% wait 1 2 3 %}{% freshness 3 %}", v=ANSWER, c=CARD
    )
    assert "style=" not in html
    assert "onclick" not in html


def test_paper_says_both_languages_and_specimen_and_no_health_detail_on_the_card():
    face = replace(CARD, qr="<svg/>", proves=Words("合格", "Fit"))
    rows = [(Words("批号", "Batch"), "B1"), (Words("结果", "Result"), Words("合格", "Fit"))]
    sheet = drawn(
        "{% paper_sheet c rows number='N1' %}", c=face, rows=rows, node={"environment": "test"}
    )
    for part in ("健康证", "Health card", "B1", "N1", "样张", "SPECIMEN", "2026-12-31"):
        assert part in sheet
    one = drawn("{% paper_cards cards %}", cards=[face])
    assert "合格" not in one
    assert "SPECIMEN" not in one
    assert drawn("{% paper_cards cards 'x' %}", cards=[face] * 11).count("a4--cards") == 2


@pytest.mark.parametrize(
    "shell", ["", "?as=phone", "?as=verdict&outcome=unknown", "?as=sheet", "?as=cards", "?as=../x"]
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_of_components_opens_for_anybody(client, shell, lang):
    client.cookies["huxin_lang"] = lang
    answer = client.get(f"/design{shell}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{"zh-Hans" if lang == "zh" else "en"}"' in page
    assert "style=" not in page
    assert "SPECIMEN" in page or ">test<" in page


@pytest.mark.parametrize(
    "name", ["403.html", "404.html", "405.html", "413.html", "429.html", "csrf.html"]
)
@pytest.mark.parametrize(("lang", "home"), [("zh-hans", "回首页"), ("en", "Home page")])
def test_a_page_about_trouble_leads_on(name, lang, home):
    request = RequestFactory().get("/")
    request.COOKIES["huxin_lang"] = lang[:2]
    with translation.override(lang):
        page = render_to_string(name, {"retry_after": 30}, request)
    assert page.count("<h1>") == 1
    assert home in page


def test_the_page_about_a_fault_of_ours_needs_nothing():
    page = render_to_string("500.html")
    assert "不是您的问题" in page
    assert "Something failed on our side" in page
