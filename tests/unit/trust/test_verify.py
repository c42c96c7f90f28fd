from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust import reading
from huxin.trust.anchors import Anchor, TrustStore
from huxin.trust.credentials.facts import Name, Person
from huxin.trust.issue import issue
from huxin.trust.reading import Reading
from huxin.trust.rules.book import RuleBook
from huxin.trust.status.card_revocation_list import CardRevocationLists
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis, verify
from tests.lib.regions import (
    CLOUD_FERRY,
    LANTERN_BAY,
    LIN,
    MEASLES_DOSE,
    NOW,
    REED_ISLES,
    Region,
    basis,
    facts,
)
from tests.lib.rules import CLOCK, rule

CARD = issue(facts(), REED_ISLES, now=NOW)
READ = reading.open(CARD.text)
TRUSTED = basis(*REED_ISLES.anchors())
DAY = timedelta(days=1)
OLD = replace(LIN, birth=PartialDate(1815))


def judged(cards: tuple[Reading, ...] = READ, on: Basis = TRUSTED, now: datetime = NOW) -> Verdict:
    return verify(cards, on, now=now)


def with_anchor(**changes: Any) -> Verdict:
    return judged(on=basis(REED_ISLES.anchor(**changes)))


def changed(**changes: object) -> tuple[Reading, ...]:
    credential = replace(CARD, **changes)  # type: ignore[arg-type]  # whatever a test asks for
    return (replace(READ[0], credential=credential),)


def test_a_genuine_card() -> None:
    verdict = judged()
    assert (verdict.outcome, verdict.code, verdict.layer) == ("accepted", "ok", "card")
    assert all(verdict.cards[0].steps.values())
    assert verdict.anchor == REED_ISLES.anchor()
    assert (verdict.valid_from, verdict.valid_until) == (CARD.issued, CARD.expires)


def test_a_verdict_is_not_true_or_false() -> None:
    with pytest.raises(TypeError):
        bool(judged())


@pytest.mark.parametrize(
    ("name", "verdict", "outcome", "code", "layer"),
    [
        ("nobody is trusted", judged(on=basis()), "cross-check", "untrusted", "trust"),
        (
            "another region",
            judged(on=basis(*LANTERN_BAY.anchors())),
            "cross-check",
            "untrusted",
            "trust",
        ),
        (
            "a key of another domain",
            judged(on=basis(REED_ISLES.anchor("dcc"))),
            "cross-check",
            "untrusted",
            "trust",
        ),
        (
            "a key of another region's cards",
            with_anchor(issuer="QX"),
            "cross-check",
            "untrusted",
            "trust",
        ),
        ("a test key", with_anchor(environment="test"), "rejected", "environment", "trust"),
        ("a suspended key", with_anchor(standing="suspended"), "rejected", "distrusted", "trust"),
        ("a tombstoned key", with_anchor(standing="tombstoned"), "rejected", "distrusted", "trust"),
        ("a key denied here", with_anchor(standing="denied"), "rejected", "distrusted", "trust"),
        (
            "a key of another usage",
            with_anchor(usage=frozenset({"test"})),
            "rejected",
            "usage",
            "trust",
        ),
        ("a key not yet valid", with_anchor(valid_from=NOW + DAY), "rejected", "not-yet", "trust"),
        (
            "a key no longer valid",
            with_anchor(valid_until=NOW - DAY),
            "rejected",
            "expired",
            "trust",
        ),
        (
            "a card issued after the key's last day",
            with_anchor(issue_until=NOW - DAY),
            "rejected",
            "usage",
            "trust",
        ),
        ("another algorithm", judged(changed(algorithm="EdDSA")), "rejected", "alg", "card"),
        ("no algorithm", judged(changed(algorithm=None)), "rejected", "alg", "card"),
        (
            "a changed signature",
            judged(changed(signature=bytes(64))),
            "rejected",
            "signature",
            "card",
        ),
        (
            "a changed content",
            judged(changed(signed=CARD.signed + b"x")),
            "rejected",
            "signature",
            "card",
        ),
        ("no kid", judged(changed(kid=None)), "rejected", "kid", "card"),
        (
            "a wrong kid beside the right one",
            judged(changed(kid=b"wrong", rival_kid=CARD.kid)),
            "rejected",
            "kid",
            "card",
        ),
        (
            "two wrong kids",
            judged(changed(kid=b"wrong", rival_kid=b"bad")),
            "cross-check",
            "untrusted",
            "trust",
        ),
        ("before it was issued", judged(now=NOW - DAY), "rejected", "not-yet", "card"),
        ("before it begins", judged(changed(not_before=NOW + DAY)), "rejected", "not-yet", "card"),
        ("after its end", judged(now=NOW + 400 * DAY), "rejected", "expired", "card"),
        ("unreadable", judged(reading.open("HC1:BB8")), "rejected", "inflate", "card"),
        ("no card", judged(()), "unknown", "no-card", "card"),
        (
            "a birth before 1900",
            judged(changed(facts=facts(person=OLD))),
            "rejected",
            "implausible",
            "card",
        ),
        (
            "content that was not read",
            judged(changed(facts=None)),
            "rejected",
            "implausible",
            "card",
        ),
    ],
)
def test_verdicts(name: str, verdict: Verdict, outcome: str, code: str, layer: str) -> None:
    assert (verdict.outcome, verdict.code, verdict.layer) == (outcome, code, layer), name


def test_steps_that_were_not_reached_are_absent() -> None:
    unreadable = judged(reading.open("HC1:BB8")).cards[0].steps
    assert unreadable == {"prefix": True, "base45": True, "inflate": False}
    untrusted = judged(on=basis()).cards[0].steps
    assert untrusted["key"] is False
    assert untrusted["time"] is True
    assert "signature" not in untrusted


def test_the_last_second_counts() -> None:
    assert CARD.expires is not None
    assert judged(now=CARD.expires).code == "ok"
    assert judged(now=CARD.expires + timedelta(seconds=1)).code == "expired"


def test_every_key_with_the_kid_is_tried() -> None:
    impostor = replace(CLOUD_FERRY.anchor(), kid=REED_ISLES.kid)
    assert judged(on=basis(impostor, REED_ISLES.anchor())).code == "ok"
    assert judged(on=basis(impostor)).code == "signature"


def test_removing_one_region_does_not_touch_another_with_the_same_kid() -> None:
    twin = Region("QX", 3)
    shared = [
        replace(twin.anchor(), kid=REED_ISLES.kid, standing="tombstoned"),
        REED_ISLES.anchor(),
    ]
    assert judged(on=basis(*shared)).code == "ok"


def test_a_key_that_is_listed_twice_and_withdrawn_once_is_withdrawn() -> None:
    both = [REED_ISLES.anchor(), REED_ISLES.anchor(standing="tombstoned")]
    assert judged(on=basis(*both)).code == "distrusted"
    assert judged(on=basis(*both[::-1])).code == "distrusted"


def test_what_a_key_issued_in_its_time_outlives_it() -> None:
    assert CARD.issued is not None
    on = basis(REED_ISLES.anchor(issue_until=CARD.issued))
    assert judged(on=on).code == "ok"
    # A card that says nothing of its date is not accused of one; a health card says from when it counts.
    assert (
        judged(changed(issued=None), basis(REED_ISLES.anchor(issue_until=NOW - DAY))).code == "ok"
    )
    card = reading.open(issue(facts(), REED_ISLES, now=NOW, format="shc").text)
    assert judged(card, basis(REED_ISLES.anchor("shc", issue_until=NOW))).code == "ok"
    late = judged(card, basis(REED_ISLES.anchor("shc", issue_until=NOW - DAY)))
    assert (late.code, late.reasons[0].detail) == ("usage", "issued after the key's last day")


def test_several_faults_are_all_told_and_the_first_decides() -> None:
    anchor = REED_ISLES.anchor(environment="test", usage=frozenset({"test"}))
    verdict = judged(on=basis(anchor), now=NOW + 400 * DAY)
    assert [reason.code for reason in verdict.reasons] == ["environment", "expired", "usage"]
    assert {reason.card for reason in verdict.reasons} == {0}


def test_revoked() -> None:
    card = issue(facts(), REED_ISLES, now=NOW, format="shc")
    status = CardRevocationLists.parse([{"kid": REED_ISLES.health_card_kid, "rids": [card.rid]}])
    on = Basis(TRUSTED.trust, status=status)
    verdict = judged(reading.open(card.text), on)
    assert (verdict.outcome, verdict.code, verdict.layer) == ("rejected", "revoked", "status")
    assert verdict.cards[0].steps["revoked"] is False
    assert judged(READ, on).code == "ok"


def at(as_of: datetime) -> Basis:
    return Basis(TrustStore(REED_ISLES.anchors(), as_of=as_of))


def test_a_clock_behind_its_last_trusted_time() -> None:
    assert judged(on=at(NOW + DAY)).code == "clock"
    assert judged(on=at(NOW + DAY)).outcome == "cross-check"
    late = judged(on=at(NOW + 900 * DAY), now=NOW + 400 * DAY)
    assert late.code == "clock", "with a wrong clock nothing is known about the end of a card"
    forged = judged(changed(signature=bytes(64)), at(NOW + DAY))
    assert forged.code == "signature", "what has nothing to do with time stays as it is"


def test_a_list_too_old() -> None:
    assert judged(on=at(NOW - 30 * DAY)).code == "ok"
    old = judged(on=at(NOW - 31 * DAY))
    assert (old.outcome, old.code) == ("unknown", "too-old")
    forged = judged(changed(signature=bytes(64)), at(NOW - 31 * DAY))
    assert forged.outcome == "rejected"


def test_a_purpose_without_rules_is_not_accepted() -> None:
    verdict = verify(READ, TRUSTED, purpose="school", now=NOW)
    assert (verdict.outcome, verdict.code) == ("unknown", "no-rules")

    rules = Basis(TRUSTED.trust, rules=RuleBook((rule(logic=True),)))
    assert verify(READ, rules, purpose="work", now=NOW).code == "no-rules"
    met = verify(READ, rules, purpose="school", now=NOW)
    assert met.code == "ok"
    assert met.decision is not None
    assert met.decision.met


NOW_READ: Final = {"plusTime": [CLOCK, 0, "day"]}
SINCE: Final = {"not-before": [NOW_READ, {"plusTime": ["2026-12-01", 0, "day"]}]}
UNTIL: Final = {"before": [NOW_READ, {"plusTime": ["2026-12-01", 0, "day"]}]}
DECEMBER: Final = datetime(2026, 12, 1, tzinfo=UTC)


def of_rules(logic) -> Verdict:
    return verify(
        READ, Basis(TRUSTED.trust, rules=RuleBook((rule(logic=logic),))), purpose="school", now=NOW
    )


def test_a_rule_that_is_not_met_yet_says_from_when():
    verdict = of_rules(SINCE)
    assert (verdict.outcome, verdict.code, verdict.layer) == ("rejected", "rule", "rules")
    assert verdict.reasons[0].detail == "QV/QV-SCHOOL-1"
    assert verdict.valid_from == DECEMBER


def test_a_rule_that_is_met_says_until_when():
    verdict = of_rules(UNTIL)
    assert verdict.outcome == "accepted"
    assert verdict.valid_until == DECEMBER - timedelta(milliseconds=1)


def test_a_rule_that_will_never_be_met_promises_nothing():
    """Not even when it ends: then there is no answer at all."""
    never = of_rules(False)
    assert never.outcome == "rejected"
    assert never.valid_from is None


def test_a_faulty_rule_is_nobodys_fault():
    verdict = of_rules({"+": [1, "x"]})
    assert (verdict.outcome, verdict.code) == ("unknown", "rule-fault")


def test_rules_are_not_asked_about_a_card_that_is_not_genuine():
    unknown = Basis(TrustStore(()), rules=RuleBook((rule(logic=True),)))
    verdict = verify(READ, unknown, purpose="school", now=NOW)
    assert (verdict.code, verdict.decision) == ("untrusted", None)
    assert len(verdict.reasons) == 1


def shown(*people: Person) -> Verdict:
    cards = [issue(facts(person=person), REED_ISLES, now=NOW).text for person in people]
    return judged(reading.open(cards))


@pytest.mark.parametrize(
    ("name", "other", "code"),
    [
        ("the same", LIN, "ok"),
        ("only the year", replace(LIN, birth=PartialDate(2020)), "ok"),
        ("another year", replace(LIN, birth=PartialDate(2019)), "person"),
        ("no birth date", replace(LIN, birth=None), "ok"),
        (
            "Latin only, other order, other case",
            replace(LIN, name=Name(latin_whole="Zhou-Lin")),
            "ok",
        ),
        ("native only", replace(LIN, name=Name(whole="林㑇")), "ok"),
        ("another name", replace(LIN, name=Name(whole="林䶮", latin_whole="LIN YAN")), "person"),
        ("nothing to compare", replace(LIN, name=Name(latin_whole="ANN")), "person"),
    ],
)
def test_cards_of_one_person(name: str, other: Person, code: str) -> None:
    assert shown(LIN, other).code == code, name


def test_names_in_scripts_that_do_not_meet_are_looked_at_by_a_person() -> None:
    native, latin = (
        replace(LIN, name=Name(whole="林㑇")),
        replace(LIN, name=Name(latin_whole="LIN ZHOU")),
    )
    assert shown(native, latin).code == "person"


def test_a_card_that_cannot_be_read_beside_one_that_can() -> None:
    verdict = judged(reading.open([CARD.text, "HC1:BB8"]))
    assert (verdict.code, verdict.reasons[0].card) == ("inflate", 1)
    assert judged(reading.open(["HC1:BB8", "HC1:BB8"])).code == "inflate"


def test_when_cards_hold_by_their_own_dates() -> None:
    dose = replace(
        MEASLES_DOSE, valid_from=PartialDate(2026, 12, 1), valid_until=PartialDate(2027, 1, 31)
    )
    verdict = judged(reading.open(issue(facts(dose), REED_ISLES, now=NOW).text))
    assert verdict.valid_from is not None
    assert verdict.valid_until is not None
    assert verdict.valid_from.date().isoformat() == "2026-12-01"
    assert verdict.valid_until.date().isoformat() == "2027-01-31"


def test_no_dates_where_nothing_was_read() -> None:
    nothing = judged(reading.open("HC1:BB8"))
    assert (nothing.valid_from, nothing.valid_until, nothing.anchor) == (None, None, None)
    assert judged(()).anchor is None
    timeless = judged(changed(issued=None, expires=None, facts=None))
    assert (timeless.valid_from, timeless.valid_until) == (None, None)


def test_for_life_is_the_last_day_of_the_calendar() -> None:
    dose = replace(MEASLES_DOSE, valid_until=PartialDate(9999, 12, 31))
    verdict = judged(changed(facts=facts(dose), expires=None))
    assert verdict.valid_until is not None
    assert verdict.valid_until.year == 9999


def test_anchors_are_values() -> None:
    assert isinstance(REED_ISLES.anchor(), Anchor)
    assert REED_ISLES.anchor() == REED_ISLES.anchor()
