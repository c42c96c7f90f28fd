"""What pages and paper show of a card: its face, signed or not yet, and what it says in plain words.

Responsible for one reading of a stored card, so that the wallet, the desk and the paper cannot
say different things.  Leaves who may have it to `queries.cards`.

- a face shows what was signed, not what the person is called today;
- dates on cards are ISO dates;
- a card withdrawn or past its day is still shown to its person, with the reason in plain words.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse

from huxin.adapters import cards
from huxin.adapters.cards import Card as SignedCard
from huxin.adapters.cards import Wish
from huxin.adapters.paper import picture, press
from huxin.adapters.paper.face import lettering, scanned
from huxin.node.base.faces import CardFace
from huxin.node.base.local_day import local_day
from huxin.node.base.words import native, said, says
from huxin.node.trust import signing
from huxin.node.trust.models import Card
from huxin.node.trust.queries.cards import printable
from huxin.node.trust.queries.drawn import Shelf
from huxin.node.trust.words import REASON_WORDS
from huxin.packs.entries import Entry
from huxin.packs.reader import Pack, Words
from huxin.trust import qr

__all__ = [
    "About",
    "Past",
    "Shut",
    "about",
    "can_press",
    "face_of",
    "past_of",
    "picture_data",
    "preview",
    "shut",
]

_shelf: Final = Shelf()
_OTHER: Final = Words("签发单位把它收回了", "The issuing office took it back")


@dataclass(frozen=True, slots=True)
class Past:
    """Why a card is no longer shown first: `word` for a tag, `more` as a sentence.

    One that was withdrawn or replaced is not printed any more.
    """

    word: Words
    more: Words
    icon: str
    prints: bool = False


@dataclass(frozen=True, slots=True)
class Shut:
    """A line of the wallet: the face, and why it stands among the past ones, if it does."""

    id: uuid.UUID
    face: CardFace
    past: Past | None = None


@dataclass(frozen=True, slots=True)
class About:
    """A card in plain words: what it proves and does not, who signed it, what a scan reads."""

    proves: Words
    purpose: Words
    until: str
    issued: str
    issuer: Words
    region: Words
    scanned: tuple[Words, ...]
    details: tuple[tuple[Words, Words], ...]
    identifier: str
    kid: str
    minimal: bool
    specimen: bool


def past_of(card: Card, *, now: datetime) -> Past | None:
    """Return why a card does not count any more; `None` while it does."""
    withdrawn = getattr(card, "revocation", None)
    if getattr(card, "replaced_by", None) is not None:
        more = Words("请用新的那张", "Please use the new one")
        return Past(Words("已换新卡", "Replaced"), more, "refresh")
    if withdrawn is not None:
        return Past(
            Words("已撤回", "Withdrawn"), REASON_WORDS.get(withdrawn.reason, _OTHER), "undo"
        )
    if card.last_day < local_day(now):
        more = Words(
            f"{card.last_day} 到期，可到窗口换新的", f"Ended on {card.last_day}; any desk renews it"
        )
        return Past(Words("已到期", "Ended"), more, "clock", prints=True)
    return None


def shut(card: Card, *, now: datetime) -> Shut:
    """Return a card as a line of the wallet."""
    past = past_of(card, now=now)
    return Shut(card.id, _face(card, printable(card), past=past is not None), past)


def face_of(card: Card) -> CardFace:
    """Return the face of a signed card, with its code."""
    made = printable(card)
    # The title is in the page's language, so it names the drawing too.
    title = _title(made)
    drawn = _shelf.get(card.id, title, lambda: qr.svg(made.credential.text, title=title))
    return _face(card, made, qr=drawn)


def _title(made: SignedCard) -> str:
    """Return what is said of the code.

    A title has one language: a name in another script is left to the words beside the code.
    """
    kind, name = said(made.entry.pack.short), made.facts.person.name
    for one in filter(None, (name.shown, name.latin)):
        if native(one):
            return says(
                "二维码：{name}的{kind}，请检查人扫描",
                "QR code: {kind} of {name}, for the checker to scan",
                name=one,
                kind=kind,
            )
    return says(
        "二维码：{kind}，请检查人扫描", "QR code: {kind}, for the checker to scan", kind=kind
    )


def _face(card: Card, made: SignedCard, **more: Any) -> CardFace:
    person = made.facts.person
    here = signing.region()
    latin = person.name.latin.upper()
    return CardFace(
        kind=made.entry.pack.name,
        name=person.name.shown,
        latin="" if latin == person.name.shown.upper() else latin,
        born=str(person.birth.year) if person.birth else "",
        region=here.name.zh if here.name else here.code,
        seal=here.seal,
        until=made.last_day.isoformat(),
        proves=made.proves,
        specimen=made.specimen,
        url=reverse("card", args=[card.id]),
        **more,
    )


def about(card: Card) -> About:
    """Return what a card says, in plain words."""
    made = printable(card)
    data = lettering(made, signing.region())
    pack = made.entry.pack
    return About(
        proves=made.proves,
        purpose=pack.purpose_words,
        until=data["until"],
        issued=local_day(card.issued_at).isoformat(),
        issuer=Words(card.organisation.name_zh, card.organisation.name_en),
        region=signing.region().words,
        scanned=scanned(made),
        details=tuple(
            (_words(row["head"]), Words(row["value"], row["en"] or row["value"]))
            for row in data["details"]
        ),
        identifier=card.identifier,
        kid=data["kid"],
        minimal=card.minimal,
        specimen=made.specimen,
    )


def _words(pair: dict[str, str]) -> Words:
    return Words(pair["zh"], pair["en"])


def can_press() -> bool:
    """Tell whether this node makes PDF files."""
    return press.is_installed()


def picture_data(card: Card) -> str:
    """Return the picture of the code in base64, for a page that copies it without a request."""
    return _shelf.get(card.id, "png", lambda: _picture(card))


def _picture(card: Card) -> str:
    return base64.b64encode(picture.png(printable(card))).decode("ascii")


def preview(
    pack: Pack,
    cells: Mapping[str, str],
    entry: Entry | None,
    *,
    minimal: bool,
    now: datetime,
) -> CardFace:
    """Return the face that a card would have; nothing is signed, so there is no code.

    Without an `entry`, what can be shown of the cells is shown.  Refuses as `cards.promise`.
    """
    region = signing.region()
    name = cells.get("name", "").strip() or cells.get("latin", "").strip()
    until, proves = "", Words("", "")
    if entry is not None:
        made = cards.promise(entry, Wish(minimal=minimal, keys_end=_keys_end()), now=now)
        until, proves = made.last_day.isoformat(), made.proves
    return CardFace(
        kind=pack.name,
        name=name or "—",
        born=cells.get("birth", "").strip()[:4],
        region=region.name.zh if region.name else region.code,
        seal=region.seal,
        until=until or "—",
        proves=proves if until else "",
        latin=cells.get("latin", "").strip().upper(),
    )


def _keys_end() -> datetime:
    return signing.signer().description.valid_until
