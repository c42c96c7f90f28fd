"""A single withdrawal takes two officers: who may do what, every step twice, and what the database holds."""

import ast
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

import huxin.node
from huxin.kernel.errors import RefusalError
from huxin.node.base import outbox
from huxin.node.base.models import AuditEntry, Message, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust.actions import revoke as ending
from huxin.node.trust.actions import withdrawals as actions
from huxin.node.trust.models import Revocation, WithdrawalRequest


@pytest.fixture
def officer(world):
    return world.actor(world.staff(Role.CLERK))


@pytest.fixture
def second(world):
    return world.actor(world.staff(Role.CLERK))


@pytest.fixture
def card(world):
    return world.card(world.person(), by=world.staff(Role.CLERK))


@pytest.fixture
def asked(world, card, officer):
    return actions.ask(card, "lost", "  请来补一张 ", by=officer, now=world.now)


def code_of(step, *args, **more):
    with pytest.raises(RefusalError) as refused:
        step(*args, **more)
    return refused.value.refusal.code


def trail():
    entries = AuditEntry.objects.filter(action__startswith="withdr").order_by("at", "id")
    return sorted((one.action, one.actor) for one in entries)


def test_asking_ends_nothing_and_tells_nobody(world, card, officer, asked):
    assert (asked.reason, asked.note, asked.asked_by) == ("lost", "请来补一张", officer.user)
    assert Revocation.objects.count() == Message.objects.count() == 0
    assert OutboxEvent.objects.filter(name="card-revoked").count() == 0
    entry = AuditEntry.objects.get(action="withdrawal-asked")
    assert (entry.actor, entry.subject) == (officer.user, card.person_id)


def test_asking_twice_gives_the_same_request_also_to_a_colleague(
    world, card, officer, second, asked
):
    for by in (officer, second):
        again = actions.ask(card, "wrong-person", "", by=by, now=world.now)
        assert (again.id, again.reason) == (asked.id, "lost")
    assert AuditEntry.objects.filter(action="withdrawal-asked").count() == 1


def test_the_second_officer_agrees_and_the_card_is_withdrawn(world, card, officer, second, asked):
    done = actions.agree(asked.id, by=second, now=world.now)
    assert (done.approved, done.decided_by) == (True, second.user)
    made = Revocation.objects.get(card=card)
    assert (made.reason, made.note, made.by) == ("lost", "请来补一张", second.user)
    assert Message.objects.get(person=card.person).kind == "card-withdrawn"
    assert OutboxEvent.objects.filter(name="card-revoked").count() == 1
    both = [
        ("withdrawal-agreed", second.user),
        ("withdrawal-asked", officer.user),
        ("withdrew", second.user),
    ]
    assert trail() == both
    assert actions.agree(asked.id, by=second, now=world.now).id == asked.id  # a second click
    assert trail() == both
    assert (Revocation.objects.count(), Message.objects.count()) == (1, 1)


def test_if_it_breaks_half_way_the_request_still_waits(world, second, asked, monkeypatch):
    def broken(*_args, **_more):
        raise RuntimeError("the outbox is full")

    monkeypatch.setattr(outbox, "emit", broken)
    with pytest.raises(RuntimeError):
        actions.agree(asked.id, by=second, now=world.now)
    asked.refresh_from_db()
    assert asked.approved is None
    assert Revocation.objects.count() == Message.objects.count() == 0


def test_a_colleague_declines_and_says_why(world, card, officer, second, asked):
    assert code_of(actions.decline, asked.id, "  ", by=second, now=world.now) == "missing"
    done = actions.decline(asked.id, " 卡是对的 ", by=second, now=world.now)
    assert (done.approved, done.answer, done.decided_by) == (False, "卡是对的", second.user)
    assert code_of(actions.agree, asked.id, by=second, now=world.now) == "state"
    assert code_of(actions.decline, asked.id, "x", by=second, now=world.now) == "state"
    assert code_of(actions.take_back, asked.id, by=officer, now=world.now) == "state"
    assert Revocation.objects.count() == 0
    # Whoever has better reasons may ask again.
    assert actions.ask(card, "not-done", "", by=officer, now=world.now).id != asked.id


def test_who_asked_takes_it_back_and_nobody_else(world, card, officer, second, asked):
    assert code_of(actions.take_back, asked.id, by=second, now=world.now) == "bad-input"
    done = actions.take_back(asked.id, by=officer, now=world.now)
    assert (done.approved, done.decided_by, done.decided_at) == (False, None, world.now)
    assert code_of(actions.agree, asked.id, by=second, now=world.now) == "state"
    assert trail()[-1] == ("withdrawal-taken-back", officer.user)
    assert actions.ask(card, "lost", "", by=second, now=world.now).asked_by == second.user


def test_nobody_decides_their_own_request(world, officer, asked):
    assert code_of(actions.agree, asked.id, by=officer, now=world.now) == "own-work"
    assert code_of(actions.decline, asked.id, "no", by=officer, now=world.now) == "own-work"
    assert Revocation.objects.count() == 0


def test_only_whoever_may_withdraw_and_only_their_own_organisation(world, card, asked):
    for stranger in (
        world.actor(world.staff(Role.CLERK, at=world.elsewhere)),
        world.actor(world.staff(Role.CLINICIAN)),
        world.actor(world.resident(card.person)),
    ):
        assert code_of(actions.ask, card, "lost", "", by=stranger, now=world.now) == "bad-input"
        for step in (actions.agree, actions.take_back):
            assert code_of(step, asked.id, by=stranger, now=world.now) == "bad-input"
        assert code_of(actions.decline, asked.id, "x", by=stranger, now=world.now) == "bad-input"
    asked.refresh_from_db()
    assert asked.approved is None


@pytest.mark.parametrize(
    ("reason", "note"), [("because", ""), ("", ""), ("lost", "长" * 301)],
    ids=["a reason of one's own", "no reason", "a note without end"],
)  # fmt: skip
def test_what_is_not_on_the_list_is_not_asked_for(world, card, officer, reason, note):
    assert code_of(actions.ask, card, reason, note, by=officer, now=world.now) == "bad-input"
    assert WithdrawalRequest.objects.count() == 0


def test_a_card_that_ended_meanwhile_closes_its_request(world, card, officer, second, asked):
    ending.revoke(card, "wrong-facts", "", by=officer, now=world.now)  # as a recall or the clinic
    asked.refresh_from_db()
    assert (asked.approved, asked.decided_by, asked.decided_at) == (False, None, world.now)
    assert code_of(actions.agree, asked.id, by=second, now=world.now) == "state"
    assert code_of(actions.ask, card, "lost", "", by=officer, now=world.now) == "exists"
    assert Revocation.objects.get().reason == "wrong-facts"


def test_a_correction_takes_one_officer_and_closes_the_request(world, card, second, asked):
    right = world.asked(card.person, cells={"dose": "2"})
    made = ending.correct(card, right, "第 2 剂", by=second, now=world.now)
    assert made.replaces_id == card.id
    asked.refresh_from_db()
    assert (asked.approved, asked.decided_by) == (False, None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"approved": True, "own": True, "at": True},
        {"approved": True, "at": True},
        {"approved": True},
        {"approved": False},
        {"at": True},
    ],
    ids=["by the same officer", "agreed by nobody", "agreed at no time", "ended at no time", "ended and open"],
)  # fmt: skip
def test_the_database_holds_it_too(world, asked, wrong):
    values = {
        "approved": wrong.get("approved"),
        "decided_by": asked.asked_by if wrong.get("own") else None,
        "decided_at": world.now if wrong.get("at") else None,
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawalRequest.objects.filter(id=asked.id).update(**values)


def test_a_card_waits_once(world, card, second, asked):
    with pytest.raises(IntegrityError), transaction.atomic():
        WithdrawalRequest.objects.create(
            card=card, reason="lost", note="", asked_by=second.user, asked_at=world.now
        )


def test_no_page_withdraws_a_card_but_by_two_officers():
    """Who takes the last step in their hands: the decision, the clinic's correction, the demo's past."""
    root = Path(huxin.node.__path__[0])
    users = {
        path.relative_to(root).as_posix()
        for path in root.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").startswith("huxin.node.trust.actions")
        and {one.name for one in node.names} & {"revoke", "end_card"}
    }
    assert users == {
        "home/demo/seed.py",
        "trust/actions/amend.py",
        "trust/actions/recall_run.py",
        "trust/actions/withdrawals.py",
    }
