"""Which cards a recall means: those of one key, or those whose facts name a batch of a vaccine.

What was typed is sealed, so a batch is looked for card by card, in slices; a key stands in the open.

- only cards of the recall's own organisation, and none that was withdrawn already;
- a batch is compared as people read it: case, width, spaces, the kind of a dash and what nobody sees say nothing;
- a lost key is of no interest to a card whose last day is over: nothing takes its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.node.base.local_day import local_day
from huxin.node.trust import signing
from huxin.node.trust.models import Card, Recall
from huxin.packs import reader
from huxin.packs.entries import read_cell
from huxin.packs.reader import Choice, Pack

__all__ = ["candidates", "key_in_force", "meant", "packs_with_batches", "plain_batch"]

_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
_COLUMN: Final = "batch"


def plain_batch(text: str) -> str:
    """Reduce a batch number to what is compared."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    # A scanner or a copied cell brings signs along that have no shape, and the card does not show them.
    seen = (one for one in folded if unicodedata.category(one) != "Cf")
    return "".join("".join(seen).split())


def packs_with_batches() -> list[Pack]:
    """Return the packs whose cards name a batch."""
    found = [reader.pack(one) for one in reader.pack_ids()]
    return [one for one in found if any(column.id == _COLUMN for column in one.columns)]


def key_in_force() -> str:
    """Return the key that this process signs with; empty where it has none."""
    try:
        return kid_text(signing.signer().kid)
    except RefusalError:
        return ""


def candidates(recall: Recall, *, today: date) -> QuerySet[Card]:
    """Return the cards to look through, in the order of their keys: all of those meant are among them."""
    here = Card.objects.filter(organisation_id=recall.organisation_id, revocation=None)
    if recall.reason == "batch-recalled":
        return here.filter(pack=recall.pack).order_by("id")
    here = here.filter(kid=recall.kid, last_day__gte=today)
    if recall.first_day is not None:
        here = here.filter(issued_at__gte=_midnight(recall.first_day))
    if recall.last_day is not None:
        here = here.filter(issued_at__lt=_midnight(recall.last_day + timedelta(days=1)))
    return here.order_by("id")


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), settings.HUXIN.time_zone)


def meant(recall: Recall, cards: Iterable[Card]) -> list[Card]:
    """Return those of the candidates that the recall means."""
    if recall.reason != "batch-recalled":
        return list(cards)
    if recall.pack not in reader.pack_ids():
        return []  # a pack that was taken out of the node
    pack, wanted = reader.pack(recall.pack), plain_batch(recall.batch)
    same = (one for one in cards if plain_batch(one.cells.get(_COLUMN, "")) == wanted)
    return [one for one in same if _is_of(one, recall.choice, pack)]


def _is_of(card: Card, choice: str, pack: Pack) -> bool:
    if not choice:
        return True
    day = local_day(card.issued_at)
    read = read_cell(pack.column(pack.choice), card.cells.get(pack.choice, ""), today=day)
    return isinstance(read, Choice) and read.id == choice
