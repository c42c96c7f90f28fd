"""Rules of an invented region, in our own spelling and in that of the EU, for tests to change."""

from __future__ import annotations

from typing import Any

from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import Rule, parse_rule

__all__ = ["CLOCK", "MEASLES", "TWO_DOSES", "document", "foreign", "rule", "rule_set"]

CLOCK = {"var": "external.validationClock"}
MEASLES = "icd-11:1F03"

TWO_DOSES = {
    ">=": [
        {
            "reduce": [
                {"var": "payload.vaccination"},
                {
                    "+": [
                        {"var": "accumulator"},
                        {"if": [{"===": [{"var": "current.disease"}, MEASLES]}, 1, 0]},
                    ]
                },
                0,
            ]
        },
        2,
    ]
}


def document(**changes: Any) -> dict[str, Any]:
    """Return a rule document of 灯湾; `changes` replace fields, `None` leaves one out."""
    whole = {
        "format": "huxin-rule/1",
        "id": "QV-SCHOOL-1",
        "region": "QV",
        "version": "1.0.0",
        "type": "acceptance",
        "purpose": "school",
        "kinds": ["vaccination"],
        "reads": "facts",
        "published": "2026-08-01T00:00:00+08:00",
        "valid_from": "2026-09-01T00:00:00+08:00",
        "valid_until": "2027-08-31T23:59:59+08:00",
        "basis": {
            "instrument": {"zh-Hans": "示范办法", "en": "Illustrative measure"},
            "article": "3",
            "read": "2026-07-20",
        },
        "standing": "illustrative",
        "description": {"zh-Hans": "含麻疹疫苗 2 剂", "en": "Two doses against measles"},
        "fields": ["vaccination.disease"],
        "logic": TWO_DOSES,
        "next_step": {"zh-Hans": "请到接种门诊补种", "en": "Please have the missing dose"},
    }
    return {name: one for name, one in (whole | changes).items() if one is not None}


def rule(**changes: Any) -> Rule:
    return parse_rule(document(**changes))


def rule_set(book: RuleBook) -> dict[str, Any]:
    """Return a book as it is written down."""
    return {
        "rules": [dict(one.document) for one in book.rules],
        "valueSets": dict(book.value_sets),
    }


def foreign(**changes: Any) -> dict[str, Any]:
    """Return a rule as the gateways of the EU publish it: a dose at least 14 days ago."""
    since = {"plusTime": [{"var": "payload.v.0.dt"}, 14, "day"]}
    whole = {
        "Identifier": "VR-QX-0001",
        "Type": "Acceptance",
        "Country": "QX",
        "Version": "1.0.0",
        "SchemaVersion": "1.0.0",
        "Engine": "CERTLOGIC",
        "EngineVersion": "1.3.2",
        "CertificateType": "Vaccination",
        "Description": [{"lang": "en", "desc": "A dose at least 14 days ago."}],
        "ValidFrom": "2021-07-01T00:00:00Z",
        "ValidTo": "2030-06-01T00:00:00Z",
        "AffectedFields": ["v.0.dt"],
        "Logic": {"not-before": [{"plusTime": [CLOCK, 0, "day"]}, since]},
    }
    return {name: one for name, one in (whole | changes).items() if one is not None}
