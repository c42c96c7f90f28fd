"""Codes that were drawn a moment ago, kept in this process, so that opening a card twice draws it once.

- a code says all that its card says, so it is kept where its text is open anyway: in memory, on no disk,
  in no cache that others share, in no log;
- a bounded number, the longest unused one goes first, and none for longer than ten minutes;
- whoever asks was handed the card before: nothing here looks at who that is.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from time import monotonic
from typing import Final
from uuid import UUID

__all__ = ["Shelf"]

_MOST: Final = 256  # about 20 kB each
_FOR: Final = 600.0  # seconds


class Shelf:
    """Drawings by card and by what was drawn."""

    def __init__(self, most: int = _MOST, seconds: float = _FOR) -> None:
        self._most = most
        self._for = seconds
        self._kept: OrderedDict[tuple[UUID, str], tuple[float, str]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def __repr__(self) -> str:
        return f"<Shelf of {len(self)}>"

    def get(self, card: UUID, kind: str, draw: Callable[[], str]) -> str:
        """Return a drawing, made by `draw` if it is not there."""
        key, at = (card, kind), monotonic()
        with self._lock:
            self._drop_old(at)
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found[1]
        made = draw()  # not under the lock: others need not wait for it
        with self._lock:
            self._kept[key] = (at, made)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return made

    def _drop_old(self, at: float) -> None:
        for key in [key for key, (since, _) in self._kept.items() if at - since > self._for]:
            del self._kept[key]
