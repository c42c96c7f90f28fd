"""The offline verifier as a folder of plain files: its page as it was built, and beside it the data of one place.

    index.html · app.js · service.js · …      built from `verifier/`, the same everywhere
    data/setup.json                           whose it is: region, names, first root, purposes, practice cards
    data/list.bundle                          the shared list that is held, with its status sets
    data/rules.json · data/words.json         the rules of the place and those that other regions signed for the list,
                                              and the words that explain them

Responsible for finding the built files, for what the data look like, and for writing a folder that any server of
plain files can serve.  Leaves to others where lists and rules come from.

- a name is looked up among the files that are there; none is ever made into a path;
- nothing in it is about a person; practice cards are specimens of invented people.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from huxin.adapters import output, status_files
from huxin.adapters.trust_bundle import pack
from huxin.adapters.trust_state import Held
from huxin.kernel.errors import RefusalError
from huxin.packs.purposes import purpose_words
from huxin.packs.reader import Words
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.explain import words
from huxin.trust.status import signed_set

__all__ = [
    "LIST",
    "RULES",
    "SETUP",
    "WORDS",
    "PlaceRules",
    "Practice",
    "Setup",
    "built",
    "bundle",
    "content_type",
    "spoken_words",
    "write",
]

SETUP: Final = "data/setup.json"
LIST: Final = "data/list.bundle"
RULES: Final = "data/rules.json"
WORDS: Final = "data/words.json"

_TYPES: Final = {
    "css": "text/css; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "wasm": "application/wasm",
    "webmanifest": "application/manifest+json",
}
_NONE: Final[Mapping[str, str]] = {}
_GROUPS: Final = ("fields", "dcc", "units", "weekdays", "sentences")


@dataclass(frozen=True, slots=True)
class Practice:
    """A specimen to try the page with, and what it is answered with."""

    text: str
    outcome: str
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a region asks for something; `effect` is `informs` where no rule of it turns anybody away."""

    region: str
    name: str
    words: Words
    effect: str


@dataclass(frozen=True, slots=True)
class Setup:
    """Whose verifier it is.

    `root` is the SHA-256 of the shared list's first root, empty where no list is held; `appeals` is the address
    at which people appeal, empty where that is done elsewhere; `policy` is what the place decided for itself, as its
    state packs it, empty where it decided nothing.
    """

    region: str
    names: Mapping[str, Words]
    environment: str
    root: str
    zone: str
    purposes: tuple[Purpose, ...] = ()
    practice: tuple[Practice, ...] = ()
    appeals: str = ""
    policy: bytes = b""

    def to_bytes(self) -> bytes:
        """Return `data/setup.json`."""
        document = {
            "huxin": "verifier-setup",
            "v": 1,
            "region": self.region,
            "names": {code: _both(name) for code, name in sorted(self.names.items())},
            "environment": self.environment,
            "root": self.root,
            "zone": self.zone,
            "purposes": [_purpose(one) for one in self.purposes],
            "practice": [_practice(one) for one in self.practice],
            "appeals": self.appeals,
            "policy": self.policy.decode("ascii"),
        }
        return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8")


def _both(said: Words) -> dict[str, str]:
    return {"zh": said.zh, "en": said.en}


def _purpose(one: Purpose) -> dict[str, Any]:
    return {"region": one.region, "id": one.name, "words": _both(one.words), "effect": one.effect}


def _practice(one: Practice) -> dict[str, str]:
    asked = {} if one.purpose is None else {"purpose": one.purpose}
    return {"text": one.text, "outcome": one.outcome, **asked}


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """What a place can ask: its own rules, and by region those that the shared list has.

    Where the place has rules of a region itself, they stand for it.
    """

    own: RuleBook
    listed: Mapping[str, RuleBook]

    def _others(self) -> dict[str, RuleBook]:
        known = {rule.region for rule in self.own.rules if not rule.of_issuer}
        return {region: found for region, found in self.listed.items() if region not in known}

    def of(self, region: str) -> RuleBook:
        """Return what one region asks; value sets of one are nobody else's."""
        return self._others().get(region) or self.own.of(region)

    def purposes(self, now: datetime, *, packs: Mapping[str, str] = _NONE) -> tuple[Purpose, ...]:
        """Return what is asked now or later; `packs` names where the place's own rules for a purpose came from."""
        return tuple(
            Purpose(
                region,
                name,
                purpose_words(name, packs.get(name) if one is self.own else None),
                effect,
            )
            for one in (self.own, *self._others().values())
            for (region, name), effect in _effects(one, now).items()
        )

    def to_bytes(self) -> bytes:
        """Return `data/rules.json`."""
        listed = [{"region": region, **_set(one)} for region, one in self._others().items()]
        whole = {"huxin": "rules", "version": 1, **_set(self.own), "listed": listed}
        return json.dumps(whole, ensure_ascii=False).encode("utf-8")


def _set(book: RuleBook) -> dict[str, Any]:
    return {"valueSets": book.value_sets, "rules": [rule.document for rule in book.rules]}


def _effects(book: RuleBook, now: datetime) -> dict[tuple[str, str], str]:
    """Return what is asked now or later, by region and purpose: `informs` where no rule of it turns anybody away."""
    told: dict[tuple[str, str], str] = {}
    for rule in book.rules:
        # What an issuer says of its own certificates is nobody's choice of rules.
        if now <= rule.valid_until and not rule.of_issuer:
            asked = (rule.region, rule.purpose)
            told[asked] = "admits" if rule.effect == "admits" else told.get(asked, rule.effect)
    return dict(sorted(told.items()))


def spoken_words() -> dict[str, Any]:
    """Return the sentences that explanations are made of, as a node publishes them."""
    return {name: words()[name] for name in _GROUPS}


def bundle(held: Held, sets: Iterable[bytes] = ()) -> bytes:
    """Return the held list as a bundle for others, with newer status sets where there are; refuses with `too-big`.

    What a place remembers, and what it decided for itself, is nobody else's.
    """
    found = dict(held.files)
    known = {one.name: one.version for one in held.sets()}
    room = status_files.MOST_TOTAL - sum(
        len(data) for name, data in found.items() if status_files.is_status_name(name)
    )
    for data in sets:
        one = signed_set.reopen(data)
        name = status_files.file_name(one.name)
        grown = len(data) - len(found.get(name, b""))
        # A set that has no room stays away, and never keeps the list away.
        if one.version > known.get(one.name, -1) and grown <= room:
            found[name], known[one.name], room = data, one.version, room - grown
    return pack(found)


# ------------------------------------------------------------------------------------ built files


def _home(folder: str = "verifier") -> Path:
    return Path(str(files("huxin") / "node" / "base" / "static" / "huxin" / folder))


@cache
def built(folder: str = "verifier") -> Mapping[str, Path]:
    """Return the files of a built folder by their names, with slashes; none where it was not built."""
    home = _home(folder)
    return {
        path.relative_to(home).as_posix(): path
        for path in sorted(home.rglob("*"))
        if path.is_file()
    }


def content_type(name: str) -> str:
    """Return what a file of the folder is to a browser."""
    return _TYPES.get(name.rpartition(".")[2], "application/octet-stream")


def write(out: Path, data: Mapping[str, bytes]) -> None:
    """Write a folder that does not exist yet: the page and its data, whole or not at all.

    Refuses with `exists`, `no-space`, or `bad-input` where it cannot be written.
    """
    if out.exists():
        raise RefusalError("exists", out.name)
    part = out.with_name(f".{out.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        for name, path in built().items():
            _put(part / name, path.read_bytes())
        for name, content in data.items():
            _put(part / name, content)
        part.rename(out)
    except OSError as error:
        raise output.refusal(error, out.name) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    output.write_new(path, content)
