"""The offline verifier, served by this node: the files of its page, and the data of this place.  Open to anybody.

Nothing here knows who asks, keeps anything, or sets a cookie.  The page judges by itself; after its first visit it
opens with the cable out (`verifier/src/shell`).  Reading codes needs WebAssembly, which is allowed here and nowhere else.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from django.http import Http404, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from huxin.adapters import verifier_folder
from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.trust.queries import verifier as queries

__all__ = ["POLICY", "verifier", "verifier_file"]

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
    # A browser asks whether its copy is still the one; the service worker compares digests besides.
    "Cache-Control": "no-cache",
    "Content-Security-Policy": POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}


@public
@require_safe
def verifier(request: NodeRequest) -> HttpResponse:
    """Give the page."""
    return _file(request, _PAGE)


@public
@require_safe
def verifier_file(request: NodeRequest, name: str) -> HttpResponse:
    """Give a file of the page, or one of its data."""
    return _data(request, name) if name in queries.DATA else _file(request, name)


def _file(request: NodeRequest, name: str) -> HttpResponse:
    path = verifier_folder.built().get(name)
    if path is None:
        raise Http404
    return _answer(request, name, _content(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=200)
def _content(path: Path, _changed: int) -> bytes:
    return path.read_bytes()


def _data(request: NodeRequest, name: str) -> HttpResponse:
    try:
        found = queries.data_of(name, request.now)
    except RefusalError:
        # The node's own files are spoilt: its pages say so; who checks goes on with what was had before.
        return HttpResponse(status=503, headers=_HEADERS)
    if found is None:
        raise Http404
    return _answer(request, name, found)


def _answer(request: NodeRequest, name: str, content: bytes) -> HttpResponse:
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {**_HEADERS, "ETag": tag}
    if tag in parse_etags(request.headers.get("If-None-Match", "")):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(content, content_type=verifier_folder.content_type(name), headers=headers)
