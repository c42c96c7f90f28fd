"""What is said to somebody before they go, and what their device needs of a card to say it by itself."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust import reading
from huxin.trust.credentials.facts import Clearance, Facts, Name, Person
from huxin.trust.issue import issue
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.outlook import outlook
from huxin.trust.rules.readout import readout
from tests.lib import pack_people
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.rules import CLOCK, rule

WALL = timezone(timedelta(hours=8))
NOON = datetime(2026, 12, 5, 12, tzinfo=UTC)
YES, NO = {"!": [False]}, {"!": [True]}
FROM_DECEMBER = {
    "not-before": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": ["2026-12-01", 0, "day"]}]
}
UNTIL_DECEMBER = {
    "before": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": ["2026-12-01", 0, "day"]}]
}


def card():
    event = Clearance(purpose="x", valid_until=PartialDate(2026, 12, 31))
    (opened,) = reading.open(issue(facts(event), REED_ISLES, now=NOW).text)
    assert opened.credential is not None
    return opened.credential


def said(*rules, ends=None, language="en", now=NOW):
    decision = RuleBook(rules).decide("school", [card()], now=now)
    return outlook(decision, ends, language, zone=WALL)


@pytest.mark.parametrize(
    ("logic", "effect", "ends", "outcome", "zh", "en"),
    [
        (YES, "admits", NOON, "yes", "可以，到 2026-12-04 星期五 为止。", "Yes, until Friday 2026-12-04."),
        (YES, "admits", NOON + timedelta(hours=1), "yes", "可以，到 2026-12-05 21:00 星期六 为止。", "Yes, until Saturday 2026-12-05 21:00."),
        (UNTIL_DECEMBER, "admits", NOON, "yes", "可以，到 2026-11-30 星期一 为止。", "Yes, until Monday 2026-11-30."),
        (UNTIL_DECEMBER, "informs", None, "yes", "齐了，到 2026-11-30 星期一 为止。", "Complete, until Monday 2026-11-30."),
        (FROM_DECEMBER, "admits", NOON, "not-yet", "还不行：2026-12-01 星期二 起可以。", "Not yet: from Tuesday 2026-12-01."),
        (NO, "admits", NOON, "no", "这些卡还不够。", "Not with these cards."),
        (FROM_DECEMBER, "informs", NOON, "due", "还差一项，不拦人。", "Something is due; nobody is turned away."),
        ({"+": [1, "x"]}, "admits", NOON, "unknown", "规则有错，无法判断。不是此人的问题。", "The rule is faulty, so there is no answer. The person is not at fault."),
        (YES, "admits", NOW - timedelta(days=1), "no", "卡到 2026-11-22 18:00 星期日 到期，那天不算。", "A card ends on Sunday 2026-11-22 18:00, before that day."),
    ],
)  # fmt: skip
def test_the_sentence_before_a_visit(logic, effect, ends, outcome, zh, en):
    one = rule(logic=logic, effect=effect)
    told = said(one, ends=ends)
    assert (told.outcome, told.sentence) == (outcome, en)
    assert said(one, ends=ends, language="zh-Hans").sentence == zh


def test_rules_without_a_foreseeable_end_and_cards_without_one():
    for_ever = replace(rule(logic=YES), valid_until=datetime.max.replace(tzinfo=UTC))
    assert said(for_ever).sentence == "Yes: these cards meet the rules."
    last_of_all = datetime.max.replace(tzinfo=UTC)
    assert said(for_ever, ends=last_of_all).sentence == "Yes, until Friday 9999-12-31."
    assert said().sentence == "No rule is in force on that day, so there is no answer."


def test_what_is_due_says_when_it_will_not_be():
    told = said(rule(logic=FROM_DECEMBER, effect="informs"), ends=NOON)
    assert told.turns == "Met from 2026-12-01."
    assert told.told[0].next_step == "Please have the missing dose"


def test_where_no_card_is_of_the_kind_it_says_so():
    book = pack_people.book("pandemic")
    decision = book.decide("travel", [card()], now=NOW)
    told = outlook(decision, None, "en", zone=WALL)
    assert told.told[0].asks == "No card is of the kind that this purpose asks for."


def test_a_readout_holds_what_rules_read_and_nobody_s_name():
    told = readout(card())
    assert told["payload"]["clearance"] == [
        {"purpose": "x", "exemption": False, "valid_until": "2026-12-31"}
    ]
    assert told["certificate"] is None
    assert told["expires"].startswith("2027-01-01T12:00:00")
    assert "林㑇" not in str(told)


def test_a_readout_of_a_certificate_and_of_a_card_without_facts():
    person = Person(Name(family="SPECIMEN", latin_family="SPECIMEN"), PartialDate(1990, 3, 5))
    (event,) = pack_people.covid(2, 2, "2026-09-01")
    shown = Facts(person, (event,), "QW-0000-0000-0001", "苇洲门诊", "QW")
    (opened,) = reading.open(issue(shown, REED_ISLES, now=NOW, format="hcert-1").text)
    assert opened.credential is not None
    certificate = readout(opened.credential)["certificate"]
    assert certificate["kind"] == "vaccination"
    assert certificate["payload"]["dob"] == "1990-03-05"
    assert certificate["external"]["issuerCountryCode"] == "QW"
    assert certificate["external"]["kid"] == base64.b64encode(REED_ISLES.kid).decode()
    unnamed = readout(replace(opened.credential, kid=None))["certificate"]
    assert unnamed["external"]["kid"] is None
    assert readout(replace(card(), facts=None, expires=None)) == {
        "payload": {"vaccination": [], "test": [], "recovery": [], "examination": [], "clearance": [], "birth": None},
        "certificate": None,
        "expires": None,
    }  # fmt: skip
