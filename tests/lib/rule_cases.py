"""Cases for the doors of rules, made by chance: expressions, single rules, and people who are asked by a place's rules.

Everything that a case holds is JSON, and what is signed in it is signed by a key that the case lends.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, Final

from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.credentials.facts import Facts
from huxin.trust.issue import FORMATS, Format, issue
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, publish
from tests.lib import hostile
from tests.lib.facts import kept_by
from tests.lib.logic import clock_datas, clock_logics, datas, logics
from tests.lib.pack_people import book, cards, local
from tests.lib.pack_rows import ROWS
from tests.lib.regions import LANTERN_BAY, NOW, REED_ISLES, facts
from tests.lib.rules import document, foreign, rule_set
from tools.vectors import plain

__all__ = [
    "any_cards",
    "checks",
    "eu_people",
    "evaluations",
    "pack_people",
    "shown_rows",
    "status_cases",
]

Case = dict[str, Any]

KEYS: Final = [{"jwk": REED_ISLES.key.public.jwk(), "region": "QW"}]
# Near the hour of the row, and far from it: cards begin at that hour, and rules end within a year.
_HOURS: Final = st.integers(0, 72) | st.integers(0, 24 * 400) | st.integers(-48, 0)
_PURPOSES: Final = ("school", "entry", "visit", "x")


def _replaced(value: Any, by: Any, turns: list[int]) -> Any:
    """Return nested data in which one place, found by the turns, is another value."""
    chosen = iter(turns)
    return hostile.replaced(value, by, lambda number: next(chosen, 0) % number)


_TURNS: Final = st.lists(st.integers(0, 30), max_size=8)

# ----------------------------------------------------------------------- expressions and single rules


def evaluations() -> st.SearchStrategy[Case]:
    """Expressions over data: mostly of the right types, and with any JSON at one place."""
    made = st.builds(lambda logic, data: {"logic": logic, "data": data}, logics(), datas())
    return made | st.builds(_replaced, made, hostile.json_values(), _TURNS)


def checks() -> st.SearchStrategy[Case]:
    """Rules in either spelling and a payload, and such with any JSON at one place."""

    def made(spelling: Callable[..., Any], logic: Any, data: Any) -> Case:
        name = "Logic" if spelling is foreign else "logic"
        # In the EU's spelling a rule is an operation: a literal is asked whether it is true.
        bare = spelling is document or isinstance(logic, dict | bool)
        return {"rule": spelling(**{name: logic if bare else {"!": [{"!": [logic]}]}}), **data}

    spellings = st.sampled_from((document, foreign))
    whole = st.one_of(
        st.builds(made, spellings, logics(), datas()),
        st.builds(made, spellings, clock_logics(), clock_datas()),
    )
    return whole | st.builds(_replaced, whole, hostile.json_values(), _TURNS)


# ------------------------------------------------------------------------------ people and their place


@cache
def _texts(pack: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(card.text for card in cards(row)) for row in ROWS[pack])


@cache
def _rules(pack: str) -> dict[str, Any]:
    return rule_set(book(pack))


def shown_rows() -> st.SearchStrategy[tuple[str, int, list[int], int]]:
    """A pack, one of its people, which of their cards are shown, and how many hours from the row's own."""
    packs = st.sampled_from([one for one in reader.pack_ids() if ROWS.get(one)])
    return packs.flatmap(
        lambda pack: st.tuples(
            st.just(pack), st.integers(0, len(ROWS[pack]) - 1), st.lists(st.integers(0, 9), max_size=9), _HOURS
        )
    )  # fmt: skip


def pack_people() -> st.SearchStrategy[Case]:
    """People of the packs with some of their cards, at another hour, asked for a purpose of the pack or none."""

    def made(shown: tuple[str, int, list[int], int], purpose: str | None, lent: bool) -> Case:
        pack, number, left_out, hours = shown
        row = ROWS[pack][number]
        texts = [text for at, text in enumerate(_texts(pack)[number]) if at not in left_out]
        case: Case = {
            "texts": texts or list(_texts(pack)[number]) or ["HC1:"],
            "keys": KEYS if lent else [],
            "rules": _rules(pack),
            "at": (local(row.at) + timedelta(hours=hours)).isoformat(),
        }
        asked = row.purpose if purpose is None else purpose
        return case | ({"purpose": asked} if asked else {})

    purposes = st.none() | st.sampled_from((*_PURPOSES, "", "entry/x"))
    return st.builds(made, shown_rows(), purposes, st.integers(0, 9).map(bool))


def eu_people() -> st.SearchStrategy[Case]:
    """EU certificates, some with any CBOR at one place, asked by rules about certificates and about facts."""
    values = hostile.cbor_values() | st.none()
    spoilt = st.none() | st.none() | st.tuples(values, _TURNS)
    texts = st.builds(_certificate, st.sampled_from("vvvtr"), _ENTRIES, spoilt)
    shown = st.lists(texts.filter(bool), min_size=1, max_size=2)
    kinds = st.sampled_from(("General", "General", "Vaccination", "Test"))
    rules = st.lists(st.builds(_asked, st.integers(0, 2), kinds, _questions(), _ABOUT), min_size=1, max_size=4)  # fmt: skip
    hours = st.integers(-24 * 90, 24 * 90)

    def made(texts: list[str], asked: list[Any], hours: int, region: str | None) -> Case:
        # One version with two contents is refused: mostly there are versions of one rule, and other rules.
        named = [one | {"id" if "id" in one else "Identifier": f"R-{at // 2}"} for at, one in enumerate(asked)]  # fmt: skip
        rules = {"rules": named, "valueSets": {"x": ["x"]}}
        at = (NOW + timedelta(hours=hours)).isoformat()
        return {"texts": texts, "keys": KEYS, "rules": rules, "purpose": "entry", "region": region, "at": at}  # fmt: skip

    return st.builds(made, shown, rules, hours, st.none() | st.sampled_from(("QX", "QV")))


# What a rule is, whose, and for which engine.
_ABOUT: Final = st.fixed_dictionaries(
    {},
    optional={
        "Type": st.sampled_from(("Acceptance", "Invalidation")),
        "Country": st.sampled_from(("QV", "QW", "QX")),
        "EngineVersion": st.sampled_from(("0.7.5", "1.3.0", "1.3.0", "1.4.0")),
    },
)
_FULL_DAYS: Final = st.dates(date(2025, 1, 1), date(2026, 8, 1)).map(str)
_DAYS: Final = _FULL_DAYS | st.sampled_from(("2025", "2026-05"))
_ENTRIES: Final = st.fixed_dictionaries(
    {"dt": _DAYS, "fr": _DAYS, "sc": _FULL_DAYS.map(lambda day: f"{day}T08:00:00+02:00"),
    },
    optional={
        "dn": st.integers(0, 3), "sd": st.integers(0, 3), "mp": st.sampled_from(("x", "EU/1/20/1528")),
        "df": _DAYS, "du": _DAYS, "co": st.sampled_from(("QV", "QW", "QX")), "extra": st.sampled_from(({5: [None, 1.5]}, b"x", 2.0, 2**60, -(2**64))),
    },
)  # fmt: skip


def _certificate(
    kind: str, entry: dict[str, Any], spoilt: tuple[Any, list[int]] | None
) -> str | None:
    """Return a signed certificate of one kind; nothing where a value cannot be written."""
    entry = {"tg": "840539006", "ci": "URN:UVCI:01:QW:X", "tr": "260415000", "tt": "x"} | entry
    if spoilt is not None:
        entry = _replaced({**entry, "co": "QW"}, *spoilt)
    begun = int(NOW.timestamp()) - 10**7
    body = {"nam": {"fn": "X"}, "dob": "1990", kind: [entry]}
    claims = {1: "QW", 4: begun + 2 * 10**7, 6: begun, -260: {1: body}}
    try:
        return hostile.signed_hcert(plain.cbor(claims))
    except (OverflowError, TypeError, ValueError):
        return None


def _questions() -> st.SearchStrategy[Any]:
    """Questions about a certificate that mostly have an answer."""
    fields = ("dob", "v.0.dt", "v.0.dn", "v.0.mp", "t.0.sc", "r.0.fr", "v", "v.0", "v.0.extra.5")
    known = st.sampled_from(("countryCode", "issuerCountryCode", "region", "kid", "exp"))
    outside = known.map(lambda name: {"var": f"external.{name}"})
    paths = outside | st.sampled_from(fields).map(lambda path: {"var": f"payload.{path}"})
    dates = st.sampled_from(("v.0.dt", "dob", "t.0.sc", "r.0.df")).map(lambda path: {"var": f"payload.{path}"})  # fmt: skip
    moved = st.builds(lambda path, days: {"plusTime": [path, days, "day"]}, dates, st.integers(-40, 40))  # fmt: skip
    clock = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}
    order = st.sampled_from(("before", "after", "not-before", "not-after"))
    times = st.builds(lambda name, time: {name: [time, clock]}, order, moved)
    # What is not there is not asked about, else nearly every answer is a fault.
    asked = st.builds(lambda path, time: {"if": [path, time, True]}, dates, times)
    return st.one_of(
        paths, times, asked, asked, clock_logics(1),
        st.builds(lambda path, number: {">=": [path, number]}, paths, st.integers(0, 3)),
        st.builds(lambda path: {"!": [{"===": [path, "x"]}]}, paths),
    )  # fmt: skip


def _asked(number: int, kind: str, logic: Any, about: dict[str, Any]) -> Any:
    if kind == "Test" and number == 0:  # one that reads facts stands beside them
        dates = {"valid_from": "2020-01-01T00:00:00Z", "valid_until": "2030-01-01T00:00:00Z"}
        return document(purpose="entry", logic=logic, **dates)
    versions = ("1.0.0", "1.0.10", "1.9.0")
    # A rule is an operation: what is no object is asked whether it is true.
    asked = logic if isinstance(logic, dict | bool) else {"!": [{"!": [logic]}]}
    return foreign(CertificateType=kind, Logic=asked, Version=versions[number], **about)


def any_cards() -> st.SearchStrategy[Case]:
    """Cards of every format as they can be issued, asked what they read of themselves, and until when they hold."""

    def text_of(format: Format, facts: Facts) -> str | None:
        try:
            return issue(facts, REED_ISLES, now=NOW, format=format).text
        except RefusalError:
            return None

    texts = st.sampled_from(FORMATS).flatmap(
        lambda format: kept_by(format).map(lambda facts: text_of(format, facts))
    )
    rules = [
        document(logic=logic, purpose="visit", reads=reads, id=f"QV-{number}")
        for number, (reads, logic) in enumerate(
            (("facts", {"!": [{"var": "payload"}]}), ("facts", True), ("dcc", {"===": [{"var": "payload"}, 1]}))
        )
    ]  # fmt: skip
    keys = [*KEYS, {"jwk": KEYS[0]["jwk"], "issuer": REED_ISLES.health_card_issuer}]
    case = {"keys": keys, "purpose": "visit"}
    return st.builds(
        lambda shown, asked, hours: {
            **case,
            "texts": shown,
            "rules": [rules[one] for one in asked],
            "at": (NOW + timedelta(hours=hours)).isoformat(),
        },
        st.lists(texts.filter(bool), min_size=1, max_size=2),
        st.lists(st.integers(0, 2), min_size=1, max_size=2, unique=True),
        st.integers(0, 24 * 200),
    )


# --------------------------------------------------------------------------------------- status sets

_URIS: Final = ("https://node.example.org/status/1", "https://node.example.org/status/2")
_DAY: Final = timedelta(days=1)


@cache
def _card(uri: str, index: int) -> str:
    status = StatusIndex(uri, index)
    return issue(facts(), REED_ISLES, now=NOW - 10 * _DAY, status=status).text


@cache
def _files(region: str, uri: str, signed_by: str) -> tuple[bytes, ...]:
    """Sets of one list, one after another, and the deltas between them."""
    signer = {"QW": REED_ISLES, "QV": LANTERN_BAY}[signed_by]
    steps = ((), (3,), (3, 77), (3, 5, 77, 9_000))
    held = [
        Held(ListName(region, uri), number, IndexSet.of(indices), NOW - (5 - number) * _DAY, NOW + number * _DAY)
        for number, indices in enumerate(steps, start=1)
    ]  # fmt: skip
    wholes = [publish(one, signer) for one in held]
    deltas = [publish(after, signer, before=before) for before, after in pairwise(held)]  # fmt: skip
    return (*wholes, *deltas)


def status_cases() -> st.SearchStrategy[Case]:
    """Cards that name a place of a list, and files of lists in any order, spoilt or of another region."""
    regions = st.sampled_from(("QW", "QW", "QW", "QV"))
    files = st.builds(
        lambda region, uri, signed, number, edits: hostile.spoiled(_files(region, uri, signed)[number], edits),
        regions, st.sampled_from(_URIS), regions, st.integers(0, 6),
        st.just([]) | st.just([]) | hostile.edits(),
    )  # fmt: skip

    def of(region: str, uri: str, shown: list[bytes]) -> Case:
        return {"region": region, "uri": uri, "files": [base64.b64encode(one).decode() for one in shown]}  # fmt: skip

    def good(region: str, uri: str, numbers: list[int]) -> Case:
        return of(region, uri, [_files(region, uri, region)[one] for one in numbers])

    orders = st.sampled_from(([0], [0, 4, 5], [0, 4, 5, 6], [1, 5, 6], [3], [3], [3], [2, 1], [0, 5], [0, 0]))  # fmt: skip
    lists = st.builds(of, regions, st.sampled_from(_URIS), st.lists(files, max_size=4))
    lists |= st.builds(good, regions, st.sampled_from(_URIS), orders)
    shown = st.lists(st.tuples(st.sampled_from(_URIS), st.sampled_from((3, 4, 77, 9_000, 2**20))), min_size=1, max_size=2)  # fmt: skip

    def made(
        places: list[tuple[str, int]], sets: list[Case], about: tuple[Any, ...], hours: int
    ) -> Case:
        region, revoked = about
        keys = [{"jwk": REED_ISLES.key.public.jwk(), "region": region}, {"jwk": LANTERN_BAY.key.public.jwk(), "region": "QV"}]  # fmt: skip
        at = NOW + timedelta(hours=hours)
        case = {"texts": [_card(*one) for one in places], "keys": keys, "sets": sets, "at": at.isoformat()}  # fmt: skip
        return case | ({} if revoked is None else {"revoked": revoked})

    about: st.SearchStrategy[Any] = st.tuples(
        st.sampled_from(("QW", "QW", "QW", "QW", "QV", None)), st.none() | st.just([])
    )
    return st.builds(made, shown, st.lists(lists, max_size=3), about, st.integers(-48, 60))
