"""The international vaccination certificate: what a border asks for yellow fever and polio."""

from __future__ import annotations

from typing import Final

from tools.pack_rules.logic import (
    at_least,
    both,
    clock,
    earliest,
    either,
    in_order,
    is_,
    known,
    latest,
    one_of,
    since,
    stated,
)
from tools.pack_rules.template import Template, basis, codes, rule, texts

__all__ = ["rules"]

_KINDS: Final = ("vaccination", "clearance")
_OR: Final = texts(
    "或有写明符合、免种的卡。", "或有寫明符合、免種的卡。", " Or a card that says: met, or exempt."
)
_THEN: Final = texts(
    "请到旅行接种门诊接种，到日子再来。",
    "請到旅行接種門診接種，到日子再來。",
    "Please have the dose at a travel clinic, and come when the days have passed.",
)


def _with_or(says: dict[str, str]) -> dict[str, str]:
    return {language: text + _OR[language] for language, text in says.items()}


def _yellow_fever() -> Template:
    given = one_of("disease", codes("1D47"))
    return rule(
        "ENTRY-YELLOW-FEVER",
        "entry/yellow-fever",
        _KINDS,
        either(
            stated(["clearance"], is_("purpose", "icvp/yellow-fever")),
            since(10, "day", "vaccination", given, "date").holds,
        ),
        says=_with_or(
            texts(
                "种过黄热疫苗，满 10 天，终身有效。",
                "接種過黃熱疫苗，滿 10 天，終身有效。",
                "A dose against yellow fever, ten or more days ago; it counts for life.",
            )
        ),
        then=_THEN,
        basis=basis(
            texts(
                "《国际卫生条例（2005）》", "《國際衛生條例（2005）》",
                "International Health Regulations (2005)",
            ),
            "Annex 7",
        ),
    )  # fmt: skip


def _polio() -> Template:
    given = both(one_of("disease", codes("1C81")), known("date"))
    return rule(
        "ENTRY-POLIO",
        "entry/polio",
        _KINDS,
        either(
            stated(["clearance"], is_("purpose", "icvp/polio")),
            in_order(
                at_least(1, "vaccination", given),
                {"before": [clock(-12, "month"), latest(["vaccination"], given, "date")]},
                {"not-before": [clock(-28), earliest(["vaccination"], given, "date")]},
            ),
        ),
        says=_with_or(
            texts(
                "脊灰疫苗：最近一剂未满 12 个月，并有一剂满 4 周。",
                "脊灰疫苗：最近一劑未滿 12 個月，並有一劑滿 4 週。",
                "Polio: the last dose less than twelve months ago, and one at least four weeks ago.",
            )
        ),
        then=_THEN,
        basis=basis(
            texts(
                "示范：国际旅行中查验脊灰接种的通行做法",
                "示範：國際旅行中查驗脊灰接種的通行做法",
                "Illustrative: the common practice of asking travellers for polio vaccination",
            )
        ),
    )


def rules() -> list[Template]:
    return [_yellow_fever(), _polio()]
