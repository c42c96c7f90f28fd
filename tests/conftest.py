"""What every test may rely on: the size of the suite, the tools it needs, the vectors.

The suite has three sizes, chosen by `HUXIN_TEST_SIZE` (make test, test-all, soak):

- `quick`  few generated cases; what this machine lacks is skipped, and said;
- `all`    more generated cases, slow tests too; a skip is a failure, so nothing hides;
- `soak`   as `all`, with generated cases by the thousand.

A test says what it asks for:

    @pytest.mark.size("all")            too slow for `quick`
    @pytest.mark.needs("node")          a program; also "vectors", "npm:NAME", "python:NAME"
    @pytest.mark.allow_hosts(["127.0.0.1"])    a socket, to this machine only (pytest-socket)
"""

import importlib.util
import os
import shutil
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.lib import spread

ROOT = Path(__file__).resolve().parent.parent
SIZE = os.environ.get("HUXIN_TEST_SIZE", "quick")
EXAMPLES = {"quick": 30, "all": 300, "soak": 5000}

if SIZE not in EXAMPLES:
    message = f"HUXIN_TEST_SIZE is {SIZE!r}; it can be {', '.join(EXAMPLES)}"
    raise pytest.UsageError(message)

for name, examples in EXAMPLES.items():
    # How long an example takes says more about the machine than about the code.
    settings.register_profile(
        name,
        max_examples=examples,
        deadline=None,
        print_blob=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
settings.load_profile(SIZE)


def vectors_folder() -> Path:
    """Third-party vectors: `HUXIN_VECTORS`, or the shared folder beside the repository."""
    return Path(os.environ.get("HUXIN_VECTORS") or ROOT.parent / "shared" / "vectors")


def _has_module(name: str) -> bool:
    return importlib.util.find_spec(name) is not None


def _has_npm_package(name: str) -> bool:
    return (ROOT / "node_modules" / name / "package.json").is_file()


PROBES: dict[str, Callable[[str], bool]] = {"python": _has_module, "npm": _has_npm_package}


def is_here(need: str) -> bool:
    """Whether this machine has what a test needs."""
    if need == "vectors":
        return vectors_folder().is_dir()
    kind, _, name = need.partition(":")
    if name:
        return PROBES[kind](name)
    return shutil.which(need) is not None


def require(*needs: str) -> None:
    """Skip the running test if something is missing; fail it where skips are not allowed."""
    missing = [need for need in needs if not is_here(need)]
    if not missing:
        return
    reason = f"needs {', '.join(missing)}, not found on this machine"
    if SIZE == "quick":
        pytest.skip(reason)
    pytest.fail(reason, pytrace=False)


def pytest_report_header() -> str:
    return f"huxin: size {SIZE}, {EXAMPLES[SIZE]} examples a generated test"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> spread.Spread:
    return spread.Spread(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    spread.in_order(items)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for marker in item.iter_markers("size"):
        if marker.args != ("all",):
            pytest.fail('the only size to ask for is size("all")', pytrace=False)
        if SIZE == "quick":
            pytest.skip("too slow for size quick; make test-all runs it")
    for marker in item.iter_markers("needs"):
        require(*marker.args)


def _without_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if SIZE == "quick" or not report.skipped:
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: a skip is a failure in size {SIZE}: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _without_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _without_skip(report)
    return report


@pytest.fixture(scope="module")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture(scope="module")
def vectors() -> Path:
    """The folder of third-party vectors; a test that asks for it is skipped, loudly, without."""
    require("vectors")
    return vectors_folder()
