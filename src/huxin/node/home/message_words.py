"""Notices in words: those that pages of several parts leave; cards' own come from the trust part.

A notice is kept as its kind and its blanks, so that it can be read in either language.  A kind that
is not known (an older or newer node wrote it) is said kindly, never as a code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from huxin.clinic.corrections import Fault
from huxin.node.clinic.words import FAULT_WORDS
from huxin.node.trust.words import MESSAGES, message_words
from huxin.packs.reader import Words

__all__ = ["notice_words"]

_OURS: Final[Mapping[str, Words]] = {
    "card-ready": Words("一张新卡做好了，在您的卡包里。", "A new card is ready; it is among your cards."),
    "record-corrected": Words(
        "{office}更正了您 {date} 的就诊记录：{reason}。卡照更正后的记录办。不同意，可以去找{office}。",
        "{office} corrected the record of your visit on {date}: {reason}. The card follows the corrected "
        "record. If you disagree, you can ask {office}.",
    ),
    "record-voided": Words(
        "{office}把您 {date} 的就诊记录作废了：{reason}。不会照它发卡。不同意，可以去找{office}。",
        "{office} voided the record of your visit on {date}: {reason}. No card is made of it. If you "
        "disagree, you can ask {office}.",
    ),
    "reset-slip-made": Words(
        "{date}，{office}做了一张单子，凭它可以给您的账号设新密码。不是您要的，请马上去找{office}。",
        "On {date} {office} made a slip with which a new password can be set for your account. If you did not "
        "ask for it, go to {office} at once.",
    ),
    "password-set": Words(
        "{date}，您的账号用重设单设了新密码。不是您设的，请马上去任何窗口。",
        "On {date} a new password was set for your account with a reset slip. If it was not you, go to any "
        "desk at once.",
    ),
    "password-changed": Words(
        "{date}，登录以后，您账号的密码改了。不是您改的，请马上去任何窗口。",
        "On {date} the password of your account was changed from a page that was signed in. If it was not you, "
        "go to any desk at once.",
    ),
    "second-key-added": Words(
        "{date}，您的账号加了第二道钥匙。不是您加的，请马上去任何窗口。",
        "On {date} a second key was added to your account. If it was not you, go to any desk at once.",
    ),
    "second-key-removed": Words(
        "{date}，您的账号去掉了第二道钥匙。不是您去掉的，请马上去任何窗口。",
        "On {date} a second key was removed from your account. If it was not you, go to any desk at once.",
    ),
    "recovery-codes-made": Words(
        "{date}，您的账号生成了新的备用码，原来的作废了。不是您做的，请马上去任何窗口。",
        "On {date} new recovery codes were made for your account, and the old ones stopped working. If it was "
        "not you, go to any desk at once.",
    ),
    "proxy-recorded": Words(
        "{office}登记了：{name} 可以替您办事，到 {date} 为止。不是您同意的，现在就可以结束，对方不会收到通知。",
        "{office} recorded that {name} may act for you until {date}. If you did not agree, you can end "
        "it now; they are not told.",
    ),
}  # fmt: skip
_NOTE: Final = Words("门诊留言：{note}", "The clinic wrote: {note}")
_BLANK: Final = re.compile(r"\{(\w+)\}")
_UNKNOWN: Final = Words(
    "有一条给您的通知。想知道内容，可以问任何服务窗口。",
    "There is a notice for you. Any desk can tell you what it says.",
)


def notice_words(kind: str, blanks: Mapping[str, str]) -> Words:
    """Return a notice in both languages."""
    sentence = _OURS.get(kind) or MESSAGES.get(kind)
    if sentence is None or not set(_BLANK.findall(sentence.zh)) <= set(blanks):
        return _UNKNOWN
    if kind in MESSAGES:
        return message_words(kind, blanks)
    names = (one for one in blanks if not one.endswith("_en"))
    said = sentence.fill(**{one: _blank(one, blanks) for one in names})
    if not blanks.get("note"):
        return said
    note = _NOTE.fill(note=_blank("note", blanks))
    return Words(f"{said.zh}{note.zh}", f"{said.en} {note.en}")


def _blank(name: str, blanks: Mapping[str, str]) -> Words:
    value = blanks[name]
    if name == "reason" and value in FAULT_WORDS:
        words = FAULT_WORDS[Fault(value)]
        return Words(words.zh, words.en[:1].lower() + words.en[1:])
    return Words(value, blanks.get(f"{name}_en") or value)
