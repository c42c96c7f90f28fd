"""From the session to the actor: roles, organisation, and whom they may act for now.

Without an account there is one way to be somebody: a claim slip opened this browser for the cards
of one person (`open_for`), for two hours or until the browser is closed.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.db.models import Q
from django.http import HttpRequest

from huxin.node.base import audit
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.models import Grant, Proxy, User
from huxin.node.base.permissions import ROLES, Permission, Role

__all__ = [
    "FRESH_FOR",
    "OPEN_FOR",
    "actor_of",
    "actor_of_user",
    "begin",
    "close",
    "enter",
    "is_fresh",
    "note_sign_in",
    "open_for",
    "open_until",
]

OPEN_FOR: Final = timedelta(hours=2)
_CLAIMED: Final = "claimed"
FRESH_FOR: Final = timedelta(minutes=15)  # how long a sign-in is recent enough for signing
_FRESH_AT: Final = "huxin_fresh_at"


def note_sign_in(request: HttpRequest, now: datetime) -> None:
    """Remember in the session that a password, code or passkey was just shown."""
    request.session[_FRESH_AT] = now.timestamp()


def is_fresh(request: HttpRequest, now: datetime) -> bool:
    """Tell whether one was shown recently enough for signing."""
    shown = request.session.get(_FRESH_AT)
    return shown is not None and 0 <= now.timestamp() - shown < FRESH_FOR.total_seconds()


def begin(request: HttpRequest, user: User, now: datetime) -> None:
    """Sign in whoever made this account a moment ago."""
    _sign_in(request, user, now)
    audit.record("signed-in", by=actor_of_user(user, now), now=now)


def enter(request: HttpRequest, username: str, *, now: datetime) -> bool:
    """Sign in without a password, as a button of the demo asks; tells whether there is the account.

    Refuses wherever the label is not `demo`: nobody may be entered as at a node in earnest.
    """
    if settings.HUXIN.environment != "demo":
        return False
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        return False
    _sign_in(request, user, now)
    audit.record("entered-as", by=actor_of_user(user, now), now=now)
    return True


def _sign_in(request: HttpRequest, user: User, now: datetime) -> None:
    request.session.flush()  # whoever was here before leaves nothing to the next
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    # The login library lists only sessions that it opened itself, and ends only those it lists.
    UserSession.objects.create_from_request(request)
    note_sign_in(request, now)


def actor_of(request: HttpRequest, now: datetime) -> Actor:
    """Return who is asking; nobody without a session."""
    user = request.user
    if isinstance(user, User):
        return actor_of_user(user, now)
    return _guest(request.session.get(_CLAIMED), now)


def actor_of_user(user: User, now: datetime) -> Actor:
    """Return what an account may do at this instant."""
    grants = list(Grant.objects.filter(user=user))
    roles = frozenset(Role(one.role) for one in grants)
    permissions: frozenset[Permission] = frozenset().union(*(ROLES[role] for role in roles))
    places = {one.organisation_id for one in grants if one.organisation_id}
    return Actor(
        user=user.id,
        person=user.person_id,
        organisation=min(places) if places else None,
        roles=roles,
        permissions=permissions,
        represents=_represents(user, now),
    )


def open_for(request: HttpRequest, person: UUID, now: datetime) -> None:
    """Open this browser for the cards of one person, without an account."""
    # A new key: whoever knew the old one is left outside.
    request.session.cycle_key()
    ends = now + OPEN_FOR
    request.session[_CLAIMED] = {"person": str(person), "until": ends.timestamp()}
    request.session.set_expiry(0)


def open_until(request: HttpRequest) -> float | None:
    """Return until when this browser was opened by a slip, in seconds since 1970."""
    claimed = request.session.get(_CLAIMED)
    return float(claimed["until"]) if claimed else None


def close(request: HttpRequest) -> None:
    """Forget what a slip opened here."""
    request.session.flush()


def _guest(claimed: Any, now: datetime) -> Actor:
    if not claimed or now.timestamp() >= claimed["until"]:
        return NOBODY
    # Cards only, nobody else's, and nothing that changes anything.
    person = UUID(claimed["person"])
    return Actor(person=person, permissions=frozenset({Permission.SHOW_CARD}))


def _represents(user: User, now: datetime) -> frozenset[UUID]:
    if user.person_id is None:
        return frozenset()
    current = Q(begins__lte=now, ends__gt=now, ended_at=None)
    held = Proxy.objects.filter(current, holder_id=user.person_id)
    return frozenset(held.values_list("person_id", flat=True))
