"""The one font of our paper, and which letters it has.

Responsible for finding a letter that would print as a box before anything is printed: a
card whose name shows a box is worse than none.  The character map is read here because
the typesetter tells of a missing letter only after the page is made.

The font comes with the extra `huxin[paper]`; without it the code is `tool`.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["font_path", "lacking"]

# Typesetters use these without drawing them.
_NOT_DRAWN: Final = frozenset("\u200b\u200c\u200d\ufeff\n")
_FULL_MAP: Final = 12  # the format of a character map that holds every plane of Unicode


@cache
def font_path() -> Path:
    """Return the path of the font file; refuses with `tool` where the extra is not installed."""
    try:
        import noto_cjk_sans_otc
    except ImportError as error:
        raise RefusalError("tool", "noto-cjk-sans-otc") from error
    return Path(str(noto_cjk_sans_otc.FONT_PATH))


def lacking(text: str) -> str:
    """Return the letters of `text` that the font does not have, each once."""
    starts, ends = _ranges()
    missing = dict.fromkeys(
        letter
        for letter in text
        if letter not in _NOT_DRAWN and not _holds(ord(letter), starts, ends)
    )
    return "".join(missing)


def _holds(point: int, starts: tuple[int, ...], ends: tuple[int, ...]) -> bool:
    at = bisect_right(starts, point) - 1
    return at >= 0 and point <= ends[at]


@cache
def _ranges() -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the ranges of code points of the first font in the collection; all share one set."""
    data = font_path().read_bytes()
    first = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    for number in range(struct.unpack_from(">H", data, first + 4)[0]):
        tag, _, start, _ = struct.unpack_from(">4sIII", data, first + 12 + 16 * number)
        if tag == b"cmap":
            return _groups(data, start)
    raise ValueError("a font without a character map")


def _groups(data: bytes, cmap: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    for number in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        table = cmap + struct.unpack_from(">I", data, cmap + 4 + 8 * number + 4)[0]
        if struct.unpack_from(">H", data, table)[0] == _FULL_MAP:
            count = struct.unpack_from(">I", data, table + 12)[0]
            groups = [struct.unpack_from(">II", data, table + 16 + 12 * at) for at in range(count)]
            return tuple(start for start, _ in groups), tuple(end for _, end in groups)
    raise ValueError("a font without a full character map")
