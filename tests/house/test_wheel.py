"""The wheel is the same whoever builds it, and works alone in an empty folder."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.size("all")

A_ROW = ("name=顾小舟", "birth=1990", "work_class=食品", "date=2026-11-01")
CARRIED = ("src", "pyproject.toml", "README.md", "LICENSE", "NOTICE", ".gitignore")


def build(root: Path, folder: Path) -> Path:
    """Build the wheel from a fresh copy, as another person's clone would be."""
    tree = folder / "tree"
    tree.mkdir(parents=True)
    for name in CARRIED:
        source = root / name
        if source.is_dir():
            shutil.copytree(source, tree / name, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(source, tree / name)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir"]
    subprocess.run([*command, str(folder), str(tree)], check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    subprocess.run([*command, "--target", str(folder), str(wheel)], check=True, capture_output=True)
    return folder


@pytest.fixture(scope="module")
def wheel(root, tmp_path_factory):
    return build(root, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_built_twice_is_the_same_bytes(root, wheel, tmp_path):
    # Another folder, another time of day, another reader's file modes: nothing of it may show.
    before = os.umask(0o077)
    try:
        other = build(root, tmp_path / "elsewhere")
    finally:
        os.umask(before)
    assert other.name == wheel.name
    assert other.read_bytes() == wheel.read_bytes()


def test_the_wheel_carries_the_package_and_its_data(root, wheel):
    package = root / "src"
    ours = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    # What tools leave behind is hidden, or in __pycache__; the linter's settings stay at home.
    expected = {
        path.as_posix()
        for path in ours
        if not any(part.startswith((".", "__pycache__")) for part in path.parts)
        and path.name != "ruff.toml"
    }
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert {"huxin/spec/codes.json", "huxin/py.typed"} <= names
    assert any(name.endswith("/licenses/LICENSE") for name in names)


def test_the_wheel_alone_in_an_empty_folder_issues_and_verifies(wheel, tmp_path):
    package = installed(wheel, tmp_path / "package")
    desk = tmp_path / "desk"
    desk.mkdir()
    (desk / "passphrase").write_text("four words of a rehearsal\n", "utf-8")
    # The libraries come from this environment, the program from the wheel and nowhere else.
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(package),
        "PYTHONSAFEPATH": "1",
        "HUXIN_ENVIRONMENT": "test",
        "HUXIN_PASSPHRASE_FILE": "passphrase",
        "LANG": "C.UTF-8",
    }

    def python(*arguments: str) -> str:
        result = subprocess.run(
            [sys.executable, *arguments],
            cwd=desk, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout

    def huxin(*arguments: str) -> str:
        return python(str(package / "bin" / "huxin"), *arguments)

    assert str(package) in python("-c", "import huxin; print(huxin.__file__)")
    huxin("keys", "new", "qv.key", "--region", "QV")
    (desk / "trust.json").write_text(huxin("keys", "show", "qv.key", "--trust"), "utf-8")
    huxin("issue", "--pack", "occupational-health", "--key", "qv.key", "--out", "cards",
          *(f"--set={cell}" for cell in A_ROW))  # fmt: skip
    [picture] = (desk / "cards").rglob("*.png")
    verdict = json.loads(huxin("verify", str(picture), "--trust", "trust.json", "--json"))
    assert '"accepted"' in json.dumps(verdict)
