"""What is said of appeals: what a decision means, what happens next, how long is left.

A decision opens no door by itself: whoever stands at one uses the staffed lane, where somebody decides and signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huxin.packs.reader import Words
from huxin.trust.appeals import Decision, Left, may_appeal_again

__all__ = ["DECISIONS", "NEXT_STEPS", "left_words", "next_step"]

_STANDS_LAST: Final = "stands-last"

DECISIONS: Final[Mapping[Decision, Words]] = {
    Decision.EXEMPT: Words(
        "规则用错了，当场放行", "The rule was applied wrongly: let in on the spot"
    ),
    Decision.MEND_RULE: Words("规则有错，要改", "The rule is wrong and will be corrected"),
    Decision.MEND_CARD: Words("卡有错，要更正", "The card is wrong and is to be corrected"),
    Decision.STANDS: Words("原来的答复不变", "The answer stands"),
}
assert set(DECISIONS) == set(Decision)

# By what `next_step` returns, which messages keep.
NEXT_STEPS: Final[Mapping[str, Words]] = {
    Decision.EXEMPT: Words(
        "到门口走人工通道，说出回执编号；负责人当面放行并署名",
        "Use the staffed lane and say the number of your receipt; whoever is in charge lets you in and signs",
    ),
    Decision.MEND_RULE: Words(
        "改好的规则会公布；在那之前走人工通道，说出回执编号",
        "The corrected rule will be published; until then use the staffed lane and say the number of your receipt",
    ),
    Decision.MEND_CARD: Words(
        "带上卡和写着正确内容的东西，到窗口更正；对的是一张新卡",
        "Take the card, and whatever shows what is right, to the desk; a right one is a new card",
    ),
    Decision.STANDS: Words(
        "不同意，可以再申诉一次，由另一位工作人员看",
        "If you disagree, appeal once more; another officer looks at it",
    ),
    _STANDS_LAST: Words(
        "两位工作人员都看过，这份申诉到此为止；有新的情况，可以另交一份",
        "Two officers have looked at it and this appeal ends here; if something new comes up, make another one",
    ),
}
assert set(NEXT_STEPS) == {*Decision, _STANDS_LAST}


def next_step(decision: Decision, turn: int) -> str:
    """Return by which of `NEXT_STEPS` it goes on: nobody is sent to appeal where they no longer may."""
    if decision is Decision.STANDS and not may_appeal_again(turn, decided=True):
        return _STANDS_LAST
    return decision.value


def left_words(left: Left) -> Words:
    """Return how long is left until a deadline, or how long it is past."""
    if left.late:
        if left.hours == 0:
            return Words("刚过期限，不到 1 小时", "less than 1 h late")
        return Words(f"超过期限 {left.hours} 小时", f"{left.hours} h late")
    if left.hours == 0:
        return Words("不到 1 小时就到期限", "due within 1 h")
    return Words(f"{left.hours} 小时内答复", f"due in {left.hours} h")
