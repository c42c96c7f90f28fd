"""One visit, through the pages: booked, arrived, called, recorded, card issued, counted."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from huxin.node.base import outbox
from huxin.node.base.models import AuditEntry, Message, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.clinic.models import Record, Slot, Visit
from huxin.node.monitoring.models import DailyCount
from huxin.node.trust.models import Card, IssueRequest
from huxin.node.trust.signing import trust_store
from huxin.trust import reading
from huxin.trust.verify import Basis, verify
from tests.lib.clinic_steps import book, step

DOSE = {"pack": "school-entry", "vaccine": "mmr", "dose": "1", "batch": "LB-7"}


@pytest.fixture
def child(world):
    return world.person("林㑇", latin="LIN ZHOU")


@pytest.fixture
def guardian(world, child):
    mother = world.person("林岸", birth="1988")
    world.guardian(child, mother)
    return world.client(world.resident(mother))


@pytest.fixture
def clinician(world):
    return world.client(world.staff(Role.CLINICIAN, name="meng"))


def test_from_booking_to_card(world, child, guardian, clinician):
    assert clinician.post(reverse("clinic-times")).status_code == 302
    slot = Slot.objects.filter(kind="vaccination").order_by("starts")[0]
    page = guardian.get(
        reverse("visit-book"),
        {"person": child.id, "place": world.centre.id, "kind": "vaccination"},
    ).content.decode()
    assert "08:30" in page
    assert book(guardian, world, child, slot, reason="第一针").status_code == 302
    visit = Visit.objects.get()

    day = clinician.get(reverse("clinic-day")).content.decode()
    assert "林㑇" in day
    step(clinician, visit, "arrived")
    step(clinician, visit, "seen")
    record = reverse("visit-record", kwargs={"visit": visit.id})
    assert "第一针" in clinician.get(reverse("visit", kwargs={"visit": visit.id})).content.decode()
    assert clinician.get(record).status_code == 200
    assert clinician.post(record, DOSE).status_code == 302
    assert clinician.post(record, DOSE).status_code == 302  # a double click

    # The record, then the card that it asked for: two events, in this order.
    assert outbox.deliver(now=world.now) == 1
    assert outbox.deliver(now=world.now) == 1
    assert outbox.deliver(now=world.now) == 0
    card = Card.objects.get()
    assert card.person == child
    assert card.cells["date"] == "2026-11-25"
    verdict = verify(reading.open(card.text), Basis(trust_store(world.now)), now=world.now)
    assert verdict.outcome == "accepted"
    assert Record.objects.get().card == card.id
    message = Message.objects.get(person=child)
    assert (message.kind, message.pack) == ("card-ready", "school-entry")
    assert message.blanks == {"card": str(card.id), "pack": "school-entry"}
    counted = DailyCount.objects.values_list("kind", "value", "day")
    assert sorted((kind, value, day.isoformat()) for kind, value, day in counted) == [
        ("issued", 1, "2026-11-25"), ("recorded", 1, "2026-11-25"),
    ]  # fmt: skip
    seen = guardian.get(reverse("visit", kwargs={"visit": visit.id})).content.decode()
    assert "卡已经签发" in seen
    numbers = guardian.get(reverse("numbers")).content.decode()
    assert "1–4" in numbers


def test_an_event_told_again_changes_nothing(world, child, clinician):
    visit = _recorded(world, child, clinician)
    outbox.deliver(now=world.now)
    outbox.deliver(now=world.now)
    OutboxEvent.objects.update(delivered_at=None)
    assert outbox.deliver(now=world.now) == 2
    assert Card.objects.count() == Message.objects.count() == 1
    assert set(DailyCount.objects.values_list("value", flat=True)) == {1}
    flow = AuditEntry.objects.get(action="issued-by-flow")
    assert flow.detail == {"visit": str(visit.id)}
    assert flow.actor == Record.objects.get().recorded_by


def test_a_listener_that_fails_keeps_its_event_and_the_others_go_on(
    world, child, clinician, monkeypatch
):
    first = _recorded(world, child, clinician)
    _recorded(world, world.person("苏𠅤", birth="2019"), clinician, minutes=40)
    from huxin.node.home import flows
    from huxin.node.trust.actions import by_flow

    real = by_flow.issue_from_visit

    def failing(fact, *, now):
        if fact.visit == first.id:
            raise RuntimeError("no key today")
        real(fact, now=now)

    monkeypatch.setattr(flows, "issue_from_visit", failing)
    assert outbox.deliver(now=world.now) == 1
    failed = OutboxEvent.objects.get(name="visit-recorded", delivered_at=None)
    assert (failed.attempts, failed.fault) == (1, "RuntimeError")
    # Nothing is half told: the record of the failed event is not counted yet.
    assert DailyCount.objects.get(kind="recorded").value == 1
    monkeypatch.undo()
    outbox.deliver(now=world.now)
    outbox.deliver(now=world.now)
    assert Card.objects.count() == 2


def test_past_the_daily_limit_the_card_waits_for_a_clerk(world, child, clinician, settings):
    import dataclasses

    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=1)
    _recorded(world, world.person("苏𠅤", birth="2019"), clinician, minutes=40)
    _recorded(world, child, clinician)
    for _ in range(3):
        outbox.deliver(now=world.now)
    assert (Card.objects.count(), IssueRequest.objects.count()) == (1, 1)
    OutboxEvent.objects.update(delivered_at=None)
    outbox.deliver(now=world.now)
    assert (Card.objects.count(), IssueRequest.objects.count()) == (1, 1)


def test_what_is_wrong_in_a_record_is_said_and_what_was_typed_stays(world, child, clinician):
    visit = _called(world, child, clinician)
    url = reverse("visit-record", kwargs={"visit": visit.id})
    page = clinician.post(url, {**DOSE, "dose": "many"}).content.decode()
    assert "LB-7" in page
    assert re.search(r'href="#id_dose"', page)
    assert Record.objects.count() == 0


def test_another_record_of_the_same_visit_is_refused(world, child, clinician):
    visit = _recorded(world, child, clinician)
    url = reverse("visit-record", kwargs={"visit": visit.id})
    clinician.post(url, {**DOSE, "dose": "2"})
    assert Record.objects.get().cells["dose"] == "1"


def _called(world, person, clinician, minutes=30):
    visit = world.visit(person, starts=world.now + timedelta(minutes=minutes))
    step(clinician, visit, "arrived")
    step(clinician, visit, "seen")
    return visit


def _recorded(world, person, clinician, minutes=30):
    visit = _called(world, person, clinician, minutes)
    clinician.post(reverse("visit-record", kwargs={"visit": visit.id}), DOSE)
    assert Record.objects.filter(visit=visit).exists()
    return visit
