"""What stands in the roof of every page: the tasks that this actor may do here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.permissions import Permission
from huxin.packs.reader import Words

__all__ = ["page"]


@dataclass(frozen=True, slots=True)
class _Task:
    name: str
    words: Words
    permission: Permission | None = None


_TASKS: Final = (
    _Task("wallet", Words("我的卡", "My cards"), Permission.SHOW_CARD),
    _Task("check", Words("查验", "Check")),
    _Task("visits", Words("门诊", "Visits"), Permission.SHOW_OWN),
    _Task("clinic-day", Words("今日门诊", "Today's list"), Permission.VISIT),
    _Task("desk", Words("签发", "Issue"), Permission.ISSUE),
    _Task("numbers", Words("数字", "Numbers")),
    _Task("rules", Words("规则", "Rules")),
    _Task("rule-desk", Words("规则台", "Rule desk"), Permission.RULES),
    _Task("appeals-open", Words("申诉", "Appeals"), Permission.DECIDE_APPEAL),
    _Task("proposals", Words("提案", "Proposals"), Permission.DELEGATE),
    _Task("radar", Words("看清单", "Key lists"), Permission.DELEGATE),
    _Task("notices", Words("公告", "Notices")),
    _Task("audit", Words("审计", "Audit"), Permission.READ_AUDIT),
    _Task("operate", Words("运维", "Operate"), Permission.OPERATE),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return `tasks`: address, words, and whether it is where we are."""
    actor: Actor = getattr(request, "actor", NOBODY)
    tasks = []
    for task in _TASKS:
        if task.permission is not None and not actor.may(task.permission):
            continue
        try:
            url = reverse(task.name)
        except NoReverseMatch:
            continue
        tasks.append({"url": url, "words": task.words, "current": request.path.startswith(url)})
    return {"tasks": tasks}
