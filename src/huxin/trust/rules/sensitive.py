"""Codes that no rule of work or school may read: hepatitis B, HIV, pregnancy, heredity, the mind.

Matched by the beginning of a code, in the systems that cards use; a code of the WHO's classifications counts
also without its system, and under the name `who`, where it has their form.  The lists are ours, short, and meant to
be added to; whoever asks for one of these under another name is found by a reader, not by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["sensitive"]

# Subject → beginnings of codes, `system:` left out where a bare code occurs on cards.
_BEGINNINGS: Final = {
    "hepatitis B": (
        *("icd-11:1E50.1", "icd-11:1E51.0", "icd-10:B16", "icd-10:B18.0", "icd-10:B18.1"),
        *("snomed:66071002", "snomed:61977001", "66071002", "61977001", "huxin:hepb"),
        *("atc:J07BC01", "J07BC01", "loinc:5195-3", "loinc:5196-1", "5195-3", "5196-1"),
    ),
    "HIV": (
        *("icd-11:1C60", "icd-11:1C61", "icd-11:1C62", "icd-10:B20", "icd-10:B21"),
        *("icd-10:B22", "icd-10:B23", "icd-10:B24", "icd-10:Z21", "snomed:86406008", "86406008"),
        *("loinc:75622-1", "loinc:56888-1", "75622-1", "56888-1"),
    ),
    "pregnancy": (
        *("icd-11:JA", "icd-11:JB", "icd-11:QA40", "icd-11:QA41", "icd-10:O", "icd-10:Z32"),
        *("icd-10:Z33", "icd-10:Z34", "snomed:77386006", "77386006", "loinc:2118-8", "2118-8"),
        *("loinc:2106-3", "2106-3"),
    ),
    "heredity": (
        *("icd-11:LD", "icd-10:Q", "snomed:32895009", "snomed:409709004", "32895009", "409709004"),
    ),
    "mental health": (
        *("icd-11:6A", "icd-11:6B", "icd-11:6C", "icd-11:6D", "icd-11:6E", "icd-10:F"),
        *("snomed:74732009", "74732009"),
    ),
}


# ICD-11 for mortality and morbidity, ICD-10: the form of a code without its system.
_FORMS: Final = (
    ("icd-11", re.compile(r"[1-9a-x][a-hj-np-z][0-9][0-9a-z](\.[0-9a-z]{1,2})?")),
    ("icd-10", re.compile(r"[a-z][0-9]{2}(\.[0-9a-z]{1,4})?")),
)
_WHOSE: Final = ("", "who", "icd")


def sensitive(code: str) -> str | None:
    """Return the subject that a code is about, where work and school have no business with it."""
    for name in _names(code.strip().casefold()):
        for subject, beginnings in _BEGINNINGS.items():
            if any(name.startswith(beginning.casefold()) for beginning in beginnings):
                return subject
    return None


def _names(code: str) -> Iterator[str]:
    """Yield a code as it is written, and by the systems that it may be of."""
    yield code
    system, _, bare = code.rpartition(":")
    if system in _WHOSE:
        yield from (f"{name}:{bare}" for name, form in _FORMS if form.fullmatch(bare))
