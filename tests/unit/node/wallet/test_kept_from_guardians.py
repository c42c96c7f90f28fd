"""What a pack says is a child's own affair from an age on: no page of a guardian shows it, the child's do."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.urls import reverse

from huxin.adapters import clock
from huxin.clinic.corrections import Fault
from huxin.clinic.visits import State
from huxin.node.base import outbox
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.clinic.actions import corrections, visits
from huxin.node.clinic.models import Record
from huxin.node.trust.actions import sheets
from huxin.node.trust.models import Card
from tests.lib.confidence import confide

CARD_PAGES = ("card", "card-about", "card-print", "card-pdf", "card-picture")
PACK = "occupational-health"


@pytest.fixture
def world(world, monkeypatch):
    # One instant, early in a region's day, so that a birthday is the same day everywhere.
    world.now = clock.now().replace(hour=1, minute=30)
    monkeypatch.setattr(clock, "now", lambda: world.now)
    return world


def born(world, years, days=0):
    """The birth date of whoever turned `years` so many days ago."""
    day = (world.now - timedelta(days=days)).date()
    return day.replace(year=day.year - years, day=min(day.day, 28)).isoformat()


def household(world, birth):
    """A young person, their mother, and all that a check-up for work leaves behind."""
    child = world.person("林㑇", birth=birth)
    mother = world.person("林若", birth="1984")
    world.guardian(child, mother)
    clinician = world.staff(Role.CLINICIAN)
    scene = SimpleNamespace(
        child=child,
        own=world.resident(child),
        mother=world.resident(mother),
        clinician=clinician,
        visit=check_up(world, child, clinician),
    )
    while outbox.deliver(now=world.now):
        pass
    scene.card = Card.objects.get(person=child)
    return scene


def check_up(world, child, clinician, *, booked_by=None):
    """A visit for a check-up, recorded and put right once; its card comes by the flow."""
    visit = world.visit(child, kind="examination", starts=world.now + timedelta(seconds=1))
    if booked_by is not None:
        visit.booked_by = booked_by.id
        visit.save()
    by = world.actor(clinician)
    for step in (State.ARRIVED, State.SEEN):
        visits.take_step(visit.id, step, by=by, now=world.now)
    day = {"date": world.now.date().isoformat()}
    first = world.asked(child, pack=PACK, cells=day)
    visits.record(visit.id, first.entry, first.cells, by=by, now=world.now)
    right = world.asked(child, pack=PACK, cells={**day, "work_class": "childcare"})
    wrong = corrections.Wrong(
        Record.objects.get(visit=visit, ended_at=None).id, uuid.uuid4(), Fault.FACTS, "岗位记错了"
    )
    corrections.correct(visit.id, wrong, right.entry, right.cells, by=by, now=world.now)
    return visit


def text(world, user, name, *args, **query):
    return world.client(user).get(reverse(name, args=args), query).content.decode()


def statuses(world, user, scene):
    client = world.client(user)
    found = {
        name: client.get(reverse(name, args=[scene.card.id])).status_code for name in CARD_PAGES
    }
    found["visit"] = client.get(reverse("visit", args=[scene.visit.id])).status_code
    return set(found.values())


@pytest.fixture
def young(world):
    return household(world, born(world, 15, days=300))


@pytest.fixture
def old(world):
    return household(world, born(world, 16, days=300))


def test_below_the_age_a_guardian_sees_all_of_it(world, young):
    assert statuses(world, young.mother, young) == {200}
    assert str(young.card.id) in text(world, young.mother, "wallet-person", young.child.id)
    assert str(young.visit.id) in text(world, young.mother, "visits")
    page = text(world, young.mother, "visit", young.visit.id)
    assert "托幼" in page
    assert "岗位记错了" in page
    assert "更正了您" in text(world, young.mother, "messages")
    log = text(world, young.mother, "access-log-person", young.child.id)
    for words in ("写下了看诊的结果", "更正了看诊的记录", "看诊记录成了一张卡", "签发了一张卡"):
        assert words in log


def test_from_the_age_on_a_guardian_sees_nothing_of_it(world, old):
    assert statuses(world, old.mother, old) == {404}
    assert str(old.card.id) not in text(world, old.mother, "wallet-person", old.child.id)
    assert str(old.visit.id) not in text(world, old.mother, "visits")
    assert "没有消息" in text(world, old.mother, "messages")
    log = text(world, old.mother, "access-log-person", old.child.id)
    table = text(world, old.mother, "access-log-person", old.child.id, **{"as": "csv"})
    for words in ("看诊", "签发了一张卡", "健康证", "当天的名单"):
        assert words not in log
        assert words not in table
    assert "登记了这个人" in log  # what is no secret is there


def test_the_childs_own_account_sees_all_of_it_at_any_age(world, young, old):
    for scene in (young, old):
        assert statuses(world, scene.own, scene) == {200}
        assert str(scene.card.id) in text(world, scene.own, "wallet")
        assert str(scene.visit.id) in text(world, scene.own, "visits")
        assert "岗位记错了" in text(world, scene.own, "visit", scene.visit.id)
        assert "更正了您" in text(world, scene.own, "messages")
        assert "写下了看诊的结果" in text(world, scene.own, "access-log")


def test_a_guardian_is_not_told_how_many_hidden_messages_wait(world, old):
    old.own.delete()  # so that the mother is who marks
    assert Message.objects.filter(person=old.child, read_at=None).exists()
    assert "有新的消息" not in text(world, old.mother, "wallet")
    hidden = [str(one.id) for one in Message.objects.filter(person=old.child)]
    world.client(old.mother).post(reverse("messages-read"), {"message": hidden})
    assert not Message.objects.filter(person=old.child).exclude(read_at=None).exists()


def test_a_try_of_the_guardian_stands_in_the_childs_list(world, old):
    world.client(old.mother).get(reverse("card", args=[old.card.id]))
    assert AuditEntry.objects.filter(action="refused-object", actor=old.mother.id).count() == 1
    assert "没有权限" in text(world, old.own, "access-log")
    assert "没有权限" not in text(world, old.mother, "access-log-person", old.child.id)


def test_a_helper_whom_a_guardian_named_sees_no_more_than_the_guardian(world, old):
    aunt = world.person("林桥", birth="1970")
    proxy = world.guardian(old.child, aunt)
    proxy.kind = "helper"
    proxy.save()
    assert statuses(world, world.resident(aunt), old) == {404}


def test_it_stays_so_when_the_child_comes_of_age_until_they_agree_themselves(world, old):
    old.child.birth = born(world, 18, days=10)
    old.child.save()
    proxy = old.child.represented_by.get()
    proxy.begins = world.now - timedelta(days=30)  # when they were seventeen
    proxy.save()
    assert statuses(world, old.mother, old) == {404}
    helper = world.guardian(old.child, proxy.holder)
    helper.kind = "helper"
    helper.save()
    assert statuses(world, old.mother, old) == {200}


def test_a_helper_of_a_grown_person_sees_what_they_agreed_to(world):
    scene = household(world, "1948-02-01")
    assert statuses(world, scene.mother, scene) == {200}


@pytest.mark.parametrize("birth", ["", "2010-13-01"], ids=["unknown", "no date"])
def test_of_an_unknown_birth_it_is_kept_back(world, old, birth):
    old.child.birth = birth
    old.child.save()
    assert statuses(world, old.mother, old) == {404}
    assert statuses(world, old.own, old) == {200}


def test_a_visit_that_is_not_recorded_yet_is_hidden_where_it_may_lead_there(world, old):
    mine = world.visit(old.child, kind="examination", starts=world.now + timedelta(hours=2))
    dose = world.visit(old.child, starts=world.now + timedelta(hours=3))
    page = text(world, old.mother, "visits")
    assert str(mine.id) not in page
    assert str(dose.id) in page
    mother = world.client(old.mother)
    assert mother.get(reverse("visit", args=[mine.id])).status_code == 404
    cancel = {"to": "cancelled"}
    assert mother.post(reverse("visit-step", args=[mine.id]), cancel).status_code == 404
    assert mother.post(reverse("visit-step", args=[dose.id]), cancel).status_code == 302
    assert str(mine.id) in text(world, old.own, "visits")


def test_a_visit_that_the_guardian_booked_is_seen_and_not_what_came_of_it(world, old):
    visit = check_up(world, old.child, old.clinician, booked_by=old.mother)
    while outbox.deliver(now=world.now):
        pass
    page = text(world, old.mother, "visit", visit.id)
    assert "体检" in page
    for words in ("托幼", "岗位记错了", "更正过", "卡已经签发", "卡正在办"):
        assert words not in page
    assert "卡好了" not in text(world, old.mother, "visits")
    log = text(world, old.mother, "access-log-person", old.child.id)
    assert "改了看诊的进度" in log
    assert "写下了看诊的结果" not in log


def test_the_visits_reason_is_read_by_who_wrote_it_and_by_the_clinic(world, young):
    young.visit.reason = "想在食堂打工"
    young.visit.save()
    assert "想在食堂打工" not in text(world, young.mother, "visit", young.visit.id)
    assert "想在食堂打工" in text(world, young.clinician, "visit", young.visit.id)
    young.visit.booked_by = young.mother.id
    young.visit.save()
    assert "想在食堂打工" in text(world, young.mother, "visit", young.visit.id)


def test_some_columns_only_are_kept_back(world, monkeypatch):
    scene = household(world, born(world, 16, days=300))
    plain = world.card(scene.child, by=world.staff(Role.CLERK))
    with_batch = world.card(scene.child, by=world.staff(Role.CLERK), cells={"batch": "LB-7"})
    confide(monkeypatch, "school-entry", "batch", age=14)
    wallet = text(world, scene.mother, "wallet-person", scene.child.id)
    assert str(plain.id) in wallet
    assert str(with_batch.id) not in wallet
    confide(monkeypatch, PACK, "work_class", age=14)
    scene.visit.booked_by = scene.mother.id
    scene.visit.save()
    page = text(world, scene.mother, "visit", scene.visit.id)
    assert "体检日期" in page
    for words in ("托幼", "岗位记错了", "打开卡"):
        assert words not in page
    assert "托幼" in text(world, scene.own, "visit", scene.visit.id)


def test_wishes_and_session_sheets_are_kept_back_too(world, monkeypatch):
    scene = household(world, born(world, 16, days=300))
    clerk = world.staff(Role.CLERK)
    world.wish(scene.child, by=clerk, pack=PACK)
    sheet = world.sheet("林㑇", by=clerk)
    row = sheet.rows.get()
    row.person = scene.child
    row.save()
    sheets.tick(sheet, {row.id: True}, by=world.actor(clerk), now=world.now)
    before = text(world, scene.mother, "access-log-person", scene.child.id)
    assert "名单上打了勾" in before
    assert "请另一位签发员复核" not in before
    confide(monkeypatch)
    assert "名单上打了勾" not in text(world, scene.mother, "access-log-person", scene.child.id)
    assert "名单上打了勾" in text(world, scene.own, "access-log")


def test_a_guardian_who_is_a_clerk_of_that_desk_does_not_see_it_there_either(world, old):
    clerk = world.staff(Role.CLERK)
    clerk.person, old.mother.person = old.mother.person, None
    old.mother.save()
    clerk.save()
    assert world.client(clerk).get(reverse("desk-card", args=[old.card.id])).status_code == 404


def test_a_desk_is_told_to_whom_the_card_goes(world, young, old):
    clerk = world.staff(Role.CLERK)
    told = "只交给本人"
    assert told in text(world, clerk, "desk-card", old.card.id)
    assert told not in text(world, clerk, "desk-card", young.card.id)
    old.child.birth = "1990"
    old.child.save()
    assert told not in text(world, clerk, "desk-card", old.card.id)
