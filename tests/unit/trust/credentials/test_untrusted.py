from datetime import UTC, date, datetime
from typing import Any

import pytest

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import PartialDate
from huxin.trust.credentials import untrusted
from huxin.trust.credentials.facts import Code


@pytest.mark.parametrize(
    ("value", "expected"),
    [("  a ", "a"), ("", None), (" ", None), (None, None), (7, "7"), (1.5, "1.5")],
)
def test_texts(value: object, expected: str | None) -> None:
    assert untrusted.text({"k": value}, "k") == expected


@pytest.mark.parametrize("value", [b"a", [], {}, True, "a" * 1001])
def test_what_is_no_short_text(value: object) -> None:
    refused(untrusted.text, value)


@pytest.mark.parametrize(("value", "expected"), [(2, 2), (2.0, 2), (None, None), (-1, -1)])
def test_numbers(value: object, expected: object) -> None:
    assert untrusted.number({"k": value}, "k") == expected


@pytest.mark.parametrize("value", ["2", True, 1.5, float("nan"), float("inf"), []])
def test_what_is_no_whole_number_is_absent(value: object) -> None:
    assert untrusted.number({"k": value}, "k") is None


def test_codes() -> None:
    assert untrusted.code({"k": "1F03"}, "k", "icd-11") == Code("icd-11", "1F03")
    assert untrusted.code({}, "k", "icd-11") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-03", PartialDate(2020, 3)),
        (date(2020, 3, 5), PartialDate(2020, 3, 5)),
        (datetime(2020, 3, 5, 1, tzinfo=UTC), PartialDate(2020, 3, 5)),
        ("", None),
        (2020, PartialDate(2020)),
        (2020.0, PartialDate(2020)),
    ],
)
def test_partial_dates(value: object, expected: PartialDate | None) -> None:
    assert untrusted.partial_date({"k": value}, "k") == expected


@pytest.mark.parametrize(
    "value",
    [
        "2013-03-21T20:04:00Z",
        1_363_896_240,
        1_363_896_240.0,
        datetime(2013, 3, 21, 20, 4, tzinfo=UTC),
    ],
)
def test_instants(value: object) -> None:
    assert untrusted.instant({"k": value}, "k") == datetime(2013, 3, 21, 20, 4, tzinfo=UTC)


@pytest.mark.parametrize("value", [None, True, b"now", "yesterday", 1e30, float("nan")])
def test_what_is_no_instant_is_absent(value: object) -> None:
    assert untrusted.instant({"k": value}, "k") is None


@pytest.mark.parametrize("value", ["yesterday", "2020-13", [], b"2020", 2020.5, 1e30])
def test_what_is_no_date_is_absent_unless_it_is_the_birth_date(value: object) -> None:
    assert untrusted.partial_date({"k": value}, "k") is None
    refused(untrusted.strict_date, value)


def test_maps_and_lists_of_maps() -> None:
    assert untrusted.mapping({"k": {"a": 1}}, "k") == {"a": 1}
    refused(untrusted.mapping, [])
    assert untrusted.entries({"a": 1}) == ({"a": 1},)
    assert untrusted.entries([{}, {}]) == [{}, {}]


@pytest.mark.parametrize("value", [None, [], "v", [{}] * 21, [{}, 1]])
def test_what_is_no_list_of_events(value: object) -> None:
    with pytest.raises(RefusalError):
        untrusted.entries(value)


def refused(pick: Any, value: object) -> None:
    with pytest.raises(RefusalError) as caught:
        pick({"k": value}, "k")
    assert caught.value.refusal.code == "implausible"
