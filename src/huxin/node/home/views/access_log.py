"""Who looked at my data: the page, and the same as a table to keep."""

from __future__ import annotations

import csv
import io
import uuid
from typing import Final

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import said, says
from huxin.node.home.queries import access_log as query
from huxin.node.trust.queries.wallet import owners

__all__ = ["access_log", "access_log_person"]

_A_PAGE: Final = 30
_MINE: Final = 20
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@allow(Permission.SHOW_OWN)
@require_GET
def access_log(request: NodeRequest) -> HttpResponse:
    """Show who looked at one's own data."""
    if request.actor.person is None:
        return render(request, "home/access_log_nobody.html")
    return _answer(request, request.actor.person)


@allow(Permission.SHOW_OWN)
@require_GET
def access_log_person(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Show who looked at the data of somebody whom one may act for."""
    return _answer(request, person)


def _answer(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    log = query.access_log(person, by=request.actor, now=request.now)
    if log is None:
        raise Http404
    if request.GET.get("as") == "csv":
        return _table(request, log)
    page = Paginator(log.others, _A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "log": log,
        "page": page,
        "lines": query.lines(log, page.object_list, by=request.actor),
        "mine": query.lines(log, log.mine[:_MINE], by=request.actor),
        "owners": owners(request.actor),
        "zone": settings.HUXIN.time_zone.key,
    }
    return render(request, "home/access_log.html", shown)


def _table(request: NodeRequest, log: query.Log) -> HttpResponse:
    """Return all of it, for a spreadsheet: newest first, one line an entry."""
    out = io.StringIO()
    write = csv.writer(out).writerow
    heads = (
        ("时间", "When"),
        ("谁", "Who"),
        ("做了什么", "What"),
        ("哪种卡", "Card"),
        ("用途", "Purpose"),
    )
    write([says(*head) for head in heads])  # fmt: skip
    entries = (log.others | log.mine).order_by("-at", "-id")
    for line in query.lines(log, entries, by=request.actor):
        who = f"{said(line.who)} {line.name}".strip()
        more = [said(one) if one else "" for one in (line.about, line.why)]
        when = localtime(line.at).isoformat(sep=" ", timespec="minutes")
        write([_plain(one) for one in (when, who, said(line.did), *more)])
    day = localtime(request.now).date().isoformat()
    # The mark at the start tells spreadsheets that it is UTF-8.
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="access-log-{day}.csv"'
    return answer


def _plain(cell: str) -> str:
    """Keep a spreadsheet from taking somebody's name for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
