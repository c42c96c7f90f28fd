"""The signed lists of withdrawn cards, as files for verifiers: the newest whole, what each version added, the form of others.

Everybody may read them and keep them: what was signed is the same bytes for ever.  See docs/reference/status-list.md.
"""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpResponse
from django.utils.http import parse_etags
from django.views.decorators.http import require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.trust.queries.editions import CWT, JWT, delta_of, newest, token_of, whole_of

__all__ = ["status_delta", "status_set", "status_token", "token_answer"]

_BYTES: Final = "application/octet-stream"
_NEWEST: Final = "public, max-age=60"
_FOR_EVER: Final = "public, max-age=31536000, immutable"


@public
@require_safe
def status_set(request: NodeRequest, number: int) -> HttpResponse:
    """Give the newest edition of a list as a whole set."""
    found = newest(number)
    if found is None:
        raise Http404
    tag = f'"{found.id.hex}"'
    headers = {"Cache-Control": _NEWEST, "ETag": tag}
    if _has(request, tag):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(whole_of(found.id), content_type=_BYTES, headers=headers)


@public
@require_safe
def status_delta(_request: NodeRequest, number: int, version: int) -> HttpResponse:
    """Give what a version of a list added to the one before; it never changes."""
    found = delta_of(number, version)
    if found is None:
        raise Http404
    return HttpResponse(found, content_type=_BYTES, headers={"Cache-Control": _FOR_EVER})


@public
@require_safe
def status_token(request: NodeRequest, number: int) -> HttpResponse:
    """Give the newest edition as a Status List Token: JWT, or CWT where that is asked for."""
    kind = request.get_preferred_type([JWT, CWT])
    if kind is None:
        return HttpResponse(status=406, headers={"Vary": "Accept"})
    return token_answer(request, number, kind)


def token_answer(request: NodeRequest, number: int, kind: str) -> HttpResponse:
    """Answer with a token of a kind; 503 where this node cannot sign now."""
    found = newest(number)
    if found is None:
        raise Http404
    # Weak: the signature is made anew by each process, what it says is the same.
    tag = f'W/"{found.id.hex}-{kind.rpartition("+")[2]}"'
    headers = {"Cache-Control": _NEWEST, "ETag": tag, "Vary": "Accept"}
    if _has(request, tag):
        return HttpResponse(status=304, headers=headers)
    try:
        data = token_of(found.id, kind)
    except RefusalError:
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    return HttpResponse(data, content_type=kind, headers=headers)


def _has(request: NodeRequest, tag: str) -> bool:
    return tag in parse_etags(request.headers.get("If-None-Match", ""))
