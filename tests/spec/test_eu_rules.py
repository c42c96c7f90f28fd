"""Rules as the EU's countries publish them, several countries' in one list: whose are asked about whose certificates."""

from __future__ import annotations

import base64
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest

from huxin.cli import jsonl
from huxin.kernel.instants import PartialDate
from huxin.trust.credentials.facts import Code, Facts, Name, Person, Vaccination
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES
from tests.lib.rules import document, foreign
from tests.lib.second_door import differences

KEYS: Final = [{"jwk": REED_ISLES.key.public.jwk()}]


def asks(country: str, logic: Any = True, **changes: Any) -> dict[str, Any]:
    """A country asks for this of whoever arrives."""
    name = f"GR-{country}-0001"
    return foreign(Identifier=name, Country=country, CertificateType="General", Logic=logic) | changes  # fmt: skip


def withdraws(country: str, logic: Any = False, **changes: Any) -> dict[str, Any]:
    """A country says of certificates of its own which count no longer: as usual, all of them."""
    return asks(country, logic, Identifier=f"IR-{country}-0001", Type="Invalidation") | changes


OWN: Final = document(
    purpose="entry", logic=True, valid_from="2020-01-01T00:00:00Z", valid_until="2030-01-01T00:00:00Z"
)  # fmt: skip


@cache
def card(country: str) -> str:
    dose = Vaccination(
        disease=Code("snomed", "840539006"), vaccine=Code("dcc-vp", "1119349007"),
        product=Code("dcc-mp", "EU/1/20/1528"), maker=Code("dcc-ma", "ORG-100030215"),
        dose=2, series=2, date=PartialDate(2026, 7, 1),
    )  # fmt: skip
    person = Person(Name("Lin", "Zhou", "LIN", "ZHOU"), PartialDate(1990, 3, 5))
    code = f"URN:UVCI:01:{country}:1"
    whole = Facts(person, (dose,), code, "office", country)
    return issue(whole, REED_ISLES, now=NOW, format="hcert-1").text


def case(country: str, rules: Any, **more: Any) -> dict[str, Any]:
    return {"id": 1, "texts": [card(country)], "keys": KEYS, "rules": rules, "purpose": "entry", "at": NOW.isoformat()} | more  # fmt: skip


def told(asked: dict[str, Any]) -> dict[str, Any]:
    return jsonl.answer(json.dumps(asked).encode(), Path())


def shown_in(country: str | None) -> dict[str, Any]:
    code = {"var": "external.countryCode"}
    return {"===": [code, country]} if country else {"!": [code]}


KID: Final = base64.b64encode(REED_ISLES.kid).decode()
KEY_AND_PART: Final = {"and": [
    {"===": [{"var": "external.kid"}, KID]}, {"!": [{"var": "external.region"}]},
]}  # fmt: skip
VALUE_SET: Final = {"valueSetId": "x", "valueSetDate": "2021-07-01", "valueSetValues": {"b": {}, "840539006": {}, "10": {}, "9": {}}}  # fmt: skip
LISTED: Final = {"and": [
    {"in": [{"var": "payload.v.0.tg"}, {"var": "external.valueSets.x"}]},
    {"===": [{"var": "external.valueSets.x"}, ["10", "840539006", "9", "b"]]},
]}  # fmt: skip
ROWS: Final = {
    "what one country withdrew says nothing of another's certificates":
        (case("AT", [asks("AT"), withdraws("DE")]), "ok", []),
    "what a country withdrew counts wherever it is shown":
        (case("DE", [asks("AT"), withdraws("DE")]), "rule", ["IR-DE-0001"]),
    "what a country did not withdraw counts":
        (case("DE", [asks("AT"), withdraws("DE", logic=True)]), "ok", []),
    "what is asked here is asked besides":
        (case("DE", [asks("AT", logic=False), withdraws("DE", logic=True)]), "rule", ["GR-AT-0001"]),
    "a certificate that was not withdrawn is not asked for by that":
        (case("DE", [withdraws("DE", logic=True)]), "no-rules", []),
    "nor where what is asked for is of another kind":
        (case("DE", [asks("AT", CertificateType="Test"), withdraws("DE", logic=True)]), "rule", []),
    "rules about facts ask for no certificate":
        (case("AT", [OWN, withdraws("DE")]), "ok", []),
    "and one that was withdrawn spoils what they read":
        (case("DE", [OWN, withdraws("DE")]), "rule", ["IR-DE-0001"]),
    "a rule that cannot be evaluated is a fault for its issuer's certificates":
        (case("DE", [asks("AT"), withdraws("DE", logic={"+": [1, "x"]})]), "rule-fault", ["IR-DE-0001"]),
    "and for nobody else's":
        (case("AT", [asks("AT"), withdraws("DE", logic={"+": [1, "x"]})]), "ok", []),
    "our own form of invalidation is asked of everybody":
        (case("AT", [asks("AT"), OWN | {"type": "invalidation", "reads": "dcc", "logic": False}]), "rule", ["QV-SCHOOL-1"]),
    "two cards, one withdrawn: the other is enough":
        (case("DE", [asks("AT"), withdraws("DE")], texts=[card("DE"), card("AT")]), "ok", ["IR-DE-0001"]),
    "of several countries' rules all have to be met":
        (case("AT", [asks("AT"), asks("DE", logic=False)]), "rule", ["GR-DE-0001"]),
    "unless it is said where the card is shown":
        (case("AT", [asks("AT"), asks("DE", logic=False)], region="AT"), "ok", []),
    "and the other country asks for itself":
        (case("AT", [asks("AT"), asks("DE", logic=False)], region="DE"), "rule", ["GR-DE-0001"]),
    "what its issuer withdrew counts there too":
        (case("DE", [asks("AT"), asks("DE", logic=False), withdraws("DE")], region="AT"), "rule", ["IR-DE-0001"]),
    "where nothing is asked there is no answer":
        (case("DE", [asks("AT"), withdraws("DE", logic=True)], region="DE"), "no-rules", []),
    "a rule knows where the card is shown":
        (case("DE", [asks("AT", logic=shown_in("AT")), asks("DE")], region="AT"), "ok", []),
    "also where only one country asks":
        (case("DE", [asks("AT", logic=shown_in("AT")), withdraws("DE", logic=shown_in("AT"))]), "ok", []),
    "and not where several do":
        (case("DE", [asks("AT", logic=shown_in("AT")), asks("DE", logic=shown_in(None))]), "rule", ["GR-AT-0001"]),
    "a rule knows which key signed, and of no part of the country":
        (case("DE", [asks("AT", logic=KEY_AND_PART)]), "ok", []),
    "value sets as the EU publishes them are lists of their codes":
        (case("AT", {"rules": [asks("AT", logic=LISTED)], "valueSets": [VALUE_SET]}), "ok", []),
    "a rule for an older engine is asked":
        (case("AT", [asks("AT", EngineVersion="0.7.5")]), "ok", []),
    "and so is one that corrects the engine of today":
        (case("AT", [asks("AT", EngineVersion="1.3.99")]), "ok", []),
    "a rule for a newer engine is left open":
        (case("AT", [asks("AT", EngineVersion="1.4.0")]), "rule-fault", ["GR-AT-0001"]),
    "even with operations that nobody knows yet":
        (case("AT", [asks("AT", EngineVersion="2.0.0", logic={"moon": [1]})]), "rule-fault", ["GR-AT-0001"]),
    "an engine of no version is none that is known":
        (case("AT", [asks("AT", EngineVersion="1.3")]), "rule-fault", ["GR-AT-0001"]),
    "nor is one of a number":
        (case("AT", [asks("AT", EngineVersion=1.3)]), "rule-fault", ["GR-AT-0001"]),
    "what does not concern the card is left open for nobody":
        (case("AT", [asks("AT"), asks("AT", Identifier="TR-AT-1", EngineVersion="2.0.0", CertificateType="Test")]), "ok", []),
    "a later version for a newer engine hides the one before":
        (case("AT", [asks("AT"), asks("AT", Version="1.0.1", EngineVersion="1.4.0")]), "rule-fault", ["GR-AT-0001"]),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_whose_rules_are_asked_about_whose_certificates(name: str) -> None:
    asked, code, because = ROWS[name]
    answer = told(asked)
    assert (answer["code"], [one["rule"] for one in answer["because"]]) == (code, because)


@pytest.mark.needs("node")
def test_the_second_implementation_asks_the_same() -> None:
    assert differences([asked for asked, _, _ in ROWS.values()]) == []


def test_until_when_a_certificate_counts_its_issuer_says_too() -> None:
    clock = {"plusTime": [{"var": "external.validationClock"}, 0, "day"]}
    until = {"before": [clock, {"plusTime": ["2026-12-24", 0, "day"]}]}
    rules = [asks("AT"), withdraws("DE", logic=until)]
    assert told(case("DE", rules))["changes_at"] == "2026-12-24T00:00:00.000Z"
    assert told(case("AT", rules))["changes_at"] == "2030-06-01T00:00:00.001Z"
