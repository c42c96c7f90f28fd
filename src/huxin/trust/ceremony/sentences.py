"""The sentences in which a proposal is told, in zh and en: one for each kind of change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

__all__ = ["WORDS", "Change", "change"]

WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "member-joins": ("{region} 加入（{standing}）。", "{region} joins ({standing})."),
    "member-goes": ("{region} 不再是成员：它的密钥立即不再受信。", "{region} is no member any more: its keys are not trusted, at once."),
    "member-stands": ("{region} 改为 {standing}。自 {since} 起。", "{region} becomes {standing}. From {since} on."),
    "member-successor": ("{region} 由 {successor} 接续。", "{successor} takes over from {region}."),
    "member-details": ("{region} 在清单里写作：{name_zh} / {name_en}，{environment}，自 {since}。", "{region} is listed as {name_zh} / {name_en}, {environment}, since {since}."),
    "key-comes": ("{region} 加一把签发密钥：{kid}（{domain}），到 {until}；{terms}。", "{region} adds a signing key: {kid} ({domain}), until {until}; {terms}."),
    "key-goes": ("{region} 去掉一把签发密钥：{kid}（{domain}）。", "{region} takes a signing key out: {kid} ({domain})."),
    "key-changes": ("{region} 改一把签发密钥：{kid}（{domain}），现为 {terms}。", "{region} changes a signing key: {kid} ({domain}), now {terms}."),
    "key-buried": ("{region} 永久撤销一把密钥（{reason}）：{material}。", "{region} buries a key for good ({reason}): {material}."),
    "key-unburied": ("{region} 去掉或改动一项永久撤销：{material}。", "{region} takes out or changes what buries a key: {material}."),
    "keys-environment": ("{region} 的密钥环境改为 {environment}。", "The keys of {region} are now labelled {environment}."),
    "signer-comes": ("{region} 此后用{purpose} {key} 签名。", "{region} signs as {purpose} with key {key}."),
    "signer-goes": ("{region} 不再用{purpose} {key} 签名。", "{region} no longer signs as {purpose} with key {key}."),
    "threshold": ("{role}：此后要 {of} 个中 {threshold} 个签名。", "{role}: from now on {threshold} of {of} sign."),
    "suspended": ("暂停 {region}{key}：{reason_zh}（自 {since} 起十四天）", "Suspends {region}{key}: {reason_en} (fourteen days from {since})"),
    "prolonged": ("再次暂停 {region}{key}：{reason_zh}（自 {since} 起又十四天）", "Suspends {region}{key} once more: {reason_en} (another fourteen days from {since})"),
    "unsuspended": ("解除暂停：{region}{key} 恢复。", "The suspension of {region}{key} ends."),
    "confirmed": ("暂停 {name} 由多数确认，不再自动失效。", "The suspension {name} is confirmed by a majority and does not lapse."),
    "unconfirmed": ("暂停 {name} 不再由多数确认。", "The suspension {name} is no longer confirmed."),
    "cap": ("上限：{what} 由 {old} 改为 {new}。", "The limit {what} changes from {old} to {new}."),
    "cap-begins": ("上限：{what} 为 {new}。", "The limit {what} is {new}."),
    "charter-text": ("章程文字有改动。", "The text of the charter changes."),
    "charter-name": ("联盟名称为 {name}。", "The federation is called {name}."),
    "charter-environment": ("环境标签为 {environment}。", "The environment is {environment}."),
    "charter-dissent": ("章程里记录了 {region} 的不同意见：{text_zh}", "The charter records that {region} dissents: {text_en}"),
    "notice-comes": ("{by} 发布{kind}：{title_zh}", "{by} publishes a notice ({kind}): {title_en}"),
    "notice-changes": ("{by} 改动已发布的{kind}：{title_zh}：{text_zh}", "{by} changes a notice ({kind}) that was published: {title_en}: {text_en}"),
    "notice-goes": ("不再列出 {by} 的{kind}：{title_zh}", "A notice ({kind}) of {by} is listed no more: {title_en}"),
    "notice-dissent": ("通报里记录了 {region} 的不同意见：{text_zh}", "The notice records that {region} dissents: {text_en}"),
    "charter-dissent-gone": ("去掉或改动 {region} 的不同意见。", "The dissent of {region} is taken out or changed."),
    "file-comes": ("新文件 {path}（{size} 字节）。", "A new file {path} ({size} bytes)."),
    "file-changes": ("文件 {path} 有改动（{size} 字节）。", "The file {path} changes ({size} bytes)."),
    "file-goes": ("去掉文件 {path}。", "The file {path} goes."),
    "lasts": ("{role} 有效到 {until}。", "{role} lasts until {until}."),
}  # fmt: skip
"""Sentences by code, in zh and en; what stands in braces is in `Change.values`."""


_TERMS: Final[Mapping[tuple[str, str], str]] = {
    ("purpose", "root"): "根密钥",
    ("purpose", "charter"): "章程密钥",
    ("purpose", "emergency"): "紧急密钥",
    ("purpose", "witness"): "见证密钥",
    ("purpose", "officer"): "签字员密钥",
    ("purpose", "snapshot"): "快照密钥",
    ("purpose", "timestamp"): "时间戳密钥",
    ("environment", "production"): "正式",
    ("environment", "test"): "测试",
    ("what", "credentials"): "每把密钥签发张数",
    ("what", "issuing_days"): "每把密钥签发天数",
    ("what", "verifying_days"): "每把密钥可验天数",
    ("what", "notice_hours"): "规则提前公布的小时数",
    ("reason", "lost"): "丢失",
    ("reason", "compromised"): "外泄",
    ("reason", "misused"): "被滥用",
    ("reason", "replaced"): "已更换",
    ("reason", "mistake"): "有误",
    ("standing", "probation"): "试用",
    ("standing", "active"): "正式",
    ("standing", "verify-only"): "只验旧卡",
    ("role", "root"): "根",
    ("role", "targets"): "章程",
    ("role", "emergency"): "紧急暂停",
    ("role", "snapshot"): "快照",
    ("role", "timestamp"): "时间戳",
    ("by", "federation"): "联盟",
    ("kind", "incident"): "事件通报",
    ("kind", "data-security"): "数据安全通知",
    ("kind", "news"): "消息",
}
"""What stands in a Chinese sentence for the words of the metadata; English has them as they are."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes; `grave` where trust is added or taken."""

    code: str
    values: tuple[tuple[str, str], ...]
    grave: bool = False

    def say(self, language: str) -> str:
        """Return the sentence in `zh` or `en`."""
        terms = _TERMS if language == "zh" else {}
        values = {name: terms.get((name, one), one) for name, one in self.values}
        return WORDS[self.code][("zh", "en").index(language)].format(**values)


def change(code: str, *, grave: bool = False, **values: object) -> Change:
    """Return a change with what its sentence needs."""
    return Change(code, tuple((name, str(value)) for name, value in values.items()), grave)
