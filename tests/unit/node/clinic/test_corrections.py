"""A record that is wrong: corrected or voided by its clinic; the card follows, the person is told."""

import dataclasses
import re
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from huxin.clinic.corrections import Fault
from huxin.clinic.visits import State
from huxin.kernel.errors import RefusalError
from huxin.node.base import drafts, outbox
from huxin.node.base.actor import Actor
from huxin.node.base.models import AuditEntry, Message, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.clinic.actions import corrections, visits
from huxin.node.clinic.models import Correction, Record, Visit
from huxin.node.home.message_words import notice_words
from huxin.node.monitoring.models import DailyCount
from huxin.node.trust.actions.approve import approve
from huxin.node.trust.actions.revoke import revoke
from huxin.node.trust.models import Card, IssueRequest, Revocation
from tests.lib.clinic_steps import step

DOSE = {"pack": "school-entry", "vaccine": "mmr", "dose": "1", "batch": "LB-7"}
DAY = {"date_year": "2026", "date_month": "11", "date_day": "25"}


@pytest.fixture
def child(world):
    return world.person("林㑇", latin="LIN ZHOU")


@pytest.fixture
def meng(world):
    return world.staff(Role.CLINICIAN, name="meng")


@pytest.fixture
def clinician(world, meng):
    return world.client(meng)


@pytest.fixture
def visit(world, child, clinician):
    """A visit that was recorded; its card is not made yet."""
    return recorded(world, child, clinician)


@pytest.fixture
def done(world, visit):
    """A visit whose card was issued."""
    deliver(world)
    assert Card.objects.count() == 1
    return visit


def recorded(world, person, clinician, minutes=30):
    visit = world.visit(person, starts=world.now + timedelta(minutes=minutes))
    step(clinician, visit, "arrived")
    step(clinician, visit, "seen")
    clinician.post(reverse("visit-record", kwargs={"visit": visit.id}), DOSE)
    assert Record.objects.filter(visit=visit).exists()
    return visit


def deliver(world):
    while outbox.deliver(now=world.now):
        pass


def holding(visit):
    return Record.objects.get(visit=visit, ended_at=None)


def correct(client, visit, *, do="correct", request=None, record=None, **cells):
    """Send the form of a correction, as the page of the last look does."""
    fields = {
        **DOSE, **DAY, "note": "批号看错了", "do": do, "request": request or uuid.uuid4(),
        "record": record or holding(visit).id, **cells,
    }  # fmt: skip
    return client.post(reverse("visit-correct", kwargs={"visit": visit.id}), fields)


def void(client, visit, *, do="void", reason="wrong-person", request=None, record=None, note=""):
    fields = {
        "reason": reason, "note": note, "do": do, "request": request or uuid.uuid4(),
        "record": record or holding(visit).id,
    }  # fmt: skip
    return client.post(reverse("visit-void", kwargs={"visit": visit.id}), fields)


def counted(kind):
    return sum(DailyCount.objects.filter(kind=kind).values_list("value", flat=True))


def test_a_wrong_batch_is_corrected_and_the_card_with_it(world, child, meng, clinician, done):
    old = Card.objects.get()
    page = clinician.get(reverse("visit-correct", kwargs={"visit": done.id})).content.decode()
    assert 'value="LB-7"' in page
    assert re.search(r'name="date_day"[^>]*value="25"', page)
    look = correct(clinician, done, do="look", batch="LB-8").content.decode()
    assert "LB-7" in look
    assert "<b>LB-8</b>" in look
    assert Correction.objects.count() == 0  # a look writes nothing
    assert correct(clinician, done, batch="LB-8").status_code == 302
    deliver(world)

    new = Card.objects.exclude(id=old.id).get()
    assert (new.replaces_id, new.cells["batch"], new.issued_by) == (old.id, "LB-8", meng.id)
    withdrawn = Revocation.objects.get()
    assert (withdrawn.card_id, withdrawn.reason, withdrawn.by) == (old.id, "wrong-facts", meng.id)
    assert withdrawn.note == "批号看错了"
    assert holding(done).card == new.id
    assert Visit.objects.get().at is State.RECORDED
    # The person is told once of each card, and of the new one with the old.
    kinds = Message.objects.filter(person=child).values_list("kind", flat=True)
    assert sorted(kinds) == ["card-corrected", "card-ready"]
    assert (counted("recorded"), counted("issued")) == (1, 2)


def test_the_wrong_record_stays_with_its_end_and_the_trail_says_what_changed(
    world, child, meng, clinician, done
):
    correct(clinician, done, batch="LB-8", dose="2")
    made = Correction.objects.get()
    assert made.replacement is not None
    assert (made.record.cells["batch"], made.replacement.cells["batch"]) == ("LB-7", "LB-8")
    assert made.record.ended_at == made.at == world.now
    assert made.replacement.first_at == made.record.first_at
    entry = AuditEntry.objects.get(action="corrected-record")
    assert (entry.subject, entry.actor, entry.purpose) == (child.id, meng.id, "care")
    assert entry.detail == {"fields": ["batch", "dose"]}
    page = clinician.get(reverse("visit", kwargs={"visit": done.id})).content.decode()
    assert "有内容记错了" in page
    assert "批号看错了" in page
    assert "LB-8" in page
    assert "LB-7" not in page


def test_a_wrong_day_and_another_vaccine_are_corrected_too(world, clinician, done):
    correct(clinician, done, vaccine="hepa", date_day="24")
    deliver(world)
    assert {card.cells["date"] for card in Card.objects.all()} == {"2026-11-25", "2026-11-24"}
    assert holding(done).cells["vaccine"] == "hepa"
    # What was counted stays on the day on which it was recorded.
    assert list(DailyCount.objects.filter(kind="recorded").values_list("value", flat=True)) == [1]


def test_another_pack_moves_the_count(world, child, clinician, done):
    fields = {
        "pack": "icvp", "disease": "polio", "product": "", "sex": "female", "nationality": "UTO",
        "document": "SPEC00541", "centre": "苇洲门诊", "office": "苇洲门诊",
    }  # fmt: skip
    correct(clinician, done, **fields)
    assert holding(done).pack == "icvp", clinician.get(
        reverse("visit", kwargs={"visit": done.id})
    ).content.decode()
    deliver(world)
    counts = dict(DailyCount.objects.filter(kind="recorded").values_list("pack", "value"))
    assert counts == {"school-entry": 0, "icvp": 1}
    assert AuditEntry.objects.get(action="corrected-record").detail["fields"][0] == "pack"


def test_what_is_recorded_of_the_wrong_person_is_voided(world, child, clinician, done):
    page = clinician.get(reverse("visit-void", kwargs={"visit": done.id})).content.decode()
    assert "checked" not in page
    assert "麻腮风" in page
    look = void(clinician, done, do="look", note="打针的是另一个孩子").content.decode()
    assert "记的是别人的事" in look
    void(clinician, done, note="打针的是另一个孩子")
    deliver(world)
    assert Visit.objects.get().at is State.VOIDED
    assert Revocation.objects.get().reason == "wrong-person"
    assert Card.objects.count() == 1  # none takes its place
    message = Message.objects.get(kind="card-withdrawn")
    assert (message.person, message.blanks["note"]) == (child, "打针的是另一个孩子")
    assert counted("recorded") == 0
    assert AuditEntry.objects.get(action="voided-record").detail == {"reason": "wrong-person"}
    assert "记录已作废" in clinician.get(reverse("clinic-day")).content.decode()


def test_whoever_still_waits_is_called_and_recorded_after_all(world, clinician, done):
    void(clinician, done, reason="not-done")
    deliver(world)
    step(clinician, done, "arrived")
    step(clinician, done, "seen")
    clinician.post(reverse("visit-record", kwargs={"visit": done.id}), {**DOSE, "batch": "LB-9"})
    deliver(world)
    assert holding(done).cells["batch"] == "LB-9"
    in_force = Card.objects.get(revocation=None)
    assert in_force.cells["batch"] == "LB-9"
    assert in_force.replaces is None
    assert counted("recorded") == 1


def test_pressed_twice_and_told_twice_corrects_once(world, clinician, done):
    request, record = uuid.uuid4(), holding(done).id
    for _ in range(2):
        assert correct(clinician, done, request=request, record=record, batch="LB-8")
        deliver(world)
    OutboxEvent.objects.update(delivered_at=None)
    deliver(world)
    assert Correction.objects.count() == Revocation.objects.count() == 1
    assert Card.objects.count() == 2
    assert Message.objects.count() == 2
    assert AuditEntry.objects.filter(action="corrected-record").count() == 1
    assert (counted("recorded"), counted("issued")) == (1, 2)


def test_voided_twice_is_voided_once(world, clinician, done):
    request, record = uuid.uuid4(), holding(done).id
    for _ in range(2):
        answer = void(clinician, done, request=request, record=record)
        assert answer.status_code == 302
    deliver(world)
    OutboxEvent.objects.update(delivered_at=None)
    deliver(world)
    assert Correction.objects.count() == Revocation.objects.count() == 1
    assert Message.objects.count() == 2
    assert counted("recorded") == 0


def test_of_two_clinicians_the_second_is_told_and_looks_again(world, clinician, done):
    record = holding(done).id
    other = world.client(world.staff(Role.CLINICIAN))
    correct(clinician, done, batch="LB-8")
    for send in (
        lambda: correct(other, done, record=record, batch="LB-9"),
        lambda: correct(other, done, record=record, batch="LB-9", do="look"),
        lambda: void(other, done, record=record),
        lambda: void(other, done, record=record, do="look"),
    ):
        assert send().status_code == 302
        page = other.get(reverse("visit", kwargs={"visit": done.id})).content.decode()
        assert "刚才有人记过或更正过" in page
    assert Correction.objects.count() == 1
    assert holding(done).cells["batch"] == "LB-8"


def test_a_form_that_says_something_else_under_the_same_request_is_refused(world, meng, done):
    by, first = world.actor(meng), holding(done)
    wrong = corrections.Wrong(first.id, uuid.uuid4(), Fault.PERSON)
    corrections.void(done.id, wrong, by=by, now=world.now)
    again = dataclasses.replace(wrong, fault=Fault.NOT_DONE)
    with pytest.raises(RefusalError, match="exists"):
        corrections.void(done.id, again, by=by, now=world.now)


def test_a_correction_that_changes_nothing_is_said(world, clinician, done):
    page = correct(clinician, done, do="look").content.decode()
    assert "没有要更正的" in page
    correct(clinician, done)  # sent past the look
    assert Correction.objects.count() == 0


def test_what_is_wrong_in_the_right_facts_is_said_and_what_was_typed_stays(clinician, done):
    page = correct(clinician, done, dose="many", batch="LB-8").content.decode()
    assert 'href="#id_dose"' in page
    assert 'value="LB-8"' in page
    tomorrow = correct(clinician, done, date_day="26").content.decode()
    assert 'href="#id_date_' in tomorrow
    assert 'href="#id_note"' in correct(clinician, done, note="长" * 301).content.decode()
    assert 'href="#id_reason_0"' in void(clinician, done, reason="bored").content.decode()
    assert Correction.objects.count() == 0


def test_corrected_before_its_card_was_made_no_wrong_card_is_made(world, child, clinician, visit):
    correct(clinician, visit, batch="LB-8")
    deliver(world)
    card = Card.objects.get()
    assert (card.cells["batch"], card.replaces) == ("LB-8", None)
    assert not Revocation.objects.exists()
    told = Message.objects.filter(person=child).order_by("id")
    assert {one.kind for one in told} == {"record-corrected", "card-ready"}
    words = notice_words("record-corrected", told.get(kind="record-corrected").blanks)
    assert "2026-11-25" in words.zh
    assert "门诊留言：批号看错了" in words.zh
    assert "something in it was wrong" in words.en
    assert counted("recorded") == 1


def test_voided_before_its_card_was_made_none_is_made(world, child, clinician, visit):
    void(clinician, visit, reason="not-done")
    deliver(world)
    assert not Card.objects.exists()
    message = Message.objects.get(person=child)
    assert message.kind == "record-voided"
    assert "was not done" in notice_words(message.kind, message.blanks).en
    assert counted("recorded") == 0


def test_a_card_that_waits_for_another_officer_is_dropped(world, meng, clinician, visit, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=0)
    deliver(world)
    waiting = IssueRequest.objects.get()
    correct(clinician, visit, batch="LB-8")
    deliver(world)
    waiting.refresh_from_db()
    assert (waiting.approved, waiting.decided_by) == (False, None)
    assert AuditEntry.objects.filter(action="dropped-wish").count() == 1
    right = IssueRequest.objects.get(approved=None)
    assert right.cells["batch"] == "LB-8"
    clerk = world.staff(Role.CLERK)
    with pytest.raises(RefusalError, match="exists"):
        approve(waiting.id, by=world.actor(clerk), now=world.now)
    page = world.client(clerk).get(reverse("desk-approval", args=[waiting.id])).content.decode()
    assert "门诊更正了它的记录" in page
    card = approve(right.id, by=world.actor(clerk), now=world.now)
    deliver(world)
    assert card is not None
    assert holding(visit).card == card.id
    assert not Revocation.objects.exists()


def test_a_dropped_wish_of_ones_own_is_explained_and_not_asked_again(world, child, settings):
    clerk = world.staff(Role.CLERK)
    wish = world.wish(child, by=clerk)
    IssueRequest.objects.update(approved=False, decided_at=world.now)
    client = world.client(clerk)
    page = client.get(reverse("desk-wish", args=[wish.id])).content.decode()
    assert "这张卡不签了" in page
    assert client.post(reverse("desk-wish-again", args=[wish.id])).status_code == 404
    assert (
        reverse("desk-wish", args=[wish.id])
        not in client.get(reverse("desk-approvals")).content.decode()
    )


def test_past_the_daily_limit_the_wrong_card_ends_at_once(world, child, clinician, done, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=1)
    correct(clinician, done, batch="LB-8")
    deliver(world)
    assert Revocation.objects.get().reason == "wrong-facts"
    right = IssueRequest.objects.get()
    assert (right.cells["batch"], right.approved) == ("LB-8", None)
    assert Message.objects.filter(person=child, kind="card-withdrawn").count() == 1
    OutboxEvent.objects.update(delivered_at=None)
    deliver(world)
    assert IssueRequest.objects.count() == Revocation.objects.count() == 1
    assert Message.objects.filter(kind__startswith="record-").count() == 0


def test_a_card_that_a_desk_withdrew_before_stays_as_it_is(world, child, clinician, done):
    clerk = world.actor(world.staff(Role.CLERK))
    revoke(Card.objects.get(), "lost", "", by=clerk, now=world.now)
    world.now += timedelta(minutes=5)
    correct(clinician, done, batch="LB-8")
    deliver(world)
    assert Revocation.objects.get().reason == "lost"
    assert Card.objects.get(revocation=None).cells["batch"] == "LB-8"
    assert Message.objects.filter(person=child, kind="record-corrected").count() == 1


def test_corrected_twice_the_cards_follow(world, clinician, done):
    for batch in ("LB-8", "LB-9"):
        correct(clinician, done, batch=batch)
        deliver(world)
    cards = {card.cells["batch"]: card for card in Card.objects.all()}
    assert cards["LB-9"].replaces == cards["LB-8"]
    assert cards["LB-8"].replaces == cards["LB-7"]
    assert set(Revocation.objects.values_list("card", flat=True)) == {
        cards["LB-7"].id,
        cards["LB-8"].id,
    }
    assert counted("recorded") == 1


def test_told_in_the_wrong_order_only_the_last_is_in_force(world, clinician, done):
    correct(clinician, done, batch="LB-8")
    first = OutboxEvent.objects.get(name="record-corrected")
    OutboxEvent.objects.filter(id=first.id).update(delivered_at=world.now)  # as if it failed
    correct(clinician, done, batch="LB-9")
    deliver(world)
    OutboxEvent.objects.filter(id=first.id).update(delivered_at=None)
    deliver(world)
    assert Card.objects.get(revocation=None).cells["batch"] == "LB-9"
    assert Card.objects.count() == 2
    assert counted("recorded") == 1


def test_without_a_key_the_correction_waits_and_nothing_is_half_done(
    world, clinician, done, monkeypatch
):
    from huxin.node.trust import signing

    def lost():
        raise RefusalError("key-file", "no key")

    correct(clinician, done, batch="LB-8")
    monkeypatch.setattr(signing, "signer", lost)
    deliver(world)
    waiting = OutboxEvent.objects.get(name="record-corrected", delivered_at=None)
    assert (waiting.attempts, waiting.fault) == (1, "RefusalError")
    assert not Revocation.objects.exists()
    monkeypatch.undo()
    world.now += timedelta(minutes=1)
    deliver(world)
    assert Revocation.objects.count() == 1
    assert Card.objects.count() == 2


def test_only_the_clinic_of_the_visit_puts_it_right(world, child, visit):
    elsewhere = world.client(world.staff(Role.CLINICIAN, at=world.elsewhere))
    own = world.client(world.resident(child))
    for client, status in ((elsewhere, 404), (own, 403)):
        for name in ("visit-correct", "visit-void"):
            url = reverse(name, kwargs={"visit": visit.id})
            assert client.get(url).status_code == client.post(url, {}).status_code == status
    with pytest.raises(Visit.DoesNotExist):
        corrections.void(
            visit.id,
            corrections.Wrong(holding(visit).id, uuid.uuid4(), Fault.PERSON),
            by=world.actor(world.staff(Role.CLINICIAN, at=world.elsewhere)),
            now=world.now,
        )
    assert Correction.objects.count() == 0


def test_a_clinician_does_not_put_right_what_another_clinic_wrote_of_themselves(world, child):
    user = world.staff(Role.CLINICIAN, at=world.elsewhere)
    user.person = child
    user.save()
    visit = world.visit(child)
    by = world.actor(user)
    with pytest.raises(Visit.DoesNotExist):
        corrections.void(
            visit.id,
            corrections.Wrong(uuid.uuid4(), uuid.uuid4(), Fault.PERSON),
            by=by,
            now=world.now,
        )


def test_the_person_reads_what_is_recorded_and_that_it_was_put_right(world, child, clinician, done):
    correct(clinician, done, batch="LB-8")
    own = world.client(world.resident(child))
    page = own.get(reverse("visit", kwargs={"visit": done.id})).content.decode()
    assert "LB-8" in page
    assert "批号看错了" in page
    assert reverse("visit-correct", kwargs={"visit": done.id}) not in page


def test_a_sign_in_that_is_not_fresh_is_asked_again_and_nothing_is_lost(world, clinician, done):
    session = clinician.session
    session["huxin_fresh_at"] = (world.now - timedelta(hours=1)).timestamp()
    session.save()
    url = reverse("visit-correct", kwargs={"visit": done.id})
    holds = holding(done)
    sent = {
        **DOSE, **DAY, "batch": "LB-8", "note": "看错了", "record": str(holds.id), "do": "look",
        "request": str(uuid.uuid4()), drafts.FIELD: drafts.ticket_for(holds.recorded_by),
    }  # fmt: skip
    answer = clinician.post(url, sent)
    assert reverse("account_reauthenticate") in answer["Location"]
    session["huxin_fresh_at"] = world.now.timestamp()
    session.save()
    page = clinician.get(url).content.decode()
    assert 'value="LB-8"' in page
    assert "看错了" in page
    assert re.search(r'name="date_day"[^>]*value="25"', page)


def test_there_is_nothing_to_correct_where_nothing_is_recorded(world, child, clinician):
    visit = world.visit(child)
    for name in ("visit-correct", "visit-void"):
        url = reverse(name, kwargs={"visit": visit.id})
        assert clinician.get(url)["Location"] == reverse("visit", kwargs={"visit": visit.id})


def test_nobody_voids_by_a_step(world, clinician, done):
    step(clinician, done, "voided")
    assert Visit.objects.get().at is State.RECORDED


def test_the_database_holds_one_record_of_a_visit_and_a_reason_that_fits(world, visit):
    first = holding(visit)
    by = Actor(user=uuid.uuid4(), organisation=world.centre.id)
    second = visits.new_record(visit, "icvp", {}, by=by, now=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        second.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(
            record=first, reason="wrong-facts", by=uuid.uuid4(), at=world.now, request=uuid.uuid4()
        )
