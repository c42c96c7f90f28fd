"""What is kept from whoever acts for a person: packs say from which age it is the person's own affair.

- one's own account sees everything; a desk and a clinic are asked for by rules of their own;
- whoever acts for somebody who was a child when that was agreed does not see it: a guardian, and a
  helper whom a guardian named.  It stays so when the child comes of age, until they themselves agree;
- a pack that is not here cannot say what it keeps, so all that came of it is kept;
- whose birth nobody knows is taken for old enough to have a secret, and for a child when it was agreed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from huxin.node.base.actor import Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Person, Proxy
from huxin.packs import reader
from huxin.packs.confidence import Confidence, is_of_age, may_be
from huxin.packs.stand_in import is_here, pack_or_stand_in

__all__ = ["NOTHING", "KeptBack", "is_own_affair", "kept_back", "people_with_secrets"]


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What of one person's packs is kept from whoever asks; `missing` tells that those that are not here are too."""

    packs: Mapping[str, Confidence] = field(default_factory=dict, hash=False)
    missing: bool = False

    @property
    def anything(self) -> bool:
        """Whether something may be kept at all."""
        return bool(self.packs) or self.missing

    @property
    def whole(self) -> frozenset[str]:
        """The packs of which nothing is shown."""
        return frozenset(name for name, one in self.packs.items() if not one.columns)

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of visits that may lead to a pack of which nothing is shown."""
        return frozenset(reader.pack(name).kind for name in self.whole)

    def keeps(self, pack: str) -> bool:
        """Tell whether something of a pack is not shown."""
        return pack in self.packs or self._lacks(pack)

    def keeps_whole(self, pack: str) -> bool:
        """Tell whether nothing of a pack is shown."""
        return pack in self.whole or self._lacks(pack)

    def _lacks(self, pack: str) -> bool:
        return self.missing and bool(pack) and not is_here(pack)

    def columns(self, pack: str) -> frozenset[str]:
        """Return the columns of a pack that are not shown, where the others are."""
        found = self.packs.get(pack)
        return found.columns if found else frozenset()

    def hides(self, pack: str, cells: Mapping[str, str], *, minimal: bool = False) -> bool:
        """Tell whether a card, or the wish for one, is kept back."""
        found = self.packs.get(pack)
        if found is None:
            return self._lacks(pack)
        return found.hides(cells, choice=reader.pack(pack).choice, minimal=minimal)


NOTHING: Final = KeptBack()


def kept_back(person: Person, *, by: Actor, now: datetime) -> KeptBack:
    """Return what of a person is kept from an actor at this instant."""
    if person.id == by.person or person.id not in by.represents:
        return NOTHING
    today = local_day(now)
    secrets = {
        name: found
        for name in reader.pack_ids()
        if (found := reader.pack(name).confidential) is not None
        and may_be(str(person.birth), found.from_age, today=today)
    }
    if _agreed_when_of_age(person, by, now):
        return NOTHING
    return KeptBack(secrets, missing=True)


def _agreed_when_of_age(person: Person, by: Actor, now: datetime) -> bool:
    running = Proxy.objects.filter(
        person=person, holder_id=by.person, begins__lte=now, ends__gt=now, ended_at=None
    )
    days = [local_day(begins) for begins in running.values_list("begins", flat=True)]
    return any(is_of_age(str(person.birth), on=day) for day in days)


def is_own_affair(pack: str, person: Person, *, now: datetime) -> int:
    """Return the age from which a pack is the person's own affair, if they are a child of that age; else 0.

    For whoever hands something over: it goes to the person, not to whoever came with them.
    """
    found, today = pack_or_stand_in(pack).confidential, local_day(now)
    if found is None or is_of_age(str(person.birth), on=today):
        return 0
    return found.from_age if may_be(str(person.birth), found.from_age, today=today) else 0


def people_with_secrets(by: Actor, *, now: datetime) -> dict[uuid.UUID, tuple[Person, KeptBack]]:
    """Return those whom an actor acts for and from whom something of theirs is kept."""
    found = Person.objects.filter(id__in=by.represents)
    asked = {one.id: (one, kept_back(one, by=by, now=now)) for one in found}
    return {key: pair for key, pair in asked.items() if pair[1].anything}
