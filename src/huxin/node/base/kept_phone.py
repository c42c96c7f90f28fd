"""Which account keeps its cards in this browser, and the end of that: at sign-out, or when somebody else signs in.

The browser holds a mark, which says nothing to anybody but this node.  Whatever a browser has kept of this node then
goes with one header, whether or not a script runs there.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Final, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare, salted_hmac

from huxin.node.base.actor import Actor, NodeRequest

__all__ = ["COOKIE", "KeptPhoneMiddleware", "note_kept"]

COOKIE: Final = f"{settings.SESSION_COOKIE_NAME.removesuffix('_session')}_kept"
_LASTS: Final = timedelta(days=366)


def _mark(actor: Actor) -> str:
    return salted_hmac("huxin.kept-phone", str(actor.user), algorithm="sha256").hexdigest()[:32]


def note_kept(response: HttpResponse, actor: Actor) -> None:
    """Note with an answer that this browser keeps the cards of this account from now on."""
    response.set_cookie(
        COOKIE,
        _mark(actor),
        max_age=_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


class KeptPhoneMiddleware:
    """Tells the browser to forget when the account that keeps cards in it signs out, or is another one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        mark = request.COOKIES.get(COOKIE)
        if not mark:
            return self._next(request)
        before = cast("NodeRequest", request).actor
        response = self._next(request)
        signed_out = before.user is not None and not request.user.is_authenticated
        stranger = before.user is not None and not constant_time_compare(mark, _mark(before))
        # Who has just taken the place of another one has a mark of their own with this very answer.
        if signed_out or (stranger and COOKIE not in response.cookies):
            response.delete_cookie(COOKIE, samesite="Lax")
        if signed_out or stranger:
            response.headers["Clear-Site-Data"] = '"storage"'
        return response
