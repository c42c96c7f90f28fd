"""The clinic's list of another day: what midnight left open, a record of last week, a day that is none."""

from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.clinic.models import Record, Visit
from tests.lib.clinic_steps import step

DOSE = {"pack": "school-entry", "vaccine": "mmr", "dose": "1", "batch": "LB-7"}


@pytest.fixture
def clinician(world):
    return world.client(world.staff(Role.CLINICIAN))


@pytest.fixture
def late(world):
    """Ten minutes to midnight on the clinic's wall."""
    world.now += timedelta(hours=15, minutes=50)
    return world.now + timedelta(minutes=5)


def day(client, **asked):
    return client.get(reverse("clinic-day"), asked).content.decode()


def page_of(visit):
    return f'href="{reverse("visit", args=[visit.id])}"'


def test_who_was_called_before_midnight_is_recorded_after_it(world, clinician, late):
    called = world.visit(world.person("林㑇"), starts=late)
    waiting = world.visit(world.person("何川"), starts=late)
    left = world.visit(world.person("顾月珍"), starts=late)
    for visit in (called, waiting):
        step(clinician, visit, "arrived")
    step(clinician, called, "seen")
    assert "前几天没看完的" not in day(clinician)
    world.now += timedelta(minutes=11)

    page = day(clinician)
    assert "前几天没看完的：2 人" in page
    assert page.count("2026-11-25 23:55") == 2
    assert page_of(called) in page
    assert page_of(waiting) in page
    assert page_of(left) not in page
    url = reverse("visit-record", args=[called.id])
    assert f'href="{url}"' in page
    step(clinician, waiting, "seen")
    clinician.post(url, DOSE)
    assert Record.objects.get().cells["date"] == "2026-11-25"
    assert "前几天没看完的：1 人" in day(clinician)


def test_what_another_clinic_left_open_is_theirs(world, clinician, late):
    visit = world.visit(world.person("林㑇"), starts=late, at=world.elsewhere)
    Visit.objects.update(state="seen", seen_at=world.now)
    world.now += timedelta(days=1)
    assert page_of(visit) not in day(clinician)
    assert page_of(visit) not in day(clinician, day="2026-11-25")


def test_a_record_of_another_day_is_reached_to_be_put_right(world, clinician):
    visit = world.visit(world.person("林㑇"))
    step(clinician, visit, "arrived")
    step(clinician, visit, "seen")
    clinician.post(reverse("visit-record", args=[visit.id]), DOSE)
    world.now += timedelta(days=1)
    today = day(clinician)
    assert page_of(visit) not in today
    assert 'href="?day=2026-11-25"' in today
    assert 'href="?day=2026-11-27"' in today
    earlier = day(clinician, day="2026-11-25")
    assert page_of(visit) in earlier
    assert f'href="{reverse("clinic-day")}"' in earlier  # back to today
    page = clinician.get(reverse("visit", args=[visit.id])).content.decode()
    assert reverse("visit-correct", args=[visit.id]) in page
    assert f'href="{reverse("clinic-day")}?day=2026-11-25"' in page


def test_a_step_on_another_days_list_leads_back_to_it(world, clinician):
    visit = world.visit(world.person("林㑇"))
    world.now += timedelta(days=1)
    assert 'name="day" value="2026-11-25"' in day(clinician, day="2026-11-25")
    url = reverse("visit-step", args=[visit.id])
    answer = clinician.post(url, {"to": "missed", "back": "day", "day": "2026-11-25"})
    assert answer["Location"] == reverse("clinic-day") + "?day=2026-11-25"
    odd = clinician.post(url, {"to": "missed", "back": "day", "day": "yesterday"})
    assert odd["Location"] == reverse("clinic-day")


@pytest.mark.parametrize(
    "asked", ["yesterday", "2026-02-30", "2025-11-23", "2026-12-27", "9999-12-31", "\0", "9" * 999]
)
def test_a_day_of_which_there_is_no_list_is_told_and_today_is_shown(world, clinician, asked):
    answer = clinician.get(reverse("clinic-day"), {"day": asked}, follow=True)
    assert answer.redirect_chain == [(reverse("clinic-day"), 302)]
    page = answer.content.decode()
    assert "没有这一天的名单" in page
    assert "今天的队列" in page


def test_the_first_and_the_last_day_lead_no_further(world, clinician):
    first, last = day(clinician, day="2025-11-24"), day(clinician, day="2026-12-26")
    assert "前一天" not in first
    assert "后一天" in first
    assert "后一天" not in last
    assert "没有别的预约" in last


def test_looking_at_another_day_is_written_once_a_day_too(world, clinician):
    person = world.person("林㑇")
    world.visit(person)
    world.now += timedelta(days=1)
    for _ in range(2):
        day(clinician, day="2026-11-25")
    assert AuditEntry.objects.filter(action="saw-on-list", subject=person.id).count() == 1
