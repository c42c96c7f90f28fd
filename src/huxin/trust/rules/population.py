"""An invented population with wallets, on which rules are tried before anybody real is asked.

    for person in population(seed=1, size=100_000, today=date(2026, 11, 28)): …

Deterministic: the same seed gives the same people, on every machine and in every language; the generator is
splitmix64 (Steele, Lea, Flood 2014), written out here.  Ages follow a plain pyramid, wallets the packs: doses of
childhood with the gaps and delays that occur, travel vaccinations, check-ups for work, clearances, a wave of
tests, and EU certificates.  Nobody in it is anybody, and the shares are assumptions, listed below.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from huxin.trust.rules.wallet import Certificate, Wallet

__all__ = ["AGE_BANDS", "Invented", "age_band", "population"]

AGE_BANDS: Final = (0, 3, 6, 12, 18, 30, 45, 60, 75)
"""The first age of each band; the last has no end."""

_MASK: Final = 2**64 - 1
_DAYS_OF_YEAR: Final = 365.25
# Share of people younger than each age: a middle-aged region that grows old.
_PYRAMID: Final = (
    (0.0, 0), (0.05, 5), (0.11, 10), (0.17, 15), (0.22, 20), (0.35, 30), (0.49, 40),
    (0.63, 50), (0.77, 60), (0.89, 70), (0.96, 80), (1.0, 100),
)  # fmt: skip

# Disease, vaccine, months of age at which doses are due; the doses of one child are early, late or missing.
_SCHEDULE: Final = (
    ("icd-11:1F03", "huxin:mmr", (8, 18)),
    ("icd-11:1C81", "huxin:polio", (2, 3, 4, 48)),
    ("icd-11:1C12", "huxin:dtp", (3, 4, 5, 18, 72)),
    ("icd-11:1C85", "huxin:je", (8, 24)),
    ("icd-11:1C1C", "huxin:mena", (6, 9)),
    ("icd-11:1E50.0", "huxin:hepa", (18,)),
)
_KEPT_SINCE: Final = 35  # older people have no record of their childhood's doses
_GIVEN: Final = 0.96
_WORK_CLASSES: Final = (
    ("food", 0.055), ("public-places", 0.03), ("childcare", 0.012),
    ("drinking-water", 0.003), ("cosmetics", 0.002),
)  # fmt: skip
_COVID: Final = "840539006"
_PRODUCTS: Final = (
    ("EU/1/20/1528", "ORG-100030215", "1119349007"),
    ("EU/1/20/1507", "ORG-100031184", "1119349007"),
    ("EU/1/21/1529", "ORG-100001699", "1119305005"),
)


class _Chance:
    """A stream of numbers that only the seed decides."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def share(self) -> float:
        """Return a number from 0 (included) to 1 (excluded)."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        mixed ^= mixed >> 31
        return (mixed >> 11) / 2**53

    def below(self, limit: int) -> int:
        """Return a whole number from 0 to `limit` - 1."""
        return int(self.share() * limit)

    def happens(self, share: float) -> bool:
        """Tell whether something of that share happens."""
        return self.share() < share


@dataclass(frozen=True, slots=True)
class Invented:
    """Nobody: an age in whole years, a sex, and what a wallet of theirs would let rules read."""

    number: int
    age: int
    sex: str
    facts: Mapping[str, Any]
    certificates: tuple[Certificate, ...]

    @property
    def kinds(self) -> str:
        """The kinds of events in the wallet, as one word."""
        held = [kind for kind in _KINDS if self.facts[kind]]
        held += ["certificate"] if self.certificates else []
        return "+".join(held) or "nothing"

    def wallet(self, value_sets: Mapping[str, list[str]]) -> Wallet:
        """Return the wallet as rules see it."""
        return Wallet(self.facts, self.certificates, value_sets)


_KINDS: Final = ("vaccination", "test", "recovery", "examination", "clearance")


def age_band(age: int) -> str:
    """Return the band of an age, such as `6-11` or `75+`."""
    first = max(one for one in AGE_BANDS if one <= age)
    later = [one for one in AGE_BANDS if one > first]
    return f"{first}-{later[0] - 1}" if later else f"{first}+"


def population(*, seed: int, size: int, today: date) -> Iterator[Invented]:
    """Yield `size` people as they stand on `today`."""
    for number in range(size):
        # A stream of each person's own: one more draw for one changes nobody else.
        yield _person(number, _Chance(seed * 1_000_003 + number), today)


def _person(number: int, chance: _Chance, today: date) -> Invented:
    days = int(_age(chance.share()) * _DAYS_OF_YEAR)
    birth = today - timedelta(days=days)
    age = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
    facts: dict[str, Any] = {
        "birth": _written(birth, chance),
        "vaccination": [*_childhood(birth, age, today, chance), *_travel(age, today, chance)],
        "test": _tests(today, chance),
        "recovery": _recovery(birth, age, chance),
        "examination": _check_up(age, today, chance),
        "clearance": _clearances(age, today, chance),
    }
    facts["vaccination"].sort(key=lambda dose: dose["date"])
    sex = ("F", "M")[chance.happens(0.505)]
    return Invented(number, age, sex, facts, tuple(_certificates(birth, age, today, chance)))


def _age(share: float) -> float:
    step = next(step for step in pairwise(_PYRAMID) if share < step[1][0])
    (low, young), (high, old) = step
    return young + (old - young) * (share - low) / (high - low)


def _written(birth: date, chance: _Chance) -> str:
    """Write a birth date as it stands on cards: mostly whole, sometimes known in part."""
    if chance.happens(0.97):
        return birth.isoformat()
    return birth.isoformat()[: 7 if chance.happens(0.5) else 4]


def _childhood(birth: date, age: int, today: date, chance: _Chance) -> Iterator[dict[str, Any]]:
    if age >= _KEPT_SINCE:
        return
    careful = chance.happens(0.93)  # the doses of a careless house are missed together
    for disease, vaccine, months in _SCHEDULE:
        for dose, month in enumerate(months, start=1):
            late = int(chance.share() ** 3 * 300)
            given = birth + timedelta(days=int(month * 30.4375) + late)
            if given <= today and chance.happens(_GIVEN if careful else 0.55):
                yield {
                    "disease": disease,
                    "vaccine": vaccine,
                    "dose": dose,
                    "series": len(months),
                    "date": given.isoformat(),
                }


def _travel(age: int, today: date, chance: _Chance) -> Iterator[dict[str, Any]]:
    if age < 1:
        return
    for disease, vaccine, share, years in (
        ("icd-11:1D47", "huxin:yf", 0.035, 10),
        ("icd-11:1C81", "huxin:polio", 0.02, 2),
    ):
        if chance.happens(share):
            given = today - timedelta(days=chance.below(years * 365))
            dose = {"disease": disease, "vaccine": vaccine, "dose": 1, "date": given.isoformat()}
            if vaccine == "huxin:yf":
                dose["valid_from"] = (given + timedelta(days=10)).isoformat()
            else:
                dose["valid_until"] = (given + timedelta(days=365)).isoformat()
            yield dose


def _tests(today: date, chance: _Chance) -> list[dict[str, Any]]:
    if not chance.happens(0.04):
        return []
    sampled = today - timedelta(days=chance.below(10))
    result = "snomed:260373001" if chance.happens(0.08) else "snomed:260415000"
    hour = 8 + chance.below(10)
    return [
        {
            "disease": "icd-11:1F03" if chance.happens(0.2) else "icd-11:RA01",
            "method": "loinc:94500-6",
            "result": result,
            "sampled": f"{sampled.isoformat()}T{hour:02d}:00:00Z",
        }
    ]


def _recovery(birth: date, age: int, chance: _Chance) -> list[dict[str, Any]]:
    """Measles went through whole cohorts before there was a vaccine; few have it on a card."""
    if not chance.happens(0.06 if age >= 50 else 0.003) or age < 2:
        return []
    return [
        {
            "disease": "icd-11:1F03",
            "first_positive": (birth + timedelta(days=400 + chance.below(3_000))).isoformat()[:4],
        }
    ]


def _check_up(age: int, today: date, chance: _Chance) -> list[dict[str, Any]]:
    if not 16 <= age < 65:
        return []
    found = []
    for work_class, share in _WORK_CLASSES:
        if chance.happens(share):
            done = today - timedelta(days=chance.below(500))
            until = done + timedelta(days=364)
            purpose = f"occupational-health/{work_class}"
            found.append(
                {
                    "purpose": purpose,
                    "performed": done.isoformat(),
                    "valid_until": until.isoformat(),
                }
            )
    return found


def _clearances(age: int, today: date, chance: _Chance) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    until = (today + timedelta(days=chance.below(400) - 30)).isoformat()
    if age < 18 and chance.happens(0.25):
        found.append({"purpose": "school-entry", "exemption": False, "valid_until": until})
    if chance.happens(0.004):
        found.append({"purpose": "school-entry", "exemption": True, "valid_until": until})
    if chance.happens(0.015):
        found.append({"purpose": "hospital-visit/ward", "exemption": False, "valid_until": until})
    return found


def _certificates(birth: date, age: int, today: date, chance: _Chance) -> Iterator[Certificate]:
    """Yield the EU certificates of a person: a vaccination, seldom a test or a recovery."""
    head: dict[str, Any] = {"ver": "1.3.0", "dob": birth.isoformat(), "nam": {"fnt": "N"}}
    card = 0
    if age >= 12 and chance.happens(0.3):
        product, maker, vaccine = _PRODUCTS[chance.below(len(_PRODUCTS))]
        series = 1 + chance.happens(0.8)
        done = series if chance.happens(0.93) else 1
        given = today - timedelta(days=chance.below(500))
        entry = {"tg": _COVID, "vp": vaccine, "mp": product, "ma": maker, "dn": done, "sd": series}
        yield Certificate(card, "vaccination", head | {"v": [entry | {"dt": given.isoformat()}]})
        card += 1
    if chance.happens(0.02):
        sampled = today - timedelta(days=chance.below(5))
        result = "260373001" if chance.happens(0.05) else "260415000"
        entry = {"tg": _COVID, "tt": "LP6464-4" if chance.happens(0.6) else "LP217198-3"}
        entry |= {"tr": result, "sc": f"{sampled.isoformat()}T{8 + chance.below(10):02d}:00:00Z"}
        yield Certificate(card, "test", head | {"t": [entry]})
        card += 1
    if chance.happens(0.015):
        first = today - timedelta(days=chance.below(300))
        entry = {"tg": _COVID, "fr": first.isoformat()}
        entry |= {"df": (first + timedelta(days=11)).isoformat()}
        entry |= {"du": (first + timedelta(days=180)).isoformat()}
        yield Certificate(card, "recovery", head | {"r": [entry]})
