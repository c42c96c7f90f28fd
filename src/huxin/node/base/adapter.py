"""What the login library asks of us: nobody signs up by themselves, each sign-in is recorded, second factors are sealed."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from huxin.adapters import clock
from huxin.node.base import audit, sessions
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import User
from huxin.node.base.sealed import seal, unseal

__all__ = ["AccountAdapter", "SecondFactorAdapter"]

_COLUMN = "mfa_authenticator.data"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    """Accounts are made at a desk or by the operator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # its interface
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        now = clock.now()
        audit.record("signed-in", by=sessions.actor_of_user(user, now), now=now)

    def logout(self, request: HttpRequest) -> None:
        now = clock.now()
        by = sessions.actor_of(request, now)
        super().logout(request)
        audit.record("signed-out", by=by, now=now)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        super().authentication_failed(request, **credentials)
        # Names are read as the sign-in reads them, in small letters, however they were typed.
        name = credentials.get("username", "").strip().lower()
        known = User.objects.filter(username=name).first()
        # A name that is no account is not written: people type passwords into the wrong field.
        detail = {"account": str(known.id)} if known else {}
        audit.record("sign-in-failed", by=NOBODY, now=clock.now(), detail=detail)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library has no types
    """What makes the codes of an app, and codes for when it is lost, opens with this node's key only."""

    def encrypt(self, text: str) -> str:
        return seal(text, context=_COLUMN)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, context=_COLUMN)
