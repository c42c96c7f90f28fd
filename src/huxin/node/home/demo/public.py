"""What the demo's regions said in public before the visitor came: a notice, and its correction.

Written and published by the notices' own actions, as the rule officer of the place.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from huxin.node.trust.actions.notices import Said, publish, write
from huxin.node.trust.actions.rules import Source
from huxin.node.trust.actions.rules import publish as publish_rules
from huxin.node.trust.queries.rule_desk import of_pack
from huxin.packs.reader import Words

if TYPE_CHECKING:
    from huxin.node.home.demo.seed import Seed

__all__ = ["fill"]

_LASTS: Final = timedelta(days=60)
_YEAR: Final = timedelta(days=365)
_RULES: Final = ("school-entry", "occupational-health", "icvp")
_CLINIC_OPEN: Final = (
    Words("周末也开一个接种窗口", "One vaccination window stays open at weekends"),
    Words(
        "本月起，周六和周日 08:00–11:30 开一个接种窗口。带孩子的接种本和任一份证件；没有手机也一样。",
        "From this month one window is open on Saturdays and Sundays, 08:00–11:30. Bring the child's"
        " booklet and any one document; no telephone is needed.",
    ),
    "河埠头接种门诊排班表 Roster of the Wharf Vaccination Clinic",
)
_AT_THE_GATE: Final = (
    Words("幼儿园门口看什么", "What the kindergarten gate looks at"),
    Words(
        "新入园的孩子出示麻腮风第 2 剂的接种卡，纸卡和手机同等。没带卡也能进，老师记一次数，请家长补。",
        "Children who are new show the card of the second measles dose; paper counts like a phone. Without"
        " a card they come in all the same: a count is kept, and parents bring it later.",
    ),
    "灯湾入园规定第 3 条 Lantern Bay school entry rules, section 3",
)
_NOTICES: Final = {"QW": _CLINIC_OPEN, "QV": _AT_THE_GATE}
_CORRECTED: Final = Words(
    "周末窗口开到 12:00，不是 11:30。", "The weekend window closes at 12:00, not at 11:30."
)


def fill(seed: Seed) -> None:
    """Publish the region's rules three weeks ago, its notice nine days ago; 苇洲 corrects its own later."""
    if seed.region not in _NOTICES:
        return
    for pack in _RULES:
        at = seed.ago(21)
        first = at + timedelta(days=4)
        proposal = of_pack(pack, valid_from=first, valid_until=first + _YEAR, now=at)
        origin = Source(seed.actor("rules").staff().user, pack=pack)
        publish_rules(proposal, origin, by=seed.actor("rules-2"), now=at)
    title, body, source = _NOTICES[seed.region]
    account = seed.actor("rules")
    author = seed.place().words
    at = seed.ago(9)
    said = Said(title, body, author, source, (at + _LASTS).date())
    draft = write(said, notice=None, request=uuid.uuid4(), by=account, now=at)
    publish(draft.notice_id, seen=draft.written_at, by=account, now=at)
    if seed.region == "QW":
        later = seed.ago(5)
        right = Words(body.zh.replace("11:30", "12:00"), body.en.replace("11:30", "12:00"))
        again = replace(said, body=right, reason=_CORRECTED)
        draft = write(
            again, notice=draft.notice_id, request=uuid.uuid4(), seen=at, by=account, now=later
        )
        publish(draft.notice_id, seen=draft.written_at, by=account, now=later)
