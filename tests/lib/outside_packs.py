"""A pack of somebody else, as pip would install it: a package of data, and who brings it."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from huxin.packs.shelf import manifest_of

__all__ = ["CODE", "bring", "contents", "seal"]

# Whoever runs a pack's code is told so by a program that ends.
CODE: Final = 'raise SystemExit("the code of a pack was run")\n'
_LIKE: Final = "occupational-health"


def contents(name: str = "pool-visit") -> dict[str, bytes]:
    """The files of a pack `name` that is made like the occupational health card."""
    source = files("huxin.packs") / _LIKE
    pack = json.loads((source / "pack.json").read_text("utf-8"))
    pack |= {"id": name, "purpose": {**pack["purpose"], "id": name}}
    pack["name"] = {"zh": "游泳馆入场体检", "en": "Health card for the pool"}
    pack["short"] = {"zh": "游泳馆", "en": "Pool"}
    pack["minimal"]["purpose"] = name + "/{choice}"
    rules = json.loads((source / "rules.json").read_text("utf-8").replace(_LIKE, name))
    rules["rules"] = [{**rules["rules"][0], "id": "POOL", "purpose": "event/sports"}]
    people = json.loads((source / "demo_people.json").read_text("utf-8"))
    return {
        "pack.json": _bytes(pack),
        "demo_people.json": _bytes(people),
        "rules.json": _bytes(rules),
    }


def _bytes(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8")


def seal(found: dict[str, bytes]) -> dict[str, bytes]:
    """The files with the manifest that fits them."""
    return {**found, "manifest.json": manifest_of(found).encode("utf-8")}


def bring(
    folder: Path, found: dict[str, bytes], *, name: str = "pool-visit", package: str = "pool_pack",
    distribution: str = "pool",
) -> None:  # fmt: skip
    """Lay a package and its entry point into a folder, as an installation does."""
    (folder / package).mkdir(exist_ok=True)
    (folder / package / "__init__.py").write_text(CODE, "utf-8")
    for file, content in found.items():
        (folder / package / file).write_bytes(content)
    about = folder / f"{distribution}-1.0.dist-info"
    about.mkdir()
    about.joinpath("METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n", "utf-8"
    )
    about.joinpath("entry_points.txt").write_text(f"[huxin.packs]\n{name} = {package}\n", "utf-8")
