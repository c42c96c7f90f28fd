"""Status sets: one set is one string of bytes, exact, small, and every other string is refused."""

import math
import random
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.trust.status import rice
from huxin.trust.status.elias_fano import EliasFano
from huxin.trust.status.index_set import IndexSet

SMALL: Final = st.sets(st.integers(0, 2**20 - 1), max_size=60)
CLOSE: Final = st.sets(st.integers(2**20 - 90, 2**20 - 1), max_size=90)


def chosen(count: int, bits: int = 20, seed: int = 20261128) -> IndexSet:
    return IndexSet.of(random.Random(seed).sample(range(1 << bits), count), bits=bits)


def header(bits: int, low: int, count: int) -> bytes:
    return b"HXS\x01" + bytes((bits, low)) + count.to_bytes(4, "big")


@given(SMALL | CLOSE)
def test_what_is_written_is_read(indices: set[int]) -> None:
    found = IndexSet.of(indices)
    assert rice.decode(rice.encode(found)) == found


@pytest.mark.parametrize("count", [0, 1, 2, 1_000, 21_000, 400_000, 1 << 20])
def test_any_number_of_places_can_be_withdrawn(count: int) -> None:
    found = chosen(count)
    data = rice.encode(found)
    assert len(data) <= rice.MAX_BYTES
    assert rice.decode(data) == found
    kept = EliasFano(found)
    assert len(kept) == count
    asked = [*found.indices[:500], *range(500), -1, 1 << 20]
    known = set(found.indices)
    assert [index in kept for index in asked] == [index in known for index in asked]


def test_the_bytes_are_those_of_the_law() -> None:
    # Two of 2^20: parameter 18; gaps 5 and 2^19: "1" + 18 bits, "00" "1" + 18 bits.
    found = IndexSet.of([5, 6 + (1 << 19)])
    written = "1" + f"{5:018b}" + "001" + "0" * 18
    body = int(written, 2).to_bytes(5, "big")
    assert rice.encode(found) == header(20, 18, 2) + body


@pytest.mark.parametrize(
    ("bits", "count"), [(20, 10_000), (20, 21_000), (24, 16_777), (24, 335_544)]
)
def test_it_is_little_more_than_entropy(bits: int, count: int) -> None:
    found = chosen(count, bits)
    places = found.places
    entropy = (
        math.lgamma(places + 1) - math.lgamma(count + 1) - math.lgamma(places - count + 1)
    ) / math.log(2)
    assert 8 * len(rice.encode(found)) <= 1.03 * entropy
    assert 8 * EliasFano(found).size <= 1.10 * entropy


@given(SMALL | CLOSE, st.data())
def test_one_bit_changed_is_refused_or_another_set_in_its_own_bytes(
    indices: set[int], data: st.DataObject
) -> None:
    found = IndexSet.of(indices)
    whole = bytearray(rice.encode(found))
    bit = data.draw(st.integers(0, 8 * len(whole) - 1))
    whole[bit // 8] ^= 0x80 >> bit % 8
    try:
        other = rice.decode(bytes(whole))
    except RefusalError:
        return
    assert other != found
    assert rice.encode(other) == whole


@given(st.binary(max_size=40), st.integers(0, 70))
def test_whatever_is_read_is_canonical(tail: bytes, count: int) -> None:
    data = header(20, rice.parameter(count, 20), count) + tail
    try:
        found = rice.decode(data)
    except RefusalError:
        return
    assert rice.encode(found) == data


GOOD: Final = rice.encode(IndexSet.of([7, 1_000, 900_000]))


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"", "version 1"),
        (GOOD[:9], "version 1"),
        (b"HXS\x02" + GOOD[4:], "version 1"),
        (header(19, 18, 3) + GOOD[10:], "size that no list has"),
        (header(27, 18, 3) + GOOD[10:], "size that no list has"),
        (header(20, 0, (1 << 20) + 1) + bytes(200_000), "size that no list has"),
        (header(20, GOOD[5] + 1, 3) + GOOD[10:], "another parameter"),
        (header(20, 0, 1 << 20) + b"\xff", "do not fit"),
        (GOOD[:-1], "cut short|do not fit"),
        (GOOD + b"\0", "do not fit"),
        (GOOD + bytes(9), "do not fit"),
        (GOOD[:-1] + bytes((GOOD[-1] | 1,)), "more in a status set"),
        (header(20, 20, 0) + b"\0", "more in a status set"),
        (header(20, 19, 1) + b"\0\0\0", "cut short"),
        (header(20, 19, 1) + b"\x10\0\0", "no place"),
        (header(20, 19, 1) + b"\0\0\x80", "cut short"),
    ],
)
def test_every_other_form_is_refused(data: bytes, detail: str) -> None:
    with pytest.raises(RefusalError, match=detail):
        rice.decode(data)


def test_a_huge_file_is_refused_unread() -> None:
    with pytest.raises(RefusalError, match="too-big"):
        rice.decode(bytes(rice.MAX_BYTES + 1))


@pytest.mark.parametrize("indices", [(-1,), (1 << 20,), (3, 3)])
def test_a_set_has_places_of_its_list_once_each(indices: tuple[int, ...]) -> None:
    with pytest.raises(RefusalError, match="bad-input"):
        IndexSet.of(indices)


@pytest.mark.parametrize("bits", [19, 27])
def test_a_list_is_neither_small_nor_huge(bits: int) -> None:
    with pytest.raises(RefusalError, match="places"):
        IndexSet.of((), bits=bits)


@given(SMALL | CLOSE)
def test_asking_gives_what_a_set_of_python_gives(indices: set[int]) -> None:
    kept = EliasFano(IndexSet.of(indices))
    for index in {near for one in indices for near in (one - 1, one, one + 1)}:
        assert (index in kept) is (index in indices)
