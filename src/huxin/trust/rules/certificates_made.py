"""EU certificates made to measure: the codes that rules name, at the ages that they measure; see `crafted`.

Codes with a system before them are left out: a certificate of the EU never writes one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice, product
from typing import Any, Final

from huxin.trust.rules.crafted import births, codes_named, fitting_ages, variants
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.wallet import Certificate

__all__ = ["certificates_made"]

_MOST: Final = 3_000
# What a certificate says where rules do not ask for it.
_USUAL: Final = {
    "tg": "840539006", "vp": "1119349007", "mp": "EU/1/20/1528", "ma": "ORG-100030215",
    "tt": "LP6464-4",
}  # fmt: skip
_FOUND: Final = "260373001"
_NOT_FOUND: Final = "260415000"
_UNKNOWN: Final = "0"
_DOSES: Final = ((1, 1), (2, 2), (3, 3), (1, 2), (2, 1))


def certificates_made(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], now: datetime
) -> Iterator[Certificate]:
    """Yield certificates of every kind, of people of every age that the rules ask for."""
    return islice(_made(rules, value_sets, now), _MOST)


def _made(
    rules: Sequence[Rule], value_sets: Mapping[str, list[str]], now: datetime
) -> Iterator[Certificate]:
    codes = {name: _codes(rules, value_sets, name) or [_USUAL[name]] for name in _USUAL}
    results = [*_codes(rules, value_sets, "tr"), _NOT_FOUND, _FOUND, _UNKNOWN]
    today = now.date()
    ages, born = fitting_ages(rules, now), births(rules, today)
    for birth, age in product(born, ages):
        head = {"ver": "1.3.0", "dob": birth, "nam": {"fnt": "N"}}
        for disease in codes["tg"]:
            for kind, name, entry in _entries(codes, list(dict.fromkeys(results)), today, age):
                yield Certificate(0, kind, {**head, name: [{"tg": disease, **entry}]})


def _codes(rules: Sequence[Rule], value_sets: Mapping[str, list[str]], name: str) -> list[str]:
    return [code for code in codes_named(rules, value_sets, name) if ":" not in code]


def _entries(
    codes: Mapping[str, list[str]], results: Sequence[str], today: date, age: int
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    day = today - timedelta(days=age)
    for of, (dose, series) in product(variants(codes, ("vp", "mp", "ma")), _DOSES):
        entry = {name: of[name][0] for name in ("vp", "mp", "ma")}
        yield "vaccination", "v", {**entry, "dn": dose, "sd": series, "dt": day.isoformat()}
    for of, result in product(variants(codes, ("tt", "ma")), results):
        entry = {"tt": of["tt"][0], "ma": of["ma"][0], "tr": result}
        yield "test", "t", {**entry, "sc": f"{day.isoformat()}T00:00:00Z"}
    yield (
        "recovery",
        "r",
        {
            "fr": day.isoformat(),
            "df": (day + timedelta(days=11)).isoformat(),
            "du": (day + timedelta(days=180)).isoformat(),
        },
    )
