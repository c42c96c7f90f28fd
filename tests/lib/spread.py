"""Which process runs what, where the suite runs in several: a file stays in one, and some files together.

What a file's tests share, such as three nodes of a demo, is made once.  The files of a group share
more than that: the browser's tests look at one node that runs.  What takes long begins first, so
that at the end no process waits for another.

Our own scheduler, through the hook that pytest-xdist has for one: its marks of groups travel in the
names of tests, which pytest 9.2 no longer lets them (pytest-xdist, issue 1386).
"""

from collections.abc import Mapping
from pathlib import PurePosixPath

import pytest
from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser"
# Two halves that take about as long, each with a node of its own: mostly what looks at pages, and what uses them.
LOOK = frozenset({
    "test_checker.py", "test_clerk.py", "test_eye.py", "test_helper.py", "test_kept_folder.py", "test_pages.py",
    "test_sentences.py", "test_verifier_device.py", "test_verifier_from_node.py", "test_verifier_page.py",
    "test_without_scripts.py",
})  # fmt: skip
# What takes longest goes first, the longest at the top.
FIRST = (
    "browser: use",
    "browser: look",
    "tests/unit/node/test_access.py",
    "tests/flows/test_demo.py",
    "tests/generative/test_trust_model.py",
    "tests/unit/node/check/test_verifier_served.py",
    "tests/unit/node/rules/test_rule_desk.py",
)
# How pytest is started, so that what is first stays first.
OPTIONS = ("--dist", "loadfile", "--no-loadscope-reorder")
ORDER: Mapping[str, int] = {name: number for number, name in enumerate(FIRST)}


def together(test: str) -> str:
    """The name of what a test runs together with: a group, or its file."""
    file = test.partition("::")[0]
    path = PurePosixPath(file)
    if str(path.parent) != BROWSER:
        return file
    return f"browser: {'look' if path.name in LOOK else 'use'}"


def in_order(items: list[pytest.Item]) -> None:
    """Put what takes long first; the rest stays as it is shuffled."""
    items.sort(key=lambda item: ORDER.get(together(item.nodeid), len(ORDER)))


class Spread(LoadFileScheduling):
    """Gives each process one group or file after another."""

    def _split_scope(self, nodeid: str) -> str:
        return together(nodeid)
