"""The words of the clinic: kinds of visits, where a visit is, what a button does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huxin.clinic.corrections import Fault
from huxin.clinic.visits import State
from huxin.packs.reader import Words

__all__ = ["FAULT_WORDS", "KIND_WORDS", "STATE_WORDS", "STEP_WORDS"]

KIND_WORDS: Final[Mapping[str, Words]] = {
    "vaccination": Words("接种", "Vaccination"),
    "examination": Words("体检", "Examination"),
}
STATE_WORDS: Final[Mapping[State, Words]] = {
    State.BOOKED: Words("已约", "Booked"),
    State.ARRIVED: Words("已到，在等", "Here, waiting"),
    State.SEEN: Words("正在看", "Being seen"),
    State.RECORDED: Words("看完了", "Done"),
    State.CANCELLED: Words("已取消", "Cancelled"),
    State.MISSED: Words("没有来", "Did not come"),
    State.VOIDED: Words("记录已作废", "Record voided"),
}
STEP_WORDS: Final[Mapping[State, Words]] = {
    State.ARRIVED: Words("到了", "Arrived"),
    State.BOOKED: Words("还没到", "Not here yet"),
    State.SEEN: Words("叫号", "Call"),
    State.CANCELLED: Words("取消这次预约", "Cancel this booking"),
    State.MISSED: Words("没有来", "Did not come"),
}
# What was wrong with a record, as its person reads it.
FAULT_WORDS: Final[Mapping[Fault, Words]] = {
    Fault.FACTS: Words("有内容记错了", "Something in it was wrong"),
    Fault.PERSON: Words("记的是别人的事", "It was about somebody else"),
    Fault.NOT_DONE: Words("写下的事没有做", "What it says was not done"),
}
