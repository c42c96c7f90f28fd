"""What an evaluation did, step by step: the ground of every explanation."""

from __future__ import annotations

from typing import Any

from huxin.kernel.value import value

__all__ = ["Step"]


@value()
class Step:
    """One operation that was carried out: where it stands, on what, and what came out.

    `operands` are the values of the expressions directly inside it, in the order in which they were
    evaluated; those that were not (`and`, `if`) are not among them, and a `reduce` has one for each pass.
    Steps stand in the order in which they were finished, so an operation comes after its operands.
    """

    place: str
    operator: str
    operands: tuple[Any, ...]
    value: Any
