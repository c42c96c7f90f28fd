"""Appeals that wait, for the officers: the list by deadline; taking one, giving it back, deciding it."""

from __future__ import annotations

import uuid

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
from huxin.node.trust.actions import decide_appeals as actions
from huxin.node.trust.actions.decide_appeals import Ruling
from huxin.node.trust.forms.appeals import RulingForm
from huxin.node.trust.queries import appeals as queries
from huxin.node.trust.queries.checking import desks
from huxin.node.trust.views.desk_door import staffed
from huxin.trust.appeals import Decision

__all__ = ["appeal_open", "appeals_open"]


@allow(Permission.DECIDE_APPEAL)
@require_safe
@staffed
def appeals_open(request: NodeRequest) -> HttpResponse:
    """List what waits in the region, by deadline."""
    lines = queries.open_hearings(by=request.actor, now=request.now)
    return render(request, "trust/appeals/open_list.html", {"lines": lines})


@allow(Permission.DECIDE_APPEAL)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def appeal_open(request: NodeRequest, hearing: uuid.UUID) -> HttpResponse:
    """Show an appeal that this officer has or may take; take it, give it back, or decide it."""
    do = request.POST.get("do") if request.method == "POST" else ""
    if do == "take":
        return _take(request, hearing)
    if do == "back":
        return _back(request, hearing)
    found = queries.hearing_here(hearing, by=request.actor, now=request.now)
    if do == "decide" and (found is None or found.shown is None):
        return _not_theirs(request)
    if found is None:
        raise Http404
    kept = drafts.kept(request.actor.user, request.path)
    form = RulingForm(desks=desks(), initial=kept)
    if do == "decide":
        form = RulingForm(request.POST, desks=desks())
        if form.is_valid() and (done := _decide(request, hearing, form)) is not None:
            return done
    shown = {"hearing": found.hearing, "line": found.line, "appeal": found.shown, "form": form}
    return render(request, "trust/appeals/open.html", shown)


def _not_theirs(request: NodeRequest) -> HttpResponse:
    """Show the list, and what was written for an appeal that is not this officer's: nothing typed is lost."""
    lines = queries.open_hearings(by=request.actor, now=request.now)
    page = {"lines": lines, "left_over": request.POST.get("reason", "")}
    return render(request, "trust/appeals/open_list.html", page, status=409)


def _take(request: NodeRequest, hearing: uuid.UUID) -> HttpResponse:
    try:
        taken = actions.take(hearing, by=request.actor, now=request.now)
    except RefusalError:
        messages.warning(
            request, says("另一位工作人员已经在办。", "Another officer has it already.")
        )
        return redirect("appeals-open")
    if taken is None:
        raise Http404
    return redirect("appeal-open", hearing=hearing)


def _back(request: NodeRequest, hearing: uuid.UUID) -> HttpResponse:
    if actions.give_back(hearing, by=request.actor, now=request.now) is None:
        raise Http404
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request, says("放回去了，期限不变。", "Put back; its deadline stays as it was.")
    )
    return redirect("appeals-open")


def _decide(request: NodeRequest, hearing: uuid.UUID, form: RulingForm) -> HttpResponse | None:
    """Write the decision down; or say at the form why not, and give nothing."""
    told = form.cleaned_data
    ruling = Ruling(Decision(told["decision"]), told["reason"], form.chosen_desk)
    if actions.decide(hearing, ruling, by=request.actor, now=request.now) is None:
        form.add_error(
            None,
            says("这份申诉现在和您自己有关，不能由您决定。请放回去，让别人办。",
                 "This appeal concerns you yourself by now; you may not decide it. Please put it back for another officer."),
        )  # fmt: skip
        return None
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request,
        says("决定已写下，不能再改。本人凭回执或在消息里读到。",
             "Decided; it cannot be changed. The person reads it with the receipt, or in a message."),
    )  # fmt: skip
    return redirect("appeal-open", hearing=hearing)
