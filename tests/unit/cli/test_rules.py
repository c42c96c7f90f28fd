"""`huxin rules`, and `huxin verify --rules`: the doors to what a region asks."""

import json
import re

import pytest

from huxin.adapters import rule_files
from huxin.kernel.errors import RefusalError
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.rules import CLOCK, document, foreign
from tests.lib.terminal import Terminal

JWK = REED_ISLES.key.public.jwk()
AT = "2026-11-23T10:00:00Z"


def answers(tmp_path, command, *cases):
    """Return the answers to cases; a case that is text stands in the file as it is."""
    lines = [case if isinstance(case, str) else json.dumps(case) for case in cases]
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(lines), "utf-8")
    result = Terminal(tmp_path).run(*command, "--jsonl", path)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_logic_is_evaluated_line_by_line(tmp_path):
    told = answers(
        tmp_path,
        ("rules", "eval"),
        {"id": "a", "logic": {"+": [1, {"var": "n"}]}, "data": {"n": 2}},
        {"id": "b", "logic": {"plusTime": [{"var": ""}, 1, "day"]}, "data": "2021-06-01"},
        {"id": "c", "logic": {"var": "n"}},
        {"id": "d", "logic": {"or": [1, 2]}},
        {"id": "e", "logic": {"+": [1, {"var": "n"}]}, "data": {"n": "x"}},
        {"id": "f"},
        {"id": [], "logic": 1},
        "not JSON",
        "[1]",
    )
    assert told[0] == {"id": "a", "value": 3}
    assert told[1] == {"id": "b", "value": "2021-06-02T00:00:00.000Z"}
    assert told[2] == {"id": "c", "value": None}
    assert told[3] == {"id": "d", "code": "logic-operator", "detail": "at /or: no such operation"}
    assert told[4] == {"id": "e", "code": "logic-type", "detail": "at /+: not an integer"}
    assert [(one["id"], one["code"]) for one in told[5:]] == [
        ("f", "bad-input"), (None, "bad-input"), (None, "bad-input"), (None, "bad-input"),
    ]  # fmt: skip


def test_one_rule_is_asked_about_one_payload(tmp_path):
    payload = {"v": [{"dt": "2021-07-10"}]}
    told = answers(
        tmp_path,
        ("rules", "check"),
        {"id": 1, "rule": foreign(), "payload": payload, "external": {"validationClock": "2021-07-20T12:00:00Z"}},
        {"id": 2, "rule": foreign(), "payload": payload, "external": {"validationClock": "2021-08-20"}},
        {"id": 3, "rule": document(), "payload": {"vaccination": []}, "external": {}},
        {"id": 4, "rule": foreign(), "payload": {}, "external": {"validationClock": AT}},
        {"id": 5, "rule": foreign(Logic={"plusTime": ["2021", 0, "day"]}), "payload": {}},
        {"id": 6, "rule": foreign(Logic={"and": [True, ""]}), "payload": {}},
        {"id": 7, "rule": foreign(EngineVersion="1.4.0"), "payload": {}},
        {"id": 8, "rule": 5},
        {"rule": document(valid_until=None)},
        "{",
    )  # fmt: skip
    assert told[0]["result"] is False
    assert told[0]["changes_at"] == "2021-07-24T00:00:00.000Z"
    (finding,) = told[0]["because"]
    assert finding == {
        "place": "/not-before",
        "operator": "not-before",
        "sides": [
            {"fields": ["external.validationClock"], "value": "2021-07-20T12:00:00.000Z",
             "amount": 0, "unit": "day"},
            {"fields": ["payload.v.0.dt"], "value": "2021-07-24T00:00:00.000Z",
             "amount": 14, "unit": "day"},
        ],
        "holds": False,
        "wanted": True,
    }  # fmt: skip
    assert (told[1]["result"], told[1]["changes_at"]) == (True, None)
    assert told[2]["result"] is False
    assert told[3] == {
        "id": 4,
        "code": "logic-type",
        "detail": "at /not-before/1/plusTime: not a text",
    }
    assert [one.get("code") for one in told[4:]] == [
        "logic-type", None, "rule-shape", "rule-shape", "rule-shape", "bad-input",
    ]  # fmt: skip
    assert told[5]["result"] is False


def test_a_fault_of_ours_costs_one_line(tmp_path, monkeypatch):
    def fall(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("huxin.cli.rules.next_change", fall)
    path = tmp_path / "cases.jsonl"
    path.write_text(json.dumps({"id": 1, "rule": foreign(Logic=True)}), "utf-8")
    result = Terminal(tmp_path).run("rules", "check", "--jsonl", path)
    assert json.loads(result.stdout) == {"id": None, "code": "bad-input"}
    assert "ZeroDivisionError" in result.stderr


# ------------------------------------------------------------------------------- the whole verdict


@pytest.fixture
def book(tmp_path):
    path = tmp_path / "rules.json"
    never = document(id="QV-WORK-1", purpose="work", logic=False)
    dose = {"===": [{"var": "payload.vaccination.0.dose"}, 2]}
    path.write_text(json.dumps({"rules": [document(logic=dose), never], "valueSets": {}}), "utf-8")
    return path


def test_the_whole_verdict_line_by_line(tmp_path, book):
    case = {"texts": [issue(facts(), REED_ISLES, now=NOW).text], "keys": [{"jwk": JWK}], "at": AT}
    told = answers(
        tmp_path,
        ("verify", "--rules", book),
        case | {"id": 1, "purpose": "school"},
        case | {"id": 2, "purpose": "work"},
        case | {"id": 3, "purpose": "travel"},
        case | {"id": 4},
        case | {"id": 5, "purpose": "school", "keys": []},
        case | {"id": 6, "purpose": 5},
    )
    assert [(one["verdict"], one["code"]) for one in told] == [
        ("accepted", "ok"), ("rejected", "rule"), ("unknown", "no-rules"), ("accepted", "ok"),
        ("cross-check", "untrusted"), ("unknown", "bad-input"),
    ]  # fmt: skip
    assert told[0]["changes_at"] == "2027-08-31T15:59:59.001Z"
    assert told[0]["valid_until"] <= "2027-08-31T15:59:59.000Z"
    assert told[1]["because"] == [
        {"rule": "QV-WORK-1", "region": "QV", "version": "1.0.0", "card": None, "findings": []}
    ]
    assert (told[1]["purpose"], told[1]["reasons"], told[1]["valid_from"]) == (
        "work",
        ["rule"],
        None,
    )
    assert told[4]["because"] == []


def test_a_faulty_rule_is_told_with_its_place(tmp_path):
    path = tmp_path / "rules"
    path.mkdir()
    (path / "one.json").write_text(json.dumps(document(logic={"+": [1, CLOCK]})), "utf-8")
    case = {"id": 1, "text": issue(facts(), REED_ISLES, now=NOW).text, "keys": [{"jwk": JWK}],
            "at": AT, "purpose": "school"}  # fmt: skip
    (told,) = answers(tmp_path, ("verify", "--rules", path), case)
    assert (told["verdict"], told["code"]) == ("unknown", "rule-fault")
    assert told["because"][0]["code"] == "logic-type"
    assert told["because"][0]["detail"] == "at /+: not an integer"


@pytest.fixture
def shown(tmp_path):
    """Return the words that verify a card of two doses: of 林㑇, born 2020, by rules that are yet to be named."""
    terminal = Terminal(tmp_path)
    key = terminal.new_key("qw.key", "--region", "QW")
    trust = tmp_path / "trust.json"
    trust.write_text(terminal.run("keys", "show", key, "--trust").stdout, "utf-8")
    row = ("name=林㑇", "birth=2020-03-18", "vaccine=麻腮风", "dose=2", "date=2026-10-01")
    made = terminal.run("issue", "--pack", "school-entry", "--key", key, "--passphrase-file", tmp_path / "pass",
                        "--out", tmp_path / "out", "--format", "txt", *(word for one in row for word in ("--set", one)))  # fmt: skip
    assert made.exit_code == 0, made.output
    (card,) = (tmp_path / "out").rglob("*.txt")
    return ("verify", card, "--trust", trust, "--rules", tmp_path / "rules.json")


LATER = {"after": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": ["2026-12-01", 0, "day"]}]}


def test_an_answer_in_words_says_what_is_asked_why_and_what_to_do(tmp_path, shown):
    (tmp_path / "rules.json").write_text(json.dumps([document(logic=LATER)]), "utf-8")
    terminal = Terminal(tmp_path)
    told = terminal.run(*shown, "--purpose", "school")
    assert told.exit_code == 1
    for words in ("✕ Not accepted", "Two doses against measles (QV/QV-SCHOOL-1)", "counts from 2026-12-01",
                  "Please have the missing dose", "Met from 2026-12-01."):  # fmt: skip
        assert words in told.stdout
    data = terminal.json(*shown, "--purpose", "school", "--lang", "zh")
    assert data["rules"]["not_met"][0]["asks"] == "含麻疹疫苗 2 剂"
    assert data["rules"]["turns"] == "2026-12-01 起符合。"
    assert data["rules"]["only_informs"] is False
    assert terminal.json(*shown)["rules"] is None


def test_rules_that_inform_refuse_nobody(tmp_path, shown):
    informs = [document(logic=LATER, effect="informs")]
    (tmp_path / "rules.json").write_text(json.dumps(informs), "utf-8")
    terminal = Terminal(tmp_path)
    told = terminal.run(*shown, "--purpose", "school")
    assert "◆ Something is due" in told.stdout
    assert "informs, turns nobody away" in told.stdout
    assert "Not accepted" not in told.stdout
    data = terminal.json(*shown, "--purpose", "school")
    assert (data["verdict"], data["rules"]["only_informs"]) == ("rejected", True)
    each = terminal.run(*shown, "--purpose", "school", "--each", "--lang", "zh")
    assert "◆ 还差一项" in each.stdout


def test_of_several_regions_rules_those_of_one_are_asked(tmp_path, shown):
    rules = [document(logic=LATER), document(region="QX", logic=True)]
    (tmp_path / "rules.json").write_text(json.dumps(rules), "utf-8")
    asked = (*shown, "--purpose", "school")
    terminal = Terminal(tmp_path)
    codes = {region: terminal.run(*asked, *region).exit_code for region in ((), ("--region", "QX"), ("--region", "QV"), ("--region", "QW"))}  # fmt: skip
    assert list(codes.values()) == [1, 0, 1, 4]


def test_an_unknown_purpose_is_told_which_there_are(tmp_path, shown):
    (tmp_path / "rules.json").write_text(json.dumps([document()]), "utf-8")
    told = Terminal(tmp_path).run(*shown, "--purpose", "scool")
    assert told.exit_code == 4
    assert re.search(r"Rules are for +school *\n", told.stdout)


def test_rules_are_linted(tmp_path):
    good, bad = tmp_path / "good.json", tmp_path / "bad.json"
    good.write_text(json.dumps([document(effect="informs")]), "utf-8")
    faulty = document(id="QV-SCHOOL-2", effect="informs", logic=True, basis=None)
    bad.write_text(json.dumps([faulty]), "utf-8")
    terminal = Terminal(tmp_path, now="2026-08-01T00:00:00Z")
    passed = terminal.run("rules", "lint", good)
    assert (passed.exit_code, passed.stdout) == (0, "✓ 1 rules, nothing found\n")
    told = terminal.run("rules", "lint", good, bad)
    assert told.exit_code == 1
    assert "[lint-basis]" in told.stdout
    assert "QV-SCHOOL-2 /basis: no instrument" in told.stdout
    data = terminal.json("rules", "lint", bad)
    assert data["rules"] == 1
    assert [one["code"] for one in data["faults"]] == ["lint-basis", "lint-empty"]
    assert data["faults"][1]["rule"] is None
    late = Terminal(tmp_path, now="2026-09-01T00:00:00Z")
    assert late.json("rules", "lint", good)["faults"] == []  # it says itself when it was published
    told = terminal.json("rules", "lint", good, "--at", "2026-09-01T00:00:00Z")
    assert [one["code"] for one in told["faults"]] == ["lint-notice"]  # whatever it says


def books(tmp_path, *logics):
    paths = []
    for number, logic in enumerate(logics):
        paths.append(tmp_path / f"book{number}.json")
        paths[-1].write_text(json.dumps([document(logic=logic)]), "utf-8")
    return paths


KNOWN = {"if": [{"var": "payload.birth"}, True, False]}


def test_a_change_is_tried_on_an_invented_population(tmp_path):
    loose, strict = books(tmp_path, KNOWN, document()["logic"])
    asked = ("rules", "simulate", loose, strict, "--purpose", "school", "--people", "1500")
    told = Terminal(tmp_path).run(*asked)
    assert told.exit_code == 0, told.output
    data = Terminal(tmp_path).json(*asked)
    assert f"{data['moved']:,} of 1,500 people move" in told.stdout
    assert "→ not met" in told.stdout
    assert sum(row["people"] for row in data["moves"]) == 1_500
    assert (data["only_admits"], data["needs_federation"]) == (False, False)
    assert Terminal(tmp_path).json(*asked) == data
    other = Terminal(tmp_path).json(*asked, "--seed", "2")
    assert other["moved"] != data["moved"]


def test_a_change_about_a_few_needs_the_federation(tmp_path):
    tested = {"if": [{"var": "payload.recovery.0"}, False, KNOWN]}
    (strict,) = books(tmp_path, tested)
    told = Terminal(tmp_path).run(
        "rules", "simulate", "none", strict, "--purpose", "school", "--people", "400"
    )
    assert told.exit_code == 3
    assert "the federation has to sign" in told.stdout


def test_a_change_can_be_drawn(tmp_path):
    loose, strict = books(tmp_path, KNOWN, document()["logic"])
    file = tmp_path / "who.svg"
    asked = ("rules", "simulate", loose, strict, "--purpose", "school", "--people", "200")
    told = Terminal(tmp_path).run(*asked, "--picture", file, "--lang", "zh")
    assert told.exit_code == 0, told.output
    assert "0–2 岁" in told.stdout
    drawn = file.read_bytes()
    assert "谁的答案会变：school".encode() in drawn
    again = Terminal(tmp_path).run(*asked, "--picture", file)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "[exists]" in again.stderr
    assert file.read_bytes() == drawn


def test_a_missing_book_is_said(tmp_path):
    (book,) = books(tmp_path, True)
    told = Terminal(tmp_path).run("rules", "simulate", tmp_path / "no.json", book, "--purpose", "x")
    assert told.exit_code == 2


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("{", "rule-shape", ""),
        ("5", "rule-shape", "not a list of rules"),
        ('{"rules": 5}', "rule-shape", "not a list of rules"),
        ('{"rules": [{}]}', "rule-shape", "rule 1"),
        (json.dumps([document(), document(id=None)]), "rule-shape", "rule 2: at /id"),
        ('{"rules": [], "valueSets": {"a": [1]}}', "rule-shape", "value sets"),
        ('{"rules": [], "valueSets": []}', "rule-shape", "value sets"),
    ],
)
def test_a_file_that_is_no_book_is_refused(tmp_path, content, code, place):
    path = tmp_path / "rules.json"
    path.write_text(content, "utf-8")
    with pytest.raises(RefusalError) as caught:
        rule_files.read_book(path)
    assert caught.value.refusal.code == code
    assert place in caught.value.refusal.detail


def test_a_book_of_several_files(tmp_path):
    (tmp_path / "a.json").write_text(json.dumps([document(), document(id="B")]), "utf-8")
    (tmp_path / "b.json").write_text('{"rules": [], "valueSets": {"x": ["1"]}}', "utf-8")
    book = rule_files.read_book(tmp_path)
    assert [rule.id for rule in book.rules] == ["QV-SCHOOL-1", "B"]
    assert book.value_sets == {"x": ["1"]}
