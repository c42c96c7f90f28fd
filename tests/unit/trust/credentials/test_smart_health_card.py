import json
from datetime import UTC, datetime
from typing import Any

import pytest

from huxin.kernel import jws
from huxin.kernel.errors import RefusalError
from huxin.trust.credentials import smart_health_card as shc
from huxin.trust.credentials.inflate import deflate_raw
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts

CARD = issue(facts(), REED_ISLES, now=NOW, format="shc")
COMPACT = shc.from_chunks((CARD.text,))
HEADER = {"zip": "DEF", "alg": "ES256", "kid": "k"}
VC = {"type": ["https://smarthealth.cards#health-card"], "credentialSubject": {}}
CLAIMS: dict[str, Any] = {"iss": "https://qw.example.org", "nbf": 1_700_000_000.5, "vc": VC}


def compact(header: Any = None, claims: Any = None, payload: bytes | None = None) -> str:
    body = json.dumps(CLAIMS if claims is None else claims).encode()
    parts = (json.dumps(header or HEADER).encode(), payload or deflate_raw(body), b"s" * 64)
    return ".".join(map(jws.b64url, parts))


def test_digits_and_back() -> None:
    assert shc.from_digits(shc.digits(COMPACT)) == COMPACT
    assert shc.from_digits("567629") == "eyJ"


@pytest.mark.parametrize("text", ["", "5", "567", "78", "5a", "56 7", "56 76", "５６", "-1"])
def test_what_are_no_digits(text: str) -> None:
    with pytest.raises(RefusalError) as caught:
        shc.from_digits(text)
    assert caught.value.refusal.code == "digits"


def chunks(size: int) -> list[str]:
    parts = [COMPACT[start : start + size] for start in range(0, len(COMPACT), size)]
    return [f"shc:/{i}/{len(parts)}/{shc.digits(part)}" for i, part in enumerate(parts, 1)]


def test_chunks_in_any_order() -> None:
    texts = chunks(300)
    assert shc.from_chunks(texts[::-1]) == COMPACT
    assert shc.from_chunks([f"shc:/1/1/{shc.digits(COMPACT)}"]) == COMPACT


@pytest.mark.parametrize(
    ("name", "texts", "code"),
    [
        ("a part missing", chunks(300)[1:], "chunks"),
        ("a part twice", chunks(300)[:1] * 2, "chunks"),
        ("a part outside its set", ["shc:/3/2/5676"], "chunks"),
        ("parts of two sets", ["shc:/1/2/5676", "shc:/2/3/5676"], "chunks"),
        ("part zero", ["shc:/0/2/5676"], "digits"),
        ("full-width digits", ["shc:/１/２/5676"], "digits"),
        ("another beginning", ["shc:5676"], "prefix"),
        ("capitals", ["SHC:/5676"], "prefix"),
        ("a part too long", [f"shc:/1/2/{'56' * 1192}", "shc:/2/2/5676"], "digits"),
        ("text without end", ["shc:/" + "5" * 70_000], "too-big"),
        ("nothing", [], "chunks"),
    ],
)
def test_chunks_refused(name: str, texts: list[str], code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        shc.from_chunks(texts)
    assert caught.value.refusal.code == code, name


@pytest.mark.parametrize(
    "document",
    [
        {"verifiableCredential": [f" {COMPACT}\n"]},
        {
            "resourceType": "Parameters",
            "parameter": [
                {"name": "resourceLink"},
                7,
                {"name": "verifiableCredential", "valueString": COMPACT},
            ],
        },
    ],
)
def test_files(document: dict[str, Any]) -> None:
    assert shc.jws_of_file(document) == (COMPACT,)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({}, "format"),
        ({"verifiableCredential": []}, "format"),
        ({"verifiableCredential": [COMPACT] * 51}, "format"),
        ({"verifiableCredential": [7]}, "jws"),
        ({"resourceType": "Parameters", "parameter": 7}, "format"),
        ({"resourceType": "Parameters", "parameter": [{"name": "verifiableCredential"}]}, "jws"),
    ],
)
def test_files_refused(document: dict[str, Any], code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        shc.jws_of_file(document)
    assert caught.value.refusal.code == code


def test_what_is_issued_opens_to_the_same_card() -> None:
    passed: list[str] = []
    opened = shc.open_jws(COMPACT, passed)
    assert passed == ["jws", "inflate"]
    assert (opened.text, opened.rid, opened.claims) == (CARD.text, CARD.rid, CARD.claims)


def test_a_card_whose_record_cannot_be_read_is_still_opened() -> None:
    opened = shc.open_jws(compact(), [])
    assert opened.facts is None
    assert opened.fault is not None
    assert opened.fault.code == "implausible"
    odd = shc.open_jws(compact(claims=CLAIMS | {"vc": VC | {"credentialSubject": 7}}), [])
    assert odd.facts is None


def changed(**changes: Any) -> str:
    return compact(claims=CLAIMS | changes)


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("no compression", compact({"alg": "ES256", "kid": "k"}), "jws"),
        ("critical header", compact(HEADER | {"crit": ["x"]}), "jws"),
        ("no algorithm", compact({"zip": "DEF", "kid": "k"}), "alg"),
        ("another algorithm", compact(HEADER | {"alg": "EdDSA"}), "alg"),
        ("a list of algorithms", compact(HEADER | {"alg": ["ES256"]}), "alg"),
        ("no kid", compact({"zip": "DEF", "alg": "ES256"}), "kid"),
        ("a kid beyond ASCII", compact(HEADER | {"kid": "é"}), "kid"),
        ("text without end", "a" * 70_000, "too-big"),
        ("payload not compressed", compact(payload=b"{}"), "inflate"),
        ("payload not JSON", compact(payload=deflate_raw(b"card")), "inflate"),
        ("payload is a list", compact(claims=[1]), "inflate"),
        ("no card", changed(vc=None), "jws"),
        ("another type", changed(vc={"type": ["other"]}), "jws"),
        ("a type that is text", changed(vc={"type": VC["type"][0]}), "jws"),  # type: ignore[index]  # a list
        ("a type that is a number", changed(vc={"type": 5}), "jws"),
        ("no issuer", changed(iss=None), "jws"),
        ("issuer over http", changed(iss="http://qw.example.org"), "jws"),
        ("issuer with a slash behind", changed(iss="https://qw.example.org/"), "jws"),
        ("nbf in words", changed(nbf="now"), "jws"),
        ("nbf is true", changed(nbf=True), "jws"),
        ("exp before the calendar", changed(exp=-1e30), "jws"),
        ("a rid too long", changed(vc=VC | {"rid": "a" * 25}), "jws"),
        ("a rid with a dot", changed(vc=VC | {"rid": "a.b"}), "jws"),
        ("a rid that is a number", changed(vc=VC | {"rid": 7}), "jws"),
    ],
)
def test_refused(name: str, text: str, code: str) -> None:
    with pytest.raises(RefusalError) as caught:
        shc.open_jws(text, [])
    assert caught.value.refusal.code == code, name


@pytest.mark.parametrize("time", [1_800_000_000_000, 1e30, 10**400])
def test_a_time_after_the_calendar_is_its_last_second(time: float) -> None:
    opened = shc.open_jws(changed(nbf=time, exp=time), [])
    last = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert (opened.not_before, opened.expires) == (last, last)


def test_without_the_card_type_the_envelope_does_not_count_as_held() -> None:
    passed: list[str] = []
    with pytest.raises(RefusalError):
        shc.open_jws(changed(vc=None), passed)
    assert passed == ["inflate"]
    later: list[str] = []
    with pytest.raises(RefusalError):
        shc.open_jws(changed(nbf="soon"), later)
    assert later == ["inflate"]


def test_a_rid_is_written_strictly() -> None:
    with pytest.raises(RefusalError):
        shc.claims(facts(), issuer="https://qw.example.org", times=(0, 1), rid="a" * 25)
    without = shc.claims(facts(), issuer="https://qw.example.org", times=(0, 1), rid=None)
    assert "rid" not in without["vc"]
