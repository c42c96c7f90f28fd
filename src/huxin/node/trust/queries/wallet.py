"""The wallet: a person's cards, those in use first, the past ones folded away with the reason."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from huxin.node.base.actor import Actor
from huxin.node.base.models import Person, User
from huxin.node.trust.models import ClaimSlip
from huxin.node.trust.queries import cards, faces
from huxin.node.trust.queries.faces import Shut

__all__ = [
    "Owner",
    "Wallet",
    "has_account",
    "owners",
    "person_of",
    "slip_owner",
    "wallet_of",
]


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody whose cards an actor may open; `own` for themselves."""

    id: uuid.UUID
    name: str
    own: bool


@dataclass(frozen=True, slots=True)
class Wallet:
    """One person's cards."""

    owner: Owner
    current: tuple[Shut, ...]
    past: tuple[Shut, ...]

    @property
    def first(self) -> Shut | None:
        """The card that the large buttons of elder mode mean."""
        return self.current[0] if self.current else None


def owners(by: Actor) -> list[Owner]:
    """Return the actor and whom they may act for now, by name."""
    wanted = [*by.represents, *([by.person] if by.person else [])]
    found = [Owner(one.id, one.shown, one.id == by.person)
             for one in Person.objects.filter(id__in=wanted)]  # fmt: skip
    return sorted(found, key=lambda one: (not one.own, one.name))


def person_of(person: uuid.UUID, *, by: Actor) -> Person | None:
    """Return the actor themselves, or somebody whom they may act for now."""
    return Person.objects.filter(id=person).first() if by.owns(person) else None


def wallet_of(person: uuid.UUID, *, by: Actor, now: datetime) -> Wallet | None:
    """Return a person's wallet, if it is the actor's to open."""
    owner = next((one for one in owners(by) if one.id == person), None)
    if owner is None:
        return None
    lines = [faces.shut(card, now=now) for card in cards.wallet(person, by=by, now=now)]
    return Wallet(
        owner,
        tuple(line for line in lines if line.past is None),
        tuple(line for line in lines if line.past is not None),
    )


def has_account(person: uuid.UUID) -> bool:
    """Tell whether somebody signs in as this person."""
    return User.objects.filter(person_id=person).exists()


def slip_owner(slip: uuid.UUID, *, now: datetime) -> Owner | None:
    """Return for whom a slip is that was typed a moment ago and can still be used."""
    good = ClaimSlip.objects.filter(id=slip, used_at=None, ends__gt=now).select_related("person")
    found = good.first()
    return Owner(found.person.id, found.person.shown, own=True) if found else None
