"""Handing a card over: on the screen, on paper, as a picture, or by a claim slip.

Paper and picture are open to whoever may see the card: the desk that signed it, the person, and
whoever looks after them.
"""

from __future__ import annotations

import uuid
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET, require_POST

from huxin.adapters.paper import face as paper
from huxin.adapters.paper import picture, press
from huxin.kernel.errors import RefusalError
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.kept_back import is_own_affair
from huxin.node.base.pack_form import rows_of
from huxin.node.base.permissions import Permission
from huxin.node.trust import signing
from huxin.node.trust.actions.handover import DAYS, make_slip, note_printed
from huxin.node.trust.forms.desk import HAND_OVER, new_request
from huxin.node.trust.queries import desk as query
from huxin.node.trust.queries.cards import card_for, card_to_print, printable
from huxin.node.trust.queries.faces import face_of
from huxin.node.trust.queries.withdrawals import open_withdrawal
from huxin.node.trust.views.desk_door import purpose_of, rail, staffed, today
from huxin.node.trust.views.desk_people import open_person
from huxin.packs.reader import Words
from huxin.packs.stand_in import is_here

__all__ = ["hand_over", "pdf", "picture_of", "print_page", "slip"]

_LAYOUTS: Final = ("sheet", "card")
_LACKING: Final = Words(
    "这张卡里有一个字，PDF 的字体还没有。请用“打印”，由浏览器排版。",
    "The card holds a character that the font of our PDF lacks. Please use “Print”, set by the browser.",
)
_FINE: Final = Words(
    "这张卡的码太密，印不成小卡。请打印 A4 单页。",
    "The code is too fine for a small card. Please print the A4 sheet.",
)
_NO_PRESS: Final = Words(
    "这个节点没有装排版部件（huxin[paper]），做不了 PDF。请用“打印”，由浏览器排版。",
    "The typesetting part (huxin[paper]) is not installed here, so no PDF. Please use “Print”, set by the browser.",
)


def _open(request: NodeRequest, card: uuid.UUID) -> Any:
    found = card_for(card, by=request.actor, now=request.now, purpose=purpose_of(request))
    if found is None:
        raise Http404
    return found


def _state(card: Any, day: Any) -> str:
    """Return what keeps a card from being handed over again, or nothing."""
    if hasattr(card, "replaced_by"):
        return "replaced"
    if hasattr(card, "revocation"):
        return "revoked"
    return "past" if card.last_day < day else ""


@allow(Permission.ISSUE)
@require_GET
@staffed
def hand_over(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Show a signed card, large, and every way in which it can be handed over."""
    found = _open(request, card)
    made, asked = printable(found), open_withdrawal(found)
    shown = {
        "card": found,
        "asked": asked,
        "asked_by": query.officer_name(asked.asked_by) if asked else "",
        "face": face_of(found),
        "rows": rows_of(made.entry),
        "reveals": made.reveals,
        "state": _state(found, today(request)),
        "own_affair": is_own_affair(found.pack, found.person, now=request.now),
        "officer": query.officer_name(found.issued_by),
        "hand": request.GET.get("hand", HAND_OVER[0][0]),
        "fresh": "hand" in request.GET,
        "here": is_here(found.pack),
        "pdf": press.is_installed(),
        "slip": new_request(),
        "days": DAYS,
        "rail": rail(reverse("desk-find"), reverse("desk-person", args=[found.person_id])),
    }
    return render(request, "trust/desk/card.html", shown)


def _for_paper(request: NodeRequest, card: uuid.UUID) -> Any:
    """Return a card that may be printed; one that was withdrawn is printed by nobody."""
    found = card_to_print(card, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    if _state(found, today(request)) in ("revoked", "replaced"):
        raise Http404
    return found


@allow(Permission.ISSUE, Permission.SHOW_CARD)
@require_GET
def print_page(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Show the A4 sheet that a browser prints: front, details folded inside, a card to cut out."""
    found = _for_paper(request, card)
    note_printed(found, "paper", by=request.actor, now=request.now)
    made = printable(found)
    data = paper.lettering(made, signing.region())
    rows = [(Words(**one["head"]), _pair(one["value"], one["en"])) for one in data["details"]]
    shown = {
        "card": found,
        "face": face_of(found),
        "rows": rows,
        "issued": localdate(found.issued_at).isoformat(),
        "scan": Words(**data["scan"]),
        "back": reverse(_place_of(request, found), args=[card]),
    }
    return render(request, "trust/desk/print.html", shown)


def _place_of(request: NodeRequest, card: Any) -> str:
    return "card" if request.actor.owns(card.person_id) else "desk-card"


def _pair(value: str, en: str) -> Words | str:
    return Words(value, en) if en else value


@allow(Permission.ISSUE, Permission.SHOW_CARD)
@require_GET
def pdf(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Return the card as tagged PDF: `?layout=sheet` (A4) or `card`."""
    layout = request.GET.get("layout", _LAYOUTS[0])
    if layout not in _LAYOUTS:
        raise Http404
    found = _for_paper(request, card)
    try:
        data = press.print_cards(
            [printable(found)],
            layout="sheet" if layout == "sheet" else "card",
            region=signing.region(),
            now=request.now,
        )
    except RefusalError as error:
        return _no_pdf(request, found, error)
    note_printed(found, "sheet" if layout == "sheet" else "card", by=request.actor, now=request.now)
    return _file(data, "application/pdf", f"huxin-{found.identifier}-{layout}.pdf")


def _no_pdf(request: NodeRequest, card: Any, error: RefusalError) -> HttpResponse:
    if error.refusal.code == "tool":
        told, status = _NO_PRESS, 501
    else:
        told, status = (_FINE if error.refusal.code == "too-long" else _LACKING), 409
    return render(request, "trust/desk/no_pdf.html", {"card": card, "told": told}, status=status)


@allow(Permission.ISSUE, Permission.SHOW_CARD)
@require_GET
def picture_of(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Return the card's code as PNG; a specimen says so below the code."""
    found = _for_paper(request, card)
    data = picture.png(printable(found))
    note_printed(found, "picture", by=request.actor, now=request.now)
    return _file(data, "image/png", f"huxin-{found.identifier}.png")


def _file(data: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'inline; filename="{name}"'}
    )


@allow(Permission.ISSUE)
@require_POST
@staffed
def slip(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Make a claim slip and show it, to be printed; loading the page again shows the same, while it is good."""
    found = open_person(request, person)
    try:
        wish = uuid.UUID(request.POST.get("request", ""))
    except ValueError:
        raise Http404 from None
    made = make_slip(found, request=wish, by=request.actor, now=request.now)
    if not made.good:
        return render(request, "trust/desk/slip_over.html", {"person": found}, status=409)
    first, _, second = made.code.partition("-")
    code = format_html('{}<span aria-hidden="true">-</span>{}', first, second)
    shown = {"person": found, "code": code, "ends": made.ends, "days": DAYS}
    return render(request, "trust/desk/slip.html", shown)
