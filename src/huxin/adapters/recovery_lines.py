"""Bytes ⇄ lines of letters that a person can copy from paper without despair.

A line is six groups of four letters, 15 bytes, and a seventh group that checks them and the line's
number: a slip is found in its line, and lines that changed places are found too.  Letters are
those of Crockford's Base32, which has no I, L, O or U; what is typed for 1 or 0 is read as 1 or 0,
and case, spaces and hyphens do not matter.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["bytes_of_line", "join", "lines_needed", "read_lines", "write_lines"]

_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS: Final = str.maketrans("OIL", "011", " \t-")
_LINE_BYTES: Final = 15
_LINE_LETTERS: Final = 24
_CHECK_LETTERS: Final = 4
_GROUP: Final = 4
# A number, then at least twenty letters: whatever else stands on the paper is no line.
_LINE: Final = re.compile(r"\s*(\d{1,2})[.:)]?\s+([0-9A-Za-z][0-9A-Za-z \t-]{19,})")


def write_lines(blob: bytes) -> tuple[str, ...]:
    """Return the lines for `blob` (at most 1 kB), numbered from 1 by their place."""
    whole = len(blob).to_bytes(2, "big") + blob
    whole += bytes(-len(whole) % _LINE_BYTES)
    pieces = (whole[at : at + _LINE_BYTES] for at in range(0, len(whole), _LINE_BYTES))
    return tuple(_line(number, piece) for number, piece in enumerate(pieces, start=1))


def _line(number: int, piece: bytes) -> str:
    letters = _letters(piece) + _check(number, piece)
    return " ".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def _letters(data: bytes) -> str:
    value = int.from_bytes(data, "big")
    count = len(data) * 8 // 5
    return "".join(_ALPHABET[value >> 5 * place & 31] for place in reversed(range(count)))


def _check(number: int, piece: bytes) -> str:
    digest = hashlib.sha256(b"huxin recovery sheet 1" + bytes((number,)) + piece).digest()
    return _letters(digest[:5])[:_CHECK_LETTERS]


def bytes_of_line(number: int, typed: str) -> bytes:
    """Return what a typed line stands for; refuses with `key-file` where its check does not fit."""
    letters = typed.upper().translate(_READ_AS)
    if len(letters) != _LINE_LETTERS + _CHECK_LETTERS:
        raise RefusalError("key-file", f"line {number}: {len(letters)} letters, not 28")
    if strange := sorted(set(letters) - set(_ALPHABET)):
        raise RefusalError("key-file", f"line {number}: no line holds {strange[0]!r}")
    value = 0
    for letter in letters[:_LINE_LETTERS]:
        value = value << 5 | _ALPHABET.index(letter)
    piece = value.to_bytes(_LINE_BYTES, "big")
    if _check(number, piece) != letters[_LINE_LETTERS:]:
        raise RefusalError("key-file", f"line {number}: a letter is wrong")
    return piece


def lines_needed(first: bytes) -> int:
    """Return how many lines there are, from what the first one stands for."""
    return -(-(2 + int.from_bytes(first[:2], "big")) // _LINE_BYTES)


def read_lines(text: str) -> bytes:
    """Read the numbered lines of a text, in any order; refuses with `key-file`, naming each slip."""
    pieces: dict[int, bytes] = {}
    faults: list[str] = []
    for match in filter(None, map(_LINE.fullmatch, text.splitlines())):
        number = int(match[1])
        try:
            pieces[number] = bytes_of_line(number, match[2])
        except RefusalError as error:
            faults.append(error.refusal.detail)
    if faults:
        raise RefusalError("key-file", "; ".join(faults))
    if not pieces:
        raise RefusalError("key-file", "neither an export nor the lines of a sheet")
    return join(pieces)


def join(pieces: Mapping[int, bytes]) -> bytes:
    """Return the blob of lines already read; refuses with `key-file` where some are missing."""
    needed = lines_needed(pieces[1]) if 1 in pieces else max(pieces)
    missing = [str(number) for number in range(1, needed + 1) if number not in pieces]
    if missing:
        raise RefusalError("key-file", f"line {', '.join(missing)}: missing")
    whole = b"".join(pieces[number] for number in range(1, needed + 1))
    return whole[2 : 2 + int.from_bytes(whole[:2], "big")]
