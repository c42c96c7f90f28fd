"""What happens around every page: the instant, the language, who is asking, whether they may."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from huxin.adapters import clock
from huxin.node.base import drafts, sessions
from huxin.node.base.access import access_of, answers_get
from huxin.node.base.actor import NodeRequest
from huxin.node.base.words import language_of, says

__all__ = ["AccessMiddleware", "ConfigMiddleware"]

_Next = Callable[[HttpRequest], HttpResponse]
_View = Callable[..., Any]
_CACHE: Final = "Cache-Control"
_FIRST: Final = "/"


class ConfigMiddleware:
    """Gives each request its instant (`request.now`), language and time zone."""

    def __init__(self, get_response: _Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        cast("NodeRequest", request).now = clock.now()
        language = language_of(request)
        request.LANGUAGE_CODE = "zh-hans" if language == "zh" else "en"
        with (
            translation.override(request.LANGUAGE_CODE),
            timezone.override(settings.HUXIN.time_zone),
        ):
            response = self._next(request)
        response.headers.setdefault("Content-Language", "zh-Hans" if language == "zh" else "en")
        response.headers.setdefault("Vary", "Cookie, Accept-Language")
        # What a page says of a person stays in no cache: not the browser's, nobody's between.
        response.headers.setdefault(_CACHE, "no-store")
        return response


class AccessMiddleware:
    """Asks, before a view runs, whether this actor may open it; deny by default."""

    def __init__(self, get_response: _Next) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("NodeRequest", request)
        asked.actor = sessions.actor_of(request, asked.now)
        answer = self._next(request)
        if isinstance(answer, HttpResponseNotAllowed):
            return _not_this_way(asked, answer)
        return answer

    def process_view(
        self, request: HttpRequest, view: _View, _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        asked = cast("NodeRequest", request)
        access = access_of(view)
        if access is None:
            raise Http404
        if access.kind == "public":
            return None
        allowed = access.permissions & asked.actor.permissions
        # Nobody holds no permission; a browser that a claim slip opened holds one.
        if asked.actor.user is None and not allowed:
            return _sign_in_first(asked, view)
        if access.kind == "permission" and not allowed:
            return render(request, "403.html", status=403)
        if access.fresh and not sessions.is_fresh(request, asked.now):
            return _again(asked, view)
        return None


def _sign_in_first(request: NodeRequest, view: _View) -> HttpResponse:
    return _redirect("account_login", request, view)


def _again(request: NodeRequest, view: _View) -> HttpResponse:
    return _redirect("account_reauthenticate", request, view)


def _redirect(name: str, request: NodeRequest, view: _View) -> HttpResponse:
    place = request.get_full_path()
    if request.method == "POST" and answers_get(view):
        place = request.path
        _keep_form(request)
    elif request.method == "POST":
        # There is no page that could give the form back: they go on where its button stood.
        place = _page_before(request)
    return HttpResponseRedirect(f"{resolve_url(name)}?{urlencode({'next': place})}")


def _page_before(request: HttpRequest) -> str:
    """Return the page of this node that a form was sent from, as the browser tells; else the first page."""
    said = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(said, {request.get_host()}, request.is_secure()):
        return _FIRST
    parts = urlsplit(said)
    try:
        found = answers_get(resolve(parts.path).func)
    except Resolver404:
        found = False
    if not found:
        return _FIRST
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def _not_this_way(request: NodeRequest, answer: HttpResponseNotAllowed) -> HttpResponse:
    """Answer with words what cannot be opened, or sent, in this way; the library answers with nothing."""
    shown = render(request, "405.html", {"back": _page_before(request)}, status=405)
    shown.headers["Allow"] = answer.headers["Allow"]
    return shown


def _keep_form(request: NodeRequest) -> None:
    holder = drafts.ticket_holder(request.POST.get(drafts.FIELD, ""))
    # A name that was sent several times, as boxes of a list are, is kept with a line each.
    fields = {name: "\n".join(values) for name, values in request.POST.lists()}
    if holder and drafts.keep(holder, request.path, fields, now=request.now):
        text = says(
            "您填的内容已经存好，登录后接着填。", "What you typed is kept; sign in and go on."
        )
        messages.info(request, text)
