"""A person's own appeals, and those that somebody made for whom they may act for."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import appeals as actions
from huxin.node.trust.forms.appeals import AgainForm
from huxin.node.trust.queries import appeals as queries
from huxin.trust.appeals import KEPT_DAYS

__all__ = ["appeal_own", "appeals_own"]


@allow(Permission.SHOW_OWN)
@require_safe
def appeals_own(request: NodeRequest) -> HttpResponse:
    """List one's appeals, newest first."""
    found = queries.own_appeals(by=request.actor, now=request.now)
    return render(request, "trust/appeals/own_list.html", {"found": found})


@allow(Permission.SHOW_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def appeal_own(request: NodeRequest, appeal: uuid.UUID) -> HttpResponse:
    """Show how far an appeal is; a post appeals once more."""
    found = queries.own_appeal(appeal, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    if request.method != "POST":
        kept = drafts.kept(request.actor.user, request.path)
        return _page(request, found, AgainForm(initial={"text": kept.get("text", "")}))
    form = AgainForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        text = form.cleaned_data["text"]
        actions.appeal_again(found, text, by=request.actor, now=request.now)
    except RefusalError:
        return _page(request, found, form, full=True)
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request, says("收到了，由另一位工作人员看。", "Received; another officer looks at it.")
    )
    return redirect("appeal-own", appeal=appeal)


def _page(request: NodeRequest, found: Any, form: AgainForm, *, full: bool = False) -> HttpResponse:
    shown = {
        "appeal": queries.shown(found, now=request.now),
        "again": form,
        "kept": KEPT_DAYS,
        "full": full,
    }
    status = 409 if full else 200
    return render(request, "trust/appeals/own.html", shown, status=status)
