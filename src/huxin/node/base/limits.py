"""Bounds before anything is parsed: how large, how often, how many at a time.

One middleware; all its counters live in this process, which is one process a node.

- a body's length must be said, and be below the bound of its page: a million bytes, or what its view `takes`;
- requests of one address (of IPv6, of one household's network) are counted by the minute; what is past the bound gets 429 and when to
  come back; static files are not counted;
- more requests at a time than there are seats get 503 at once, instead of waiting for ever.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, Final, TypeVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from huxin.adapters import clock
from huxin.adapters.client_address import group_of

__all__ = [
    "APPEALS",
    "APPEALS_AN_HOUR",
    "SLIP_TRIES",
    "LimitsMiddleware",
    "Window",
    "admit_appeal",
    "admit_slip",
    "takes",
]

_BODY_BYTES: Final = 1_000_000
_FORM_BYTES: Final = 1_000_000  # what a form sends beside its file
_TAKES: Final = "huxin_takes"
_DIGITS: Final = 12
_MOST_ADDRESSES: Final = 50_000

_View = TypeVar("_View", bound=Callable[..., Any])


def takes(most: int) -> Callable[[_View], _View]:
    """Mark a page that takes a file of so many bytes at most, and a form around it."""

    def mark(view: _View) -> _View:
        setattr(view, _TAKES, most + _FORM_BYTES)
        return view

    return mark


class Window:
    """Counts by the minute (or the hour), for at most so many keys; the oldest are forgotten first."""

    def __init__(self, limit: int, keys: int = _MOST_ADDRESSES) -> None:
        self._limit = limit
        self._keys = keys
        self._counts: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, key: str, minute: int) -> bool:
        """Count one more for `key`; tells whether it is within the limit."""
        with self._lock:
            started, count = self._counts.pop(key, (minute, 0))
            count = count + 1 if started == minute else 1
            self._counts[key] = (minute, count)
            while len(self._counts) > self._keys:
                self._counts.popitem(last=False)
            return count <= self._limit


# Codes of slips, typed by anybody: so many tries a minute of one address, right or wrong.
SLIP_TRIES: Final = Window(10)


def admit_slip(request: HttpRequest) -> bool:
    """Tell whether this address may type the code of a slip once more in this minute."""
    return SLIP_TRIES.admit(_key(request), _minute())


# Appeals, made by anybody without an account: so many of one address in a minute, and in an hour, so that
# no program buries those of people.  A desk is not limited.
APPEALS: Final = Window(10)
APPEALS_AN_HOUR: Final = Window(60)


def admit_appeal(request: HttpRequest) -> bool:
    """Tell whether this address may make one more appeal now."""
    minute, key = _minute(), _key(request)
    return APPEALS.admit(key, minute) and APPEALS_AN_HOUR.admit(key, minute // 60)


def _minute() -> int:
    return int(clock.now().timestamp()) // 60


def _key(request: HttpRequest) -> str:
    return group_of(request.META.get("REMOTE_ADDR", ""))


class LimitsMiddleware:
    """See the module."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response
        self._window = Window(settings.HUXIN_REQUESTS_A_MINUTE)
        self._seats = threading.BoundedSemaphore(settings.HUXIN_SEATS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _length_is_fine(request):
            return render(request, "413.html", status=413)
        if not self._window.admit(_key(request), _minute()):
            response = render(request, "429.html", status=429)
            response["Retry-After"] = "60"
            return response
        if not self._seats.acquire(blocking=False):
            return HttpResponse("busy", status=503, headers={"Retry-After": "2"})
        try:
            return self._next(request)
        finally:
            self._seats.release()


def _length_is_fine(request: HttpRequest) -> bool:
    if request.headers.get("Transfer-Encoding"):
        return False
    said = request.META.get("CONTENT_LENGTH") or "0"
    if not (said.isascii() and said.isdecimal() and len(said) <= _DIGITS):
        return False
    return int(said) <= _BODY_BYTES or int(said) <= _bound(request.path)


def _bound(path: str) -> int:
    try:
        view = resolve(path).func
    except Resolver404:
        return _BODY_BYTES
    return int(getattr(view, _TAKES, _BODY_BYTES))
