"""Every reason for which a list of the federation is not taken, or is taken with a word of warning.

OF_CLIENT     found on the way: it could not be had, is not what was signed, or is older than what is held
OF_LINT       found in what was had, the gravest first
OF_AGE        the list is in order, and too long ago
"""

from __future__ import annotations

from typing import Final

__all__ = ["OF_AGE", "OF_CLIENT", "OF_LINT"]

OF_CLIENT: Final = (
    "trust-pin", "trust-source", "trust-busy", "trust-disk", "trust-missing", "too-big",
    "trust-threshold", "trust-mismatch", "trust-rollback", "trust-expired",
)  # fmt: skip

OF_LINT: Final = (
    "trust-file", "too-big", "trust-missing", "trust-keys", "trust-quorum", "trust-delegation",
    "trust-namespace", "trust-tombstone", "trust-environment", "trust-caps",
    "trust-suspension", "trust-lifetime",
)  # fmt: skip
"""First what hides whether anything else is right, last what time may mend."""

OF_AGE: Final = ("trust-old", "trust-clock", "trust-stale")
