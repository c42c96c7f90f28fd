"""A long trail is read in slices behind the pages: progress, an end, and what was found."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from huxin.node.base import audit, audit_check, condition
from huxin.node.base.actor import NOBODY
from huxin.node.base.models import AuditCheck, AuditEntry, AuditLink
from huxin.node.base.permissions import Role

HEAD = settings.HUXIN.path / "audit-head.json"


@pytest.fixture(autouse=True)
def _small_slices(monkeypatch):
    HEAD.unlink(missing_ok=True)
    monkeypatch.setattr(audit_check, "_AT_ONCE", 4)
    monkeypatch.setattr(audit_check, "_SLICE", 5)
    yield
    HEAD.unlink(missing_ok=True)


@pytest.fixture
def auditor(world):
    return world.client(world.staff(Role.AUDITOR))


def fill(world, count):
    audit.record_all(
        [audit.Note("seen", detail={"n": n}) for n in range(count)], by=NOBODY, now=world.now
    )
    while audit.seal():
        pass


def work(most=50):
    """Do the jobs of the check, as the worker does; returns how far it was after each."""
    told: list[int] = []
    for _ in range(most):
        job = DBTaskResult.objects.filter(
            status="READY", task_path=audit_check.go_on.module_path
        ).first()
        if job is None:
            return told
        job.delete()
        told.append(audit_check.go_on.call(*job.args_kwargs["args"]))
    raise AssertionError("it never ends")


def test_a_short_trail_is_read_at_once(world, auditor):
    fill(world, 2)
    page = auditor.post(reverse("audit-verify"), follow=True).content.decode()
    assert "完整：3 条" in page  # the asking is an entry too
    assert not DBTaskResult.objects.filter(task_path=audit_check.go_on.module_path).exists()
    assert AuditEntry.objects.get(action="checked-audit").detail == {"entries": 3, "fault": ""}


def test_a_long_one_is_read_by_slices_and_the_page_tells_how_far(world, auditor):
    fill(world, 17)
    page = auditor.post(reverse("audit-verify"), follow=True).content.decode()
    assert "4 / 17 条" in page
    assert "<progress" in page
    assert work() == [9, 14, 18]
    page = auditor.get(reverse("audit")).content.decode()
    assert "完整：18 条" in page
    assert "<progress" not in page


def test_no_request_reads_more_than_a_slice(world, auditor, django_assert_max_num_queries):
    fill(world, 500)
    with django_assert_max_num_queries(60):
        auditor.post(reverse("audit-verify"))
    assert AuditCheck.objects.get().number == 4


@pytest.mark.parametrize(("change", "told"), [("changed", "被改过"), ("missing", "不见了")])
def test_a_fault_in_a_later_slice_is_found(world, auditor, change, told):
    fill(world, 17)
    entry = AuditLink.objects.get(number=12).entry
    if change == "missing":
        AuditEntry.objects.filter(id=entry).delete()
    else:
        AuditEntry.objects.filter(id=entry).update(action="else")
    auditor.post(reverse("audit-verify"))
    assert work()[-1] == 12
    page = auditor.get(reverse("audit")).content.decode()
    assert f"第 12 条{told}" in page
    assert condition_of(world) == "mend"
    assert AuditEntry.objects.get(action="checked-audit").detail["fault"] == change


def test_an_end_that_was_cut_off_is_found(world, auditor, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        fill(world, 17)
    AuditLink.objects.filter(number__gt=15).delete()
    AuditEntry.objects.exclude(id__in=AuditLink.objects.values("entry")).delete()
    by = world.actor(world.staff(Role.AUDITOR))
    found = AuditCheck.objects.create(asked_at=world.now, total=15, link=audit.first().link)
    DBTaskResult.objects.all().delete()
    audit_check.go_on.enqueue(str(found.id))
    work()
    found.refresh_from_db()
    assert (found.fault, by.user is not None) == ("cut", True)


def test_what_is_written_meanwhile_is_no_fault(world, auditor):
    fill(world, 17)
    auditor.post(reverse("audit-verify"))
    fill(world, 7)
    work()
    found = AuditCheck.objects.get()
    assert (found.fault, found.number, found.total) == ("", 25, 25)


def test_asked_twice_it_is_one_check_that_goes_on(world, auditor):
    fill(world, 30)
    for _ in range(3):
        auditor.post(reverse("audit-verify"))
    assert AuditCheck.objects.count() == 1
    assert AuditCheck.objects.get().number == 12
    assert AuditEntry.objects.filter(action="verified-audit").count() == 1
    work()
    assert AuditCheck.objects.get().finished_at is not None
    auditor.post(reverse("audit-verify"))
    assert AuditCheck.objects.count() == 2


def test_one_that_nobody_went_on_with_is_begun_anew_after_a_day(world):
    fill(world, 30)
    by = world.actor(world.staff(Role.AUDITOR))
    first = audit_check.ask(by=by, now=world.now)
    second = audit_check.ask(by=by, now=world.now + timedelta(days=2))
    assert first.id != second.id
    assert audit_check.last() == second


def condition_of(world):
    found = condition.examine(now=world.now, trail=False)
    return next(one.state for one in found if one.about.en == "Audit trail")


def test_the_operator_sees_the_last_check_and_may_ask(world):
    fill(world, 17)
    assert condition_of(world) == "look"
    operator = world.client(world.staff(Role.OPERATOR))
    page = operator.post(reverse("operate-trail"), follow=True).content.decode()
    assert "起在核对：4 /" in page
    work()
    assert "18 条完整" in operator.get(reverse("operate")).content.decode()
    assert condition_of(world) == "fine"
    AuditCheck.objects.update(asked_at=world.now - timedelta(days=40))
    assert condition_of(world) == "look"


def test_an_old_entry_that_was_left_unsealed_is_found_by_the_nightly_look(world, monkeypatch):
    monkeypatch.setattr(audit, "_LOOK_BACK", 3)
    fill(world, 1)
    late = AuditEntry.objects.get()
    AuditLink.objects.all().delete()
    fill_rest(world, late)
    audit.record("seen", by=NOBODY, now=world.now)
    assert audit.seal() == 1  # the newest; the old one lies too far back
    assert audit.seal(everything=True) == 1
    assert audit.seal(everything=True) == 0
    assert audit.verify() == audit.Finding(10, 0)


def fill_rest(world, late):
    """Eight more entries, sealed while the first one's transaction is still open."""
    audit.record_all([audit.Note("seen")] * 8, by=NOBODY, now=world.now)
    hidden = AuditEntry.objects.filter(id=late.id)
    row = hidden.get()
    hidden.delete()
    while audit.seal():
        pass
    row.save(force_insert=True)
