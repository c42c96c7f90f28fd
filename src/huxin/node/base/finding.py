"""One thing that an operator looks after, as it was found: fine, to be looked at, or to be mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from huxin.packs.reader import Words

__all__ = ["Finding", "State", "finding"]

State = Literal["fine", "look", "mend"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    about: Words
    state: State
    found: Words
    todo: Words | None = None


def finding(
    about: str | None, state: State, zh: str, en: str, todo: Words | None = None
) -> Finding:
    """Return a finding; `about` is the docstring of whoever looked, 中文 | English."""
    head_zh, _, head_en = (about or "").partition("|")
    return Finding(Words(head_zh.strip(), head_en.strip()), state, Words(zh, en), todo)
