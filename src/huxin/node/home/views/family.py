"""Family and helpers: for whom I may act, who may act for me, and its end; and how to get help.

Ending is said to nobody: the other one finds that it opens nothing any more.
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from huxin.node.base import proxies
from huxin.node.base.access import allow, public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.queries.checking import desks

__all__ = ["family", "family_end", "helpers"]


@allow(Permission.SHOW_OWN)
@require_GET
def family(request: NodeRequest) -> HttpResponse:
    """Show for whom one may act, and who may act for oneself."""
    by, now = request.actor, request.now
    mine, past = proxies.recorded_for(by.person, now=now) if by.person else ([], [])
    shown = {
        "held": [_line(one) for one in proxies.held_by(by, now=now)],
        "mine": [_line(one) for one in mine],
        "past": [_line(one) for one in past],
    }
    return render(request, "home/family.html", shown)


def _line(proxy: Any) -> dict[str, Any]:
    return {"proxy": proxy, "last": _last_day(proxy.ends), "ended": proxy.ended_at or proxy.ends}


def _last_day(ends: datetime) -> datetime:
    # It ends at midnight; people say the day before.
    return (ends - timedelta(seconds=1)).astimezone(settings.HUXIN.time_zone)


@allow(Permission.SHOW_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def family_end(request: NodeRequest, proxy: uuid.UUID) -> HttpResponse:
    """Ask once more, then end it."""
    by, now = request.actor, request.now
    found = proxies.one_of(proxy, by=by, now=now)
    if found is None:
        raise Http404
    if request.method != "POST":
        mine = found.person_id == by.person
        return render(request, "home/family_end.html", {**_line(found), "mine": mine})
    proxies.end(proxy, by=by, now=now)
    messages.success(
        request, says("已结束。对方没有收到通知。", "Ended. The other person was not told.")
    )
    return redirect("family")


@public
@require_GET
def helpers(request: NodeRequest) -> HttpResponse:
    """Say how to get help: at a desk, by somebody who may act for one, without a phone."""
    own = request.actor.may(Permission.SHOW_OWN)
    return render(request, "home/helpers.html", {"desks": desks(), "own": own})
