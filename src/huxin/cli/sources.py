"""Where cards come from: an argument, a file, a pipe → what was read of them.

An argument is a file where there is one of that name, else the text of a card.  The codes of a card
that was split over several pictures or texts are put together, however they come.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import click

from huxin.adapters import intake, pdf_pages
from huxin.kernel.errors import RefusalError
from huxin.trust import qr, reading
from huxin.trust.reading import Reading

__all__ = ["MAX_BYTES", "Source", "open_together", "source_of"]

MAX_BYTES: Final = 25_000_000

_STDIN: Final = "-"
_TEXT: Final = re.compile(r"\s*([Hh][Cc][0-9]:|shc:/|eyJ|\{|https?://|shlink:/)")
_FILE_NAME: Final = re.compile(
    r".*\.(png|jpe?g|gif|bmp|webp|tiff?|pdf|txt|json|svg|smart-health-card)", re.IGNORECASE
)
_LONGEST_NAME: Final = 255


@dataclass(frozen=True, slots=True)
class Source:
    """What was handed in; `name` tells it from others and holds nothing of a card."""

    name: str
    data: str | bytes


def source_of(argument: str, number: int = 1) -> Source:
    """Return what an argument means; a missing file is a wrong usage, not a bad card."""
    if argument == _STDIN:
        return Source(_STDIN, intake.read_stream(sys.stdin.buffer, limit=MAX_BYTES, name=_STDIN))
    if _TEXT.match(argument):
        return Source(f"#{number}", argument)
    path = Path(argument) if 0 < len(argument) <= _LONGEST_NAME and "\0" not in argument else None
    if path is not None and path.exists():
        return Source(path.name, intake.read(path, limit=MAX_BYTES))
    if path is not None and ("/" in argument or _FILE_NAME.fullmatch(argument)):
        raise click.BadParameter(f"no such file: {argument}", param_hint="CARD")
    return Source(f"#{number}", argument)


def open_together(sources: Sequence[Source]) -> tuple[Reading, ...]:
    """Open all sources as what one person shows; parts of one card are put together."""
    opened = [(one, reading.open(one.data, pages=pdf_pages.pages)) for one in sources]
    parts = [one for one, readings in opened if any(map(_is_part, readings))]
    if len(parts) < 2:
        return tuple(one for _, readings in opened for one in readings)
    whole = reading.open(tuple(text for part in parts for text in _texts(part)))
    return (*(one for part, readings in opened if part not in parts for one in readings), *whole)


def _is_part(one: Reading) -> bool:
    return one.refusal is not None and one.refusal.code == "chunks"


def _texts(source: Source) -> tuple[str, ...]:
    if isinstance(source.data, str):
        return (source.data,)
    pictures: tuple[bytes, ...] = (source.data,) if qr.is_picture(source.data) else ()
    if source.data.startswith(b"%PDF"):
        pictures = pdf_pages.pages(source.data)
    texts: list[str] = []
    for picture in pictures:
        try:
            texts += qr.read(picture)
        except RefusalError:
            continue  # a page without a code
    return reading.cards_among(texts) if pictures else (source.data.decode("utf-8", "replace"),)
