from datetime import UTC, datetime

import pytest

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError


def tag_0(text: str) -> str:
    return cbor.dumps(cbor.Tag(0, text)).hex()


def refused(data: bytes) -> str:
    with pytest.raises(RefusalError) as caught:
        cbor.loads(data)
    return caught.value.refusal.code


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing", ""),
        ("cut short", "a2010102"),
        ("repeated key", "a201010102"),
        ("repeated key inside", "81a2616101616102"),
        ("bytes after the end", "0102"),
        ("seventeen deep", "81" * 17 + "00"),
        ("text that is not UTF-8", "62ffff"),
        ("bignum", "c24101"),
        ("decimal of astronomic size", "c4821b00ffffffffffffff01"),
        ("shared value", "d81c80"),
        ("reference to a shared value", "d81d00"),
        ("regular expression", "d82363612b62"),
        ("mail", "d8244100"),
        ("uuid", "d8255000000000000000000000000000000000"),
        ("set", "d9010280"),
        ("self-described", "d9d9f700"),
        ("an instant that is none", "c06178"),
        ("a date without a time", "c06a323032312d30362d3031"),
        ("an instant that is no text", "c001"),
        ("an instant after the calendar", tag_0("9999-12-31T23:59:59-14:00")),
        ("an instant before the calendar", tag_0("0001-01-01T00:00:00+14:00")),
        ("an epoch beyond the calendar", "c11bffffffffffffffff"),
        ("a list longer than the data", "9b00ffffffffffffff"),
        ("a break without a beginning", "ff"),
    ],
)
def test_refused(name: str, data: str) -> None:
    assert refused(bytes.fromhex(data)) == "cbor", name


def test_a_caller_may_bring_another_limit() -> None:
    data = cbor.dumps(bytes(cbor.MAX_BYTES))
    assert refused(data) == "too-big"
    assert cbor.loads(data, limit=len(data)) == bytes(cbor.MAX_BYTES)
    with pytest.raises(RefusalError, match="too-big"):
        cbor.loads(data, limit=len(data) - 1)
    # Read from a stream, an item that ends exactly with it must not be taken for one cut short.
    with pytest.raises(RefusalError, match="cbor"):
        cbor.loads(data[:-1], limit=len(data))
    with pytest.raises(RefusalError, match="after the end"):
        cbor.loads(data + b"\0", limit=2 * len(data))


def test_too_long_is_refused_before_it_is_read() -> None:
    assert refused(b"\x00" * (cbor.MAX_BYTES + 1)) == "too-big"


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("a10126", {1: -7}),
        ("81" * 16 + "00", None),
        ("bf616101ff", {"a": 1}),
        ("c11a514b67b0", datetime(2013, 3, 21, 20, 4, tzinfo=UTC)),
        (tag_0("2013-03-21T20:04:00Z"), datetime(2013, 3, 21, 20, 4, tzinfo=UTC)),
        (tag_0("2013-03-21T20:04:00.123456789Z"), datetime(2013, 3, 21, 20, 4, 0, 123456, UTC)),
        (tag_0("9999-12-31T23:59:59Z"), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("f90000", 0.0),
    ],
)
def test_read(data: str, value: object) -> None:
    read = cbor.loads(bytes.fromhex(data))
    assert value is None or read == value


def test_an_instant_keeps_the_day_that_was_written() -> None:
    born = cbor.loads(bytes.fromhex(tag_0("1980-02-29T00:00:00+01:00")))
    assert (born.month, born.day) == (2, 29)


def test_an_unknown_tag_is_handed_on() -> None:
    tag = cbor.loads(bytes.fromhex("d28100"))
    assert isinstance(tag, cbor.Tag)
    assert tag.tag == 18


def test_writing_is_deterministic() -> None:
    one, other = {"b": 1, "a": 2, 10: 0}, {10: 0, "a": 2, "b": 1}
    assert cbor.dumps(one) == cbor.dumps(other) == cbor.dumps_ordered(other)


def test_keys_that_only_python_takes_for_equal() -> None:
    assert cbor.has_plain_keys({1: 0, "a": 0})
    assert not cbor.has_plain_keys({True: 0})
    assert not cbor.has_plain_keys({1.0: 0})
    assert cbor.has_plain_keys({})
