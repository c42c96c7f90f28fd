"""Picture ⇄ text: QR codes read from and drawn into pictures, wholly in memory.

Reading bounds the picture before it is decoded (pixels, bytes), then tries what a person
would: as it is, smoothed, with more contrast, enlarged and sharpened.  Drawing makes PNG and
SVG; drawing is slow compared with signing, so texts are stored and pictures are drawn when
asked for.
"""

from __future__ import annotations

import io
import math
import warnings
from collections.abc import Iterator
from typing import Final

import zxingcpp
from PIL import Image, ImageFilter, ImageOps

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_PICTURE_BYTES", "is_picture", "modules", "png", "read", "svg"]

MAX_PICTURE_BYTES: Final = 20_000_000
_MAX_PIXELS: Final = 50_000_000
_MAX_CODES: Final = 32
_FORMATS: Final = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
_MAGIC: Final = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_QR_CODES: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
_QUIET_ZONE: Final = 4
# Enlarging helps where a module is only a few pixels wide, and costs too much in a large picture.
_ENLARGED: Final = ((1_000, 3), (1_500, 2))
_SMALL: Final = 600  # pixels of a side, up to which a picture is looked at twice more


def is_picture(data: bytes) -> bool:
    """Tell whether the first bytes are those of a picture that `read` can open."""
    return data.startswith(_MAGIC) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def read(picture: bytes) -> tuple[str, ...]:
    """Return the texts of all QR codes in a picture, at least one.

    Refuses with `too-big` past 20 MB or 50 megapixels, with `picture` when it cannot be
    opened or holds no readable code.
    """
    image = _open(picture)
    for attempt, threshold in _attempts(image):
        found = zxingcpp.read_barcodes(attempt, formats=_QR_CODES, binarizer=threshold)
        texts = tuple(dict.fromkeys(one.text for one in found[:_MAX_CODES] if one.valid))
        if texts:
            return texts
    raise RefusalError("picture", "no QR code found")


def _open(picture: bytes) -> Image.Image:
    if len(picture) > MAX_PICTURE_BYTES:
        raise RefusalError("too-big", "picture")
    try:
        return _loaded(picture)
    # Pillow's plugins let errors of many kinds through when a file is damaged.
    except (OSError, ValueError, SyntaxError, TypeError, OverflowError, MemoryError) as error:
        raise RefusalError("picture", "cannot be opened as a picture") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise RefusalError("too-big", "pixels") from error


def _loaded(picture: bytes) -> Image.Image:
    with warnings.catch_warnings():
        # Of a damaged file the pixels are used as far as they go; what else it lacks is no matter.
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(picture), formats=_FORMATS)
        if image.width * image.height > _MAX_PIXELS:
            raise RefusalError("too-big", "pixels")
        image.load()
        return _on_white(ImageOps.exif_transpose(image))


def _on_white(image: Image.Image) -> Image.Image:
    """Return the picture in grey; what is transparent becomes paper, not ink."""
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(white, image)
    return image.convert("L")


def _attempts(image: Image.Image) -> Iterator[tuple[Image.Image, zxingcpp.Binarizer]]:
    """Yield the picture as it is, then as it may be read better, and how to tell ink from paper.

    A small and blurred code is enlarged and sharpened, after a little smoothing so that noise is
    not sharpened too.  One threshold for all of it then reads more than local ones, unless light
    fell unevenly; so both are tried.  A tilted code has modules of fewer pixels on its far side:
    in a small picture both are tried again, with more of everything.
    """
    local, whole = zxingcpp.Binarizer.LocalAverage, zxingcpp.Binarizer.GlobalHistogram
    yield image, local
    yield image.filter(ImageFilter.GaussianBlur(1)), local
    yield ImageOps.autocontrast(image, cutoff=1), local
    factor = next((by for most, by in _ENLARGED if max(image.size) <= most), None)
    if factor is not None:
        sharp = _sharpened(image, factor, smooth=0.5, percent=300)
        yield sharp, whole
        yield sharp, local
    if max(image.size) <= _SMALL:
        yield _sharpened(image, 4, smooth=0.8, percent=500), whole
        yield _sharpened(image, 4, smooth=1.0, percent=500), local


def _sharpened(image: Image.Image, factor: int, *, smooth: float, percent: int) -> Image.Image:
    size = (image.width * factor, image.height * factor)
    large = image.filter(ImageFilter.GaussianBlur(smooth)).resize(size, Image.Resampling.LANCZOS)
    return large.filter(ImageFilter.UnsharpMask(radius=5, percent=percent, threshold=0))


def _symbol(text: str, level: str) -> zxingcpp.Barcode:
    try:
        return zxingcpp.create_barcode(text, zxingcpp.BarcodeFormat.QRCode, ec_level=level)
    except (ValueError, RuntimeError) as error:
        raise RefusalError("too-long", "no QR code is large enough") from error


def png(text: str, *, scale: int = 4, level: str = "M") -> bytes:
    """Draw a QR code as PNG, `scale` pixels a module, with its quiet zone."""
    grid = modules(text, level=level)
    side = len(grid) + 2 * _QUIET_ZONE
    pixels = bytes(0 if dark else 255 for row in grid for dark in row)
    code = Image.frombytes("L", (len(grid), len(grid)), pixels)
    image = Image.new("L", (side, side), 255)
    image.paste(code, (_QUIET_ZONE, _QUIET_ZONE))
    out = io.BytesIO()
    # Two kinds of pixels, so one bit each.
    large = image.resize((side * scale, side * scale), Image.Resampling.NEAREST)
    large.convert("1", dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


def svg(text: str, *, title: str, level: str = "M") -> str:
    """Draw a QR code as SVG: one path of black runs on white, with a title for those who hear it."""
    grid = modules(text, level=level)
    side = len(grid) + 2 * _QUIET_ZONE
    runs = "".join(
        f"M{start + _QUIET_ZONE} {y + _QUIET_ZONE}h{length}v1h-{length}z"
        for y, row in enumerate(grid)
        for start, length in _runs(row)
    )
    safe = title.replace("&", "&amp;").replace("<", "&lt;")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{safe}</title>'
        f'<path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{runs}"/></svg>'
    )


def _runs(row: tuple[bool, ...]) -> Iterator[tuple[int, int]]:
    start = 0
    while start < len(row):
        if not row[start]:
            start += 1
            continue
        end = start
        while end < len(row) and row[end]:
            end += 1
        yield start, end - start
        start = end


def modules(text: str, *, level: str = "M") -> tuple[tuple[bool, ...], ...]:
    """Return the modules of the QR code, row by row, dark as true, without quiet zone.

    Refuses with `too-long` when no QR code can hold the text at this level.
    """
    image = _symbol(text, level).to_image(scale=1, add_quiet_zones=False)
    pixels = memoryview(image).tobytes()  # type: ignore[arg-type]  # a buffer, which its stub omits
    side = math.isqrt(len(pixels))
    return tuple(
        tuple(pixel == 0 for pixel in pixels[start : start + side])
        for start in range(0, len(pixels), side)
    )
