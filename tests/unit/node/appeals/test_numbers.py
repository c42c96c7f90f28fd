"""The public counts: exact where they are large, ranges where they are small, nothing to subtract."""

from datetime import timedelta

import pytest

from huxin.node.trust.queries.appeal_counts import counted
from huxin.trust.appeals import Decision
from tests.unit.node.appeals.conftest import text_of


def school(town):
    return next(one for one in counted(now=town.world.now) if one.purpose.en == "School entry")


def test_where_nobody_appealed_all_is_none(town):
    found = school(town)
    assert {found.received.text, found.open.text, found.decided.text} == {"0"}
    assert found.median is None
    assert "太少，不算" in text_of(town.world.client().get("/appeals"))


def test_a_small_count_is_a_range_and_so_is_what_it_adds_up_to(town):
    for _ in range(6):
        town.decide(town.made())
    town.made()
    found = school(town)
    assert (found.upheld.text, found.refused.text, found.decided.text) == ("6", "0", "6")
    assert (found.waiting.text, found.late.text, found.open.text) == ("1–4", "0", "1–4")
    assert found.received.text == "7–10"


def test_those_past_their_deadline_are_told_apart(town):
    now = town.world.now
    town.world.now = now - timedelta(hours=25)
    for _ in range(5):
        town.made()
    town.world.now = now
    found = school(town)
    assert (found.late.text, found.open.text, found.waiting.text) == ("5", "5", "0")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_reads_them(town, language):
    for number in range(5):
        town.decide(town.made(), Decision.STANDS, hours=1 + number)
    for _ in range(5):
        town.world.appeal()
    browser = town.world.client()
    browser.cookies["huxin_lang"] = language
    page = text_of(browser.get("/appeals"))
    assert ("3 小时" if language == "zh" else "3 h") in page
    assert "卡读不出" in page or "could not be read" in page
    assert school(town).median == 3


def test_only_the_last_ninety_days_count(town):
    now = town.world.now
    town.world.now = now - timedelta(days=91)
    for _ in range(5):
        town.made()
    town.world.now = now
    assert school(town).received.text == "0"


def test_the_pages_around_lead_there(town):
    browser = town.world.client()
    assert 'href="/appeals"' in browser.get("/rules").content.decode()
    assert 'href="/appeals/new?purpose=school"' in browser.get("/rules/school").content.decode()
    assert "我的申诉" not in text_of(browser.get("/appeals"))
    resident = town.world.client(town.world.resident(town.world.person("林桥")))
    assert "我的申诉" in text_of(resident.get("/appeals"))
