"""What regions tell one another, in public: incidents, breaches of data, news, with who dissents."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huxin.kernel.errors import RefusalError
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.trust import signing
from huxin.node.trust.queries import federation as queries
from huxin.node.trust.views.federation import sentence
from huxin.node.trust.words import FEDERATION_NOTICES
from huxin.packs.reader import Words
from huxin.trust.federation.notices import TOGETHER, Notice

__all__ = ["federation_notices"]


@public
@require_safe
def federation_notices(request: NodeRequest) -> HttpResponse:
    """Show all notices of the list that this node holds, the newest first."""
    page: dict[str, Any]
    try:
        found, faulty = queries.notices()
        page, status = {"notices": _shown(found), "faulty": faulty}, 200
    except RefusalError as error:
        page, status = {"fault": sentence(error.refusal.code)}, 500
    return render(request, "trust/federation_notices.html", page, status=status)


def _shown(found: tuple[tuple[str, Notice], ...]) -> list[dict[str, Any]]:
    """Return what the page shows of each notice."""
    corrected = {(by, one.corrects): one.name for by, one in found if one.corrects is not None}
    there = {(by, one.name) for by, one in found}
    return [
        {
            "notice": one,
            "anchor": _anchor(by, one.name),
            "by": _who(by),
            "kind": FEDERATION_NOTICES[one.kind],
            "look": "check" if one.kind != "news" else "",
            "title": _words(one.title),
            "text": _words(one.text),
            "dissent": [(region, _words(said)) for region, said in one.dissent],
            "corrects": _anchor(by, one.corrects)
            if one.corrects is not None and (by, one.corrects) in there
            else "",
            "corrected": _anchor(by, corrected[by, one.name])
            if (by, one.name) in corrected
            else "",
        }
        for by, one in found
    ]


def _who(by: str) -> Words:
    return Words("联盟", "the federation") if by == TOGETHER else signing.region_words(by)


def _words(said: Any) -> Words:
    return Words(said["zh"], said["en"])


def _anchor(by: str, name: str) -> str:
    """Return where a notice stands on the page; names are of any letters."""
    return "n" + sha256(f"{by}/{name}".encode()).hexdigest()[:12]
