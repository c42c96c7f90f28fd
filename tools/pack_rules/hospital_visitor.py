"""Visiting a hospital: a visitor's card, or a test of the last two days that found nothing."""

from __future__ import annotations

from typing import Final

from tools.pack_rules.logic import (
    at_least,
    both,
    clock,
    either,
    in_order,
    is_,
    known,
    latest,
    one_of,
    stated,
)
from tools.pack_rules.template import Template, basis, rule, texts

__all__ = ["rules"]

_VISITS: Final = [f"hospital-visit/{kind}" for kind in ("ward", "carer", "farewell")]
_DISEASE: Final = "snomed:840539006"
_NOT_FOUND: Final = "snomed:260415000"


def rules() -> list[Template]:
    negative = both(is_("disease", _DISEASE), is_("result", _NOT_FOUND), known("sampled"))
    sampled = latest(["test"], negative, "sampled")
    return [
        rule(
            "VISIT-HOSPITAL",
            "visit/hospital",
            ("test", "clearance"),
            either(
                stated(["clearance"], one_of("purpose", _VISITS)),
                in_order(
                    at_least(1, "test", negative),
                    {"not-after": [clock(-48, "hour"), sampled]},
                    {"not-before": [clock(), sampled]},
                ),
            ),
            says=texts(
                "探视要有探视卡，或 48 小时内的阴性检测。看病的人不问。",
                "探視要有探視卡，或 48 小時內的陰性檢測。看病的人不問。",
                "Visitors need a visitor's card, or a negative test of the last 48 hours. "
                "Nobody who needs care is asked.",
            ),
            then=texts(
                "请在入口办探视卡，或先做检测。告别探视随时办。",
                "請在入口辦探視卡，或先做檢測。告別探視隨時辦。",
                "Please ask at the entrance for a visitor's card, or have a test first. "
                "A farewell visit is arranged at any hour.",
            ),
            basis=basis(
                texts(
                    "示范：医院管理探视的通行做法",
                    "示範：醫院管理探視的通行做法",
                    "Illustrative: the common practice of hospitals with visitors",
                )
            ),
        )
    ]
