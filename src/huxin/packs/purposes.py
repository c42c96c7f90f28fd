"""What a purpose is called: `work/food` → 上岗 · 食品, Work · food; or as the pack that it came with says."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from huxin.packs import reader
from huxin.packs.reader import Words

__all__ = ["purpose_words"]

# What people are asked for a card for, and the places that these are narrowed to.
_BASES: Final[Mapping[str, Words]] = {
    "campus": Words("校园", "Campus"),
    "entry": Words("入境", "Entry"),
    "event": Words("活动", "Event"),
    "school": Words("入学", "School"),
    "travel": Words("出行", "Travel"),
    "visit": Words("探访", "Visit"),
    "work": Words("上岗", "Work"),
}
_SCOPES: Final[Mapping[str, Words]] = {
    "forum": Words("论坛", "forum"),
    "congress": Words("会议", "congress"),
    "concert": Words("演出", "concert"),
    "sports": Words("体育", "sports"),
    "return": Words("返校", "return"),
    "laboratory": Words("实验室", "laboratory"),
    "hospital": Words("医院", "hospital"),
    "ward": Words("病房", "ward"),
    "care-home": Words("养老院", "care home"),
    "ship": Words("船", "ship"),
    "flight": Words("航班", "flight"),
    "pilgrimage": Words("朝觐", "pilgrimage"),
    "yellow-fever": Words("黄热病", "yellow fever"),
    "polio": Words("脊灰", "polio"),
    "measles": Words("麻疹", "measles"),
    "outbreak": Words("疫情", "outbreak"),
    "food": Words("食品", "food"),
    "public-places": Words("公共场所", "public places"),
    "childcare": Words("托幼", "childcare"),
    "drinking-water": Words("饮用水", "drinking water"),
    "cosmetics": Words("化妆品", "cosmetics"),
    "health-care": Words("医疗", "health care"),
}


@lru_cache(maxsize=200)
def purpose_words(purpose: str, pack: str | None = None) -> Words:
    """Return the name of a purpose: that of its pack, and of its choice where it has one.

    Without a pack being named it is the one whose own rules are asked for that purpose, if any.
    """
    if pack is None:
        known = reader.pack_of_purpose(purpose)
        return purpose_words(purpose, known.id if known is not None else "")
    if pack not in reader.pack_ids():
        return _own_words(purpose)
    found = reader.pack(pack)
    scope = purpose.partition("/")[2]
    for choice in found.column(found.choice).choices:
        if choice.id == scope:
            return Words(
                f"{found.short.zh} · {choice.words.zh}", f"{found.short.en} · {choice.words.en}"
            )
    return found.short


def _own_words(purpose: str) -> Words:
    base, _, scope = purpose.partition("/")
    words = _BASES.get(base, Words(base, base))
    narrower = _SCOPES.get(scope, Words(scope, scope))
    if not scope:
        return words
    return Words(f"{words.zh} · {narrower.zh}", f"{words.en} · {narrower.en}")
