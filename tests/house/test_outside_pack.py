"""A seventh pack, as somebody else makes it: built as a wheel, installed by pip, used like the others.

The wheel's own code would end the program, so a pack whose code is run is found out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lib.outside_packs import CODE, contents

pytestmark = pytest.mark.size("all")

PACKAGE = "huxin_pack_pool"
PROJECT = """\
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[project]
name = "huxin-pack-pool"
version = "1.0"

[project.entry-points."huxin.packs"]
pool-visit = "huxin_pack_pool"

[tool.hatch.build.targets.wheel]
packages = ["src/huxin_pack_pool"]
"""
CELLS = ("name=顾小舟", "birth=1990", "work_class=food", "date=2026-11-20")
RULES = (
    "--region",
    "QV",
    "--from",
    "2026-11-22",
    "--until",
    "2027-11-21",
    "--published",
    "2026-11-19",
)


class Desk:
    """A desk whose Python has the pack beside Huxin; `huxin(…)` is what somebody types there."""

    def __init__(self, root: Path, folder: Path, packages: Path) -> None:
        self.folder = folder
        self.packages = packages
        passphrase = folder / "passphrase"
        passphrase.write_text("four words of a rehearsal\n", "utf-8")
        passphrase.chmod(0o600)
        self.environment = os.environ | {
            "PYTHONPATH": f"{root / 'src'}{os.pathsep}{packages}",
            "HUXIN_ENVIRONMENT": "test",
            "HUXIN_PASSPHRASE_FILE": "passphrase",
            "HUXIN_NOW": "2026-11-23T10:00:00Z",
            "HUXIN_LANG": "en",
            "COLUMNS": "200",
        }

    def ask(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", "from huxin.cli.main import main; main()", *words]
        return subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
        )  # fmt: skip

    def huxin(self, *words: str) -> str:
        result = self.ask(*words)
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    """The wheel of a pack: made from its files, sealed, built."""
    project = tmp_path_factory.mktemp("project")
    package = project / "src" / PACKAGE
    package.mkdir(parents=True)
    (project / "pyproject.toml").write_text(PROJECT, "utf-8")
    (package / "__init__.py").write_text(CODE, "utf-8")
    for name, content in contents().items():
        (package / name).write_bytes(content)
    Desk(root, project, project).huxin("packs", "seal", str(package))
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", str(project)]
    subprocess.run(command, check=True, capture_output=True)
    [made] = (project / "dist").glob("*.whl")
    return made


@pytest.fixture
def desk(root, wheel, tmp_path):
    packages = tmp_path / "packages"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run(
        [*command, "--target", str(packages), str(wheel)], check=True, capture_output=True
    )
    return Desk(root, tmp_path, packages)


def test_a_pack_from_outside_appears_and_its_cards_are_judged_by_its_rules(desk):
    assert "pool-visit" in desk.huxin("issue", "--help")
    listed = json.loads(desk.huxin("packs", "list", "--json"))
    assert [one["id"] for one in listed if one["from"] == "huxin-pack-pool 1.0"] == ["pool-visit"]
    assert "岗位类别" in desk.huxin("issue", "--template", "pool-visit")
    desk.huxin("keys", "new", "qv.key", "--region", "QV")
    (desk.folder / "trust.json").write_text(
        desk.huxin("keys", "show", "qv.key", "--trust"), "utf-8"
    )
    rules = desk.huxin("packs", "adopt", "pool-visit", *RULES)
    (desk.folder / "rules.json").write_text(rules, "utf-8")
    desk.huxin("rules", "lint", "rules.json", "--at", "2026-11-19")
    for pack in ("pool-visit", "occupational-health"):
        cells = [f"--set={cell}" for cell in CELLS]
        desk.huxin(
            "issue", "--pack", pack, "--key", "qv.key", "--out", pack, "--format", "txt", *cells
        )

    def judged(pack: str) -> dict[str, str]:
        [card] = (desk.folder / pack).rglob("*.txt")
        asked = (
            "--purpose",
            "event/sports",
            "--rules",
            "rules.json",
            "--trust",
            "trust.json",
            "--json",
        )
        told = json.loads(desk.ask("verify", str(card), *asked).stdout)
        found: dict[str, str] = told[0] if isinstance(told, list) else told
        return found

    accepted, refused = judged("pool-visit"), judged("occupational-health")
    assert (accepted["verdict"], accepted["code"]) == ("accepted", "ok")
    assert (refused["verdict"], refused["code"]) == ("rejected", "rule")


def test_a_pack_that_was_changed_after_it_was_sealed_is_left_out(desk):
    path = desk.packages / PACKAGE / "rules.json"
    path.write_text(path.read_text("utf-8").replace("2027", "2028") + " ", "utf-8")
    assert "pool-visit" not in desk.huxin("issue", "--help")
    told = desk.ask("packs", "list")
    assert told.returncode == 1
    assert "rules.json is not the file that the manifest means" in told.stdout
    asked = desk.ask("issue", "--pack", "pool-visit", "--set", "name=x")
    assert asked.returncode == 2
    assert "huxin-pack-pool 1.0" in asked.stderr
    assert "school-entry" in desk.huxin("issue", "--help")


def test_a_pack_that_was_uninstalled_is_gone(desk):
    shutil.rmtree(desk.packages)
    assert "pool-visit" not in desk.huxin("issue", "--help")
    desk.huxin("packs", "list")
