import dataclasses
import uuid
from typing import Any

import pytest

from huxin.kernel.errors import Refusal, RefusalError
from huxin.node.base import audit
from huxin.node.base.models import AuditEntry, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import bulk, issue
from huxin.node.trust.models import Card, IssueRequest
from huxin.node.trust.signing import trust_store
from huxin.trust import reading
from huxin.trust.verify import Basis, verify


def run(wishes, *, by, now) -> list[Any]:
    return list(bulk.issue_many(wishes, by=by, now=now))


@pytest.fixture
def clerk(world):
    return world.actor(world.staff(Role.CLERK))


def test_many_cards_each_with_a_place_an_entry_and_an_event(world, clerk, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 4)
    wishes = [world.asked(world.person()) for _ in range(10)]
    made = run(wishes, by=clerk, now=world.now)
    assert [one.request for one in made] == [one.request for one in wishes]
    assert Card.objects.count() == 10
    assert len({(one.status_list, one.status_index) for one in made}) == 10
    assert AuditEntry.objects.filter(action="issued").count() == 10
    assert OutboxEvent.objects.filter(name="card-issued").count() == 10
    verdict = verify(reading.open(made[7].text), Basis(trust_store(world.now)), now=world.now)
    assert verdict.code == "ok"
    audit.seal()
    assert audit.verify().fault == ""


def test_a_run_that_died_is_run_again_and_issues_the_rest(world, clerk, monkeypatch):
    monkeypatch.setattr(bulk, "BATCH", 3)
    wishes = [world.asked(world.person()) for _ in range(8)]
    running = bulk.issue_many(wishes, by=clerk, now=world.now)
    first: list[Any] = [next(running) for _ in range(4)]
    assert Card.objects.count() == 6
    again = run(wishes, by=clerk, now=world.now)
    assert Card.objects.count() == 8
    assert [one.id for one in again[:4]] == [one.id for one in first]
    assert OutboxEvent.objects.count() == 8


def test_one_that_cannot_be_signed_stops_nobody(world, clerk):
    over = {"work_class": "food", "date": "2020-01-01"}
    good, bad = world.asked(world.person()), world.asked(world.person())
    bad = dataclasses.replace(bad, entry=_old(world, over), cells=over)
    made = run([bad, good], by=clerk, now=world.now)
    assert isinstance(made[0], Refusal)
    assert isinstance(made[1], Card)
    assert Card.objects.count() == 1


def _old(world, cells):
    from huxin.packs import reader
    from huxin.packs.entries import read_entry

    row = {"name": "林㑇", "birth": "1990", **cells}
    return read_entry(reader.pack("occupational-health"), row, today=world.now.date())


def test_past_the_limit_they_wait_for_another_officer(world, clerk, settings):
    settings.HUXIN = dataclasses.replace(settings.HUXIN, daily=2)
    wishes = [world.asked(world.person()) for _ in range(4)]
    made = run(wishes, by=clerk, now=world.now)
    assert [type(one) for one in made] == [Card, Card, IssueRequest, IssueRequest]
    again = run(wishes, by=clerk, now=world.now)
    assert [one.id for one in again] == [one.id for one in made]
    assert AuditEntry.objects.filter(action="asked-another").count() == 2


def test_a_request_with_other_facts_gives_no_card(world, clerk):
    key = uuid.uuid4()
    run([world.asked(world.person(), request=key)], by=clerk, now=world.now)
    (answer,) = run([world.asked(world.person("苏𠅤"), request=key)], by=clerk, now=world.now)
    assert isinstance(answer, Refusal)
    assert answer.code == "exists"


def test_a_request_that_stands_twice_is_refused(world, clerk):
    wish = world.asked(world.person())
    with pytest.raises(RefusalError):
        run([wish, wish], by=clerk, now=world.now)
    assert Card.objects.count() == 0


def test_a_list_that_is_half_full_is_left(world, clerk, monkeypatch):
    monkeypatch.setattr(bulk, "_FULL", 3)
    monkeypatch.setattr(bulk, "LIST_SIZE", 6)
    wishes = [world.asked(world.person()) for _ in range(3)]
    run(wishes, by=clerk, now=world.now)
    (last,) = run([world.asked(world.person())], by=clerk, now=world.now)
    assert last.status_list == 2


def test_one_card_past_a_list_without_a_free_place(world, monkeypatch):
    monkeypatch.setattr(issue, "LIST_SIZE", 1)
    clerk = world.staff(Role.CLERK)
    first, second = (world.card(world.person(), by=clerk) for _ in range(2))
    assert (first.status_list, second.status_list) == (1, 2)
