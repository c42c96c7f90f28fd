"""The rooms keep their contracts, and each contract catches the breach it was written for.

A breach is planted in a copy of the tree, and the real tool is run on the copy.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

# contract → breaches: (what it is, {file below src/huxin: line planted there}).
# A file that does not exist yet is a new room.
PLANTS = {
    "storeys": [
        ("the kernel asks a part", {"kernel/errors.py": "import huxin.trust.anchors"}),
        ("the law asks the kernel", {"spec/__init__.py": "import huxin.kernel.errors"}),
        ("a pack asks a part", {"packs/__init__.py": "import huxin.trust.verdict"}),
        ("a pack knows rules", {"packs/templates.py": "import huxin.trust.rules.adopt"}),
        ("a part reaches for the world", {"trust/anchors.py": "import huxin.adapters"}),
        ("the clinic asks trust", {"clinic/visits.py": "import huxin.trust.verdict"}),
        ("monitoring asks the clinic", {"monitoring/disclosure.py": "import huxin.clinic.visits"}),
        ("a part asks the command line", {"trust/verify.py": "import huxin.cli"}),
        ("an adapter asks the command line", {"adapters/__init__.py": "import huxin.cli"}),
        ("a room nobody drew", {"attic.py": ""}),
    ],
    "trust-rooms": [
        ("anchors read credentials", {"trust/anchors.py": "import huxin.trust.credentials"}),
        ("pictures know credentials", {"trust/qr.py": "import huxin.trust.credentials"}),
        (
            "credentials are opened twice",
            {"trust/credentials/facts.py": "import huxin.trust.reading"},
        ),
        ("status lists judge", {"trust/status/__init__.py": "import huxin.trust.verdict"}),
        ("reading judges", {"trust/reading.py": "import huxin.trust.verdict"}),
        ("the front door issues", {"trust/verify.py": "import huxin.trust.issue"}),
        ("a room nobody drew", {"trust/attic.py": ""}),
    ],
    "rule-rooms": [
        (
            "the oracle asks the one it judges",
            {"trust/rules/interpret.py": "import huxin.trust.rules.compile"},
        ),
        ("a rule knows its book", {"trust/rules/rule.py": "import huxin.trust.rules.book"}),
        ("a book fetches rules", {"trust/rules/book.py": "import huxin.trust.rules.adopt"}),
    ],
    "credential-rooms": [
        (
            "one envelope opens another",
            {"trust/credentials/hcert.py": "import huxin.trust.credentials.smart_health_card"},
        ),
        (
            "one claim reads another",
            {"trust/credentials/dcc.py": "import huxin.trust.credentials.icvp"},
        ),
        (
            "facts know their envelope",
            {"trust/credentials/facts.py": "import huxin.trust.credentials.cose"},
        ),
    ],
    "no-circles": [
        (
            "two neighbours know each other",
            {
                "kernel/errors.py": "import huxin.kernel.instants",
                "kernel/instants.py": "import huxin.kernel.errors",
            },
        ),
    ],
    "node-rooms": [
        ("the ground asks a part", {"node/base/audit.py": "import huxin.node.trust.models"}),
        ("two parts know each other", {"node/clinic/urls.py": "import huxin.node.trust.urls"}),
        ("a part asks the home", {"node/trust/signing.py": "import huxin.node.home"}),
        ("a room nobody drew", {"node/attic.py": ""}),
    ],
    "node-ways": [
        ("a query acts", {"node/trust/queries/cards.py": "import huxin.node.trust.actions"}),
        ("a table asks", {"node/trust/models/cards.py": "import huxin.node.trust.queries"}),
    ],
    "views-and-tables": [
        (
            "a page reads a table",
            {"node/trust/views/__init__.py": "import huxin.node.trust.models"},
        ),
        (
            "a page of the clinic reads a table",
            {"node/clinic/views/__init__.py": "import huxin.node.clinic.models"},
        ),
        (
            "a page of numbers reads a table",
            {"node/monitoring/views/__init__.py": "import huxin.node.monitoring.models"},
        ),
    ],
    "door-to-django": [
        ("from an adapter", {"adapters/__init__.py": "import django.http"}),
        ("from the command line", {"cli/__init__.py": "import granian"}),
    ],
    "door-to-cryptography": [
        ("from the kernel", {"kernel/jws.py": "import cryptography.hazmat"}),
        ("from trust", {"trust/verify.py": "from cryptography import x509"}),
        ("from an adapter", {"adapters/__init__.py": "import cryptography"}),
    ],
    "door-to-cbor": [("from trust", {"trust/credentials/cose.py": "import cbor2"})],
    "door-to-codes": [("from an adapter", {"adapters/__init__.py": "import zxingcpp"})],
    "door-to-pictures": [("from reading", {"trust/reading.py": "import PIL.Image"})],
    "door-to-terminal": [
        ("from an adapter, click", {"adapters/__init__.py": "import click"}),
        ("from an adapter, rich", {"adapters/__init__.py": "import rich.table"}),
    ],
    "door-to-tuf": [
        ("from the command line, tuf", {"cli/__init__.py": "import tuf.ngclient"}),
        ("from the node, its signers", {"node/__init__.py": "import securesystemslib.signer"}),
    ],
    "door-to-paper": [
        (f"from the command line, {library}", {"cli/__init__.py": f"import {library}"})
        for library in ("noto_cjk_sans_otc", "openpyxl", "pypdfium2", "typst")
    ],
}
CASES = [
    pytest.param(contract, plants, id=f"{contract}: {what}")
    for contract, breaches in PLANTS.items()
    for what, plants in breaches
]


def contracts(root: Path) -> dict[str, dict[str, Any]]:
    settings = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))
    return {each["id"]: each for each in settings["tool"]["importlinter"]["contracts"]}


def lint_imports(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    # The copy comes before the work tree that the environment has installed.
    environment = os.environ | {"PYTHONPATH": str(tree / "src"), "NO_COLOR": "1", "COLUMNS": "200"}
    program = str(Path(sys.executable).with_name("lint-imports"))
    return subprocess.run(
        [program, "--no-logo", "--no-cache", *options],
        cwd=tree,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def tree(root, tmp_path_factory):
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(root / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(root / "pyproject.toml", copy)
    return copy


@contextmanager
def planted(tree: Path, plants: dict[str, str]) -> Iterator[None]:
    paths = {tree / "src" / "huxin" / name: line for name, line in plants.items()}
    before = {path: path.read_text("utf-8") if path.exists() else None for path in paths}
    for path, line in paths.items():
        path.write_text((before[path] or "") + f"\n{line}\n", "utf-8")
    yield
    for path, text in before.items():
        if text is None:
            path.unlink()
        else:
            path.write_text(text, "utf-8")


def broken(result: subprocess.CompletedProcess[str]) -> list[str]:
    return re.findall(r"^(.+) BROKEN", result.stdout, re.MULTILINE)


def test_the_rooms_keep_their_contracts(root):
    result = lint_imports(root)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_contract_has_a_planted_breach(root):
    assert set(contracts(root)) == set(PLANTS) | {"pure"}


def test_every_room_of_pure_thought_is_held_to_it(root):
    rooms = {path.parent.name for path in (root / "src/huxin").glob("*/__init__.py")}
    held = {name.removeprefix("huxin.") for name in contracts(root)["pure"]["source_modules"]}
    assert rooms - {"adapters", "cli", "node"} == held


@pytest.mark.parametrize(("contract", "plants"), CASES)
def test_a_planted_breach_is_caught(root, tree, contract, plants):
    with planted(tree, plants):
        result = lint_imports(tree, "--contract", contract)
    assert result.returncode == 1
    assert broken(result) == [contracts(root)[contract]["name"]], result.stdout + result.stderr


@pytest.mark.parametrize(
    "room",
    [
        "kernel/errors.py",
        "spec/__init__.py",
        "trust/anchors.py",
        "clinic/visits.py",
        "monitoring/disclosure.py",
    ],
)
def test_every_library_of_the_world_is_caught_in_pure_thought(root, tree, room):
    contract = contracts(root)["pure"]
    libraries = contract["forbidden_modules"]
    with planted(tree, {room: "\n".join(f"import {library}" for library in libraries)}):
        result = lint_imports(tree, "--contract", "pure")
    assert broken(result) == [contract["name"]]
    source = "huxin." + room.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    for library in libraries:
        assert f"{source} -> {library} " in result.stdout, library
