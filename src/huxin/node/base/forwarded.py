"""Whose request it is, where a web server of ours stands before the node.

Behind such a server every request comes from one address, and who asked stands in a header.  A header can be
written by anybody, so it is believed only from the addresses that `HUXIN_TRUSTED_PROXIES` lists; none
are listed unless somebody does.

- of `X-Forwarded-For` the last address counts that is not one of ours: what stands before it, the
  client may have written itself;
- what cannot be read is not believed: the request then counts as the server's own;
- what a stranger sends of these headers is taken away before anybody else can believe it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huxin.adapters.client_address import client_of, is_ours

__all__ = ["CAME_THROUGH", "ForwardedMiddleware"]

CAME_THROUGH: Final = "huxin.came_through"  # not HTTP_…: no header can set it
_HEADERS: Final = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST",
                   "HTTP_X_REAL_IP", "HTTP_FORWARDED")  # fmt: skip
_FOR, _PROTO = _HEADERS[0], _HEADERS[1]


class ForwardedMiddleware:
    """Stands before all others: from here on `REMOTE_ADDR` is whoever asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        meta, trusted = request.META, settings.HUXIN_TRUSTED_PROXIES
        meta[CAME_THROUGH] = any(name in meta for name in _HEADERS)
        peer = meta.get("REMOTE_ADDR", "")
        ours = is_ours(peer, trusted)
        meta["REMOTE_ADDR"] = client_of(peer, meta.get(_FOR, ""), trusted)
        for name in _HEADERS:
            if not (ours and name == _PROTO):
                meta.pop(name, None)
        return self._next(request)
