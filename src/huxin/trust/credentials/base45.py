"""Base45 (RFC 9285) on big integers: all groups of a text at once.

A group of three letters c, d, e is the number c + 45 d + 2025 e below 2^16.  Seen as
one integer with a lane of 24 bits a group, three masked shifts and two products give
all groups together; no lane can overflow into its neighbour (44 + 44·45 + 44·2025 < 2^24).
Encoding goes the other way in lanes of 32 bits, where a division by 45 is a product
with 46604 and a shift by 21, exact below 2^16.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_LETTERS", "decode", "encode"]

MAX_LETTERS: Final = 65_536

_ALPHABET: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
_BAD: Final = 0xFF
_TO_DIGIT: Final = bytes(_ALPHABET.find(letter) % 256 for letter in range(256))
_TO_LETTER: Final = _ALPHABET.ljust(256, b"\0")


@lru_cache(maxsize=1024)
def _lanes(groups: int, bits: int) -> int:
    """Return an integer with a 1 at the foot of each of `groups` lanes of `bits` bits."""
    return int.from_bytes((b"\1".rjust(bits // 8, b"\0")) * groups, "big")


@lru_cache(maxsize=1024)
def _masks(groups: int) -> tuple[int, int]:
    """Return what keeps the low byte of each lane of 24 bits, and what finds an overflow."""
    ones = _lanes(groups, 24)
    return ones * 0xFF, ones * 0xFF0000


def decode(text: str) -> bytes:
    """Return the bytes that `text` stands for; refuses with `base45` any letter or length amiss."""
    if len(text) > MAX_LETTERS:
        raise RefusalError("too-big", "Base45 text")
    digits = text.encode("ascii", "replace").translate(_TO_DIGIT)
    if _BAD in digits:
        raise RefusalError("base45", "a letter outside the alphabet")
    groups, rest = divmod(len(digits), 3)
    if rest == 1:
        raise RefusalError("base45", "a length that no bytes have")
    mask, overflow = _masks(groups)
    whole = int.from_bytes(digits[: 3 * groups], "big")
    values = (whole >> 16 & mask) + (whole >> 8 & mask) * 45 + (whole & mask) * 2025
    if values & overflow:
        raise RefusalError("base45", "a group above 65535")
    result = bytearray(values.to_bytes(3 * groups, "big"))
    del result[::3]
    if rest:
        last = digits[-2] + 45 * digits[-1]
        if last > 0xFF:
            raise RefusalError("base45", "a last pair above 255")
        result.append(last)
    return bytes(result)


def encode(data: bytes) -> str:
    """Write `data` in Base45."""
    groups, rest = divmod(len(data), 2)
    ones = _lanes(groups, 32)
    spaced = bytearray(4 * groups)
    spaced[2::4], spaced[3::4] = data[: 2 * groups : 2], data[1 : 2 * groups : 2]
    numbers = int.from_bytes(spaced, "big")
    by_45 = numbers * 46604 >> 21 & ones * 0x7FF
    by_2025 = by_45 * 46604 >> 21 & ones * 0x7FF
    low, middle = numbers - 45 * by_45, by_45 - 45 * by_2025
    digits = bytearray((low << 16 | middle << 8 | by_2025).to_bytes(4 * groups, "big"))
    del digits[::4]
    if rest:
        digits += bytes((data[-1] % 45, data[-1] // 45))
    return digits.translate(_TO_LETTER).decode("ascii")
