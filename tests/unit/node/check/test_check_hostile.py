"""What nobody should hand in at a door gets a clear page, a status and a code; nothing falls over."""

import io
import re
import struct
import zlib

import pytest
from PIL import Image

from huxin.kernel.instants import PartialDate
from huxin.node.trust.queries import checking
from huxin.trust import qr
from huxin.trust.credentials.facts import Facts, Name, Person
from huxin.trust.issue import issue
from tests.lib.regions import MEASLES_DOSE, Region
from tests.unit.node.check.conftest import file, look, said


def png(image):
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def bomb(width, height):
    """A few bytes that say they are a picture of many pixels."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 1_000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def many_codes(count):
    side = [Image.open(io.BytesIO(qr.png(f"code number {n}", scale=3))) for n in range(count)]
    page = Image.new("L", (side[0].width * 4, side[0].height * (count // 4 + 1)), 255)
    for n, one in enumerate(side):
        page.paste(one, (n % 4 * one.width, n // 4 * one.height))
    return png(page)


FILES = {
    "empty": (b"", 422, "no-card"),
    "white space": (b" \n\t ", 422, "no-card"),
    "binary": (bytes(range(128, 256)) * 50, 422, "format"),
    "a picture without a code": (png(Image.new("L", (64, 64), 255)), 422, "picture"),
    "a broken picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 90, 422, "picture"),
    "a bomb": (bomb(60_000, 60_000), 413, "too-big"),
    "a drawing with scripts": (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", 200, "prefix"),
    "a GIF": (b"GIF89a" + b"\0" * 40, 422, "format"),
    "a TIFF": (b"II*\0" + b"\0" * 40, 422, "format"),
    "a program": (b"\x7fELF\xff\xfe" + b"\0" * 90, 422, "format"),
    "no PDF inside": (b"%PDF-1.7 nothing", 422, "picture"),
    "too many codes": (many_codes(12), 413, "too-big"),
    "ten million letters": (b"A" * 10_000_000, 413, "too-big"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "status", "code"), FILES.values(), ids=FILES.keys())
def test_a_file_that_holds_no_card(door, data, status, code):
    page = door.shows("", data)
    assert page.status_code == status
    text = page.content.decode()
    assert code in text
    if status == 200:
        assert look(page) == "no"
    else:
        assert "有 1 处要改" in text
        assert door.browser.session.get("huxin_check") is None


TEXTS = {
    "nothing": ("", 422, "no-card"),
    "a link": ("https://example.org/x", 200, "prefix"),
    "only a prefix": ("HC1:", 200, "inflate"),
    "control letters": ("HC1:\0\x1b[31m" + "A" * 40, 200, "base45"),
    "markup": ("<script>alert(1)</script>", 200, "prefix"),
    "long": ("HC1:" + "A" * 1_000_001, 413, "too-big"),
    "one part of several": ("shc:/1/3/567629095243", 200, "chunks"),
}


@pytest.mark.parametrize(("text", "status", "code"), TEXTS.values(), ids=TEXTS.keys())
def test_a_text_that_is_no_card(door, text, status, code):
    page = door.shows(text)
    assert page.status_code == status
    assert code in page.content.decode()
    assert "<script>alert" not in page.content.decode()
    if status == 200:
        assert said(page)


def test_ten_million_letters_in_the_field_are_stopped_before_they_are_read(door):
    page = door.browser.post("/check", {"text": "A" * 10_000_000})
    assert page.status_code == 413
    assert "too-big" in page.content.decode()


def test_a_body_past_the_bound_is_not_taken(door):
    page = door.browser.post("/check", {"file": file(b"\xff\xd8\xff" + b"\0" * 21_500_000)})
    assert page.status_code == 413
    assert "too-big" in page.content.decode()


def test_thousands_of_fields_are_stopped(door):
    page = door.browser.post("/check", {f"field{n}": "x" for n in range(3_100)})
    assert page.status_code == 413


def test_more_codes_than_a_person_carries_are_not_judged(door):
    page = door.shows("HC1:A", shown=[f"HC1:{n}" for n in range(9)])
    assert page.status_code == 413
    assert "too-big" in page.content.decode()


def test_a_file_with_very_many_cards_is_not_judged(door):
    cards = ",".join(f'"eyJ{n}.a.b"' for n in range(40))
    page = door.shows("", f'{{"verifiableCredential": [{cards}]}}'.encode())
    assert page.status_code == 413
    assert "too-big" in page.content.decode()


def test_a_name_cannot_turn_the_page_around(door):
    facts = Facts(Person(Name(whole="林\u202e㑇" * 90), PartialDate(2020)), (MEASLES_DOSE,))
    signer = Region("QX", 9, environment="test")
    card = issue(facts, signer, now=door.world.now, format="shc")
    text = door.shows(card.text).content.decode()
    assert "\u202e" not in text
    assert "林\ufffd㑇" in text
    assert [len(one) for one in re.findall("verdict__name[^>]*>([^<]*)", text)] == [121]


def test_when_all_seats_are_taken_the_picture_is_told_so(door, monkeypatch):
    monkeypatch.setattr(checking, "_PATIENCE", 0.01)
    for _ in range(3):
        checking._seats.acquire()
    try:
        page = door.shows("", qr.png("HC1:A"))
    finally:
        for _ in range(3):
            checking._seats.release()
    assert page.status_code == 422
    assert "picture" in page.content.decode()


def test_what_was_typed_stays_when_a_file_cannot_be_read(door):
    page = door.shows("HC1:ABC", b"GIF89a")
    assert 'value="HC1:ABC"' in page.content.decode()
