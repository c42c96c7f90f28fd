"""What each action of the audit trail is called where the person concerned reads it.

A flat catalogue: one line an action code, in plain words, without "you", since a guardian reads it
too.  Details that matter (on what it was printed, what became of a visit) have a line of their own.

- a code that is used anywhere in the node stands here; a test reads the code for it;
- nothing names an officer: the person reads role and organisation, an auditor finds the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huxin.node.trust.words import DRAFT_ACTIONS, RECALL_ACTIONS
from huxin.packs.reader import Words

__all__ = ["ACTIONS", "PRIVATE", "action_words"]

ACTIONS: Final[Mapping[str, Words]] = {
    # The person.
    "registered": Words("登记了这个人", "Registered the person"),
    "changed-person": Words("改了登记的内容", "Changed what is registered"),
    "found": Words(
        "查找时看到姓名、出生日期和证件", "Saw name, date of birth and document while searching"
    ),
    "opened-person": Words("打开了登记的内容和卡的列表", "Opened what is registered and the list of cards"),
    "opened-access-log": Words("看了这份记录", "Read this list"),
    "opened-messages": Words("看了消息", "Read the messages"),
    "refused-object": Words(
        "想打开一张卡，没有权限，没有打开", "Tried to open a card without permission; it stayed shut"
    ),
    # The shared list.
    "trust-proposal-kept": Words("交来一份清单提案或签名", "Handed in a proposal for the shared list, or signatures"),
    "trust-proposal-dropped": Words("放弃了一份清单提案", "Dropped a proposal for the shared list"),
    "trust-list-taken": Words("取到了更新的清单", "Took a newer shared list"),
    "trust-list-refused": Words("没有收一份交来的清单", "Refused a shared list that was handed in"),
    "trust-list-published": Words("发布了共签的清单", "Published the shared list"),
    # Cards.
    "issued": Words("签发了一张卡", "Issued a card"),
    "issued-by-flow": Words("看诊记录成了一张卡", "A visit's record became a card"),
    "asked-another": Words(
        "请另一位签发员复核一张卡", "Asked another clerk to look at a card before it is issued"
    ),
    "approved": Words("复核后同意签发", "Looked at a card and agreed to it"),
    "dropped-wish": Words(
        "一张待复核的卡不签了，因为记录已更正",
        "A card that waited for another clerk is not issued; its record was put right",
    ),
    "declined": Words("复核后没有同意", "Looked at a card and did not agree to it"),
    "opened-card": Words("打开了一张卡", "Opened a card"),
    "opened-wallet": Words("打开了卡包", "Opened the list of cards"),
    "kept-cards": Words("把卡存到了手机上", "Kept the cards on a phone"),
    "printed": Words("打印或保存了一张卡", "Printed or saved a card"),
    "published-status": Words("发布了已撤回卡的清单", "Published a list of withdrawn cards"),
    "adopted-status": Words(
        "恢复备份后，接着外面已有的状态清单", "Went on from a list of withdrawn cards that others held"
    ),
    "withdrew": Words("撤回了一张卡", "Withdrew a card"),
    "withdrawal-asked": Words(
        "请同事同意撤回一张卡", "Asked a colleague to agree that a card is withdrawn"
    ),
    "withdrawal-agreed": Words(
        "同意撤回一张卡", "Agreed that a card is withdrawn"
    ),
    "withdrawal-declined": Words(
        "没有同意撤回一张卡", "Did not agree that a card is withdrawn"
    ),
    "withdrawal-taken-back": Words(
        "收回了撤回一张卡的请求", "Took back the request to withdraw a card"
    ),
    "corrected": Words("更正了一张卡", "Corrected a card"),
    "saw-on-recall": Words("在批量撤回的名单上看到姓名", "Saw the name on the list of a recall of cards"),
    "reported-error": Words("说一张卡上有错", "Said that something on a card is wrong"),
    "opened-report": Words("看了卡上有错的说明", "Read what was said to be wrong on a card"),
    "answered-report": Words("答复了卡上有错的说明", "Answered what was said to be wrong on a card"),
    # Appeals.
    "appealed": Words("交了一份申诉", "Made an appeal"),
    "appealed-again": Words("再申诉了一次", "Appealed once more"),
    "read-appeal": Words("凭回执看了一份申诉", "Read an appeal with its receipt"),
    "appeal-code-failed": Words(
        "输了回执的编号，码不对，没有打开",
        "Typed the number of a receipt with another code; it stayed shut",
    ),
    "opened-appeal": Words("打开了一份申诉", "Opened an appeal"),
    "took-appeal": Words("接手了一份申诉", "Took an appeal"),
    "gave-back-appeal": Words("把一份申诉放回去，让别人办", "Put an appeal back for another officer"),
    "decided-appeal": Words("决定了一份申诉", "Decided an appeal"),
    # Session sheets.
    "opened-sheet": Words("开了一张接种日名单", "Opened the list of a session"),
    "put-on-sheet": Words("列入接种日名单", "Put on the list of a session"),
    "ticked": Words("在接种日名单上打了勾", "Ticked on the list of a session"),
    "unticked": Words("在接种日名单上去掉了勾", "Took back a tick on the list of a session"),
    "closed-sheet": Words("收起了一张接种日名单", "Closed the list of a session"),
    "reopened-sheet": Words("重新打开一张接种日名单", "Opened the list of a session again"),
    # Claim slips.
    "made-slip": Words("做了一张领取单", "Made a claim slip"),
    "claimed": Words("用领取单在一个浏览器里打开了卡", "Opened the cards in a browser with the claim slip"),
    "claim-failed": Words(
        "用了领取单的码，出生年不对，没有打开",
        "Typed the code of a claim slip with another year of birth; it stayed shut",
    ),
    "made-own-account": Words("用领取单建了账号", "Made an account with the claim slip"),
    # A forgotten password.
    "made-reset-slip": Words("做了一张重设密码的单子", "Made a slip to set a new password"),
    "reset-failed": Words(
        "用了重设单的码，出生年不对，没有打开",
        "Typed the code of a reset slip with another year of birth; it stayed shut",
    ),
    "set-new-password": Words("用重设单设了新密码", "Set a new password with the slip"),
    # What the person changed of their own way in.
    "changed-own-password": Words("改了密码", "Changed the password"),
    "added-second-key": Words("加了第二道钥匙", "Added a second key"),
    "removed-second-key": Words("去掉了第二道钥匙", "Removed a second key"),
    "made-recovery-codes": Words("生成了新的备用码", "Made new recovery codes"),
    # Who may act for whom.
    "recorded-proxy": Words("登记了一位代办人", "Recorded who may act for the person"),
    "ended-proxy": Words("结束了一份代办", "Ended that somebody may act for the person"),
    # Visits.
    "booked": Words("约了一次看诊", "Booked a visit"),
    "moved-visit": Words("改了看诊的进度", "Moved a visit on"),
    "opened-visits": Words("看了就诊的列表", "Looked at the list of visits"),
    "opened-visit": Words("打开了一次看诊", "Opened a visit"),
    "saw-on-list": Words("在当天的名单上看到姓名", "Saw the name on the list of the day"),
    "recorded": Words("写下了看诊的结果", "Wrote down what came of a visit"),
    "corrected-record": Words("更正了看诊的记录", "Corrected what was written of a visit"),
    "voided-record": Words("把看诊的记录作废了", "Voided what was written of a visit"),
    # About nobody in particular; an auditor reads these.
    "searched": Words("查找了一次", "Searched"),
    "signed-in": Words("登录", "Signed in"),
    "signed-out": Words("退出", "Signed out"),
    "sign-in-failed": Words("登录没有成功", "A sign-in failed"),
    "entered-as": Words("演示：以这个身份进入", "Demo: entered as this account"),
    "cleared": Words("清掉了过期的数据", "Cleared what was past its time"),
    "made-backup": Words("备份了整个节点", "Backed up the whole node"),
    "restored-backup": Words("从备份恢复了节点", "Restored the node from a backup"),
    "added-account": Words("开了一个账号", "Added an account"),
    "made-account": Words("开了一个账号", "Added an account"),
    "gave-role": Words("给了一个账号一个角色", "Gave an account a role"),
    "took-role": Words("收回了一个账号的一个角色", "Took a role from an account"),
    "closed-account": Words("关了一个账号", "Closed an account"),
    "reset-password": Words("重设了一个密码", "Reset a password"),
    "retried-jobs": Words("让没做成的后台任务再做一次", "Had failed jobs tried once more"),
    "verified-audit": Words("要求核对全部审计记录", "Asked for the whole audit trail to be checked"),
    "checked-audit": Words("核对完了全部审计记录", "Finished checking the whole audit trail"),
    "exported-audit": Words("把审计记录存成了表格", "Saved the audit trail as a table"),
    "added-organisation": Words("加了一个机构", "Added an organisation"),
    "changed-hours": Words("改了一个机构的开放时间", "Changed the hours of an organisation"),
    "opened-times": Words("放出了预约时间", "Opened times for booking"),
    **DRAFT_ACTIONS,
    **RECALL_ACTIONS,
    "notice-written": Words("写了一份公告", "Wrote a notice"),
    "notice-published": Words("发布了一份公告", "Published a notice"),
    "notice-withdrawn": Words("撤下了一份公告", "Withdrew a notice"),
    "notice-dropped": Words("丢掉了一份公告的草稿", "Dropped the draft of a notice"),
}  # fmt: skip

# What only the person reads: whoever acts for them does not learn that another's time was ended.
PRIVATE: Final = ("recorded-proxy", "ended-proxy")

_PRINTED: Final[Mapping[str, Words]] = {
    "paper": Words("打印了一张卡", "Printed a card"),
    "sheet": Words("把一张卡存成了 A4 的 PDF", "Saved a card as an A4 PDF"),
    "card": Words("把一张卡存成了小卡的 PDF", "Saved a card as a PDF of card size"),
    "picture": Words("把一张卡存成了图片", "Saved a card as a picture"),
}
_KEYS: Final[Mapping[str, Words]] = {
    "made-reset-slip": Words(
        "做了一张重设密码的单子，也去掉第二道钥匙",
        "Made a slip to set a new password and remove the second keys",
    ),
    "set-new-password": Words(
        "用重设单设了新密码，也去掉了第二道钥匙",
        "Set a new password with the slip, and removed the second keys",
    ),
}
_WRONG_CODE: Final = Words(
    "输了第二道钥匙的码，不对", "Typed a code of the second key, and it was wrong"
)
_UNKNOWN: Final = Words("用到了数据（{code}）", "Used the data ({code})")


def action_words(code: str, detail: Mapping[str, Any]) -> Words:
    """Return what was done; a code that an older node wrote is shown as it is."""
    if code == "printed" and detail.get("form") in _PRINTED:
        return _PRINTED[detail["form"]]
    if code in _KEYS and detail.get("keys"):
        return _KEYS[code]
    if code == "sign-in-failed" and detail.get("step") == "second-key":
        return _WRONG_CODE
    known = ACTIONS.get(code)
    return known if known else _UNKNOWN.fill(code=Words(code, code))
