from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import (
    PartialDate,
    from_epoch,
    from_epoch_or_last,
    parse_instant,
    parse_partial_date,
    rfc3339,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1964", PartialDate(1964)),
        ("1964-08", PartialDate(1964, 8)),
        ("1964-08-12", PartialDate(1964, 8, 12)),
        ("1964-08-12T00:00:00", PartialDate(1964, 8, 12)),
        ("1964-08-12 10:00", PartialDate(1964, 8, 12)),
        ("1963-00", PartialDate(1963)),
        ("1963-00-00", PartialDate(1963)),
        ("1963-07-00", PartialDate(1963, 7)),
        ("1963-XX-XX", PartialDate(1963)),
        ("1963-xx", PartialDate(1963)),
        ("2000-02-29", PartialDate(2000, 2, 29)),
    ],
)
def test_partial_dates_are_read_at_any_precision(text: str, expected: PartialDate) -> None:
    assert parse_partial_date(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "64",
        "1964-13",
        "1964-02-30",
        "1964-08-12x",
        "19640812",
        "0000",
        "１９６４",
        "1964-08-12" * 9,
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(RefusalError) as caught:
        parse_partial_date(text)
    assert caught.value.refusal.code == "implausible"


@pytest.mark.parametrize(
    ("value", "first", "last", "written"),
    [
        (PartialDate(2020), date(2020, 1, 1), date(2020, 12, 31), "2020"),
        (PartialDate(2020, 2), date(2020, 2, 1), date(2020, 2, 29), "2020-02"),
        (PartialDate(2020, 3, 5), date(2020, 3, 5), date(2020, 3, 5), "2020-03-05"),
    ],
)
def test_a_partial_date_spans_the_days_it_may_mean(
    value: PartialDate, first: date, last: date, written: str
) -> None:
    assert (value.earliest(), value.latest(), str(value)) == (first, last, written)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-30T13:38:50Z", datetime(2021, 5, 30, 13, 38, 50, tzinfo=UTC)),
        ("2021-05-30t13:38:50z", datetime(2021, 5, 30, 13, 38, 50, tzinfo=UTC)),
        ("2021-05-30T13:38:50+02:00", datetime(2021, 5, 30, 11, 38, 50, tzinfo=UTC)),
        ("2021-05-30T13:38:50", datetime(2021, 5, 30, 13, 38, 50, tzinfo=UTC)),
        ("2021-05-30", datetime(2021, 5, 30, tzinfo=UTC)),
        (" 2021-05-30 13:38\n", datetime(2021, 5, 30, 13, 38, tzinfo=UTC)),
        ("20210530T133850+0200", datetime(2021, 5, 30, 11, 38, 50, tzinfo=UTC)),
        ("2021-W21-7T13:38Z", datetime(2021, 5, 30, 13, 38, tzinfo=UTC)),
    ],
)
def test_instants_are_utc(text: str, expected: datetime) -> None:
    assert parse_instant(text) == expected
    assert parse_instant(text).tzinfo == UTC


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "0001-01-01T00:00+14:00", "2021" * 20, "2021-13-01T00:00Z",
        "2021-05-30T13:38:50 +02:00", "2021-05-30T13:38:50 Z", "2021-05-30T13:38:50W+02:00",
        "2021-05-30T13:38:500+02:00", "2021-05-30T13:3850Z", "2021-05-30T13:38:50.Z",
        "2021-05-30T13:38:50+02:0000", "\u00a02021-05-30", "2021-05-30T13:38:5٣Z",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(RefusalError):
        parse_instant(text)


def test_epochs_become_instants() -> None:
    assert from_epoch(1_620_324_000) == datetime(2021, 5, 6, 18, 0, tzinfo=UTC)
    assert from_epoch(1_620_324_000.25).microsecond == 250_000


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), 1e30, -1e30])
def test_epochs_outside_the_calendar_are_refused(seconds: float) -> None:
    with pytest.raises(RefusalError):
        from_epoch(seconds)


@pytest.mark.parametrize("seconds", [253_402_300_799, 253_402_300_799.5, 1e30, 10**400])
def test_a_later_epoch_is_the_last_second_where_that_is_asked(seconds: float) -> None:
    assert from_epoch_or_last(seconds) == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [float("nan"), float("inf"), -1e30])
def test_what_is_no_number_is_no_epoch_even_then(seconds: float) -> None:
    with pytest.raises(RefusalError):
        from_epoch_or_last(seconds)


def test_instants_are_written_in_utc() -> None:
    eastern = datetime(2026, 11, 23, 18, 0, 59, tzinfo=timezone(timedelta(hours=8)))
    assert rfc3339(eastern) == "2026-11-23T10:00:59Z"
    assert rfc3339(eastern, "minutes") == "2026-11-23T10:00Z"
