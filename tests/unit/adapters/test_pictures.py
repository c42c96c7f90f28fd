"""Uploaded pictures: the pixels stay, everything else of the file is gone or refused."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from huxin.adapters import pictures
from huxin.kernel.errors import RefusalError


def written(kind, image=None, **options):
    image = image or Image.effect_noise((120, 80), 50).convert("RGB")
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def with_place():
    """A photograph that says where, when and by what it was taken."""
    exif = Image.Exif()
    exif[0x0110] = "Camera of 赵某"
    exif[0x0132] = "2026:11:20 09:00:00"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)  # latitude
    return written("JPEG", exif=exif, comment=b"taken at home")


def code_of(data):
    with pytest.raises(RefusalError) as caught:
        pictures.anew(data)
    return caught.value.refusal.code


def test_place_time_and_camera_are_gone_and_the_picture_stands_upright():
    before = with_place()
    assert b"Camera of" in before
    picture = pictures.anew(before)
    assert (picture.width, picture.height) == (80, 120)
    after = Image.open(io.BytesIO(picture.data))
    assert not after.getexif()
    assert "comment" not in after.info
    for trace in (b"Exif", b"Camera", b"2026:11", b"taken at home", b"GPS"):
        assert trace not in picture.data


def test_texts_of_a_png_are_gone():
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "赵某")
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta>30.25N</x:xmpmeta>")
    picture = pictures.anew(written("PNG", pnginfo=info))
    assert b"tEXt" not in picture.data
    assert b"iTXt" not in picture.data
    assert {"Author", "XML:com.adobe.xmp"}.isdisjoint(Image.open(io.BytesIO(picture.data)).info)


def test_a_drawing_stays_sharp_and_a_photograph_small():
    drawing = Image.new("RGB", (400, 300), "white")
    assert pictures.anew(written("PNG", drawing)).media_type == "image/png"
    photograph = Image.effect_noise((900, 700), 90).convert("RGB")
    assert pictures.anew(written("JPEG", photograph)).media_type == "image/jpeg"


def test_what_is_transparent_becomes_paper():
    picture = pictures.anew(written("PNG", Image.new("RGBA", (20, 20), (0, 0, 0, 0))))
    assert Image.open(io.BytesIO(picture.data)).convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_a_large_picture_is_made_smaller():
    picture = pictures.anew(written("PNG", Image.new("L", (4000, 1000), 200)))
    assert (picture.width, picture.height) == (1600, 400)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
@pytest.mark.parametrize(
    "tail",
    [b"<script>alert(1)</script>", b"PK\x03\x04 an archive", b"%PDF-1.7", b"<!DOCTYPE html>", b"\x7fELF\x02"],
    ids=["a script", "an archive", "a document", "a page", "a program"],
)  # fmt: skip
def test_a_file_that_is_two_things_is_refused(kind, tail):
    assert code_of(written(kind) + tail) == "format"


def test_a_script_in_a_comment_is_refused():
    assert code_of(written("JPEG", comment=b"<SCRIPT>alert(1)</SCRIPT>")) == "format"
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "<?php system($_GET[0]); ?>")
    assert code_of(written("PNG", pnginfo=info)) == "format"


def test_what_a_telephone_appends_to_its_photographs_does_no_harm():
    picture = pictures.anew(written("JPEG") + written("JPEG"))
    assert picture.data.count(b"\xff\xd8\xff") == (picture.media_type == "image/jpeg")


@pytest.mark.parametrize("options", [{"progressive": True}, {"restart_marker_blocks": 2}])
def test_photographs_of_other_builds_are_read(options):
    assert pictures.anew(written("JPEG", **options)).width == 120


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


BAD = {
    "nothing": (b"", "format"),
    "a drawing of text": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "format"),
    "a GIF": (b"GIF89a/*", "format"),
    "a document": (b"%PDF-1.7", "format"),
    "only a beginning, PNG": (b"\x89PNG\r\n\x1a\n", "picture"),
    "only a beginning, JPEG": (b"\xff\xd8\xff\xff\xff\xe0\x00", "picture"),
    "half a picture": (written("JPEG")[:700], "picture"),
    "a bomb": (
        b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", struct.pack(">IIBBBBB", 90_000, 90_000, 1, 0, 0, 0, 0))
        + _chunk(b"IDAT", zlib.compress(b"\0" * 99)) + _chunk(b"IEND", b""), "too-big"),
    "a little too many pixels": (written("PNG", Image.new("1", (8_000, 5_001))), "too-big"),
    "too many bytes": (b"\xff\xd8\xff" + b"\0" * pictures.MAX_BYTES, "too-big"),
}  # fmt: skip


@pytest.mark.parametrize(("data", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_no_picture_is_refused(data, code):
    assert code_of(data) == code


@pytest.mark.parametrize("cut", range(2, 60, 3))
def test_a_cut_at_any_place_is_a_refusal_or_a_picture(cut):
    for kind in ("PNG", "JPEG"):
        try:
            pictures.anew(written(kind)[:cut])
        except RefusalError as error:
            assert error.refusal.code in ("picture", "format")
