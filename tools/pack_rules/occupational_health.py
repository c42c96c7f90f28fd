"""Occupational health: a check-up that says fit for a class of work, until a day; no disease, no result."""

from __future__ import annotations

from typing import Final

from tools.pack_rules.logic import is_, stated
from tools.pack_rules.template import Template, basis, rule, texts

__all__ = ["rules"]

_BASIS: Final = basis(
    texts(
        "示范：从业人员每年健康检查的通行做法",
        "示範：從業人員每年健康檢查的通行做法",
        "Illustrative: the common practice of a yearly check-up for some kinds of work",
    )
)
_CLASSES: Final = {
    "food": texts("食品", "食品", "with food"),
    "public-places": texts("公共场所服务", "公共場所服務", "in public places"),
    "drinking-water": texts("供水", "供水", "with drinking water"),
    "childcare": texts("托幼", "托幼", "in childcare"),
    "cosmetics": texts("化妆品", "化妝品", "with cosmetics"),
}
_THEN: Final = texts(
    "请到体检机构体检，领新卡。",
    "請到體檢機構體檢，領新卡。",
    "Please have a check-up, and collect the new card.",
)


def _rule(name: str, words: dict[str, str]) -> Template:
    return rule(
        f"WORK-{name.upper()}",
        f"work/{name}",
        ("examination", "clearance"),
        # The minimal card says the same as a clearance.
        stated(["examination", "clearance"], is_("purpose", f"occupational-health/{name}")).holds,
        says=texts(
            f"从事{words['zh-Hans']}工作，要有没到期的健康证。",
            f"從事{words['zh-Hant']}工作，要有未到期的健康證。",
            f"Work {words['en']} asks for a health card of this class whose last day is not over.",
        ),
        then=_THEN,
        basis=_BASIS,
    )


def rules() -> list[Template]:
    return [_rule(name, words) for name, words in _CLASSES.items()]
