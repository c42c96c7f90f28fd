"""Session sheets at the desk: the list of sheets, and one sheet with its names and ticks.

One form works without a script: what was ticked when the page was made comes along, so that only
what this clerk changed is changed, and a colleague's ticks of meanwhile stay.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.actions import sheets as action
from huxin.node.trust.forms.desk_words import fault_words, refusal_words
from huxin.node.trust.queries import sheets as query
from huxin.node.trust.queries.sheets import SIMILAR, Line
from huxin.node.trust.views.desk_door import staffed, today
from huxin.packs.entries import Fault
from huxin.packs.reader import Choice, Pack, Words
from huxin.packs.stand_in import pack_or_stand_in

__all__ = ["close_sheet", "open_sheet", "sheet_page", "sheets", "shown_sheet", "tick_one"]

_SHARED: Final = ("dose", "date", "valid_from", "valid_until", "batch", "centre")
_NEW: Final = "new"


def open_sheet(request: NodeRequest, sheet: uuid.UUID) -> Any:
    """Return a sheet of this organisation; any other does not exist here."""
    found = query.sheet_here(sheet, by=request.actor)
    if found is None:
        raise Http404
    return found


@allow(Permission.ISSUE)
@require_GET
@staffed
def sheets(request: NodeRequest) -> HttpResponse:
    """List this organisation's sheets."""
    found = [(one, pack_or_stand_in(one.pack)) for one in query.sheets_here(by=request.actor)]
    shown = {
        "running": [pair for pair in found if pair[0].closed_at is None],
        "closed": [pair for pair in found if pair[0].closed_at is not None],
    }
    return render(request, "trust/sheets/sheets.html", shown)


@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def sheet_page(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Show the names with their boxes; keep what was ticked and decided."""
    found = open_sheet(request, sheet)
    if request.method == "POST":
        return _save(request, found)
    shown = {**shown_sheet(request, found), **_kept(request)}
    return render(request, "trust/sheets/sheet.html", shown)


def _kept(request: NodeRequest) -> dict[str, Any]:
    """Return the rows of a form that was sent when the session was over, and which of them were ticked."""
    sent = drafts.kept(request.actor.user, request.path)
    shown, before, now_ticked = (
        _ids(sent.get(name, "").split("\n")) for name in ("shown", "was", "ticked")
    )
    changed = {row for row in shown if (row in now_ticked) != (row in before)}
    return {"kept": changed, "kept_ticked": now_ticked}


def shown_sheet(request: NodeRequest, sheet: Any) -> dict[str, Any]:
    """Return what pages show of a sheet: what is shared, its lines, how far it is."""
    pack = pack_or_stand_in(sheet.pack)
    found = query.lines(sheet, by=request.actor, now=request.now)
    return {
        "sheet": sheet,
        "pack": pack,
        "shared": _shared(pack, sheet.shared),
        "lines": [(line, _told(request, pack, line)) for line in found],
        "ticked": sum(line.is_ticked for line in found),
        "signed": sum(line.state == "signed" for line in found),
        "waiting": sum(line.state == "waiting" for line in found),
        "to_sign": [line for line in found if line.state == "ticked"],
        "marked": sum(line.is_marked for line in found),
    }


def _shared(pack: Pack, cells: Mapping[str, str]) -> list[tuple[Words, Any]]:
    rows: list[tuple[Words, Any]] = []
    known = {column.id: column for column in pack.columns}
    for name in (pack.choice, *_SHARED):
        if cells.get(name) and name in known:
            column = known[name]
            choices: dict[str, Choice] = {one.id: one for one in column.choices}
            chosen = choices.get(cells[name])
            rows.append((column.head, chosen.words if chosen else cells[name]))
    return rows


def _told(request: NodeRequest, pack: Pack, line: Line) -> Words | None:
    """Return why a row has no card, where signing was tried."""
    if not line.row.fault or line.row.fault == SIMILAR or line.state == "signed":
        return None
    field, code, detail = [*line.row.fault.split("|", 2), "", ""][:3]
    if not field or not pack.columns:
        return refusal_words(code, detail)
    said = fault_words(pack.column(field), Fault(field, code, detail), today=today(request))
    head = pack.column(field).head
    return Words(f"{head.zh}：{said.zh}", f"{head.en}: {said.en}")


def _save(request: NodeRequest, sheet: Any) -> HttpResponse:
    sent = request.POST
    shown, before, now_ticked = (_ids(sent.getlist(name)) for name in ("shown", "was", "ticked"))
    wanted = {row: row in now_ticked for row in shown if (row in now_ticked) != (row in before)}
    try:
        action.decide(sheet, _answers(sent), by=request.actor, now=request.now)
        kept = action.tick(sheet, wanted, by=request.actor, now=request.now)
    except RefusalError:
        messages.warning(request, _closed())
        return redirect("sheet", sheet=sheet.id)
    drafts.forget(request.actor.user, request.path)
    if kept:
        messages.warning(request, _too_late(len(kept)))
    if sent.get("do") == "sign" and not kept:
        return redirect("sheet-sign", sheet=sheet.id)
    if not kept:
        messages.success(request, says("已存好。", "Saved."))
    return redirect("sheet", sheet=sheet.id)


def _ids(texts: list[str]) -> set[uuid.UUID]:
    found = {_uuid(text) for text in texts}
    return {one for one in found if one is not None}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _answers(sent: Mapping[str, str]) -> dict[uuid.UUID, uuid.UUID | None]:
    """Return what a clerk decided: row → person, or `None` for somebody new."""
    found: dict[uuid.UUID, uuid.UUID | None] = {}
    for name, text in sent.items():
        row = _uuid(name.removeprefix("who-")) if name.startswith("who-") else None
        person = _uuid(text)
        if row is not None and (person is not None or text == _NEW):
            found[row] = person
    return found


def _closed() -> str:
    return says(
        "这张名单已经收起，没有改动。要继续，请先重新打开。",
        "This sheet is closed; nothing was changed. Open it again to go on.",
    )


def _too_late(count: int) -> str:
    return says(
        "{n} 个勾去不掉：卡已签发，或在等同事复核。签错了请撤回那张卡。",
        "{n} ticks stay: the card is signed, or a colleague looks at it. A card signed in error is withdrawn.",
        n=count,
    )


@allow(Permission.ISSUE)
@require_POST
@staffed
def tick_one(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Keep one tick that a script sends; the answer says what stands there now."""
    found = open_sheet(request, sheet)
    row, state = _uuid(request.POST.get("row", "")), request.POST.get("state", "")
    if row is None or state not in ("0", "1"):
        return JsonResponse({"code": "bad-input"}, status=400)
    try:
        kept = action.tick(found, {row: state == "1"}, by=request.actor, now=request.now)
    except RefusalError as error:
        return JsonResponse({"code": error.refusal.code, "said": _closed()}, status=409)
    if kept:
        return JsonResponse({"code": "state", "said": _too_late(1)}, status=409)
    ticked = query.ticked_rows(found)
    if row not in ticked and state == "1":
        raise Http404
    return JsonResponse({"ticked": [str(one) for one in ticked]})


@allow(Permission.ISSUE)
@require_POST
@staffed
def close_sheet(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Close a sheet, or open it again."""
    found = open_sheet(request, sheet)
    closed = request.POST.get("state") != "open"
    action.close(found, closed=closed, by=request.actor, now=request.now)
    if closed:
        said = says("名单已收起，可以重新打开。", "The sheet is closed; it can be opened again.")
    else:
        said = says("名单已重新打开。", "The sheet is open again.")
    messages.success(request, said)
    return redirect("sheet", sheet=sheet)
