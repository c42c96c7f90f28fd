import json
import uuid

import pytest
from django.conf import settings
from django.db import connection

from huxin.node.base import audit
from huxin.node.base.actor import NOBODY, Actor
from huxin.node.base.models import AuditEntry, AuditLink

HEAD = settings.HUXIN.path / "audit-head.json"


@pytest.fixture(autouse=True)
def _no_head():
    HEAD.unlink(missing_ok=True)
    yield
    HEAD.unlink(missing_ok=True)


def write(world, count: int) -> None:
    for number in range(count):
        by = Actor(user=uuid.uuid4(), organisation=uuid.uuid4())
        audit.record("seen", by=by, now=world.now, subject=uuid.uuid4(), detail={"n": number})


def test_rows_are_sealed_in_batches_and_verified(world):
    write(world, 5)
    assert audit.verify() == audit.Finding(0, 5)
    assert audit.seal(limit=3) == 3
    assert audit.verify() == audit.Finding(3, 2)
    assert audit.seal() == 2
    assert audit.seal() == 0
    assert audit.verify() == audit.Finding(5, 0)


def test_a_long_chain_is_read_in_pieces(world, monkeypatch):
    monkeypatch.setattr(audit, "_BATCH", 2)
    write(world, 5)
    audit.seal(limit=100)
    assert audit.verify() == audit.Finding(5, 0)


@pytest.mark.parametrize("change", ["action = 'x'", "subject = NULL", "at = '2020-01-01 00:00:00'"])
def test_a_changed_row_is_found(world, change):
    write(world, 3)
    audit.seal()
    second = AuditLink.objects.get(number=2).entry
    with connection.cursor() as cursor:
        key = second.hex if connection.vendor == "sqlite" else str(second)
        cursor.execute(f"UPDATE base_auditentry SET {change} WHERE id = %s", [key])
    assert audit.verify() == audit.Finding(2, 0, "changed", 2)


def test_a_missing_row_is_found(world):
    write(world, 3)
    audit.seal()
    AuditEntry.objects.filter(id=AuditLink.objects.get(number=2).entry).delete()
    assert audit.verify() == audit.Finding(2, 0, "missing", 2)


def test_a_missing_link_is_found(world):
    write(world, 3)
    audit.seal()
    AuditLink.objects.filter(number=2).delete()
    assert audit.verify().fault == "changed"


def test_a_trail_cut_short_at_its_end_is_found(world, django_capture_on_commit_callbacks):
    write(world, 3)
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal()
    assert json.loads(HEAD.read_text())["number"] == 3
    last = AuditLink.objects.get(number=3)
    AuditEntry.objects.filter(id=last.entry).delete()
    last.delete()
    assert audit.verify().fault == "cut"


def test_what_was_cut_off_stays_told_when_the_trail_goes_on(
    world, django_capture_on_commit_callbacks
):
    write(world, 3)
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal()
    for number in (2, 3):
        last = AuditLink.objects.get(number=number)
        AuditEntry.objects.filter(id=last.entry).delete()
        last.delete()
    write(world, 1)
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal()
    assert audit.verify().fault == "cut"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"number": "x", "link": ""}', '{"number": 1}'])
def test_a_spoilt_head_is_told(world, django_capture_on_commit_callbacks, text):
    HEAD.write_text(text)
    write(world, 1)
    with django_capture_on_commit_callbacks(execute=True):
        audit.seal()
    assert HEAD.read_text() == text
    assert audit.verify().fault == "cut"


def test_an_entry_names_its_object_and_purpose(world):
    person = world.person()
    audit.record("opened", by=NOBODY, now=world.now, about=(person, "care"))
    entry = AuditEntry.objects.get(action="opened")
    assert entry.object == f"base.person:{person.id}"
    assert entry.purpose == "care"
