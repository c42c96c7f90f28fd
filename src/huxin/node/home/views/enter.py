"""`/demo/enter`: where a button *enter as* of the tour leads.  Has an address under the label demo only."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from huxin.node.base import sessions
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.home.demo import entering

__all__ = ["enter"]


# The form stands on the tour, another origin, which has no token of this one's; its own is signed.
@csrf_exempt
@public
@require_POST
def enter(request: NodeRequest) -> HttpResponse:
    """Sign in as the account that the token names, and go where it leads."""
    entry = entering.read(request.POST.get("token", ""))
    if entry is None or not sessions.enter(request, entry.account, now=request.now):
        found = {"tour_url": settings.HUXIN_TOUR_URL}
        return render(request, "home/entered_late.html", found, status=403)
    local = url_has_allowed_host_and_scheme(entry.place, allowed_hosts=None)
    return HttpResponseRedirect(entry.place if local else "/")
