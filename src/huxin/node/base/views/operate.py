"""The operator's page: how the node is, what to do about it, when keys end, what waits and failed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from huxin.node.base import audit_check, condition, jobs, key_calendar
from huxin.node.base.access import allow
from huxin.node.base.actor import NodeRequest
from huxin.node.base.key_calendar import KeyEnd
from huxin.node.base.permissions import Permission
from huxin.node.base.words import says
from huxin.packs.reader import Words

__all__ = ["check_trail", "operate", "try_again"]

_SOON: Final = 60


@dataclass(frozen=True, slots=True)
class _Day:
    """A line of the calendar: a key, the name of its region, and how many days are left."""

    key: KeyEnd
    region: str
    left: int | None

    @property
    def soon(self) -> bool:
        return self.left is not None and self.left <= _SOON


@allow(Permission.OPERATE)
@require_GET
def operate(request: NodeRequest) -> HttpResponse:
    """Show how the node is; of the audit trail, what the last check found."""
    findings = condition.examine(now=request.now, trail=False)
    shown = {
        "findings": sorted(findings, key=lambda one: ("mend", "look", "fine").index(one.state)),
        "mend": sum(one.state == "mend" for one in findings),
        "look": sum(one.state == "look" for one in findings),
        "calendar": _calendar(request.now),
        "behind": jobs.overview(),
    }
    return render(request, "base/operate.html", shown)


def _calendar(now: datetime) -> list[_Day]:
    names = key_calendar.names()
    return [_day(key, names, now) for key in key_calendar.key_ends()]


def _day(key: KeyEnd, names: Mapping[str, Words], now: datetime) -> _Day:
    node = settings.HUXIN
    found = node.name if key.region == node.region else names.get(key.region)
    name = says(found.zh, found.en) if found else key.region
    return _Day(key, name, (key.ends - now).days if key.ends else None)


@allow(Permission.OPERATE)
@require_POST
def check_trail(request: NodeRequest) -> HttpResponse:
    """Have the audit trail be checked; a long one is read by the job behind the pages."""
    found = audit_check.ask(by=request.actor, now=request.now)
    if found.finished_at is None:
        text = says(
            "在后台核对，过一会儿再看。",
            "It is being read behind the pages; look again in a while.",
        )
        messages.info(request, text)
    return redirect("operate")


@allow(Permission.OPERATE)
@require_POST
def try_again(request: NodeRequest) -> HttpResponse:
    """Have failed jobs and events be tried once more."""
    count = jobs.try_again(by=request.actor, now=request.now)
    if count:
        text = says("{n} 项会再试一次。", "{n} will be tried once more.", n=count)
    else:
        text = says("没有要再试的。", "There is nothing to try again.")
    messages.success(request, text)
    return redirect("operate")
