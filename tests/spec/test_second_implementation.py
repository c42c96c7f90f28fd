"""Cards of many issuers, judged by the second implementation: the same steps, facts, verdicts and codes as ours."""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import Any, Final

import pytest

from huxin.trust import reading
from huxin.trust.status.hash_list import hashes_of
from tests.lib.documents import ROOT
from tests.lib.door import rows
from tests.lib.second_door import answers, differences, json_lines
from tools import make_status_vectors, make_vectors

pytestmark = pytest.mark.needs("node")

ISSUER: Final = "https://spec.smarthealth.cards/examples/issuer"
SHOWN: Final = ("id", "text", "texts", "at", "revoked", "purpose")
KEYS: Final = ("certificate", "jwk", "issuer", "region")


def test_certificates_of_many_issuers(vectors):
    table = rows(vectors / "dcc" / "cases.jsonl")
    cases = [
        {"id": row["id"], "text": row["prefix"], "keys": [{"certificate": row["cert"]}], "at": row["clock"]}
        for row in table
    ]  # fmt: skip
    assert len(cases) == 211
    assert differences(cases) == []


def test_health_cards_of_the_framework(vectors):
    table = rows(vectors / "shc" / "cases.jsonl")
    (source,) = [row for row in table if row["kind"] == "trust"]
    keys = [{"jwk": jwk, "issuer": ISSUER} for jwk in source["jwks"]["keys"]]
    revoked = list(source["crl"].values())
    cases = [
        {"id": row["id"], "keys": keys, "revoked": revoked, "at": row["clock"]} | text_of(row)
        for row in table
        if row["kind"] != "trust" and "b64" not in row.get("encoding", "")
    ]
    assert len(cases) >= 40
    assert differences(cases) == []


def test_hash_lists_of_certificates(vectors):
    """Of each kind of hash one batch: a card is withdrawn by its own alone, and a spoilt list refuses its case."""
    table = [row for row in rows(vectors / "dcc" / "cases.jsonl") if row["prefix"]]
    cases = []
    for row in table:
        card = reading.open(row["prefix"])[0].credential
        if card is None or card.kid is None:
            continue
        case = {"text": row["prefix"], "keys": [{"certificate": row["cert"]}], "at": row["clock"]}
        kid = sha256(base64.b64decode(row["cert"])).digest()[:8]
        batches = {
            kind: {"kid": b64(kid), "hashType": kind, "entries": [{"hash": b64(hashed)}]}
            for kind, hashed in hashes_of(card).items()
        }
        first = batches["SIGNATURE"]
        batches |= {"other": first | {"kid": b64(b"other")}, "bad": first | {"entries": [{}]}}
        cases += [
            {"id": f"{row['id']} {name}", "revoked": [batch]} | case
            for name, batch in batches.items()
        ]
    assert len(cases) > 500
    assert differences(cases) == []
    told = answers("verify", [json.dumps(case).encode() for case in cases])
    withdrawn = {one["id"].split()[-1] for one in told if one["code"] == "revoked"}
    assert withdrawn == {"SIGNATURE", "UCI", "COUNTRYCODEUCI"}
    assert {one["code"] for one in told if str(one["id"]).endswith(" bad")} == {"bad-input"}


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def text_of(row: dict[str, Any]) -> dict[str, Any]:
    content = row["content"]
    return {"text": content} if isinstance(content, str) else {"texts": [one for one in content if one]}  # fmt: skip


def test_our_own_vectors():
    lines = [json.loads(line) for line in make_vectors.FILE.read_text("utf-8").splitlines()]
    cases = [
        {name: line[name] for name in SHOWN if name in line}
        | {"keys": [{name: key[name] for name in KEYS if name in key} for key in line["keys"]]}
        for line in lines
        if "picture" not in line
    ]
    assert len(cases) >= 300
    assert differences(cases) == []


def test_our_own_vectors_are_judged_as_they_say():
    """With everything that a line may say of a key, the list and the place: what was written by hand, not what we answer."""
    lines = [
        line for line in make_vectors.FILE.read_bytes().splitlines() if b'"picture"' not in line
    ]
    told = json_lines(["node", str(ROOT / "tests" / "lib" / "vector.mjs")], lines)
    wrong = []
    for text, one in zip(lines, told, strict=True):
        line = json.loads(text)
        expected = line["expected"]
        steps = {name: one["steps"].get(name) for name in expected.get("steps", {})}
        right = {"id": line["id"], "verdict": expected["verdict"], "code": expected["code"]}
        if one != right | {"steps": one["steps"]} or steps != expected.get("steps", {}):
            wrong.append((line["name"], one))
    assert len(told) >= 300
    assert wrong == []


def test_our_own_lists_of_withdrawn_cards():
    lines = make_status_vectors.FILE.read_bytes().splitlines()
    expected = [json.loads(line) for line in lines]
    assert len(expected) >= 70
    told = answers("status", lines)
    assert told == [{"id": one["id"]} | one["expected"] for one in expected]


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"id": "no instant", "text": "HC1:"},
        {"id": "no card", "at": "2026-11-28T08:00:00Z"},
        {"id": "two", "text": "HC1:", "texts": ["HC1:"], "at": "2026-11-28T08:00:00Z"},
        {"id": "none", "texts": [], "at": "2026-11-28T08:00:00Z"},
        {"id": ["a list"], "text": "HC1:", "at": "2026-11-28T08:00:00Z"},
        {"id": "a key", "text": "HC1:", "keys": [{}], "at": "2026-11-28T08:00:00Z"},
        {"id": "keys", "text": "HC1:", "keys": "all", "at": "2026-11-28T08:00:00Z"},
        {"id": "a list", "text": "HC1:", "revoked": [{"kid": "k"}], "at": "2026-11-28T08:00:00Z"},
        {"id": 1.5, "text": "shlink:/", "at": "2026-11-28"},
        {"id": "week", "text": "{}", "at": "2026-W48-6T08:00+01:00"},
    ],
    ids=lambda case: str(case.get("id", "nothing")),
)
def test_what_is_no_case_is_answered_alike(case):
    assert differences([case]) == []
