"""A node as its operator meets it: commands typed, and programs run, each in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

LEFT_OUT = ("HUXIN_NODE", "DATABASE_URL", "HUXIN_NOW", "HUXIN_ENVIRONMENT")
ROOT = Path(__file__).parents[2]


def huxin(*words, database=None):
    """Type a command."""
    return _run("from huxin.cli.main import main; main()", words, database)


def program(folder, text, database=None):
    """Run a program with the node in `folder` started; returns what it printed."""
    start = f"from huxin.node.project import operate\noperate.start(__import__('pathlib').Path({str(folder)!r}))\n"
    ran = _run(start + text, (), database)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def _run(text, words, database):
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    if database:
        environment["DATABASE_URL"] = database
    return subprocess.run(
        [sys.executable, "-c", text, *map(str, words)],
        capture_output=True, text=True, check=False, env=environment, cwd=ROOT,
    )  # fmt: skip
