"""A stranger's picture → a picture of our own making: the same pixels, nothing else of the file.

Responsible for pictures that somebody uploads to be shown: bounded before they are decoded, turned
upright, made smaller, and written anew.  Place, time, camera, comments and whatever else hid in the
file are gone, since no byte of it is copied.  Leaves codes in pictures to `trust.qr`.

- PNG and JPEG only, told by their first bytes, never by a name or a stated type;
- a file that is two things at once is refused, though writing it anew would disarm it: somebody made
  it so on purpose;
- what comes after the end of a picture, or between its parts, must not read as a document or program.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from PIL import Image, ImageOps

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_BYTES", "Picture", "anew"]

MAX_BYTES: Final = 10_000_000
_MAX_PIXELS: Final = 40_000_000
_MAX_SIDE: Final = 1_600
_MAX_WRITTEN: Final = 1_500_000
_JPEG_QUALITY: Final = 85
_PNG_MAGIC: Final = b"\x89PNG\r\n\x1a\n"
_JPEG_MAGIC: Final = b"\xff\xd8\xff"
_PNG_PIXELS: Final = (b"IDAT", b"fdAT")
_JPEG_ALONE: Final = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_SCAN: Final = 0xDA
_END: Final = 0xD9
# What a browser, a shell or an unpacker would take for something of its own.
_FOREIGN: Final = (
    b"<script", b"<html", b"<!doctype", b"<svg", b"<?php", b"<iframe", b"javascript:",
    b"%pdf-", b"pk\x03\x04", b"\x7felf", b"rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that we wrote: its bytes, its media type, its size in pixels."""

    data: bytes
    media_type: Literal["image/png", "image/jpeg"]
    width: int
    height: int


def anew(data: bytes) -> Picture:
    """Write an uploaded picture anew.

    Refuses with `too-big` past 10 MB or 40 megapixels, `format` for anything but a PNG or JPEG
    that is nothing else besides, and `picture` for one that cannot be opened.
    """
    if len(data) > MAX_BYTES:
        raise RefusalError("too-big", "picture")
    if not data.startswith((_PNG_MAGIC, _JPEG_MAGIC)):
        raise RefusalError("format", "neither PNG nor JPEG")
    around = b"\n".join(_around_pixels(data)).lower()
    if any(one in around for one in _FOREIGN):
        raise RefusalError("format", "a picture that is something else besides")
    return _written(_opened(data))


def _around_pixels(data: bytes) -> Iterator[bytes]:
    """Yield what a file holds besides its pixels, and what comes after its end."""
    return _png_parts(data) if data.startswith(_PNG_MAGIC) else _jpeg_parts(data)


def _png_parts(data: bytes) -> Iterator[bytes]:
    at = len(_PNG_MAGIC)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        if kind not in _PNG_PIXELS:
            yield data[at + 4 : at + 8 + length]
        at += 12 + length
        if kind == b"IEND":
            break
    yield data[at:]


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == _END:
            at += 2
            break
        if marker in _JPEG_ALONE or marker == 0xFF:
            at += 1 if marker == 0xFF else 2
            continue
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at:end]
        at = _after_scan(data, end) if marker == _SCAN else end
    yield data[at:]


def _after_scan(data: bytes, at: int) -> int:
    """Return where the next marker stands behind coded pixels; in those FF is followed by 0 or RSTn."""
    while (at := data.find(b"\xff", at)) != -1 and at + 1 < len(data):
        if data[at + 1] != 0 and data[at + 1] not in range(0xD0, 0xD8):
            return at
        at += 2
    return len(data)


def _opened(data: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(data), formats=("PNG", "JPEG"))
            if image.width * image.height > _MAX_PIXELS:
                raise RefusalError("too-big", "pixels")
            image.load()
            return _plain(ImageOps.exif_transpose(image))
    # Pillow's plugins let errors of many kinds through when a file is damaged.
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError, MemoryError) as error:
        raise RefusalError("picture", "cannot be opened as a picture") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusalError("too-big", "pixels") from error


def _plain(image: Image.Image) -> Image.Image:
    """Return only the pixels, on white, no larger than a page needs."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    image = image.convert("RGB")
    image.thumbnail((_MAX_SIDE, _MAX_SIDE), Image.Resampling.LANCZOS)
    bare = Image.new("RGB", image.size)
    bare.paste(image)  # a new picture: what the old one carried along is not in it
    return bare


def _written(image: Image.Image) -> Picture:
    """Write the smaller of PNG, which keeps letters sharp, and JPEG, which suits photographs."""
    png, jpeg = io.BytesIO(), io.BytesIO()
    image.save(png, "PNG", optimize=True)
    image.save(jpeg, "JPEG", quality=_JPEG_QUALITY, progressive=True)
    sharp = len(png.getvalue()) <= min(_MAX_WRITTEN, 2 * len(jpeg.getvalue()))
    if sharp:
        return Picture(png.getvalue(), "image/png", *image.size)
    return Picture(jpeg.getvalue(), "image/jpeg", *image.size)
