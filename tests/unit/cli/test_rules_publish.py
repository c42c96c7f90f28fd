"""`huxin rules publish`: what is handed in, what is said of it, and that nothing is published by it."""

import json

import pytest

from huxin.kernel.errors import RefusalError
from huxin.node.project import rule_filing
from huxin.node.project.rule_filing import Filed
from huxin.trust.rules.lint import RuleFault
from huxin.trust.rules.lint_logic import Fault
from huxin.trust.rules.simulate import Effect, Move
from tests.lib.rules import document
from tests.lib.terminal import Terminal

PAGE = "https://node.example.org/rule-desk/01a22123-4fe6-77ff-9314-4fe312f25cec"
MOVES: dict[Move, int] = {("no-rules", "met"): 26_053, ("no-rules", "not-met"): 73_947}
EFFECT = Effect("school", 100_000, MOVES, {}, {}, {})


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


@pytest.fixture
def rules(tmp_path):
    path = tmp_path / "rules.json"
    path.write_text("\ufeff" + json.dumps([document()]), "utf-8")
    return path


@pytest.fixture
def node(tmp_path):
    folder = tmp_path / "reed-isles"
    folder.mkdir()
    return folder


@pytest.fixture
def desk(monkeypatch):
    """A rule desk that answers what it was told to, and notes what was handed in."""
    seen = []

    def answer(found):
        def file_rules(folder, text, officer, *, going):
            going(0, 10)
            seen.append((folder.name, json.loads(text), officer))
            if isinstance(found, RefusalError):
                raise found
            return found

        monkeypatch.setattr(rule_filing, "file_rules", file_rules)
        return seen

    return answer


def test_what_is_handed_in_waits_at_its_page(terminal, node, rules, desk):
    seen = desk(Filed(PAGE, True, (), (EFFECT,)))
    told = terminal.run("rules", "publish", node, rules, "--as", "officer-one")
    assert told.exit_code == 0, told.output
    for part in ("1 rules, nothing found", "100,000 of 100,000 people move", "73,947", PAGE):
        assert part in told.stdout, part
    assert seen == [("reed-isles", [document()], "officer-one")]
    narrow = terminal.run(
        "rules", "publish", node, rules, "--as", "x", "--lang", "zh", COLUMNS="40"
    )
    assert f"等另一位规则员审签：{PAGE}" in narrow.stdout
    data = terminal.json("rules", "publish", node, rules, "--as", "officer-one")
    assert data == {
        "rules": 1, "waiting": True, "page": PAGE, "faults": [],
        "moved": [{"purpose": "school", "people": 100_000, "moved": 100_000}],
    }  # fmt: skip


def test_several_files_are_handed_in_as_one_text(terminal, node, rules, desk, tmp_path):
    more = tmp_path / "more.json"
    more.write_text(json.dumps({"rules": [document(id="B")], "valueSets": {"x": ["1"]}}), "utf-8")
    seen = desk(Filed(PAGE, True))
    assert terminal.run("rules", "publish", node, rules, more, "--as", "x").exit_code == 0
    ((_, text, _),) = seen
    assert text == {"valueSets": {"x": ["1"]}, "rules": [document(), document(id="B")]}


@pytest.mark.parametrize(
    ("page", "words"), [("", "Not taken to the rule desk."), (PAGE, f"as a draft, not handed in: {PAGE}")]
)  # fmt: skip
def test_what_is_against_it_is_told(terminal, node, rules, desk, page, words):
    fault = RuleFault("QV-SCHOOL-1", Fault("lint-notice", "/valid_from", "less than 48 hours"))
    desk(Filed(page, False, (fault,)))
    told = terminal.run("rules", "publish", node, rules, "--as", "officer-one")
    assert told.exit_code == 1
    assert "[lint-notice]" in told.stdout
    assert words in told.stdout
    data = terminal.json("rules", "publish", node, rules, "--as", "officer-one")
    assert (data["waiting"], data["page"]) == (False, page or None)
    assert data["faults"][0]["place"] == "/valid_from"


def test_a_refusal_of_the_desk_is_said(terminal, node, rules, desk):
    desk(RefusalError("missing", "no rule officer x"))
    told = terminal.run("rules", "publish", node, rules, "--as", "x")
    assert (told.exit_code, told.stdout) == (1, "")
    assert "[missing]" in told.stderr


def test_a_file_that_cannot_be_read_reaches_no_desk(terminal, node, rules, desk):
    seen = desk(Filed(PAGE, True))
    rules.write_text("{", "utf-8")
    told = terminal.run("rules", "publish", node, rules, "--as", "x")
    assert told.exit_code == 1
    assert "[rule-shape]" in told.stderr
    assert seen == []
    assert terminal.run("rules", "publish", node, rules).exit_code == 2
    assert terminal.run("rules", "publish", rules, rules, "--as", "x").exit_code == 2
