"""Putting a record right: the form with what it says now, one more look at what changes, and done.

And voiding one that should not be there.  What was typed goes from page to page in the form itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from huxin.clinic.corrections import Facts, Fault, changed
from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.local_day import local_day
from huxin.node.base.pack_form import PackForm, rows_of
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.clinic.actions import corrections as actions
from huxin.node.clinic.actions.corrections import Wrong
from huxin.node.clinic.forms.corrections import CorrectForm, VoidForm
from huxin.node.clinic.queries import visits
from huxin.node.clinic.queries.said import recorded_rows
from huxin.node.clinic.views.day import warn
from huxin.node.clinic.words import FAULT_WORDS
from huxin.packs import reader
from huxin.packs.reader import Pack, Words
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["correct", "void"]

_PAGES = ["GET", "HEAD", "POST"]
_TECHNICAL = ("csrfmiddlewaretoken", "do", drafts.FIELD)


@dataclass(frozen=True, slots=True)
class _Change:
    """A column that says something else after the correction."""

    head: Words
    before: Words | str
    after: Words | str


def _today(request: NodeRequest) -> date:
    return local_day(request.now)


def _visit(request: NodeRequest, visit: uuid.UUID) -> Any:
    found = visits.visit_for(visit, by=request.actor, now=request.now)
    if found is None or not visits.staffs(found, request.actor):
        raise Http404
    return found


def _asked(request: NodeRequest) -> dict[str, str]:
    if request.method == "POST":
        return {name: str(value) for name, value in request.POST.items()}
    return {**drafts.kept(request.actor.user, request.path), **request.GET.dict()}


@fresh
@allow(Permission.VISIT)
@require_http_methods(_PAGES)
def correct(request: NodeRequest, visit: uuid.UUID) -> HttpResponse:
    """Show what is recorded, to be put right; then what changes; then write it."""
    found = _visit(request, visit)
    if _is_gone(request, found):
        return redirect("visit", visit=visit)
    asked = _asked(request)
    pack = _pack(found, asked)
    form, more = _forms(request, found, pack, asked)
    shown = {"visit": found, "pack": pack, "packs": _packs(found), "form": form, "more": more}
    if request.method != "POST" or not (form.is_valid() & more.is_valid()):
        return render(request, "clinic/correct.html", shown)
    doing = request.POST.get("do")
    if doing == "correct":
        return _correct(request, found, form, more)
    changes = _changes(found, form)
    if doing == "back" or not changes:
        return render(request, "clinic/correct.html", {**shown, "same": not changes})
    kept = [pair for pair in request.POST.items() if pair[0] not in _TECHNICAL]
    return render(request, "clinic/correct_sure.html", {**shown, "changes": changes, "kept": kept})


def _is_gone(request: NodeRequest, found: Any) -> bool:
    """Tell whether the record of this page holds no more, and say so; the last step asks the action."""
    if request.method != "POST":
        return found.record is None
    if request.POST.get("do") in ("correct", "void"):
        return False
    gone = found.record is None or str(found.record.id) != request.POST.get("record")
    if gone:
        warn(request, RefusalError("exists", "put right meanwhile"))
    return gone


def _packs(found: Any) -> list[Pack]:
    packs = [reader.pack(one) for one in reader.pack_ids()]
    return [one for one in packs if one.kind == found.slot.kind]


def _pack(found: Any, asked: Mapping[str, str]) -> Pack:
    packs = _packs(found)
    wanted = asked.get("pack") or (found.record.pack if found.record else "")
    return next((one for one in packs if one.id == wanted), packs[0])


def _forms(
    request: NodeRequest, found: Any, pack: Pack, asked: Mapping[str, str]
) -> tuple[PackForm, CorrectForm]:
    known, today = visits.person_of(found), _today(request)
    if request.method == "POST":
        return PackForm(pack, asked, known=known, today=today), CorrectForm(asked)
    first = dict(found.record.cells)
    hidden = {"record": found.record.id, "request": uuid.uuid4()}
    if asked.get("record"):  # what was typed before the session ended
        bound = PackForm(pack, asked, known=known, today=today)
        first = {name: bound[name].data for name in bound.fields}
        hidden |= {"note": asked.get("note", ""), "request": asked.get("request", "")}
    return PackForm(pack, known=known, today=today, initial=first), CorrectForm(initial=hidden)


def _changes(found: Any, form: PackForm) -> list[_Change]:
    """Return what a correction changes, column by column."""
    before, after = found.record, Facts(form.pack.id, form.cells)
    columns = changed(Facts(before.pack, before.cells), after)
    assert form.entry is not None
    was, will = _said(recorded_rows(before)), _said(rows_of(form.entry))
    packs = Words("种类", "Kind")
    rows = (
        [_Change(packs, pack_or_stand_in(before.pack).short, form.pack.short)]
        if "pack" in columns
        else []
    )
    return rows + [
        _Change(head, was.get(head, "—"), will.get(head, "—"))
        for head in dict.fromkeys([*was, *will])
        if was.get(head) != will.get(head)
    ]  # fmt: skip


def _said(rows: list[tuple[Words, Any]]) -> dict[Words, Any]:
    return dict(rows)


def _correct(request: NodeRequest, found: Any, form: PackForm, more: CorrectForm) -> HttpResponse:
    assert form.entry is not None
    wrong, entry, cells = _wrong(more, Fault.FACTS), form.entry, form.cells
    text = says(
        "更正好了。旧卡随后撤回，新卡照更正后的记录签发，本人会收到通知。",
        "Corrected. The old card is being withdrawn and the right one issued; the person is told.",
    )
    return _done(
        request,
        found,
        lambda: actions.correct(found.id, wrong, entry, cells, by=request.actor, now=request.now),
        text,
    )


def _done(request: NodeRequest, found: Any, deed: Callable[[], object], text: str) -> HttpResponse:
    """Carry a deed out and go back to the visit, with what became of it."""
    try:
        deed()
    except RefusalError as error:
        warn(request, error)
    else:
        drafts.forget(request.actor.user, request.path)
        messages.success(request, text)
    return redirect("visit", visit=found.id)


def _wrong(form: CorrectForm, fault: Fault) -> Wrong:
    told = form.cleaned_data
    return Wrong(told["record"], told["request"], fault, told["note"])


@fresh
@allow(Permission.VISIT)
@require_http_methods(_PAGES)
def void(request: NodeRequest, visit: uuid.UUID) -> HttpResponse:
    """Ask why a record should not be there, show it once more, then void it."""
    found = _visit(request, visit)
    if _is_gone(request, found):
        return redirect("visit", visit=visit)
    kept = drafts.kept(request.actor.user, request.path)
    form = VoidForm(request.POST) if request.method == "POST" else VoidForm(initial={
        "request": uuid.uuid4(), **kept, "record": found.record.id,
    })  # fmt: skip
    rows = recorded_rows(found.record) if found.record else []
    shown = {"visit": found, "form": form, "rows": rows}
    if not (form.is_bound and form.is_valid()) or request.POST.get("do") == "back":
        return render(request, "clinic/void.html", shown)
    fault = Fault(form.cleaned_data["reason"])
    if request.POST.get("do") != "void":
        return render(request, "clinic/void_sure.html", {**shown, "reason": FAULT_WORDS[fault]})
    return _void(request, found, _wrong(form, fault))


def _void(request: NodeRequest, found: Any, wrong: Wrong) -> HttpResponse:
    text = says(
        "记录已作废。卡随后撤回，本人会收到通知。",
        "The record is voided. Its card is being withdrawn; the person is told.",
    )
    return _done(
        request,
        found,
        lambda: actions.void(found.id, wrong, by=request.actor, now=request.now),
        text,
    )
