"""Asking for a withdrawal at the desk: a reason, a note, one more look; then it waits for another officer.

And what everybody may see of it: counts by day and reason, and the list of withdrawn places that
verifiers read.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.monitoring.disclosure import Told
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh, public
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions.withdrawals import ask
from huxin.node.trust.forms.withdraw import WithdrawForm
from huxin.node.trust.queries.cards import card_of_desk
from huxin.node.trust.queries.counts import daily_counts
from huxin.node.trust.queries.editions import CWT, JWT
from huxin.node.trust.queries.faces import face_of
from huxin.node.trust.queries.status import status_list, status_uri
from huxin.node.trust.queries.withdrawals import open_withdrawal
from huxin.node.trust.queries.withdrawn import withdrawn
from huxin.node.trust.views.desk_door import staffed
from huxin.node.trust.views.editions import token_answer
from huxin.node.trust.words import REASON_WORDS

__all__ = ["counts", "counts_file", "published", "withdraw"]

_CACHE_SECONDS = 60


@fresh
@allow(Permission.REVOKE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def withdraw(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Take reason and note, show both once more, then ask for a second officer; asked twice, it waits once."""
    found = card_of_desk(card, by=request.actor, now=request.now, purpose="correct")
    if found is None:
        raise Http404
    if withdrawn(found) is not None:
        return redirect("desk-card", card=card)
    waiting = open_withdrawal(found)
    if waiting is not None:
        return redirect("desk-withdrawal", withdrawal=waiting.id)
    kept = drafts.kept(request.actor.user, request.path)
    form = WithdrawForm(request.POST) if request.method == "POST" else WithdrawForm(initial=kept)
    shown = {"card": found, "face": face_of(found), "form": form}
    if not (form.is_bound and form.is_valid()):
        return render(request, "trust/withdraw.html", shown)
    reason, note = form.cleaned_data["reason"], form.cleaned_data["note"]
    if request.POST.get("do") == "back":
        return render(request, "trust/withdraw.html", shown)
    if request.POST.get("do") != "withdraw":
        return render(
            request, "trust/withdraw_sure.html", {**shown, "reason": REASON_WORDS[reason]}
        )
    try:
        asked = ask(found, reason, note, by=request.actor, now=request.now)
    except RefusalError:  # withdrawn by somebody else a moment ago: its page says so
        return redirect("desk-card", card=card)
    drafts.forget(request.actor.user, request.path)
    said = says(
        "已请同事同意。同意之前什么都不变。",
        "A colleague is asked to agree. Nothing changes until then.",
    )
    messages.success(request, said)
    return redirect("desk-withdrawal", withdrawal=asked.id)


@public
@require_GET
def counts(request: NodeRequest) -> HttpResponse:
    """Show how many cards were issued and withdrawn each day, by reason; no person."""
    shown = {"days": daily_counts(now=request.now), "reasons": REASON_WORDS.values()}
    return render(request, "trust/counts.html", shown)


@public
@require_GET
def counts_file(request: NodeRequest) -> HttpResponse:
    """Give the same counts as JSON, each as its least and its most; see docs/reference/status-list.md."""
    days = [
        {
            "day": one.day.isoformat(),
            "issued": _ends(one.issued),
            "withdrawn": _ends(one.withdrawn),
            "reasons": {reason: _ends(told) for reason, told in one.by_reason.items()},
        }
        for one in daily_counts(now=request.now)
    ]
    document = {
        "huxin": "status-counts",
        "version": 1,
        "region": settings.HUXIN.region,
        "days": days,
    }
    return JsonResponse(document, headers={"Cache-Control": f"public, max-age={_CACHE_SECONDS}"})


def _ends(told: Told) -> list[int]:
    return [told.low, told.high]


@public
@require_GET
def published(request: NodeRequest, number: int) -> HttpResponse:
    """Give one list of withdrawn places as JSON, or signed as others read it; see docs/reference/status-list.md."""
    kind = request.get_preferred_type(["application/json", JWT, CWT])
    if kind in (JWT, CWT):
        return token_answer(request, number, kind)
    found = status_list(number)
    if found is None:
        raise Http404
    tag = f'"{found.tag}"'
    headers = {"Cache-Control": f"public, max-age={_CACHE_SECONDS}", "ETag": tag, "Vary": "Accept"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    document = {
        "huxin": "status-list",
        "version": 1,
        "uri": status_uri(number),
        "revoked": list(found.revoked),
    }
    return JsonResponse(document, headers=headers)
