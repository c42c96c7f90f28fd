"""School entry: a check of records, not a gate.  Whoever lacks a dose enrols and has it later."""

from __future__ import annotations

from typing import Any, Final

from tools.pack_rules.logic import at_least, both, either, is_, known, one_of, stated, younger_than
from tools.pack_rules.template import Template, basis, codes, rule, texts

__all__ = ["rules"]

_PURPOSE: Final = "school"
_BASIS: Final = basis(
    texts(
        "示范：入托入学查验预防接种证的通行做法",
        "示範：入托入學查驗預防接種證的通行做法",
        "Illustrative: the common practice of checking records at school entry",
    )
)
_THEN: Final = texts(
    "孩子可以入学。请三十天内到接种门诊补种。",
    "孩子可以入學。請三十天內到接種門診補種。",
    "The child may enrol. Please have the missing dose within thirty days.",
)
_OR: Final = texts(
    "或有查验合格、免种的卡。",
    "或有查驗合格、免種的卡。",
    " Or a card that says: complete, or exempt.",
)
_COMPLETE: Final = stated(["clearance"], is_("purpose", "school-entry"))


def _doses(number: int, disease: str) -> Any:
    given = both(one_of("disease", codes(disease)), known("date"))
    return at_least(number, "vaccination", given)


def _rule(identifier: str, doses: Any, says: dict[str, str]) -> Template:
    return rule(
        identifier,
        _PURPOSE,
        ("vaccination", "clearance"),
        either(_COMPLETE, doses),
        says={language: text + _OR[language] for language, text in says.items()},
        then=_THEN,
        effect="informs",
        basis=_BASIS,
    )


def rules() -> list[Template]:
    return [
        _rule(
            "SCHOOL-MEASLES",
            _doses(2, "1F03"),
            texts("含麻疹疫苗种过 2 剂。", "含麻疹疫苗接種過 2 劑。", "Two doses against measles."),
        ),
        _rule(
            "SCHOOL-POLIO",
            {"if": [younger_than(48), _doses(3, "1C81"), _doses(4, "1C81")]},
            texts(
                "脊灰疫苗种过 3 剂，满四岁要 4 剂。",
                "脊灰疫苗接種過 3 劑，滿四歲要 4 劑。",
                "Three doses against polio, four from the age of four.",
            ),
        ),
        _rule(
            "SCHOOL-DTP",
            {"if": [younger_than(72), _doses(4, "1C12"), _doses(5, "1C12")]},
            texts(
                "百白破疫苗种过 4 剂，满六岁要 5 剂。",
                "百白破疫苗接種過 4 劑，滿六歲要 5 劑。",
                "Four doses of the diphtheria, tetanus and pertussis vaccine, five from the age of six.",
            ),
        ),
    ]
