"""Write the rules of the shipped packs from `tools/pack_rules/`, and the manifest of each pack's files.

Run it after a change there, or of another file of a pack:  python -m tools.write_pack_rules
Two runs give the same bytes; `tests/house/test_packs.py` fails while a file on disk differs.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from huxin.packs.shelf import FILES, MANIFEST, manifest_of
from tools.pack_rules import (
    hospital_visitor,
    icvp,
    measles_outbreak,
    occupational_health,
    pandemic,
    school_entry,
)
from tools.pack_rules.template import Template

__all__ = ["FOLDER", "PACKS", "file_of", "manifest_for"]

FOLDER: Final = Path(__file__).parents[1] / "src" / "huxin" / "packs"

PACKS: Final[dict[str, tuple[Callable[[], list[Template]], dict[str, list[str]]]]] = {
    "school-entry": (school_entry.rules, {}),
    "occupational-health": (occupational_health.rules, {}),
    "icvp": (icvp.rules, {}),
    "measles-outbreak": (measles_outbreak.rules, {}),
    "hospital-visitor": (hospital_visitor.rules, {}),
    "pandemic": (pandemic.rules, pandemic.VALUE_SETS),
}


def file_of(pack: str) -> str:
    """Return the content of a pack's `rules.json`: a field a line, so that a change reads well."""
    make, value_sets = PACKS[pack]
    sets = [f"  {_json(name)}: {_json(found)}" for name, found in value_sets.items()]
    rules = [_rule(one) for one in make()]
    return (
        '{\n "valueSets": {'
        + ("\n" + ",\n".join(sets) + "\n }" if sets else "}")
        + ',\n "rules": [\n'
        + ",\n".join(rules)
        + "\n ]\n}\n"
    )


def _rule(rule: Template) -> str:
    rows = ",\n".join(f"   {_json(name)}: {_json(value)}" for name, value in rule.items())
    return f"  {{\n{rows}\n  }}"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def manifest_for(pack: str) -> str:
    """Return the manifest of a pack's files as they are on disk."""
    paths = [FOLDER / pack / name for name in FILES]
    return manifest_of({path.name: path.read_bytes() for path in paths if path.exists()})


def main() -> None:
    for pack in PACKS:
        (FOLDER / pack / "rules.json").write_text(file_of(pack), "utf-8")
        (FOLDER / pack / MANIFEST).write_text(manifest_for(pack), "utf-8")


if __name__ == "__main__":
    main()
