"""The worker as it runs beside a database that somebody else keeps for himself for a while."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time

import pytest

from tests.lib.node_folders import make_node
from tests.lib.node_shell import LEFT_OUT, ROOT, huxin, program

PATIENCE = 240
ASKS = """
from huxin.node.base.clearing import clear_daily
clear_daily.enqueue()
"""


def until(holds):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError


@pytest.mark.size(
    "all"
)  # the worker waits ten seconds before it believes that the database is locked
def test_a_database_that_is_locked_for_long_does_not_end_the_worker(tmp_path):
    folder, said = tmp_path / "node", tmp_path / "said.txt"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0

    def done():
        with contextlib.closing(sqlite3.connect(folder / "node.sqlite3", timeout=60)) as database:
            query = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'SUCCESSFUL'"
            return database.execute(query).fetchone()[0]

    env = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    with said.open("ab") as out:
        worker = subprocess.Popen(
            [sys.executable, "-c", "from huxin.cli.main import main; main()", "node", "work", folder],
            cwd=ROOT, env=env, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        until(done)
        with contextlib.closing(sqlite3.connect(folder / "node.sqlite3", timeout=60)) as other:
            other.execute("BEGIN EXCLUSIVE")
            until(lambda: worker.poll() is not None or "does not answer" in said.read_text("utf-8"))
        assert worker.poll() is None, said.read_text("utf-8")
        before = done()  # it may have gone on by itself
        program(folder, ASKS)
        until(lambda: done() > before)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE) == 0, said.read_text("utf-8")
    finally:
        worker.kill()
        worker.wait()
