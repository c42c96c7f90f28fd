"""Language and elder mode: two small forms that work without a script."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.words import COOKIE, ELDER_COOKIE

__all__ = ["elder", "language"]

_YEAR: Final = 365 * 24 * 3600


def _back(request: NodeRequest) -> HttpResponse:
    place = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts={request.get_host()}):
        place = "/"
    return HttpResponseRedirect(place)


@public
@require_POST
def language(request: NodeRequest) -> HttpResponse:
    """Choose the language of all pages."""
    response = _back(request)
    chosen = request.POST.get("lang")
    if chosen in ("zh", "en"):
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
        )
    return response


@public
@require_POST
def elder(request: NodeRequest) -> HttpResponse:
    """Switch elder mode on or off."""
    response = _back(request)
    value = "1" if request.POST.get("on") == "1" else "0"
    response.set_cookie(
        ELDER_COOKIE, value, max_age=_YEAR, samesite="Lax", secure=request.is_secure()
    )
    return response
