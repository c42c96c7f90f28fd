"""What is wrong with a field, in words: a sentence that says what is right.

The codes and details come from `packs.entries`; a new detail without a sentence here is told with the
general words of the register and the hint of its column.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from huxin.packs.entries import Fault
from huxin.packs.reader import Column, Words
from huxin.spec import CODES

__all__ = ["fault_words", "refusal_words"]

_MISSING: Final = Words("这一项要填", "This is needed")
_PLAIN: Final[dict[str, Words]] = {
    "not one of the list": Words("请从表中选一项", "Choose one of the list"),
    "a character that other computers cannot show": Words(
        "有一个字别的电脑显示不了，请换成通用的写法，或写在拼音里",
        "One character cannot be shown by other computers; write it in its common form, or in Latin letters",
    ),
    "before 1900": Words(
        "日期早于 1900 年，请核对年份", "The date is before 1900; please look at the year"
    ),
    "too far ahead": Words(
        "日期太远，请核对年份", "The date is too far ahead; please look at the year"
    ),
    "no letter": Words("姓名里至少要有一个字", "A name has at least one letter"),
    "not Latin letters": Words(
        "只用英文字母、空格、连字符和撇号，如 LIN ZHOU",
        "Latin letters, spaces, hyphens and apostrophes only, such as LIN ZHOU",
    ),
    "not letters, digits and signs of ASCII": Words(
        "只用英文字母、数字和常用符号", "Latin letters, digits and common signs only"
    ),
    "not a number from 1 to 20": Words("请写 1 到 20 的数字", "Write a number from 1 to 20"),
    "not a whole date": Words("年、月、日都要写", "Year, month and day are needed"),
    "not a date": Words(
        "年、月、日都写数字，例如 2024 年 9 月 1 日",
        "Year, month and day in digits, such as 2024 9 1",
    ),
    "not a date of the calendar": Words(
        "日历上没有这一天，请核对", "There is no such day in the calendar; please look again"
    ),
    "not how the name begins": Words(
        "证件姓名要以这个姓开头", "The name as in the document begins with this family name"
    ),
    "more than the doses of the series": Words(
        "剂次比应种剂数还多，请核对其中一项",
        "More than the doses of the series; one of the two is not right",
    ),
}
_PARTIAL_DATE: Final = Words(
    "至少写四位数的年份；知道月、日就一起写",
    "Four digits of the year at least; month and day where known",
)
_LONG: Final = re.compile(r"(\d+) characters, (\d+) allowed")
_KEY: Final = re.compile("the key (does not speak|may not sign)")
_BEFORE: Final = re.compile(r"before (\w+)")
_ORDER: Final = {
    "birth": Words("出生日期", "the date of birth"),
    "date": Words("接种或体检日期", "the date given or examined"),
    "valid_from": Words("有效期的开始", "the first day of validity"),
}
_LAST_DAY: Final = Words(
    "这张卡的最后一天已经过去，签了也不能用。请核对日期",
    "The last day of this card is over, so it could not be used. Please look at the dates",
)
_KEY_OVER: Final = Words(
    "这个节点的签发密钥快到期或已到期，新签的卡一天也用不了，所以没有签。请告诉运维人员换一把密钥，填过的都还在",
    "This node's signing key is at its end: a new card would not last a day, so nothing was signed. "
    "Tell the operator, who makes a new key; what you typed is kept",
)
_TOO_LONG: Final = Words(
    "内容放不进一个好扫的码，请缩短姓名以外的文字，或用精简卡",
    "Too much for a code that scans well; shorten the texts other than the name, or use the minimal card",
)
_OTHER_KEY: Final = Words(
    "这个节点的密钥不签这种卡，卡没有签。要签，请运维人员换一把密钥",
    "This node's key does not sign such cards; nothing was signed. The operator can make a key that does",
)
_NO_KEY: Final = Words(
    "这个节点现在没有可用的签发密钥，卡没有签。请告诉运维人员，填过的都还在",
    "This node has no signing key that can be used now; nothing was signed. Tell the operator; what you typed is kept",
)


def fault_words(column: Column, fault: Fault, *, today: date) -> Words:
    """Return the sentence for one fault of a column."""
    if fault.code == "missing":
        return _MISSING
    if fault.detail == "in the future":
        day = Words(today.isoformat(), today.isoformat())
        return Words(
            "日期在今天（{day}）之后，最晚是今天",
            "The date is after today ({day}); the latest is today",
        ).fill(day=day)
    if column.type == "birth" and fault.detail in ("not a date", "not a whole date"):
        return _PARTIAL_DATE
    if match := _LONG.fullmatch(fault.detail):
        return Words(
            f"现在有 {match[1]} 个字符，最多 {match[2]} 个",
            f"This has {match[1]} characters; {match[2]} at most",
        )
    match = _BEFORE.fullmatch(fault.detail)
    if match and match[1] in _ORDER:
        return Words("不能早于{what}", "Not before {what}").fill(what=_ORDER[match[1]])
    return _PLAIN.get(fault.detail) or _general(fault.code, column)


def _general(code: str, column: Column) -> Words:
    known = CODES.get(code, CODES["bad-input"]).text
    return Words(f"{known['zh']}{column.hint.zh}", f"{known['en']} {column.hint.en}")


def refusal_words(code: str, detail: str) -> Words:
    """Return why a card could not be signed, where no single field is to blame."""
    if detail == "the last day has passed":
        return _LAST_DAY
    if detail == "the key has no whole day left":
        return _KEY_OVER
    if _KEY.match(detail):
        return _OTHER_KEY
    if code == "too-long":
        return _TOO_LONG
    if code in ("key-file", "passphrase"):
        return _NO_KEY
    known = CODES.get(code, CODES["bad-input"])
    return Words(f"{known.text['zh']}{known.next['zh']}", f"{known.text['en']} {known.next['en']}")
