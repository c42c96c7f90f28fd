"""Rule documents: what is read of them, and where they are refused."""

from datetime import UTC, date, datetime

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.rule import parse_rule
from tests.lib.rules import document, foreign


def test_our_own_spelling():
    rule = parse_rule(document())
    assert (rule.id, rule.region, rule.version, rule.purpose) == (
        "QV-SCHOOL-1", "QV", (1, 0, 0), "school",
    )  # fmt: skip
    assert rule.valid_from == datetime(2026, 8, 31, 16, tzinfo=UTC)
    assert rule.published == datetime(2026, 7, 31, 16, tzinfo=UTC)
    assert rule.basis is not None
    assert rule.basis.read == date(2026, 7, 20)
    assert (rule.standing, rule.reads, rule.type) == ("illustrative", "facts", "acceptance")
    assert (rule.version_text, rule.effect, rule.base) == ("1.0.0", "admits", "school")
    assert rule.document == document()


def test_what_a_rule_may_do_without():
    bare = document(published=None, basis=None, standing=None, next_step=None, fields=None)
    rule = parse_rule(bare)
    assert (rule.published, rule.basis, rule.standing) == (None, None, None)
    assert (rule.next_step, rule.fields) == ({}, ())


def test_a_purpose_may_have_a_scope():
    rule = parse_rule(document(purpose="school/measles", effect="informs"))
    assert (rule.purpose, rule.base, rule.effect) == ("school/measles", "school", "informs")
    # Whether the word is one of the closed list is for the linter to say.
    assert parse_rule(document(purpose="mining")).base == "mining"


def test_the_spelling_of_the_eu():
    rule = parse_rule(foreign())
    assert (rule.id, rule.region, rule.purpose, rule.reads) == ("VR-QX-0001", "QX", "entry", "dcc")
    assert rule.kinds == ("vaccination",)
    assert rule.description == {"en": "A dose at least 14 days ago."}
    bare = parse_rule(foreign(Description=None, AffectedFields=None, Engine=None, Note="kept"))
    assert (bare.description, bare.fields) == ({}, ())
    assert parse_rule(foreign(CertificateType="General")).kinds == (
        "vaccination",
        "test",
        "recovery",
    )
    issuers = parse_rule(foreign(Type="Invalidation"))
    assert (issuers.type, issuers.of_issuer, rule.of_issuer) == ("invalidation", True, False)
    assert not parse_rule(document(type="invalidation")).of_issuer


@pytest.mark.parametrize("version", ["1.4.0", "2.0.0", "1.3", "v1.3.0", "", 1.3, [1, 3, 0]])
def test_logic_for_an_engine_that_is_not_known_is_not_read(version):
    rule = parse_rule(foreign(EngineVersion=version, Logic={"moon": []}))
    assert rule.fault is not None
    assert (rule.fault.code, rule.fault.detail.split(": ")[0]) == (
        "rule-shape",
        "at /EngineVersion",
    )


@pytest.mark.parametrize("version", ["0.7.5", "1.0.0", "1.3.0", "1.3.999", None])
def test_logic_for_the_engine_of_today_and_older_ones_is_read(version):
    assert parse_rule(foreign(EngineVersion=version)).fault is None


def test_a_rule_is_in_force_from_its_first_to_its_last_instant():
    rule = parse_rule(document())
    assert rule.in_force(rule.valid_from)
    assert rule.in_force(rule.valid_until)
    assert not rule.in_force(datetime(2026, 8, 31, 15, 59, 59, tzinfo=UTC))
    assert not rule.in_force(datetime(2027, 9, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2030-06-01T00:00:00Z", datetime(2030, 6, 1, tzinfo=UTC)),
        ("2030-06-01T00:00:00.5+01:30", datetime(2030, 5, 31, 22, 30, 0, 500_000, tzinfo=UTC)),
        ("2030-06-01T00:00:00.12345678901234Z", datetime(2030, 6, 1, 0, 0, 0, 123_456, tzinfo=UTC)),
        # The last instant that .NET knows.
        ("9999-12-31T23:59:59.9999999Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_an_instant_is_one_of_rfc_3339(text, instant):
    assert parse_rule(foreign(ValidTo=text)).valid_until == instant


@pytest.mark.parametrize(
    "text",
    [
        "2030-06-01T00:00:00 Z", "2030-06-01T00:00:00.Z", "2030-06-01T12.5Z", "2030-06-01T0000:00Z", "2030-06-01 00:00:00Z",
        "2030-06-01t00:00:00Z", "2030-06-01T00:00:00z", "2030-01-01é00:00:00Z", "2030-W01-1T00:00:00Z", "20300601T000000Z",
        "2030-06-01T24:00:00Z", "2030-06-01T00:00:60Z", "2030-06-01T00:00:00+24:00", "2030-06-01T00:00:00+0100", "2030-06-01T00:00Z",
        "2030-06-01T00:00:00,5Z", "2030-06-31T00:00:00Z", "0000-06-01T00:00:00Z", "２030-06-01T00:00:00Z", "2030-06-01T00:00:00-05:00:30",
        "2030-06-01T00:00:00Z\n", " 2030-06-01T00:00:00Z", "2030-06-01", "2030-06-01T00:00:00.123", "2030-06-01T00:00:00." + "1" * 20 + "Z",
        "9999-12-31T23:59:59-00:01",
    ],
)  # fmt: skip
def test_what_is_no_instant(text):
    with pytest.raises(RefusalError) as caught:
        parse_rule(foreign(ValidTo=text))
    assert caught.value.refusal.code == "rule-dates"


LOGIC = {"and": [{"==": [1, 1]}, True]}


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"format": "huxin-rule/2"}, "rule-shape", "/format"),
        ({"id": None}, "rule-shape", "/id"),
        ({"id": 5}, "rule-shape", "/id"),
        ({"id": ""}, "rule-shape", "/id"),
        ({"id": "a b"}, "rule-shape", "/id"),
        ({"version": "1.0"}, "rule-shape", "/version"),
        ({"type": "wish"}, "rule-shape", "/type"),
        ({"purpose": "School"}, "rule-shape", "/purpose"),
        ({"purpose": "work/"}, "rule-shape", "/purpose"),
        ({"purpose": "work/food/cold"}, "rule-shape", "/purpose"),
        ({"effect": "colours"}, "rule-shape", "/effect"),
        ({"kinds": ["rumour"]}, "rule-shape", "/kinds/0"),
        ({"kinds": "vaccination"}, "rule-shape", "/kinds"),
        ({"reads": "minds"}, "rule-shape", "/reads"),
        ({"fields": ["x"] * 201}, "rule-shape", "/fields"),
        ({"standing": "perhaps"}, "rule-shape", "/standing"),
        ({"basis": "law"}, "rule-shape", "/basis"),
        ({"basis": {"instrument": {}, "article": "1", "read": "2026"}}, "rule-dates", "/basis/read"),
        ({"basis": document()["basis"] | {"read": "20260720"}}, "rule-dates", "/basis/read"),
        ({"basis": document()["basis"] | {"read": "2026-02-30"}}, "rule-dates", "/basis/read"),
        ({"basis": document()["basis"] | {"by": "me"}}, "rule-shape", "/basis/by"),
        ({"description": {"": "x"}}, "rule-shape", "/description"),
        ({"description": {f"x{'abcdefghijklmnopqrstuvwxyz'[n % 26]}-{n}": "x" for n in range(50)}}, "rule-shape", "/description"),
        ({"description": {"en": "x" * 2_001}}, "rule-shape", "/description/en"),
        ({"description": {"en": "e\u0301"}}, "rule-text", "/description/en"),
        ({"valid_until": None}, "rule-shape", "/valid_until"),
        ({"valid_until": "2026-09-01T00:00:00+08:00"}, "rule-dates", "/valid_until"),
        ({"valid_until": "2020-09-01T00:00:00+08:00"}, "rule-dates", "/valid_until"),
        ({"valid_until": "2027-09-01T00:00:00"}, "rule-dates", "/valid_until"),
        ({"valid_until": "soon"}, "rule-dates", "/valid_until"),
        ({"valid_until": "9999-12-31T23:00:00-05:00"}, "rule-dates", "/valid_until"),
        ({"valid_until": "2027-09-01T00:00:00" + "0" * 40}, "rule-dates", "/valid_until"),
        ({"outbreak": {"declared": "2026-08-30"}}, "rule-shape", "/outbreak/remote_lessons"),
        ({"outbreak": {"declared": "2026-08-30", "remote_lessons": {}, "by": 1}}, "rule-shape", "/outbreak/by"),
        ({"colour": "red"}, "rule-shape", "/colour"),
        ({"logic": None}, "rule-shape", "/logic"),
        ({"logic": LOGIC}, "logic-operator", "/logic/and/0/=="),
        ({"logic": {}}, "logic-shape", "/logic"),
    ],
)  # fmt: skip
def test_where_our_own_spelling_is_refused(changes, code, place):
    with pytest.raises(RefusalError) as caught:
        parse_rule(document(**changes))
    refusal = caught.value.refusal
    assert (refusal.code, refusal.detail.split(": ")[0]) == (code, f"at {place}")


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"Engine": "JSONLOGIC"}, "rule-shape", "/Engine"),
        ({"CertificateType": "Pet"}, "rule-shape", "/CertificateType"),
        ({"Type": "Wish"}, "rule-shape", "/Type"),
        ({"Description": "x"}, "rule-shape", "/Description"),
        ({"Description": [5]}, "rule-shape", "/Description"),
        ({"Description": [{"lang": "en"}]}, "rule-shape", "/Description"),
        ({"ValidTo": "2020-01-01T00:00:00Z"}, "rule-dates", "/ValidTo"),
        ({"ValidFrom": "2021-07-01"}, "rule-dates", "/ValidFrom"),
        ({"Logic": {"or": []}}, "logic-operator", "/Logic/or"),
        ({"Logic": None}, "rule-shape", "/Logic"),
        ({"Logic": "false"}, "rule-shape", "/Logic"),
        ({"Logic": '{"!":[1]}'}, "rule-shape", "/Logic"),
        ({"Logic": 3}, "rule-shape", "/Logic"),
        ({"Logic": [False]}, "rule-shape", "/Logic"),
        ({"Logic": "x", "EngineVersion": "9.0.0"}, "rule-shape", "/Logic"),
    ],
)
def test_where_the_spelling_of_the_eu_is_refused(changes, code, place):
    with pytest.raises(RefusalError) as caught:
        parse_rule(foreign(**changes))
    refusal = caught.value.refusal
    assert (refusal.code, refusal.detail.split(": ")[0]) == (code, f"at {place}")


@pytest.mark.parametrize("thing", [None, 5, "rule", []])
def test_what_is_no_object_is_no_rule(thing):
    with pytest.raises(RefusalError, match="rule-shape"):
        parse_rule(thing)
