"""The short form of `docs/reference/accessibility.md`: what was tried, what was not, what to do meanwhile."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest

__all__ = ["accessibility"]


@public
@require_safe
def accessibility(request: NodeRequest) -> HttpResponse:
    """Say to anybody how far these pages can be used by everybody."""
    return render(request, "base/accessibility.html")
