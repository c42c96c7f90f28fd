"""Cards that the tour hands out beside those of 苇洲's desk: of 松岬, of 云渡's older key, and two in formats of elsewhere."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from huxin.adapters.cards import Envelope, Wish, new_identifier, sign_card
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.trust.issue import Signer

__all__ = ["CARDS", "Afar", "card_text"]

_DOSE: Final = {"vaccine": "mmr", "dose": "2", "batch": "DEMO-0042"}
_DRILL: Final = {
    "vaccine": "核酸疫苗", "product": "DEMO-N1", "maker": "DEMO-MAKER", "dose": "2", "series": "2",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Afar:
    """A card: which region's first key signs it, what it says, of which pack, in which envelope."""

    region: str
    row: Mapping[str, str]
    pack: str = "school-entry"
    envelope: Envelope = "hcert"


CARDS: Final[Mapping[str, Afar]] = {
    "pine-cape": Afar(
        "QY",
        {
            **_DOSE, "name": "宋听涛", "latin": "SONG TINGTAO", "birth": "1990-06-03",
            "office": "松岬接种门诊",
        },
    ),
    "cloud-ferry": Afar(
        "QX",
        {
            **_DOSE, "name": "艾撑篙", "latin": "AI CHENGGAO", "birth": "1985-11-20",
            "office": "云渡体检站",
        },
    ),
    "health-card": Afar(
        "QW",
        {
            **_DOSE, "name": "方渡口", "latin": "FANG DUKOU", "birth": "1979-02-14",
            "office": "苇洲接种门诊",
        },
        envelope="shc",
    ),
    "eu-certificate": Afar(
        "QW",
        {
            **_DRILL, "name": "贺兰舟", "latin": "HELAN ZHOU", "birth": "1990-06-30",
            "office": "苇洲接种门诊",
        },
        pack="pandemic",
    ),
}  # fmt: skip
"""Whose cards they are, by the name of their samples."""


def card_text(name: str, signer: Signer, *, now: datetime) -> str:
    """Return what the code of one of these cards holds, issued at `now`."""
    card, today = CARDS[name], now.astimezone(UTC).date()
    more = {}
    if card.pack == "pandemic":
        more["complete_until"] = (today + timedelta(days=200)).isoformat()
    entry = read_entry(
        reader.pack(card.pack), {**card.row, **more, "date": today.isoformat()}, today=today
    )
    assert isinstance(entry, Entry), entry
    identifier = new_identifier(signer.region, secrets.token_bytes)
    wish = Wish(envelope=card.envelope)
    return sign_card(entry, signer, wish, identifier=identifier, now=now).credential.text
