"""What the larger components need to be told, so that a page cannot forget half of an answer.

A face holds words and plain values, nothing that decides: no face is stored, and the outcome of a
verdict comes from `huxin.trust` at the moment the page is made.

- words are a pair (`Words`), or a text that is the same in every language, such as a name;
- a person is shown by name and birth year; more is not asked for here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from huxin.packs.reader import Words

__all__ = ["CardFace", "Change", "Link", "Step", "Tile", "VerdictFace", "Way"]

Say = Words | str
Look = Literal["accepted", "genuine", "cross-check", "rejected", "unknown"]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a page goes on: an address with its words."""

    url: str
    words: Say
    current: bool = False


@dataclass(frozen=True, slots=True)
class CardFace:
    """The card a person carries.  `qr` is SVG markup, empty while it is not signed.

    `url` and `past` are for the wallet: where the card opens, and that its time is over.
    """

    kind: Words
    name: str
    born: str
    region: str
    seal: str
    until: str
    proves: Say = ""
    qr: str = ""
    latin: str = ""
    specimen: bool = False
    url: str = ""
    past: bool = False


@dataclass(frozen=True, slots=True)
class VerdictFace:
    """One answer at a door: what, about whom, because, and then.

    `word` replaces the usual word; `place`, `judged_by` and `age` tell by what it was judged.
    """

    outcome: Look
    because: Say
    then: Say
    name: str = ""
    born: str = ""
    latin: str = ""
    because_more: Say = ""
    then_more: Say = ""
    word: Words | None = None
    place: Say = ""
    judged_by: Say = ""
    age: Say = ""
    offline: bool = False
    unverified: bool = False
    counts: Say = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of what was examined.  `state`: ok, no, open, or the name of an icon."""

    state: str
    words: Say
    more: Say = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a difference: `add`, `mod` or `del`."""

    kind: Literal["add", "mod", "del"]
    words: Say


@dataclass(frozen=True, slots=True)
class Tile:
    """One area on the tile map: column and row from 1 to 8, shade from 1 to 3."""

    x: int
    y: int
    name: Say
    count: int
    shade: Literal[1, 2, 3] = 1
    alarm: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """One way in for somebody without a code: a link, or a form when `post`."""

    words: Say
    more: Say
    button: Say
    url: str
    post: bool = False
    value: str = ""
