"""My cards: the list, one card as a person shows it at a door, and what it says in plain words.

The card's page asks for nothing once it is there: the code and its picture stand in it.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from huxin.node.base import notices, sessions
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.permissions import Permission
from huxin.node.trust.queries import cards, faces
from huxin.node.trust.queries import wallet as wallets

__all__ = ["card", "card_about", "wallet", "wallet_person"]


@allow(Permission.SHOW_CARD)
@require_GET
def wallet(request: NodeRequest) -> HttpResponse:
    """Show one's own cards, and the way to those of whom one may act for."""
    return _wallet(request, request.actor.person)


@allow(Permission.SHOW_CARD)
@require_GET
def wallet_person(request: NodeRequest, person: uuid.UUID) -> HttpResponse:
    """Show the cards of somebody whom one may act for."""
    if not request.actor.owns(person):
        raise Http404
    return _wallet(request, person)


def _wallet(request: NodeRequest, person: uuid.UUID | None) -> HttpResponse:
    found = wallets.wallet_of(person, by=request.actor, now=request.now) if person else None
    others = wallets.owners(request.actor)
    return render(
        request,
        "trust/wallet/wallet.html",
        {
            "wallet": found,
            "owners": others,
            "open_until": _open_until(request),
            "unread": notices.unread(request.actor, now=request.now) if request.actor.user else 0,
        },
    )


def _open_until(request: NodeRequest) -> datetime | None:
    if request.actor.user is not None:
        return None
    ends = sessions.open_until(request)
    return datetime.fromtimestamp(ends, UTC).astimezone(settings.HUXIN.time_zone) if ends else None


@allow(Permission.SHOW_CARD)
@require_GET
def card(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Show a card's code, the whole screen."""
    found = cards.own_card(card, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    shown: dict[str, Any] = {
        "card": found,
        "face": faces.face_of(found),
        "past": faces.past_of(found, now=request.now),
        "picture": faces.picture_data(found),
        "can_press": faces.can_press(),
        "own": found.person_id == request.actor.person,
    }
    return render(request, "trust/wallet/card.html", shown)


@allow(Permission.SHOW_CARD)
@require_GET
def card_about(request: NodeRequest, card: uuid.UUID) -> HttpResponse:
    """Say in plain words what a card proves and what a scan of it reads."""
    found = cards.own_card(card, by=request.actor, now=request.now)
    if found is None:
        raise Http404
    shown = {
        "card": found,
        "face": faces.face_of(found),
        "about": faces.about(found),
        "past": faces.past_of(found, now=request.now),
        "can_press": faces.can_press(),
    }
    return render(request, "trust/wallet/about.html", shown)
