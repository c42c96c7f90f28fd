"""What the process's surroundings say of how a node is served: numbers and names, refused by name where they are none."""

from __future__ import annotations

import os
import re
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["hosts", "requests_a_minute", "seats"]

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,8}")


def requests_a_minute() -> int:
    """Return how many requests of one address are answered in a minute; refuses with `bad-input`."""
    return _number("HUXIN_REQUESTS_A_MINUTE", 1200)


def seats() -> int:
    """Return how many requests are answered at the same time; refuses with `bad-input`."""
    return _number("HUXIN_SEATS", 64)


def hosts() -> list[str]:
    """Return the further names under which the node is reached, which stand apart by spaces or commas."""
    return [one for one in re.split(r"[,\s]+", os.environ.get("HUXIN_HOSTS", "")) if one]


def _number(name: str, usual: int) -> int:
    said = os.environ.get(name, "").strip()
    if not said:
        return usual
    if not _NUMBER.fullmatch(said):
        raise RefusalError("bad-input", f"{name} is a number from 1")
    return int(said)
