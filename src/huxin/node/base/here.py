"""Questions of this computer itself: how the node is, and its counts.

Whoever looks after a node asks it there by the name that a computer has for itself, which is none of the node's.
For these two pages alone the name is let through: they say nothing that depends on it, where a link or a form
of another page would.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from huxin.node.base.forwarded import CAME_THROUGH

__all__ = ["HereMiddleware", "is_here"]

_HOST: Final = "HTTP_HOST"
_PAGES: Final = ("/health", "/metrics")
_OWN_NAMES: Final = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?")


def is_here(request: HttpRequest) -> bool:
    """Tell whether this computer itself asks; what came through a web server is nobody here, whatever its address."""
    here = request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1")
    return here and not request.META.get(CAME_THROUGH)


class HereMiddleware:
    """Stands behind `ForwardedMiddleware`, and before whoever asks for the name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._next = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.path_info in _PAGES and is_here(request)
        if asked and _OWN_NAMES.fullmatch(request.META.get(_HOST, "")):
            request.META[_HOST] = settings.ALLOWED_HOSTS[0]
        return self._next(request)
