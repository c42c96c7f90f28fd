"""Our own vectors: what stands in `spec/vectors` is what the program answers.

The file is made by `tools/make_vectors.py` with writers that share nothing with the
program; what is expected of each case stands beside it, written by hand.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any, Final

import pytest

from huxin.spec import CODES
from huxin.trust import issue
from tests.lib.vector_lines import judge
from tools import make_vectors

LINES: Final[list[dict[str, Any]]] = [
    json.loads(line) for line in make_vectors.FILE.read_text("utf-8").splitlines()
]
GOOD: Final = [line for line in LINES if line["expected"]["code"] == "ok"]
BROKEN: Final = [line for line in LINES if line["expected"]["code"] != "ok"]

# Rules come with their own issue; "no card" is a call without anything shown.
WITHOUT_A_LINE: Final = {"rule", "rule-fault", "no-card"}


def shown(line: dict[str, Any]) -> str:
    return json.dumps([line.get("text"), line.get("texts"), line.get("picture")])


@pytest.mark.parametrize("line", LINES, ids=lambda line: line["id"])
def test_a_vector_is_judged_as_it_says(line):
    verdict = judge(line)
    expected = line["expected"]
    assert (verdict.outcome, verdict.code) == (expected["verdict"], expected["code"]), (
        f"{line['name']}: {verdict.reasons}"
    )
    steps = {step: held for card in verdict.cards for step, held in card.steps.items()}
    for step, held in expected.get("steps", {}).items():
        assert steps.get(step) is held, f"{line['name']}: {step} in {steps}"


def test_the_file_is_what_its_script_makes():
    assert make_vectors.FILE.read_text("utf-8") == make_vectors.lines(), (
        "run: python -m tools.make_vectors"
    )


def test_at_least_sixty_are_broken_in_distinct_ways():
    assert len({(line["name"], shown(line)) for line in BROKEN}) == len(BROKEN)
    assert len({shown(line) for line in BROKEN}) >= 60


def test_ids_and_names_are_distinct():
    for field in ("id", "name"):
        assert [value for value, n in Counter(line[field] for line in LINES).items() if n > 1] == []


def test_every_code_of_a_verdict_has_a_vector():
    codes = {code for code, row in CODES.items() if row.kind == "verdict"}
    assert codes - {line["expected"]["code"] for line in LINES} == WITHOUT_A_LINE


def test_every_format_has_a_card_in_order():
    formats = {
        card.reading.credential.format
        for line in GOOD
        for card in judge(line).cards
        if card.reading.credential
    }
    assert formats == set(issue.FORMATS)
