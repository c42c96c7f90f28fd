"""The part of the law that the program loads: the register of codes and the JSON Schemas."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

__all__ = ["CODES", "Code", "schema"]


@dataclass(frozen=True, slots=True)
class Code:
    """One row of the register: what a code means, to whom, and what to do next."""

    code: str
    kind: str  # "verdict", "input" or "list"
    outcome: str  # accepted | rejected | cross-check | unknown | refused | told
    text: dict[str, str]  # language → sentence
    next: dict[str, str]  # language → what to do


def _load() -> dict[str, Code]:
    rows = json.loads((files(__name__) / "codes.json").read_text("utf-8"))["codes"]
    return {row["code"]: Code(**row) for row in rows}


CODES: Final[dict[str, Code]] = _load()


@cache
def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema `name`, such as `attestation`."""
    text = (files(__name__) / f"{name}.schema.json").read_text("utf-8")
    result: dict[str, Any] = json.loads(text)
    return result
