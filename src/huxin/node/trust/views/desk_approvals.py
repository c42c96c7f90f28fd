"""The second pair of eyes: what waits for this officer, and what became of an officer's own wishes."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.pack_form import rows_of
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions.approve import approve, decline
from huxin.node.trust.forms.desk import DeclineForm, PackForm, new_request
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.queries import desk as query
from huxin.node.trust.queries import withdrawals
from huxin.node.trust.views.desk_door import staffed, today
from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.stand_in import is_here, pack_or_stand_in

__all__ = ["again", "approvals", "decide", "wish_page"]


@allow(Permission.APPROVE)
@require_GET
@staffed
def approvals(request: NodeRequest) -> HttpResponse:
    """List what colleagues ask to be looked at, and one's own wishes."""
    by = request.actor
    shown = {
        "approvals": [_line(one) for one in query.approvals(by=by)],
        "waiting": [_line(one) for one in query.waiting(by=by)],
        "declined": [_line(one) for one in query.declined(by=by, now=request.now)],
        "to_withdraw": [_ending(one) for one in withdrawals.withdrawals_to_decide(by=by)],
        "my_withdrawals": [_ending(one) for one in withdrawals.my_withdrawals(by=by)],
        "kept": [_ending(one) for one in withdrawals.declined_withdrawals(by=by, now=request.now)],
    }
    return render(request, "trust/desk/approvals.html", shown)


def _line(wish: Any) -> dict[str, Any]:
    return {
        "wish": wish,
        "pack": pack_or_stand_in(wish.pack),
        "officer": query.officer_name(wish.asked_by),
        "other": query.officer_name(wish.decided_by),
    }


def _ending(asked: Any) -> dict[str, Any]:
    return {
        "asked": asked,
        "pack": pack_or_stand_in(asked.card.pack),
        "officer": query.officer_name(asked.asked_by),
        "other": query.officer_name(asked.decided_by),
    }


def _shown(request: NodeRequest, wish: Any) -> dict[str, Any]:
    """Return a wish as its page shows it: its facts as they are read today."""
    rows = _rows(request, wish) if is_here(wish.pack) else []
    return {**_line(wish), "rows": rows, "readable": bool(rows), "person": wish.person}


def _rows(request: NodeRequest, wish: Any) -> list[Any]:
    found = read_entry(reader.pack(wish.pack), wish.cells, today=today(request))
    return rows_of(found) if isinstance(found, Entry) else []


@fresh
@allow(Permission.APPROVE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def decide(request: NodeRequest, wish: uuid.UUID) -> HttpResponse:
    """Look at a colleague's card past the limit; approve it, or decline it and say why."""
    found = query.wish_here(wish, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    if found.asked_by == request.actor.user:
        return redirect("desk-wish", wish=wish)
    if request.method != "POST":
        return _decide_page(request, found, DeclineForm())
    if request.POST.get("do") == "decline":
        return _decline(request, found)
    try:
        card = approve(wish, by=request.actor, now=request.now)
    except RefusalError as error:
        told = refusal_words(error.refusal.code, error.refusal.detail)
        return _decide_page(request, found, DeclineForm(), told=told, status=409)
    if card is None:
        raise Http404
    messages.success(request, says("已同意，卡已签发。", "Approved; the card is issued."))
    return redirect("desk-card", card=card.id)


def _decline(request: NodeRequest, wish: Any) -> HttpResponse:
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _decide_page(request, wish, form)
    try:
        decline(wish.id, form.cleaned_data["note"], by=request.actor, now=request.now)
    except RefusalError as error:
        told = refusal_words(error.refusal.code, error.refusal.detail)
        return _decide_page(request, wish, form, told=told, status=409)
    messages.success(
        request, says("已退回，请求的同事会看到原因。", "Declined; the colleague will read why.")
    )
    return redirect("desk-approvals")


def _decide_page(
    request: NodeRequest, wish: Any, form: DeclineForm, *, told: Any = None, status: int = 200
) -> HttpResponse:
    shown = {**_shown(request, wish), "form": form, "told": told, "card": query.signed(wish)}
    return render(request, "trust/desk/decide.html", shown, status=status)


@allow(Permission.ISSUE)
@require_GET
@staffed
def wish_page(request: NodeRequest, wish: uuid.UUID) -> HttpResponse:
    """Show an officer what became of a card that waits for a second pair of eyes."""
    found = query.wish_here(wish, by=request.actor, now=request.now)
    if found is None or found.asked_by != request.actor.user:
        raise Http404
    shown = {**_shown(request, found), "card": query.signed(found)}
    return render(request, "trust/desk/wish.html", shown)


@allow(Permission.ISSUE)
@require_POST
@staffed
def again(request: NodeRequest, wish: uuid.UUID) -> HttpResponse:
    """Open the form once more with the facts of a declined wish."""
    found = query.wish_here(wish, by=request.actor, now=request.now)
    if found is None or found.asked_by != request.actor.user or found.approved is not False:
        raise Http404
    # Dropped with its record, those facts are known to be wrong; without the pack there is no form.
    if found.decided_by is None or not is_here(found.pack):
        raise Http404
    pack = reader.pack(found.pack)
    form = PackForm(pack, initial={**found.cells, "minimal": found.minimal}, today=today(request))
    place = reverse("desk-form", args=[found.person_id, pack.id])
    sent = {**form.sent(), "request": new_request()}
    drafts.keep(request.actor.staff().user, place, sent, now=request.now)
    return redirect(f"{place}?{urlencode({'from': str(wish)})}")
