"""The shelf: where the folders of packs lie, and whether their files are those that were meant.

Shipped packs lie beside this module.  Others come as Python packages that name themselves in the entry
point group `huxin.packs`, as `id = package`.  Leaves what the files say to `reader` and `templates`.

- a pack is data: its package is found and read, never imported, so none of its code is run;
- every file is in the pack's `manifest.json` with its SHA-256, and another one is not read;
- of one id there is one pack: the shipped one, and of two from outside neither.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

from huxin.packs.errors import PackError

__all__ = [
    "FILES",
    "GROUP",
    "LARGEST",
    "MANIFEST",
    "SHIPPED",
    "Folder",
    "Offer",
    "find",
    "manifest_of",
    "offers",
    "shipped",
]

SHIPPED: Final = (
    *("school-entry", "occupational-health", "icvp"),
    *("measles-outbreak", "hospital-visitor", "pandemic"),
)
GROUP: Final = "huxin.packs"
MANIFEST: Final = "manifest.json"
FILES: Final = ("pack.json", "demo_people.json", "rules.json")
"""The files that a pack may have; the first one it has to have."""

LARGEST: Final = 1_000_000
"""The most bytes that a file of a pack may have."""

_FORMAT: Final = "huxin-pack/1"
_ID: Final = re.compile(r"[a-z0-9-]{1,32}")
_PACKAGE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


@dataclass(frozen=True, slots=True)
class Folder:
    """A pack's files as its manifest has them; `origin` is the distribution, empty for a shipped one."""

    id: str
    contents: Mapping[str, bytes] = field(hash=False, repr=False)
    origin: str = ""

    def json(self, file: str, default: Any = None) -> Any:
        """Return what a file of the pack says, or `default` where the pack has none of that name."""
        if file not in self.contents:
            return default
        return _parse(self.contents[file], file)


@dataclass(frozen=True, slots=True)
class Offer:
    """What an installed package says of itself: a pack's id, where it lies, and who brings it."""

    id: str
    package: str
    origin: str


def shipped(name: str) -> Folder:
    """Return the folder of a pack that comes with Huxin; raises `PackError` where it was changed."""
    return Folder(name, _contents(files("huxin.packs") / name))


def offers(found: Iterable[EntryPoint] | None = None) -> tuple[Offer, ...]:
    """Return what installed packages offer, by id; without an argument those of this environment."""
    points = entry_points(group=GROUP) if found is None else found
    made = {Offer(one.name, one.value, _origin(one)) for one in points}
    return tuple(sorted(made, key=lambda one: (one.id, one.package, one.origin)))


def _origin(point: EntryPoint) -> str:
    return f"{point.dist.name} {point.dist.version}" if point.dist else "unknown"


def find(offer: Offer, others: Iterable[Offer] = ()) -> Folder:
    """Return the folder that is offered; raises `PackError` with what is wrong with it."""
    if not _ID.fullmatch(offer.id):
        raise PackError(f"{offer.id!r} cannot be the id of a pack: a-z, 0-9 and -, at most 32")
    if offer.id in SHIPPED:
        raise PackError(f"the id {offer.id} is taken by a pack that comes with Huxin")
    if rivals := sorted(one.origin for one in others if one.id == offer.id and one != offer):
        raise PackError(f"the id {offer.id} is offered by {', '.join(rivals)} as well")
    return Folder(offer.id, _contents(_root(offer.package)), offer.origin)


def _root(package: str) -> Traversable:
    """Return a package's folder without importing it."""
    # What stands behind a dot could only be found by importing what stands before it.
    if not _PACKAGE.fullmatch(package):
        raise PackError(f"{package!r} is not the name of a package at the top")
    try:
        spec = find_spec(package)
    except (ImportError, ValueError):  # `__main__` is a module that nobody can find
        spec = None
    if spec is None or spec.loader is None or spec.submodule_search_locations is None:
        raise PackError(f"there is no package {package} with an __init__.py")
    unborn = ModuleType(package)
    unborn.__spec__ = spec
    return files(unborn)


def _contents(root: Traversable) -> dict[str, bytes]:
    named = _named(_parse(_read(root, MANIFEST), MANIFEST))
    for name in FILES:
        if name not in named and (root / name).is_file():
            raise PackError(f"{name} is not in the manifest")
    found = {name: _read(root, name) for name in named}
    for name, content in found.items():
        if hashlib.sha256(content).hexdigest() != named[name]:
            raise PackError(f"{name} is not the file that the manifest means")
    return found


def _named(manifest: Any) -> dict[str, str]:
    if not isinstance(manifest, dict) or manifest.get("format") != _FORMAT:
        raise PackError(f"{MANIFEST} is not of the form {_FORMAT}")
    named = manifest.get("files")
    if not isinstance(named, dict) or FILES[0] not in named or not named.keys() <= {*FILES}:
        raise PackError(f"{MANIFEST} names {FILES[0]}, and none but {', '.join(FILES)}")
    return named


def _read(root: Traversable, name: str) -> bytes:
    try:
        with (root / name).open("rb") as stream:
            content = stream.read(LARGEST + 1)
    except OSError as error:
        raise PackError(f"{name} cannot be read") from error
    if len(content) > LARGEST:
        raise PackError(f"{name} is larger than {LARGEST} bytes")
    return content


def _parse(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise PackError(f"{name} is not JSON") from error


def _refuse(constant: str) -> None:
    """Refuse what Python reads and JSON does not have: NaN and infinities."""
    raise ValueError(constant)


def manifest_of(contents: Mapping[str, bytes]) -> str:
    """Return the manifest for a pack's files."""
    found = {name: hashlib.sha256(contents[name]).hexdigest() for name in FILES if name in contents}
    return json.dumps({"format": _FORMAT, "files": found}, indent=1) + "\n"
