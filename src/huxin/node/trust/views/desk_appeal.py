"""An appeal at the desk: written down for somebody who is there, registered or not, and printed at once."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.trust.actions import appeals as actions
from huxin.node.trust.forms.appeals import DeskAppealForm
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.queries import appeals as queries
from huxin.node.trust.views.appeals import HOURS, receipt_page, said_of
from huxin.node.trust.views.desk_door import staffed
from huxin.node.trust.views.desk_people import open_person

__all__ = ["desk_appeal", "desk_appeal_person"]

_PAGES = ["GET", "HEAD", "POST"]


@allow(Permission.ISSUE)
@require_http_methods(_PAGES)
@staffed
def desk_appeal(request: NodeRequest) -> HttpResponse:
    """Write down an appeal in nobody's name: whoever holds the receipt reads the decision."""
    return _desk(request, None)


@allow(Permission.ISSUE)
@require_http_methods(_PAGES)
@staffed
def desk_appeal_person(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Write down an appeal of somebody who is registered here: they are told of the decision, too."""
    return _desk(request, open_person(request, person))


def _desk(request: NodeRequest, person: Any) -> HttpResponse:
    purposes = queries.purposes()
    purpose = str(request.GET.get("purpose", ""))
    shown: dict[str, Any] = {"person": person, "purposes": purposes, "hours": HOURS}
    if purpose not in purposes:
        return render(request, "trust/appeals/desk_choose.html", shown)
    rules = queries.rules_asked(purpose, now=request.now)
    place = f"{request.path}?purpose={purpose}"
    shown |= {"words": purposes[purpose], "place": place}
    if request.method != "POST":
        kept = drafts.kept(request.actor.user, request.path)
        form = DeskAppealForm(rules=rules, initial={**kept, "request": new_request()})
        return render(request, "trust/appeals/desk_new.html", shown | {"form": form})
    form = DeskAppealForm(request.POST, rules=rules)
    if not form.is_valid():
        return render(request, "trust/appeals/desk_new.html", shown | {"form": form})
    said = replace(said_of(form, purpose, request), person=person, at_desk=True)
    try:
        key = form.cleaned_data["request"]
        made = actions.appeal(said, request=key, by=request.actor, now=request.now)
    except RefusalError:
        shown |= {"form": form, "full": True}
        return render(request, "trust/appeals/desk_new.html", shown, status=409)
    drafts.forget(request.actor.user, request.path)
    return receipt_page(request, made, desk=True)
