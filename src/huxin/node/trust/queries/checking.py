"""What somebody shows at a door → the codes in it → a verdict.  Nothing of it is kept or logged.

Responsible for reading what strangers hand in (texts, PNG, JPEG, PDF, files of health cards) within
bounds, and for asking the front door of `huxin.trust` with what this node believes.  Leaves words
and drawing to the page.

- a picture is read in this process, a PDF in one of its own; few at a time, the others wait;
- without a purpose an answer says whether a card is genuine, not whether it is enough;
- what a card said is gone with the answer: no table, no cache, no file, no line in a log.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from huxin.adapters import pdf_pages
from huxin.kernel.errors import RefusalError
from huxin.node.base.models import Organisation
from huxin.node.base.permissions import ROLES, Permission
from huxin.node.trust import signing
from huxin.node.trust.queries import rules
from huxin.node.trust.queries.status import status
from huxin.trust import qr, reading
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify

__all__ = ["MOST_CODES", "desks", "judge", "texts_in"]

MOST_CODES: Final = 8  # what one person shows at once; a card in parts has a code for each part
_MOST_CARDS: Final = 32  # one file may hold several cards
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_PDF: Final = b"%PDF"
_AT_A_TIME: Final = 3
_PATIENCE: Final = 20.0  # seconds
_seats = threading.BoundedSemaphore(_AT_A_TIME)


def texts_in(data: bytes) -> tuple[str, ...]:
    """Return the texts of the codes in a file that was handed in, at least one.

    Refuses with `picture` where no code can be read, `format` for any other kind of file, and
    `too-big` past the bounds, too many codes included.
    """
    if data.startswith(_PDF):
        with _seat():
            return _codes(pdf_pages.pages(data))
    if data.startswith((_PNG, _JPEG)):
        with _seat():
            return _codes((data,))
    if qr.is_picture(data):
        raise RefusalError("format", "a kind of picture that is not read here")
    if len(data) > reading.MAX_INPUT:
        raise RefusalError("too-big", "file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusalError("format", "not text") from error
    if not text.strip():
        raise RefusalError("no-card", "an empty file")
    return (text,)


@contextmanager
def _seat() -> Iterator[None]:
    if not _seats.acquire(timeout=_PATIENCE):
        raise RefusalError("picture", "too many pictures at a time")
    try:
        yield
    finally:
        _seats.release()


def _codes(pictures: Iterable[bytes]) -> tuple[str, ...]:
    texts: list[str] = []
    refusal = RefusalError("picture", "no page")
    for picture in pictures:
        try:
            texts += qr.read(picture)
        except RefusalError as error:
            refusal = error
    if not texts:
        raise refusal
    return tuple(dict.fromkeys(texts))


def judge(texts: Sequence[str], *, now: datetime, purpose: str | None = None) -> Verdict:
    """Judge the codes that one person shows together.

    Refuses with `too-big` for too many, and with `key-file` where this node's own trust list
    cannot be read: that is nobody's fault at the door.
    """
    if len(texts) > MOST_CODES:
        raise RefusalError("too-big", f"more than {MOST_CODES} codes")
    cards = reading.open_texts(tuple(texts))
    if len(cards) > _MOST_CARDS:
        raise RefusalError("too-big", f"more than {_MOST_CARDS} cards")
    asked = rules.book(now) if purpose is not None else None
    basis = Basis(signing.trust_store(now), status=status(), rules=asked)
    return verify(cards, basis, purpose=purpose, now=now)


def desks() -> list[Organisation]:
    """Return the desks where a card is printed again: their public names and hours.

    Those are the places where somebody may issue; a gate is no desk.
    """
    roles = [role.value for role, allowed in ROLES.items() if Permission.ISSUE in allowed]
    found = Organisation.objects.filter(grants__role__in=roles, grants__user__is_active=True)
    return list(found.distinct().order_by("name_en")[:20])
