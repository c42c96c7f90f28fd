"""Opening a session sheet: what all rows share, the names, a look at what was understood."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.limits import takes
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions.sheets import NewSheet, open_sheet
from huxin.node.trust.forms.desk import new_request
from huxin.node.trust.forms.sheets import MOST_BYTES, SheetForm
from huxin.node.trust.views.desk_door import staffed, today
from huxin.packs import reader
from huxin.packs.reader import Pack

__all__ = ["new"]


@takes(MOST_BYTES)
@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def new(request: NodeRequest) -> HttpResponse:
    """Show the form, what was understood of the names, and open the sheet."""
    if request.method != "POST":
        return _page(request, _first(request))
    form = SheetForm(_pack(request), request.POST, request.FILES, today=today(request))
    if not form.is_valid():
        return _page(request, form)
    if request.POST.get("do") == "open":
        return _open(request, form)
    if request.POST.get("do") == "back":
        return _page(request, form)
    shown = {"form": form, "pack": form.pack, "daily": settings.HUXIN.daily}
    return render(request, "trust/sheets/preview.html", shown)


def _pack(request: NodeRequest) -> Pack:
    wanted = request.POST.get("pack") or request.GET.get("pack", "")
    return reader.pack(wanted if wanted in reader.pack_ids() else reader.pack_ids()[0])


def _first(request: NodeRequest) -> SheetForm:
    kept = drafts.kept(request.actor.user, request.path)
    day = today(request)
    if kept:
        wanted = kept.get("pack", "")
        pack = reader.pack(wanted) if wanted in reader.pack_ids() else _pack(request)
        sent = SheetForm(pack, kept, today=day)
        typed: dict[str, Any] = {name: sent[name].data for name in ("title", "names")}
        typed |= sent.cells()
    else:
        pack = _pack(request)
        typed = {"date": day.isoformat()}
    return SheetForm(pack, initial={**typed, "request": new_request()}, today=day)


def _page(request: NodeRequest, form: SheetForm) -> HttpResponse:
    shown = {
        "form": form,
        "pack": form.pack,
        "packs": [reader.pack(name) for name in reader.pack_ids()],
        "kept": not form.is_bound and bool(drafts.kept(request.actor.user, request.path)),
        "faults": form.read.faults if form.read else (),
    }
    return render(request, "trust/sheets/new.html", shown)


def _open(request: NodeRequest, form: SheetForm) -> HttpResponse:
    assert form.read is not None
    wanted = NewSheet(
        form.cleaned_data["request"],
        form.headed(today(request)),
        form.pack.id,
        form.shared(),
        [cells for _, cells in form.read.rows],
    )
    sheet = open_sheet(wanted, by=request.actor, now=request.now)
    drafts.forget(request.actor.user, request.path)
    messages.success(
        request,
        says("名单已开，共 {n} 人。", "The sheet is open with {n} names.", n=sheet.rows.count()),
    )
    return redirect("sheet", sheet=sheet.id)
