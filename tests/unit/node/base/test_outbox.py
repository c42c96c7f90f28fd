from datetime import timedelta

import pytest
from django_tasks_db.models import DBTaskResult

from huxin.node.base import outbox
from huxin.node.base.models import OutboxEvent


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(outbox, "_listeners", {})
    return []


def test_an_event_is_delivered_once_in_order(world, heard):
    outbox.listen("seen", lambda event, now: heard.append((event.payload["n"], now)))
    for number in range(3):
        outbox.emit("seen", {"n": number}, now=world.now)
    later = world.now + timedelta(seconds=5)
    assert outbox.deliver(now=later) == 3
    assert outbox.deliver(now=later) == 0
    assert heard == [(0, later), (1, later), (2, later)]


def test_a_listener_is_registered_once(world, heard):
    def listener(event, now):
        heard.append(event.name)

    outbox.listen("seen", listener)
    outbox.listen("seen", listener)
    outbox.emit("seen", {}, now=world.now)
    outbox.deliver(now=world.now)
    assert heard == ["seen"]


def test_a_fault_stays_with_its_event_and_stops_nobody_else(world, heard):
    def broken(event, now):
        if event.payload["n"] == 0:
            raise RuntimeError("personal words that are not kept")
        heard.append(event.payload["n"])

    outbox.listen("seen", broken)
    outbox.emit("seen", {"n": 0}, now=world.now)
    outbox.emit("seen", {"n": 1}, now=world.now)
    assert outbox.deliver(now=world.now) == 1
    failed = OutboxEvent.objects.get(delivered_at=None)
    assert (failed.attempts, failed.fault) == (1, "RuntimeError")
    assert heard == [1]


def test_an_event_that_nobody_hears_is_delivered(world, heard):
    outbox.emit("unheard", {}, now=world.now)
    assert outbox.deliver(now=world.now) == 1


def test_emitting_asks_for_a_job(world, heard):
    outbox.emit("seen", {}, now=world.now)
    assert DBTaskResult.objects.get().task_path.endswith("deliver_outbox")


def test_what_waits_too_long_is_counted(world, heard):
    outbox.emit("seen", {}, now=world.now)
    assert outbox.overdue(now=world.now) == 0
    assert outbox.overdue(now=world.now + timedelta(hours=1)) == 1


def test_the_job_delivers_and_seals(world, heard):
    outbox.emit("seen", {}, now=world.now)
    assert outbox.deliver_outbox.call() == 1


def test_delivery_is_asked_for_where_something_waits_and_is_not_asked_for_twice(world, heard):
    outbox.ensure(again=True)
    assert not DBTaskResult.objects.exists()
    OutboxEvent.objects.create(name="seen", payload={}, at=world.now, attempts=3)
    outbox.ensure(again=False)
    assert not DBTaskResult.objects.exists()
    outbox.ensure(again=True)
    outbox.ensure(again=True)
    assert DBTaskResult.objects.get().task_path.endswith("deliver_outbox")


def test_what_is_more_than_one_job_delivers_is_left_to_the_next(world, heard, monkeypatch):
    monkeypatch.setattr(outbox, "_AT_ONCE", 2)
    outbox.emit_all("seen", [{"n": n} for n in range(3)], now=world.now)
    DBTaskResult.objects.all().delete()
    assert outbox.deliver_outbox.call() == 2
    assert DBTaskResult.objects.filter(status="READY").count() == 1
    DBTaskResult.objects.all().delete()
    assert outbox.deliver_outbox.call() == 1
    assert not DBTaskResult.objects.exists()
