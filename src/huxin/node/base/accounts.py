"""Accounts and organisations: made by the operator, at a desk, or from a claim slip; nobody else.

- a new account gets a password by chance, shown once, to be changed;
- an account is never deleted, since the audit trail names it: it is closed;
- closing one ends its sessions at once; a role that is given or taken counts from the next click;
- nobody changes their own roles, and an account keeps at least one.
"""

from __future__ import annotations

import re
import secrets
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from allauth.usersessions.models import UserSession
from django.db import IntegrityError, transaction
from django.db.models import Q

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit
from huxin.node.base.actor import Actor
from huxin.node.base.models import Grant, Organisation, Person, User
from huxin.node.base.permissions import Role

__all__ = [
    "STAFF",
    "add_organisation",
    "change_hours",
    "close",
    "create",
    "end_sessions",
    "give_role",
    "is_name",
    "join",
    "listing",
    "new_password",
    "organisations",
    "reset_password",
    "staff_account",
    "take_role",
]

STAFF: Final = frozenset(Role) - {Role.RESIDENT, Role.HELPER}

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
_LETTERS: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 4


def new_password() -> str:
    """Return a password by chance: four groups of four letters, 79 bits, easy to read out."""
    letters = [secrets.choice(_LETTERS) for _ in range(4 * _GROUPS)]
    return "-".join("".join(letters[at : at + 4]) for at in range(0, len(letters), 4))


def add_organisation(
    zh: str, en: str, *, hours: str = "", by: Actor, now: datetime
) -> Organisation:
    """Add a clinic, a desk, a gate; refuses with `missing`, or `exists` for a name that is taken."""
    if not zh.strip() or not en.strip():
        raise RefusalError("missing", "name")
    with transaction.atomic():
        if Organisation.objects.filter(name_zh=zh.strip()).exists():
            raise RefusalError("exists", "an organisation of this name")
        found = Organisation.objects.create(
            name_zh=zh.strip()[:46], name_en=en.strip()[:80], hours=hours.strip()[:80]
        )
        audit.record("added-organisation", by=by, now=now, about=(found, ""))
    return found


def change_hours(place: uuid.UUID, hours: str, *, by: Actor, now: datetime) -> Organisation:
    """Write other hours of an organisation; times that are open already stay as they are.

    Raises `Organisation.DoesNotExist` for one that is not there.
    """
    with transaction.atomic():
        found = Organisation.objects.select_for_update().get(id=place)
        said = hours.strip()[:80]
        if found.hours != said:
            found.hours = said
            found.save(update_fields=["hours"])
            audit.record("changed-hours", by=by, now=now, about=(found, ""))
    return found


def create(
    username: str,
    roles: Iterable[Role],
    *,
    shown: str,
    place: Organisation | Person | None,
    by: Actor,
    now: datetime,
) -> tuple[User, str]:
    """Make an account; returns it with its first password.

    `place` is the organisation of staff, or the person whose own cards a resident sees.  Refuses
    with `bad-input` (a name of the wrong form, roles without their place) or `exists`.
    """
    wanted = frozenset(roles)
    organisation = place if isinstance(place, Organisation) else None
    _check(username, wanted, organisation)
    password = new_password()
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise RefusalError("exists", "an account of this name")
        user = User(
            username=username, shown=shown, person=place if isinstance(place, Person) else None
        )
        user.set_password(password)
        user.save()
        for role in sorted(wanted):
            at = organisation if role in STAFF else None
            Grant.objects.create(user=user, role=role.value, organisation=at)
        detail = {"roles": sorted(wanted)}
        audit.record("added-account", by=by, now=now, about=(user, ""), detail=detail)
    return user, password


def is_name(text: str) -> bool:
    """Tell whether an account may be called so."""
    return _NAME.fullmatch(text) is not None


def join(person: Person, username: str, password: str, *, now: datetime) -> User:
    """Make an account of somebody's own, who showed a claim slip; the password was judged before.

    Refuses with `bad-input` (a name of the wrong form) or `exists` (the name is taken, or the
    person has an account).
    """
    if not is_name(username):
        raise RefusalError("bad-input", "a name has 3 to 40 small letters, digits, - . _")
    if User.objects.filter(Q(username=username) | Q(person=person)).exists():
        raise RefusalError("exists", "an account of this name or person")
    user = User(username=username, shown=person.shown, person=person)
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
            Grant.objects.create(user=user, role=Role.RESIDENT.value)
            by = Actor(user=user.id, person=person.id)
            audit.record("made-own-account", by=by, now=now, subject=person.id, about=(user, ""))
    except IntegrityError as error:
        raise RefusalError("exists", "an account of this name or person") from error
    return user


def _check(username: str, roles: frozenset[Role], organisation: Organisation | None) -> None:
    if not is_name(username):
        raise RefusalError("bad-input", "a name has 3 to 40 small letters, digits, - . _")
    if not roles:
        raise RefusalError("missing", "role")
    if roles & STAFF and organisation is None:
        raise RefusalError("missing", "organisation")


def reset_password(user: uuid.UUID, *, by: Actor, now: datetime) -> str:
    """Give an account a new password by chance, and end its sessions; returns the password."""
    password = new_password()
    with transaction.atomic():
        found = _found(user)
        found.set_password(password)
        found.save(update_fields=["password"])
        end_sessions(found)
        audit.record("reset-password", by=by, now=now, about=(found, ""))
    return password


def close(user: uuid.UUID, *, by: Actor, now: datetime) -> None:
    """Close an account; refuses with `bad-input` one's own."""
    if user == by.user:
        raise RefusalError("bad-input", "nobody closes their own account")
    with transaction.atomic():
        found = _found(user)
        found.is_active = False
        found.save(update_fields=["is_active"])
        end_sessions(found)
        audit.record("closed-account", by=by, now=now, about=(found, ""))


def give_role(user: uuid.UUID, role: Role, *, by: Actor, now: datetime) -> None:
    """Give an account one more role where it works already; one that it holds stays as it is.

    Refuses with `bad-input` a role that is not of the staff, one's own account, and a closed one.
    """
    with transaction.atomic():
        found, grants = _to_change(user, role, by)
        if any(one.role == role for one in grants):
            return
        place = grants[0].organisation
        Grant.objects.create(user=found, role=role.value, organisation=place)
        audit.record("gave-role", by=by, now=now, about=(found, ""), detail={"role": role.value})


def take_role(user: uuid.UUID, role: Role, *, by: Actor, now: datetime) -> None:
    """Take a role from an account; one that it does not hold is no matter.

    Refuses with `bad-input` as `give_role`, and with `missing` its last one: that account is closed instead.
    """
    with transaction.atomic():
        found, grants = _to_change(user, role, by)
        if not any(one.role == role for one in grants):
            return
        if len(grants) == 1:
            raise RefusalError("missing", "an account keeps one role")
        Grant.objects.filter(user=found, role=role.value).delete()
        audit.record("took-role", by=by, now=now, about=(found, ""), detail={"role": role.value})


def _to_change(user: uuid.UUID, role: Role, by: Actor) -> tuple[User, list[Grant]]:
    """Return an account, locked, and its roles of the staff."""
    found = _found(user)
    if role not in STAFF or user == by.user or not found.is_active:
        raise RefusalError("bad-input", "not a role that this actor gives or takes here")
    held = found.grants.filter(role__in=[one.value for one in STAFF])
    grants = list(held.select_related("organisation").order_by("role"))
    if not grants:
        raise RefusalError("bad-input", "a resident's account is not the operator's")
    return found, grants


def listing() -> list[User]:
    """Return all staff accounts with their roles; residents are nobody's list."""
    staff = User.objects.filter(grants__role__in=[role.value for role in STAFF])
    return list(staff.distinct().prefetch_related("grants__organisation").order_by("username"))


def staff_account(user: uuid.UUID) -> User | None:
    """Return an account of the staff; a resident's is not the operator's to look at."""
    staff = User.objects.filter(id=user, grants__role__in=[role.value for role in STAFF])
    return staff.distinct().prefetch_related("grants__organisation").first()


def organisations() -> list[Organisation]:
    """Return all organisations."""
    return list(Organisation.objects.order_by("name_zh"))


def _found(user: uuid.UUID) -> User:
    try:
        return User.objects.select_for_update().get(id=user)
    except User.DoesNotExist as error:
        raise RefusalError("missing", "no such account") from error


def end_sessions(user: User) -> None:
    """Sign an account out everywhere, in the running transaction."""
    for session in UserSession.objects.filter(user=user):
        session.end()
