"""What is cleared on a clock, what stays, and that the worker does it every day."""

import uuid
from datetime import UTC, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from huxin.node.base import clearing, drafts
from huxin.node.base.models import AuditEntry, Draft, OutboxEvent, ResetSlip
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.handover import make_slip
from huxin.node.trust.models import Card, ClaimSlip
from tests.lib.documents import ROOT, table_rows
from tests.lib.node_folders import make_node
from tests.lib.node_shell import huxin, program

A_DAY = timedelta(days=1)


def job(status, at):
    row = DBTaskResult.objects.create(
        status=status, task_path="x.y", args_kwargs={"args": [], "kwargs": {}}, backend_name="default",
        run_after=at, exception_class_path="", traceback="",
    )  # fmt: skip
    DBTaskResult.objects.filter(id=row.id).update(finished_at=at)
    return row


def test_results_of_jobs_go_and_what_waits_or_runs_stays(world):
    for status in ("SUCCESSFUL", "FAILED", "READY", "RUNNING"):
        job(status, world.now)
    assert clearing.clear(now=world.now + 7 * A_DAY - timedelta(minutes=1)) == {}
    assert clearing.clear(now=world.now + 8 * A_DAY) == {"job-results": 1}
    assert clearing.clear(now=world.now + 91 * A_DAY) == {"failed-jobs": 1}
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"READY", "RUNNING"}


def test_events_go_when_they_were_delivered_and_never_before(world):
    for delivered in (world.now, None):
        OutboxEvent.objects.create(name="x", payload={}, at=world.now, delivered_at=delivered)
    assert clearing.clear(now=world.now + 29 * A_DAY) == {}
    assert clearing.clear(now=world.now + 400 * A_DAY) == {"events": 1}
    assert OutboxEvent.objects.get().delivered_at is None


def test_sessions_go_when_they_end_and_those_in_use_stay(world):
    old = world.client(world.staff(Role.CLERK))
    new = world.client(world.staff(Role.CLERK))
    for client in (old, new):
        assert client.get(reverse("desk")).status_code == 200
        UserSession.objects.create(  # as a sign-in by password leaves it
            user_id=client.session["_auth_user_id"], ip="192.0.2.1", user_agent="x",
            session_key=client.session.session_key,
        )  # fmt: skip
    key = old.session.session_key
    past = world.now - timedelta(minutes=1)
    Session.objects.filter(session_key=key).update(expire_date=past)
    UserSession.objects.update(last_seen_at=world.now - 2 * A_DAY)
    assert clearing.clear(now=world.now) == {"sessions": 1, "session-list": 1}
    assert new.get(reverse("desk")).status_code == 200
    assert UserSession.objects.get().session_key == new.session.session_key


def test_forms_and_slips_go_and_what_people_have_stays(world):
    clerk = world.staff(Role.CLERK)
    elder = world.person("沈阿婆", birth="1941")
    world.card(elder, by=clerk)
    drafts.keep(clerk.id, "/x", {"a": "b"}, now=world.now)
    make_slip(elder, request=uuid.uuid4(), by=world.actor(clerk), now=world.now)
    ResetSlip.objects.create(
        user=world.resident(elder), keys=False, code=b"0" * 16, made_by=clerk.id, made_at=world.now,
        ends=world.now + 7 * A_DAY, used_at=world.now,
    )  # fmt: skip
    trail = AuditEntry.objects.count()
    assert clearing.clear(now=world.now + 2 * A_DAY)["drafts"] == 1
    assert clearing.clear(now=world.now + 31 * A_DAY)["reset-slips"] == 1
    assert ClaimSlip.objects.exists()  # ended after seven days, so thirty days more
    assert clearing.clear(now=world.now + 38 * A_DAY)["claim-slips"] == 1
    assert not Draft.objects.exists()
    assert not ResetSlip.objects.exists()
    assert Card.objects.count() == 1
    cleared = AuditEntry.objects.filter(action="cleared")
    assert AuditEntry.objects.count() == trail + cleared.count()
    assert {name: count for one in cleared for name, count in one.detail.items()} == {
        "drafts": 1,
        "reset-slips": 1,
        "claim-slips": 1,
    }


def test_many_rows_go_in_small_transactions(world, django_assert_max_num_queries):
    rows = [
        OutboxEvent(name="x", payload={}, at=world.now, delivered_at=world.now)
        for _ in range(1_100)
    ]
    OutboxEvent.objects.bulk_create(rows)
    with django_assert_max_num_queries(40):
        assert clearing.clear(now=world.now + 31 * A_DAY) == {"events": 1_100}


def test_the_job_asks_for_tomorrows_and_for_one_only(world):
    clearing.ensure()
    clearing.ensure()
    waiting = DBTaskResult.objects.get(task_path=clearing.clear_daily.module_path)
    assert waiting in DBTaskResult.objects.ready()
    DBTaskResult.objects.update(status="RUNNING")
    assert clearing.clear_daily.call() == {}
    assert clearing.clear_daily.call() == {}
    tomorrow = DBTaskResult.objects.get(status="READY")
    assert tomorrow not in DBTaskResult.objects.ready()
    at = tomorrow.run_after.astimezone(UTC) + timedelta(seconds=30)
    assert (at.hour, at.minute) == (19, 30)  # 03:30 in the region
    assert timedelta() < at - world.now < timedelta(days=2)


def test_a_moved_clock_does_not_make_the_job_run_without_rest(world, monkeypatch):
    """The library that runs jobs goes by the clock on the wall, whatever ours says."""
    monkeypatch.setenv("HUXIN_NOW", "2020-01-01T00:00:00Z")
    monkeypatch.setenv("HUXIN_ENVIRONMENT", "test")
    clearing.clear_daily.call()
    assert not DBTaskResult.objects.ready().exists()
    assert DBTaskResult.objects.get(status="READY").run_after > world.now


def test_a_night_that_fails_is_made_good_by_the_next(world, monkeypatch):
    def broken(*, now):
        raise RuntimeError

    monkeypatch.setattr(clearing, "clear", broken)
    with pytest.raises(RuntimeError):
        clearing.clear_daily.call()
    assert DBTaskResult.objects.filter(status="READY").count() == 1


def test_the_worker_does_it(tmp_path):
    folder = tmp_path / "node"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    fill = """
from datetime import timedelta
from huxin.adapters import clock
from huxin.node.base.models import OutboxEvent
then = clock.now() - timedelta(days=40)
OutboxEvent.objects.create(name="x", payload={}, at=then, delivered_at=then)
"""
    program(folder, fill)
    assert "早该清掉" in huxin("node", "doctor", folder).stdout
    assert huxin("node", "work", folder, "--once").returncode == 0
    assert "没有过期还留着的" in huxin("node", "doctor", folder).stdout
    read = """
from huxin.node.base.models import AuditEntry, OutboxEvent
print(OutboxEvent.objects.count(), AuditEntry.objects.get(action="cleared").detail)
"""
    assert program(folder, read).strip() == "0 {'events': 1}"


def test_the_page_of_the_operator_lists_every_clock():
    text = (ROOT / "docs/how-to/run-a-node.md").read_text("utf-8")
    rows = list(table_rows(text.partition("## What is cleared")[2]))
    told = {(row[0], row[1]) for row in rows if len(row) == 3}
    for one in clearing.clocks():
        days = {0: "at once 立即", 1: "1 day 天"}.get(one.days, f"{one.days} days 天")
        assert (f"{one.words.en} {one.words.zh}", days) in told
    assert len(told) == len(clearing.clocks())
