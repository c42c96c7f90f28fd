"""A withdrawal that waits for a second officer: agree or decline as the colleague, take it back as who asked."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import withdrawals as actions
from huxin.node.trust.forms.desk import DeclineForm
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.queries.cards import card_of_desk
from huxin.node.trust.queries.desk import officer_name
from huxin.node.trust.queries.faces import face_of
from huxin.node.trust.queries.withdrawals import withdrawal_here
from huxin.node.trust.views.desk_door import staffed
from huxin.node.trust.words import REASON_WORDS

__all__ = ["withdrawal"]


@fresh
@allow(Permission.REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def withdrawal(request: NodeRequest, withdrawal: uuid.UUID) -> HttpResponse:
    """Show which card, why, who asked and what was said; do the step that this officer may do."""
    asked = withdrawal_here(withdrawal, by=request.actor)
    if asked is None:
        raise Http404
    card = card_of_desk(asked.card_id, by=request.actor, now=request.now, purpose="correct")
    if card is None:
        raise Http404
    wanted = request.POST.get("do", "")
    form = DeclineForm(initial=drafts.kept(request.actor.user, request.path))
    if wanted == "decline":
        form = DeclineForm(request.POST)
    if wanted not in ("agree", "decline", "take-back") or (form.is_bound and not form.is_valid()):
        return _page(request, asked, card, form)
    try:
        said = _do(request, asked, wanted, form)
    except RefusalError as error:
        told = refusal_words(error.refusal.code, error.refusal.detail)
        asked.refresh_from_db()
        return _page(request, asked, card, form, told=told)
    drafts.forget(request.actor.user, request.path)
    messages.success(request, said)
    if wanted == "decline":
        return redirect("desk-approvals")
    return redirect("desk-card", card=card.id)


def _do(request: NodeRequest, asked: Any, wanted: str, form: DeclineForm) -> str:
    by, now = request.actor, request.now
    if wanted == "agree":
        actions.agree(asked.id, by=by, now=now)
        return says("已撤回，已通知本人。", "Withdrawn; the holder was told.")
    if wanted == "take-back":
        actions.take_back(asked.id, by=by, now=now)
        return says("已收回，卡照常有效。", "Taken back; the card is valid as before.")
    actions.decline(asked.id, form.cleaned_data["note"], by=by, now=now)
    return says(
        "没有同意，请求的同事会读到原因。", "Declined; the colleague who asked will read why."
    )


def _page(
    request: NodeRequest, asked: Any, card: Any, form: DeclineForm, *, told: Any = None
) -> HttpResponse:
    shown = {
        "asked": asked,
        "card": card,
        "face": face_of(card),
        "reason": REASON_WORDS[asked.reason],
        "officer": officer_name(asked.asked_by),
        "other": officer_name(asked.decided_by),
        "mine": asked.asked_by == request.actor.user,
        "form": form,
        "told": told,
    }
    return render(request, "trust/withdrawal.html", shown, status=409 if told else 200)
