"""The picture of a simulation: bars, numbers and words that say the same as its effect."""

import xml.etree.ElementTree as ET
from collections import Counter

import pytest

from huxin.adapters.rule_picture import NARROW, WIDE, group_name, picture
from huxin.trust.rules.simulate import Effect

SVG = "{http://www.w3.org/2000/svg}"
LOST, KEPT, GAINED = ("met", "not-met"), ("met", "met"), ("not-met", "met")


def effect(moves, purpose="school", kinds=None):
    """Return an effect in which everybody is six years old and female."""
    people = sum(moves.values())
    by_kinds = {"nothing": moves} if kinds is None else kinds
    return Effect(purpose, people, Counter(moves), {"6-11": moves}, {"F": moves}, by_kinds)


def drawn(one, language="en", **how):
    return ET.fromstring(picture(one, language, alone=True, **how))  # our own text


def texts(root):
    return [one.text for one in root.iter(f"{SVG}text")]


def boxes(root, kind):
    return [one for one in root.iter(f"{SVG}rect") if one.get("class") == kind]


def test_numbers_and_words_say_what_the_bars_show():
    root = drawn(effect({LOST: 1_200, GAINED: 300, KEPT: 8_500}))
    assert texts(root) == [
        "Who gets another answer: school",
        "1,500 of 10,000 people get another answer.",
        "The population is invented: nobody in it is anybody.",
        "not met now",
        "met now",
        "A full bar is 20 % of a group.",
        "From what to what",
        "met → not met",
        "1,200 · 12.0 %",
        "not met → met",
        "300 · 3.0 %",
        "By age",
        "6–11 years (10,000)",
        "1,500 · 15.0 %",
        "By sex",
        "female (10,000)",
        "1,500 · 15.0 %",
        "By cards held",
        "no card (10,000)",
        "1,500 · 15.0 %",
    ]
    full = float(boxes(root, "c-grid")[0].get("width"))
    dark = [float(one.get("width")) / full for one in boxes(root, "c-bar c-bar--2")[1:]]
    light = [float(one.get("width")) / full for one in boxes(root, "c-bar")[1:]]
    assert dark == pytest.approx([0.6] * 4, abs=0.001)
    assert light == pytest.approx([0.15] * 4, abs=0.001)


def test_title_and_description_are_for_who_does_not_see_it():
    root = drawn(effect({LOST: 2, KEPT: 98}), "zh")
    name = root.get("aria-labelledby")
    assert root.find(f"{SVG}title").attrib == {"id": name}
    assert root.find(f"{SVG}title").text == "谁的答案会变：school"
    described = root.find(f"{SVG}desc")
    assert described.get("id") == root.get("aria-describedby") != name
    assert "变动最小的一组只有 2 人：须联盟会签。" in described.text
    assert "按年龄：6–11 岁：2 人，2.0 %。" in described.text


def test_where_nobody_moves_there_are_no_bars():
    root = drawn(effect({KEPT: 100}))
    assert texts(root)[1] == "Nobody gets another answer."
    assert not list(root.iter(f"{SVG}rect"))


@pytest.mark.parametrize(
    ("move", "way"),
    [
        (("met", "not-met"), "not met now"),
        (("met", "fault"), "not met now"),
        (("no-rules", "not-met"), "not met now"),
        (("not-met", "met"), "met now"),
        (("fault", "met"), "met now"),
        (("no-rules", "met"), "other change"),
        (("not-met", "no-rules"), "other change"),
        (("not-met", "fault"), "other change"),
    ],
)
def test_each_move_is_one_of_three_ways(move, way):
    assert texts(drawn(effect({move: 500})))[3] == way


def test_the_groups_with_most_who_move_are_drawn_and_the_others_together():
    kinds = {"+".join(["test"] * number): {LOST: number, KEPT: 10} for number in range(1, 13)}
    told = texts(drawn(effect({LOST: 78, KEPT: 120}, kinds=kinds)))
    groups = told[told.index("By cards held") + 1 :]
    assert groups[:2] == ["test" + ", test" * 11 + " (22)", "12 · 54.5 %"]
    assert groups[-2:] == ["4 other groups (50)", "10 · 20.0 %"]


def test_few_who_move_still_show_as_a_line():
    kinds = {"test": {LOST: 50, KEPT: 50}, "nothing": {LOST: 1, KEPT: 99_999}}
    root = drawn(effect({LOST: 51, KEPT: 100_049}, kinds=kinds))
    assert min(float(one.get("width")) for one in boxes(root, "c-bar c-bar--2")) == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("width", "name"), [(NARROW, "narrow"), (WIDE, "wide")])
def test_nothing_stands_outside_at_either_width(language, width, name):
    root = drawn(effect({LOST: 1, KEPT: 100_000}), language, width=width, type_size=16)
    left, _, across, height = map(float, root.get("viewBox").split())
    assert (left, across, root.get("class")) == (-16, width + 32, f"svg chart__{name}")
    for one in root.iter(f"{SVG}text"):
        breadth = 16 * sum(1.0 if ord(letter) > 0x2E7F else 0.58 for letter in one.text)
        x = float(one.get("x"))
        ends = "c-text--end" in one.get("class")
        assert x - breadth >= 0 if ends else x + breadth <= width
        assert float(one.get("y")) < height


def test_letters_as_large_as_elder_mode_leave_room_for_the_bars():
    root = drawn(effect({LOST: 1, KEPT: 100_000}), "zh", width=NARROW, type_size=36)
    lengths = [float(one.get("width")) for one in root.iter() if one.tag.endswith("rect")]
    assert min(lengths) > 0
    assert max(lengths) == NARROW


def test_a_page_brings_its_own_colours_and_the_same_effect_the_same_text():
    one = effect({LOST: 5, KEPT: 95}, purpose="visit/hospital")
    inside = picture(one, "en")
    assert inside == picture(one, "en")
    assert "<style" not in inside
    assert "style=" not in inside
    assert "xmlns" not in inside
    assert 'viewBox="0 0 760 ' in inside
    assert picture(one, "en", alone=True).endswith("</svg>\n")


def test_pictures_on_one_page_have_names_of_their_own():
    named = [
        drawn(effect({LOST: number, KEPT: 95}, purpose="a word of two"), width=width)
        for number in (5, 6)
        for width in (NARROW, WIDE)
    ]
    marks = [root.get("aria-labelledby") for root in named]
    assert len(set(marks)) == 4
    assert not any(" " in mark for mark in marks)
    assert [root.find(f"{SVG}title").get("id") for root in named] == marks


def test_words_are_escaped():
    root = drawn(effect({LOST: 5}, purpose="<&"))
    assert texts(root)[0] == "Who gets another answer: <&"


def test_groups_have_names_in_both_languages():
    assert group_name("75+", "zh") == "75+ 岁"
    assert group_name("M", "en") == "male"
    assert group_name("vaccination+certificate", "zh") == "接种、欧盟证书"
