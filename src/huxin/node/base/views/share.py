"""Share: the address of a public page as a code that the node draws, to scan, copy or print.

Only pages of a closed list can be shared, by their names: what a region says in public.  A personal
page has no such button, and its address made by hand is answered as what does not exist.
"""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from huxin.node.base.access import access_of, public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.words import says
from huxin.trust import qr

__all__ = ["SHARED_PAGES", "share"]

SHARED_PAGES: Final = frozenset(
    {
        *("home", "notices", "notice", "numbers", "accessibility"),
        *("rules", "rules-purpose", "journey", "federation", "federation-notices"),
        *("check", "check-no-code", "check-help-card"),
    }
)
_LONGEST: Final = 300


@public
@require_safe
def share(request: NodeRequest) -> HttpResponse:
    """Show the code of one public page's address."""
    path = _shared(request.GET.get("page", "/"))
    address = f"{settings.HUXIN.origin}{path}"
    drawn = qr.svg(
        address, title=says("二维码：{address}", "QR code of {address}", address=address)
    )
    page = {"path": path, "address": address, "qr": mark_safe(drawn)}  # noqa: S308  # escaped where it is drawn
    return render(request, "base/share.html", page)


def _shared(path: str) -> str:
    """Return the path of a page that may be shared; nothing else exists."""
    if len(path) > _LONGEST:
        raise Http404
    try:
        found = resolve(path)
    except Resolver404 as error:
        raise Http404 from error
    access = access_of(found.func)
    if found.url_name not in SHARED_PAGES or access is None or access.kind != "public":
        raise Http404
    return path
