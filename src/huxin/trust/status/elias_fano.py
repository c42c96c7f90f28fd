"""The same set for asking: `index in` without unpacking it.  Elias-Fano, with a directory.

The low bits of all indices stand packed one after another.  The high bits are counted: for
each value of them, as many ones as there are indices, then a zero.  The directory says how
many ones stand before every 256th value, so a question reads one short stretch of ones and
zeros.  Its numbers take as many bits as the number of indices does, and no more.

Of all splits into low and high bits, the one chosen here is the smallest: one low bit more
costs a bit for each index, and spares half of the zeros.

Source: Elias, "Efficient storage and retrieval by content and address of static files", 1974.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from huxin.trust.status.index_set import IndexSet

__all__ = ["EliasFano"]

# A wider stride makes the directory smaller and a question longer: at 256 both stay small,
# a directory of about 1 % of the set, and some 500 bits to read.
_STRIDE: Final = 256


class EliasFano:
    """A set of indices ready to ask; takes little more memory than its entropy."""

    __slots__ = ("_directory", "_high", "_low", "_lows", "bits", "count")

    def __init__(self, found: IndexSet) -> None:
        self.bits, self.count = found.bits, len(found)
        self._low = max(0, found.bits - max(1, self.count).bit_length())
        mask = (1 << self._low) - 1
        sizes = [0] * (1 << self.bits - self._low)
        for index in found.indices:
            sizes[index >> self._low] += 1
        before = [0]
        for value in range(0, len(sizes), _STRIDE):
            before.append(before[-1] + sum(sizes[value : value + _STRIDE]))
        self._directory = _packed("".join(_written(ones, self._width) for ones in before))
        self._high = _packed("".join("1" * size + "0" for size in sizes))
        self._lows = _packed("".join(_written(index & mask, self._low) for index in found.indices))

    def __contains__(self, index: int) -> bool:
        if index < 0 or index >> self.bits:
            return False
        block, value = divmod(index >> self._low, _STRIDE)
        ones, zeros = self._ones(block), _STRIDE * block
        last_zero = min(zeros + _STRIDE, 1 << self.bits - self._low)
        written = _bits(self._high, ones + zeros, self._ones(block + 1) + last_zero)
        sizes = [len(some) for some in written.split("0")]
        first = ones + sum(sizes[:value])
        last = first + sizes[value]
        low = index & (1 << self._low) - 1
        place = bisect_left(range(last), low, lo=first, key=self._low_part)
        return place < last and self._low_part(place) == low

    def __len__(self) -> int:
        return self.count

    @property
    def size(self) -> int:
        """How many bytes the set takes, directory included."""
        return len(self._high) + len(self._lows) + len(self._directory)

    @property
    def _width(self) -> int:
        return self.count.bit_length()

    def _ones(self, block: int) -> int:
        """Return how many indices stand before a block of the directory."""
        begin = block * self._width
        return _number(self._directory, begin, begin + self._width)

    def _low_part(self, number: int) -> int:
        begin = number * self._low
        return _number(self._lows, begin, begin + self._low)


def _written(number: int, width: int) -> str:
    # A one before the number keeps its leading zeros, and gives nothing for no bits.
    return f"{1 << width | number:b}"[1:]


def _packed(written: str) -> bytes:
    length = (len(written) + 7) // 8
    return int(written.ljust(8 * length, "0") or "0", 2).to_bytes(length, "big")


def _number(data: bytes, begin: int, end: int) -> int:
    """Return bits `begin` to `end`, counted from the highest of the first byte."""
    last = (end + 7) // 8
    whole = int.from_bytes(data[begin // 8 : last], "big") >> 8 * last - end
    return whole & (1 << end - begin) - 1


def _bits(data: bytes, begin: int, end: int) -> str:
    return _written(_number(data, begin, end), end - begin)
