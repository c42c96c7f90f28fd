"""The answer of status sets for our credentials: by region and address of the list, then index.

A region speaks of its own cards only: the list that a card names is looked up among those of the
region whose key verified it.  A list that is not held answers "not revoked": that it is missing
or old is a matter of freshness, and `dates` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential
from huxin.trust.status.elias_fano import EliasFano
from huxin.trust.status.signed_set import Held, ListName

__all__ = ["StatusSets"]


class StatusSets:
    """Accepted sets of many lists, ready for `verify`; false where there is none."""

    __slots__ = ("_dates", "_sets")

    def __init__(self, held: Iterable[Held]) -> None:
        found = {one.name: one for one in held}
        self._sets = {name: EliasFano(one.found) for name, one in found.items()}
        self._dates = {name: (one.as_of, one.next_update) for name, one in found.items()}

    def __len__(self) -> int:
        return len(self._sets)

    def dates(self, credential: Credential, anchor: Anchor) -> tuple[datetime, datetime] | None:
        """Return since when the set of the card's list is true and when its next is due; nothing where none is held."""
        name = _named(credential, anchor)
        return None if name is None else self._dates.get(name)

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether the region whose key is `anchor` withdrew `credential`."""
        place, name = credential.status, _named(credential, anchor)
        if place is None or name is None:
            return False
        found = self._sets.get(name)
        # An empty set is false as a container is, hence `is not None`.
        return found is not None and place.index in found


def _named(credential: Credential, anchor: Anchor) -> ListName | None:
    """Return the list of a card, among those of the region whose key verified it."""
    if credential.status is None or anchor.region is None:
        return None
    return ListName(anchor.region, credential.status.uri)
