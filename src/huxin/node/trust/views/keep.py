"""Cards on one's own phone: the choice, made by the person; and the page that shows them without a network.

The page and its service worker are the same for everybody and hold nothing; what is kept lies in the browser.  They
have an address of their own, so that nothing else of the node is kept with them, and a policy under which that page
cannot send anything to anybody.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from huxin.node.base import kept_phone
from huxin.node.base.access import allow, public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions import keep_cards
from huxin.node.trust.views.public_file import built_file

__all__ = ["wallet_keep", "wallet_offline", "wallet_offline_file"]

_PAGE: Final = "index.html"
_WORKER: Final = "service.js"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; manifest-src 'self'; "
    "worker-src 'self'; connect-src {connect}; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


@allow(Permission.SHOW_CARD)
@require_http_methods(["GET", "HEAD", "POST"])
def wallet_keep(request: NodeRequest) -> HttpResponse:
    """Ask whether this phone is the person's own; hand their cards to it if they say so."""
    if request.actor.user is None:
        # A claim slip opens a browser for two hours, and it may be a borrowed one.
        raise Http404
    if request.method != "POST" or "mine" not in request.POST:
        status = 422 if request.method == "POST" else 200
        return render(request, "trust/wallet/keep.html", {"unsaid": status == 422}, status=status)
    answer = JsonResponse(keep_cards.hand_out(by=request.actor, now=request.now))
    kept_phone.note_kept(answer, request.actor)
    return answer


@public
@require_safe
def wallet_offline(request: NodeRequest) -> HttpResponse:
    """Give the page that shows what a phone keeps."""
    return _file(request, _PAGE)


@public
@require_safe
def wallet_offline_file(request: NodeRequest, part: str) -> HttpResponse:
    """Give a file of that page."""
    return _file(request, part)


def _file(request: NodeRequest, name: str) -> HttpResponse:
    # The worker brings the page's own files; the page itself asks for nothing.
    policy = _POLICY.format(connect="'self'" if name == _WORKER else "'none'")
    return built_file(request, "wallet", name, {"Content-Security-Policy": policy})
