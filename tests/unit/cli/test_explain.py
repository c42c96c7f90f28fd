"""`huxin explain --from A --to B`: two neighbours side by side, in both directions."""

import json

import pytest

from tests.lib.rules import TWO_DOSES, document, foreign
from tests.lib.terminal import Terminal

ONE_DOSE = {">=": [TWO_DOSES[">="][0], 1]}


@pytest.fixture
def terminal(tmp_path):
    return Terminal(tmp_path)


@pytest.fixture
def ours(tmp_path):
    return saved(tmp_path / "ours.json", document(logic=ONE_DOSE))


@pytest.fixture
def theirs(tmp_path):
    asks = {"zh-Hans": "体检", "en": "A check-up"}
    only = document(region="QW", id="WORK", purpose="work/food", logic=False, description=asks)
    return saved(tmp_path / "theirs.json", document(region="QW"), only)


def saved(path, *documents):
    path.write_text(json.dumps(documents), "utf-8")
    return path


def asked(ours, theirs, *more):
    return ("explain", "--from", ours, "--to", theirs, "--people", "400", *more)


def test_both_directions_are_told(terminal, ours, theirs):
    told = terminal.run(*asked(ours, theirs, "--purpose", "school"))
    assert told.exit_code == 3, told.output
    for part in (
        "QV-SCHOOL-1  differs: what it reads",
        "QV: vaccination · number of entries: 1 or more",
        "QW: vaccination · number of entries: 2 or more",
        "QV → QW: of 400 people",
        "QW → QV: of 400 people 0 meet what QW asks",
        "QW/QV-SCHOOL-1: Doses on the cards: 1. The rule asks for 2.",
    ):
        assert part in told.stdout, part
    row = next(line for line in told.stdout.splitlines() if "The rule asks for 2." in line)
    assert row.index("✓ met") < row.index("✕ not met")
    back = terminal.run(*asked(theirs, ours, "--purpose", "school"))
    assert back.exit_code == 0, back.output
    assert "QW → QV: of 400 people 0 meet" in back.stdout


def test_a_purpose_of_one_side_is_told(terminal, ours, theirs):
    told = terminal.run(*asked(ours, theirs, "--purpose", "work/food"))
    assert told.exit_code == 3
    assert "QV: no rule in force" in told.stdout
    assert "only QW asks: A check-up" in told.stdout
    assert "– no rules" in told.stdout
    assert "QW/WORK: A check-up" in told.stdout  # it has no reason but that it is false
    assert "QV: no card" not in told.stdout


def test_the_columns_are_aligned_in_chinese(terminal, ours, theirs):
    told = terminal.run(*asked(ours, theirs, "--purpose", "school", "--lang", "zh-Hant"))
    lines = told.stdout.splitlines()
    head = next(index for index, line in enumerate(lines) if "人數" in line)
    columns = {wide(line[: line.index("QV/")]) for line in lines[head:] if " QV/" in line}
    columns |= {wide(line[: line.index("QW/")]) for line in lines[head:] if " QW/" in line}
    assert columns == {wide(lines[head][: lines[head].index("原因")])}


def wide(text):
    return sum(2 if "\u2e80" <= letter <= "\uffef" else 1 for letter in text)


def test_told_as_data(terminal, ours, theirs):
    data = terminal.json(*asked(ours, theirs))
    assert (data["from"], data["to"], data["at"]) == ("QV", "QW", "2026-11-23T10:00:00Z")
    school, work = data["purposes"]
    assert school["rules"] == [
        {
            "from": "QV-SCHOOL-1",
            "to": "QV-SCHOOL-1",
            "differs": ["reads"],
            "only_from": ["vaccination · number of entries: 1 or more"],
            "only_to": ["vaccination · number of entries: 2 or more"],
        }
    ]
    lost = school["met_at_home_not_there"]
    assert lost["from_to"] > 0
    assert lost["to_from"] == 0
    assert sum(row["people"] for row in school["answers"]) == school["people"] == 400
    first = school["typical"][0]
    assert (first["from"], first["to"]["answer"]) == ({"answer": "met", "because": []}, "not-met")
    reason = {"rule": "QV-SCHOOL-1", "text": "Doses on the cards: 1. The rule asks for 2."}
    assert first["to"]["because"] == [reason]
    assert work["rules"][0]["from"] is None
    assert work["rules"][0]["only_to"] == []
    assert terminal.json(*asked(ours, theirs)) == data


def test_one_kind_of_card(terminal, ours, theirs):
    data = terminal.json(*asked(ours, theirs, "--credential", "vaccination"))
    assert 0 < data["purposes"][0]["people"] < 400
    none = terminal.run(*asked(ours, theirs, "--credential", "recovery", "--people", "100"))
    assert "no rule in force" in none.stdout


def test_sides_of_one_region_are_called_by_their_files(terminal, ours, tmp_path):
    informs = saved(tmp_path / "new.json", document(logic=ONE_DOSE, effect="informs"))
    told = terminal.run(*asked(ours, informs))
    assert told.exit_code == 0, told.output
    for part in (
        "ours.json: who does not meet it is not accepted",
        "new.json: informs, turns nobody away",
        "differs: effect",
        "ours.json → new.json",
    ):
        assert part in told.stdout, part
    assert "QV-SCHOOL-1  the same" in terminal.run(*asked(ours, ours)).stdout


def test_kinds_and_dates_that_differ(terminal, ours, tmp_path):
    later = document(
        region="QW", id="OTHER", logic=ONE_DOSE, kinds=["vaccination", "test"],
        valid_until="2027-07-01T00:00:00Z",
    )  # fmt: skip
    told = terminal.run(*asked(ours, saved(tmp_path / "later.json", later))).stdout
    assert "QV-SCHOOL-1 / OTHER" in told
    assert "differs: kinds of cards, dates" in told
    assert "QW: vaccination, test" in told
    assert "→ 2027-07-01 00:00 UTC" in told


def test_certificates_are_counted_among_the_cards(terminal, tmp_path):
    rules = saved(tmp_path / "entry.json", foreign())
    told = terminal.run(*asked(rules, rules, "--purpose", "entry"))
    assert "EU certificate × 1" in told.stdout
    assert "entry.json: no card of the kind that is asked for" in told.stdout


def test_what_cannot_be_compared_is_refused(terminal, ours, tmp_path):
    told = terminal.run(*asked(ours, ours, "--purpose", "work"))
    assert told.exit_code == 1
    assert "[no-rules]" in told.stderr
    assert "work (school)" in told.stderr
    empty = saved(tmp_path / "empty.json")
    assert "[no-rules]" in terminal.run(*asked(empty, empty)).stderr
    assert terminal.run("explain", "--from", ours).exit_code == 2
    assert terminal.run(*asked(ours, tmp_path / "no.json")).exit_code == 2
