import dataclasses
import json
import shutil
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from huxin.node.base import audit, clearing, condition, outbox, recurring
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditEntry, OutboxEvent
from tests.lib.node_folders import END


def states(now):
    return {one.about.en: one.state for one in condition.examine(now=now)}


@pytest.fixture(autouse=True)
def _clean():
    yield
    for name in ("audit-head.json", condition.LAST_BACKUP):
        (settings.HUXIN.path / name).unlink(missing_ok=True)


def test_a_new_node_is_fine_but_for_its_backup(world):
    found = states(world.now)
    assert found.pop("Backup") == "look"
    assert set(found.values()) == {"fine"}


def test_a_key_that_ends_soon_is_told_in_time(world):
    assert states(END - timedelta(days=40))["Signing key"] == "look"
    assert states(END - timedelta(days=3))["Signing key"] == "mend"
    assert states(END + timedelta(days=3))["Trust list"] == "look"


def test_a_backup_grows_old(world):
    path = settings.HUXIN.path / condition.LAST_BACKUP
    path.write_text(json.dumps({"at": world.now.isoformat()}))
    assert states(world.now)["Backup"] == "fine"
    assert states(world.now + timedelta(days=3))["Backup"] == "look"
    path.write_text("{}")
    assert states(world.now)["Backup"] == "look"


def test_events_that_wait_and_a_broken_trail_are_told(world):
    OutboxEvent.objects.create(name="x", payload={}, at=world.now - timedelta(hours=1))
    audit.record("seen", by=NOBODY, now=world.now)
    audit.seal()
    AuditEntry.objects.update(action="else")
    found = states(world.now)
    assert found["Jobs"] == "mend"
    assert found["Audit trail"] == "mend"


def test_how_many_wait_is_told_and_what_failed_is_looked_at(world):
    outbox.emit("x", {}, now=world.now)
    (found,) = [one for one in condition.examine(now=world.now) if one.about.en == "Jobs"]
    assert (found.state, found.found.en) == ("fine", "waiting: 1 events, 1 jobs")
    OutboxEvent.objects.update(attempts=3)
    (found,) = [one for one in condition.examine(now=world.now) if one.about.en == "Jobs"]
    assert (found.state, found.found.en) == ("look", "waiting: 1 events, 1 jobs; failed: 1")


def test_what_failed_long_ago_is_to_be_tried_again_and_nobody_is_sent_elsewhere(world):
    long_ago = world.now - timedelta(hours=1)
    OutboxEvent.objects.create(name="x", payload={}, at=long_ago, attempts=20, fault="KeyError")
    (only,) = [one for one in condition.examine(now=world.now) if one.about.en == "Jobs"]
    assert only.state == "mend"
    assert "Try all of them again" in str(only.todo)
    OutboxEvent.objects.create(name="x", payload={}, at=long_ago)
    first, second = [one for one in condition.examine(now=world.now) if one.about.en == "Jobs"]
    assert "huxin node work is running" in str(first.todo)
    assert "too long: 1 events" in first.found.en
    assert "Try all of them again" in str(second.todo)


def test_turns_that_a_clock_asked_for_which_was_ahead_are_told(world):
    recurring.ask(clearing.clear_daily, timedelta(days=1))
    assert "Jobs that come again" not in states(world.now)
    DBTaskResult.objects.update(run_after=timezone.now() + timedelta(days=400))
    assert states(world.now)["Jobs that come again"] == "look"


def test_what_nobody_clears_is_told(world):
    OutboxEvent.objects.create(name="x", payload={}, at=world.now, delivered_at=world.now)
    assert states(world.now + timedelta(days=31))["Clearing"] == "fine"
    assert states(world.now + timedelta(days=33))["Clearing"] == "look"


def test_secrets_that_others_can_read_are_told(world):
    path = settings.HUXIN.path / "secrets.json"
    path.chmod(0o644)
    try:
        assert states(world.now)["The node's secrets"] == "mend"
    finally:
        path.chmod(0o600)


@pytest.mark.parametrize("name", ["node.sqlite3", "node.sqlite3-wal"])
def test_a_database_that_others_can_read_is_told_with_what_to_type(world, tmp_path, settings, name):
    shutil.copytree(settings.HUXIN.path, tmp_path, dirs_exist_ok=True)
    settings.HUXIN = dataclasses.replace(settings.HUXIN, path=tmp_path)
    (tmp_path / name).touch(0o600)
    assert states(world.now)["The node's secrets"] == "fine"
    (tmp_path / name).chmod(0o640)
    (loose,) = [
        one for one in condition.examine(now=world.now) if one.about.en == "The node's secrets"
    ]
    assert (loose.state, loose.found.en) == ("mend", f"others can read: {name}")
    assert f"chmod 600 {tmp_path / name}" in str(loose.todo)


def test_what_cannot_be_looked_at_is_a_finding(world, monkeypatch):
    def broken(_):
        """磁盘 | Disk"""
        raise OSError

    monkeypatch.setattr(condition, "_disk", broken)
    assert states(world.now)["Disk"] == "mend"


def test_without_keys_there_is_something_to_mend(world, tmp_path, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, path=tmp_path)
    found = states(world.now)
    assert found["Signing key"] == "mend"
    assert found["Trust list"] == "mend"
