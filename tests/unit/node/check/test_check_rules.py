"""The checking page with a purpose: met, or which rule is not, why, and what to do."""

import uuid
from datetime import timedelta

import pytest
from django.conf import settings

from huxin.node.base.permissions import Role
from huxin.node.trust.actions.rules import Source, publish
from huxin.node.trust.queries import rule_desk, rule_texts
from tests.unit.node.check.conftest import look, said


@pytest.fixture
def asked(door):
    door.world.rules("school-entry")
    door.world.rules("occupational-health")

    def choose(purpose):
        door.browser.post("/check/setup", {"purpose": purpose})
        return door

    return choose


def test_the_purposes_of_published_rules_can_be_chosen(door, asked):
    page = asked("school").browser.get("/check").content.decode()
    assert "健康证 · 食品" in page
    assert 'value="school" checked' in page
    asked("moon")
    assert door.browser.session["huxin_check"]["purpose"] == ""


def test_a_school_is_informed_and_refuses_nobody(asked):
    door = asked("school")
    page = door.shows(door.card(dose="1"))
    assert look(page) == "check"
    text = page.content.decode()
    assert "还差一项" in text
    assert "卡上有 1 剂，规则要 2 剂" in text
    assert "verdict--no" not in text
    assert door.browser.session["huxin_check"]["counts"] == {"check": 1}
    english = door.shows(door.card(dose="1"), language="en").content.decode()
    assert "Something is due" in english
    assert "Doses on the cards: 1. The rule asks for 2" in english


def test_work_of_a_class_asks_for_a_check_up(asked):
    door = asked("work/food")
    page = door.shows(door.card())
    assert look(page) == "no"
    assert "不符合" in page.content.decode()
    assert "健康证 · 食品" in page.content.decode()


def test_a_dose_that_is_too_young_is_not_yet_enough(door):
    """The example of the rule desk: ten days after the first dose against measles."""
    world, then = door.world, door.world.now - timedelta(days=10)
    proposal = rule_desk.read(rule_texts.of_nothing(then), then)
    officer = world.actor(world.staff(Role.RULE_OFFICER))
    publish(proposal, Source(uuid.uuid4()), by=officer, now=then)
    door.browser.post("/check/setup", {"purpose": "event/forum"})
    given, met = (
        (world.now.astimezone(settings.HUXIN.time_zone) + timedelta(days=days)).date().isoformat()
        for days in (-3, 7)
    )
    page = door.shows(door.card(date=given))
    assert look(page) == "no"
    text = page.content.decode()
    assert "还不到日子" in text
    assert met in text
    assert "规则 QW-1" in text
    assert "Not yet" in door.shows(door.card(date=given), language="en").content.decode()
    long_ago = door.shows(door.card(date="2026-01-02"))
    assert look(long_ago) == "ok"


def test_rules_about_certificates_say_so_where_none_was_shown(door, asked):
    door.world.rules("pandemic")
    page = asked("travel").shows(door.card())
    assert page.status_code == 200
    assert look(page) == "no"
    assert "卡上没有这个用途要的证书" in page.content.decode()


def test_a_card_that_is_not_genuine_is_not_asked_about_rules(asked):
    door = asked("school")
    page = door.shows(door.card()[:-20] + "AAAAAAAAAAAAAAAAAAAA")
    assert "还差一项" not in page.content.decode()
    assert "不符合" in said(page)
