"""Notices in public: the list, one notice with all that it said before, its picture."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.trust.queries import notices as queries
from huxin.node.trust.queries.notices import Published
from huxin.node.trust.views.notice_changes import changes

__all__ = ["notice", "notice_picture", "notices"]


@public
@require_safe
def notices(request: NodeRequest) -> HttpResponse:
    """List what holds today, and fold what does not any more."""
    holding, past = queries.lists(request.now)
    page = {
        "holding": holding,
        "past": past,
        "writes": request.actor.may(Permission.PUBLISH_NOTICE),
        "drafts": queries.drafts_of(request.actor),
    }
    return render(request, "trust/notices.html", page)


@public
@require_safe
def notice(request: NodeRequest, notice: uuid.UUID) -> HttpResponse:
    """Show a notice: who says it, on what ground, until when, and what it said before."""
    found = queries.published(notice, request.now)
    if found is None:
        raise Http404
    mine = queries.editable(notice, by=request.actor) is not None
    page = {"notice": found, "history": _history(found), "mine": mine}
    return render(request, "trust/notice.html", page)


def _history(found: Published) -> list[dict[str, Any]]:
    """Return the versions, newest first, each with what it changed of the one before."""
    older = (*found.versions[1:], None)
    return [
        {"version": new, "changes": changes(old, new) if old is not None else []}
        for new, old in zip(found.versions, older, strict=True)
    ]


@public
@require_safe
def notice_picture(request: NodeRequest, notice: uuid.UUID, number: int) -> HttpResponse:
    """Hand out a version's picture, and nothing that a browser could run."""
    found = queries.picture_of(notice, number, by=request.actor)
    if found is None:
        raise Http404
    data, media_type = found
    name = "notice.png" if media_type == "image/png" else "notice.jpg"
    return HttpResponse(
        data,
        content_type=media_type,
        headers={
            "Content-Disposition": f'inline; filename="{name}"',
            "X-Content-Type-Options": "nosniff",
        },
    )
