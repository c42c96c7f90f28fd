"""211 EU certificates of many issuers, read through the conformance door.

Each case says for each step whether it holds.  The step of the JSON Schema is not scored:
its expectation contradicts itself across issuers; whether the content can be right
(`plausible`) stands in its place.  The data are not ours, see `conftest.vectors`.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

from huxin.trust import reading
from tests.lib.door import answers, rows

CASES: Final = 211

# What a case expects, and the steps of the answer that have to hold for it.
STEPS: Final = {
    "EXPECTEDUNPREFIX": ("prefix",),
    "EXPECTEDB45DECODE": ("base45",),
    "EXPECTEDCOMPRESSION": ("inflate",),
    "EXPECTEDDECODE": ("cose",),
    "EXPECTEDVERIFY": ("key", "signature"),
    "EXPECTEDEXPIRATIONCHECK": ("time",),
    "EXPECTEDKEYUSAGE": ("usage",),
    "EXPECTEDSCHEMAVALIDATION": ("plausible",),
}
PICTURE: Final = "EXPECTEDPICTUREDECODE"

EXCEPTIONS: Final = {
    ("dgc/IS/2DCode/raw/3", "EXPECTEDKEYUSAGE"): (
        "a fault of the data: the certificate names no usage at all, which allows every kind"
    ),
}


def case(row: dict[str, Any], **shown: str) -> dict[str, Any]:
    return {"keys": [{"certificate": row["cert"]}], "at": row["clock"]} | shown


@pytest.fixture(scope="module")
def table(vectors) -> list[dict[str, Any]]:
    return rows(vectors / "dcc" / "cases.jsonl")


@pytest.fixture(scope="module")
def of_texts(table):
    return answers(case(row, id=row["id"], text=row["prefix"]) for row in table)


@pytest.fixture(scope="module")
def of_pictures(table):
    shown = [row for row in table if row["png_b64"]]
    return answers(case(row, id=row["id"], picture=row["png_b64"]) for row in shown)


def test_the_table_is_whole(table):
    assert len(table) == CASES
    assert len({row["id"] for row in table}) == CASES


@pytest.mark.parametrize("expected", STEPS)
def test_a_step_comes_out_as_expected(table, of_texts, expected):
    wrong = {
        (row["id"], expected): row["description"]
        for row in table
        if expected in row["expected"]
        and held(of_texts[row["id"]], expected) != row["expected"][expected]
    }
    named = {place for place in EXCEPTIONS if place[1] == expected}
    assert wrong.keys() == named, wrong


def held(answer: dict[str, Any], expected: str) -> bool | None:
    """Tell whether the steps held; a single one that was not reached is neither."""
    steps = [answer["steps"][name] for name in STEPS[expected]]
    return all(steps) if len(steps) > 1 else steps[0]


def test_a_picture_is_read_where_it_can_be(table, of_pictures):
    expected = {row["id"]: row["expected"].get(PICTURE, True) for row in table if row["png_b64"]}
    assert {name: of_pictures[name]["steps"]["picture"] for name in expected} == expected


def test_a_picture_gives_the_text_that_stands_beside_it(table, of_texts, of_pictures):
    import base64

    for row in table:
        if not row["png_b64"] or not of_pictures[row["id"]]["steps"]["picture"]:
            continue
        (read,) = reading.open(base64.b64decode(row["png_b64"]))
        (meant,) = reading.open(row["prefix"])
        assert read.credential == meant.credential, row["id"]
        one, other = (dict(found[row["id"]]["steps"]) for found in (of_pictures, of_texts))
        assert (one.pop("picture"), other.pop("picture")) == (True, None)
        assert one == other, row["id"]


def test_a_card_is_accepted_where_every_step_holds_and_only_there(table, of_texts):
    for row in table:
        answer = of_texts[row["id"]]
        steps = {name: one for name, one in answer["steps"].items() if name != "picture"}
        assert (answer["verdict"] == "accepted") == all(steps.values()), (row["id"], answer["code"])
