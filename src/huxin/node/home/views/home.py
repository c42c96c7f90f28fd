"""The home page."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.home import lights

__all__ = ["home"]


@public
@require_GET
def home(request: NodeRequest) -> HttpResponse:
    """Show what this node is for, and the way to each task."""
    found = {
        "main_offers": lights.main_offers(request.actor),
        "elder_offers": lights.elder_offers(request.actor),
        "lights": lights.lights(request.actor),
        "tour_url": settings.HUXIN_TOUR_URL,
    }
    return render(request, "home/home.html", found)
