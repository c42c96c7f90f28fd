"""Timing that holds on a noisy machine: CPU time, interleaved rounds, the smallest of many.

Plain standard library, since the peers' environment runs this file too.
"""

import gc
import time
from collections.abc import Callable, Mapping

ROUNDS = 25
ROUND_NS = 12_000_000  # long enough that the clock's steps do not show


def smallest(works: Mapping[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return seconds of CPU a call for each work: all of them in every round, the best of each."""
    counts = {name: _count(work) for name, work in works.items()}
    best = dict.fromkeys(works, float("inf"))
    gc.collect()
    for _ in range(rounds):
        for name, work in works.items():
            best[name] = min(best[name], _time(work, counts[name]))
    return best


def _count(work: Callable[[], object]) -> int:
    """Return how many calls fill a round; the first calls also warm every cache."""
    work()
    once = max(_time(work, 3), 1e-7)
    return max(1, int(ROUND_NS / 1e9 / once))


def _time(work: Callable[[], object], count: int) -> float:
    start = time.process_time_ns()
    for _ in range(count):
        work()
    return (time.process_time_ns() - start) / count / 1e9
