"""What was withdrawn: for this node's checks, and for whoever asks from outside.

`status()` answers `huxin.trust.status.Status`; give it to `Basis(trust_store(now), status())`.  For the cards of this
region it keeps the places of all withdrawn cards in memory and reads them anew when one was added: rows are never
taken back, so their number and the newest tell.  For those of other regions it asks the sets that are held.
"""

from __future__ import annotations

import threading
import uuid
from dataclasses import dataclass, field
from typing import Final

from django.conf import settings

from huxin.node.trust.models import Card, Revocation
from huxin.node.trust.queries import region_sets
from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential
from huxin.trust.status import Several, Status

__all__ = ["OwnStatus", "StatusList", "status", "status_list", "status_uri"]

_Stamp = tuple[int, uuid.UUID | None]


def status_uri(number: int) -> str:
    """Return the address of a status list as it stands in cards."""
    return f"{settings.HUXIN.origin}/status/{number}"


@dataclass(slots=True)
class OwnStatus:
    """The places withdrawn in this region, kept in memory; asks the database whether there are more."""

    _places: frozenset[tuple[str, int]] = frozenset()
    _stamp: _Stamp | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether this region withdrew the card; never so of another region's card."""
        place = credential.status
        if place is None or anchor.region != settings.HUXIN.region:
            return False
        return (place.uri, place.index) in self._current()

    def _current(self) -> frozenset[tuple[str, int]]:
        stamp = _stamp()
        with self._lock:
            if stamp == self._stamp:
                return self._places
        # Read outside of the lock, and stamped as before reading: at worst read once more than needed.
        places = frozenset(
            (status_uri(number), index)
            for number, index in Revocation.objects.values_list(
                "card__status_list", "card__status_index"
            )
        )
        with self._lock:
            self._places, self._stamp = places, stamp
        return places


def _stamp() -> _Stamp:
    # The number too: of two withdrawals at one moment the newer may be written first.
    newest = Revocation.objects.order_by("-id").values_list("id", flat=True).first()
    return Revocation.objects.count(), newest


_OWN: Final = OwnStatus()


def status() -> Status:
    """Return what this node and other regions withdrew, for `Basis`."""
    return Several((_OWN, region_sets.others()))


@dataclass(frozen=True, slots=True)
class StatusList:
    """One list as it is published: which places are withdrawn; `tag` changes when they do."""

    number: int
    revoked: tuple[int, ...]
    tag: str


def status_list(number: int) -> StatusList | None:
    """Return a list that this node has begun, or nothing."""
    last = Card.objects.order_by("-status_list").values_list("status_list", flat=True).first()
    if number < 1 or number > (last or 1):
        return None
    places = Revocation.objects.filter(card__status_list=number)
    found = tuple(sorted(places.values_list("card__status_index", flat=True)))
    count, newest = _stamp()
    return StatusList(number, found, f"{number}-{count}-{newest.hex if newest else 0}")
