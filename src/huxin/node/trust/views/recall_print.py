"""Printing the cards that a recall signed anew, for the holders whom no screen tells: ten on a page."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions.handover import note_printed
from huxin.node.trust.queries import recalls as queries
from huxin.node.trust.queries.faces import face_of
from huxin.node.trust.views.desk_door import staffed

__all__ = ["print_page"]


@allow(Permission.ISSUE)
@require_GET
@staffed
def print_page(request: NodeRequest, recall: uuid.UUID) -> HttpResponse:
    """Show a hundred of the cards for a browser to print; `from` is how many were printed before."""
    found = queries.recall_here(recall, by=request.actor)
    if found is None:
        raise Http404
    cards = queries.to_print(found, start=_start(request), now=request.now)
    if not cards:
        messages.warning(request, says("没有要打印的卡。", "There is no card to print."))
        return redirect("recall", recall=recall)
    for card in cards:
        note_printed(card, "card", by=request.actor, now=request.now)
    shown = {
        "title": says("换签的卡", "Cards signed anew"),
        "faces": [face_of(card) for card in cards],
        "back": reverse("recall", args=[recall]),
    }
    return render(request, "trust/recalls/print.html", shown)


def _start(request: NodeRequest) -> int:
    typed = request.GET.get("from", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 0
