"""Paper as people hold it: measured, read back, looked at, and extracted as text."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from datetime import timedelta, timezone
from functools import cache
from typing import Any

import pypdfium2
import pytest
from PIL import Image, ImageChops

from huxin.adapters.cards import Card, Wish, sign_card
from huxin.adapters.paper import font, picture, press
from huxin.adapters.paper.face import Region, face
from huxin.kernel.errors import HuxinError, RefusalError
from huxin.packs.reader import Words, pack_ids
from huxin.trust import qr
from tests.lib.demo_cards import demo_cards, entry
from tests.lib.regions import NOW, REED_ISLES

REED = Region("QW", Words("苇洲", "Reed Isles"))
DOTS = 300
MM = DOTS / 25.4

LAYOUTS: tuple[press.Layout, ...] = ("sheet", "card", "cards")


@cache
def cards(pack_name: str, environment: str = "test") -> tuple[Card, ...]:
    return tuple(demo_cards(pack_name, environment=environment))


@cache
def printed(pack_name: str, layout: press.Layout, environment: str = "test") -> bytes:
    some = cards(pack_name, environment)
    return press.print_cards(
        some if layout == "cards" else some[:1], layout=layout, region=REED, now=NOW
    )


def drawn(data: bytes, number: int = 0) -> Image.Image:
    page = pypdfium2.PdfDocument(data)[number]
    image: Image.Image = page.render(scale=DOTS / 72, grayscale=True).to_pil()
    return image


def text(data: bytes) -> str:
    return "\n".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data)
    ).replace("\r\n", "\n")


def ink(image: Image.Image) -> tuple[int, int, int, int] | None:
    """The box around all that is darker than half grey."""
    return image.point(lambda value: 255 if value < 128 else 0).getbbox()


def box(image: Image.Image) -> tuple[int, int, int, int]:
    found = ink(image)
    assert found is not None
    return found


# ------------------------------------------------------------------------------------ read back


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("pack_name", pack_ids())
def test_every_printed_code_is_read(pack_name, layout):
    page = io.BytesIO()
    drawn(printed(pack_name, layout)).save(page, "PNG")
    expected = cards(pack_name) if layout == "cards" else cards(pack_name)[:1]
    assert set(qr.read(page.getvalue())) == {card.credential.text for card in expected}


def test_ten_cards_fill_a_page_and_the_eleventh_begins_another():
    eleven = [*cards("school-entry"), cards("school-entry")[0]]
    data = press.print_cards(eleven, layout="cards", region=REED, now=NOW)
    assert len(pypdfium2.PdfDocument(data)) == 2
    assert "1 / 2" in text(data)


# -------------------------------------------------------------------------------------- measures


def test_the_sheet_keeps_its_measures():
    page = drawn(printed("school-entry", "sheet", "production"))
    assert [round(side / MM) for side in page.size] == [210, 297]
    # The fold is the only line that runs from edge to edge of the paper.
    dark = page.point(lambda value: 255 if value < 160 else 0)
    rows = [y for y in range(page.height) if dark.crop((0, y, page.width, y + 1)).getbbox()]
    spans = {y: dark.crop((0, y, page.width, y + 1)).getbbox() for y in rows}
    folds = [y / MM for y, box in spans.items() if box and box[0] < MM and box[2] > 209 * MM]
    assert folds
    assert all(abs(fold - 148.5) < 0.5 for fold in folds)
    # The symbol begins at the margin of 16 mm and is 86 mm wide.
    left, _, right, _ = box(page.crop((0, round(45 * MM), round(106 * MM), round(140 * MM))))
    assert abs(left / MM - 16) < 0.2
    assert abs((right - left) / MM - 86) < 0.3


def test_a_card_keeps_its_measures_and_its_quiet_zone():
    page = drawn(printed("school-entry", "card", "production"))
    assert abs(page.width / MM - 85.6) < 0.2
    assert abs(page.height / MM - 54) < 0.2
    left, top, right, bottom = box(page.crop((0, 0, round(50 * MM), page.height)))
    assert abs((right - left) / MM - 46) < 0.3
    assert abs((bottom - top) / MM - 46) < 0.3
    modules = len(qr.modules(cards("school-entry", "production")[0].credential.text))
    quiet = round(4 * (right - left) / modules)
    assert left >= quiet
    assert top >= quiet
    assert page.height - bottom >= quiet
    beside = page.crop((right + 2, top, right + quiet - 2, bottom))
    assert ink(beside) is None


def test_a_module_is_large_enough_at_the_longest_text_that_we_write():
    longest = "HC1:" + ("6BFOXN%TS3DH" * 50)[:596]
    assert len(longest) == 600
    assert 46 / len(qr.modules(longest)) >= 0.59


def test_a_code_too_fine_for_a_card_goes_on_a_sheet():
    (first, *_) = cards("school-entry")
    long = replace(first, credential=replace(first.credential, text="7" * 4_000))
    with pytest.raises(RefusalError) as caught:
        press.print_cards([long], layout="card", region=REED, now=NOW)
    assert caught.value.refusal.code == "too-long"
    assert press.print_cards([long], layout="sheet", region=REED, now=NOW).startswith(b"%PDF")


# ------------------------------------------------------------------------------- letters and words


def glyph(data: bytes, letter: str) -> Image.Image:
    """The picture of the first place where a letter stands on a page."""
    page = pypdfium2.PdfDocument(data)[0]
    words = page.get_textpage()
    # Places are counted in UTF-16, as PDF does.
    whole = words.get_text_range()
    at = len(whole[: whole.index(letter)].encode("utf-16-le")) // 2
    left, bottom, right, top = words.get_charbox(at)
    scale = DOTS / 72
    image: Image.Image = page.render(scale=scale, grayscale=True).to_pil()
    height = page.get_height()
    place = (left * scale, (height - top) * scale, right * scale, (height - bottom) * scale)
    return image.crop(tuple(map(round, place))).resize((40, 40))


def test_rare_names_print_as_themselves():
    data = printed("school-entry", "cards")
    extracted = text(data)
    shapes = []
    for letter in "㑇䶮𠅤":
        assert letter in extracted
        shape = glyph(data, letter)
        assert ink(shape.crop((10, 10, 30, 30))), f"{letter}: nothing in the middle"
        shapes.append(shape)
    # Three boxes for letters that are missing would look the same.
    for one, other in zip(shapes, [*shapes[1:], shapes[0]], strict=True):
        assert sum(ImageChops.difference(one, other).histogram()[64:]) > 150


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_text_can_be_read_aloud_and_copied(layout):
    found = text(printed("school-entry", layout))
    for words in ("林㑇", "LIN ZHOU", "2020 年生", "有效至", "2027-11-23", "预防接种证"):
        assert words in found


def test_health_details_stand_inside_only():
    outside = text(printed("school-entry", "card"))
    for word in ("麻腮风", "Measles", "DEMO-0042", "林桥"):
        assert word not in outside
        assert word in text(printed("school-entry", "sheet"))
    whole = printed("school-entry", "sheet")
    page = pypdfium2.PdfDocument(whole)[0]
    front = page.get_textpage().get_text_bounded(bottom=page.get_height() / 2)
    assert "林㑇" in front
    assert "麻腮风" not in front
    assert "Measles" not in front


def test_a_card_says_what_a_scan_reveals():
    data = face(cards("icvp")[0], REED)
    assert data["scan"]["zh"].startswith("证件姓名、出生日期、性别、国籍代码、证件号")
    assert "date given" in data["scan"]["en"]
    whole = face(cards("school-entry")[8], REED)  # only the year of birth is known
    assert "出生年、" in whole["scan"]["zh"]
    health_card = demo_cards("school-entry", wish=Wish(envelope="shc"))[0]
    assert face(health_card, REED)["scan"]["en"] == (
        "name, latin name, birth date, vaccine, dose, date given, batch, issuing office"
    )
    minimal = demo_cards("school-entry", wish=Wish(minimal=True))[0]
    assert face(minimal, REED)["scan"]["en"] == (
        "name, birth year, purpose, last day, issuing office"
    )


def test_the_day_of_issue_is_the_regions():
    late = NOW.replace(hour=23, minute=30)
    made = sign_card(entry("school-entry"), REED_ISLES, Wish(), identifier="QW-7K2M-9QF4-XJ3D", now=late)  # fmt: skip
    there = replace(REED, zone=timezone(timedelta(hours=8)))
    next_day = (late + timedelta(days=1)).date().isoformat()
    assert face(made, REED)["issuer"]["en"].endswith(late.date().isoformat())
    assert face(made, there)["issuer"]["en"].endswith(next_day)


def test_a_region_whose_name_cannot_be_printed_is_refused():
    region = Region("QW", Words("🏝岛", "Isle"))
    with pytest.raises(RefusalError) as caught:
        press.print_cards(cards("school-entry")[:1], layout="card", region=region, now=NOW)
    told = "the name of the region: the font lacks U+1F3DD"
    assert (caught.value.refusal.code, caught.value.refusal.detail) == ("bad-input", told)


def test_a_minimal_card_shows_purpose_and_end_and_nothing_else():
    minimal = demo_cards("school-entry", wish=Wish(minimal=True))[0]
    found = text(press.print_cards([minimal], layout="sheet", region=REED, now=NOW))
    assert "精简卡" in found
    assert "麻腮风" not in found
    assert "03-18" not in found


def test_a_minimal_card_that_begins_later_shows_its_first_day():
    made = sign_card(
        entry("hospital-visitor", valid_from="2026-11-24"),
        REED_ISLES,
        Wish(minimal=True),
        identifier="QW-7K2M-9QF4-XJ3D",
        now=NOW,
    )
    data = face(made, REED)
    assert data["scan"]["en"].endswith("issuing office, first day")
    assert {row["head"]["en"]: row["value"] for row in data["details"]}["First day"] == "2026-11-24"


def test_a_clearance_and_an_eu_certificate_say_what_a_scan_reveals():
    visit = face(cards("hospital-visitor")[0], REED)
    assert visit["details_title"]["en"] == "Clearance"
    assert visit["scan"]["en"] == (
        "name, latin name, birth date, kind of visit, valid from, valid until, hospital, issuing office"
    )
    drill = face(cards("pandemic")[1], REED)
    assert drill["scan"]["en"].startswith("name as in the document, birth date, kind of vaccine")
    assert drill["name"] == "VAN DER VEER ANOUK"


def test_a_date_for_life_is_said_in_words():
    details = {row["head"]["en"]: row for row in face(cards("icvp")[0], REED)["details"]}
    assert details["Valid until"]["value"] == "终身"
    assert details["Disease prevented"]["en"] == "Yellow fever"
    # The card itself is renewed sooner, and says so beside it.
    assert details["Renew this card by"]["value"] == "2031-11-23"
    assert "Renew this card by" not in str(face(cards("occupational-health")[0], REED)["details"])


def test_a_region_without_a_name_is_its_code():
    data = face(cards("school-entry")[0], Region("QW"))
    assert data["seal"] == "QW"
    assert data["region"] == ""
    assert data["issuer"]["en"] == "QW, 2026-11-23"
    made = press.print_cards(cards("school-entry")[:1], layout="card", region=Region("QW"), now=NOW)
    assert "QW-" in text(made)


def test_no_office_no_birth_no_latin():
    (card, *_) = cards("school-entry")
    bare = replace(card, entry=entry("school-entry", office="", latin=""))
    nobody = replace(
        bare.facts.person, birth=None, name=replace(bare.facts.person.name, latin_whole="")
    )
    data = face(replace(bare, facts=replace(bare.facts, person=nobody)), REED)
    assert data["issuer"]["zh"] == "苇洲（QW）"
    assert data["year"] == ""
    assert data["latin"] == ""


@pytest.mark.parametrize("environment", ["test", "production"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_test_key_says_specimen_and_no_other_does(layout, environment):
    said = "SPECIMEN 样张" in text(printed("occupational-health", layout, environment))
    assert said == (environment == "test")


def test_a_specimen_says_so_inside_the_code_too():
    for pack_name in pack_ids():
        assert "SPECIMEN 样张 · " in str(cards(pack_name)[0].credential.claims)
        assert "SPECIMEN" not in str(cards(pack_name, "production")[0].credential.claims)


# ------------------------------------------------------------------------------------ the document


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_document_is_tagged_and_named(layout):
    document = pypdfium2.PdfDocument(printed("icvp", layout))
    assert document.is_tagged()
    title = document.get_metadata_value("Title")
    assert title.startswith("SPECIMEN 样张 · 国际预防接种证书")
    assert "沈远帆" not in title
    assert document.get_metadata_value("CreationDate") == "D:20261123100000Z"


def test_the_same_cards_give_the_same_bytes():
    some = cards("school-entry")
    again = press.print_cards(some, layout="cards", region=REED, now=NOW)
    assert again == printed("school-entry", "cards")


@pytest.mark.parametrize(
    "name", ["#panic()", "*林* _㑇_ $x^2$", '"), #read("/etc/passwd") //', "\\ @林 <a>"]
)
def test_a_name_is_never_a_command(name):
    (card, *_) = cards("school-entry")
    person = replace(card.facts.person, name=replace(card.facts.person.name, whole=name))
    odd = replace(
        card,
        entry=entry("school-entry", name=name),
        facts=replace(card.facts, person=person),
    )
    found = text(press.print_cards([odd], layout="sheet", region=REED, now=NOW))
    assert "".join(name.split()) in "".join(found.split())


def test_names_shrink_before_they_overflow():
    (card, *_) = cards("school-entry")
    long = "·".join(["苇上渔歌晚灯云渡"] * 8)
    latin = "Lanternbaysteinhausenbergerdorff-Reed " + "Anna Maria " * 3
    person = replace(
        card.facts.person,
        name=replace(card.facts.person.name, whole=long, latin_whole=latin.strip()),
    )
    odd = replace(card, facts=replace(card.facts, person=person))
    page = drawn(press.print_cards([odd], layout="card", region=REED, now=NOW))
    edges = [
        page.crop((page.width - 8, 0, *page.size)),
        page.crop((0, page.height - 8, *page.size)),
    ]
    assert [ink(edge) for edge in edges] == [None, None]


# ------------------------------------------------------------------------------------- refusals


def test_a_letter_that_the_font_lacks_is_named_with_its_field():
    odd = replace(
        cards("school-entry")[0], entry=entry("school-entry", centre="门诊😀 Ж\U00030000")
    )
    with pytest.raises(press.MissingLetterError) as caught:
        press.print_cards([odd], layout="card", region=REED, now=NOW)
    assert caught.value.field == "centre"
    assert caught.value.refusal.detail == "the font lacks U+1F600 U+30000"


def test_no_card_no_paper():
    with pytest.raises(RefusalError) as caught:
        press.print_cards([], layout="sheet", region=REED, now=NOW)
    assert caught.value.refusal.code == "missing"


@pytest.fixture
def fresh_workshop():
    for made in (press._workshop, font.font_path):
        made.cache_clear()
    yield
    for made in (press._workshop, font.font_path):
        made.cache_clear()


@pytest.mark.parametrize("module", ["typst", "noto_cjk_sans_otc"])
def test_without_the_extra_the_answer_is_a_code(monkeypatch, fresh_workshop, module):
    assert press.is_installed()
    press._workshop.cache_clear()
    font.font_path.cache_clear()
    monkeypatch.setitem(sys.modules, module, None)
    assert not press.is_installed()
    with pytest.raises(RefusalError) as caught:
        press.print_cards(cards("icvp")[:1], layout="card", region=REED, now=NOW)
    assert caught.value.refusal.code == "tool"


def test_a_broken_layout_is_our_fault_and_not_the_cards(monkeypatch):
    compiler, _ = press._workshop()
    broken: Any = lambda: (compiler, {"card": b"#panic()"})  # noqa: E731
    monkeypatch.setattr(press, "_workshop", broken)
    with pytest.raises(HuxinError, match="the layout does not compile"):
        press.print_cards(cards("icvp")[:1], layout="card", region=REED, now=NOW)


# --------------------------------------------------------------------------------------- the font


def test_the_font_has_what_names_need():
    assert font.lacking("林㑇䶮𠅤 Lanternbay O'Reed·Ж Ω é\u200b") == ""
    assert font.lacking("a😀b😀\U00030000") == "😀\U00030000"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"OTTO" + bytes(8), id="no tables"),
        pytest.param(
            b"OTTO\x00\x01" + bytes(6) + b"cmap" + bytes(4) + b"\0\0\0\x1c" + bytes(4)
            + b"\0\0\0\x01" + bytes(7) + b"\x0c" + b"\0\x04",
            id="no full map",
        ),
    ],
)  # fmt: skip
def test_a_font_without_a_map_is_no_font(monkeypatch, tmp_path, data):
    (tmp_path / "odd.otf").write_bytes(data)
    monkeypatch.setattr(font, "font_path", lambda: tmp_path / "odd.otf")
    font._ranges.cache_clear()
    with pytest.raises(ValueError, match="character map"):
        font.lacking("a")
    font._ranges.cache_clear()


# --------------------------------------------------------------------------------------- pictures


def test_a_picture_is_read_and_says_specimen():
    (card, *_) = cards("school-entry")
    specimen = picture.png(card)
    assert qr.read(specimen) == (card.credential.text,)
    image = Image.open(io.BytesIO(specimen))
    below = image.crop((0, image.width, *image.size)).convert("L")
    assert ink(below) is not None
    (real, *_) = cards("school-entry", "production")
    width, height = Image.open(io.BytesIO(picture.png(real))).size
    assert width == height


def test_a_drawing_says_specimen_and_who_it_is_for_it_does_not():
    (card, *_) = cards("school-entry")
    drawing = picture.svg(card)
    assert "SPECIMEN 样张</text>" in drawing
    assert "林㑇" not in drawing
    assert card.identifier in drawing
    assert "SPECIMEN" not in picture.svg(cards("school-entry", "production")[0])


def test_without_the_font_the_caption_is_in_latin_letters(monkeypatch):
    def missing():
        raise RefusalError("tool", "noto-cjk-sans-otc")

    monkeypatch.setattr(font, "font_path", missing)
    (card, *_) = cards("school-entry")
    image = Image.open(io.BytesIO(picture.png(card)))
    assert ink(image.crop((0, image.width, *image.size)).convert("L")) is not None
