"""The suite keeps its own promises: its sizes, what it does with a missing tool, no network."""

import os
import re
import shutil
import subprocess
import sys

import pytest

from tests.lib import spread

MISSING_TOOL = """
import pytest

@pytest.mark.needs("a-program-nobody-has", "npm:a-package-nobody-has", "python:sys")
def test_it():
    pass
"""
MISSING_VECTORS = """
def test_it(vectors):
    pass
"""
SLOW = """
import pytest

@pytest.mark.size("all")
def test_it():
    pass
"""
SILENT_SKIP = """
import pytest
pytest.importorskip("a_module_nobody_has")
"""
WARNING = """
import warnings

def test_it():
    warnings.warn("mend me")
"""
NETWORK = """
import socket

def test_it():
    socket.create_connection(("127.0.0.1", 9))
"""
LOOPBACK = """
import socket
import pytest

@pytest.mark.allow_hosts(["127.0.0.1"])
def test_here():
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()

@pytest.mark.allow_hosts(["127.0.0.1"])
def test_elsewhere():
    with pytest.raises(UserWarning, match="allowed"):
        socket.create_connection(("192.0.2.1", 9))
"""
EXAMPLES = """
from hypothesis import given, settings, strategies

@given(strategies.integers())
def test_it(n):
    assert settings.default.max_examples == {examples}
    assert settings.default.deadline is None
"""

MANY = """
import pytest

@pytest.mark.parametrize("number", range(6))
def test_it(number):
    pass
"""


@pytest.fixture
def suite(root, tmp_path):
    """Run a suite of one file or some under our settings; gives its exit status and what it printed."""
    tests = tmp_path / "tests"
    tests.mkdir()
    shutil.copy(root / "pyproject.toml", tmp_path)
    shutil.copy(root / "tests" / "conftest.py", tests)
    shutil.copytree(
        root / "tests" / "lib", tests / "lib", ignore=shutil.ignore_patterns("__pycache__")
    )

    def run(code: str | dict[str, str], *words: str, size: str) -> tuple[int, str]:
        files = code if isinstance(code, dict) else {"test_planted.py": code}
        for name, text in files.items():
            (tests / name).parent.mkdir(exist_ok=True)
            (tests / name).write_text(text, "utf-8")
        environment = os.environ | {"HUXIN_TEST_SIZE": size, "HUXIN_VECTORS": str(tmp_path / "no")}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:cov", *words]
        result = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        return result.returncode, result.stdout + result.stderr

    return run


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        pytest.param(
            MISSING_TOOL,
            "needs a-program-nobody-has, npm:a-package-nobody-has, not found",
            id="tool",
        ),
        pytest.param(MISSING_VECTORS, "needs vectors, not found", id="vectors"),
        pytest.param(SILENT_SKIP, "a_module_nobody_has", id="skipped by hand"),
    ],
)
def test_what_is_missing_is_said_in_quick_and_fails_in_all(suite, code, reason):
    status, printed = suite(code, size="quick")
    assert status in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED)
    assert "SKIPPED" in printed
    assert reason in printed
    status, printed = suite(code, size="all")
    assert status in (pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.INTERRUPTED)
    assert reason in printed


def test_a_slow_test_waits_for_the_larger_sizes(suite):
    assert "1 skipped" in suite(SLOW, size="quick")[1]
    assert "1 passed" in suite(SLOW, size="all")[1]
    assert "1 passed" in suite(SLOW, size="soak")[1]


@pytest.mark.parametrize(("size", "examples"), [("quick", 30), ("all", 300), ("soak", 5000)])
def test_a_size_says_how_many_examples_are_tried(suite, size, examples):
    # Five thousand of one integer take a second; what is asserted is the setting.
    assert suite(EXAMPLES.format(examples=examples), size=size)[0] == 0


def test_an_unknown_size_is_refused(suite):
    status, printed = suite(SLOW, size="huge")
    assert status == pytest.ExitCode.USAGE_ERROR
    assert "HUXIN_TEST_SIZE is 'huge'" in printed


@pytest.mark.parametrize("code", [WARNING, NETWORK], ids=["warning", "network"])
def test_warnings_and_the_network_fail_a_test(suite, code):
    status, printed = suite(code, size="quick")
    assert status == pytest.ExitCode.TESTS_FAILED
    assert "1 failed" in printed


def test_a_test_may_ask_for_this_machine_only(suite):
    assert "2 passed" in suite(LOOPBACK, size="quick")[1]


def test_what_shares_a_costly_thing_runs_in_one_process(suite, root):
    browser = root / "tests" / "browser"
    names = [f"browser/{path.name}" for path in browser.glob("test_*.py")]
    files = dict.fromkeys([*names, "test_one.py", "test_two.py", "test_three.py"], MANY)
    status, printed = suite(files, "-n", "2", *spread.OPTIONS, "-v", size="quick")
    assert status == 0, printed
    ran = re.findall(r"\[(gw\d)\].* PASSED tests/(\S+?)::", printed)
    assert len(ran) == 6 * len(files)
    processes: dict[str, set[str]] = {}
    for process, file in ran:
        processes.setdefault(spread.together(f"tests/{file}::test_it"), set()).add(process)
    assert len(processes) == 5
    assert {len(which) for which in processes.values()} == {1}
    # Each half begins at once, so in a process of its own.
    assert processes["browser: look"] != processes["browser: use"]


def test_what_is_named_as_long_is_there(root):
    assert {name for name in spread.FIRST if not name.startswith("browser: ")} <= {
        str(path.relative_to(root)) for path in root.glob("tests/**/test_*.py")
    }
    assert {path.name for path in root.glob("tests/browser/test_*.py")} >= spread.LOOK


def test_the_suite_is_started_with_what_keeps_its_order(root):
    assert " ".join(spread.OPTIONS) in (root / "Makefile").read_text("utf-8")
