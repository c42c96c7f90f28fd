"""UUIDv7 (RFC 9562, section 5.7): identifiers that sort by time, so that indexes stay compact.

Those of one process also sort by the order in which they were made (section 6.2, method 1): within
a millisecond the twelve bits after it count up from a number by chance.
"""

from __future__ import annotations

import secrets
import threading
import uuid
from typing import Final

from huxin.adapters import clock

__all__ = ["new_id"]

_LOCK: Final = threading.Lock()
_COUNTER_BITS: Final = 12
_last = 0


def new_id() -> uuid.UUID:
    """Return a new identifier: 48 bits of milliseconds, 12 that count, 62 by chance."""
    global _last  # noqa: PLW0603  # the one number that a process remembers
    milliseconds = int(clock.now().timestamp() * 1000)
    with _LOCK:
        # The counter starts in the lower half, so that it has room; it carries into the time.
        fresh = milliseconds << _COUNTER_BITS | secrets.randbits(_COUNTER_BITS - 1)
        _last = max(fresh, _last + 1)
        stamp = _last
    time, count = divmod(stamp, 1 << _COUNTER_BITS)
    value = time << 80 | 0x7 << 76 | count << 64 | 0b10 << 62 | secrets.randbits(62)
    return uuid.UUID(int=value)
