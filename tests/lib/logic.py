"""CertLogic made by chance, for tests that compare one evaluator with another.

The logic is mostly of the right types, so that evaluations go deep, and sometimes not, so that
refusals are compared too.  `datas()` makes what it looks at: few names, so that paths are found.
"""

from __future__ import annotations

from typing import Any, Final

from hypothesis import strategies as st

__all__ = ["clock_datas", "clock_logics", "datas", "logics"]

NAMES: Final = ("a", "b", "0", "1", "dt", "tg")
CLOCKS: Final = (
    "2021-06-01", "2021-06-01T12:00:00Z", "2020-02-29", "2021-01-31T23:59:59.999+02:00", "2021",
    "2021-06", "2021-06-15T00:00:00-1", "2020-01-30T10:00:00Z",
)  # fmt: skip
DATES: Final = (*CLOCKS, *CLOCKS, "2021-13-01", "2021-02-29")
UNITS: Final = ("day", "hour", "month", "year")
CODE: Final = "URN:UVCI:01:AT:10807843F94AEE0EE5093FBC254BD813#B"

scalars = st.one_of(
    st.integers(-3, 30),
    st.booleans(),
    st.sampled_from(("", "x", "840539006", CODE)),
    st.sampled_from(DATES),
)


def datas() -> st.SearchStrategy[Any]:
    """Return data for an expression, with a clock where rules look for it."""
    inner = st.recursive(
        st.one_of(scalars, st.none(), st.sampled_from((1.0, 2.5))),
        lambda one: st.one_of(
            st.lists(one, max_size=4), st.dictionaries(st.sampled_from(NAMES), one, max_size=4)
        ),
        max_leaves=12,
    )
    return st.fixed_dictionaries(
        {
            "payload": inner,
            "external": st.fixed_dictionaries(
                {"validationClock": st.sampled_from(DATES), "valueSets": inner}
            ),
        }
    )


def _paths(*, inside: bool) -> st.SearchStrategy[dict[str, Any]]:
    roots = ["payload", "external.valueSets", "external.validationClock", ""]
    if inside:
        roots += ["current", "accumulator"] * 3
    return st.builds(
        lambda root, rest: {"var": ".".join(part for part in (root, *rest) if part)},
        st.sampled_from(roots),
        st.lists(st.sampled_from(NAMES), max_size=3),
    )


def logics(depth: int = 4, *, inside: bool = False) -> st.SearchStrategy[Any]:
    """Return expressions; `inside` those that stand in a `reduce`."""
    leaf = st.one_of(scalars, _paths(inside=inside))
    if not depth:
        return leaf
    one = st.deferred(lambda: logics(depth - 1, inside=inside))
    time = st.one_of(
        st.builds(
            lambda text, amount, unit: {"plusTime": [text, amount, unit]},
            st.one_of(st.sampled_from(DATES), _paths(inside=inside)),
            st.integers(-400, 400),
            st.sampled_from(UNITS),
        ),
        st.builds(lambda text: {"dccDateOfBirth": [text]}, st.sampled_from(DATES)),
    )
    number = st.one_of(
        st.integers(-3, 30),
        _paths(inside=inside),
        st.builds(lambda left, right: {"+": [left, right]}, one, one),
    )
    array = st.one_of(st.lists(one, max_size=3), _paths(inside=inside))
    truths = st.one_of(
        _named(("and",), one, least=2, most=4),
        _named(("!",), one, least=1, most=1),
        _named(("<", ">", "<=", ">="), number, least=2, most=3),
        _named(("after", "before", "not-after", "not-before"), time, least=2, most=3),
        _named(("===",), one, least=2, most=2),
        st.builds(lambda left, right: {"in": [left, right]}, one, array),
    )
    others = st.one_of(
        _named(("if",), one, least=3, most=3),
        time,
        number,
        array,
        st.builds(
            lambda over, step, first: {"reduce": [over, step, first]},
            array,
            st.deferred(lambda: logics(depth - 1, inside=True)),
            one,
        ),
        st.builds(
            lambda text, index: {"extractFromUVCI": [text, index]}, one, st.integers(-1, 4)
        ),
    )  # fmt: skip
    return st.one_of(truths, truths, others, leaf)


def _named(
    names: tuple[str, ...], one: st.SearchStrategy[Any], *, least: int, most: int
) -> st.SearchStrategy[dict[str, Any]]:
    operands = st.lists(one, min_size=least, max_size=most)
    return st.builds(lambda name, found: {name: found}, st.sampled_from(names), operands)


def clock_datas() -> st.SearchStrategy[Any]:
    """Return data of a card with two dates, and a clock."""
    date = st.sampled_from(CLOCKS)
    return st.builds(
        lambda a, b, clock: {"payload": {"a": a, "b": b}, "external": {"validationClock": clock}},
        date,
        date,
        date,
    )


def clock_logics(depth: int = 3) -> st.SearchStrategy[Any]:
    """Return expressions that compare a card's dates with each other and with the clock."""

    def moved(*paths: str) -> st.SearchStrategy[Any]:
        return st.builds(
            lambda path, amount, unit: {"plusTime": [{"var": path}, amount, unit]},
            st.sampled_from(paths),
            st.integers(-40, 40),
            st.sampled_from(UNITS),
        )

    dates, clock = moved("payload.a", "payload.b"), moved("external.validationClock")
    times = st.sampled_from(("after", "before", "not-after", "not-before"))
    pairs = st.one_of(st.tuples(dates, clock), st.tuples(clock, dates), st.tuples(dates, dates))
    triples = st.one_of(st.tuples(dates, clock, dates), st.tuples(clock, dates, clock))
    compared = st.builds(
        lambda name, found: {name: list(found)}, times, st.one_of(pairs, pairs, triples)
    )
    if not depth:
        return compared
    one = clock_logics(depth - 1)
    return st.one_of(
        compared,
        _named(("and",), one, least=2, most=3),
        _named(("if",), one, least=3, most=3),
        _named(("!",), one, least=1, most=1),
    )
