"""What this part says to people from a code: reasons of a withdrawal, notices to a holder.

Leaves the words of a page to its template, and the words of the register to `huxin.spec`.

- a notice is kept as its kind and its blanks, so that it can be read in either language later;
- a blank that is itself a code (a reason, a pack) is said in the language of its sentence;
- nothing here accuses: a withdrawal says what the office did, and what the holder can do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from huxin.node.trust.appeal_words import DECISIONS, NEXT_STEPS
from huxin.node.trust.models import REASONS
from huxin.packs import reader
from huxin.packs.reader import Words

__all__ = [
    "DRAFT_ACTIONS",
    "FEDERATION_NOTICES",
    "LAYER_WORDS",
    "MESSAGES",
    "RADAR_WORDS",
    "REASON_WORDS",
    "RECALL_ACTIONS",
    "ROLE_WORDS",
    "STANDING_WORDS",
    "message_words",
]

# Why a card was withdrawn, as its holder and a desk read it.
REASON_WORDS: Final[Mapping[str, Words]] = {
    "wrong-facts": Words("卡上有内容要更正", "Something on it had to be corrected"),
    "wrong-person": Words("这张卡开给了别人", "It was made for somebody else"),
    "not-done": Words("卡上写的事没有做过", "What it says was not done"),
    "lost": Words("这张卡报了丢失", "It was reported lost"),
    "batch-recalled": Words("这一批疫苗被召回", "This batch of the vaccine was recalled"),
    "key-lost": Words("签发用的密钥作废了", "The key that signed it was given up"),
}
assert set(REASON_WORDS) == set(REASONS)

# What is found in a list of keys, by the code of the radar.
RADAR_WORDS: Final[Mapping[str, Words]] = {
    "unusable": Words("用不了", "Unusable"),
    "expired": Words("已过期", "Expired"),
    "ends-soon": Words("90 天内到期", "Ends within 90 days"),
    "not-yet": Words("还没开始", "Not valid yet"),
    "no-dates": Words("没写期限", "No end named"),
    "test-key": Words("测试用", "For tests"),
    "same-key": Words("同一把密钥写了几次", "The same key more than once"),
    "long-life": Words("期限超过两年", "Valid for more than two years"),
}

# How a member of the federation stands, and what each of its roles signs.
STANDING_WORDS: Final[Mapping[str, Words]] = {
    "active": Words("正式", "active"),
    "probation": Words("试用", "on probation"),
    "verify-only": Words("只验旧卡", "verified only"),
}
ROLE_WORDS: Final[Mapping[str, Words]] = {
    "root": Words("根：谁的密钥算数", "root: whose keys count"),
    "targets": Words("章程和成员", "charter and members"),
    "emergency": Words("紧急暂停", "suspensions"),
    "snapshot": Words("各文件的版本", "versions of all files"),
    "timestamp": Words("今天的签名", "today's signature"),
}

# What regions tell one another.
FEDERATION_NOTICES: Final[Mapping[str, Words]] = {
    "incident": Words("事件通报", "incident"),
    "data-security": Words("数据安全通知", "data security"),
    "news": Words("消息", "news"),
}

# Who took an issuer's key away.
LAYER_WORDS: Final[Mapping[str, Words]] = {
    "emergency": Words(
        "联盟紧急暂停了这把密钥", "The federation suspended the key in an emergency"
    ),
    "region": Words("签发的区域自己作废了这把密钥", "The issuing region gave the key up itself"),
    "local": Words("本处自行决定不信这把密钥", "This place decided not to believe the key"),
}

# What happens to a draft of rules, by the code of the audit trail.
DRAFT_ACTIONS: Final[Mapping[str, Words]] = {
    "rule-draft-begun": Words("起草了规则", "Began a draft of rules"),
    "rule-draft-written": Words("改了规则草稿", "Changed a draft of rules"),
    "rule-draft-simulated": Words("把规则草稿拿去模拟", "Had a draft of rules simulated"),
    "rule-draft-handed-in": Words("把规则草稿送审", "Handed in a draft of rules"),
    "rule-draft-taken-back": Words("收回了送审的规则草稿", "Took back a draft of rules"),
    "rule-draft-sent-back": Words("退回了规则草稿", "Sent back a draft of rules"),
    "rule-draft-approved": Words("同意了规则草稿", "Agreed to a draft of rules"),
    "rule-draft-dropped": Words("放弃了规则草稿", "Dropped a draft of rules"),
    "rule-published": Words("公布了一条规则", "Published a rule"),
}

# What happens to a recall of many cards, by the code of the audit trail.
RECALL_ACTIONS: Final[Mapping[str, Words]] = {
    "recall-begun": Words("开始了一次批量撤回", "Began a recall of cards"),
    "recall-asked": Words(
        "请同事复核一次批量撤回", "Asked a colleague to look at a recall of cards"
    ),
    "recall-agreed": Words("同意了一次批量撤回", "Agreed to a recall of cards"),
    "recall-declined": Words("没有同意一次批量撤回", "Did not agree to a recall of cards"),
    "recall-dropped": Words("放弃了一次批量撤回", "Dropped a recall of cards"),
    "recall-resumed": Words(
        "让停下的批量撤回接着做", "Had a recall of cards go on that stood still"
    ),
    "recall-finished": Words("批量撤回做完了", "A recall of cards was finished"),
}

# Notices to a holder, by `Message.kind`; {blanks} are filled by `message_words`.
MESSAGES: Final[Mapping[str, Words]] = {
    "card-withdrawn": Words(
        "{office}在 {date} 撤回了您的{pack}（{identifier}）。原因：{reason}。"
        "这张卡不再算数。不同意，可以去找{office}。",
        "{office} withdrew your card “{pack}” ({identifier}) on {date}. Reason: {reason}. "
        "The card no longer counts. If you disagree, you can ask {office}.",
    ),
    "card-corrected": Words(
        "{office}在 {date} 更正了您的{pack}。旧卡 {identifier} 不再算数，新卡是 {replacement}。"
        "请换用新卡。不同意，可以去找{office}。",
        "{office} corrected your card “{pack}” on {date}. The old card {identifier} no longer "
        "counts, the new one is {replacement}. Please use the new card. If you disagree, you can "
        "ask {office}.",
    ),
    "card-reissued": Words(
        "{office}在 {date} 换签了您的{pack}：{reason}。内容没有变。旧卡 {identifier} 不再算数，新卡 {replacement} "
        "在您的卡包里。手里是纸的，请到{office}换一张，不用再证明什么。",
        "{office} signed your card “{pack}” anew on {date}: {reason}. Nothing on it changed. The old card "
        "{identifier} no longer counts; the new one, {replacement}, is among your cards. If you hold paper, ask "
        "{office} for a new print; you need not prove anything again.",
    ),
    "card-recalled": Words(
        "{office}在 {date} 撤回了您的{pack}（{identifier}）：{reason}。这不是您的错。请到{office}问：要不要补打或检查；"
        "办完再签新卡。有不舒服，请马上看医生。",
        "{office} withdrew your card “{pack}” ({identifier}) on {date}: {reason}. It is no fault of yours. Please "
        "ask {office} whether you need another dose or a check; a new card is made after that. If you feel unwell, "
        "see a doctor at once.",
    ),
    "report-answered": Words(
        "{office}答复了您在 {date} 说的“{pack}”（{identifier}）有错：{answer}",
        "{office} answered what you said on {date} about your card “{pack}” ({identifier}): {answer}",
    ),
    "appeal-decided": Words(
        "{office}对您 {date} 的申诉（{number}）有了决定：{decision}。理由：{why}　接下来：{next}。",
        "{office} decided your appeal of {date} ({number}). {decision}. Reason: {why} What happens next: {next}.",
    ),
}
_OF_DECISIONS: Final[Mapping[str, Mapping[str, Words]]] = {
    "decision": {one.value: words for one, words in DECISIONS.items()},
    "next": NEXT_STEPS,
}
_NOTE: Final = Words("签发员留言：{note}", "The clerk wrote: {note}")


def message_words(kind: str, blanks: Mapping[str, str]) -> Words:
    """Return a notice in both languages; of a kind that is not known, that something is there."""
    sentence = MESSAGES.get(kind)
    if sentence is None:
        return Words("签发处有一条给您的通知", "The issuing office has a notice for you")
    known: dict[str, Words] = {}
    for name, value in blanks.items():
        known[name] = _blank(name, value, blanks)
    said = sentence.fill(**known)
    if not blanks.get("note"):
        return said
    note = _NOTE.fill(note=known["note"])
    return Words(f"{said.zh}{note.zh}", f"{said.en} {note.en}")


def _blank(name: str, value: str, blanks: Mapping[str, str]) -> Words:
    if name == "reason" and value in REASON_WORDS:
        words = REASON_WORDS[value]
        return Words(words.zh, words.en[:1].lower() + words.en[1:])
    if value in _OF_DECISIONS.get(name, {}):
        return _OF_DECISIONS[name][value]
    if name == "pack" and value in reader.pack_ids():
        return reader.pack(value).short
    if name in ("note", "office"):
        return Words(value, blanks.get(f"{name}_en") or value)
    return Words(value, value)
