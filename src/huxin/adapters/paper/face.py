"""What stands on a card's paper, as plain data for the layouts.

Responsible for which fact is shown where: on the outside nothing about health, inside what
the code holds.  Leaves measures and the fixed words of a layout to the templates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any, Final

from huxin.adapters.cards import Card, is_for_life
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import PartialDate
from huxin.packs.entries import Value
from huxin.packs.reader import Choice, Column, Words
from huxin.trust import qr

__all__ = ["Region", "face", "lettering", "letters", "scanned"]

_LIFE: Final = Words("终身", "for life")
_RENEW: Final = Words("这张卡用到", "Renew this card by")
_TITLES: Final = {
    "vaccination": Words("接种记录", "Vaccination"),
    "examination": Words("体检记录", "Examination"),
    "clearance": Words("许可", "Clearance"),
    "minimal": Words("精简卡", "Minimal card"),
}
_PERSONAL: Final = frozenset({"name", "latin", "latin_family", "office", "complete_until"})
# What a column says that is printed and yet not in the code, by format of the card.
_NOT_IN_CODE: Final = {
    "hcert-1": frozenset(
        {"latin_family", "complete_until", "batch", "centre", "valid_from", "valid_until"}
        | {"sex", "nationality", "document", "guardian"}
    ),
    "hcert-100": frozenset({"nationality", "complete_until"}),
    "hcert-6": frozenset({"name", "series", "complete_until"}),
    "shc": frozenset(
        {
            "latin_family",
            "series",
            "guardian",
            "complete_until",
            "valid_from",
            "valid_until",
            "document",
        }
        | {"nationality", "sex", "product", "maker"}
    ),
}
_FIRST_DAY: Final = Words("起始日", "First day")
_SIGNED: Final = Words("签的全部内容", "All that was signed")
_MINIMAL_SCAN: Final = (
    Words("姓名", "Name"),
    Words("出生年", "Birth year"),
    Words("用途", "Purpose"),
    Words("到期日", "Last day"),
    Words("签发单位", "Issuing office"),
)


@dataclass(frozen=True, slots=True)
class Region:
    """How the issuing region is called on paper; `None` where only its code is known.

    `zone` is the region's clock, by which the day of issue is printed; UTC where nobody says.
    """

    code: str
    name: Words | None = None
    zone: tzinfo = UTC

    @property
    def seal(self) -> str:
        """Two characters for the seal."""
        return self.name.zh[:2] if self.name else self.code[:2]

    @property
    def words(self) -> Words:
        """The region in both languages, its code beside it."""
        if self.name is None:
            return Words(self.code, self.code)
        return Words(f"{self.name.zh}（{self.code}）", f"{self.name.en} ({self.code})")


def face(card: Card, region: Region) -> dict[str, Any]:
    """Return the data of one card for every layout; refuses with `too-long` as `qr` does."""
    code, title = card.credential.text, card.entry.pack.short.zh
    drawn = {"svg": qr.svg(code, title=title), "modules": len(qr.modules(code))}
    return {**lettering(card, region), "qr": drawn}


def lettering(card: Card, region: Region) -> dict[str, Any]:
    """Return all of a card's face but its code: drawing that is what takes time."""
    pack = card.entry.pack
    person = card.facts.person
    latin = person.name.latin.upper()
    return {
        "title": _plain(pack.name),
        "short": _plain(pack.short),
        "seal": region.seal,
        "region": region.name.zh if region.name else "",
        "specimen": card.specimen,
        "name": person.name.shown,
        "latin": latin if latin != person.name.shown.upper() else "",
        "year": str(person.birth.year) if person.birth else "",
        "until": card.last_day.isoformat(),
        "proves": _plain(card.proves),
        "issuer": _issuer(card, region),
        "reveals": _plain(card.reveals),
        "scan": _plain(_scan(card)),
        "identifier": card.identifier,
        "kid": kid_text(card.credential.kid or b""),
        "details_title": _plain(_TITLES["minimal" if card.minimal else pack.kind]),
        "details": list(_details(card)),
    }


def letters(card: Card) -> Iterator[tuple[str, str]]:
    """Yield (column, text) for each text of a person's making that will be printed."""
    for name, value in card.entry.values.items():
        if isinstance(value, str):
            yield name, value


def _plain(words: Words) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}


def _issuer(card: Card, region: Region) -> dict[str, str]:
    office = card.entry.text("office")
    issued = card.credential.issued or card.credential.not_before
    day = issued.astimezone(region.zone).date().isoformat() if issued else ""
    return {"zh": office or region.words.zh, "en": f"{region.words.en}, {day}"}


def _scan(card: Card) -> Words:
    shown = scanned(card)
    return Words("、".join(one.zh for one in shown), ", ".join(one.en for one in shown).lower())


def scanned(card: Card) -> tuple[Words, ...]:
    """Return what is in the code, and so is read by whoever scans it, item by item."""
    if card.minimal:
        begins = card.facts.events[0].valid_from is not None
        return (*_MINIMAL_SCAN, _FIRST_DAY) if begins else _MINIMAL_SCAN
    if not card.entry.pack.columns:
        return (_SIGNED,)  # a pack that is not here says nothing of its columns
    hidden = _NOT_IN_CODE[card.credential.format]
    if card.credential.format == "shc" and card.entry.text("office"):
        hidden |= {"centre"}  # such a card has room for one of the two
    return tuple(
        _precise(column, card.entry.values[column.id])
        for column in card.entry.pack.columns
        if column.id in card.entry.values and column.id not in hidden
    )


def _precise(column: Column, value: Value) -> Words:
    if column.id == "birth" and isinstance(value, PartialDate) and value.month is None:
        return Words("出生年", "Birth year")
    return column.head


def _details(card: Card) -> Iterator[dict[str, Any]]:
    if card.minimal:
        (event,) = card.facts.events
        purpose, until = card.entry.pack.purpose_words, event.valid_until
        assert until is not None
        yield _row(Words("用途", "Purpose"), purpose)
        if event.valid_from is not None:
            yield _row(_FIRST_DAY, _shown(event.valid_from))
        yield _row(Words("有效期至", "Valid until"), _shown(until))
        return
    for column in card.entry.pack.columns:
        if column.id in card.entry.values and column.id not in _PERSONAL:
            yield _row(column.head, _shown(card.entry.values[column.id]))
    proven_until = card.facts.events[0].valid_until
    if proven_until is not None and proven_until.latest() > card.last_day:
        # The front shows the card's own end; nobody should read it as that of the vaccination.
        yield _row(_RENEW, Words(card.last_day.isoformat(), ""))


def _row(head: Words, value: Words) -> dict[str, Any]:
    return {"head": _plain(head), "value": value.zh, "en": value.en}


def _shown(value: Value) -> Words:
    if isinstance(value, Choice):
        return value.words
    if isinstance(value, PartialDate) and is_for_life(value):
        return _LIFE
    return Words(str(value), "")
