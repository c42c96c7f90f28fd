"""Two officers, and nothing twice: who may do what, every click and every job again, a death in the middle."""

import dataclasses
import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from huxin.node.base import people
from huxin.node.base.models import AuditEntry, Message
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import recall_run, revoke
from huxin.node.trust.actions import recalls as actions
from huxin.node.trust.models import Card, Recall, RecallRow, Revocation
from tests.lib.node_folders import BEGIN
from tests.lib.recalls import agreed, asked, batch, code_of, key, outcomes, work

# ---------------------------------------------------------------------------------- two officers


def test_nobody_agrees_to_their_own_recall(world, officer, make):
    make()
    recall = asked(world, officer, batch())
    assert code_of(actions.agree, recall.id, by=officer, now=world.now) == "own-work"
    assert code_of(actions.decline, recall.id, "no", by=officer, now=world.now) == "own-work"
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(id=recall.id).update(decided_by=recall.asked_by)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(id=recall.id).update(state="running")
    assert Revocation.objects.count() == 0


def test_a_colleague_declines_and_says_why(world, officer, second, make):
    make()
    recall = asked(world, officer, batch())
    assert code_of(actions.decline, recall.id, "  ", by=second, now=world.now) == "missing"
    done = actions.decline(recall.id, " 批号不对 ", by=second, now=world.now)
    assert (done.state, done.approved, done.why) == ("declined", False, "批号不对")
    assert code_of(actions.agree, recall.id, by=second, now=world.now) == "state"
    assert code_of(actions.decline, recall.id, "x", by=second, now=world.now) == "state"
    assert recall_run.go_on.call(str(recall.id)) is False
    assert Revocation.objects.count() == 0


def test_who_began_it_may_drop_it_until_somebody_agreed(world, officer, second, make):
    make()
    recall = asked(world, officer, batch())
    assert code_of(actions.drop, recall.id, by=second, now=world.now) == "bad-input"
    assert actions.drop(recall.id, by=officer, now=world.now).state == "dropped"
    assert code_of(actions.agree, recall.id, by=second, now=world.now) == "state"
    running = agreed(world, officer, second, batch())
    assert code_of(actions.drop, running.id, by=officer, now=world.now) == "state"


def test_a_recall_that_is_dropped_while_it_is_gathered_gathers_no_more(world, officer, make):
    make()
    recall = actions.begin(batch(), by=officer, now=world.now)
    before = Recall.objects.get(id=recall.id)
    actions.drop(recall.id, by=officer, now=world.now)
    assert recall_run._look_out(before, world.now) is False
    assert work(recall).rows.count() == 0


def test_only_whoever_may_withdraw_and_only_their_own_organisation(world, officer, make):
    make()
    recall = asked(world, officer, batch())
    for stranger in (
        world.actor(world.staff(Role.CLERK, at=world.elsewhere)),
        world.actor(world.staff(Role.CLINICIAN)),
        world.actor(world.resident(world.person())),
    ):
        for step in (actions.ask, actions.agree, actions.drop, actions.resume):
            assert code_of(step, recall.id, by=stranger, now=world.now) == "bad-input"
        assert code_of(actions.decline, recall.id, "no", by=stranger, now=world.now) == "bad-input"
    for nobody in (world.actor(world.staff(Role.CLINICIAN)), world.actor(world.resident(world.person()))):  # fmt: skip
        assert code_of(actions.begin, batch(), by=nobody, now=world.now) == "bad-input"
    recall.refresh_from_db()
    assert recall.state == "waiting"


def test_cards_of_another_organisation_are_never_touched(world, officer, second, make, lose):
    foreign = world.staff(Role.CLERK, at=world.elsewhere)
    theirs = [make("甲", by=foreign), make("乙", by=foreign)]
    make("丙")
    work(agreed(world, officer, second, batch()))
    make("丁")
    work(agreed(world, officer, second, key(lose())))
    assert Revocation.objects.count() == 2
    assert not Revocation.objects.filter(card__in=theirs).exists()


def test_without_a_card_there_is_nothing_to_ask(world, officer):
    recall = work(actions.begin(batch(), by=officer, now=world.now))
    assert (recall.state, recall.rows.count()) == ("ready", 0)
    assert code_of(actions.ask, recall.id, by=officer, now=world.now) == "missing"


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        (batch(batch=" "), "missing"),
        (batch(batch="x" * 41), "bad-input"),
        (batch(pack="hospital-visitor"), "bad-input"),
        (batch(pack=""), "bad-input"),
        (batch(choice="no such vaccine"), "bad-input"),
        (batch(kid="k"), "bad-input"),
        (batch(note_en="x" * 301), "bad-input"),
        (key(""), "bad-input"),
        (key("k", batch="x"), "bad-input"),
        (key("k", first_day=BEGIN.date() + timedelta(days=1), last_day=BEGIN.date()), "bad-input"),
        (actions.Meant("lost", uuid.uuid4()), "bad-input"),
    ],
    ids=["no number", "a number without end", "a pack without batches", "no pack", "no such vaccine",
         "a batch and a key", "a note without end", "no key", "a key and a batch", "days in disorder",
         "a reason for one card"],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(world, officer, wanted, code):
    assert code_of(actions.begin, wanted, by=officer, now=world.now) == code
    assert Recall.objects.count() == 0


@pytest.mark.parametrize("field", ["kid", "batch"])
def test_the_database_takes_no_recall_that_means_two_things(world, officer, field):
    recall = actions.begin(batch(), by=officer, now=world.now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recall.objects.filter(id=recall.id).update(**{field: "" if field == "batch" else "k"})


# -------------------------------------------------------------------------------- twice, and halves


def test_every_click_and_every_job_twice_does_nothing_twice(world, officer, second, make, lose):
    old = make()
    wanted = key(lose())
    first = actions.begin(wanted, by=officer, now=world.now)
    assert actions.begin(wanted, by=officer, now=world.now).id == first.id
    changed = dataclasses.replace(wanted, note_en="Come on Saturday")
    assert actions.begin(changed, by=officer, now=world.now).id != first.id
    work(first)
    work(first)
    actions.ask(first.id, by=officer, now=world.now)
    assert code_of(actions.ask, first.id, by=officer, now=world.now) == "state"
    actions.agree(first.id, by=second, now=world.now)
    again = actions.agree(first.id, by=second, now=world.now)
    assert again.state == "running"
    work(first)
    Recall.objects.filter(id=first.id).update(state="running")
    work(first)
    RecallRow.objects.update(at=None)
    recall_run._end_one(RecallRow.objects.get().id, first, world.now)
    assert Card.objects.count() == 2
    assert Revocation.objects.get().card_id == old.id
    assert Message.objects.count() == 1


def test_two_jobs_at_one_moment_look_at_the_same_slice_once(world, officer, make):
    make()
    recall = actions.begin(batch(), by=officer, now=world.now)
    before = Recall.objects.get(id=recall.id)
    work(recall)
    assert recall_run._look_out(before, world.now) is False
    recall.refresh_from_db()
    assert (recall.looked, recall.rows.count()) == (1, 1)
    assert recall_run._ask_for_more(recall, world.now) is False  # and ended by neither
    assert Recall.objects.get().state == "ready"


def test_a_card_that_was_withdrawn_meanwhile_is_skipped(world, officer, second, make):
    gone, stays = make("甲"), make("乙")
    revoke.revoke(make("丙"), "lost", "", by=officer, now=world.now)
    recall = agreed(world, officer, second, batch())
    assert recall.rows.count() == 2  # not the one that was withdrawn before
    revoke.revoke(gone, "lost", "", by=officer, now=world.now)
    work(recall)
    assert outcomes(recall) == ["skipped", "withdrawn"]
    assert Revocation.objects.get(card=gone).reason == "lost"
    assert Revocation.objects.get(card=stays).reason == "batch-recalled"
    entry = AuditEntry.objects.get(action="recall-finished")
    assert entry.detail == {"skipped": 1, "withdrawn": 1}
    # Another one of the same batch finds nobody.
    assert work(actions.begin(batch(), by=officer, now=world.now)).rows.count() == 0


def test_what_breaks_in_the_middle_leaves_no_half_card_and_goes_on(
    world, officer, second, make, lose, monkeypatch
):
    cards = [make(name) for name in ("甲", "乙", "丙")]
    recall = agreed(world, officer, second, key(lose()))
    recall_run.go_on.call(str(recall.id))  # looked out once more
    told: list[uuid.UUID] = []
    tell = people.tell

    def breaks(person, *args, **more):
        if len(told) == 1:
            raise RuntimeError("the letter box is full")
        told.append(person.id)
        tell(person, *args, **more)

    with monkeypatch.context() as broken:
        broken.setattr(people, "tell", breaks)
        with pytest.raises(RuntimeError):
            recall_run.go_on.call(str(recall.id))
    assert outcomes(recall) == ["", "", "reissued"]
    assert (Card.objects.count(), Revocation.objects.count(), Message.objects.count()) == (4, 1, 1)
    # The job is dead.  Whoever looks after ten minutes has it go on.
    recall.refresh_from_db()
    waiting = recall.moved_at
    actions.resume(recall.id, by=officer, now=waiting + timedelta(minutes=1))
    recall.refresh_from_db()
    assert recall.moved_at == waiting
    actions.resume(recall.id, by=officer, now=waiting + actions.STALE)
    recall.refresh_from_db()
    assert recall.moved_at == waiting + actions.STALE
    work(recall)
    assert (recall.state, outcomes(recall)) == ("done", ["reissued"] * 3)
    assert (Card.objects.count(), Message.objects.count()) == (6, 3)
    assert set(Revocation.objects.values_list("card_id", flat=True)) == {one.id for one in cards}
