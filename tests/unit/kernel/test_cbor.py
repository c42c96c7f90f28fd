from datetime import UTC, datetime

import pytest

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError


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
        ("an epoch beyond the calendar", "c11bffffffffffffffff"),
        ("a list longer than the data", "9b00ffffffffffffff"),
        ("a break without a beginning", "ff"),
    ],
)
def test_refused(name: str, data: str) -> None:
    assert refused(bytes.fromhex(data)) == "cbor", name


def test_too_long_is_refused_before_it_is_read() -> None:
    assert refused(b"\x00" * (cbor.MAX_BYTES + 1)) == "too-big"


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("a10126", {1: -7}),
        ("81" * 16 + "00", None),
        ("bf616101ff", {"a": 1}),
        ("c11a514b67b0", datetime(2013, 3, 21, 20, 4, tzinfo=UTC)),
        ("f90000", 0.0),
    ],
)
def test_read(data: str, value: object) -> None:
    read = cbor.loads(bytes.fromhex(data))
    assert value is None or read == value


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
