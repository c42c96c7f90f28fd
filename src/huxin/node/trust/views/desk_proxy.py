"""Recording at the desk who may act for a person, and ending it there.

Three small steps on one page: find who will act, say what was agreed, read it once more in the
list.  The two are both present, or the guardian of a child is.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts, proxies
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.proxies import Consent
from huxin.node.base.words import says
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.forms.proxy import HolderForm, ProxyForm
from huxin.node.trust.queries import desk as query
from huxin.node.trust.views.desk_door import staffed, today
from huxin.node.trust.views.desk_people import open_person

__all__ = ["proxy_end", "proxy_page"]

_FOUND: Final = "desk-proxy-found"
_PAGE: Final = "trust/desk/proxy.html"
_PURPOSE: Final = "help"


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def proxy_page(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Show who may act for a person; find who will, and record it."""
    found = open_person(request, person)
    if request.method == "POST" and request.POST.get("do") == "find":
        return _find(request, found)
    if request.method == "POST":
        return _record(request, found)
    holder = _holder(request, request.GET.get("holder", ""))
    if holder is not None and holder.id != found.id:
        return _page(request, found, holder=holder, form=_first(request, holder))
    return _page(request, found)


def _first(request: NodeRequest, holder: Any) -> ProxyForm:
    kept = drafts.kept(request.actor.user, request.path)
    initial = {"holder": holder.id, "request": new_request()}
    if kept.get("holder") == str(holder.id):
        bound = ProxyForm(kept, today=today(request))
        initial |= {name: bound[name].data for name in ("kind", "how", "last_day")}
    return ProxyForm(initial=initial, today=today(request))


def _holder(request: NodeRequest, key: str) -> Any:
    """Return who was chosen: somebody whom this desk knows, recorded as seen."""
    try:
        chosen = uuid.UUID(key)
    except ValueError:
        return None
    return query.person_here(chosen, purpose=_PURPOSE, by=request.actor, now=request.now)


def _page(request: NodeRequest, person: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    running, past = proxies.recorded_for(person.id, now=request.now)
    found = request.session.get(_FOUND) or {}
    mine = found.get("for") == str(person.id)
    people = query.people_found(found.get("ids", []), by=request.actor) if mine else []
    zone = settings.HUXIN.time_zone
    shown = {
        "person": person,
        "running": [
            (one, (one.ends - timedelta(seconds=1)).astimezone(zone).date()) for one in running
        ],
        "past": past,
        "find": HolderForm(),
        "searched": mine,
        "people": [one for one in people if one.id != person.id],
        **more,
    }
    return render(request, _PAGE, shown, status=status)


def _find(request: NodeRequest, person: Any) -> HttpResponse:
    form = HolderForm(request.POST)
    if not form.is_valid():
        return _page(request, person, find=form)
    found = query.find(
        form.cleaned_data["words"], "", purpose=_PURPOSE, by=request.actor, now=request.now
    )
    if not found.asked:
        return _page(request, person, find=form, used_up=True, status=429)
    # Keys only: the session is not sealed.
    request.session[_FOUND] = {
        "for": str(person.id),
        "ids": [str(one.id) for one in found.people],
    }
    return redirect("desk-proxy", person=person.id)


def _record(request: NodeRequest, person: Any) -> HttpResponse:
    form = ProxyForm(request.POST, today=today(request))
    holder = _holder(request, request.POST.get("holder", ""))
    if holder is None:
        raise Http404
    if not form.is_valid():
        return _page(request, person, holder=holder, form=form)
    told = form.cleaned_data
    consent = Consent(person, holder, told["kind"], told["how"], told["last_day"], told["request"])
    try:
        proxies.record_proxy(consent, by=request.actor, now=request.now)
    except RefusalError:
        return _page(request, person, refused=True, status=409)
    request.session.pop(_FOUND, None)
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request,
        says(
            "已登记。要有自己的账号才能代办；没有账号，就给一张领取单。",
            "Recorded. They need an account of their own; a claim slip for themselves gives one.",
        ),
    )
    return redirect("desk-proxy", person=person.id)


@allow(Permission.ISSUE)
@require_POST
@staffed
def proxy_end(request: NodeRequest, person: uuid.UUID, proxy: uuid.UUID) -> HttpResponse:
    """End it at the desk, as the person asks."""
    found = open_person(request, person)
    running, past = proxies.recorded_for(found.id, now=request.now)
    if proxy not in {one.id for one in (*running, *past)}:
        raise Http404
    proxies.end(proxy, by=request.actor, now=request.now)
    messages.success(request, says("已结束，马上生效。", "Ended, at once."))
    return redirect(reverse("desk-proxy", args=[person]))
