"""The two ways in which a call can fail to give what was asked.

    HuxinError                  a promise was broken: mend the program or the call
    ├── UnusableKeyError        key material that no operation can be done with
    └── RefusalError            carries a `Refusal` from a parsing step to its door

A `Refusal` is an answer.  It has a stable code from the register
(`huxin.spec.codes`) and a detail for engineers; words for people are made from
the code where they are shown.  `RefusalError` exists so that a parsing step deep
inside a document can stop at once; the doors (`reading.open`, `verify`, …) catch
it and hand its refusal out as a value.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HuxinError", "Refusal", "RefusalError", "UnusableKeyError"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A "no" with a stable code; `detail` is for engineers and never holds personal data."""

    code: str
    detail: str = ""


class HuxinError(Exception):
    """The root of all errors that Huxin raises."""


class UnusableKeyError(HuxinError):
    """Key material could not be read, or fits no algorithm that Huxin knows."""


class RefusalError(HuxinError):
    """Stops a parsing step; the door it happens behind turns it into its `refusal`."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.refusal = Refusal(code, detail)
