"""A folder in which somebody makes a pack: looked at as a whole, and sealed with its manifest.

What is sealed is what a reader of packs accepts: words, columns, people, and rules that can be adopted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from huxin.adapters import intake, output
from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.packs.errors import PackError
from huxin.packs.form import Pack
from huxin.packs.shelf import FILES, LARGEST, MANIFEST, SHIPPED, manifest_of
from huxin.packs.templates import Templates
from huxin.trust.rules.adopt import filled
from huxin.trust.rules.rule import parse_rule

__all__ = ["Sealed", "seal"]

_BEGIN: Final = datetime(2000, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a folder holds: the pack, its rules, the files that the manifest names."""

    pack: Pack
    templates: Templates
    files: tuple[str, ...]


def seal(folder: Path) -> Sealed:
    """Write the manifest of a pack's folder; refuses with `pack`, and then nothing is written."""
    paths = [folder / name for name in FILES]
    contents = {
        path.name: intake.read(path, limit=LARGEST) for path in paths if path.is_file()
    }  # fmt: skip
    if FILES[0] not in contents:
        raise RefusalError("pack", f"{folder.name}: there is no {FILES[0]}")
    try:
        pack, templates = reader.parse_files(contents)
    except PackError as error:
        raise RefusalError("pack", str(error)) from error
    if pack.id in SHIPPED:
        raise RefusalError("pack", f"the id {pack.id} is taken by a pack that comes with Huxin")
    _check_rules(templates)
    path = folder / MANIFEST
    path.unlink(missing_ok=True)
    output.write_new(path, manifest_of(contents).encode("utf-8"))
    return Sealed(pack, templates, tuple(contents))


def _check_rules(templates: Templates) -> None:
    """Read the rules as they would be read once a region had adopted them."""
    made = filled(
        templates, region="X", published=_BEGIN, valid_from=_BEGIN, valid_until=_BEGIN + _DAY
    )
    for one in made:
        try:
            parse_rule(one)
        except RefusalError as error:
            raise RefusalError("pack", f"rule {one['id']}: {error}") from error
