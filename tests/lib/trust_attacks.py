"""All attacks on a trust list: `ATTACKS`, from the two files that hold them."""

from __future__ import annotations

from tests.lib import trust_attacks_above, trust_attacks_below
from tests.lib.trust_attack import ATTACKS, Attack

__all__ = ["ATTACKS", "Attack"]

assert trust_attacks_above
assert trust_attacks_below
