"""One `open()`: any text or picture → the credentials in it, or why there is none.

Responsible for recognising what was handed in and for the name of the step at which it
stopped.  Leaves belief to `trust.verify`: nothing here looks at a key.

- a refusal is a value: `open` raises for nothing that a stranger can hand in;
- white space around a text is trimmed, since people paste;
- a picture, a file or a text of several lines may hold several cards, so the answer is a tuple, never empty;
- a notice with a code of its own, beside a card in one picture, is no card and spoils none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Final

from huxin.kernel import jws
from huxin.kernel.errors import Refusal, RefusalError
from huxin.kernel.value import value
from huxin.trust import qr
from huxin.trust.credentials import hcert, smart_health_card
from huxin.trust.credentials.credential import Credential

__all__ = ["MAX_INPUT", "Pages", "Reading", "cards_among", "open", "open_texts"]

MAX_INPUT: Final = 1_000_000  # a text or file; pictures have a bound of their own

Pages = Callable[[bytes], Sequence[bytes]]
"""Draws the pages of a PDF as pictures (an adapter: it needs a process of its own)."""

_PDF: Final = b"%PDF"
_LINK: Final = "shlink:/"
_LONGEST_START: Final = 200
# What people paste around a text: white space of every kind, and marks that nobody sees.
_AROUND: Final = " \t\r\n\v\f\u00a0\u2028\u2029\u3000\ufeff\u200b"
_LINE_BREAK: Final = re.compile(r"[\n\v\f\r]")
_MAX_LINES: Final = 99  # as many as a health card may have parts
_CODES: Final = (hcert.PREFIX, smart_health_card.PREFIX)
_BEGINNINGS: Final = (*_CODES, "{", "eyJ")
_SHC_STEPS: Final = ("digits", "jws", "inflate")


@value()
class Reading:
    """What came of opening one card.

    `format` is what it was recognised as (`hcert`, `shc`, `shlink`, or `None`);
    `passed` the steps that held, `failed` the one that did not.  Exactly one of
    `credential` and `refusal` is there.
    """

    format: str | None
    passed: tuple[str, ...]
    failed: str | None = None
    credential: Credential | None = None
    refusal: Refusal | None = None


def open(source: str | bytes | Sequence[str], *, pages: Pages | None = None) -> tuple[Reading, ...]:
    """Open a text, a picture, a PDF, a file's bytes, or several texts that belong together.

    A PDF is read only when `pages` is lent; without it the answer is the code `format`.
    """
    if isinstance(source, str):
        return _open_lines(source)
    if not isinstance(source, bytes):
        return open_texts(tuple(source))
    if source.startswith(_PDF):
        return _open_pdf(source, pages)
    if qr.is_picture(source):
        return _open_pictures((source,))
    if len(source) > MAX_INPUT:
        return (_refused("too-big"),)
    try:
        return _open_lines(source.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return (_refused("format"),)


def _open_pdf(source: bytes, pages: Pages | None) -> tuple[Reading, ...]:
    if pages is None:
        return (_refused("format"),)
    try:
        return _open_pictures(tuple(pages(source)))
    except RefusalError as error:
        return (_picture_refused(error.refusal),)


def _open_pictures(pictures: tuple[bytes, ...]) -> tuple[Reading, ...]:
    texts: list[str] = []
    refusal = Refusal("picture", "no page")
    for picture in pictures:
        try:
            texts += qr.read(picture)
        except RefusalError as error:
            refusal = error.refusal
    if not texts:
        return (_picture_refused(refusal),)
    return tuple(
        Reading(one.format, ("picture", *one.passed), one.failed, one.credential, one.refusal)
        for one in open_texts(cards_among(texts))
    )


def _picture_refused(refusal: Refusal) -> Reading:
    return Reading(None, (), failed="picture", refusal=refusal)


def _refused(code: str) -> Reading:
    return Reading(None, (), failed="prefix", refusal=Refusal(code))


def cards_among(texts: Sequence[str]) -> tuple[str, ...]:
    """Return the texts of a picture that begin as cards do; all of them where none does, since that has to be told."""
    cards = tuple(text for text in texts if _trimmed(text).startswith(_BEGINNINGS))
    return cards or tuple(texts)


def open_texts(texts: tuple[str, ...]) -> tuple[Reading, ...]:
    """Open several texts: the chunks of a health card are put together, the rest stand alone."""
    readings: list[Reading] = []
    chunks: list[str] = []
    for text in chain.from_iterable(map(_lines, texts)):
        if _is_chunk(text):
            chunks.append(_trimmed(text))
        else:
            readings += _open_text(text)
    if chunks:
        readings.append(_open_chunks(tuple(chunks)))
    return tuple(readings) or (_refused("prefix"),)


def _open_lines(text: str) -> tuple[Reading, ...]:
    lines = _lines(text)
    return open_texts(tuple(lines)) if len(lines) > 1 else _open_text(text)


def _lines(text: str) -> Sequence[str]:
    """Return the cards of a text that holds one a line, and any other text as it is."""
    if len(text) > MAX_INPUT or not _LINE_BREAK.search(text):
        return (text,)
    lines = [line for line in map(_trimmed, _LINE_BREAK.split(text)) if line]
    several = 1 < len(lines) <= _MAX_LINES and all(line.startswith(_CODES) for line in lines)
    return lines if several else (text,)


def _is_chunk(text: str) -> bool:
    """Tell whether a text is one part of several: `shc:/1/3/…`."""
    start = text[:_LONGEST_START].lstrip(_AROUND)
    return start.startswith(smart_health_card.PREFIX) and start.count("/", 0, 12) > 1


def _trimmed(text: str) -> str:
    return text.strip(_AROUND)


def _open_text(source: str) -> tuple[Reading, ...]:
    if len(source) > MAX_INPUT:
        return (_refused("too-big"),)
    text = _trimmed(source)
    if text.startswith(hcert.PREFIX):
        return (_open_hcert(text),)
    if text.startswith(smart_health_card.PREFIX):
        return (_open_chunks((text,)),)
    if text.startswith("{"):
        return _open_file(text)
    if text.startswith("eyJ"):
        return (_open_jws(text, []),)
    if _LINK in text[:_LONGEST_START]:
        return (Reading("shlink", (), failed="prefix", refusal=Refusal("format", "a link")),)
    return (_open_hcert(text),)


def _open_hcert(text: str) -> Reading:
    passed: list[str] = []
    try:
        credential = hcert.open_text(text, passed)
    except RefusalError as error:
        failed = next(step for step in hcert.STEPS if step not in passed)
        name = "hcert" if passed else None
        return Reading(name, tuple(passed), failed, refusal=error.refusal)
    return Reading("hcert", hcert.STEPS, credential=credential)


def _open_chunks(texts: tuple[str, ...]) -> Reading:
    try:
        compact = smart_health_card.from_chunks(texts)
    except RefusalError as error:
        return Reading("shc", (), failed="digits", refusal=error.refusal)
    return _open_jws(compact, ["digits"], texts[0] if len(texts) == 1 else None)


def _open_jws(compact: str, passed: list[str], text: str | None = None) -> Reading:
    try:
        credential = smart_health_card.open_jws(compact, passed, text)
    except RefusalError as error:
        # A bare JWS has no digits, so that step is neither held nor failed.
        failed = next(step for step in _SHC_STEPS[1:] if step not in passed)
        return Reading("shc", tuple(passed), failed, refusal=error.refusal)
    return Reading("shc", tuple(passed), credential=credential)


def _open_file(text: str) -> tuple[Reading, ...]:
    try:
        document = jws.parse_json(text.encode("utf-8", "replace"), code="format")
        cards = smart_health_card.jws_of_file(document if isinstance(document, dict) else {})
    except RefusalError as error:
        return (Reading(None, (), failed="jws", refusal=error.refusal),)
    return tuple(_open_jws(card, []) for card in cards)
