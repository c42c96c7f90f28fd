"""A region's rules asked about the cards of one person."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from huxin.kernel.cbor import Tag
from huxin.kernel.instants import PartialDate
from huxin.trust import reading
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Examination,
    Facts,
    Name,
    Person,
    Recovery,
    Test,
    Vaccination,
)
from huxin.trust.issue import issue
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.payload import READABLE, dcc_payload, facts_payload
from huxin.trust.rules.rule import parse_rule
from huxin.trust.rules.wallet import at_millisecond, milliseconds, wallet_of
from tests.lib.regions import LIN, NOW, REED_ISLES, facts
from tests.lib.rules import CLOCK, MEASLES, foreign, rule


def dose(number, on, **more):
    return Vaccination(
        disease=Code("icd-11", "1F03"), dose=number, date=PartialDate(*on), **more
    )  # fmt: skip


FIRST, SECOND = dose(1, (2021, 3, 8)), dose(2, (2024, 9, 1))
AT_ONCE = datetime(2021, 8, 1, tzinfo=UTC)


def cards(*events):
    return [credential(facts(event)) for event in events]


def credential(one, format_name="hcert-100", now=NOW):
    (opened,) = reading.open(issue(one, REED_ISLES, now=now, format=format_name).text)
    assert opened.credential is not None
    return opened.credential


def dcc(day, *, now=AT_ONCE):
    event = Vaccination(
        disease=Code("snomed", "840539006"),
        vaccine=Code("dcc-vp", "1119349007"),
        product=Code("dcc-mp", "EU/1/20/1528"),
        maker=Code("dcc-ma", "ORG-100030215"),
        dose=2,
        series=2,
        date=PartialDate(2021, 7, day),
    )
    person = Person(Name("Lin", "Zhou", "LIN", "ZHOU"), PartialDate(1990, 3, 5))
    return credential(Facts(person, (event,), "URN:UVCI:01:QX:1", "office", "QX"), "hcert-1", now)


def decided(book, shown, purpose="school", now=NOW):
    return book.decide(purpose, shown, now=now)


SCHOOL = RuleBook((rule(),))


def test_of_several_regions_rules_a_place_takes_those_of_one():
    own, other = rule(), rule(region="QX", id="QX-SCHOOL-1")
    both = RuleBook((own, other), {"list": ["a"]})
    assert both.of(own.region) == RuleBook((own,), {"list": ["a"]}, own.region)
    assert (both.arrival, both.of("QX").arrival, RuleBook((other,)).arrival) == (None, "QX", "QX")
    assert both.of("QX").rules == (other,)
    assert both.of("QZ").rules == ()


def test_what_issuers_say_of_their_own_certificates_goes_wherever_these_are_shown():
    issuers = parse_rule(foreign(Type="Invalidation"))
    both = RuleBook((rule(), rule(region="QW"), issuers))
    assert both.of("QV").rules == (rule(), issuers)
    assert both.of("QX").rules == (issuers,)
    # Nobody is asked for anything by that, so there is no purpose that it makes.
    assert both.of("QX").purposes() == frozenset()
    assert both.of("QX").answer("entry", wallet_of([dcc(1)], {}), AT_ONCE) == ("no-rules", ())


def test_a_book_knows_its_purposes():
    assert SCHOOL.purposes() == {"school"}


def test_several_cards_of_one_person_are_read_together():
    assert decided(SCHOOL, cards(FIRST, SECOND)).met
    alone = decided(SCHOOL, cards(FIRST))
    assert alone.answer == "not-met"
    assert alone.deciding is not None
    assert alone.deciding.rule.id == "QV-SCHOOL-1"
    (finding,) = alone.deciding.findings
    assert [side.value for side in finding.sides] == [1, 2]


def test_a_dose_on_two_cards_is_one_dose():
    told_more = dose(1, (2021, 3, 8), vaccine=Code("atc", "J07BD52"))
    for shown in ((FIRST, FIRST), (FIRST, told_more), (told_more, FIRST)):
        assert not decided(SCHOOL, cards(*shown)).met
    (one,) = facts_payload([facts(FIRST), facts(told_more)])["vaccination"]
    assert one["vaccine"] == "atc:J07BD52"


def test_no_card_meets_nothing():
    assert not decided(SCHOOL, []).met
    by_card = RuleBook((parse_rule(foreign(Logic=True)),))
    assert not decided(by_card, [], "entry", AT_ONCE).met
    assert not decided(by_card, cards(FIRST), "entry", AT_ONCE).met


def test_no_rule_in_force_answers_nothing():
    assert decided(SCHOOL, cards(FIRST, SECOND), "work").answer == "no-rules"
    early = datetime(2026, 8, 1, tzinfo=UTC)
    before = decided(SCHOOL, cards(FIRST, SECOND), now=early)
    assert (before.answer, before.deciding) == ("no-rules", None)
    # The rule comes into force, and then there is an answer.
    assert before.turns_at() == datetime(2026, 8, 31, 16, tzinfo=UTC)


def test_the_latest_version_counts():
    strict = rule(version="1.10.0", logic=False)
    for rules in ((rule(version="1.9.0"), strict), (strict, rule(version="1.9.0"))):
        assert not decided(RuleBook(rules), cards(FIRST, SECOND)).met
    other_region = rule(region="QX", logic=False)
    assert not decided(RuleBook((rule(), other_region)), cards(FIRST, SECOND)).met


@pytest.mark.parametrize("logic", [{"+": [1, "x"]}, {"plusTime": ["2021", 0, "day"]}])
def test_one_faulty_rule_makes_the_decision_a_fault(logic):
    book = RuleBook((rule(id="A", logic=False), rule(id="B", logic=logic)))
    told = decided(book, cards(FIRST))
    assert told.answer == "fault"
    assert told.deciding is not None
    assert told.deciding.rule.id == "B"
    assert told.deciding.fault is not None
    assert told.deciding.fault.code == "logic-type"


def test_one_card_that_fulfils_all_rules_of_its_kind_is_enough():
    book = RuleBook((parse_rule(foreign()),))
    early, late = dcc(1), dcc(30)
    assert decided(book, [early], "entry", AT_ONCE).met
    assert decided(book, [late, early], "entry", AT_ONCE).met
    waiting = decided(book, [late], "entry", AT_ONCE)
    assert waiting.answer == "not-met"
    assert waiting.results[0].card == 0
    assert waiting.turns_at() == datetime(2021, 8, 13, tzinfo=UTC)
    # A rule for tests has nothing to say of a vaccination; no rule for its kind is no answer for it.
    assert not decided(RuleBook((parse_rule(foreign(CertificateType="Test")),)), [early], "entry", AT_ONCE).met  # fmt: skip


def test_rules_that_read_certificates_know_the_issuing_region_and_the_value_sets():
    logic = {"and": [{"in": [{"var": "payload.v.0.tg"}, {"var": "external.valueSets.targets"}]},
                     {"===": [{"var": "external.issuerCountryCode"}, "QX"]},
                     {"var": "external.exp"}, {"var": "external.iat"}]}  # fmt: skip
    book = RuleBook((parse_rule(foreign(Logic=logic)),), {"targets": ["840539006"]})
    assert decided(book, [dcc(1)], "entry", AT_ONCE).met


def test_until_when_rules_are_met():
    fresh = {"before": [{"plusTime": [CLOCK, 0, "day"]},
                        {"plusTime": [{"var": "payload.vaccination.0.date"}, 6, "year"]}]}  # fmt: skip
    met = decided(RuleBook((rule(logic=fresh),)), cards(FIRST))
    assert met.met
    assert met.turns_at() == datetime(2027, 3, 8, tzinfo=UTC)
    # Where the rule itself ends first, the answer ends with it.
    ends = decided(SCHOOL, cards(FIRST, SECOND))
    assert ends.turns_at() == datetime(2027, 8, 31, 15, 59, 59, 1000, tzinfo=UTC)


def test_a_change_that_never_comes_is_not_foreseen():
    forever = rule(valid_until="9999-12-31T23:59:59.999999+00:00", logic=True)
    assert decided(RuleBook((forever,)), cards(FIRST)).turns_at() is None
    far = {"before": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": ["9999-01-01", 9, "year"]}]}
    late = datetime(9990, 1, 1, tzinfo=UTC)
    book = RuleBook((rule(valid_until="9999-12-31T23:59:59.999999+00:00", logic=far),))
    assert decided(book, cards(FIRST), now=late).turns_at() is None


def test_the_search_for_a_change_ends():
    """Rules that come and go a hundred times without another answer are not followed for ever."""
    start = datetime(2026, 9, 1, tzinfo=UTC)

    def day(number):
        return (start + timedelta(days=number)).isoformat()

    rules = [
        rule(id=f"R{number}", logic=True, valid_from=day(0), valid_until=day(90 + number))
        for number in range(120)
    ]
    assert decided(RuleBook(tuple(rules)), cards(FIRST)).turns_at() is None


def test_instants_to_the_millisecond_and_back():
    assert at_millisecond(milliseconds(NOW)) == NOW
    assert at_millisecond(10**18) is None


# -------------------------------------------------------------------------------- what is readable

EVENTS = [
    FIRST,
    Test(disease=Code("icd-11", "1F03"), result=Code("snomed", "260415000"), sampled=NOW),
    Recovery(disease=Code("icd-11", "1F03"), first_positive=PartialDate(2020, 1)),
    Examination(purpose="food", performed=PartialDate(2026, 1, 2), valid_until=PartialDate(2027, 1, 1)),
    Clearance(purpose="forum", exemption=True),
]  # fmt: skip


def test_a_payload_holds_what_rules_may_read_and_no_more():
    whole = facts_payload(facts(event) for event in EVENTS)
    assert whole["birth"] == "2020-03-05"
    assert {kind for kind, rows in whole.items() if kind != "birth" and len(rows) == 1} == set(
        READABLE
    )
    for kind, names in READABLE.items():
        assert whole[kind][0].keys() <= set(names)
    assert whole["vaccination"][0] == {"disease": MEASLES, "dose": 1, "date": "2021-03-08"}
    assert whole["clearance"] == [{"purpose": "forum", "exemption": True}]
    text = str(whole)
    assert not any(secret in text for secret in ("林", "QW-7F3K", "疾控", "苇洲"))


def test_events_stand_in_order_and_the_birth_is_the_most_exact():
    year_only = facts(SECOND, person=Person(LIN.name, PartialDate(2020)))
    payload = facts_payload([year_only, facts(FIRST)])
    assert [row["dose"] for row in payload["vaccination"]] == [1, 2]
    assert payload["birth"] == "2020-03-05"
    assert facts_payload([])["birth"] is None


def test_an_eu_certificate_is_shown_to_its_rules_as_it_is():
    payload = dcc_payload(dcc(1))
    assert payload is not None
    assert payload["v"][0]["dt"] == "2021-07-01"
    assert dcc_payload(cards(FIRST)[0]) is None


def test_what_json_has_no_word_for_is_not_read():
    """Some issuers write dates as CBOR's instants, and one wrote numbers as keys."""
    instant = datetime(2021, 7, 1, 12, tzinfo=UTC)
    entry = {"dt": instant, 5: b"x", True: 1, "ok": [True, Tag(60, "x")]}
    claims = {-260: {1: {"v": [entry], "dob": None, "ver": 1.5}}}
    payload = dcc_payload(replace(dcc(1), claims=claims))
    told = {"dt": "2021-07-01T12:00:00+00:00", "5": None, "ok": [True, None]}
    assert payload == {"v": [told], "dob": None, "ver": 1.5}
