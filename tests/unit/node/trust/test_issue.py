import uuid

import pytest
from django.test import override_settings

from huxin.node.base.models import AuditEntry, OutboxEvent
from huxin.node.base.permissions import Role
from huxin.node.trust.actions.issue import issue_card
from huxin.node.trust.models import Card, IssueRequest
from huxin.node.trust.queries.cards import printable
from huxin.node.trust.signing import trust_store
from huxin.trust import reading
from huxin.trust.verify import Basis, verify


def test_a_card_is_signed_recorded_and_told(world):
    clerk = world.staff(Role.CLERK)
    child = world.person()
    card = world.card(child, by=clerk)
    verdict = verify(reading.open(card.text), Basis(trust_store(world.now)), now=world.now)
    assert (verdict.outcome, verdict.code) == ("accepted", "ok")
    assert AuditEntry.objects.filter(action="issued", subject=child.id, actor=clerk.id).count() == 1
    assert OutboxEvent.objects.get().payload == {"card": str(card.id), "pack": "school-entry"}


def test_a_second_click_brings_the_same_card(world):
    clerk = world.staff(Role.CLERK)
    child, wish = world.person(), uuid.uuid4()
    first = world.card(child, by=clerk, request=wish)
    again = world.card(child, by=clerk, request=wish)
    assert first.id == again.id
    assert Card.objects.count() == 1


def test_past_the_daily_limit_another_officer_is_asked(world, settings):
    clerk = world.staff(Role.CLERK)
    with override_settings(HUXIN=_with_daily(settings.HUXIN, 1)):
        world.card(world.person(), by=clerk)
        waiting = issue_card(
            world.asked(world.person("苏𠅤")), by=world.actor(clerk), now=world.now
        )
    assert isinstance(waiting, IssueRequest)
    assert Card.objects.count() == 1


def test_what_was_signed_can_be_printed_again(world):
    card = world.card(world.person(), by=world.staff(Role.CLERK))
    again = printable(card)
    assert again.credential.text == card.text
    assert again.last_day == card.last_day
    assert again.specimen


@pytest.mark.parametrize("field", ["text", "cells", "person.name"])
def test_what_is_personal_is_sealed_at_rest(world, field, django_db_blocker):
    from django.db import connection

    card = world.card(world.person("林㑇"), by=world.staff(Role.CLERK))
    table, column = ("base_person", "name") if field == "person.name" else ("trust_card", field)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        raw = bytes(cursor.fetchone()[0])
    assert b"HC1" not in raw
    assert "林㑇".encode() not in raw
    assert raw[0] == 1
    assert card.text.startswith("HC1:")


def _with_daily(node, daily):
    import dataclasses

    return dataclasses.replace(node, daily=daily)
