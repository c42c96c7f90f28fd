"""Charts: text that is well formed, says in words what it draws, and stays inside its frame."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from huxin.node.base.charts import (
    NARROW,
    WIDE,
    Curve,
    DailyCounts,
    Series,
    ceiling,
    draw,
    figure,
    table,
)

DAYS = tuple(f"9-{day:02}" for day in range(1, 15))
DAILY = DailyCounts(
    "issued", "签发与登记", "14 天", DAYS,
    (Series("登记", tuple(range(14))), Series("签发", tuple(range(14)))), unit="日",
)  # fmt: skip
CURVE = Curve(
    "measles", "Measles", "Alarm in the last two weeks", ("34", "35", "36"),
    Series("cases", (3, 14, 9)), expected=Series("expected", (2, 2, 2)),
    upper=Series("upper", (5, 5, 5.5)), late=Series("late", (0, 0, 4)),
    late_low=Series("low", (0, 0, 11)), late_high=Series("high", (0, 0, 17)),
)  # fmt: skip
SVG = "{http://www.w3.org/2000/svg}"


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))


@pytest.mark.parametrize(
    ("highest", "expected"),
    [(0, (1, 1)), (1, (1, 1)), (3, (3, 1)), (4, (4, 1)), (9, (10, 2)), (29, (30, 10)),
     (40, (40, 10)), (41, (50, 10)), (1204, (1500, 500))],
)  # fmt: skip
def test_a_scale_ends_at_a_number_people_count_in(highest, expected):
    assert ceiling(highest) == expected


@pytest.mark.parametrize("width", [NARROW, WIDE])
@pytest.mark.parametrize("type_size", [15, 32])
@pytest.mark.parametrize("chart", [DAILY, CURVE], ids=["daily", "curve"])
def test_a_drawing_is_well_formed_and_nothing_leaves_it(chart, width, type_size):
    root = parsed(draw(chart, width=width, type_size=type_size))
    _, _, across, down = map(float, root.attrib["viewBox"].split())
    bars, texts = list(root.iter(f"{SVG}rect")), list(root.iter(f"{SVG}text"))
    assert bars
    assert texts
    for bar in bars:
        x, y, w, h = (float(bar.attrib[name]) for name in ("x", "y", "width", "height"))
        assert x >= 0
        assert y >= 0
        assert x + w <= across + 0.1
        assert y + h <= down
    for text in texts:
        assert int(text.attrib["font-size"]) == type_size
        assert 0 <= float(text.attrib["y"]) <= down


@pytest.mark.parametrize("width", [NARROW, WIDE])
def test_labels_do_not_touch_and_the_last_one_is_there(width):
    root = parsed(draw(DAILY, width=width, type_size=32))
    below = [text for text in root.iter(f"{SVG}text") if "c-text--mid" in text.attrib["class"]]
    places = [float(text.attrib["x"]) for text in below]
    assert below[-1].text == DAYS[-1]
    assert all(b - a >= 4 * 0.58 * 32 for a, b in pairwise(places))


def test_title_and_description_are_tied_to_the_drawing_and_differ_in_each():
    narrow, wide = (parsed(draw(DAILY, width=width, type_size=15)) for width in (NARROW, WIDE))
    for root in (narrow, wide):
        title, desc = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
        assert title is not None
        assert desc is not None
        assert root.attrib["aria-labelledby"] == title.attrib["id"]
        assert root.attrib["aria-describedby"] == desc.attrib["id"]
        assert (title.text, desc.text) == ("签发与登记", "14 天")
    assert narrow.attrib["aria-labelledby"] != wide.attrib["aria-labelledby"]


def test_words_are_escaped():
    evil = '<script>"&'
    chart = DailyCounts("x", evil, evil, (evil,), (Series(evil, (1,)),), unit=evil)
    for text in (figure(chart), table(chart)):
        assert "<script" not in text
        assert "&lt;script&gt;" in text


def test_no_inline_style_and_no_colour():
    text = figure(DAILY) + figure(CURVE)
    assert "style=" not in text
    assert not re.search(r"#[0-9a-f]{3,6}|fill=|stroke=", text)


def test_two_series_stand_side_by_side():
    root = parsed(draw(DAILY, width=WIDE, type_size=15))
    kinds = [bar.attrib["class"] for bar in root.iter(f"{SVG}rect")]
    assert kinds.count("c-bar") == kinds.count("c-bar c-bar--2") == len(DAYS)


def test_only_counts_above_the_bound_are_alarms():
    text = draw(CURVE, width=WIDE, type_size=15)
    assert text.count('class="c-bar c-alarm"') == 2
    assert text.count('class="c-mark"') == 2


def test_late_reports_are_drawn_open_with_their_range():
    text = draw(CURVE, width=WIDE, type_size=15)
    assert text.count('class="c-late"') == 1
    assert 'class="c-hatch"' in text
    assert text.count('class="c-range"') == 1


def test_a_curve_may_be_counts_alone():
    text = draw(replace(CURVE, expected=None, upper=None, late=None, late_low=None, late_high=None),
                width=NARROW, type_size=15)  # fmt: skip
    assert "c-alarm" not in text
    assert "c-band" not in text


def test_no_days_at_all_is_a_drawing_too():
    text = draw(DailyCounts("none", "t", "d", (), (Series("n", ()),)), width=NARROW, type_size=15)
    assert parsed(text).attrib["role"] == "img"
    empty = Curve("none", "t", "d", (), Series("n", ()), upper=Series("u", ()))
    assert "<svg" in draw(empty, width=NARROW, type_size=15)


def test_the_table_holds_every_number():
    text = table(CURVE)
    assert text.count("<tr>") == 4
    assert '<td class="n">5.5</td>' in text
    assert '<td class="n">14</td>' in text
    assert '<th scope="row">36</th>' in text


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: DailyCounts("x", "t", "d", ("1",), ()),
        lambda: DailyCounts("x", "t", "d", ("1",), (Series("a", (1,)),) * 3),
        lambda: DailyCounts("x", "t", "d", ("1", "2"), (Series("a", (1,)),)),
        lambda: DailyCounts("x", "t", "d", ("1",), (Series("a", (-1,)),)),
        lambda: DailyCounts("x", "t", "d", ("1",), (Series("a", (float("nan"),)),)),
        lambda: replace(CURVE, late_high=None),
    ],
)  # fmt: skip
def test_a_chart_that_cannot_be_drawn_is_not_made(wrong):
    with pytest.raises(ValueError, match=r"\w"):
        wrong()
