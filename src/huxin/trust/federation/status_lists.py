"""Where a region hands out its status sets, as its officers signed it: `XX/status.json` of the federation's list.

    {"huxin": "status", "v": 1, "lists": [{"uri": "https://node.example.org/status/1"}]}

A set is fetched from such an address and from no other: an address in a card was written by whoever made the card.

- an address is https with a name of at least two parts, never a number, never with a user, a query or a fragment;
- http is for rehearsals on one machine: `localhost` and `127.0.0.1` alone, and whoever fetches says whether it may be.
"""

from __future__ import annotations

import re
from typing import Final

from huxin.trust.federation.fields import document, refuse

__all__ = ["MOST_BYTES", "MOST_LISTS", "is_on_this_machine", "parse_status_lists"]

MOST_BYTES: Final = 65_536
MOST_LISTS: Final = 64

_MOST_LETTERS: Final = 300
_LABEL: Final = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_LAST: Final = "[a-z](?:[a-z0-9-]{0,61}[a-z0-9])"
# No part begins with a dot, so that no address climbs out of its folder.
_REST: Final = "(?::[0-9]{1,5})?(?:/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+"
_ANYWHERE: Final = re.compile(rf"https://(?:{_LABEL}\.)+{_LAST}{_REST}")
_HERE: Final = re.compile(rf"http://(?:localhost|127\.0\.0\.1){_REST}")


def parse_status_lists(data: bytes) -> tuple[str, ...]:
    """Return the addresses of a region's lists, as they stand in its cards.

    Refuses with `trust-file` or `too-big`.
    """
    fields = document(data, kind="status", limit=MOST_BYTES)
    fields.only("huxin", "v", "lists")
    found = []
    for number, one in enumerate(fields.objects("lists", MOST_LISTS)):
        one.only("uri")
        uri = one.text("uri")
        if len(uri) > _MOST_LETTERS or not (_ANYWHERE.fullmatch(uri) or is_on_this_machine(uri)):
            raise refuse(f"/lists/{number}/uri", "not an address that sets are fetched from")
        found.append(uri)
    if len(set(found)) < len(found):
        raise refuse("/lists", "one of them twice")
    return tuple(found)


def is_on_this_machine(uri: str) -> bool:
    """Tell whether an address is one for rehearsals."""
    return _HERE.fullmatch(uri) is not None
