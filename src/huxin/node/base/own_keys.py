"""What people change of their own way in: the password and the second keys, on pages of the login library.

Each change stands in the trail, and the person is told, as when a desk's slip was used (`resets`): who
did not change it themselves has to hear of it.

- an account of staff has no person to tell: its changes stand in the trail only;
- recovery codes come and go with the first and the last key, and are not told by themselves;
- a wrong code is in the person's own log: whoever typed it knew the password, or sat at an open screen.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.http import HttpRequest

from huxin.adapters import clock
from huxin.node.base import audit, people, sessions
from huxin.node.base.audit import Note
from huxin.node.base.local_day import local_day
from huxin.node.base.models import User

__all__ = ["listen"]

_CODES = Authenticator.Type.RECOVERY_CODES


def listen() -> None:
    """Hear the signals of the login library; our own parts have none."""
    for signal, hears in (
        (password_changed, _password),
        (signals.authenticator_added, _added),
        (signals.authenticator_removed, _removed),
        (signals.authenticator_reset, _codes),
        (signals.authentication_failed, _failed),
    ):
        signal.connect(hears, dispatch_uid=f"huxin-own-keys{hears.__name__}")


def _password(user: User, **_: Any) -> None:
    _changed(user, "password-changed", Note("changed-own-password", user.person_id, (user, "")))


def _added(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != _CODES:
        note = Note("added-second-key", user.person_id, (user, ""), {"type": authenticator.type})
        _changed(user, "second-key-added", note)


def _removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type != _CODES:
        note = Note("removed-second-key", user.person_id, (user, ""), {"type": authenticator.type})
        _changed(user, "second-key-removed", note)


def _codes(user: User, **_: Any) -> None:
    _changed(user, "recovery-codes-made", Note("made-recovery-codes", user.person_id, (user, "")))


def _changed(user: User, kind: str, note: Note) -> None:
    now = clock.now()
    with transaction.atomic():
        audit.record_all([note], by=sessions.actor_of_user(user, now), now=now)
        if user.person is not None:
            people.tell(user.person, kind, blanks={"date": _day(now)}, now=now)


def _failed(request: HttpRequest, user: User, **_: Any) -> None:
    now = clock.now()
    by, detail = sessions.actor_of(request, now), {"account": str(user.id), "step": "second-key"}
    audit.record("sign-in-failed", by=by, now=now, subject=user.person_id, detail=detail)


def _day(now: datetime) -> str:
    return local_day(now).isoformat()
