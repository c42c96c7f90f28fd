"""The files of a node's folder that a backup carries: all but the database.

- a name from a backup is one of a closed list, so that nothing is written outside the folder;
- what is secret stays readable by its owner only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from huxin.adapters import intake, output
from huxin.kernel.errors import RefusalError

__all__ = ["collect", "lay"]

# The accepted list goes along: it remembers which keys were buried, and how new a list was seen.
_NAMES: Final = (
    *("node.toml", "secrets.json", "trust.json", "root.json", "regions.json", "audit-head.json"),
    "federation/accepted.bundle",
)
_KEY: Final = re.compile(r"keys/[A-Za-z0-9][A-Za-z0-9._-]{0,80}")
_MAX_BYTES: Final = 16_000_000


def collect(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each file that is there."""
    keys = sorted(f"keys/{one.name}" for one in (folder / "keys").glob("*") if one.is_file())
    for name in (*_NAMES, *(key for key in keys if _KEY.fullmatch(key))):
        if (folder / name).is_file():
            yield name, intake.read(folder / name, limit=_MAX_BYTES)


def lay(folder: Path, name: str, data: bytes) -> None:
    """Write one of them into a new folder; refuses with `backup` a name that is none of them."""
    if name not in _NAMES and not _KEY.fullmatch(name):
        raise RefusalError("backup", "a file that is none of a node's")
    path = folder / name
    path.parent.mkdir(exist_ok=True, mode=0o700)
    output.write_new(path, data, private=name != "node.toml")
