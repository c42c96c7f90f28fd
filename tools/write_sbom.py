"""Write a bill of materials (CycloneDX, JSON) of what `requirements.lock` installs: python -m tools.write_sbom

Each package with its version, licence, the hashes of its files, and what needs it.  The same lock gives the same bytes.
`make sbom` calls it.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import uuid
from importlib.metadata import version
from pathlib import Path

from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.license import LicenseExpression
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from tools.write_notices import LOCK, packages

__all__ = ["bom", "text"]

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_BLOCK = re.compile(
    r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==.*?(?=^[a-z0-9]|\Z)", re.MULTILINE | re.DOTALL
)
_VIA = re.compile(
    r"#\s+(?:via\s+)?([a-z0-9._-]+|huxin \(pyproject\.toml\)|huxin \(pyproject\.toml:[a-z]+\))$"
)
_SAME = uuid.UUID("6f2d1d0e-8d0b-5a5e-9a53-1d1c4b1a7a60")


def bom() -> Bom:
    """Return the bill: Huxin, and below it every locked package."""
    blocks = {found[1]: found[0] for found in _BLOCK.finditer(LOCK.read_text("utf-8"))}
    made = Bom(serial_number=uuid.uuid5(_SAME, LOCK.read_text("utf-8")))
    root = Component(
        name="huxin", version=version("huxin"), type=ComponentType.APPLICATION, bom_ref="huxin",
        licenses=[LicenseExpression("Apache-2.0")],
    )  # fmt: skip
    made.metadata.component = root
    parts = {"huxin": root}
    for one in packages():
        if one.name in blocks:
            parts[one.name] = _component(one.name, one.version, one.licence, blocks[one.name])
            made.components.add(parts[one.name])
    for name, part in parts.items():
        needs = [parts[other] for other, block in blocks.items() if name in _needed_by(block)]
        made.register_dependency(part, needs)
    return made


def _component(name: str, locked: str, licence: str, block: str) -> Component:
    return Component(
        name=name,
        version=locked,
        type=ComponentType.LIBRARY,
        bom_ref=f"{name}=={locked}",
        purl=PackageURL("pypi", name=name, version=locked),
        licenses=[LicenseExpression(licence)],
        external_references=[_files(name, locked, block)],
    )


def _files(name: str, locked: str, block: str) -> ExternalReference:
    """Say which files may be installed: one of these, by the computer it is."""
    return ExternalReference(
        type=ExternalReferenceType.DISTRIBUTION,
        url=XsUri(PackageURL("pypi", name=name, version=locked).to_string()),
        hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in _HASH.findall(block)],
    )


def _needed_by(block: str) -> set[str]:
    """Return the names after `# via` in a package's part of the lock."""
    found = (_VIA.search(line.strip()) for line in block.splitlines())
    return {one[1].split(" ")[0] for one in found if one}


def text() -> str:
    """Return the bill as JSON."""
    document = json.loads(JsonV1Dot6(bom()).output_as_string())
    # The moment of writing is no property of the lock.
    del document["metadata"]["timestamp"]
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("to", type=Path)
    to: Path = parser.parse_args().to
    to.parent.mkdir(exist_ok=True)
    to.write_text(text(), "utf-8")
    print(f"{to}: {len(bom().components)} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
