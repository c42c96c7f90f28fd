"""The desk's start page, and finding a person."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any, Final

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.drafts import Kept
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions.issue import signed_today
from huxin.node.trust.forms.desk import FindForm
from huxin.node.trust.queries import desk as query
from huxin.node.trust.queries.appeals import waiting_here
from huxin.node.trust.queries.recalls import waiting_here as recalls_waiting_here
from huxin.node.trust.queries.reports import reports_waiting_here
from huxin.node.trust.queries.withdrawals import (
    declined_withdrawals,
    my_withdrawals,
    withdrawals_to_decide,
)
from huxin.node.trust.views.desk_door import purpose_of, rail, staffed, today
from huxin.packs import reader
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["drop", "find", "start"]

_FORM: Final = re.compile(r"/desk/people/([0-9a-f-]{36})/new/([a-z-]{1,40})")


@allow(Permission.ISSUE)
@require_GET
@staffed
def start(request: NodeRequest) -> HttpResponse:
    """Show the day at this desk: find somebody, what was signed, what waits."""
    by = request.actor
    midnight = datetime.combine(today(request), time(), settings.HUXIN.time_zone)
    shown = {
        "form": FindForm(),
        "signed": signed_today(by, request.now),
        "daily": settings.HUXIN.daily,
        "cards": [
            (card, pack_or_stand_in(card.pack)) for card in query.lately(by=by, since=midnight)
        ],
        "drafts": [_draft(one) for one in drafts.held(by.user, "/desk/people/") if _is_form(one)],
        "approvals": len(query.approvals(by=by)) if by.may(Permission.APPROVE) else 0,
        "withdrawals": len(withdrawals_to_decide(by=by)),
        "appeals": waiting_here(by=by) if by.may(Permission.DECIDE_APPEAL) else 0,
        "recalls": recalls_waiting_here(by=by) if by.may(Permission.REVOKE) else 0,
        "reports": reports_waiting_here(by=by),
        "waiting": [*query.waiting(by=by), *my_withdrawals(by=by)],
        "declined": [
            *query.declined(by=by, now=request.now),
            *declined_withdrawals(by=by, now=request.now),
        ],
    }
    return render(request, "trust/desk/start.html", shown)


def _is_form(kept: Kept) -> bool:
    match = _FORM.fullmatch(kept.place)
    return match is not None and match[2] in reader.pack_ids()


def _draft(kept: Kept) -> dict[str, Any]:
    match = _FORM.fullmatch(kept.place)
    assert match is not None
    name = kept.fields.get("name") or kept.fields.get("latin") or ""
    return {"place": kept.place, "name": name, "pack": reader.pack(match[2]), "at": kept.saved_at}


@allow(Permission.ISSUE)
@require_POST
@staffed
def drop(request: NodeRequest) -> HttpResponse:
    """Drop a draft of one's own."""
    place = request.POST.get("place", "")
    if place.startswith("/desk/people/"):
        drafts.forget(request.actor.user, place)
    return redirect("desk")


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def find(request: NodeRequest) -> HttpResponse:
    """Find a person of this organisation, who is present, for a purpose."""
    if request.method == "POST":
        return _search(request)
    kept = drafts.kept(request.actor.user, request.path)
    ids = request.session.get("desk-found")
    shown = {
        "form": FindForm(initial=kept or None),
        "searched": ids is not None,
        "typed": kept.get("words", ""),
        "people": query.people_found(ids or [], by=request.actor),
        "left": query.finds_left(request.actor, request.now),
        "purpose": purpose_of(request),
        "rail": rail(),
    }
    return render(request, "trust/desk/find.html", shown)


def _search(request: NodeRequest) -> HttpResponse:
    form = FindForm(request.POST)
    if not form.is_valid():
        left = query.finds_left(request.actor, request.now)
        return render(request, "trust/desk/find.html", {"form": form, "left": left, "rail": rail()})
    asked = form.cleaned_data
    found = query.find(
        asked["words"],
        asked["birth"],
        purpose=asked["purpose"],
        by=request.actor,
        now=request.now,
    )
    if not found.asked:
        shown = {"form": form, "left": 0, "rail": rail()}
        return render(request, "trust/desk/find.html", shown, status=429)
    # The words are sealed with the drafts; the session, which is not, holds keys only.
    typed = {name: asked[name] for name in ("words", "birth", "purpose")}
    place = reverse("desk-find")
    drafts.keep(_user(request), place, typed, now=request.now)
    request.session["desk-found"] = [str(person.id) for person in found.people]
    request.session["desk-purpose"] = asked["purpose"]
    return redirect(place)


def _user(request: NodeRequest) -> Any:
    return request.actor.user
