"""A pandemic, dormant and rehearsed: vaccination, test or recovery, read from EU certificates.

One card that fulfils the rule of its kind is enough.
"""

from __future__ import annotations

from typing import Any, Final

from tools.pack_rules.logic import clock, in_order, var
from tools.pack_rules.template import Template, basis, rule, texts

__all__ = ["VALUE_SETS", "rules"]

VALUE_SETS: Final = {
    "pandemic-diseases": ["840539006"],
    "pandemic-methods": ["LP6464-4"],
    "pandemic-negative": ["260415000"],
}
_BASIS: Final = basis(
    texts(
        "示范：每年演练一次，平时休眠",
        "示範：每年演練一次，平時休眠",
        "Illustrative: rehearsed once a year, dormant otherwise",
    )
)
_THEN: Final = texts(
    "请出示另一张接种、检测或康复证书。到日子可再来。",
    "請出示另一張接種、檢測或康復證書。到日子可再來。",
    "Please show another certificate: vaccination, test or recovery. Or come when the day has come.",
)


def _listed(field: str, name: str) -> Any:
    return {"in": [var(f"payload.{field}"), var(f"external.valueSets.{name}")]}


def _time(field: str) -> Any:
    return {"plusTime": [var(f"payload.{field}"), 0, "day"]}


def _between(field: str, least: tuple[int, str], most: tuple[int, str]) -> list[Any]:
    """The time in a field is so long ago or longer, and not longer than so long."""
    return [
        {"not-before": [clock(-least[0], least[1]), _time(field)]},
        {"not-after": [clock(-most[0], most[1]), _time(field)]},
    ]


def _rule(kind: str, says: dict[str, str], *asked: Any) -> Template:
    return rule(
        f"TRAVEL-{kind.upper()}",
        "travel",
        (kind,),
        in_order(*asked),
        says=says,
        then=_THEN,
        reads="dcc",
        basis=_BASIS,
    )


def rules() -> list[Template]:
    return [
        _rule(
            "vaccination",
            texts(
                "接种：种全满 14 天，不超过 270 天。",
                "接種：種全滿 14 天，不超過 270 天。",
                "Vaccination: complete for fourteen days, and for no more than 270 days.",
            ),
            _listed("v.0.tg", "pandemic-diseases"),
            var("payload.v.0.dn"),
            var("payload.v.0.sd"),
            {">=": [var("payload.v.0.dn"), var("payload.v.0.sd")]},
            var("payload.v.0.dt"),
            *_between("v.0.dt", (14, "day"), (270, "day")),
        ),
        _rule(
            "test",
            texts(
                "检测：72 小时内的核酸检测，阴性。",
                "檢測：72 小時內的核酸檢測，陰性。",
                "Test: a nucleic acid test of the last 72 hours that found nothing.",
            ),
            _listed("t.0.tg", "pandemic-diseases"),
            _listed("t.0.tt", "pandemic-methods"),
            _listed("t.0.tr", "pandemic-negative"),
            var("payload.t.0.sc"),
            *_between("t.0.sc", (0, "hour"), (72, "hour")),
        ),
        _rule(
            "recovery",
            texts(
                "康复：首次阳性后满 11 天，不超过 180 天。",
                "康復：首次陽性後滿 11 天，不超過 180 天。",
                "Recovery: eleven to 180 days after the first positive test.",
            ),
            _listed("r.0.tg", "pandemic-diseases"),
            var("payload.r.0.fr"),
            *_between("r.0.fr", (11, "day"), (180, "day")),
        ),
    ]
