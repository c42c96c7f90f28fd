"""Something on a card is wrong: the person says so, a desk of the office that signed it answers."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import reports
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.forms.report import AnswerForm, ReportForm
from huxin.node.trust.queries import cards, faces
from huxin.node.trust.queries import reports as query
from huxin.node.trust.views.desk_door import staffed
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["card_report", "desk_report", "desk_reports"]


@allow(Permission.SHOW_OWN)
@require_http_methods(["GET", "HEAD", "POST"])
def card_report(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Say what is wrong on one's card, or on the card of whom one may act for."""
    found = cards.own_card(card, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    if request.method != "POST":
        kept = drafts.kept(request.actor.user, request.path)
        initial = {"request": new_request(), "text": kept.get("text", "")}
        return _report_page(request, found, ReportForm(initial=initial))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _report_page(request, found, form)
    told = form.cleaned_data
    try:
        reports.report(
            found, told["text"], request=told["request"], by=request.actor, now=request.now
        )
    except RefusalError:
        return _report_page(request, found, form, status=409, full=True)
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request,
        says("已交给签发单位，答复会出现在消息里。",
             "Sent to the issuing office; the answer will be among your messages."),
    )  # fmt: skip
    return redirect("card-report", card=card)


def _report_page(
    request: NodeRequest, card: Any, form: ReportForm, *, status: int = 200, full: bool = False
) -> HttpResponse:
    shown = {
        "card": card,
        "face": faces.face_of(card),
        "about": faces.about(card),
        "form": form,
        "full": full,
        "reports": query.reports_of(card),
    }
    return render(request, "trust/wallet/report.html", shown, status=status)


@allow(Permission.ISSUE)
@require_GET
@staffed
def desk_reports(request: NodeRequest) -> HttpResponse:
    """List what people said is wrong on cards of this office and nobody answered yet."""
    waiting = [
        (one, pack_or_stand_in(one.card.pack)) for one in query.reports_waiting(by=request.actor)
    ]
    return render(request, "trust/desk/reports.html", {"waiting": waiting})


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def desk_report(request: NodeRequest, report: uuid.UUID) -> HttpResponse:
    """Read one report and answer it."""
    found = query.report_here(report, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    if request.method != "POST":
        kept = drafts.kept(request.actor.user, request.path)
        return _answer_page(request, found, AnswerForm(initial={"text": kept.get("text", "")}))
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _answer_page(request, found, form)
    reports.answer(report, form.cleaned_data["text"], by=request.actor, now=request.now)
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request, says("已答复，本人会在消息里读到。", "Answered; the person reads it in a message.")
    )
    return redirect("desk-reports")


def _answer_page(request: NodeRequest, report: Any, form: AnswerForm) -> HttpResponse:
    shown = {
        "report": report,
        "card": report.card,
        "person": report.card.person,
        "pack": pack_or_stand_in(report.card.pack),
        "form": form,
    }
    return render(request, "trust/desk/report.html", shown)
