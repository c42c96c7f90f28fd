"""Which cards end, what takes their place, what is told, written and counted."""

import dataclasses
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import override_settings

from huxin.kernel.errors import RefusalError
from huxin.kernel.identifiers import kid_text
from huxin.node.base.models import AuditEntry, Message, OutboxEvent
from huxin.node.trust import signing
from huxin.node.trust.actions import recall_run
from huxin.node.trust.actions import recalls as actions
from huxin.node.trust.actions.issue import signed_today
from huxin.node.trust.forms.desk_words import refusal_words
from huxin.node.trust.models import Card, Recall, RecallRow, Revocation
from huxin.node.trust.queries.counts import daily_counts
from huxin.node.trust.queries.desk import lately
from huxin.node.trust.queries.recall_cards import plain_batch
from huxin.node.trust.words import message_words
from tests.lib.recalls import BATCH, agreed, asked, batch, code_of, key, outcomes, work

# --------------------------------------------------------------------------------- a recalled batch


def test_a_recalled_batch_ends_its_cards_and_no_other(world, officer, second, make):
    meant = [make("甲"), make("乙", batch=" lb－0042 ")]
    others = [make("丙", batch="LB-0043"), make("丁", batch="")]
    recall = agreed(world, officer, second, batch())
    assert (recall.state, recall.rows.count()) == ("running", 2)
    work(recall)
    assert (recall.state, outcomes(recall)) == ("done", ["withdrawn", "withdrawn"])
    assert set(Revocation.objects.values_list("card_id", "reason")) == {
        (card.id, "batch-recalled") for card in meant
    }
    assert not Revocation.objects.filter(card__in=others).exists()
    assert Card.objects.count() == 4  # no new one


def test_the_holder_is_told_what_happened_why_and_what_to_do(world, officer, second, make):
    card = make()
    work(agreed(world, officer, second, batch(note_en="Please come for another dose")))
    told = Message.objects.get(person=card.person)
    assert told.blanks["card"] == str(card.id)
    said = message_words(told.kind, told.blanks)
    for part in (
        card.identifier,
        "这一批疫苗被召回",
        "河埠头服务中心",
        "请来补打",
        "要不要补打或检查",
    ):
        assert part in said.zh
    for part in (card.identifier, "this batch of the vaccine was recalled", "Wharf Centre"):
        assert part in said.en
    assert said.en.endswith("The clerk wrote: Please come for another dose")
    assert Revocation.objects.get().note == "请来补打\nPlease come for another dose"


def test_a_vaccine_narrows_a_batch_number_that_two_makers_use(world, officer, second, make):
    meant = make("甲")
    other = make("乙", cells={"vaccine": "polio"})
    work(agreed(world, officer, second, batch(choice="mmr")))
    assert Revocation.objects.get().card_id == meant.id
    assert other.id != meant.id


def test_a_card_issued_between_the_look_and_the_job_belongs_to_it(world, officer, second, make):
    make("甲")
    recall = asked(world, officer, batch())
    late = make("乙")
    assert recall.rows.count() == 1
    work(actions.agree(recall.id, by=second, now=world.now))
    assert recall.rows.count() == 2
    assert Revocation.objects.filter(card=late).exists()


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("LB-0042", "lb-0042"),
        (" ＬＢ－００４２ ", "lb-0042"),
        ("lb – 0042", "lb-0042"),
        ("lb-0042\u200b", "lb-0042"),
        ("\ufefflb-00\u200d42", "lb-0042"),
        ("\u200b", ""),
        ("", ""),
    ],
)
def test_a_batch_number_is_compared_as_people_read_it(typed, read):
    assert plain_batch(typed) == read


def test_a_batch_that_was_typed_with_signs_that_nobody_sees_is_found(world, officer, second, make):
    meant = [make("甲"), make("乙", batch="LB-0042\u200b"), make("丙", batch="\ufeffLB-0042")]
    recall = agreed(world, officer, second, batch())
    work(recall)
    assert set(Revocation.objects.values_list("card_id", flat=True)) == {one.id for one in meant}


# ------------------------------------------------------------------------------------- a lost key


def test_each_card_of_a_lost_key_is_signed_anew_with_the_same_facts(
    world, officer, second, make, lose
):
    old = make()
    recall = work(agreed(world, officer, second, key(lose())))
    assert outcomes(recall) == ["reissued"]
    made = Card.objects.get(replaces=old)
    assert (made.cells, made.pack, made.minimal, made.person) == (
        old.cells, old.pack, old.minimal, old.person,
    )  # fmt: skip
    assert made.kid == kid_text(signing.signer().kid) != old.kid
    assert made.identifier != old.identifier
    assert Revocation.objects.get(card=old).reason == "key-lost"
    assert RecallRow.objects.get().made == made
    told = Message.objects.get(person=old.person)
    assert (told.kind, told.blanks["card"]) == ("card-reissued", str(made.id))
    said = message_words(told.kind, told.blanks)
    assert made.identifier in said.zh
    assert "Nothing on it changed" in said.en


def test_a_card_signed_anew_lasts_no_longer_than_the_old_one(world, officer, second, make, lose):
    world.now -= timedelta(days=30)
    old = make()
    world.now += timedelta(days=30)
    work(agreed(world, officer, second, key(lose())))
    made = Card.objects.get(replaces=old)
    assert made.last_day == old.last_day
    assert made.issued_at > old.issued_at


def test_a_minimal_card_stays_minimal(world, officer, second, make, lose):
    until = (world.now.date() + timedelta(days=90)).isoformat()
    old = make(minimal=True, cells={"complete_until": until})
    work(agreed(world, officer, second, key(lose())))
    assert Card.objects.get(replaces=old).minimal


def test_days_narrow_a_key_and_a_card_that_is_over_is_left(world, officer, second, make, lose):
    today = world.now.astimezone(settings.HUXIN.time_zone).date()
    world.now -= timedelta(days=3)
    early = make("甲")
    world.now += timedelta(days=3)
    meant, over = make("乙"), make("丙")
    Card.objects.filter(id=over.id).update(last_day=today - timedelta(days=1))
    recall = work(agreed(world, officer, second, key(lose(), first_day=today, last_day=today)))
    assert [row.card_id for row in recall.rows.all()] == [meant.id]
    assert not Revocation.objects.filter(card__in=[early, over]).exists()


def test_a_key_in_force_is_not_lost(world, officer, second, make, lose, monkeypatch):
    make()
    here = kid_text(signing.signer().kid)
    assert code_of(actions.begin, key(here), by=officer, now=world.now) == "state"
    assert Recall.objects.count() == 0
    before = signing.signer
    recall = asked(world, officer, key(lose()))
    # The old key came back between the two officers.
    monkeypatch.setattr(signing, "signer", before)
    assert code_of(actions.agree, recall.id, by=second, now=world.now) == "state"
    assert Revocation.objects.count() == 0


@pytest.mark.parametrize(
    ("trouble", "fault"), [("gone", "key-file"), ("old", "key-lost")],
    ids=["no key", "a worker that was started before the new key came"],
)  # fmt: skip
def test_without_the_new_key_the_job_stops_and_goes_on_when_told(
    world, officer, second, make, lose, monkeypatch, trouble, fault
):
    make()
    before = signing.signer
    recall = agreed(world, officer, second, key(lose()))
    after = signing.signer

    def gone():
        raise RefusalError("key-file", "none")

    monkeypatch.setattr(signing, "signer", gone if trouble == "gone" else before)
    work(recall)
    assert (recall.state, recall.fault, outcomes(recall)) == ("running", fault, [""])
    assert Revocation.objects.count() == 0
    monkeypatch.setattr(signing, "signer", after)
    assert recall_run.go_on.call(str(recall.id)) is False  # not by itself
    actions.resume(recall.id, by=second, now=world.now)
    assert outcomes(work(recall)) == ["reissued"]


def test_what_cannot_be_signed_anew_stays_as_it_was_and_says_why(
    world, officer, second, make, lose
):
    stays = make("甲", pack="icvp", cells=ICVP)
    goes = make("乙")
    recall = work(agreed(world, officer, second, key(lose(domains=("huxin", "dcc")))))
    assert recall.state == "done"
    assert set(recall.rows.values_list("card_id", "became", "fault")) == {
        (goes.id, "reissued", ""),
        (stays.id, "refused", "bad-input|the key does not speak in the domain icvp"),
    }
    assert not Revocation.objects.filter(card=stays).exists()


def test_under_a_key_at_its_end_a_card_stays_as_it_was_and_the_key_is_named(
    world, officer, second, make, lose, monkeypatch
):
    make()
    recall = agreed(world, officer, second, key(lose()))
    signer = signing.signer()
    about = dataclasses.replace(signer.description, valid_until=world.now + timedelta(hours=1))
    monkeypatch.setattr(signing, "signer", lambda: dataclasses.replace(signer, description=about))
    work(recall)
    (row,) = recall.rows.all()
    assert (row.became, row.fault) == ("refused", "bad-input|the key has no whole day left")
    assert "signing key is at its end" in refusal_words(*row.fault.split("|", 1)).en


ICVP = {
    "latin": "LIN ZHOU", "sex": "F", "nationality": "UTO", "document": "U1234567", "disease": "yellow-fever",
    "date": "2024-03-20", "centre": "Wharf Centre", "product": "YF-VAX",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "value"), [("pack", "gone-pack"), ("cells", {"name": "甲"})],
    ids=["of a pack that was taken out", "of facts that today's pack cannot read"],
)  # fmt: skip
def test_a_card_that_cannot_be_read_any_more_is_refused(
    world, officer, second, make, lose, field, value
):
    card = make()
    setattr(card, field, value)
    card.save()
    recall = work(agreed(world, officer, second, key(lose())))
    assert outcomes(recall) == ["refused"]
    assert recall.rows.get().fault
    assert Revocation.objects.count() == 0


def test_a_batch_of_a_pack_that_was_taken_out_means_nobody(world, officer, make):
    make()
    recall = actions.begin(batch(), by=officer, now=world.now)
    Recall.objects.filter(id=recall.id).update(pack="gone-pack")
    Card.objects.update(pack="gone-pack")
    assert work(recall).rows.count() == 0


def test_what_is_signed_anew_does_not_use_up_the_officers_day(world, officer, second, make, lose):
    make()
    before = signed_today(officer, world.now)
    work(agreed(world, officer, second, key(lose())))
    assert Card.objects.count() == 2
    assert signed_today(officer, world.now) == before
    assert [one.replaces_id for one in lately(by=officer, since=world.now)] == [None]


# ------------------------------------------------------------------------------ trail, events, counts


def test_each_card_and_the_recall_have_their_entries_and_events(world, officer, second, make, lose):
    card = make()
    recall = work(agreed(world, officer, second, key(lose())))
    made = Card.objects.get(replaces=card)
    entry = AuditEntry.objects.get(action="withdrew")
    assert (entry.subject, entry.actor, entry.organisation) == (
        card.person_id, officer.user, officer.organisation,
    )  # fmt: skip
    assert entry.detail == {
        "reason": "key-lost", "replaced_by": str(made.id), "recall": str(recall.id),
    }  # fmt: skip
    whole = AuditEntry.objects.filter(object=f"trust.recall:{recall.id}").order_by("id")
    assert [(one.action, one.actor) for one in whole] == [
        ("recall-begun", officer.user), ("recall-asked", officer.user),
        ("recall-agreed", second.user), ("recall-finished", officer.user),
    ]  # fmt: skip
    assert [one.payload["card"] for one in OutboxEvent.objects.filter(name="card-revoked")] == [str(card.id)]  # fmt: skip
    assert OutboxEvent.objects.filter(name="card-issued").count() == 2


def test_hundreds_of_cards_in_slices_and_counted_in_public(
    world, officer, second, clerk, monkeypatch
):
    monkeypatch.setattr(recall_run, "LOOK", 100)
    person = world.person()
    with override_settings(HUXIN=dataclasses.replace(settings.HUXIN, daily=1000)):
        for _ in range(230):
            world.card(person, by=clerk, cells={"batch": BATCH})
    recall = work(actions.begin(batch(), by=officer, now=world.now))
    assert (recall.to_look, recall.looked, recall.rows.count()) == (230, 230, 230)
    actions.ask(recall.id, by=officer, now=world.now)
    work(actions.agree(recall.id, by=second, now=world.now))
    recall.refresh_from_db()
    assert (recall.state, outcomes(recall)) == ("done", ["withdrawn"] * 230)
    assert recall.finished_at is not None
    today, *_ = daily_counts(now=recall.finished_at)
    assert today.by_reason["batch-recalled"].text == "230"
