"""Invented people who are asked by the packs' rules, and what has to come of it: read by tests and by a page.

A row says who shows what, at which hour (UTC+8, as a clock on the wall there shows it), what the answer
is, which rule decided, and when the answer turns.  What is expected is written by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from typing import Final

from huxin.kernel.instants import parse_partial_date
from huxin.trust import reading
from huxin.trust.credentials.credential import Credential
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Event,
    Examination,
    Facts,
    Name,
    Person,
    Recovery,
    Test,
    Vaccination,
)
from huxin.trust.issue import Format, issue
from huxin.trust.rules.adopt import adopt
from huxin.trust.rules.book import Decision, RuleBook
from tests.lib.regions import REED_ISLES

__all__ = [
    "WALL",
    "Row",
    "book",
    "cards",
    "cleared",
    "course",
    "covid",
    "decide",
    "dose",
    "exempt",
    "fit",
    "had",
    "local",
    "negative",
    "on_wall",
    "positive",
    "rehearsed",
]

WALL: Final = timezone(timedelta(hours=8))

DISEASES: Final = {
    "measles": "1F03",
    "polio": "1C81",
    "dtp": "1C12",
    "yellow fever": "1D47",
}
_FOUND, _NOT_FOUND = Code("snomed", "260373001"), Code("snomed", "260415000")
_NUCLEIC: Final = "LP6464-4"
_COVID: Final = Code("snomed", "840539006")
_SPAN: Final = timedelta(days=365)
_YEAR: Final = ("2026-11-01 00:00", 365)
_OUTBREAK: Final = ("2026-11-16 00:00", 21)


@dataclass(frozen=True, slots=True)
class Row:
    """One person at one hour: `answer` is met or not-met, `rule` the one that decides against them.

    `turns` is the hour on the wall at which the answer becomes the other one, empty where it does not
    while the rules stand.
    """

    who: str
    born: str
    shows: tuple[Event, ...]
    purpose: str
    at: str
    answer: str
    rule: str = ""
    turns: str = ""
    format: Format = "hcert-100"


# ---------------------------------------------------------------------------------- what people show


def dose(disease: str, *days: str) -> tuple[Event, ...]:
    """Doses of a vaccine against one disease, a card each."""
    return tuple(
        Vaccination(
            disease=Code("icd-11", DISEASES[disease]), dose=number, date=parse_partial_date(day)
        )
        for number, day in enumerate(days, 1)
    )


_AT: Final = {"measles": (8, 18), "polio": (2, 3, 4, 48), "dtp": (3, 4, 5, 18, 72)}


def course(disease: str, born: str, number: int) -> tuple[Event, ...]:
    """The first doses of a child's course, each at its age in months."""
    year, month, day = map(int, born.split("-"))
    ages = [month - 1 + age for age in _AT[disease][:number]]
    return dose(disease, *(f"{year + age // 12}-{age % 12 + 1:02d}-{day:02d}" for age in ages))


def had(disease: str, day: str) -> tuple[Event, ...]:
    return (
        Recovery(disease=Code("icd-11", DISEASES[disease]), first_positive=parse_partial_date(day)),
    )


def fit(work: str, until: str) -> tuple[Event, ...]:
    purpose = f"occupational-health/{work}"
    return (Examination(purpose=purpose, valid_until=parse_partial_date(until)),)


def cleared(
    purpose: str, until: str, since: str | None = None, *, exemption: bool = False
) -> tuple[Event, ...]:
    start = parse_partial_date(since) if since else None
    end = parse_partial_date(until)
    return (Clearance(purpose=purpose, exemption=exemption, valid_from=start, valid_until=end),)


def exempt(purpose: str, until: str) -> tuple[Event, ...]:
    return cleared(purpose, until, exemption=True)


def negative(sampled: str, method: str = _NUCLEIC) -> tuple[Event, ...]:
    """A test that found nothing; `sampled` is the hour on the wall."""
    return _test(sampled, method, _NOT_FOUND)


def positive(sampled: str) -> tuple[Event, ...]:
    return _test(sampled, _NUCLEIC, _FOUND)


def _test(sampled: str, method: str, result: Code) -> tuple[Event, ...]:
    return (
        Test(
            disease=_COVID, method=Code("loinc", method), result=result, sampled=local(sampled)
        ),
    )  # fmt: skip


def covid(number: int, series: int, day: str) -> tuple[Event, ...]:
    """A dose of the disease that the dormant pack is rehearsed with."""
    return (
        Vaccination(
            disease=_COVID, vaccine=Code("dcc-vp", "1119349007"), dose=number, series=series,
            date=parse_partial_date(day),
        ),
    )  # fmt: skip


def rehearsed(first_positive: str) -> tuple[Event, ...]:
    return (Recovery(disease=_COVID, first_positive=parse_partial_date(first_positive)),)


# ------------------------------------------------------------------------------------ asking the rules


def local(text: str) -> datetime:
    """Return the instant of an hour on the wall, `2026-11-23 18:00`."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=WALL).astimezone(UTC)


def on_wall(instant: datetime | None) -> str:
    """Return an instant as the wall shows it, cut to the minute; nothing for none."""
    return "" if instant is None else instant.astimezone(WALL).strftime("%Y-%m-%d %H:%M")


@cache
def book(pack: str) -> RuleBook:
    """The rules of a pack as 灯湾 adopts them: for a year, in an outbreak for three weeks."""
    begins, days = _OUTBREAK if pack == "measles-outbreak" else _YEAR
    start = local(begins)
    end = start + timedelta(days=days) - timedelta(seconds=1)
    return adopt(
        pack, region="QV", published=start - timedelta(days=3), valid_from=start, valid_until=end
    )


def decide(row: Row, rules: RuleBook) -> Decision:
    """Ask the rules about the person's cards."""
    return rules.decide(row.purpose, cards(row), now=local(row.at))


def cards(row: Row) -> list[Credential]:
    """Sign the person's cards, and read them back as a checker does."""
    at = local(row.at)
    eu = row.format == "hcert-1"
    name = Name(family=row.who, latin_family="SPECIMEN") if eu else Name(whole=row.who)
    person = Person(name, parse_partial_date(row.born) if row.born else None)
    place = "QW" if eu else None
    return [
        _card(Facts(person, (event,), f"QW-0000-0000-{number:04d}", "苇洲门诊", place), row, at)
        for number, event in enumerate(row.shows)
    ]


def _card(facts: Facts, row: Row, at: datetime) -> Credential:
    # The card's own end is asked by `verify`, not by rules; here it lies behind what the rows ask.
    made = issue(facts, REED_ISLES, now=at, format=row.format, expires=at + _SPAN)
    (opened,) = reading.open(made.text)
    assert opened.credential is not None
    return opened.credential
