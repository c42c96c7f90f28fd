"""What this region asks, in public: for which purposes, since and until when, and every version.

Two documents are for programs: the rules as they were published, and the words to explain them with.
"""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from huxin.adapters import verifier_folder
from huxin.node.base.access import public
from huxin.node.base.actor import NodeRequest
from huxin.node.trust.queries import rules as queries
from huxin.node.trust.queries.rules import Version
from huxin.node.trust.views.rule_words import rule_row

__all__ = ["rules", "rules_file", "rules_purpose", "rules_words"]


@public
@require_safe
def rules(request: NodeRequest) -> HttpResponse:
    """List the purposes that something is asked for."""
    return render(request, "trust/rules.html", {"asked": queries.asked(request.now)})


@public
@require_safe
def rules_file(request: NodeRequest) -> HttpResponse:
    """Give all rules in force and to come as one file, as `huxin explain` and `huxin verify --rules` take it."""
    name = f"{settings.HUXIN.region}-rules.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', **_CACHED}
    plain = {"ensure_ascii": False, "indent": 1}
    return JsonResponse(queries.as_file(request.now), json_dumps_params=plain, headers=headers)


@public
@require_safe
def rules_purpose(request: NodeRequest, purpose: str) -> HttpResponse:
    """Show what is asked for one purpose, word for word, and what was asked before."""
    found = queries.asked(request.now, purpose)
    if not found:
        raise Http404
    (asked,) = found
    page = {
        "asked": asked,
        "groups": [(state, [_row(one) for one in asked.of(state)]) for state in _STATES],
    }
    return render(request, "trust/rules_purpose.html", page)


@public
@require_safe
def rules_words(_request: NodeRequest) -> HttpResponse:
    """Give the sentences that explanations are made of, in three languages."""
    return JsonResponse(verifier_folder.spoken_words(), headers=_CACHED)


# Rules are published with days of notice, so that a copy of some minutes does no harm.
_CACHED: Final = {"Cache-Control": "public, max-age=300"}
_STATES: Final = ("in-force", "coming", "ended")


def _row(version: Version) -> dict[str, Any]:
    return rule_row(version.rule, version.row.published_at)
