"""SMART Health Cards of their specification and of its developers' tools, judged as a reader does.

The tools are made for issuers: of a case's two lists the first names errors, the second
warnings.  A reader accepts what has warnings only, forgives what cannot deceive (trailing
characters, cards in several chunks), and refuses the rest.  The data are not ours, see
`conftest.vectors`.
"""

from __future__ import annotations

import base64
import re
from typing import Any, Final

import pytest

from tests.lib.door import answers, rows, side_by_side

KINDS: Final = ("jws", "qr", "qrnumeric", "healthcard", "fhirhealthcard")
ISSUER: Final = "https://spec.smarthealth.cards/examples/issuer"

# Errors to an issuer that are none to a reader.
FORGIVEN: Final = {"TRAILING_CHARACTERS", "QR_CHUNKING_DEPRECATED"}

# Where we differ, each with the clause of the framework that we rest on.
EXCEPTIONS: Final = {
    "shc/devtools/17cbb804dd": (
        "Revocation: the list names this card's rid with an instant after its nbf, so it is revoked;"
        " the tools' test loads no list"
    ),
    "shc/devtools/f3a2dff871": (
        "Encoding as QR codes: the code is drawn by SVG instructions, which are no picture that a"
        " camera sees; the same card is read as text"
    ),
    "shc/devtools/6dd6bd64e2": (
        "Encoding as QR codes: two segments make the code smaller; a reader gets the same text"
        " from one segment, and cannot tell"
    ),
    "shc/devtools/2ac4e75e25": (
        "Encoding as QR codes: version 22 is the largest an issuer should make; a reader gets the"
        " same text from a larger one, and cannot tell"
    ),
}
# The pictures of this row are not in the data.
WITHOUT_CONTENT: Final = {"shc/devtools/83bb865fa8"}
# A part of a set, alone, is no card.
PARTS: Final = {f"shc/spec/example-02-f-qr-code-numeric-value-{part}.txt" for part in range(3)}

CODES: Final = {
    "INFLATION_ERROR": {"inflate"},
    "INVALID_ISSUER_URL": {"jws"},
    "INVALID_NUMERIC_QR": {"digits"},
    "INVALID_NUMERIC_QR_HEADER": {"prefix", "digits", "chunks"},
    "ISSUER_KEY_DOWNLOAD_ERROR": {"untrusted"},
    "ISSUER_NOT_TRUSTED": {"untrusted"},
    "JWS_HEADER_ERROR": {"alg", "jws"},
    "MISSING_QR_CHUNK": {"chunks"},
    "REVOCATION_ERROR": {"untrusted", "bad-input"},
    "SHLINK_NOT_HTTPS_URL": {"format"},
    "SIGNATURE_FORMAT_ERROR": {"signature"},
}


def contents(row: dict[str, Any]) -> list[str]:
    """Return what a person would show of a row; addresses of directories are no cards."""
    content = row["content"]
    return [content] if isinstance(content, str) else [one for one in content if one]


def errors(row: dict[str, Any]) -> set[str]:
    """Return what is an error to a reader too."""
    listed = row["expected"].get("raw")
    if listed is None:  # an example of the specification
        return {"a part alone"} if row["id"] in PARTS else set()
    first = re.search(r"\[\[(.*?)\]", listed)
    return set(re.findall(r"ec\.(\w+)", first[1] if first else "")) - FORGIVEN


def shown(row: dict[str, Any]) -> dict[str, Any]:
    cards = contents(row)
    if row["kind"] != "qr":
        return {"text": cards[0]} if len(cards) == 1 else {"texts": cards}
    if "b64" in row["encoding"]:
        return {"picture": side_by_side(cards) if len(cards) > 1 else cards[0]}
    return {"picture": base64.b64encode(cards[0].encode()).decode()}


@pytest.fixture(scope="module")
def everything(vectors) -> list[dict[str, Any]]:
    return rows(vectors / "shc" / "cases.jsonl")


@pytest.fixture(scope="module")
def table(everything) -> dict[str, dict[str, Any]]:
    scored = [row for row in everything if row["kind"] in KINDS]
    return {row["id"]: row for row in scored if row["id"] not in WITHOUT_CONTENT}


@pytest.fixture(scope="module")
def given(everything, table):
    """The answers, by id: with the keys and lists of the specification's issuer."""
    (source,) = [row for row in everything if row["kind"] == "trust"]
    keys = [{"jwk": jwk, "issuer": ISSUER} for jwk in source["jwks"]["keys"]]
    revoked = list(source["crl"].values())

    def case(row: dict[str, Any]) -> dict[str, Any]:
        # "Not in the trusted directory" is tried with a list that lacks the issuer.
        known = [] if "ISSUER_NOT_TRUSTED" in errors(row) else keys
        lists = {"keys": known, "revoked": revoked, "at": row["clock"]}
        return {"id": row["id"]} | shown(row) | lists

    return answers(map(case, table.values()))


def test_the_table_is_whole(everything, table):
    assert len(table) == 51
    assert not any(contents(row) for row in everything if row["id"] in WITHOUT_CONTENT)


def test_each_card_is_judged_as_a_reader_would(table, given):
    differing = {
        name: (row.get("name"), given[name]["verdict"], given[name]["code"], errors(row))
        for name, row in table.items()
        if (given[name]["verdict"] == "accepted") != (not errors(row))
    }
    assert differing.keys() == EXCEPTIONS.keys(), differing


def test_the_exceptions_are_few_and_each_has_its_clause():
    assert len(EXCEPTIONS) <= 6
    assert all(":" in clause for clause in EXCEPTIONS.values())


def test_a_refusal_has_the_code_of_what_is_wrong(table, given):
    for name, row in table.items():
        allowed = set().union(*(CODES.get(error, set()) for error in errors(row)))
        if name in EXCEPTIONS or not allowed:
            continue
        assert given[name]["code"] in allowed, (row["name"], given[name]["code"])


def test_a_revoked_card_is_read_up_to_its_revocation(given):
    answer = given["shc/devtools/17cbb804dd"]
    assert (answer["code"], answer["steps"]["signature"]) == ("revoked", True)
    assert answer["steps"]["revoked"] is False
