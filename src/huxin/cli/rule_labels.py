"""What is said around a rule, in the three writings that rules themselves have."""

from __future__ import annotations

from typing import Final

from huxin.trust.rules.explain import Language
from huxin.trust.rules.rule import LANGUAGES

__all__ = ["say"]

_LABELS: Final[dict[str, tuple[str, str, str]]] = {
    "count": ("规则：{number} 条", "規則：{number} 條", "Rules: {number}"),
    "rule": ("规则", "規則", "Rule"),
    "purpose": ("用途", "用途", "Purpose"),
    "effect": ("效果", "效果", "Effect"),
    "admits": ("不符合就不通过", "不符合就不通過", "who does not meet it is not accepted"),
    "informs": ("只提示，不拦人", "只提示，不攔人", "informs, turns nobody away"),
    "kinds": ("看哪些卡", "看哪些卡", "Of whom"),
    "kinds-of": ("出示{kinds}的人", "出示{kinds}的人", "people who show: {kinds}"),
    "asks": ("问什么", "問什麼", "Asks"),
    "looks": ("读哪些内容", "讀哪些內容", "Reads"),
    "person": ("本人", "本人", "the person"),
    "in-force": ("有效期", "有效期", "In force"),
    "now": ("现行", "現行", "now"),
    "coming": ("还没开始", "還沒開始", "to come"),
    "over": ("已经结束", "已經結束", "over"),
    "published": ("公布时间", "公布時間", "Published"),
    "basis": ("依据", "依據", "Rests on"),
    "basis-of": (
        "{instrument}，第 {article} 条，{read} 查阅",
        "{instrument}，第 {article} 條，{read} 查閱",
        "{instrument}, article {article}, read on {read}",
    ),
    "not-said": ("没有写", "沒有寫", "not said"),
    "standing": ("地位", "地位", "Standing"),
    "illustrative": ("示范", "示範", "illustrative: an example"),
    "adopted": ("已采用", "已採用", "adopted"),
    "outbreak": ("疫情", "疫情", "Outbreak"),
    "declared": ("{day} 宣布；{lessons}", "{day} 宣布；{lessons}", "declared {day}; {lessons}"),
    "next": ("下一步", "下一步", "Next step"),
    # What a neighbour asks.
    "asked-by": ("{name}：{effect}；出示{kinds}", "{name}：{effect}；出示{kinds}", "{name}: {effect}; shown: {kinds}"),
    "nothing": ("{name}：没有现行规则", "{name}：沒有現行規則", "{name}: no rule in force"),
    "same": ("相同", "相同", "the same"),
    "differs": ("不同：{what}", "不同：{what}", "differs: {what}"),
    "only": ("只有 {name} 问：{asks}", "只有 {name} 問：{asks}", "only {name} asks: {asks}"),
    "of-side": ("{name}：{text}", "{name}：{text}", "{name}: {text}"),
    "what-effect": ("效果", "效果", "effect"),
    "what-kinds": ("看哪些卡", "看哪些卡", "kinds of cards"),
    "what-reads": ("读哪些内容", "讀哪些內容", "what it reads"),
    "what-logic": ("怎样组合", "怎樣組合", "how it joins what it reads"),
    "what-dates": ("起止", "起止", "dates"),
    "lost": (
        "{a} → {b}：{people} 人里有 {number} 人在 {a} 符合或不用问，在 {b} 不符合",
        "{a} → {b}：{people} 人裡有 {number} 人在 {a} 符合或不用問，在 {b} 不符合",
        "{a} → {b}: of {people} people {number} meet what {a} asks, or are not asked, and do not meet what {b} asks",
    ),
    "people": ("典型的人（虚构）", "典型的人（虛構）", "Typical people (invented)"),
    "number": ("人数", "人數", "people"),
    "to-side": ("{a} → {b}", "{a} → {b}", "{a} → {b}"),
    "why": ("原因", "原因", "because"),
    "years": ("{age} 岁", "{age} 歲", "{age} years"),
    "no-card": ("没有卡", "沒有卡", "no card"),
    "certificate": ("欧盟证书", "歐盟證書", "EU certificate"),
    "nobody": (
        "虚构的人里没有人持有这种卡。",
        "虛構的人裡沒有人持有這種卡。",
        "Nobody among the invented people holds such a card.",
    ),
    "none-shown": (
        "没有它问的那种卡",
        "沒有它問的那種卡",
        "no card of the kind that is asked for",
    ),
    "met": ("✓ 符合", "✓ 符合", "✓ met"),
    "not-met": ("✕ 不符合", "✕ 不符合", "✕ not met"),
    "no-rules": ("– 没有规则", "– 沒有規則", "– no rules"),
    "fault": ("? 规则有错", "? 規則有錯", "? faulty rule"),
}  # fmt: skip


def say(label: str, language: Language, **blanks: object) -> str:
    """Return a label in one of the writings, with its blanks filled."""
    return _LABELS[label][LANGUAGES.index(language)].format(**blanks)
