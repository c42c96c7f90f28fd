"""How many must sign: majorities that cannot both exist, and witnesses of whom some may lie.

Sources: design FEDERATION, table of roles; Malkhi and Reiter, "Byzantine quorum systems" (1998), section 3, for
quorums that meet in more members than may lie.
"""

from __future__ import annotations

from typing import Final

__all__ = [
    "MOST_COUNCIL",
    "MOST_ROOT_COUNCIL",
    "MOST_ROOT_KEYS",
    "emergency_quorum",
    "liars",
    "majority",
    "witness_quorum",
]

MOST_ROOT_KEYS: Final = 50
"""Above this many regions, an elected council keeps root and charter."""
MOST_ROOT_COUNCIL: Final = 21
MOST_COUNCIL: Final = 13
"""Of so many regions at most do the timestamp's signatures fit its 16 KiB."""


def majority(regions: int) -> int:
    """Return M of N: more than half, so that two sets of signers always share a region."""
    return regions // 2 + 1


def emergency_quorum(regions: int) -> int:
    """Return how many regions may suspend: a fifth, at least two, never more than there are."""
    return min(regions, max(2, -(-regions // 5)))


def liars(council: int) -> int:
    """Return f, how many members of a council may lie: fewer than a third."""
    return (council - 1) // 3


def witness_quorum(council: int) -> int:
    """Return q: any two sets of q members share more than f, hence an honest one."""
    return (council + liars(council)) // 2 + 1
