"""The gallery, its pictures and the list they are taken from agree; it stays small, and no picture is lost."""

import re

import pytest
from PIL import Image

from tests.lib.documents import ROOT
from tools import make_gallery
from tools.gallery_pages import NOT_YET, PHONE, PICTURES, SECTIONS, WIDE

MOST_BYTES = 3_000_000
SHEET = 794  # the width of A4, in CSS pixels
ON_THE_FRONT = ("desk-form", "card", "verdict-genuine")


def test_the_page_is_as_the_list_makes_it():
    assert make_gallery.PAGE.read_text("utf-8") == make_gallery.page(), "run: make gallery"


def test_every_picture_is_taken_and_nothing_else_lies_there():
    assert {path.name for path in make_gallery.FOLDER.iterdir()} == {
        f"{one.name}.png" for one in PICTURES
    }
    assert len({one.name for one in PICTURES}) == len(PICTURES)


def test_all_of_them_together_stay_small():
    assert sum(path.stat().st_size for path in make_gallery.FOLDER.iterdir()) < MOST_BYTES


@pytest.mark.parametrize("one", PICTURES, ids=lambda one: one.name)
def test_a_picture_has_the_width_it_was_taken_for(one):
    with Image.open(make_gallery.FOLDER / f"{one.name}.png") as picture:
        assert picture.mode == "P"
        assert picture.width == {WIDE: WIDE, PHONE: 2 * PHONE}[one.width] or one.mode == "print"
        assert one.mode != "print" or picture.width == SHEET


def test_every_way_of_looking_is_there_in_both_languages():
    assert {one.mode for one in PICTURES} == {"light", "dark", "elder", "print"}
    assert {one.width for one in PICTURES} == {WIDE, PHONE}
    assert {one.lang for one in PICTURES} == {"zh", "en"}
    assert {one.section for one in PICTURES} == SECTIONS.keys()
    assert all(re.search("[\u4e00-\u9fff]", one.zh) for one in PICTURES)


def test_a_sketch_is_answered_or_said_to_be_missing():
    answered = [one.sketch for one in PICTURES if one.sketch]
    assert len(set(answered)) == len(answered)
    assert not set(answered) & set(NOT_YET)


def test_the_readme_opens_with_three_of_them():
    shown = re.findall(r"\]\(docs/images/(\S+?)\.png\)", (ROOT / "README.md").read_text("utf-8"))
    assert shown[:3] == [f"pages/{name}" for name in ON_THE_FRONT]
