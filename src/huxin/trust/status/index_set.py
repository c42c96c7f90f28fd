"""A set of status indices of one list: which places are withdrawn, sorted, each once.

A list has 2^`bits` places, at least 2^20: among fewer, an index would tell whose card it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from huxin.kernel.errors import RefusalError

__all__ = ["MAX_BITS", "MIN_BITS", "IndexSet"]

MIN_BITS: Final = 20
MAX_BITS: Final = 26


@dataclass(frozen=True, slots=True)
class IndexSet:
    """Withdrawn places of a list of 2^`bits`; `indices` rise.  Make it with `of`."""

    bits: int
    indices: tuple[int, ...]

    @classmethod
    def of(cls, indices: Iterable[int], *, bits: int = MIN_BITS) -> IndexSet:
        """Sort `indices`; refuses with `bad-input` one that occurs twice or is no place of the list."""
        found = tuple(sorted(indices))
        return cls(bits, found)

    def __post_init__(self) -> None:
        if not MIN_BITS <= self.bits <= MAX_BITS:
            raise RefusalError("bad-input", f"a list has 2^{MIN_BITS} to 2^{MAX_BITS} places")
        found = self.indices
        if found and (found[0] < 0 or found[-1] >> self.bits):
            raise RefusalError("bad-input", "an index that is no place of the list")
        if any(one >= other for one, other in pairwise(found)):
            raise RefusalError("bad-input", "an index twice, or not in order")

    @property
    def places(self) -> int:
        """How many places the list has, withdrawn or not."""
        return 1 << self.bits

    def __len__(self) -> int:
        return len(self.indices)
