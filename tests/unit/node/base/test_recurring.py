"""Turns of jobs that come again, and jobs that nobody ended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from huxin.node.base import jobs, outbox, recurring
from huxin.node.base.clearing import clear_daily

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.django_db


def ahead(monkeypatch, by):
    real = timezone.now
    monkeypatch.setattr(timezone, "now", lambda: real() + by)


def test_a_clock_that_was_ahead_stops_no_job(monkeypatch):
    with monkeypatch.context() as moved:
        ahead(moved, timedelta(days=400))
        recurring.ask(clear_daily, HOUR)
    assert recurring.far_off() == 1
    recurring.ensure(clear_daily, HOUR)
    assert DBTaskResult.objects.get() in DBTaskResult.objects.ready()
    assert recurring.far_off() == 0


def test_the_next_turn_takes_the_place_of_one_that_is_too_far_off(monkeypatch):
    with monkeypatch.context() as moved:
        ahead(moved, timedelta(days=400))
        recurring.ask(clear_daily, HOUR)
    recurring.ask(clear_daily, HOUR)
    left = DBTaskResult.objects.get().run_after - timezone.now()
    assert timedelta() < left <= HOUR


def test_a_turn_in_its_time_stays():
    recurring.ask(clear_daily, HOUR)
    asked = DBTaskResult.objects.get()
    recurring.ask(clear_daily, HOUR)
    recurring.ensure(clear_daily, HOUR)
    assert DBTaskResult.objects.get() == asked


def test_what_a_worker_left_is_done_again_and_fails_when_it_ends_every_worker():
    outbox.deliver_outbox.enqueue()
    for worker in map(str, range(9)):
        DBTaskResult.objects.get().claim(worker)
        assert jobs.put_back() == 1
        assert DBTaskResult.objects.get() in DBTaskResult.objects.ready()
    DBTaskResult.objects.get().claim("the tenth")
    assert jobs.put_back() == 1
    assert DBTaskResult.objects.get().status == "FAILED"
    assert jobs.put_back() == 0
