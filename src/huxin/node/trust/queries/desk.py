"""What a desk sees: people of its own organisation, their cards, and what waits for a decision.

- finding somebody is counted by officer and hour, in the audit trail, so that no restart forgets it;
- whoever opens a person's page leaves a trace in that person's trail, once in ten minutes;
- lists of an officer's own work of today leave none: the trail tells of each card already.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q, QuerySet

from huxin.node.base import audit, people
from huxin.node.base.actor import Actor
from huxin.node.base.models import AuditEntry, Person, User
from huxin.node.trust.models import Card, IssueRequest

__all__ = [
    "FINDS_AN_HOUR",
    "Found",
    "approvals",
    "cards_here",
    "declined",
    "find",
    "finds_left",
    "granted",
    "lately",
    "officer_name",
    "people_found",
    "person_here",
    "signed",
    "waiting",
    "wish_here",
]

FINDS_AN_HOUR: Final = 60
_HOUR: Final = timedelta(hours=1)
_SEEN_LATELY: Final = timedelta(minutes=10)
_DECLINED_FOR: Final = timedelta(days=7)
_MOST_CARDS: Final = 50


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found; `left` is how many searches this officer has in this hour."""

    people: tuple[Person, ...]
    left: int
    asked: bool = True


def finds_left(by: Actor, now: datetime) -> int:
    """Return how many searches an officer has left in this hour."""
    done = AuditEntry.objects.filter(actor=by.user, action="searched", at__gt=now - _HOUR).count()
    return max(FINDS_AN_HOUR - done, 0)


def find(words: str, birth: str, *, purpose: str, by: Actor, now: datetime) -> Found:
    """Find people of the officer's organisation; `asked` is false where the hour's searches are used up."""
    left = finds_left(by, now)
    if not left:
        return Found((), 0, asked=False)
    found = tuple(people.find(words, birth, purpose=purpose, by=by, now=now))
    audit.record("searched", by=by, now=now, about=None, detail={"hits": len(found)})
    return Found(found, left - 1)


def people_found(ids: list[str], *, by: Actor) -> list[Person]:
    """Return the people of a search that was made and recorded a moment ago."""
    staff = by.staff()
    here = Person.objects.filter(registrations__organisation_id=staff.organisation)
    return list(here.filter(id__in=ids).order_by("registered_at"))


def person_here(person: uuid.UUID, *, purpose: str, by: Actor, now: datetime) -> Person | None:
    """Return a person registered at the officer's organisation, and record that they were seen."""
    found = people.known_here(person, by=by)
    if found is not None and not _seen_lately(person, purpose, by, now):
        audit.record("opened-person", by=by, now=now, subject=person, about=(found, purpose))
    return found


def _seen_lately(person: uuid.UUID, purpose: str, by: Actor, now: datetime) -> bool:
    seen = AuditEntry.objects.filter(subject=person, actor=by.user, action="opened-person")
    return seen.filter(purpose=purpose, at__gt=now - _SEEN_LATELY).exists()


def cards_here(person: Person, *, by: Actor) -> list[Card]:
    """Return the cards that this organisation signed for a person, newest first."""
    return list(_cards(by).filter(person=person).order_by("-issued_at")[:_MOST_CARDS])


def lately(*, by: Actor, since: datetime) -> list[Card]:
    """Return what this officer signed since an instant, newest first; what a recall signed anew stands there."""
    mine = _cards(by).filter(issued_by=by.staff().user, issued_at__gte=since, made_by_recall=None)
    return list(mine.order_by("-issued_at")[:_MOST_CARDS])


def _cards(by: Actor) -> QuerySet[Card]:
    here = Card.objects.filter(organisation_id=by.staff().organisation)
    return here.select_related("person", "revocation", "replaced_by")


def granted(request: uuid.UUID, *, by: Actor) -> Card | None:
    """Return the card that a form's request gave, if it did."""
    return _cards(by).filter(request=request).first()


def signed(wish: IssueRequest) -> Card | None:
    """Return the card that was issued after a wish was approved."""
    return Card.objects.filter(request=wish.request).first()


def waiting(*, by: Actor) -> list[IssueRequest]:
    """Return this officer's own wishes that another officer has not decided, oldest first."""
    return list(_wishes(by).filter(asked_by=by.staff().user, approved=None))


def declined(*, by: Actor, now: datetime) -> list[IssueRequest]:
    """Return this officer's wishes that a colleague declined in the last week."""
    # Without a colleague's name it was dropped, since its record was put right.
    mine = _wishes(by).filter(asked_by=by.staff().user, approved=False).exclude(decided_by=None)
    return list(mine.filter(decided_at__gt=now - _DECLINED_FOR))


def approvals(*, by: Actor) -> list[IssueRequest]:
    """Return the wishes of this officer's colleagues that wait for a decision, oldest first."""
    return list(_wishes(by).filter(approved=None).exclude(asked_by=by.staff().user))


def wish_here(wish: uuid.UUID, *, by: Actor, now: datetime) -> IssueRequest | None:
    """Return a wish of the officer's organisation, and record that the person's facts were seen."""
    found = _wishes(by).filter(id=wish).first()
    if found is not None:
        person_here(found.person_id, purpose="issue", by=by, now=now)
    return found


def _wishes(by: Actor) -> QuerySet[IssueRequest]:
    here = IssueRequest.objects.filter(Q(organisation_id=by.staff().organisation))
    return here.select_related("person").order_by("asked_at")


def officer_name(user: uuid.UUID | None) -> str:
    """Return the name that colleagues know an officer by."""
    found = User.objects.filter(id=user).first() if user else None
    return str(found.shown or found.username) if found else ""
