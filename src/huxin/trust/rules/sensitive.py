"""Codes that no rule of work or school may read: hepatitis B, HIV, pregnancy, heredity, the mind.

Matched by the beginning of a code, in the systems that cards use, and in systems whose codes grow longer as they
say more also the other way round: who asks for all of viral hepatitis asks for hepatitis B.  A code of the WHO's
classifications counts also without its system, and under the name `who`, where it has their form.  The lists are ours,
short, and meant to be added to; whoever asks for one of these under another name is found by a reader, not by a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

__all__ = ["sensitive"]

# Subject → system → beginnings of codes, separated by blanks.
_BEGINNINGS: Final = {
    "hepatitis B": {
        "icd-11": "1E50.1 1E51.0",
        "icd-10": "B16 B17.0 B18.0 B18.1 B19.1 Z22.5",
        "snomed": "66071002 61977001 76795007 235871004 165806002",
        "atc": "J07BC01 J07BC20",
        "loinc": "5195-3 5196-1 5193-8 16935-9 22322-2 13952-7 13954-3 42595-9",
        "huxin": "hepb",
    },
    "HIV": {
        "icd-11": "1C60 1C61 1C62",
        "icd-10": "B20 B21 B22 B23 B24 Z21 R75 Z11.4",
        "snomed": "86406008 62479008 165816005 165815009",
        "loinc": "75622-1 56888-1 7917-8 7918-6 31201-7 29893-5 20447-9 25836-8",
    },
    "pregnancy": {
        "icd-11": "JA JB QA40 QA41 QA42 QA43",
        "icd-10": "O Z32 Z33 Z34 Z35 Z36 Z3A",
        "snomed": "77386006",
        "loinc": "2118-8 2106-3 19080-1 21198-7 82810-3 11449-6",
    },
    "heredity": {
        "icd-11": "LD",
        "icd-10": "Q Z15",
        "snomed": "32895009 409709004",
        "loinc": "81247-9 51968-6",
    },
    "mental health": {
        "icd-11": "6A 6B 6C 6D 6E",
        "icd-10": "F",
        "snomed": "74732009",
    },
}
# Systems in which a longer code says more, and such whose codes are numbers that mean nothing by their digits.
_GROWING: Final = frozenset({"icd-11", "icd-10", "atc"})
_NUMBERS: Final = frozenset({"snomed", "loinc"})

# ICD-11 for mortality and morbidity, ICD-10, and others: the form of a code without its system.
_FORMS: Final = (
    ("icd-11", re.compile(r"[1-9a-x][a-hj-np-z][0-9][0-9a-z](\.[0-9a-z]{1,2})?")),
    ("icd-10", re.compile(r"[a-z][0-9][0-9a-b](\.[0-9a-z]{1,4})?")),
    ("atc", re.compile(r"[a-z][0-9]{2}[a-z]{2}([0-9]{2})?")),
    ("loinc", re.compile(r"[0-9]{3,6}-[0-9]")),
    ("snomed", re.compile(r"[0-9]{6,18}")),
)
_WHOSE: Final = ("", "who", "icd")


def sensitive(code: str) -> str | None:
    """Return the subject that a code is about, where work and school have no business with it."""
    for system, bare in _read(code.strip().casefold()):
        for subject, listed in _BEGINNINGS.items():
            beginnings = listed.get(system, "").casefold().split()
            if any(_about(system, bare, beginning) for beginning in beginnings):
                return subject
    return None


def _about(system: str, bare: str, beginning: str) -> bool:
    if system in _NUMBERS:
        return bare == beginning
    wider = system in _GROWING and bool(bare) and beginning.startswith(bare)
    return wider or bare.startswith(beginning)


def _read(code: str) -> Iterator[tuple[str, str]]:
    """Yield the systems that a code may be of, each with the code without it."""
    system, _, bare = code.rpartition(":")
    yield system, bare
    if system in _WHOSE:
        yield from ((name, bare) for name, form in _FORMS if form.fullmatch(bare))
