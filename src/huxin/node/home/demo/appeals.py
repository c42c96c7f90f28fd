"""Two appeals in 灯湾 before the visitor came: one was decided in three hours, one waits for a clerk.

Made, taken and decided by the appeals' own actions.  Number and code of the first one's receipt are among
the demo's things, so that a visitor can read the decision as whoever appealed does.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from huxin.node.base.actor import NOBODY
from huxin.node.trust.actions.appeals import Said, appeal
from huxin.node.trust.actions.decide_appeals import Ruling, decide, take
from huxin.trust.appeals import Decision

if TYPE_CHECKING:
    from huxin.node.home.demo.seed import Seed

__all__ = ["fill"]

_DECIDED: Final = (
    "school",
    "孩子两剂都打过，第二剂写在旧本子上，门口只认卡，让我们改天再来。\n"
    "Both doses were given; the second stands in the old booklet, and at the gate only the card counted.",
    "旧本子上的第二剂查到了，规则也认纸质证，门口用错了。今天就可以进，卡会补上。\n"
    "We found the second dose in the booklet. The rule accepts paper too; it was applied wrongly. Come in"
    " today, and the card will follow.",
)
_WAITS: Final = (
    "work/food",
    "体检是上个月做的，单位系统里还没有，说我没有健康证。\n"
    "My check-up was last month. The workplace does not have it yet and says that I have no card.",
)


def fill(seed: Seed) -> None:
    """Make one appeal three days ago and decide it; make another this day and leave it to the visitor."""
    if seed.region != "QV":
        return
    purpose, text, reason = _DECIDED
    at, clerk = seed.ago(3), seed.actor("clerk")
    made = appeal(Said(purpose, "", "", text), request=uuid.uuid4(), by=NOBODY, now=at)
    hearing = made.appeal.hearings.get().id
    take(hearing, by=clerk, now=at + timedelta(hours=2))
    ruling = Ruling(Decision.EXEMPT, reason)
    decide(hearing, ruling, by=clerk, now=at + timedelta(hours=3))
    purpose, text = _WAITS
    at = seed.now - timedelta(hours=5)
    waits = appeal(Said(purpose, "", "", text), request=uuid.uuid4(), by=NOBODY, now=at)
    seed.things |= {
        "appeal": str(waits.appeal.hearings.get().id),
        "appeal-number": made.appeal.number,
        "appeal-code": made.code,
    }
