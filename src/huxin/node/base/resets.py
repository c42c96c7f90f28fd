"""A new password from a slip of paper, for whoever forgot theirs and has no mail address here.

(1) A desk makes the slip for somebody whom it knows, who is present; (2) they type its code and their
year of birth; (3) they choose a password, which uses the slip up.

- residents' accounts only: an account of staff is the operator's to reset, or a desk could become
  its own operator;
- the second keys stay unless the desk was asked to remove them too: who only forgot a password
  loses nothing else;
- a wrong code, a wrong year, a slip that was used, ended or tried too often: one answer, nothing;
- whoever was signed in is signed out everywhere; the person is told, and finds all of it in their log.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db import transaction

from huxin.kernel.errors import RefusalError
from huxin.node.base import audit, people
from huxin.node.base.accounts import STAFF, end_sessions
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.local_day import local_day
from huxin.node.base.models import Organisation, Person, ResetSlip, User
from huxin.node.base.slips import DAYS, Slip, code_of, is_good, is_year_of, slip_token

__all__ = ["account_to_reset", "has_keys", "make_reset", "open_reset", "try_reset", "use_reset"]

_KIND = "reset"


def account_to_reset(person: Person) -> User:
    """Return the account that a desk may make a slip for.

    Refuses with `missing` where there is none, with `state` for one that was closed or belongs to
    staff: those are the operator's.
    """
    found = User.objects.filter(person=person).first()
    if found is None:
        raise RefusalError("missing", "no account of this person")
    if not found.is_active or found.grants.filter(role__in=[one.value for one in STAFF]).exists():
        raise RefusalError("state", "an account that the operator looks after")
    return found


def has_keys(user: User) -> bool:
    """Tell whether somebody signs in with a second key."""
    return bool(Authenticator.objects.filter(user=user).exists())


def make_reset(person: Person, *, keys: bool, request: uuid.UUID, by: Actor, now: datetime) -> Slip:
    """Make a slip; the same request gives the same slip again.  Refuses as `account_to_reset`."""
    staff = by.staff()
    user = account_to_reset(person)
    code = code_of(_KIND, request, person.id)
    with transaction.atomic():
        before = ResetSlip.objects.filter(code=slip_token(_KIND, code)).first()
        if before is not None:
            return Slip(code, before.ends, good=is_good(before, now))
        ResetSlip.objects.filter(user=user, used_at=None, ends__gt=now).update(ends=now)
        made = ResetSlip.objects.create(
            user=user,
            keys=keys,
            code=slip_token(_KIND, code),
            made_by=staff.user,
            made_at=now,
            ends=now + timedelta(days=DAYS),
        )
        audit.record(
            "made-reset-slip", by=by, now=now, subject=person.id, about=(made, "help"),
            detail={"keys": keys},
        )  # fmt: skip
        _tell(person, "reset-slip-made", staff.organisation, now)
    return Slip(code, made.ends)


def try_reset(code: str, year: str, *, now: datetime) -> uuid.UUID | None:
    """Return the slip of a code, if it is good and the year of birth is the person's."""
    with transaction.atomic():
        slip = _locked(code=slip_token(_KIND, code))
        if slip is None or not is_good(slip, now):
            # Told about nobody: whoever types an old code learns nothing, and neither does the trail.
            audit.record("reset-failed", by=NOBODY, now=now)
            return None
        if is_year_of(_person(slip), year):
            return slip.id
        slip.attempts += 1
        slip.save(update_fields=["attempts"])
        about = (slip, "")
        audit.record("reset-failed", by=NOBODY, now=now, subject=slip.user.person_id, about=about)
    return None


def open_reset(slip: uuid.UUID, *, now: datetime) -> ResetSlip | None:
    """Return a slip that was typed a moment ago, while it can still be used."""
    found = ResetSlip.objects.select_related("user__person").filter(id=slip).first()
    return found if found is not None and is_good(found, now) else None


def use_reset(slip: uuid.UUID, password: str, *, now: datetime) -> User | None:
    """Set the password that was judged before, and use the slip up; nothing for a slip that is used.

    Refuses as `account_to_reset`, and then the slip is not used.
    """
    with transaction.atomic():
        found = _locked(id=slip)
        if found is None or not is_good(found, now):
            return None
        person = _person(found)
        # Between slip and use the account may have been closed, or become one of staff.
        user = account_to_reset(person)
        found.used_at = now
        found.save(update_fields=["used_at"])
        user.set_password(password)
        user.save(update_fields=["password"])
        if found.keys:
            Authenticator.objects.filter(user=user).delete()
        end_sessions(user)
        by = Actor(user=user.id, person=person.id)
        audit.record(
            "set-new-password", by=by, now=now, subject=person.id, about=(found, ""),
            detail={"keys": found.keys},
        )  # fmt: skip
        people.tell(person, "password-set", blanks={"date": _day(now)}, now=now)
    return user


def _locked(**wanted: object) -> ResetSlip | None:
    found = ResetSlip.objects.select_for_update(of=("self",)).select_related("user")
    return found.filter(**wanted).first()


def _person(slip: ResetSlip) -> Person:
    found = slip.user.person
    if found is None:
        raise RefusalError("missing", "an account of nobody")
    return found


def _tell(person: Person, kind: str, office: uuid.UUID, now: datetime) -> None:
    place = Organisation.objects.get(id=office)
    blanks = {"office": place.name_zh, "office_en": place.name_en, "date": _day(now)}
    people.tell(person, kind, blanks=blanks, now=now)


def _day(now: datetime) -> str:
    return local_day(now).isoformat()
