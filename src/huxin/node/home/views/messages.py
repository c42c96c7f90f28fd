"""Notices: what was left for a person, and that it was read."""

from __future__ import annotations

import uuid

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huxin.node.base import notices
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.home.queries.messages import notices_of

__all__ = ["messages_page", "read"]

_A_PAGE = 100


@allow(Permission.SHOW_OWN)
@require_GET
def messages_page(request: NodeRequest) -> HttpResponse:
    """Show the notices to a person and to whom they act for."""
    by, now = request.actor, request.now
    page = Paginator(notices.inbox(by=by, now=now), _A_PAGE).get_page(request.GET.get("page"))
    found = notices_of(list(page.object_list), by=by, now=now)
    fresh = [one for one in found if one.new and one.marks]
    shown = {"notices": found, "fresh": fresh, "page": page}
    return render(request, "home/notices.html", shown)


@allow(Permission.SHOW_OWN)
@require_POST
def read(request: NodeRequest) -> HttpResponse:
    """Mark those notices as read that stood on the page; later ones stay new."""
    wanted = [_uuid(one) for one in request.POST.getlist("message")[:_A_PAGE]]
    notices.mark_read([one for one in wanted if one], by=request.actor, now=request.now)
    return redirect("messages")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
