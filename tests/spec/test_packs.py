"""What the rules of the packs answer to people: tables that a nurse can read (`tests/lib/pack_rows.py`)."""

from __future__ import annotations

import pytest

from huxin.packs import reader
from tests.lib.pack_people import Row, book, decide, on_wall
from tests.lib.pack_rows import ROWS

CASES = [
    pytest.param(pack, row, id=f"{pack} {row.purpose}: {row.who} {row.at} {row.answer}")
    for pack, rows in ROWS.items()
    for row in rows
]


def test_every_pack_has_its_table() -> None:
    assert tuple(ROWS) == reader.pack_ids()


@pytest.mark.parametrize("pack", list(ROWS))
def test_a_table_shows_each_purpose_met_and_not_met(pack: str) -> None:
    shown = {(row.purpose, row.answer) for row in ROWS[pack]}
    purposes = {row.purpose for row in ROWS[pack]}
    assert purposes == set(reader.templates(pack).purposes())
    assert any(row.shows == () for row in ROWS[pack])
    assert {"met", "not-met"} == {answer for _, answer in shown}


@pytest.mark.parametrize(("pack", "row"), CASES)
def test_the_answer_its_rule_and_its_turn(pack: str, row: Row) -> None:
    decision = decide(row, book(pack))
    assert decision.answer == row.answer
    # Where one card is enough, another one that is not is no reason.
    deciding = None if decision.met else decision.deciding
    assert (deciding.rule.id if deciding else "") == row.rule
    assert on_wall(decision.turns_at()) == row.turns
    if deciding is not None:
        assert deciding.findings, "a refusal that says nothing"
