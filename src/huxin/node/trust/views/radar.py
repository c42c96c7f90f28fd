"""The radar: what stands in a list of keys, ours or others', before anybody signs or loads it.

The file is looked at and forgotten; nothing in it is believed, and nothing of it is kept.
"""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.charts import DailyCounts
from huxin.node.base.limits import takes
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.node.trust.forms.radar import MOST_BYTES, RadarForm
from huxin.node.trust.views.key_calendar import key_calendar
from huxin.node.trust.words import RADAR_WORDS
from huxin.trust.federation.radar import Finding, Radar, scan

__all__ = ["radar"]

_MOST: Final = 100
_MONTHS: Final = 24


@takes(MOST_BYTES)
@allow(Permission.DELEGATE, Permission.OPERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def radar(request: NodeRequest) -> HttpResponse:
    """Ask for a list; show what stands in it."""
    if request.method != "POST":
        return render(request, "trust/radar.html", {"form": RadarForm()})
    form = RadarForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "trust/radar.html", {"form": form}, status=422)
    found = scan(form.cleaned_data["file"], now=request.now)
    return render(request, "trust/radar.html", {"form": RadarForm(), **_shown(found)})


def _shown(found: Radar) -> dict[str, Any]:
    counts = [(RADAR_WORDS[code], count) for code, count in found.counts.items() if count]
    return {
        "radar": found,
        "counts": counts,
        "findings": [_line(one) for one in found.findings[:_MOST]],
        "more": max(0, len(found.findings) - _MOST),
        "chart": _chart(found) if found.calendar else None,
    }


def _line(one: Finding) -> dict[str, Any]:
    key = one.key
    whose = " · ".join(part for part in (key.participant, key.domain, key.usage) if part)
    return {"words": RADAR_WORDS[one.code], "whose": whose, "key": key, "note": one.note}


def _chart(found: Radar) -> DailyCounts:
    title = says("能用的密钥，按到期的月份", "Usable keys, by the month in which they end")
    return key_calendar(title, found.calendar[:_MONTHS])
