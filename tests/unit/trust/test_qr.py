import io
import struct
import zlib

import pytest
from PIL import Image, ImageFilter

from huxin.kernel.errors import RefusalError
from huxin.trust import qr

TEXT = "HC1:" + "ABC $123" * 70


def picture(image: Image.Image, form: str = "PNG") -> bytes:
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def drawn(scale: int = 4) -> Image.Image:
    return Image.open(io.BytesIO(qr.png(TEXT, scale=scale)))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF"])
def test_what_is_drawn_is_read_in_every_form(form: str) -> None:
    data = picture(drawn().convert("L"), form)
    assert qr.is_picture(data)
    assert qr.read(data) == (TEXT,)


def test_black_on_nothing_is_black_on_white() -> None:
    black = drawn().convert("RGBA")
    clear = Image.new("RGBA", black.size, (0, 0, 0, 0))
    clear.paste((0, 0, 0, 255), mask=black.convert("L").point(lambda value: 255 - value))
    assert qr.read(picture(clear)) == (TEXT,)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_card_held_any_way_up(angle: int) -> None:
    assert qr.read(picture(drawn().rotate(angle, expand=True))) == (TEXT,)


def test_small_and_blurred() -> None:
    small = drawn(3).convert("L").filter(ImageFilter.GaussianBlur(1.2))
    assert qr.read(picture(small)) == (TEXT,)


def test_svg_is_named_for_those_who_hear_it() -> None:
    svg = qr.svg(TEXT, title="林㑇 <2020> & co")
    assert "<title>林㑇 &lt;2020> &amp; co</title>" in svg
    assert svg.startswith("<svg")
    assert 'role="img"' in svg


def test_the_svg_has_the_same_dark_modules() -> None:
    dark = sum(map(sum, qr.modules(TEXT)))
    runs = qr.svg(TEXT, title="x").rpartition('d="')[2].split("M")[1:]
    assert sum(int(run.partition("h")[2].partition("v")[0]) for run in runs) == dark


def test_a_text_that_no_code_can_hold() -> None:
    with pytest.raises(RefusalError) as caught:
        qr.modules("A" * 5_000)
    assert caught.value.refusal.code == "too-long"


def code(data: bytes) -> str:
    with pytest.raises(RefusalError) as caught:
        qr.read(data)
    return caught.value.refusal.code


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_header(width: int, height: int) -> bytes:
    size = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + chunk(b"IDAT", b"")


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("no code", picture(Image.new("L", (99, 99), 255)), "picture"),
        ("no code, and large", picture(Image.new("L", (5000, 60), 255)), "picture"),
        ("not a picture", b"picture", "picture"),
        ("cut short", qr.png(TEXT)[:200], "picture"),
        ("bytes without end", b"\x89PNG" + bytes(qr.MAX_PICTURE_BYTES), "too-big"),
        ("pixels without end", png_header(60_000, 60_000), "too-big"),
        ("so many pixels that Pillow warns", png_header(10_000, 10_000), "too-big"),
        ("more pixels than any card", png_header(9_000, 9_000), "too-big"),
    ],
)
def test_refused(name: str, data: bytes, expected: str) -> None:
    assert code(data) == expected, name
