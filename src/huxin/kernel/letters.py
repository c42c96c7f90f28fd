"""What counts as a letter, and when two names have the same words, whatever Unicode the runtime knows.

A computer at a door may know an older Unicode than the one that wrote the card.  Planes 2 and 3
are set aside for ideographs, so a name in a block added to them later is no fault of its bearer.
"""

from __future__ import annotations

import unicodedata
from typing import Final

__all__ = ["has_letter", "words"]

_FIRST_IDEOGRAPH: Final = "\U00020000"
_LAST_IDEOGRAPH: Final = "\U0003fffd"


def has_letter(text: str) -> bool:
    """Tell whether a text has a letter of any script; digits, signs and pictures are none."""
    return text.isalpha() or any(map(_is_letter, text))


def words(name: str) -> list[str]:
    """Return the words of a name for comparison: letters only, any order, any case, however composed."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
    return sorted("".join(one if _is_letter(one) else " " for one in folded).split())


def _is_letter(character: str) -> bool:
    return character.isalpha() or _FIRST_IDEOGRAPH <= character <= _LAST_IDEOGRAPH
