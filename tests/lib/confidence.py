"""A pack whose cards are the person's own affair, for tests: as if its data said so."""

import dataclasses
from typing import Any

import pytest

from huxin.packs import reader
from huxin.packs.confidence import Confidence


def confide(
    patch: pytest.MonkeyPatch, pack: str = "school-entry", *columns: str, age: int = 3
) -> None:
    """Have `pack` say that these columns, or all of it, are confidential from an age."""
    shipped = reader.pack

    def read(name: str) -> Any:
        found = shipped(name)
        if name != pack:
            return found
        return dataclasses.replace(found, confidential=Confidence(age, frozenset(columns)))

    patch.setattr(reader, "pack", read)
