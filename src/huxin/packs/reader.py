"""Reads the packs: folders of data → frozen values; says which packs there are.

Leaves to `packs.shelf` where the files lie, to `packs.form` and `packs.templates` the form of `pack.json`
and `rules.json`, to `packs.entries` the reading of what people type into a pack's columns, and the
making of cards to those above, who know what facts are.

- a pack is data: nothing in it is executed, and its words are our own;
- a shipped pack that is wrong is a broken promise, so reading raises `PackError`;
- an installed pack that is wrong is left out and told: it must not stop those that are right;
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from huxin.packs import shelf
from huxin.packs.errors import PackError
from huxin.packs.fields import text
from huxin.packs.form import Choice, Column, Minimal, Pack, Term, Words, parse_pack
from huxin.packs.templates import Templates, parse_templates

__all__ = [
    "Choice",
    "Column",
    "DemoPerson",
    "Minimal",
    "Pack",
    "PackError",
    "Refused",
    "Term",
    "Words",
    "demo_people",
    "forget",
    "origin",
    "pack",
    "pack_ids",
    "pack_of_purpose",
    "parse_files",
    "parse_pack",
    "refused_packs",
    "templates",
]


_BLANK: Final = re.compile(r"\{(year|today)([+-][0-9]+)?\}")
_LONGEST_OFFSET: Final = 6  # a sign and five digits: 99 999 days


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """An invented person: who issues their card, and their row of the pack's list."""

    region: str
    row: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Refused:
    """A pack that was installed and is left out: its id, who brings it, and what is wrong with it."""

    id: str
    origin: str
    why: str


@dataclass(frozen=True, slots=True)
class _Found:
    """One pack, read as a whole."""

    folder: shelf.Folder
    pack: Pack
    templates: Templates
    people: tuple[DemoPerson, ...]


def pack_ids() -> tuple[str, ...]:
    """Return the ids of the packs in the order in which they are shown: the shipped ones first."""
    return (*shelf.SHIPPED, *_installed()[0])


def pack(name: str) -> Pack:
    """Return the pack `name`; raises `KeyError` where there is none."""
    return _found(name).pack


def templates(name: str) -> Templates:
    """Return the rules of a pack, for a region to adopt; raises `KeyError` where there is no pack."""
    return _found(name).templates


def origin(name: str) -> str:
    """Return the distribution that a pack was installed with; empty for one that comes with Huxin."""
    return _found(name).folder.origin


def demo_people(name: str, today: date) -> tuple[DemoPerson, ...]:
    """Return the invented people of a pack; their dates are counted from `today`."""
    return tuple(
        DemoPerson(one.region, {key: _dated(text, today) for key, text in one.row.items()})
        for one in _found(name).people
    )


def pack_of_purpose(purpose: str) -> Pack | None:
    """Return the pack whose rules people are asked by for a purpose, for its words; else `None`."""
    for name in pack_ids():
        if purpose in templates(name).purposes():
            return pack(name)
    return None


def refused_packs() -> tuple[Refused, ...]:
    """Return the packs that were installed and are left out, with the reason."""
    return _installed()[1]


def parse_files(contents: Mapping[str, bytes]) -> tuple[Pack, Templates]:
    """Read the files of a pack that is being made; raises `PackError` with what is wrong with them."""
    data = shelf.Folder("", contents).json(shelf.FILES[0], {})
    name = data.get("id") if isinstance(data, dict) else None
    found = _whole(shelf.Folder(str(name), contents))
    return found.pack, found.templates


def forget() -> None:
    """Look for the packs anew: for whoever installs one while the program runs."""
    _shipped.cache_clear()
    _installed.cache_clear()


def _found(name: str) -> _Found:
    if name in shelf.SHIPPED:
        return _shipped(name)
    return _installed()[0][name]


@cache
def _shipped(name: str) -> _Found:
    return _whole(shelf.shipped(name))


@cache
def _installed() -> tuple[dict[str, _Found], tuple[Refused, ...]]:
    found, refused = {}, []
    offers = shelf.offers()
    for one in offers:
        try:
            found[one.id] = _whole(shelf.find(one, offers))
        except PackError as error:
            refused.append(Refused(one.id, one.origin, str(error)))
    return found, tuple(refused)


def _whole(folder: shelf.Folder) -> _Found:
    """Read everything of a pack, so that what is wrong is told before anything is used."""
    found = parse_pack(folder.json("pack.json", {}))
    if found.id != folder.id:
        raise PackError(f"{folder.id}: the folder holds the pack {found.id}")
    rules = parse_templates(folder.json("rules.json", {"valueSets": {}, "rules": []}))
    return _Found(folder, found, rules, _people(folder.json("demo_people.json", [])))


def _people(data: Any) -> tuple[DemoPerson, ...]:
    try:
        people = tuple(DemoPerson(text(one["region"]), dict(one["row"])) for one in data)
    except (KeyError, TypeError, ValueError) as error:
        raise PackError("demo_people.json: each has a region and a row") from error
    if not all(isinstance(text, str) for one in people for text in one.row.values()):
        raise PackError("demo_people.json: each value of a row is a text")
    rows = (value for one in people for value in one.row.values())
    if any(len(offset) > _LONGEST_OFFSET for value in rows for _, offset in _BLANK.findall(value)):
        raise PackError("demo_people.json: a date is further off than a century or two")
    return people


def _dated(written: str, today: date) -> str:
    """Fill in `{year-6}` and `{today-40}`: demo people never grow too old for their story."""

    def fill(match: re.Match[str]) -> str:
        offset = int(match[2] or 0)
        if match[1] == "year":
            return str(today.year + offset)
        return (today + timedelta(days=offset)).isoformat()

    return _BLANK.sub(fill, written)
