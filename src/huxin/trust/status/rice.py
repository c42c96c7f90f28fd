"""A set of status indices as few bytes: gaps in Golomb-Rice code.  For transport.

- canonical: one set is one string of bytes, and every other string is refused;
- bounded: what a header promises is held against the length of the body first;
- exact: no index is ever wrongly in or out.

    "HXS"  version 1 (1 byte)  bits (1)  parameter (1)  count (4, big-endian)  body

For each index in rising order the body holds the number d of indices left out since the
one before: ⌊d / 2^parameter⌋ zeros, a one, and the low `parameter` bits of d, from the
highest bit of each byte down.  The last byte is filled with zeros.

The parameter follows from bits and count.  For random indices parameters p and p + 1 cost
alike where 2^p is ln φ ≈ 0.4812 of the mean gap (φ is the golden ratio), so the smallest p
with 2^p · count ≥ 0.4812 · 2^bits is best.  It costs at most 0.13 bits an index over entropy.
"""

from __future__ import annotations

from typing import Final

from huxin.kernel.errors import RefusalError
from huxin.trust.status.index_set import MAX_BITS, MIN_BITS, IndexSet

__all__ = ["HEADER_BYTES", "MAX_BYTES", "decode", "encode", "parameter"]

_MAGIC: Final = b"HXS\x01"
HEADER_BYTES: Final = 10
# No set takes more than two bits for each place of its list (see `parameter`).
MAX_BYTES: Final = HEADER_BYTES + (1 << MAX_BITS) // 4


def parameter(count: int, bits: int) -> int:
    """Return how many low bits of a gap are written as they are."""
    low = 0
    while low < bits and 10_000 * (count << low) < 4_812 << bits:
        low += 1
    return low


def encode(found: IndexSet) -> bytes:
    """Return the one string of bytes of this set."""
    low = parameter(len(found), found.bits)
    body, last = [], -1
    for index in found.indices:
        gap, last = index - last - 1, index
        body.append("0" * (gap >> low) + f"{1 << low | gap & (1 << low) - 1:b}")
    written = "".join(body)
    length = (len(written) + 7) // 8
    header = _MAGIC + bytes((found.bits, low)) + len(found).to_bytes(4, "big")
    return header + int(written.ljust(8 * length, "0") or "0", 2).to_bytes(length, "big")


def decode(data: bytes) -> IndexSet:
    """Read a set; refuses with `bad-input` or `too-big` all that `encode` would not have written."""
    bits, count = _header(data)
    low = data[5]
    body = data[HEADER_BYTES:]
    written = f"{int.from_bytes(body, 'big'):0{8 * len(body)}b}" if body else ""
    indices, at, last = [], 0, -1
    for _ in range(count):
        one = written.find("1", at)
        end = one + low + 1
        if one < 0 or end > len(written):
            raise RefusalError("bad-input", "a status set cut short")
        last += 1 + (one - at << low) + int(written[one:end], 2) - (1 << low)
        indices.append(last)
        at = end
    if len(written) - at >= 8 or "1" in written[at:]:
        raise RefusalError("bad-input", "more in a status set than its count says")
    return IndexSet(bits, tuple(indices))


def _header(data: bytes) -> tuple[int, int]:
    """Return bits and count, once they are known to fit the parameter and the length."""
    if len(data) > MAX_BYTES:
        raise RefusalError("too-big", "a status set")
    if len(data) < HEADER_BYTES or not data.startswith(_MAGIC):
        raise RefusalError("bad-input", "not a status set of version 1")
    bits, low, count = data[4], data[5], int.from_bytes(data[6:HEADER_BYTES], "big")
    if not MIN_BITS <= bits <= MAX_BITS or count > 1 << bits:
        raise RefusalError("bad-input", "a status set of a size that no list has")
    if low != parameter(count, bits):
        raise RefusalError("bad-input", "a status set with another parameter than its count has")
    room = 8 * (len(data) - HEADER_BYTES)
    # Every index takes 1 + low bits at least, and all zeros together 2^(bits − low) at most.
    if not count * (1 + low) <= room < count * (1 + low) + (1 << bits - low) + 8:
        raise RefusalError("bad-input", "a status set whose length and count do not fit")
    return bits, count
