"""What a process's surroundings are without the tests' coverage, for what is not there to be counted.

Where a disk is full, the counting would fail first; and a node that a browser walks through is slow
enough without: every line of it is counted by tests of its own.
"""

import os

COUNTING = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")


def surroundings() -> dict[str, str]:
    """Return this process's environment without what makes a child count its lines."""
    return {name: value for name, value in os.environ.items() if name not in COUNTING}
