"""The auditor's page: the whole trail, whether it holds, and the same as a table to keep."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST

from huxin.node.base import audit, audit_check
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.local_day import in_reach
from huxin.node.base.permissions import Permission
from huxin.node.base.words import said, says
from huxin.node.home.queries import audit_trail as query

__all__ = ["audit_page", "audit_verify"]

_A_PAGE: Final = 50
_CHUNK: Final = 1_000
_FAULTS: Final = {
    "changed": ("第 {n} 条被改过", "entry {n} was changed"),
    "missing": ("第 {n} 条不见了", "entry {n} is missing"),
    "cut": ("第 {n} 条之后的被截掉了", "what came after entry {n} was cut off"),
}


class _Line:
    """What `csv` writes to: hands the line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


@allow(Permission.READ_AUDIT)
@require_GET
def audit_page(request: NodeRequest) -> HttpResponseBase:
    """Show the trail, newest first; `?as=csv` hands it out as a table."""
    day, fault = _day(request.GET.get("day", ""))
    action = request.GET.get("action", "")[:40]
    found = query.entries(day, action)
    if request.GET.get("as") == "csv" and not fault:
        return _table(request, found)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "lines": query.lines(page.object_list),
        "actions": query.actions(),
        "action": action,
        "day": request.GET.get("day", "")[:20],
        "fault": fault,
        "filtered": bool(day or action),
        "last": _check(),
        "zone": settings.HUXIN.time_zone.key,
    }
    return render(request, "home/audit.html", shown)


def _day(text: str) -> tuple[date | None, str]:
    """Return the day that was asked for, and what is wrong with it."""
    if not text.strip():
        return None, ""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = None
    if day is None or not in_reach(day):
        return None, says("日期写成 2026-11-23 的样子", "Write the day as 2026-11-23")
    return day, ""


@allow(Permission.READ_AUDIT)
@require_POST
def audit_verify(request: NodeRequest) -> HttpResponse:
    """Have the whole chain be read; a short one is read at once, a long one behind the pages."""
    found = audit_check.ask(by=request.actor, now=request.now)
    if found.finished_at is None:
        text = says(
            "在后台核对，可以离开这页，过一会儿再看。",
            "It is being read behind the pages; you may leave and look again in a while.",
        )
        messages.info(request, text)
    return redirect("audit")


def _check() -> dict[str, Any] | None:
    """Return the last check in words: how far it is, or what it found."""
    found = audit_check.last()
    if found is None:
        return None
    shown = {"check": found, "at": found.finished_at or found.asked_at}
    if found.fault:
        shown["what"] = says(*_FAULTS[found.fault], n=found.number)
    return shown


def _table(request: NodeRequest, found: Any) -> HttpResponseBase:
    """Return the entries for a spreadsheet, as they are read; long ones are never whole in memory."""
    audit.record(
        "exported-audit", by=request.actor, now=request.now, detail={"entries": found.count()}
    )
    day = localtime(request.now).date().isoformat()
    answer = StreamingHttpResponse(_rows(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{day}.csv"'
    return answer


def _rows(found: Any) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    # The mark at the start tells spreadsheets that it is UTF-8.
    yield "\ufeff"
    yield write(
        ["id", "at", "action", "did", "actor", "organisation", "subject", "object", "purpose", "detail"]
    )  # fmt: skip
    batch: list[Any] = []
    for entry in found.iterator(chunk_size=_CHUNK):
        batch.append(entry)
        if len(batch) == _CHUNK:
            yield from map(write, _cells(batch))
            batch = []
    yield from map(write, _cells(batch))


def _cells(batch: list[Any]) -> Iterator[list[str]]:
    for one in query.lines(batch):
        place, why = (said(words) if words else "" for words in (one.place, one.why))
        yield [
            one.id, one.at.isoformat(), one.action, said(one.did), one.actor, _plain(place),
            one.subject, one.object, why, json.dumps(one.detail, ensure_ascii=False),
        ]  # fmt: skip


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking an organisation's name for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
