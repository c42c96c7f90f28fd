"""One's turn at the shared list: a job that follows it and an officer's click may come in the same second."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, TypeVar

from huxin.kernel.errors import RefusalError

__all__ = ["in_turn"]

# Some eight seconds in all: whoever is at the list needs less than one, and whoever clicked still waits.
_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.5, 2.0, 3.0)

T = TypeVar("T")


def in_turn(do: Callable[[], T]) -> T:
    """Do it, and where another is at the list do it again a little later; refuses with `trust-busy` in the end."""
    for pause in _PAUSES:
        try:
            return do()
        except RefusalError as error:
            if error.refusal.code != "trust-busy":
                raise
        time.sleep(pause)
    return do()
