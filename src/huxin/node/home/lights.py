"""What the home page offers: the tasks of whoever asks, and the three lights with their links.

The short form of docs/explanation/mission.md.  A link stands here once its page has an address; a
page that was not built, or that this actor may not open, has no link.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from django.urls import NoReverseMatch, reverse

from huxin.node.base.actor import Actor
from huxin.node.base.permissions import Permission
from huxin.packs.reader import Words

__all__ = ["Light", "Offer", "elder_offers", "lights", "main_offers"]


@dataclass(frozen=True, slots=True)
class Offer:
    """A way to a page, said as what one does there."""

    url: str
    words: Words
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Light:
    """One of the three: a name, a sentence, and what can be done today."""

    name: Words
    says: Words
    offers: tuple[Offer, ...]


@dataclass(frozen=True, slots=True)
class _Page:
    """`permission` names whose page it is; without one, everybody's.  Nobody may still sign in."""

    name: str
    words: Words
    permission: Permission | None = None
    icon: str = ""


_P = Permission
_MAIN: Final = (
    _Page("wallet", Words("亮码", "Show my card"), _P.SHOW_CARD),
    _Page("desk", Words("签发", "Issue a card"), _P.ISSUE),
    _Page("clinic-day", Words("今日门诊", "Today's list"), _P.VISIT),
    _Page("operate", Words("运维", "Operate"), _P.OPERATE),
    _Page("check", Words("查验别人的码", "Check a card")),
)
# Somebody who is not signed in sees the resident's way; it leads through the sign-in.
_FIRST: Final = _Page("wallet", Words("亮码", "Show my card"))
_SIGN_IN: Final = _Page("account_login", Words("登录", "Sign in"), icon="login")
_ELDER: Final = (
    _Page("wallet", Words("亮码", "Show my card"), _P.SHOW_CARD, icon="phone"),
    _Page("wallet", Words("打印纸质卡", "Print a paper card"), _P.SHOW_CARD, icon="print"),
    _Page("check-help-card", Words("请人帮忙", "Ask somebody to help"), icon="people"),
)
_LIGHTS: Final = (
    (
        Words("抗疫", "Care"),
        Words("看病不断，复诊不丢。", "Care goes on; nobody is lost on the way."),
        (
            _Page("visits", Words("预约看诊", "Book a visit"), _P.SHOW_OWN),
            _Page("wallet", Words("我和家人的卡", "My family's cards"), _P.SHOW_CARD),
            _Page("claim", Words("用领取单领卡", "Use a claim slip")),
            _Page("access-log", Words("谁看过我的数据", "Who looked at my data"), _P.SHOW_OWN),
        ),
    ),
    (
        Words("共治", "Govern"),
        Words("规则公开，一起会签。", "Rules in the open, signed together."),
        (
            _Page("check", Words("查验一张卡，看到理由", "Check a card and read why")),
            _Page("journey", Words("出行前看一看", "Will I get in?")),
            _Page("rules", Words("本区域问什么，依据什么", "What this region asks, and why")),
            _Page("notices", Words("公告，写明作者和期限", "Notices, with author and end")),
            _Page("numbers", Words("每天的数字，没有姓名", "Numbers of each day, no names")),
        ),
    ),
    (
        Words("赋能", "Build"),
        Words("一条命令，架起一个节点。", "One command raises a node."),
        (
            _Page("accessibility", Words("无障碍说明", "Accessibility")),
            _Page("design", Words("页面是怎样搭的", "What the pages are made of")),
            _Page("mission", Words("使命，逐条对照", "The mission, line by line")),
        ),
    ),
)


def main_offers(by: Actor) -> tuple[Offer, ...]:
    """Return the two tasks that an actor most likely came for."""
    pages: Iterable[_Page] = (page for page in _MAIN if _is_for(page, by))
    if by.user is None:
        pages = (_FIRST, _MAIN[-1], _SIGN_IN)
    return tuple(_offers(pages))[:2]


def elder_offers(by: Actor) -> tuple[Offer, ...]:
    """Return the three large buttons of elder mode; staff see their own tasks first."""
    pages = [page for page in _ELDER if _is_for(page, by)]
    tasks = () if by.user is None or by.may(Permission.SHOW_CARD) else main_offers(by)
    return (*tasks, *_offers(pages)) or tuple(_offers((_SIGN_IN,)))


def lights(by: Actor) -> tuple[Light, ...]:
    """Return the three lights, each with the links that lead somewhere today."""
    return tuple(
        Light(name, says, tuple(_offers(page for page in pages if _is_for(page, by))))
        for name, says, pages in _LIGHTS
    )


def _is_for(page: _Page, by: Actor) -> bool:
    return page.permission is None or by.user is None or by.may(page.permission)


def _offers(pages: Iterable[_Page]) -> Iterator[Offer]:
    for page in pages:
        try:
            yield Offer(reverse(page.name), page.words, page.icon)
        except NoReverseMatch:
            continue
