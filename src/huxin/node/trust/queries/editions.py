"""The editions of the lists of withdrawn cards: which is the newest, its bytes, and whether it is too old.

The bytes are as they were signed.  The form of others (Token Status List) is signed anew from the newest edition and
kept in memory, since nobody goes on from an older one.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.db.models import Max, Min

from huxin.node.base.condition import Finding
from huxin.node.trust import signing
from huxin.node.trust.models import Card, StatusEdition
from huxin.packs.reader import Words
from huxin.trust.status import signed_set
from huxin.trust.status.token_list import TokenList
from huxin.trust.status.token_list_cwt import sign_cwt

__all__ = [
    "CWT",
    "JWT",
    "LASTS",
    "TTL",
    "Edition",
    "begun",
    "delta_of",
    "examine",
    "newest",
    "token_of",
    "whole_of",
]

JWT: Final = "application/statuslist+jwt"
CWT: Final = "application/statuslist+cwt"
TTL: Final = timedelta(hours=1)
"""How long others may keep a token before they ask for a new one."""
LASTS: Final = timedelta(hours=48)
"""How long an edition is valid; after that verifiers do not take it any more."""
_LATE: Final = timedelta(hours=36)


@dataclass(frozen=True, slots=True)
class Edition:
    """What there is to say of an edition; its bytes are asked for on their own."""

    id: uuid.UUID
    number: int
    version: int
    as_of: datetime
    next_update: datetime


def begun() -> range:
    """Return the numbers of the lists that a card stands in, or that were published."""
    cards = Card.objects.order_by("-status_list").values_list("status_list", flat=True).first()
    published = StatusEdition.objects.order_by("-number").values_list("number", flat=True).first()
    return range(1, max(cards or 0, published or 0) + 1)


def newest(number: int) -> Edition | None:
    """Return the newest edition of a list, or nothing."""
    names = ("id", "number", "version", "as_of", "next_update")
    rows = StatusEdition.objects.filter(number=number).order_by("-version")
    found = rows.values_list(*names).first()
    return None if found is None else Edition(*found)


def whole_of(edition: uuid.UUID) -> bytes:
    """Return an edition as a whole set."""
    return bytes(StatusEdition.objects.values_list("whole", flat=True).get(id=edition))


def delta_of(number: int, version: int) -> bytes | None:
    """Return what a version added to the one before; nothing where there is none."""
    rows = StatusEdition.objects.filter(number=number, version=version)
    found = rows.values_list("delta", flat=True).first()
    return None if found is None else bytes(found)


@lru_cache(maxsize=16)
def token_of(edition: uuid.UUID, kind: str) -> bytes:
    """Return an edition as a Status List Token, JWT or CWT; refuses with `key-file`."""
    held = signed_set.reopen(whole_of(edition))
    said = TokenList(
        held.name.uri,
        held.found,
        int(held.as_of.timestamp()),
        int(held.next_update.timestamp()),
        int(TTL.total_seconds()),
    )
    signer = signing.signer()
    return sign_cwt(said, signer) if kind == CWT else said.sign(signer).encode("ascii")


def examine(now: datetime) -> Iterator[Finding]:
    """状态清单 | Status lists"""
    about = Words("状态清单", "Status lists")
    begun_at = Card.objects.values_list("status_list").annotate(Min("issued_at"))
    signed_at = dict(StatusEdition.objects.values_list("number").annotate(Max("as_of")))
    # A list that was never signed is late from its first card on.
    since = dict(begun_at.order_by("status_list")) | signed_at
    if not since or now - min(since.values()) <= _LATE:
        zh, en = f"{len(signed_at)} 份，都已签发", f"{len(signed_at)}, all signed in time"
        yield Finding(about, "fine", Words(zh, en))
        return
    number = min(since, key=lambda one: since[one])
    local = since[number].astimezone(settings.HUXIN.time_zone)
    last = local.strftime("%m-%d %H:%M") if number in signed_at else "—"
    zh, en = f"第 {number} 份过时，上次签发 {last}", f"list {number} is late, last signed {last}"
    todo = Words(
        "看 huxin node work 是否在运行、签名密钥能否打开",
        "see whether huxin node work is running, and whether the signing key opens",
    )
    over = now - since[number] >= LASTS
    yield Finding(about, "mend" if over else "look", Words(zh, en), todo)
