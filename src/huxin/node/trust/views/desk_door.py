"""What all pages of the desk ask first: an officer of an organisation; and what today is here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpResponse
from django.shortcuts import render

from huxin.node.base.actor import NodeRequest
from huxin.node.base.faces import Link
from huxin.node.base.local_day import local_day
from huxin.node.base.permissions import PURPOSES
from huxin.packs.reader import Words

__all__ = ["STEPS", "purpose_of", "rail", "staffed", "today"]

_P = ParamSpec("_P")
_View = Callable[Concatenate[NodeRequest, _P], HttpResponse]

STEPS: Final = (
    Words("找到人", "Find the person"),
    Words("记录事实", "Record the facts"),
    Words("核对", "Check"),
    Words("交付", "Hand over"),
)


def staffed(view: _View[_P]) -> _View[_P]:
    """Open a page only to an officer who works somewhere; others are told whom to ask."""

    @wraps(view)
    def door(request: NodeRequest, /, *args: _P.args, **kwargs: _P.kwargs) -> HttpResponse:
        if request.actor.organisation is None:
            return render(request, "trust/desk/nowhere.html", status=403)
        return view(request, *args, **kwargs)

    return door


def today(request: NodeRequest) -> date:
    """Return the day that it is in the region."""
    return local_day(request.now)


def purpose_of(request: NodeRequest) -> str:
    """Return the purpose that was said when the person was found; issuing where none was."""
    said: Any = request.session.get("desk-purpose")
    return said if said in PURPOSES else "issue"


def rail(*places: str) -> list[Link]:
    """Return the four steps; `places` are the addresses of those that one can go back to."""
    urls = [*places, *[""] * len(STEPS)]
    return [Link(url, words) for url, words in zip(urls, STEPS, strict=False)]
