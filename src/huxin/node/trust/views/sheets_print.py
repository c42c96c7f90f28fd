"""Signing what is ticked on a session sheet, and printing all of its cards."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from huxin.adapters.paper import press
from huxin.kernel.errors import RefusalError
from huxin.node.base.access import allow, fresh
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust import signing
from huxin.node.trust.actions.handover import note_printed
from huxin.node.trust.actions.issue import signed_today
from huxin.node.trust.actions.sheet_sign import Signed, sign_sheet
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.queries.cards import printable
from huxin.node.trust.queries.faces import face_of
from huxin.node.trust.queries.sheets import cards_to_print
from huxin.node.trust.views.desk_door import staffed
from huxin.node.trust.views.sheets import open_sheet, shown_sheet
from huxin.packs.reader import Words

__all__ = ["pdf", "print_page", "sign"]


@fresh
@allow(Permission.ISSUE)
@require_http_methods(["GET", "HEAD", "POST"])
@staffed
def sign(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Ask once more, with the number of cards; sign what that page showed and nothing ticked since."""
    found = open_sheet(request, sheet)
    if request.method != "POST":
        return _sure(request, found)
    rows = {one for one in map(_uuid, request.POST.getlist("row")) if one is not None}
    try:
        done = sign_sheet(found, rows, by=request.actor, now=request.now)
    except RefusalError as error:
        messages.warning(request, _said(refusal_words(error.refusal.code, error.refusal.detail)))
        return redirect("sheet", sheet=sheet)
    _tell(request, done)
    return redirect("sheet", sheet=sheet)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _said(words: Words) -> str:
    return says(words.zh, words.en)


def _sure(request: NodeRequest, sheet: Any) -> HttpResponse:
    shown = shown_sheet(request, sheet)
    ready = [line for line in shown["to_sign"] if not line.is_marked]
    if sheet.closed_at is not None or not shown["to_sign"]:
        messages.warning(request, says("没有要签的。", "There is nothing to sign."))
        return redirect("sheet", sheet=sheet.id)
    left = max(settings.HUXIN.daily - signed_today(request.actor, request.now), 0)
    more = {
        "ready": ready,
        "undecided": len(shown["to_sign"]) - len(ready),
        "now": min(left, len(ready)),
        "later": max(len(ready) - left, 0),
    }
    return render(request, "trust/sheets/sign.html", shown | more)


def _tell(request: NodeRequest, done: Signed) -> None:
    said = says("签发了 {n} 张卡。", "{n} cards are signed.", n=done.cards)
    (messages.success if done.cards else messages.warning)(request, said)
    if done.waiting:
        words = (
            "{n} 张超过每日上限，在等另一位同事。",
            "Past the daily limit, for a colleague to look at: {n}.",
        )
        messages.warning(request, says(*words, n=done.waiting))
    if done.refused:
        words = ("{n} 行没有签，原因写在行里。", "Not signed, each says why: {n}.")
        messages.warning(request, says(*words, n=done.refused))
    if done.undecided:
        words = ("{n} 行要先定是哪一位。", "To decide first who it is: {n}.")
        messages.warning(request, says(*words, n=done.undecided))


def _cards(request: NodeRequest, sheet: uuid.UUID) -> tuple[Any, list[Any]]:
    found = open_sheet(request, sheet)
    return found, cards_to_print(found)


@allow(Permission.ISSUE)
@require_GET
@staffed
def print_page(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Show all cards of a sheet, ten on a page, for a browser to print."""
    found, cards = _cards(request, sheet)
    if not cards:
        return _nothing(request, found)
    for card in cards:
        note_printed(card, "card", by=request.actor, now=request.now)
    shown = {
        "sheet": found,
        "faces": [face_of(card) for card in cards],
        "back": reverse("sheet", args=[sheet]),
    }
    return render(request, "trust/sheets/print.html", shown)


def _nothing(request: NodeRequest, sheet: Any) -> HttpResponse:
    messages.warning(request, says("还没有可打印的卡。", "There is no card to print yet."))
    return redirect("sheet", sheet=sheet.id)


@allow(Permission.ISSUE)
@require_GET
@staffed
def pdf(request: NodeRequest, sheet: uuid.UUID) -> HttpResponse:
    """Return all cards of a sheet as tagged PDF, ten on a page."""
    found, cards = _cards(request, sheet)
    if not cards:
        return _nothing(request, found)
    made = [printable(card) for card in cards]
    try:
        data = press.print_cards(made, layout="cards", region=signing.region(), now=request.now)
    except RefusalError as error:
        shown = {"sheet": found, "code": error.refusal.code}
        status = 501 if error.refusal.code == "tool" else 409
        return render(request, "trust/sheets/no_pdf.html", shown, status=status)
    for card in cards:
        note_printed(card, "card", by=request.actor, now=request.now)
    name = f'inline; filename="huxin-sheet-{found.id}.pdf"'
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": name})
