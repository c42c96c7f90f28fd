"""Editions of the lists of withdrawn cards: when one is made, that each continues the last, and that one is made once."""

import dataclasses
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings
from django_tasks_db.models import DBTaskResult

from huxin.kernel.errors import RefusalError
from huxin.node.base import condition, outbox
from huxin.node.base.models import AuditEntry, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust import signing
from huxin.node.trust.actions import publish_status
from huxin.node.trust.actions.revoke import revoke
from huxin.node.trust.models import Card, Revocation, StatusEdition
from huxin.trust.status.index_set import IndexSet
from huxin.trust.status.signed_set import Held, ListName, accept, reopen
from huxin.trust.status.signed_set import publish as signed
from tests.lib.node_folders import description, make_node, private_key
from tests.lib.node_shell import huxin, program
from tests.lib.status_signer import SetSigner

A_DAY = timedelta(days=1)
JUST_IN_TIME = timedelta(hours=35, minutes=59)
NAME = ListName("QW", "http://testserver/status/1")


@pytest.fixture
def clerk(world):
    return world.staff(Role.CLERK)


def withdrawn(world, clerk, *, at=None):
    card = world.card(world.person(), by=clerk)
    revoke(card, "lost", "", by=world.actor(clerk), now=at or world.now)
    return card


def publish(now):
    return publish_status.publish_status(now=now)


def taken(data, held, now):
    keys = [one for one in signing.trust_store(now) if one.domain == "huxin"]
    return accept(bytes(data), name=NAME, keys=keys, held=held, now=now)


def test_a_node_without_cards_publishes_nothing(world):
    assert publish(world.now) == 0
    assert not StatusEdition.objects.exists()


def test_a_list_that_was_begun_is_published_though_nothing_is_withdrawn(world, clerk):
    world.card(world.person(), by=clerk)
    assert publish(world.now) == 1
    (made,) = StatusEdition.objects.all()
    assert (made.number, made.version, made.withdrawn, made.delta) == (1, 1, 0, None)
    assert made.next_update - made.as_of == timedelta(hours=48)
    held = taken(made.whole, None, world.now)
    assert (held.name, held.found.indices, held.digest) == (NAME, (), bytes(made.digest))


def test_where_nothing_is_new_there_is_no_edition_until_a_day_has_passed(world, clerk):
    withdrawn(world, clerk)
    assert publish(world.now) == 1
    assert publish(world.now) == 0
    assert publish(world.now + timedelta(hours=23)) == 0
    assert publish(world.now + A_DAY) == 1
    first, second = StatusEdition.objects.order_by("version")
    assert (first.withdrawn, second.withdrawn) == (1, 1)
    assert bytes(first.digest) == bytes(second.digest)


def test_a_verifier_goes_from_the_first_edition_to_the_last_by_deltas_alone(world, clerk):
    world.card(world.person(), by=clerk)
    cards: list[Card] = []
    for day in range(5):
        now = world.now + day * A_DAY
        cards += [withdrawn(world, clerk, at=now) for _ in range(day)]
        assert publish(now) == 1
    rows = list(StatusEdition.objects.order_by("version"))
    assert [one.version for one in rows] == [1, 2, 3, 4, 5]
    held = taken(rows[0].whole, None, world.now)
    for day, row in enumerate(rows[1:], 1):
        held = taken(row.delta, held, world.now + day * A_DAY)
        assert held.digest == bytes(row.digest)
        assert held == taken(row.whole, None, world.now + day * A_DAY)
    assert held.found.indices == tuple(sorted(one.status_index for one in cards))
    assert len(bytes(rows[4].delta or b"")) < 400


def test_a_withdrawal_is_published_at_once_and_many_of_them_together(world, clerk):
    world.card(world.person(), by=clerk)
    publish(world.now)
    made = [withdrawn(world, clerk) for _ in range(3)]
    outbox.deliver(now=world.now)
    newest = StatusEdition.objects.order_by("-version").first()
    assert newest is not None
    assert newest.version == 2
    assert taken(newest.whole, None, world.now).found.indices == tuple(
        sorted(one.status_index for one in made)
    )
    entry = AuditEntry.objects.filter(action="published-status").last()
    assert entry is not None
    assert entry.detail == {"list": 1, "version": 2, "withdrawn": 3}
    assert (entry.actor, entry.subject) == (None, None)


def test_every_list_that_was_begun_has_its_own_editions(world, clerk):
    withdrawn(world, clerk)
    second = withdrawn(world, clerk)
    Card.objects.filter(id=second.id).update(status_list=2)
    assert publish(world.now) == 2
    held = {one.number: one.withdrawn for one in StatusEdition.objects.all()}
    assert held == {1: 1, 2: 1}
    assert publish(world.now) == 0
    withdrawn(world, clerk)
    assert publish(world.now) == 1
    found = StatusEdition.objects.order_by("number", "version").values_list("number", "version")
    assert set(found) in ({(1, 1), (2, 1), (2, 2)}, {(1, 1), (1, 2), (2, 1)})


def test_nobody_is_given_back_whatever_becomes_of_the_rows(world, clerk):
    card = withdrawn(world, clerk)
    publish(world.now)
    Revocation.objects.all().delete()
    assert publish(world.now) == 0
    assert publish(world.now + A_DAY) == 1
    newest = StatusEdition.objects.get(version=2)
    assert taken(newest.whole, None, world.now + A_DAY).found.indices == (card.status_index,)


def test_a_clock_that_was_put_back_does_not_stop_the_list(world, clerk):
    withdrawn(world, clerk)
    publish(world.now)
    withdrawn(world, clerk)
    assert publish(world.now - timedelta(minutes=3)) == 1
    first, second = StatusEdition.objects.order_by("version")
    assert second.as_of == first.as_of


def test_a_list_keeps_its_address_where_the_node_moves(world, clerk, settings):
    withdrawn(world, clerk)
    publish(world.now)
    moved = dataclasses.replace(settings.HUXIN, origin="http://elsewhere.example")
    with override_settings(HUXIN=moved):
        assert publish(world.now + A_DAY) == 1
    newest = StatusEdition.objects.get(version=2)
    assert taken(newest.whole, None, world.now + A_DAY).name == NAME


@pytest.mark.parametrize(
    "wrong",
    [{}, {"number": 2, "version": 1}, {"version": 2, "next_update": "as_of"}],
    ids=["twice", "a first one that adds to something", "over before it begins"],
)
def test_the_database_keeps_no_edition_that_cannot_be(world, clerk, wrong):
    withdrawn(world, clerk)
    publish(world.now)
    row = StatusEdition.objects.get()
    fields = {
        field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name != "id"
    }  # fmt: skip
    changed = {"delta": b"x", **wrong} if wrong else {}
    if "next_update" in wrong:
        changed["next_update"] = row.as_of
    with pytest.raises(IntegrityError), transaction.atomic():
        StatusEdition.objects.create(**{**fields, **changed})


def test_without_a_key_the_fault_is_told_and_the_withdrawal_stands(world, clerk, monkeypatch):
    def locked():
        raise RefusalError("key-file", "no passphrase")

    withdrawn(world, clerk)
    monkeypatch.setattr(signing, "signer", locked)
    with pytest.raises(RefusalError):
        publish(world.now)
    outbox.deliver(now=world.now)
    event = OutboxEvent.objects.get(name="card-revoked")
    assert (event.delivered_at, event.fault) == (None, "RefusalError")
    assert Revocation.objects.count() == 1
    monkeypatch.undo()
    outbox.deliver(now=world.now)
    assert StatusEdition.objects.get().withdrawn == 1


def found(now):
    (one,) = [one for one in condition.examine(now=now) if one.about.en == "Status lists"]
    return one.state, one.found.en


def test_the_operator_is_told_of_a_list_that_is_late(world, clerk):
    assert found(world.now) == ("fine", "0, all signed in time")
    world.card(world.person(), by=clerk)
    assert found(world.now + JUST_IN_TIME) == ("fine", "0, all signed in time")
    assert found(world.now + timedelta(hours=37)) == ("look", "list 1 is late, last signed —")
    publish(world.now)
    assert found(world.now + JUST_IN_TIME) == ("fine", "1, all signed in time")
    state, told = found(world.now + timedelta(hours=37))
    assert state == "look"
    assert told.startswith("list 1 is late, last signed ")
    assert found(world.now + timedelta(hours=49))[0] == "mend"  # verifiers take it no more
    publish(world.now + timedelta(hours=37))
    assert found(world.now + timedelta(hours=38))[0] == "fine"


def test_the_job_comes_each_hour_and_once(world, clerk):
    withdrawn(world, clerk)
    DBTaskResult.objects.all().delete()
    publish_status.ensure()
    publish_status.ensure()
    first = DBTaskResult.objects.get(task_path=publish_status.publish_hourly.module_path)
    assert first in DBTaskResult.objects.ready()
    DBTaskResult.objects.update(status="RUNNING")
    assert publish_status.publish_hourly.call() == 1
    assert publish_status.publish_hourly.call() == 0
    later = DBTaskResult.objects.get(status="READY")
    assert later not in DBTaskResult.objects.ready()
    assert timedelta() < later.run_after - world.now <= timedelta(hours=1, minutes=5)


RACE = """
import threading, uuid
from django.db import connections
from huxin.adapters import clock
from huxin.node.trust.actions.publish_status import publish_status
from huxin.node.trust.models import Card, StatusEdition
from huxin.node.base.models import Organisation, Person

now = clock.now()
place = Organisation.objects.create(name_zh="河埠头服务中心", name_en="Wharf Centre")
Card.objects.create(
    person=Person.objects.create(name="样本", registered_at=now), organisation=place, pack="x", cells={}, text="",
    identifier="x", envelope="x", minimal=False, kid="x", status_list=1, status_index=5, issued_at=now,
    issued_by=uuid.uuid4(), last_day=now.date(), request=uuid.uuid4(),
)
made, start = [], threading.Barrier(6)

def run():
    start.wait()
    try:
        made.append(publish_status(now=now))
    finally:
        connections.close_all()

threads = [threading.Thread(target=run) for _ in range(6)]
for one in threads: one.start()
for one in threads: one.join()
print(sorted(made), StatusEdition.objects.count())
"""


def test_six_at_once_make_one_edition(tmp_path):
    folder = tmp_path / "node"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    assert program(folder, RACE).strip() == "[0, 0, 0, 0, 0, 1] 1"


def test_a_clash_in_the_database_is_read_again_and_tried_once_more(world, clerk, monkeypatch):
    withdrawn(world, clerk)
    real = publish_status._row
    turns: list[int] = []

    def meanwhile(*given):
        row = real(*given)
        if not turns:
            turns.append(1)
            real(*given).save(force_insert=True)
        return row

    monkeypatch.setattr(publish_status, "_row", meanwhile)
    assert publish(world.now) == 1
    assert StatusEdition.objects.count() == 1


# ------------------------------------------------------------------------ after a backup was restored


def lost(world, clerk):
    """A node that published four editions, of which its backup knows the first; and the fourth, which others hold."""
    cards = [world.card(world.person(), by=clerk)]
    publish(world.now)
    for _ in range(3):
        cards.append(withdrawn(world, clerk))
        publish(world.now)
    fourth = StatusEdition.objects.get(version=4)
    StatusEdition.objects.filter(version__gt=1).delete()
    Revocation.objects.all().delete()
    return bytes(fourth.whole), cards


def test_a_restored_node_goes_on_from_what_others_hold(world, clerk):
    data, cards = lost(world, clerk)
    held = taken(data, None, world.now)
    assert publish_status.adopt_edition(data, now=world.now + A_DAY) == (1, 4)
    another = withdrawn(world, clerk)
    assert publish(world.now + A_DAY) == 1
    fifth = StatusEdition.objects.get(version=5)
    after = taken(fifth.delta, held, world.now + A_DAY)
    assert set(after.found.indices) == {one.status_index for one in (*cards[1:], another)}
    entry = AuditEntry.objects.get(action="adopted-status")
    assert entry.detail == {"list": 1, "version": 4, "withdrawn": 3}


def test_an_edition_that_is_over_is_gone_on_from_too(world, clerk):
    data, _ = lost(world, clerk)
    late = world.now + 30 * A_DAY
    assert publish_status.adopt_edition(data, now=late) == (1, 4)
    assert publish(late) == 1


def test_a_list_of_which_the_backup_knows_no_card_is_gone_on_with(world, clerk):
    data, _ = lost(world, clerk)
    StatusEdition.objects.all().delete()
    Card.objects.all().delete()
    publish_status.adopt_edition(data, now=world.now)
    assert publish(world.now + A_DAY) == 1


def test_what_is_not_this_nodes_or_no_newer_is_not_gone_on_from(world, clerk):
    data, _ = lost(world, clerk)
    held = reopen(data)
    own = signing.signer()
    stranger = SetSigner(private_key("QV"), b"qv")
    wrong = {
        "bad-input": [
            signed(replace(held, name=ListName("QV", NAME.uri)), own),
            signed(replace(held, name=ListName("QW", "http://testserver/elsewhere")), own),
            signed(held, own, before=replace(held, version=3)),
            b"",
        ],
        "signature": [signed(held, stranger)],
        "not-yet": [
            signed(replace(held, as_of=held.as_of + A_DAY, next_update=held.as_of + 3 * A_DAY), own)
        ],
        "exists": [signed(replace(held, version=1), own)],
    }
    for code, files in wrong.items():
        for one in files:
            with pytest.raises(RefusalError) as refused:
                publish_status.adopt_edition(one, now=world.now)
            assert refused.value.refusal.code == code
    assert StatusEdition.objects.count() == 1


def test_an_operator_does_it_by_a_command(tmp_path):
    folder = tmp_path / "node"
    make_node(folder)
    assert huxin("node", "migrate", folder).returncode == 0
    now = datetime(2021, 1, 1, tzinfo=UTC)
    held = Held(NAME, 7, IndexSet.of((5,)), now, now + 2 * A_DAY)
    good, bad = tmp_path / "1.hxs", tmp_path / "2.hxs"
    good.write_bytes(signed(held, SetSigner(private_key("QW"), description("QW").kid)))
    bad.write_bytes(signed(held, SetSigner(private_key("QV"), b"qv")))
    done = huxin("node", "adopt-status", folder, good)
    assert done.returncode == 0, done.stderr
    assert "List 1 goes on from version 7" in done.stdout
    again = huxin("node", "adopt-status", folder, good)
    assert (again.returncode, "[exists]" in again.stderr) == (1, True)
    refused = huxin("node", "adopt-status", folder, bad)
    assert (refused.returncode, "[signature]" in refused.stderr) == (1, True)
