"""The pages of threats and of accessibility keep their form: owners are named, proofs exist, nothing is glossed over."""

import re

import pytest

from tests.lib.documents import ROOT, relative_links, table_rows

THREATS = ROOT / "docs" / "explanation" / "threats.md"
ACCESSIBILITY = ROOT / "docs" / "reference" / "accessibility.md"
TEXT = THREATS.read_text("utf-8")
OWNERS = {row[0] for row in table_rows(TEXT.partition("## Owners")[2].partition("## Cards")[0])}
ROWS = [row for row in table_rows(TEXT) if len(row) == 5]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{3}")


def test_there_are_threats_of_each_kind():
    heads = re.findall(r"^## (.+)$", TEXT, re.MULTILINE)
    assert len(heads) == 7
    assert len(ROWS) >= 25
    assert len({row[0] for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:50])
def test_a_threat_has_an_owner_and_a_proof_that_exists(row):
    threat, done, remains, owner, proof = row
    assert owner in OWNERS
    for cell in (threat, done):
        assert CHINESE.search(cell)
        assert ENGLISH.search(cell)
    assert remains == "—" or (CHINESE.search(remains) and ENGLISH.search(remains))
    links = relative_links(proof)
    assert links
    for link in links:
        path = (THREATS.parent / link).resolve()
        assert path.is_file()
        assert path.is_relative_to(ROOT / "tests")
        assert "def test_" in path.read_text("utf-8")


def test_every_owner_owns_something():
    assert {row[3] for row in ROWS} == OWNERS


def test_what_fails_for_whom_has_an_owner_too():
    rows = [row for row in table_rows(ACCESSIBILITY.read_text("utf-8")) if len(row) == 4]
    assert rows
    assert all(row[3] in OWNERS for row in rows)


def test_the_page_says_that_no_screen_reader_was_used_while_that_is_so():
    text = ACCESSIBILITY.read_text("utf-8")
    assert "No screen reader was used yet" in text
    assert "还没有用过任何读屏软件" in text
