"""The press: cards → tagged PDF, by typst and the layouts beside this file.

- what stands on a page goes to the typesetter as data, never as markup;
- no system font is asked, so the same cards and instant give the same bytes anywhere;
- the PDF keeps the rules of PDF/UA-1: text, language, headings, a title, words for pictures;
- a letter that the font lacks is refused before printing, with the field it stands in, or as the region's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, Literal

from huxin.adapters.cards import Card
from huxin.adapters.paper import font
from huxin.adapters.paper.face import Region, face, letters
from huxin.kernel.errors import HuxinError, RefusalError

if TYPE_CHECKING:
    import typst

__all__ = [
    "Layout",
    "MissingLetterError",
    "check_letters",
    "check_region",
    "is_installed",
    "print_cards",
]

Layout = Literal["sheet", "card", "cards"]
"""One A4 sheet a card, one card-size page a card, or ten cards on an A4 page."""

_MIN_MODULE_MM: Final = 0.42
_CARD_SYMBOL_MM: Final = 46
# The typesetter works for one caller at a time, and a node has several threads.
_AT_WORK: Final = threading.Lock()


class MissingLetterError(RefusalError):
    """A letter that our font does not have; `field` is the column it stands in."""

    def __init__(self, field: str, missing: str) -> None:
        super().__init__("bad-input", f"the font lacks {_points(missing)}")
        self.field = field


def is_installed() -> bool:
    """Tell whether typesetter and font are here (the extra `huxin[paper]`)."""
    try:
        _workshop()
    except RefusalError:
        return False
    return True


def check_letters(card: Card) -> None:
    """Raise `MissingLetterError` where a text of the card has a letter that the font lacks."""
    for field, text in letters(card):
        if missing := font.lacking(text):
            raise MissingLetterError(field, missing)


def check_region(region: Region) -> None:
    """Refuse with `bad-input` a region whose words have a letter that the font lacks."""
    words = region.words
    if missing := font.lacking(words.zh + words.en):
        raise RefusalError(
            "bad-input", f"the name of the region: the font lacks {_points(missing)}"
        )


def _points(missing: str) -> str:
    return " ".join(f"U+{ord(letter):04X}" for letter in missing)


def print_cards(cards: Sequence[Card], *, layout: Layout, region: Region, now: datetime) -> bytes:
    """Return a PDF of the cards; `now` is its date of making.

    Refuses with `tool` (the extra is missing), `missing` (no card), `bad-input` (a letter that
    the font lacks), or `too-long` (a code too fine for a small card).
    """
    if not cards:
        raise RefusalError("missing", "no card to print")
    compiler, sources = _workshop()
    check_region(region)
    for card in cards:
        check_letters(card)
    faces = [face(card, region) for card in cards]
    if layout != "sheet":
        _check_modules(faces)
    document = {
        "title": _title(cards),
        "author": f"{region.words.zh} {region.words.en}" if region.name else region.code,
        "qr_alt": f"二维码：{faces[0]['short']['zh']} QR code: {faces[0]['short']['en']}",
        "mark": _mark(),
        "cards": faces,
    }
    return _compile(compiler, sources[layout], document, now)


def _title(cards: Sequence[Card]) -> str:
    words = cards[0].entry.pack.name
    number = cards[0].identifier if len(cards) == 1 else f"{len(cards)} 张 cards"
    specimen = "SPECIMEN 样张 · " if cards[0].specimen else ""
    return f"{specimen}{words.zh} {words.en} · {number}"


def _check_modules(faces: Sequence[dict[str, Any]]) -> None:
    for one in faces:
        if _CARD_SYMBOL_MM / one["qr"]["modules"] < _MIN_MODULE_MM:
            raise RefusalError("too-long", "the code is too fine for a small card; print a sheet")


def _compile(
    compiler: typst.Compiler, source: bytes, document: dict[str, Any], now: datetime
) -> bytes:
    import typst

    try:
        with _AT_WORK:
            made = compiler.compile(
                input=source,
                format="pdf",
                sys_inputs={"data": json.dumps(document, ensure_ascii=False)},
                pdf_standards=["ua-1"],
                timestamp=int(now.timestamp()),
            )
    except typst.TypstError as error:
        # Letters were looked at before; what is left is a fault of a layout.
        raise HuxinError(f"the layout does not compile: {error.message[:200]}") from error
    assert isinstance(made, bytes)
    return made


@cache
def _workshop() -> tuple[typst.Compiler, dict[Layout, bytes]]:
    """Return the typesetter with our font, and the layouts; refuses with `tool`."""
    try:
        import typst
    except ImportError as error:
        raise RefusalError("tool", "typst") from error
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(font.font_path().parent)],
    )
    compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    common = _template("common.typ")
    names: tuple[Layout, ...] = ("sheet", "card", "cards")
    return compiler, {name: common + _template(f"{name}.typ") for name in names}


def _template(name: str) -> bytes:
    return (files("huxin.adapters.paper") / "templates" / name).read_bytes()


@cache
def _mark() -> str:
    return _template("mark.svg").decode("utf-8")
