"""Slips of paper with a code for one use: how the code is made and read, and while a slip is good.

- the code is made from the node's own secret and the form's request, so that a page that is loaded
  again shows the same slip, and yet only a token of the code is kept;
- whoever types it gives the year of birth too; after five wrong years a slip is dead.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from django.conf import settings

from huxin.node.base.models import Person
from huxin.node.base.sealed import token

__all__ = [
    "DAYS",
    "LETTERS",
    "MOST_TRIES",
    "Slip",
    "code_of",
    "is_good",
    "is_year_of",
    "read_as",
    "slip_token",
]

DAYS: Final = 7
LETTERS: Final = 10
MOST_TRIES: Final = 5
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# Crockford's rule: what people read as a digit counts as that digit.
_READ_AS: Final = str.maketrans("ILO", "110")


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed: the code in two groups, and when it ends; one that was used or ended is `good` no more."""

    code: str
    ends: datetime
    good: bool = True


class _Kept(Protocol):
    used_at: datetime | None
    ends: datetime
    attempts: int


def read_as(code: str) -> str:
    """Return a code as it was meant, however its letters were typed."""
    return code.upper().translate(_READ_AS)


def slip_token(kind: str, code: str) -> bytes:
    """Return what is kept of a code; however it was typed, in small letters, with spaces or not."""
    return token(kind, read_as(code))


def code_of(kind: str, request: uuid.UUID, person: uuid.UUID) -> str:
    """Return the code of a slip of this kind that was asked for by `request`."""
    text = f"{kind}-slip {request} {person}".encode()
    digest = hmac.new(settings.HUXIN.secrets.tokens, text, hashlib.sha256).digest()
    letters = "".join(_CROCKFORD[byte & 31] for byte in digest[:LETTERS])
    return f"{letters[:5]}-{letters[5:]}"


def is_good(slip: _Kept, now: datetime) -> bool:
    """Tell whether a slip can still be used."""
    return slip.used_at is None and slip.ends > now and slip.attempts < MOST_TRIES


def is_year_of(person: Person, year: str) -> bool:
    """Tell whether somebody was born in this year."""
    # Of somebody whose year nobody knows none can be asked; the code alone has fifty bits.
    return not person.birth_year or person.birth_year == year.strip()
