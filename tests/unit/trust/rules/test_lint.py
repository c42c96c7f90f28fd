"""Rules that no region should publish, each with the code it is refused by; and ordinary ones that pass."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from huxin.packs import reader
from huxin.trust.rules.adopt import adopt
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.lint import lint
from huxin.trust.rules.rule import parse_rule
from huxin.trust.rules.sensitive import sensitive
from tests.lib.rules import CLOCK, MEASLES, foreign, rule

NOW = datetime(2026, 8, 1, tzinfo=UTC)
THREE_WEEKS = {"valid_from": "2026-09-01T00:00:00Z", "valid_until": "2026-09-20T00:00:00Z"}
OUTBREAK = {
    "declared": "2026-08-30",
    "remote_lessons": {"zh-Hans": "有网课", "en": "lessons online"},
}


def at(shift=0, unit="day"):
    return {"plusTime": [CLOCK, shift, unit]}


def read(path):
    return {"var": f"payload.{path}"}


def born(operator, shift, unit="year"):
    return {operator: [{"dccDateOfBirth": [read("birth")]}, at(shift, unit)]}


def each(kind, what):
    """Return whether any event of a kind is such."""
    return {"reduce": [read(kind), {"if": [what, True, {"var": "accumulator"}]}, False]}


SOME_DOSE = each("vaccination", {"===": [{"var": "current.disease"}, MEASLES]})
RECENT = {
    "reduce": [
        read("test"),
        {"if": [{"===": [{"var": "current.result"}, "snomed:260373001"]}, {"plusTime": [{"var": "current.sampled"}, 10, "day"]}, {"var": "accumulator"}]},
        {"plusTime": ["1970-01-01", 0, "day"]},
    ]
}  # fmt: skip
POSITIVE = each("test", {"===": [{"var": "current.result"}, "snomed:260373001"]})


POSITIVE_WITHIN_17_DAYS = each("test", {"and": [
    {"===": [{"var": "current.result"}, "snomed:260373001"]},
    {"after": [{"plusTime": [{"var": "current.sampled"}, 17, "day"]}, {"plusTime": [{"var": "current.sampled"}, 0, "day"]}]},
]})  # fmt: skip


def both(*logics):
    return {"and": [SOME_DOSE, *logics]}


COVID, FOUND, NOT_FOUND = "snomed:840539006", "snomed:260373001", "snomed:260415000"


def on(day, shift=0, unit="day"):
    return {"plusTime": [day, shift, unit]}


def latest(kind, field, **codes):
    """Return the last day of those events of a kind that have some codes."""
    day = {"plusTime": [{"var": f"current.{field}"}, 0, "day"]}
    conditions = [{"===": [{"var": f"current.{name}"}, code]} for name, code in codes.items()]
    return {"reduce": [
        read(kind),
        {"if": [
            {"and": [*conditions, {"var": f"current.{field}"}]},
            {"if": [{"after": [day, {"var": "accumulator"}]}, day, {"var": "accumulator"}]},
            {"var": "accumulator"},
        ]},
        on("1970-01-01"),
    ]}  # fmt: skip


def within(first, what, last=0, unit="day"):
    return {"not-after": [at(-first, unit), what, at(-last, unit)]}


def open_between(begin, end):
    """Return a rule that nobody needs to meet from one instant to another."""
    return {"logic": {"if": [{"and": [{"not-before": begin}, {"before": end}]}, True, SOME_DOSE]}}


A_TEST = latest("test", "sampled", disease=COVID)
A_GOOD_TEST = latest("test", "sampled", disease=COVID, result=NOT_FOUND)
A_BAD_TEST = latest("test", "sampled", disease=COVID, result=FOUND)
A_DOSE = latest("vaccination", "date", disease=MEASLES)
A_RECOVERY = latest("recovery", "first_positive", disease=MEASLES)
BY_CARD = {"purpose": "travel", "reads": "dcc", "effect": None, "kinds": ["test"]}
OF_COVID = {"===": [read("t.0.tg"), "840539006"]}
OF_72_HOURS = {"and": [read("t.0.sc"), within(72, {"plusTime": [read("t.0.sc"), 0, "day"]}, unit="hour")]}  # fmt: skip

MALICIOUS = [
    # ------------------------------------------------------------------------- what is published
    ("without an end in sight", {"valid_until": "2099-01-01T00:00:00Z"}, "lint-end"),
    ("without a basis", {"basis": None}, "lint-basis"),
    ("with an empty basis", {"basis": {"instrument": {}, "article": "1", "read": "2026-07-01"}}, "lint-basis"),
    ("that hides whether it is adopted", {"standing": None}, "lint-basis"),
    ("overnight", {"published": "2026-08-31T00:00:00+08:00"}, "lint-notice"),
    ("announced after it began", {"published": "2026-10-01T00:00:00+08:00"}, "lint-notice"),
    ("without words for those it refuses", {"description": {"en": "x"}}, "lint-words"),
    ("without a way forward", {"next_step": None}, "lint-words"),
    # --------------------------------------------------------------------------- what it is for
    ("for a purpose nobody agreed to", {"purpose": "shopping"}, "lint-purpose"),
    ("for the police", {"purpose": "entry/police"}, "lint-purpose"),
    ("against people who protest", {"purpose": "event/protest"}, "lint-purpose"),
    ("to collect debts", {"purpose": "work/debt"}, "lint-purpose"),
    ("at the door of an emergency room", {"purpose": "visit/emergency", "effect": None}, "lint-gate"),
    ("at one's own home", {"purpose": "entry/home", "effect": None}, "lint-gate"),
    ("at a polling station", {"purpose": "event/polling", "effect": None}, "lint-gate"),
    ("that closes a school", {"effect": None}, "lint-gate"),
    ("that closes a school for months, in an outbreak", {"effect": None, "outbreak": OUTBREAK}, "lint-gate"),
    # ---------------------------------------------------------------------------- what it reads
    ("that names a person", {"logic": both({"===": [read("name"), "赵某"]})}, "lint-field"),
    ("that reads a document's number", {"logic": both({"in": [read("vaccination.0.document"), ["x"]]})}, "lint-field"),
    ("that reads the batch", {"logic": each("vaccination", {"===": [{"var": "current.batch"}, "MM-2409"]})}, "lint-field"),
    ("that reads the office", {"logic": both({"===": [read("vaccination.0.centre"), "x"]})}, "lint-field"),
    ("that asks where somebody is from", {"logic": {"===": [{"var": "external.issuerCountryCode"}, "QX"]}}, "lint-field"),
    ("that asks which key signed", {"logic": {"in": [{"var": "external.kid"}, ["x"]]}}, "lint-field"),
    ("that reads the issuer out of the card's number",
     {"reads": "dcc", "purpose": "travel", "logic": {"===": [{"extractFromUVCI": [{"var": "payload.v.0.dt"}, 1]}, "AT"]}}, "lint-field"),
    ("that carries a batch through a reduction",
     {"logic": {"reduce": [read("vaccination"), {"if": [{"var": "accumulator.batch"}, True, {"var": "current"}]}, 0]}}, "lint-field"),
    ("that takes all there is", {"logic": {"!": [{"===": [{"var": ""}, 0]}]}}, "lint-field"),
    ("that has a postcode in it", {"logic": {"===": [read("clearance.0.purpose"), "200031"]}}, "lint-literal"),
    ("that has a name in it", {"logic": {"in": [read("clearance.0.purpose"), ["李明", "visit"]]}}, "lint-literal"),
    ("for one birthday", {"logic": both({"===": [read("birth"), "1979-05-06"]})}, "lint-birth"),
    ("for an age in days", {"logic": both(born("after", -10_000, "day"))}, "lint-birth"),
    ("for a birth before a fixed day", {"logic": both({"before": [{"dccDateOfBirth": [read("birth")]}, {"plusTime": ["1979-05-06", 0, "day"]}]})}, "lint-birth"),
    ("for people born in one half of a year",
     {"logic": both(born("not-after", -564, "month"), born("after", -570, "month"))}, "lint-window"),
    ("about several diseases at once",
     {"logic": each("vaccination", {"in": [{"var": "current.disease"}, [MEASLES, "icd-11:1C81"]]})}, "lint-disease"),
    ("about hepatitis B, for work",
     {"purpose": "work", "logic": each("vaccination", {"===": [{"var": "current.disease"}, "icd-11:1E50.1"]})}, "lint-sensitive"),
    ("about HIV, for school",
     {"logic": each("test", {"===": [{"var": "current.disease"}, "snomed:86406008"]})}, "lint-sensitive"),
    ("about pregnancy, for work",
     {"purpose": "work/food", "logic": each("test", {"===": [{"var": "current.method"}, "loinc:2118-8"]})}, "lint-sensitive"),
    ("that reads what people report of themselves", {"logic": both({"!": [read("self_report.fever")]})}, "lint-self-report"),
    ("that takes a questionnaire for a clearance",
     {"logic": each("clearance", {"===": [{"var": "current.purpose"}, "health-questionnaire"]})}, "lint-self-report"),
    # --------------------------------------------------------------------------- what it answers
    ("met by anybody", {"logic": True}, "lint-empty"),
    ("met by whoever shows nothing", {"logic": {"!": [POSITIVE]}}, "lint-empty"),
    ("met by anybody in one winter",
     {"logic": {"if": [{"after": [{"plusTime": ["2027-03-01", 0, "day"]}, at(), {"plusTime": ["2026-11-01", 0, "day"]}]}, True, SOME_DOSE]}}, "lint-empty"),
    ("that holds a positive test against somebody from a day on",
     {"logic": both({"if": [{"before": [at(), {"plusTime": ["2026-12-01", 0, "day"]}]}, True, {"!": [POSITIVE]}]})}, "lint-bad-card"),
    ("that isolates for longer than two weeks", {"logic": both({"!": [POSITIVE_WITHIN_17_DAYS]})}, "lint-bad-card"),
    ("that turns people of one age away for a test",
     {"logic": both({"!": [{"and": [born("not-after", -47), born("after", -48), POSITIVE]}]})}, "lint-bad-card"),
    ("that nobody needs to meet between two days that it moves",
     open_between([at(), on("2026-11-01", 60)], [at(), on("2026-11-01", 150)]), "lint-empty"),
    ("that nobody needs to meet between two months", open_between([at(), on("2026-11")], [at(), on("2027-02")]), "lint-empty"),
    ("that nobody needs to meet between two births of nobody",
     open_between([at(), {"dccDateOfBirth": ["2026-11"]}], [at(), {"dccDateOfBirth": ["2027-02-03"]}]), "lint-empty"),
    ("that nobody needs to meet while a moved clock says so",
     open_between([at(-60), on("2026-11-01")], [at(-150), on("2026-11-01")]), "lint-empty"),
    ("that nobody needs to meet in a moment between the days that are tried",
     open_between([at(-60), on("2026-11-01", 3, "hour")], [at(-60), on("2026-11-01", 4, "hour")]), "lint-empty"),
    ("that nobody needs to meet in a later version", {"logic": True, "version": "9.0.0"}, "lint-empty"),
    ("that stumbles in the days between two that it moves",
     {"logic": {"if": [{"and": [{"not-before": [at(), on("2026-11-01", 60)]}, {"before": [at(), on("2026-11-01", 150)]}]}, {"<": ["a", 1]}, SOME_DOSE]}},
     "lint-fault"),
    ("about two weeks that a moved clock marks",
     {"logic": both({"before": [at(), on("2026-11-01")]}, {"before": [at(-14), on("2026-11-01")]})}, "lint-window"),
    ("about two weeks that a moved day marks",
     {"logic": both({"before": [on("2026-11-01"), at(), on("2026-11-01", 14)]})}, "lint-window"),
    ("that reads the clock as a text", {"logic": both({"!": [{"===": [CLOCK, "x"]}]})}, "lint-window"),
    ("that compares the clock with itself", {"logic": both({"before": [at(1, "month"), at(30)]})}, "lint-window"),
    ("that turns away whoever was tested at all", {"logic": both({"!": [within(10, A_TEST)]})}, "lint-bad-card"),
    ("that turns away whoever was found well", {"logic": both({"!": [within(10, A_GOOD_TEST)]})}, "lint-bad-card"),
    ("that turns away for a result that is not a good one",
     {"logic": both({"!": [each("test", {"and": [
         {"===": [{"var": "current.disease"}, COVID]}, {"!": [{"===": [{"var": "current.result"}, NOT_FOUND]}]}]})]})}, "lint-bad-card"),
    ("that turns away for a test of last season", {"logic": both({"!": [within(160, A_BAD_TEST, 120)]})}, "lint-bad-card"),
    ("that wants a positive test", {"logic": within(48, A_BAD_TEST, unit="hour")}, "lint-bad-card"),
    ("that wants a dose and a positive test", {"logic": both(within(180, A_BAD_TEST, 30))}, "lint-bad-card"),
    ("that forgets the result of a test", {"logic": within(48, A_TEST, unit="hour")}, "lint-bad-card"),
    ("that a booster of yesterday takes away", {"logic": within(270, A_DOSE, 14)}, "lint-bad-card"),
    ("for which a positive certificate will do", {**BY_CARD, "logic": {"and": [OF_COVID, {"===": [read("t.0.tr"), "260373001"]}, OF_72_HOURS]}}, "lint-bad-card"),
    ("for which any test certificate will do", {**BY_CARD, "logic": {"and": [OF_COVID, OF_72_HOURS]}}, "lint-bad-card"),
    ("that nobody meets", {"logic": False}, "lint-never"),
    ("that counts two and not two", {"logic": both({"<=": [{"reduce": [read("vaccination"), {"+": [{"var": "accumulator"}, 1]}, 0]}, 0]})}, "lint-never"),
    ("that takes a number for a text", {"logic": each("vaccination", {"===": [{"var": "current.dose"}, "2"]})}, "lint-never"),
    ("that asks for a test of tomorrow", {"logic": within(-48, A_GOOD_TEST, unit="hour")}, "lint-never"),
    ("that no certificate meets, since it writes a code as facts do",
     {**BY_CARD, "kinds": ["vaccination"], "logic": {"and": [{"===": [read("v.0.tg"), COVID]}, {">=": [read("v.0.dn"), 2]}]}}, "lint-never"),
    ("that asks about a kind that it is not asked about",
     {**BY_CARD, "kinds": ["vaccination"], "logic": {"if": [{"===": [read("v.0.tg"), "840539006"]}, True, OF_COVID]}}, "lint-unasked"),
    ("that is over", {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-07-01T00:00:00Z", "published": "2025-01-01T00:00:00Z"}, "lint-unasked"),
    ("with a blank for its ground", {"basis": {"instrument": {"en": " "}, "article": "1", "read": "2026-07-01"}}, "lint-basis"),
    ("for people who are not born", {"logic": both(born("not-after", 18))}, "lint-birth"),
    ("that closes a school for an outbreak declared long ago",
     {"effect": None, "outbreak": OUTBREAK | {"declared": "2020-01-01"}, **THREE_WEEKS}, "lint-gate"),
    ("that closes a school for an outbreak still to be declared",
     {"effect": None, "outbreak": OUTBREAK | {"declared": "2026-10-01"}, **THREE_WEEKS}, "lint-gate"),
    ("that holds a positive test against somebody", {"logic": both({"!": [POSITIVE]})}, "lint-bad-card"),
    ("that counts what it does not name",
     {"logic": each("vaccination", {"!": [{"===": [{"var": "current.disease"}, "icd-11:1C81"]}]})}, "lint-unnamed"),
    ("for which any certificate will do", {"purpose": "travel", "effect": None, "reads": "dcc", "logic": {"if": [read("v.0"), True, False]}}, "lint-unnamed"),
    ("that asks for a statement of its own making",
     {"logic": each("clearance", {"===": [{"var": "current.purpose"}, "campus/morning"]})}, "lint-statement"),
    ("that a list can switch", {"logic": both({"in": ["calm", {"var": "external.valueSets.stage"}]})}, "lint-lever"),
    ("that folds over a list", {"logic": both({"reduce": [{"var": "external.valueSets.stage"}, True, False]})}, "lint-lever"),
    ("about an evening", {"logic": both({"before": [at(), {"plusTime": ["2026-11-29T11:00:00Z", 0, "hour"]}]})}, "lint-window"),
    ("about two weeks that are over",
     {"logic": both({"before": [{"plusTime": ["2026-11-01", 0, "day"]}, at(), {"plusTime": ["2026-11-15", 0, "day"]}]})}, "lint-window"),
    ("at a door that nobody agreed upon", {"purpose": "visit/tower", "effect": None}, "lint-gate"),
    ("that reaches for a list where there is none", {"logic": each("vaccination", {"in": [{"var": "current.vaccine"}, {"var": "external.valueSets.mmr"}]})}, "lint-fault"),
    ("that falls over where a field is missing", {"logic": {">=": [read("vaccination.0.dose"), 1]}}, "lint-fault"),
]  # fmt: skip


def test_more_days_than_can_be_tried_are_told():
    days = [
        f"20{year}-{month:02d}-{day:02d}"
        for year in (26, 27)
        for month in range(1, 13)
        for day in range(1, 13)
    ]
    logic = both(*({"before": [at(), {"plusTime": [day, 200, "day"]}]} for day in days))
    found = lint(RuleBook((ordinary(logic=logic),)), now=NOW)
    assert "more than 100 days are named" in {one.fault.note for one in found}


def codes(*rules, **how):
    return {one.fault.code for one in lint(RuleBook(rules), now=NOW, **how)}


def ordinary(**changes):
    return rule(**{"effect": "informs"} | changes)


@pytest.mark.parametrize(
    ("changes", "code"),
    [pytest.param(changes, code, id=name) for name, changes, code in MALICIOUS],
)
def test_a_rule_that_is_refused(changes, code):
    assert code in codes(ordinary(**changes))


def test_there_are_enough_of_them():
    assert len(MALICIOUS) >= 30
    assert len({name for name, *_ in MALICIOUS}) == len(MALICIOUS)


TRAVEL = {"purpose": "travel", "reads": "dcc", "effect": None}
ORDINARY = {
    "two doses": {},
    "an adult": {"logic": both({"if": [read("birth"), born("not-after", -18), False]})},
    "an age by adding to the birth date": {
        "logic": both({"not-after": [{"plusTime": [read("birth"), 18, "year"]}, at()]})
    },
    "two ages": {"logic": both({"if": [read("birth"), {"and": [born("not-after", -18), born("after", -60)]}, False]})},
    "a negative test": {"logic": each("test", {"===": [{"var": "current.result"}, "snomed:260415000"]})},
    "a clearance for a purpose": {
        "logic": each("clearance", {"===": [{"var": "current.purpose"}, "school-entry"]})
    },
    "several diseases for a special purpose": {
        "purpose": "entry/outbreak",
        "logic": each("vaccination", {"in": [{"var": "current.disease"}, [MEASLES, "icd-11:1C81"]]}),
    },
    "one disease as two code systems write it": {
        "logic": each("vaccination", {"in": [{"var": "current.disease"}, [MEASLES, "who:1F03"]]}),
    },
    "recovery of eleven to 180 days": {"logic": within(180, A_RECOVERY, 11)},
    "a negative test of two days": {"purpose": "visit/hospital", "effect": None, "logic": within(48, A_GOOD_TEST, unit="hour")},
    "a negative test of two weeks": {"logic": within(14, A_GOOD_TEST)},
    "a dose of a few days in 2019": {"logic": each("vaccination", {"and": [
        {"===": [{"var": "current.disease"}, MEASLES]}, {"var": "current.valid_until"},
        {"after": [on("2019-06-01"), {"plusTime": [{"var": "current.date"}, 0, "day"]}, on("2019-04-01")]}]})},
    "a test certificate": {**BY_CARD, "logic": {"and": [OF_COVID, {"===": [read("t.0.tr"), "260415000"]}, OF_72_HOURS]}},
    "a device of the EU's list": {**BY_CARD, "logic": {"and": [
        OF_COVID, {"===": [read("t.0.tr"), "260415000"]}, {"in": [read("t.0.ma"), ["1232", "1304"]]}]}},
    "two doses from a moved day on": {"logic": {"if": [{"before": [at(), on("2026-11-01", 60)]}, SOME_DOSE, both(SOME_DOSE)]}},
    "an examination for a kitchen": {
        "purpose": "work/food",
        "logic": each("examination", {"===": [{"var": "current.purpose"}, "occupational-health/food"]}),
    },
    "an exclusion in an outbreak": {"effect": None, "outbreak": OUTBREAK, **THREE_WEEKS},
    "isolation of ten days": {"logic": both({"not-before": [at(), RECENT]})},
    "what an emergency room tells": {"purpose": "visit/emergency"},
    "a kitchen": {"purpose": "work/food", "effect": None},
    "a certificate of the EU": {
        **TRAVEL,
        "logic": {"if": [{"===": [read("v.0.tg"), "840539006"]}, {"not-before": [at(), {"plusTime": [read("v.0.dt"), 14, "day"]}]}, False]},
    },
    "a dose against hepatitis B, for travel": {
        "purpose": "travel",
        "logic": each("vaccination", {"===": [{"var": "current.disease"}, "icd-11:1E50.1"]}),
    },
    "a year": {"logic": both({"not-before": [at(), {"plusTime": ["2020", 0, "day"]}]})},
    "the empty text": {"logic": both({"===": ["", ""]})},
}  # fmt: skip


@pytest.mark.parametrize("changes", ORDINARY.values(), ids=ORDINARY.keys())
def test_an_ordinary_rule_passes(changes):
    assert codes(ordinary(**changes)) == set()


def test_a_rule_that_only_admits_more_needs_no_notice():
    sudden = ordinary(published="2026-08-31T00:00:00+08:00")
    assert codes(sudden) == {"lint-notice"}
    assert codes(sudden, relaxes=frozenset({"QV-SCHOOL-1"})) == set()


def test_a_draft_counts_from_now():
    assert codes(ordinary(published=None)) == set()
    late = datetime(2026, 8, 31, tzinfo=UTC)
    assert {one.fault.code for one in lint(RuleBook((ordinary(published=None),)), now=late)} == {
        "lint-notice"
    }


def test_publication_is_the_later_of_two():
    """Whoever publishes today cannot have announced it last year."""
    backdated, today = ordinary(published="2020-01-01T00:00:00Z"), datetime(2026, 8, 31, tzinfo=UTC)
    assert lint(RuleBook((backdated,)), now=today) == ()
    (found,) = lint(RuleBook((backdated,)), now=today, publication=today)
    assert found.fault.code == "lint-notice"


def test_a_version_that_a_later_one_covers_is_never_asked():
    standing = ordinary(version="2.0.0")
    late = ordinary(version="1.9.0", valid_from="2027-01-01T00:00:00Z")
    longer = ordinary(version="1.9.0", valid_until="2028-01-01T00:00:00Z")
    assert codes(standing, late) == {"lint-unasked"}
    assert codes(standing, longer) == set()


def test_an_old_version_may_be_over():
    over = {"valid_from": "2026-01-01T00:00:00Z", "valid_until": "2026-07-01T00:00:00Z"}
    old = ordinary(published="2025-01-01T00:00:00Z", **over)
    assert codes(old, ordinary(version="2.0.0")) == set()


def test_a_later_version_is_asked_instead_of_the_former():
    """Of two versions in force only the later counts, so that the former does not excuse it."""
    former = ordinary(valid_from="2026-08-20T00:00:00Z")
    assert codes(former, ordinary(version="2.0.0", logic=True)) == {"lint-empty"}
    assert codes(former, ordinary(version="2.0.0", logic=False)) == {"lint-never"}


def test_two_rules_that_nobody_meets_together():
    one_dose = {"reduce": [read("vaccination"), {"+": [{"var": "accumulator"}, 1]}, 0]}
    fewer = ordinary(id="B", logic={"and": [SOME_DOSE, {"<": [one_dose, 2]}]})
    assert "lint-never" in codes(ordinary(id="A"), fewer)


def test_a_rule_that_changes_its_mind_about_nobody():
    logic: object = False
    for number in range(22):
        day = (
            (datetime(2026, 9, 5, tzinfo=UTC) + timedelta(days=15 * (22 - number)))
            .date()
            .isoformat()
        )
        logic = {"if": [{"before": [at(), on(day)]}, number % 2 == 0, logic]}
    found = {one.fault.note for one in lint(RuleBook((ordinary(logic=logic),)), now=NOW)}
    assert "changes 20 times by itself" in found


REVIEWED = json.loads((Path(__file__).parent / "reviewer_rules.json").read_text("utf-8"))


@pytest.mark.parametrize("case", REVIEWED, ids=[case["name"][:40] for case in REVIEWED])
def test_rules_of_a_reviewer_who_had_not_seen_the_linter(case):
    rules = tuple(map(parse_rule, case["rules"]))
    found = lint(RuleBook(rules, case["valueSets"]), now=datetime.fromisoformat(case["now"]))
    assert found, case["why"]


@pytest.mark.parametrize("pack_id", reader.pack_ids())
def test_the_rules_of_a_pack_pass(pack_id):
    from_now = {"published": NOW, "valid_from": NOW + timedelta(days=3)}
    days = 20 if pack_id == "measles-outbreak" else 365
    until = from_now["valid_from"] + timedelta(days=days)
    assert lint(adopt(pack_id, region="QV", valid_until=until, **from_now), now=NOW) == ()


def test_a_large_book_is_probed_within_bounds():
    """Many rules of one purpose are asked about a bounded number of wallets."""
    rules = tuple(ordinary(id=f"R{number}") for number in range(8))
    assert lint(RuleBook(rules), now=NOW) == ()


def test_what_one_rule_may_not_ask_two_may_not_compose():
    young = ordinary(id="A", logic=both(born("after", -48)))
    old = ordinary(id="B", logic=both(born("not-after", -570, "month")))
    assert codes(young) == codes(old) == set()
    assert codes(young, old) == {"lint-window"}


def test_rules_of_one_purpose_read_alike():
    facts = ordinary(id="A", purpose="travel")
    by_card = ordinary(id="B", **TRAVEL, logic={"if": [read("v.0"), True, False]})
    assert codes(facts, by_card) == {"lint-mixed"}


def test_an_empty_wallet_may_not_pass_at_any_time():
    """A rule that begins later does not excuse the time before it."""
    open_door = ordinary(id="A", logic=True, valid_until="2026-12-01T00:00:00Z")
    assert codes(open_door, ordinary(id="B")) == set()
    later = ordinary(id="B", valid_from="2026-10-01T00:00:00Z")
    assert codes(open_door, later) == {"lint-empty"}


def test_where_a_fault_is():
    (found,) = lint(RuleBook((ordinary(logic=both({"var": "payload.name"})),)), now=NOW)
    assert (found.rule, found.fault.place) == ("QV-SCHOOL-1", "/logic/and/1/var")
    assert found.fault.note == "payload.name"


def test_a_rule_that_stumbles_over_certificates_is_found():
    stumbles = parse_rule(
        foreign(
            Logic={"if": [{"var": "payload.v.0"}, {"+": [{"var": "payload.v.0.tg"}, 1]}, False]}
        )
    )
    assert "lint-fault" in {one.fault.code for one in lint(RuleBook((stumbles,)), now=NOW)}


def test_codes_in_value_sets_are_looked_at():
    in_set = {"in": [{"var": "current.disease"}, {"var": "external.valueSets.many"}]}
    looked = ordinary(purpose="work", effect=None, logic=each("vaccination", in_set))
    book = RuleBook((looked,), {"many": [MEASLES, "icd-11:1E50.1"]})
    # A reduce sees no lists, so the rule stumbles besides; what it was meant to read is looked at all the same.
    found = {one.fault.code for one in lint(book, now=NOW)}
    assert found == {"lint-disease", "lint-sensitive", "lint-fault"}
    assert codes(looked) == {"lint-fault"}  # of a set that is not there nothing more can be said


@pytest.mark.parametrize(
    ("code", "subject"),
    [
        ("icd-11:1E50.1", "hepatitis B"),
        ("ICD-10:F32.1", "mental health"),
        ("icd-11:1F03", None),
        ("who:1E50.1", "hepatitis B"),
        ("1E50.1", "hepatitis B"),
        ("who:1C62", "HIV"),
        ("B20", "HIV"),
        ("who:1F03", None),
        ("1F03", None),
        ("icd-11:1E50.0", None),
        ("huxin:mmr", None),
        ("fever", None),
        ("icd-10:B18", "hepatitis B"),
        ("icd-11:1E50", "hepatitis B"),
        ("B18", "hepatitis B"),
        ("atc:J07BC20", "hepatitis B"),
        ("J07BC01", "hepatitis B"),
        ("atc:J07BC", "hepatitis B"),
        ("atc:J07BC02", None),
        ("icd-10:Z3A", "pregnancy"),
        ("snomed:165816005", "HIV"),
        ("86406008", "HIV"),
        ("snomed:864060081", None),
        ("loinc:7917-8", "HIV"),
        ("5196-1", "hepatitis B"),
        ("icd-10:Z15.0", "heredity"),
        ("icd-10:", None),
        ("5", None),
    ],
)
def test_what_is_sensitive(code, subject):
    assert sensitive(code) == subject
