"""Cards are handed to their person's own phone, to be shown there without a network.

What is handed out is what the wallet shows anyway, of oneself and of those whom one may act for; each of them finds
in their trail that it was.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from huxin.adapters import verifier_folder
from huxin.kernel.instants import rfc3339
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.trust.models import Card
from huxin.node.trust.queries import cards, faces, journey, rules
from huxin.node.trust.queries import wallet as wallets

__all__ = ["MOST_CARDS", "hand_out"]

MOST_CARDS: Final = 32
"""Cards of one person on a phone: those that were issued last."""


def hand_out(*, by: Actor, now: datetime) -> dict[str, Any]:
    """Return the cards in use of the actor and of those they may act for, as a phone keeps them."""
    with transaction.atomic():
        owners = [_of(owner, by, now) for owner in wallets.owners(by)]
    purposes = rules.purposes(now, coming=True)
    return {
        "huxin": "kept-wallet",
        "v": 1,
        "at": rfc3339(now),
        "zone": str(settings.HUXIN.time_zone),
        "purposes": {name: {"zh": words.zh, "en": words.en} for name, words in purposes.items()},
        "rules": rules.as_file(now),
        "words": verifier_folder.spoken_words(),
        "owners": owners,
    }


def _of(owner: wallets.Owner, by: Actor, now: datetime) -> dict[str, Any]:
    found = [one for one in cards.wallet(owner.id, by=by, now=now) if faces.past_of(one, now=now) is None]  # fmt: skip
    kept = found[:MOST_CARDS]
    if kept:
        about = None if owner.own else (None, "help")
        detail = {"cards": len(kept)}
        audit.record("kept-cards", by=by, now=now, subject=owner.id, about=about, detail=detail)
    read = journey.read_cards(kept, now=now)
    shown = [_card(one) | {"read": read.get(one.id.hex)} for one in kept]
    return {"name": owner.name, "own": owner.own, "cards": shown}


def _card(card: Card) -> dict[str, Any]:
    face = faces.face_of(card)
    return {
        "kind": {"zh": face.kind.zh, "en": face.kind.en},
        "name": face.name,
        "latin": face.latin,
        "born": face.born,
        "until": face.until,
        "specimen": face.specimen,
        "code": face.qr,
    }
