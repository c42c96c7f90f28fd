"""The offline verifier, served by this node: the files of its page, and the data of this place.  Open to anybody.

Nothing here knows who asks, keeps anything, or sets a cookie.  The page judges by itself; after its first visit it
opens with the cable out (`verifier/src/shell`).  Reading codes needs WebAssembly, which is allowed here and nowhere else.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.trust.queries import verifier as queries
from huxin.node.trust.views.public_file import built_file, public_file

__all__ = ["POLICY", "verifier", "verifier_file"]

_FOLDER: Final = "verifier"
_PAGE: Final = "index.html"
# Not even a breach of this policy is told to anybody: the page asks for its own files and for nothing else.
POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "media-src 'self' blob:",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}


@public
@require_safe
def verifier(request: NodeRequest) -> HttpResponse:
    """Give the page."""
    return built_file(request, _FOLDER, _PAGE, _HEADERS)


@public
@require_safe
def verifier_file(request: NodeRequest, name: str) -> HttpResponse:
    """Give a file of the page, or one of its data."""
    if name in queries.DATA:
        return _data(request, name)
    return built_file(request, _FOLDER, name, _HEADERS)


def _data(request: NodeRequest, name: str) -> HttpResponse:
    try:
        found = queries.data_of(name, request.now)
    except RefusalError:
        # The node's own files are spoilt: its pages say so; who checks goes on with what was had before.
        return HttpResponse(status=503, headers=_HEADERS)
    if found is None:
        raise Http404
    return public_file(request, name, found, _HEADERS)
