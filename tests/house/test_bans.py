"""What pure thought may not touch is refused by the linter, name by name, and only there."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

PURE = "src/huxin/kernel/planted.py"
NEW_ROOM = "src/huxin/a_room_of_tomorrow/planted.py"
ADAPTER = "src/huxin/adapters/planted.py"
COMMAND = "src/huxin/cli/planted.py"
CLOCK = "src/huxin/adapters/clock.py"
CLOCK_BANS = {
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "time.time",
    "time.time_ns",
}
# Named once more here: taking a ban out of the settings is a decision, not a slip.
PURE_BANS = (CLOCK_BANS - {"time.time", "time.time_ns"}) | {
    *("asyncio", "builtins.open", "concurrent.futures", "glob", "http.client", "http.server"),
    *("io.open", "logging", "multiprocessing", "os", "pathlib", "pickle", "random", "secrets"),
    *("shutil", "socket", "sqlite3", "ssl", "subprocess", "tempfile", "threading", "time"),
    *("urllib.request", "uuid.uuid1", "uuid.uuid4"),
}
TOO_TANGLED = "def tangled(x: int) -> int:\n" + "".join(
    f"    if x == {n}:\n        x = {n + 1}\n" for n in range(10)
)
SEVEN = "def seven(a, b, c, *, d, e, f, g):\n    return a, b, c, d, e, f, g\n"


def ruff(root: Path, code: str, *, stands_in: str) -> list[dict[str, Any]]:
    command = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format=json"]
    result = subprocess.run(
        [*command, "--stdin-filename", stands_in, "-"],
        cwd=root, input=code, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode in (0, 1), result.stderr
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def banned(root: Path, code: str, *, stands_in: str) -> list[str]:
    found = ruff(root, code, stands_in=stands_in)
    return [each["message"] for each in found if each["code"] == "TID251"]


def use_of(name: str) -> str:
    """The plainest program that uses a banned name."""
    if "." not in name:
        return f"import {name}\n"
    head, _, leaf = name.rpartition(".")
    if head.startswith("datetime."):
        owner = head.removeprefix("datetime.")
        return f"from datetime import {owner}\nx = {owner}.{leaf}()\n"
    return f"from {head} import {leaf}\n"


def bans(path: Path) -> set[str]:
    settings = tomllib.loads(path.read_text("utf-8"))
    settings = settings.get("tool", {}).get("ruff", settings)
    return set(settings["lint"]["flake8-tidy-imports"]["banned-api"])


def test_the_bans_stand_in_the_settings(root):
    assert bans(root / "src/huxin/ruff.toml") == PURE_BANS
    assert bans(root / "pyproject.toml") == CLOCK_BANS


@pytest.mark.parametrize("name", sorted(PURE_BANS))
def test_pure_thought_may_not_use(root, name):
    [message] = banned(root, use_of(name), stands_in=PURE)
    assert f"`{name}`" in message


def test_a_new_room_is_pure_until_it_says_otherwise(root):
    assert len(banned(root, "import os\nimport socket\n", stands_in=NEW_ROOM)) == 2


def test_only_the_rooms_that_meet_the_world_loosen_the_bans(root):
    own = {path.parent.name for path in (root / "src/huxin").rglob("ruff.toml")}
    assert own == {"huxin", "adapters", "cli", "node"}


@pytest.mark.parametrize("where", [ADAPTER, COMMAND, "tests/unit/test_planted.py", "bench/p.py"])
@pytest.mark.parametrize("name", sorted(CLOCK_BANS))
def test_the_clock_is_read_nowhere_else(root, where, name):
    assert len(banned(root, use_of(name), stands_in=where)) == 1


def test_the_clock_is_read_in_its_own_file(root):
    code = "from datetime import UTC, datetime\nx = datetime.now(UTC)\n"
    assert banned(root, code, stands_in=CLOCK) == []


def test_the_clock_is_read_once(root):
    reads = {
        path.relative_to(root).as_posix(): path.read_text("utf-8").count("datetime.now(")
        for path in (root / "src").rglob("*.py")
    }
    assert {path: n for path, n in reads.items() if n} == {CLOCK: 1}


def test_the_world_may_use_files(root):
    assert banned(root, "import os\nimport pathlib\n", stands_in=ADAPTER) == []


def test_a_bare_open_is_found(root):
    found = ruff(root, "x = open('a')\n", stands_in=PURE)
    assert "PTH123" in {each["code"] for each in found}


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        (TOO_TANGLED, "C901"),
        (SEVEN, "PLR0913"),
        ("def f():\n    pass\n", "D103"),
        ('__all__ = ["b", "a"]\n', "RUF022"),
        ("try:\n    x = 1\nexcept Exception:\n    x = 2\n", "BLE001"),
        ("from . import anchors\n", "TID252"),
    ],
)
def test_shape_is_checked(root, code, rule):
    assert rule in {each["code"] for each in ruff(root, code, stands_in=PURE)}
