"""Card revocation lists of SMART Health Cards: `rid`, optionally with an instant.

An entry `rid` revokes every card with that identifier; `rid.1687450765` only those made
before that second.  A list that breaks its own rules is refused as a whole: a reader
who skips a bad entry would let a revoked card in.  Several lists of one key, such as an
older and a newer one, are laid together: what any of them revokes is revoked.

The list belongs to one key (`kid`, `method` "rid", a counter `ctr`, `rids`); a `rid` has up to 24
letters of the base64url alphabet, and the second is held against the card's `nbf`.  `ctr` tells whether
to fetch anew, which is not asked here.

Source: SMART Health Cards Framework 1.4.0, "Revocation" (https://spec.smarthealth.cards/#revocation).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.anchors import Anchor
from huxin.trust.credentials.credential import Credential

__all__ = ["CardRevocationLists"]

_ENTRY: Final = re.compile(r"([A-Za-z0-9_-]{1,24})(?:\.([0-9]{1,12}))?")
_MAX_ENTRIES: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class CardRevocationLists:
    """Lists of several keys, ready to ask.  Makes itself from plain data with `parse`."""

    _revoked: Mapping[tuple[bytes, str], int | None] = field(repr=False)

    @classmethod
    def parse(cls, lists: Iterable[object]) -> CardRevocationLists:
        """Read `{"kid", "rids": […], "method"?: "rid"}` documents; refuses with `bad-input`."""
        revoked: dict[tuple[bytes, str], int | None] = {}
        for document in lists:
            for place, second in _list(document).items():
                revoked[place] = _stricter(second, revoked.get(place, second))
        return cls(revoked)

    def revoked(self, credential: Credential, anchor: Anchor) -> bool:
        """Tell whether the card's `rid` is listed for its key and the card is old enough."""
        if credential.rid is None or (anchor.kid, credential.rid) not in self._revoked:
            return False
        second = self._revoked[anchor.kid, credential.rid]
        made = credential.not_before or credential.issued
        return second is None or made is None or made.timestamp() < second


def _stricter(one: int | None, other: int | None) -> int | None:
    """Return the second that revokes more; without one all cards are revoked."""
    return None if one is None or other is None else max(one, other)


def _list(document: object) -> dict[tuple[bytes, str], int | None]:
    revoked: dict[tuple[bytes, str], int | None] = {}
    for place, second in _entries(document):
        if place in revoked:
            raise RefusalError("bad-input", "a rid twice in one list")
        revoked[place] = second
    return revoked


def _entries(document: object) -> Iterable[tuple[tuple[bytes, str], int | None]]:
    fields: Mapping[str, Any] = document if isinstance(document, Mapping) else {}
    kid, rids = fields.get("kid"), fields.get("rids")
    if not isinstance(kid, str) or not isinstance(rids, list) or len(rids) > _MAX_ENTRIES:
        raise RefusalError("bad-input", "a revocation list without kid or rids")
    if fields.get("method", "rid") != "rid":
        raise RefusalError("bad-input", "a revocation list of another method")
    for rid in rids:
        match = _ENTRY.fullmatch(rid) if isinstance(rid, str) else None
        if match is None:
            raise RefusalError("bad-input", "a rid of the wrong form")
        yield (kid.encode("utf-8"), match[1]), int(match[2]) if match[2] else None
