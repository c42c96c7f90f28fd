"""Measles at a school or camp: everybody there is asked for proof of immunity, for 21 days at most."""

from __future__ import annotations

from typing import Final

from tools.pack_rules.logic import any_of, either, one_of, since, stated, younger_than
from tools.pack_rules.template import Template, basis, codes, rule, texts

__all__ = ["rules"]

_MEASLES: Final = one_of("disease", codes("1F03"))
_CLEARED: Final = one_of("purpose", ["measles-outbreak/immune", "measles-outbreak/exempt"])
_LESSONS: Final = texts(
    "在家可以上网课，不算缺课。",
    "在家可以上網課，不算缺課。",
    "Lessons are held online meanwhile; nobody is marked absent.",
)


def rules() -> list[Template]:
    return [
        rule(
            "SCHOOL-MEASLES-OUTBREAK",
            "school/measles",
            ("vaccination", "recovery", "clearance"),
            any_of(
                younger_than(8),
                either(
                    stated(["clearance"], _CLEARED),
                    either(
                        # Who has measles is catching until the fourth day of the rash.
                        since(5, "day", "recovery", _MEASLES, "first_positive"),
                        since(14, "day", "vaccination", _MEASLES, "date").holds,
                    ),
                ),
            ),
            says=texts(
                "本校有麻疹，问到所有人。含麻疹疫苗满 14 天，得过麻疹满 5 天，"
                "或有到校卡，可以到校。不满 8 个月的不问。",
                "本校有麻疹，問到所有人。含麻疹疫苗滿 14 天，得過麻疹滿 5 天，"
                "或有到校卡，可以到校。未滿 8 個月的不問。",
                "There is measles at this place, so everybody is asked. A measles dose, fourteen days "
                "ago, is enough. So is measles five days ago, or a school card. Babies under eight "
                "months are not asked.",
            ),
            then=texts(
                "请到接种门诊接种，满 14 天就可以到校。" + _LESSONS["zh-Hans"],
                "請到接種門診接種，滿 14 天就可以到校。" + _LESSONS["zh-Hant"],
                "Please have a dose; after fourteen days you may come. " + _LESSONS["en"],
            ),
            outbreak={"remote_lessons": _LESSONS},
            basis=basis(
                texts(
                    "示范：学校发生麻疹时的通行做法",
                    "示範：學校發生麻疹時的通行做法",
                    "Illustrative: the common practice of a school with measles",
                )
            ),
        )
    ]
