"""The worker's loop: what it sees to at the start, after a fault and now and then, and whom it leaves alone."""

import os
import subprocess
import sys

import pytest
from django.db import OperationalError
from django_tasks_db.models import DBTaskResult

from huxin.node.base import outbox
from huxin.node.base.models import OutboxEvent
from huxin.node.project import working
from huxin.node.trust.actions.publish_status import publish_hourly
from tests.lib.node_folders import make_node
from tests.lib.node_shell import LEFT_OUT, ROOT, huxin, program

AGAIN = (
    "clear_daily",
    "fetch_hourly",
    "publish_hourly",
)
DIES = """
import os, sys
from pathlib import Path
from huxin.node.project import operate
operate.start(Path(sys.argv[1]))
from django.db import transaction
from huxin.adapters import clock
from huxin.node.base import outbox
outbox.listen("test-heard", lambda event, now: os.kill(os.getpid(), 9))
with transaction.atomic():
    outbox.emit("test-heard", {}, now=clock.now())
operate.work(Path(sys.argv[1]), once=True)
"""
LEFT = """
from django_tasks_db.models import DBTaskResult
from huxin.node.base import jobs
print(jobs.overview().events_waiting, DBTaskResult.objects.running().count())
"""


class Idle:
    """A worker whose turns are told beforehand: what it does in each; it stops after the last."""

    def __init__(self, *turns):
        self.turns = list(turns)
        self.running = True

    def configure_signals(self):
        """No signal is ours in a test."""

    def run(self):
        turn = self.turns.pop(0)
        self.running = bool(self.turns)
        turn()


@pytest.fixture
def run(tmp_path, monkeypatch):
    def start(*turns, every):
        monkeypatch.setattr(working, "_worker", lambda: Idle(*turns))
        monkeypatch.setattr(working, "_EVERY", every)
        monkeypatch.setattr("huxin.node.project.working.time.sleep", lambda seconds: None)
        monkeypatch.setattr("huxin.node.project.working.connections.close_all", lambda: None)
        working.run(tmp_path, once=False)

    return start


def asked():
    ready = DBTaskResult.objects.filter(status="READY")
    return sorted(path.rpartition(".")[2] for path in ready.values_list("task_path", flat=True))


def lose_all():
    DBTaskResult.objects.update(status="FAILED")


def away():
    lose_all()
    raise OperationalError


def test_a_job_that_failed_before_it_asked_for_its_next_turn_comes_again(world, run):
    run(lose_all, lambda: None, every=-1)
    assert asked() == [*AGAIN]
    assert DBTaskResult.objects.filter(
        status="FAILED", task_path=publish_hourly.module_path
    ).exists()


def test_it_is_not_asked_for_all_the_time(world, run):
    run(lose_all, lambda: None, every=1e9)
    assert asked() == []


def test_after_a_fault_of_the_database_all_is_asked_for_and_events_too(world, run):
    outbox.emit("test-nothing", {}, now=world.now)
    OutboxEvent.objects.update(attempts=1)
    run(away, lambda: None, every=1e9)
    assert asked() == ["clear_daily", "deliver_outbox", *AGAIN[1:]]


def test_the_only_worker_does_again_what_was_begun_and_another_does_not(world, run, tmp_path):
    publish_hourly.enqueue()
    DBTaskResult.objects.get().claim("gone")
    first = working._Place(tmp_path)
    with first.held():
        assert first.is_ours()
        run(lambda: None, every=1e9)
        assert DBTaskResult.objects.filter(status="RUNNING").count() == 1
    run(lambda: None, every=1e9)
    assert not DBTaskResult.objects.filter(status="RUNNING").exists()


def test_an_event_whose_delivery_was_killed_is_delivered_by_the_next_worker(tmp_path):
    folder = tmp_path / "node"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    env = {name: value for name, value in os.environ.items() if name not in LEFT_OUT}
    killed = subprocess.run([sys.executable, "-c", DIES, folder], cwd=ROOT, env=env, check=False)
    assert killed.returncode == -9
    assert program(folder, LEFT) == "1 1\n"
    assert huxin("node", "work", folder, "--once").returncode == 0
    assert program(folder, LEFT) == "0 0\n"
