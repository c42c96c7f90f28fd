"""Rules in bad files and hostile lines: a clear sentence, a stable code, the right exit status, one answer a line."""

import json

import pytest

from huxin.cli import lent
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.rules import CLOCK, document, foreign
from tests.lib.terminal import Terminal

AT = "2026-11-23T10:00:00Z"
GOOD = json.dumps([document()], ensure_ascii=False)


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


@pytest.fixture
def good(tmp_path):
    path = tmp_path / "good.json"
    path.write_text(GOOD, "utf-8")
    return path


COMMANDS = (
    ("rules", "lint", "{}"),
    ("rules", "explain", "{}"),
    ("rules", "simulate", "{}", "{good}", "--purpose", "school", "--people", "100"),
    ("rules", "simulate", "{good}", "{}", "--purpose", "school", "--people", "100"),
    ("explain", "--from", "{}", "--to", "{good}", "--people", "100"),
    ("explain", "--from", "{good}", "--to", "{}", "--people", "100"),
    ("verify", "--jsonl", "-", "--rules", "{}"),
)


def said(terminal, command, path, good):
    return terminal.run(*(word.replace("{good}", str(good)).format(path) for word in command))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:3]))
@pytest.mark.parametrize(
    ("content", "code", "detail"),
    [
        (b"", "rule-shape", "rules.json: not JSON: line 1, column 1"),
        (b"{", "rule-shape", "rules.json: not JSON: line 1, column 2"),
        (b"[1]", "rule-shape", "rules.json, rule 1: at /: a rule is an object"),
        (GOOD.encode("gb18030"), "rule-shape", "rules.json: not UTF-8: byte"),
        (GOOD.encode("utf-16"), "rule-shape", "rules.json: not UTF-8: byte 1"),
        (b'[{"id": 1, "id": 2}]', "rule-shape", "rules.json: a key twice: id"),
        (b'{"rules": [], "valuesets": {}}', "rule-shape", "rules.json: valuesets is not known here"),
        (b'{"huxin": "rules", "version": 2, "rules": []}', "rule-shape", "rules.json: of another kind or version"),
        (b"[" * 50_000, "rule-shape", "rules.json: nested too deep"),
        (b" " * 20_000_001, "logic-size", "rules.json: more than 20000000 bytes"),
        (json.dumps([document(description={"en": "Cafe\u0301"})]).encode(), "rule-text",
         "rules.json, rule 1: at /description/en: not in Unicode's form NFC"),
        (json.dumps([document(), document(effect="informs")]).encode(), "rule-shape",
         "rules.json: QV-SCHOOL-1 1.0.0 stands twice, with two contents"),
        (None, "bad-input", "rules.json: a folder without a file *.json"),
    ],
    ids=["empty", "half", "no rule", "GB18030", "UTF-16", "a key twice", "unknown part", "version", "deep", "huge", "not NFC",
         "twice", "empty folder"],
)  # fmt: skip
def test_a_file_that_is_no_file_of_rules(terminal, tmp_path, good, command, content, code, detail):
    path = tmp_path / "rules.json"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)
    told = said(terminal, command, path, good)
    assert told.exit_code == 1
    assert f"[{code}]" in told.stderr
    assert detail in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:3]))
def test_a_missing_file_is_wrong_usage(terminal, tmp_path, good, command):
    told = said(terminal, command, tmp_path / "none.json", good)
    assert told.exit_code == 2
    assert "none.json" in told.stderr


@pytest.mark.parametrize("change", [b"\xef\xbb\xbf%b", b"%b\r\n"], ids=["BOM", "CRLF"])
def test_what_editors_of_others_add_does_no_harm(terminal, tmp_path, change):
    path = tmp_path / "rules.json"
    path.write_bytes(change.replace(b"%b", GOOD.replace(", ", ",\r\n").encode()))
    assert terminal.run("rules", "explain", path).exit_code == 0


def test_the_same_rule_may_stand_in_several_files(terminal, tmp_path, good):
    again = tmp_path / "again.json"
    again.write_text(GOOD, "utf-8")
    assert "Rules: 1" in terminal.run("rules", "explain", good, again).stdout


@pytest.mark.parametrize("command", COMMANDS[2:6], ids=lambda command: " ".join(command[:3]))
@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-01", "now"])  # fmt: skip
def test_an_instant_at_which_nobody_lives(terminal, good, command, at):
    told = said(terminal, (*command, "--at", at), good, good)
    assert told.exit_code == 2
    assert "--at" in told.stderr


def test_an_instant_has_any_offset(terminal, good):
    command = ("rules", "explain", str(good), "--at", "2026-08-31T23:59:00+08:00")
    assert "(to come)" in terminal.run(*command).stdout
    assert "(now)" in terminal.run(*command[:-1], "2026-08-31T16:00:00Z").stdout


def test_an_unknown_purpose_is_refused_before_anybody_is_asked(terminal, good):
    told = terminal.run("rules", "simulate", good, "none", "--purpose", "bogus")
    assert told.exit_code == 1
    assert "[no-rules]" in told.stderr
    assert "bogus (school)" in told.stderr
    nothing = terminal.run("rules", "simulate", "none", "none", "--purpose", "x")
    assert "[no-rules]" in nothing.stderr


def test_rules_may_end(terminal, good):
    data = terminal.json(
        "rules", "simulate", good, "none", "--purpose", "school", "--people", "100"
    )
    assert {row["after"] for row in data["moves"]} == {"no-rules"}


@pytest.mark.parametrize(
    ("name", "status"), [("-", 2), ("folder", 2), ("none/x.svg", 1), ("good.json", 1)]
)
def test_a_picture_that_cannot_be_written(terminal, tmp_path, good, name, status):
    (tmp_path / "folder").mkdir()
    asked = ("rules", "simulate", "none", good, "--purpose", "school", "--people", "100")
    told = terminal.run(*asked, "--picture", name if name == "-" else tmp_path / name)
    assert told.exit_code == status
    assert told.stdout == ""
    assert good.read_text("utf-8") == GOOD


@pytest.mark.parametrize(
    "beside", [("--purpose", "school"), ("--region", "QV"), ("--at", AT), ("--each",)]
)
def test_what_lines_say_themselves_is_not_said_beside_them(terminal, good, beside):
    told = terminal.run("verify", "--jsonl", "-", "--rules", good, *beside)
    assert told.exit_code == 2
    assert "stand in its lines" in told.stderr


def test_a_folder_that_is_no_pack(terminal, tmp_path):
    told = terminal.run("packs", "seal", tmp_path)
    assert told.exit_code == 1
    assert "[pack]" in told.stderr
    assert "there is no pack.json" in told.stderr


# ------------------------------------------------------------------------------------ hostile lines

ASKS = json.dumps({"===": [{"var": "payload.a"}, 1]})
HOSTILE = {
    "empty": b"",
    "blank": b"   ",
    "null": b"null",
    "NaN": b'{"id": 0, "data": NaN}',
    "not UTF-8": b'{"id": "\xff"}',
    "deep": b"[" * 100_000,
    "deep inside": b'{"id": 0, "logic": {"var": "a"}, "data": ' + b"[" * 900 + b"]" * 900 + b"}",
    "long number": b'{"id": ' + b"9" * 5_000 + b"}",
    "id without end": b'{"id": 1e999, "logic": 1}',
}


def answers(terminal, command, lines):
    told = terminal.run(*command, "--jsonl", "-", typed=b"\n".join(lines))
    assert told.exit_code == 0, told.output
    assert told.stderr == ""
    return [json.loads(line) for line in told.stdout.splitlines()]


@pytest.mark.parametrize("door", ["eval", "check", "verify"])
def test_each_hostile_line_costs_itself_only(terminal, good, door):
    command = ("verify", "--rules", good) if door == "verify" else ("rules", door)
    fine = {
        "eval": {"id": "fine", "logic": 1},
        "check": {"id": "fine", "rule": foreign(Logic=True)},
        "verify": {"id": "fine", "text": "HC1:", "keys": [], "at": AT},
    }[door]
    lines = [line for bad in HOSTILE.values() for line in (bad, json.dumps(fine).encode())]
    told = answers(terminal, command, lines)
    assert [one["id"] for one in told[1::2]] == ["fine"] * len(HOSTILE)
    assert all(one.get("code") != "bad-input" for one in told[1::2])
    assert [one["code"] for one in told[::2]] == ["bad-input"] * len(HOSTILE)
    assert [one["id"] for one in told[::2]] == [
        0 if name == "deep inside" else None for name in HOSTILE
    ]


def test_a_number_without_end_is_answered_and_the_next_line_too(terminal):
    logic = b'{"id": 1, "logic": {"var": "a"}, "data": {"a": 1e999}}'
    told = answers(terminal, ("rules", "eval"), [logic, b'{"id": 2, "logic": 1}'])
    assert told == [{"id": 1, "code": "bad-input"}, {"id": 2, "value": 1}]
    rule = json.dumps(foreign(Logic=json.loads(ASKS)))
    case = f'{{"id": 1, "rule": {rule}, "payload": {{"a": -1e999}}}}'.encode()
    assert answers(terminal, ("rules", "check"), [case]) == [{"id": 1, "code": "bad-input"}]


def test_the_last_of_a_key_that_stands_twice_counts(terminal):
    told = answers(terminal, ("rules", "eval"), [b'{"id": 1, "id": 2, "logic": 1, "logic": 3}'])
    assert told == [{"id": 2, "value": 3}]


def test_halves_of_characters_come_back_as_they_came(terminal):
    told = answers(terminal, ("rules", "eval"), [b'{"id": "\\ud800", "logic": "\\udfff"}'])
    assert told == [{"id": "\ud800", "value": "\udfff"}]


def test_external_data_may_be_missing_in_part(terminal):
    asks_list = {"in": ["x", {"var": "external.valueSets.y"}]}
    asks_region = {"===": [{"var": "external.issuerCountryCode"}, "QV"]}
    payload = {"v": [{"dt": "2021-07-10"}]}
    cases = [
        {"rule": foreign(), "payload": payload, "external": {"validationClock": AT}},
        {"rule": foreign(), "payload": payload},
        {"rule": foreign(), "payload": payload, "external": []},
        {"rule": foreign(Logic=asks_list), "external": {"validationClock": AT}},
        {"rule": foreign(Logic=asks_list), "external": {"valueSets": {"y": ["x"]}}},
        {"rule": foreign(Logic=asks_region), "external": {"issuerCountryCode": "QV"}},
        {"rule": foreign(Logic=asks_region), "external": {"validationClock": 5}},
        {"rule": document(), "payload": {"vaccination": []}, "external": {"validationClock": AT}},
        {"rule": document(logic={"after": [{"plusTime": [CLOCK, 0, "day"]}, {"plusTime": [AT, 1, "day"]}]})},
    ]  # fmt: skip
    told = answers(terminal, ("rules", "check"), [json.dumps(case).encode() for case in cases])
    assert [one.get("code", one.get("result")) for one in told] == [
        True, "logic-type", "logic-type", "logic-type", True, True, False, False, "logic-type",
    ]  # fmt: skip


def test_texts_and_keys_that_make_no_sense(terminal, good):
    text = issue(facts(), REED_ISLES, now=NOW).text
    case = {"texts": [text], "keys": [{"jwk": REED_ISLES.key.public.jwk()}], "at": AT}
    cases = [
        case | {"purpose": "\ud800"},
        case | {"purpose": ["school"]},
        case | {"at": "2026-11-23T10:00:00+99:00"},
        case | {"at": "0001-01-01T00:00:00Z", "purpose": "school"},
        case | {"keys": [{"jwk": {"kty": "\ud800"}}]},
        case | {"texts": text},
        case | {"revoked": [5]},
    ]
    lines = [json.dumps({"id": 1, **case}).encode() for case in cases]
    told = answers(terminal, ("verify", "--rules", good), lines)
    assert [one["code"] for one in told] == [
        "no-rules", "bad-input", "bad-input", "not-yet", "untrusted", "bad-input", "bad-input",
    ]  # fmt: skip


def test_huge_keys_are_looked_at_and_not_remembered(terminal, good):
    text = issue(facts(), REED_ISLES, now=NOW).text
    jwk = REED_ISLES.key.public.jwk()
    case = {"id": 1, "texts": [text], "at": AT, "keys": [{"jwk": jwk}]}
    huge = [{"jwk": jwk}, {"jwk": {"x": "A" * 100_000}}, {"jwk": jwk, "issuer": "B" * 100_000}]
    answers(terminal, ("verify", "--rules", good), [json.dumps(case).encode()])
    before = lent.remembered()
    told = answers(
        terminal, ("verify", "--rules", good), [json.dumps(case | {"keys": huge}).encode()]
    )
    assert told[0]["code"] == "ok"
    assert lent.remembered() == before
