"""Booking: nothing chosen, another choice, a form that was used, as many as a person may hold."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.clinic.visits import State
from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts
from huxin.node.clinic.actions import visits
from huxin.node.clinic.models import Visit
from tests.lib.clinic_steps import book, step


@pytest.fixture
def slots(world):
    return [world.slot(world.now + timedelta(minutes=10 * n)) for n in range(1, 6)]


def held(person):
    return Visit.objects.filter(person=person, state="booked").count()


# ------------------------------------------------------------------------------- who, where, what for


def test_what_was_not_chosen_is_asked_for(world, person, own, slots):
    whole = {"person": person.id, "place": world.centre.id, "kind": "vaccination"}
    page = own.get(reverse("visit-book")).content.decode()
    assert "这一项要填" not in page
    button = re.findall(r'name="next" value="1"', page)
    assert len(button) == 1
    for asked in ({"next": 1}, *({one: whole[one]} for one in whole)):
        page = own.get(reverse("visit-book"), asked).content.decode()
        assert "这一项要填" in page
    for left_out in whole:
        asked = {name: value for name, value in whole.items() if name != left_out}
        page = own.get(reverse("visit-book"), asked).content.decode()
        assert f'href="#id_{left_out}_0"' in page


def test_another_choice_can_be_made_after_the_session_ended(world, person, own, slots):
    kept = {
        "person": str(person.id), "place": str(world.centre.id), "kind": "vaccination",
        "slot": str(slots[0].id), "reason": "打针",
    }  # fmt: skip
    drafts.keep(person.user.id, reverse("visit-book"), kept, now=world.now)
    page = own.get(reverse("visit-book")).content.decode()
    assert "选一个时间" in page
    (change,) = re.findall(r'href="([^"]*)">改<', page)
    page = own.get(change.replace("&amp;", "&")).content.decode()
    assert "谁来看" in page
    assert re.search(rf'value="{person.id}"[^>]*checked', page)
    assert "这一项要填" not in page
    kept["kind"] = "examination"
    chosen = {name: kept[name] for name in ("person", "place", "kind")}
    page = own.get(reverse("visit-book"), chosen).content.decode()
    assert "体检" in page


# ----------------------------------------------------------------------------------- a used form


def test_a_form_that_was_used_for_another_time_asks_once_more(world, person, own, slots):
    request = uuid.uuid4()
    book(own, world, person, slots[0], request=request)
    page = book(own, world, person, slots[1], request=request, reason="打针").content.decode()
    assert "请再按一次" in page
    assert "打针" in page
    assert held(person) == 1
    (fresh,) = re.findall(r'name="request" value="([^"]+)"', page)
    assert fresh != str(request)
    assert book(own, world, person, slots[1], request=fresh).status_code == 302
    assert held(person) == 2


def test_what_was_cancelled_is_booked_again_from_the_open_page(world, person, own, slots):
    request = uuid.uuid4()
    book(own, world, person, slots[0], request=request)
    step(own, Visit.objects.get(), "cancelled")
    page = book(own, world, person, slots[0], request=request).content.decode()
    assert "请再按一次" in page
    assert held(person) == 0
    (fresh,) = re.findall(r'name="request" value="([^"]+)"', page)
    book(own, world, person, slots[0], request=fresh)
    assert held(person) == 1


def test_the_action_gives_no_other_visit_for_a_used_form(world, person, slots):
    by, request = world.actor(world.resident(person)), uuid.uuid4()
    first = visits.book(visits.Booking(person, slots[0], request), by=by, now=world.now)
    assert visits.book(visits.Booking(person, slots[0], request), by=by, now=world.now) == first
    with pytest.raises(RefusalError, match="bad-input"):
        visits.book(visits.Booking(person, slots[1], request), by=by, now=world.now)
    visits.take_step(first.id, State.CANCELLED, by=by, now=world.now)
    with pytest.raises(RefusalError, match="bad-input"):
        visits.book(visits.Booking(person, slots[0], request), by=by, now=world.now)


# ---------------------------------------------------------------------------- as many as one may hold


def test_nobody_is_booked_twice_at_one_time(world, person, own, slots):
    other = world.slot(slots[0].starts)
    elsewhere = world.slot(slots[0].starts, at=world.elsewhere)
    book(own, world, person, slots[0])
    assert "已经有预约" in book(own, world, person, other).content.decode()
    by = world.actor(person.user)
    with pytest.raises(RefusalError, match="exists"):
        visits.book(visits.Booking(person, elsewhere, uuid.uuid4()), by=by, now=world.now)
    assert held(person) == 1
    step(own, Visit.objects.get(), "cancelled")
    assert book(own, world, person, slots[0]).status_code == 302


def test_a_person_holds_three_visits_to_come(world, person, own, slots):
    for slot in slots[:3]:
        assert book(own, world, person, slot).status_code == 302
    page = book(own, world, person, slots[3], reason="打针").content.decode()
    assert "一个人最多留 3 个还没到的预约" in page
    assert "打针" in page
    assert held(person) == 3
    # Another person is another matter, and so is a place that is given back, or a time that has passed.
    child = world.person("林㑇")
    world.guardian(child, person)
    assert book(own, world, child, slots[3]).status_code == 302
    step(own, Visit.objects.filter(person=person).order_by("slot__starts")[2], "cancelled")
    assert book(own, world, person, slots[4]).status_code == 302
    world.now += timedelta(minutes=15)
    assert book(own, world, person, slots[2]).status_code == 302
