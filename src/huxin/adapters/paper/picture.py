"""A card's QR code as a picture for a phone; a test key's card says SPECIMEN under it.

The caption stands outside of the quiet zone, so it never disturbs a reader.  Without the font
of the extra `huxin[paper]` the caption is in Latin letters only; it is never left out.
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from huxin.adapters.cards import SPECIMEN, Card
from huxin.adapters.paper import font
from huxin.kernel.errors import RefusalError
from huxin.trust import qr

__all__ = ["png", "png_of", "svg"]

_SCALE: Final = 6  # pixels a module: sharp on a phone, and read from a screenshot of half the size
_CAPTION_MODULES: Final = 8
_SIMPLIFIED: Final = 2  # which font of the collection has the forms of mainland China


def png(card: Card) -> bytes:
    """Return the card's QR code as PNG."""
    return png_of(card.credential.text, specimen=card.specimen)


def png_of(text: str, *, specimen: bool) -> bytes:
    """Return the QR code of a text as PNG, with or without the caption."""
    plain = qr.png(text, scale=_SCALE)
    if not specimen:
        return plain
    code = Image.open(io.BytesIO(plain)).convert("L")
    height = _CAPTION_MODULES * _SCALE
    image = Image.new("L", (code.width, code.height + height), 255)
    image.paste(code, (0, 0))
    caption, letters = _caption(height * 3 // 5)
    place = (code.width / 2, code.height + height * 2 / 5)
    ImageDraw.Draw(image).text(place, caption, font=letters, fill=0, anchor="mm", stroke_width=1)
    out = io.BytesIO()
    image.convert("1", dither=Image.Dither.NONE).save(out, "PNG")
    return out.getvalue()


@lru_cache(maxsize=32)
def _caption(size: int) -> tuple[str, ImageFont.FreeTypeFont | ImageFont.ImageFont]:
    try:
        path = font.font_path()
    except RefusalError:
        return SPECIMEN.partition(" ")[0], ImageFont.load_default(size)
    return SPECIMEN, ImageFont.truetype(str(path), size, index=_SIMPLIFIED)


def svg(card: Card) -> str:
    """Return the QR code as SVG."""
    title = f"{card.entry.pack.short.zh} {card.entry.pack.short.en} {card.identifier}"
    plain = qr.svg(card.credential.text, title=title)
    if not card.specimen:
        return plain
    side = len(qr.modules(card.credential.text)) + 8
    height = side + _CAPTION_MODULES
    inner = plain.replace("<svg ", f'<svg width="{side}" height="{side}" ', 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {height}">'
        f'<path fill="#fff" d="M0 0h{side}v{height}H0z"/>{inner}'
        f'<text x="{side / 2}" y="{side + 4}" text-anchor="middle" font-family="sans-serif" '
        f'font-weight="bold" font-size="5">{SPECIMEN}</text></svg>'
    )
