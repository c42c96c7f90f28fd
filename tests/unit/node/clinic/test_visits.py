"""What may go wrong at a clinic: the same time twice, others' visits, steps out of order."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from huxin.clinic.visits import State
from huxin.kernel.errors import RefusalError
from huxin.node.base.models import AuditEntry
from huxin.node.base.permissions import Role
from huxin.node.clinic.actions import visits
from huxin.node.clinic.models import Record, Slot, Visit
from huxin.node.clinic.queries.times import free
from tests.lib.clinic_steps import book, step


@pytest.fixture
def clinician(world):
    return world.client(world.staff(Role.CLINICIAN))


def soon(world, minutes=30):
    return world.now + timedelta(minutes=minutes)


def test_opening_times_twice_opens_them_once(world, clinician):
    clinician.post(reverse("clinic-times"))
    count = Slot.objects.count()
    clinician.post(reverse("clinic-times"))
    assert Slot.objects.count() == count > 0
    assert AuditEntry.objects.filter(action="opened-times").count() == 2


@pytest.mark.parametrize(
    ("hours", "told", "first", "last"),
    [
        ("14:00-15:00", "周一至周五 14:00–15:00", "14:00", "14:50"),
        ("周一至周五 13:30–17:00", "周一至周五 13:30–17:00", "13:30", "16:50"),
        ("Mon–Fri 8:30–17:00", "周一至周五 08:30–17:00", "08:30", "16:50"),
        ("", "周一至周五 08:30–11:30", "08:30", "11:20"),
    ],
)
def test_times_follow_the_hours_of_the_clinic(world, clinician, hours, told, first, last):
    world.centre.hours = hours
    world.centre.save()
    page = clinician.post(reverse("clinic-times"), follow=True).content.decode()
    assert told in page
    zone = settings.HUXIN.time_zone
    starts = Slot.objects.values_list("starts", flat=True)
    walls = sorted(f"{one.astimezone(zone):%H:%M}" for one in starts)
    assert (walls[0], walls[-1]) == (first, last)
    assert told in clinician.post(reverse("clinic-times"), follow=True).content.decode()


@pytest.mark.parametrize("hours", ["mornings", "8:30–11:30, 14:00–17:00", "17:00–8:30"])
def test_hours_that_say_no_single_range_open_nothing(world, clinician, hours):
    world.centre.hours = hours
    world.centre.save()
    page = clinician.post(reverse("clinic-times"), follow=True).content.decode()
    assert "没有放号" in page
    assert hours in page
    assert not Slot.objects.exists()


def test_a_taken_time_is_told_with_the_next_ones(world, person, own):
    slot = world.slot(soon(world))
    world.slot(soon(world, 40))
    other = world.person("何川")
    actor = world.actor(world.resident(other))
    visits.book(visits.Booking(other, slot, uuid.uuid4()), by=actor, now=world.now)
    page = book(own, world, person, slot, reason="打针").content.decode()
    assert "刚被别人约走了" in page
    assert "空着的：08:40" in page
    assert "打针" in page
    assert not Visit.objects.filter(person=person).exists()


def test_the_action_refuses_what_nobody_has_left(world, person):
    slot = world.slot(soon(world))
    other = world.person("何川")
    by = world.actor(world.resident(other))
    visits.book(visits.Booking(other, slot, uuid.uuid4()), by=by, now=world.now)
    by = world.actor(world.resident(person))
    with pytest.raises(RefusalError, match="taken"):
        visits.book(visits.Booking(person, slot, uuid.uuid4()), by=by, now=world.now)


def test_the_database_lets_nobody_hold_a_held_place(world, person):
    visit = world.visit(person)
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            slot=visit.slot, person=person, state="booked", booked_by=uuid.uuid4(),
            booked_at=world.now, request=uuid.uuid4(),
        )  # fmt: skip


def test_two_places_at_one_time_hold_two(world, person, own):
    first = world.slot(soon(world))
    world.slot(soon(world))
    child = world.person("林㑇")
    world.guardian(child, person)
    book(own, world, person, first)
    book(own, world, child, first)  # the page offered this one to both
    assert Visit.objects.count() == 1  # the second form asks again, with what is free
    second = free(world.centre.id, "vaccination", now=world.now).get()
    book(own, world, child, second)
    assert Visit.objects.count() == 2


def test_a_double_click_books_once(world, person, own):
    slot, request = world.slot(soon(world)), uuid.uuid4()
    first = book(own, world, person, slot, request=request)
    again = book(own, world, person, slot, request=request)
    assert first["Location"] == again["Location"]
    assert Visit.objects.count() == 1


def test_nobody_books_for_a_stranger(world, own):
    stranger = world.person("陆青禾")
    slot = world.slot(soon(world))
    page = book(own, world, stranger, slot)
    assert page.status_code == 200
    assert "陆青禾" not in page.content.decode()
    assert Visit.objects.count() == 0


def test_a_request_of_somebody_else_is_refused(world, person):
    visit = world.visit(world.person("何川"))
    by = world.actor(world.resident(person))
    wish = visits.Booking(person, world.slot(soon(world, 50)), visit.request)
    with pytest.raises(RefusalError, match="bad-input"):
        visits.book(wish, by=by, now=world.now)
    with pytest.raises(RefusalError, match="bad-input"):
        visits.book(visits.Booking(visit.person, visit.slot, uuid.uuid4()), by=by, now=world.now)


def test_what_has_begun_cannot_be_booked(world, person, own):
    slot = world.slot(world.now - timedelta(minutes=1))
    book(own, world, person, slot)
    assert Visit.objects.count() == 0


def test_a_cancelled_time_is_free_again(world, person, own):
    visit = world.visit(person)
    step(own, visit, "cancelled")
    step(own, visit, "cancelled")
    visit.refresh_from_db()
    assert visit.at is State.CANCELLED
    assert free(world.centre.id, "vaccination", now=world.now).get() == visit.slot
    assert AuditEntry.objects.filter(action="moved-visit").count() == 1


@pytest.mark.parametrize("to", ["arrived", "seen", "recorded", "missed", "nonsense", ""])
def test_a_resident_keeps_no_queue(world, person, own, to):
    visit = world.visit(person)
    step(own, visit, to)
    visit.refresh_from_db()
    assert visit.at is State.BOOKED


def test_staff_do_not_cancel_for_others(world, person, clinician):
    visit = world.visit(person)
    step(clinician, visit, "cancelled")
    visit.refresh_from_db()
    assert visit.at is State.BOOKED


def test_who_did_not_come_and_came_after_all(world, person, clinician):
    visit = world.visit(person)
    step(clinician, visit, "missed")
    assert Visit.objects.get().at is State.BOOKED  # their time has not come
    world.now += timedelta(hours=1)
    step(clinician, visit, "missed")
    assert Visit.objects.get().at is State.MISSED
    step(clinician, visit, "arrived")
    assert Visit.objects.get().at is State.ARRIVED
    assert Visit.objects.get().ended_at is None


def test_called_by_mistake_keeps_the_place_in_the_queue(world, person, clinician):
    visit = world.visit(person)
    step(clinician, visit, "arrived")
    came = Visit.objects.get().arrived_at
    world.now += timedelta(minutes=5)
    step(clinician, visit, "seen")
    step(clinician, visit, "arrived")
    found = Visit.objects.get()
    assert (found.arrived_at, found.seen_at) == (came, None)
    step(clinician, visit, "booked")
    assert Visit.objects.get().arrived_at is None


def test_another_clinics_visit_does_not_exist(world, person):
    visit = world.visit(person, at=world.elsewhere)
    staff = world.client(world.staff(Role.CLINICIAN))
    for name in ("visit", "visit-step", "visit-record"):
        url = reverse(name, kwargs={"visit": visit.id})
        assert {staff.get(url).status_code, staff.post(url).status_code} <= {404, 405}
    assert "顾月珍" not in staff.get(reverse("clinic-day")).content.decode()
    with pytest.raises(Visit.DoesNotExist):
        visits.take_step(
            visit.id, State.ARRIVED, by=world.actor(world.staff(Role.CLINICIAN)), now=world.now
        )


def test_a_clinician_records_nothing_of_their_own_visit_elsewhere(world, person):
    user = world.staff(Role.CLINICIAN)
    user.person = person
    user.save()
    visit = world.visit(person, at=world.elsewhere)
    url = reverse("visit-record", kwargs={"visit": visit.id})
    assert world.client(user).post(url).status_code == 404
    assert Record.objects.count() == 0


def test_the_list_says_once_a_day_who_looked(world, person, clinician):
    world.visit(person)
    clinician.get(reverse("clinic-day"))
    clinician.get(reverse("clinic-day"))
    assert AuditEntry.objects.filter(action="saw-on-list", subject=person.id).count() == 1


def test_whoever_acts_for_somebody_leaves_a_line_by_looking_at_their_visits(world, person, own):
    helper = world.person("陆小满", birth="1988-04-05")
    world.guardian(person, helper)
    visit = world.visit(person)
    other = world.client(world.resident(helper))
    for _ in range(2):
        assert "顾月珍" in other.get(reverse("visits")).content.decode()
    other.get(reverse("visit", kwargs={"visit": visit.id}))
    own.get(reverse("visits"))
    looks = AuditEntry.objects.filter(subject=person.id, action__startswith="opened-visit")
    assert sorted(looks.values_list("action", "purpose")) == [
        ("opened-visit", "help"), ("opened-visits", "help"),
    ]  # fmt: skip


def test_an_empty_day_and_an_empty_account_say_what_to_do(world, clinician, own):
    assert "没有人在等" in clinician.get(reverse("clinic-day")).content.decode()
    assert "还没有预约" in own.get(reverse("visits")).content.decode()
    assert "没有开放的时间" in own.get(reverse("visit-book")).content.decode()
    nobody = world.account("nobody")
    from huxin.node.base.models import Grant

    Grant.objects.create(user=nobody, role=Role.RESIDENT.value)
    assert "还没有登记的人" in world.client(nobody).get(reverse("visit-book")).content.decode()


def test_a_full_clinic_says_so(world, person, own):
    world.visit(world.person("何川"))
    asked = {"person": person.id, "place": world.centre.id, "kind": "vaccination"}
    assert "没有空的时间" in own.get(reverse("visit-book"), asked).content.decode()
    wrong = own.get(reverse("visit-book"), {**asked, "kind": "tea"}).content.decode()
    assert "请从列出的里面选" in wrong


def test_a_form_left_when_the_session_ended_is_given_back(world, person, own):
    from huxin.node.base import drafts

    slot = world.slot(soon(world))
    kept = {
        "person": str(person.id), "place": str(world.centre.id), "kind": "vaccination",
        "slot": str(slot.id), "reason": "打针",
    }  # fmt: skip
    user = person.user.id
    drafts.keep(user, reverse("visit-book"), kept, now=world.now)
    assert "打针" in own.get(reverse("visit-book")).content.decode()


def test_an_examination_is_recorded_without_a_diagnosis(world, person, clinician):
    visit = world.visit(person, kind="examination")
    step(clinician, visit, "arrived")
    step(clinician, visit, "seen")
    url = reverse("visit-record", kwargs={"visit": visit.id})
    page = clinician.get(url).content.decode()
    assert 'name="work_class"' in page
    clinician.post(url, {"pack": "occupational-health", "work_class": "food"})
    assert Record.objects.get().pack == "occupational-health"
    assert clinician.get(url).status_code == 302
    assert "看完了" in clinician.get(reverse("clinic-day")).content.decode()
    assert "签发员" in clinician.get(reverse("visit", kwargs={"visit": visit.id})).content.decode()


def test_a_visit_is_not_recorded_before_the_person_is_seen(world, person, clinician):
    visit = world.visit(person)
    url = reverse("visit-record", kwargs={"visit": visit.id})
    clinician.post(url, {"pack": "school-entry", "vaccine": "mmr", "dose": "1"})
    assert Record.objects.count() == 0
