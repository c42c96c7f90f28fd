"""The conformance door: one line in, one line out, and nothing stops it."""

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from huxin.cli import jsonl, lines, speech
from huxin.kernel.crypto import self_signed
from huxin.kernel.jws import b64url
from huxin.trust import qr
from huxin.trust.credentials import cose, hcert
from huxin.trust.credentials.facts import Name
from huxin.trust.issue import issue
from tests.lib.regions import LANTERN_BAY, LIN, NOW, REED_ISLES, facts
from tests.lib.terminal import Terminal

AT = "2026-11-23T10:00:00Z"
DER = self_signed(
    REED_ISLES.key, name="QW", serial=1, not_before=NOW.replace(year=2025),
    not_after=NOW.replace(year=2028),
)  # fmt: skip
JWK = REED_ISLES.key.public.jwk()
BY_JWK = [{"jwk": JWK}]
HERE = Path()


@pytest.fixture(scope="module")
def card() -> str:
    return issue(facts(), REED_ISLES, now=NOW).text


@pytest.fixture(scope="module")
def health_card() -> str:
    return issue(facts(), REED_ISLES, now=NOW, format="shc").text


def told(folder=HERE, **case) -> dict:
    line = {"id": "a", "keys": BY_JWK, "at": AT} | case
    return jsonl.answer(json.dumps(line).encode(), folder)


def base64_of(data: bytes) -> str:
    return base64.b64encode(data).decode()


# -------------------------------------------------------------------------------------- the answer


def test_an_answer_has_its_fields_and_no_others(card):
    answer = told(text=card)
    assert list(answer) == ["id", "format", "steps", "claims", "facts", "verdict", "code"]
    assert (answer["id"], answer["format"]) == ("a", "hcert-100")
    assert (answer["verdict"], answer["code"]) == ("accepted", "ok")
    assert answer["claims"]["1"] == "QW"
    assert answer["claims"]["-260"]["-100"]["n"] == "林㑇"
    assert answer["facts"]["person"]["birth"] == "2020-03-05"
    assert answer["steps"] == {
        "picture": None, "prefix": True, "base45": True, "inflate": True, "cose": True,
        "key": True, "signature": True, "time": True, "usage": True, "plausible": True,
    }  # fmt: skip


def test_a_health_card_has_its_own_steps(health_card):
    answer = told(text=health_card, keys=[{"jwk": JWK, "issuer": REED_ISLES.health_card_issuer}])
    assert (answer["format"], answer["code"]) == ("shc", "ok")
    assert answer["steps"] == {
        "picture": None, "digits": True, "jws": True, "inflate": True, "key": True,
        "signature": True, "time": True, "plausible": True, "revoked": True,
    }  # fmt: skip
    assert answer["claims"]["iss"] == REED_ISLES.health_card_issuer


@pytest.mark.parametrize(
    ("text", "format", "step", "code"),
    [
        ("hello", None, "prefix", "prefix"),
        ("HC1:A a", "hcert", "base45", "base45"),
        ("HC1:ABC", "hcert", "inflate", "inflate"),
        ("shc:/5", "shc", "digits", "digits"),
        ("eyJ.x", "shc", "jws", "jws"),
        ("{}", None, "jws", "format"),
        ("shlink:/abc", "shlink", "prefix", "format"),
    ],
)
def test_a_card_that_cannot_be_opened_says_at_which_step(text, format, step, code):
    answer = told(text=text)
    assert (answer["format"], answer["code"], answer["verdict"]) == (format, code, "rejected")
    assert answer["steps"][step] is False
    steps = list(answer["steps"])
    later = steps[steps.index(step) + 1 :]
    assert all(answer["steps"][name] is None for name in later)
    assert (answer["claims"], answer["facts"]) == (None, None)


def test_a_picture_of_a_card(card):
    answer = told(picture=base64_of(qr.png(card)))
    assert (answer["code"], answer["steps"]["picture"]) == ("ok", True)
    folded = "\n".join(base64.encodebytes(qr.png(card)).decode().splitlines())
    assert told(picture=folded)["code"] == "ok"


@pytest.mark.parametrize("data", [b"", b"<svg/>", b"\x89PNG", b"HC1:ABC", b"%PDF-1.4"])
def test_a_picture_that_is_none_is_never_read_as_a_text(data):
    answer = told(picture=base64_of(data))
    assert (answer["code"], answer["format"]) == ("picture", None)
    assert answer["steps"]["picture"] is False
    assert answer["steps"]["prefix"] is None


def test_a_page_of_a_pdf(card):
    page, out = Image.open(io.BytesIO(qr.png(card, scale=6))).convert("RGB"), io.BytesIO()
    page.save(out, "PDF", resolution=150)
    assert told(picture=base64_of(out.getvalue()))["code"] == "ok"


def test_a_file_beside_the_cases(tmp_path, card, health_card):
    (tmp_path / "card.png").write_bytes(qr.png(card))
    (tmp_path / "card.txt").write_text(card)
    assert told(tmp_path, file="card.png")["steps"]["picture"] is True
    assert told(tmp_path, file="card.txt")["steps"]["picture"] is None
    for name in ("no.png", ".", "a\0b"):
        assert told(tmp_path, file=name)["code"] == "bad-input"


def test_the_parts_of_a_health_card(health_card):
    digits = health_card.removeprefix("shc:/")
    half = len(digits) // 4 * 2
    parts = [f"shc:/2/2/{digits[half:]}", f"shc:/1/2/{digits[:half]}"]
    assert told(texts=parts)["code"] == "ok"
    assert told(texts=parts[:1])["code"] == "chunks"


def test_texts_are_shown_by_one_person_and_a_file_holds_a_family(tmp_path):
    jws, other = (
        issue(facts(person=replace(LIN, name=Name(whole=name))), REED_ISLES, now=NOW, format="shc")
        for name in ("林㑇", "王小明")
    )
    assert told(texts=[jws.text, other.text])["code"] == "person"
    compact = [f"{one.signed.decode()}.{b64url(one.signature)}" for one in (jws, other)]
    family = json.dumps({"verifiableCredential": compact})
    assert told(text=family)["code"] == "ok"
    (tmp_path / "family.smart-health-card").write_text(family)
    assert told(tmp_path, file="family.smart-health-card")["code"] == "ok"


def test_the_worst_of_several_is_told_of_with_its_steps(card):
    broken = card[:60] + ("0" if card[60] != "0" else "1") + card[61:]
    answer = told(texts=[card, broken])
    assert answer["verdict"] == "rejected"
    assert False in answer["steps"].values()
    stranger = issue(facts(), LANTERN_BAY, now=NOW).text
    assert told(texts=[card, stranger])["code"] == "untrusted"


def test_claims_that_json_has_no_word_for():
    claims = {1: "QW", -260: {1: {"v": [], b"\xff": b"\xff", "t": NOW, "f": float("inf")}}}
    text = hcert.seal(cose.protect("ES256", REED_ISLES.kid), hcert.payload(claims), b"\0" * 64)
    answer = told(text=text)
    assert answer["claims"]["-260"]["1"] == {
        "v": [], "_w": "_w", "t": "2026-11-23T10:00:00Z", "f": "inf",
    }  # fmt: skip
    json.dumps(answer, allow_nan=False)


# ----------------------------------------------------------------------------------------------- keys


def certified(region, der):
    from huxin.kernel.identifiers import kid_of

    class Certified:
        """The region's key, called by its certificate."""

        def __getattr__(self, name):
            return kid_of(der) if name == "kid" else getattr(region, name)

    return Certified()


def test_a_certificate(card):
    text = issue(facts(), certified(REED_ISLES, DER), now=NOW).text
    certificate = base64_of(DER)
    assert told(text=text, keys=[{"certificate": certificate}])["code"] == "ok"
    assert told(text=text, keys=[{"certificate": certificate, "jwk": None}])["code"] == "ok"
    assert told(text=text, keys=BY_JWK)["code"] == "untrusted"
    late = told(text=text, keys=[{"certificate": certificate}], at="2029-01-01T00:00:00Z")
    assert (late["code"], late["steps"]["time"]) == ("expired", False)


@pytest.mark.parametrize(
    "keys",
    [
        None,
        [],
        [{"certificate": ""}],
        [{"certificate": "AAAA"}],
        [{"certificate": "***"}],
        [{"jwk": {}}],
        [{"jwk": {"kty": "EC", "crv": "P-521", "x": "AA", "y": "AA"}}],
        [{"jwk": JWK | {"kid": 7}}],
        [{"jwk": LANTERN_BAY.key.public.jwk()}],
    ],
)
def test_keys_that_serve_for_nothing_are_not_offered(card, keys):
    answer = told(text=card, keys=keys)
    assert (answer["code"], answer["verdict"]) == ("untrusted", "cross-check")
    assert (answer["steps"]["key"], answer["steps"]["signature"]) == (False, None)


def test_a_health_card_of_another_address(health_card):
    keys = [{"jwk": JWK, "issuer": "https://elsewhere.example.org"}]
    assert told(text=health_card, keys=keys)["code"] == "untrusted"
    assert told(text=health_card, keys=BY_JWK)["code"] == "ok"


def test_revoked(health_card):
    revoked = [{"kid": REED_ISLES.health_card_kid, "rids": ["QW-7F3K-9D2M-Q8XA"]}]
    answer = told(text=health_card, revoked=revoked)
    assert (answer["code"], answer["steps"]["revoked"]) == ("revoked", False)
    assert told(text=health_card, revoked=[])["steps"]["revoked"] is True
    assert told(text=health_card, revoked=None)["steps"]["revoked"] is True
    assert told(text=health_card, revoked=[{"kid": "x"}])["code"] == "bad-input"


# ------------------------------------------------------------------------------------------ bad lines


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"{",
        b"[]",
        b"7",
        b"\xff",
        b'{"id": NaN}',
        b'{"id": 1e999, "text": "x", "at": "2026-11-23T10:00:00Z"}',
        b'{"id": ["a"]}',
        b"[" * 100_000,
    ],
    ids=lambda line: repr(line[:20]),
)
def test_a_line_that_is_no_case(line):
    answer = jsonl.answer(line, HERE)
    assert (answer["id"], answer["code"], answer["verdict"]) == (None, "bad-input", "unknown")
    assert answer["steps"] == {}


@pytest.mark.parametrize(
    "case",
    [
        {},
        {"text": None},
        {"text": 7},
        {"text": "x", "picture": "AAAA"},
        {"texts": []},
        {"texts": "x"},
        {"texts": [7]},
        {"picture": "***"},
        {"text": "x", "at": None},
        {"text": "x", "at": 7},
        {"text": "x", "at": "soon"},
        {"text": "x", "keys": {}},
        {"text": "x", "keys": [7]},
        {"text": "x", "keys": [{}]},
        {"text": "x", "keys": [{"jwk": 7}]},
        {"text": "x", "keys": [{"jwk": JWK, "certificate": "AAAA"}]},
        {"text": "x", "keys": [{"jwk": JWK, "issuer": 7}]},
        {"text": "x", "keys": [{"certificate": 7}]},
        {"text": "x", "keys": [{"jwk": JWK}] * 10_001},
        {"text": "x", "revoked": 7},
    ],
    ids=lambda case: json.dumps(case)[:50],
)
def test_a_case_with_a_fault_keeps_its_id(case):
    answer = told(**case)
    assert (answer["id"], answer["code"]) == ("a", "bad-input")


@pytest.mark.parametrize("identifier", ["x", 7, 1.5, True, None, "\ud800"])
def test_ids_come_back(card, identifier):
    assert told(id=identifier, text=card)["id"] == identifier


# --------------------------------------------------------------------------------------------- the run


def cases(card: str) -> bytes:
    good = json.dumps({"id": 1, "text": card, "keys": BY_JWK, "at": AT}).encode()
    return b"\n".join([good, b"junk", b"", good.replace(b'"id": 1', b'"id": "\\ud800"'), good])


def test_one_line_in_one_line_out_in_order(tmp_path, card):
    path = tmp_path / "cases.jsonl"
    path.write_bytes(cases(card))
    terminal = Terminal(tmp_path)
    result = terminal.run("verify", "--jsonl", path)
    assert result.exit_code == 0
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [one["id"] for one in answers] == [1, None, None, "\ud800", 1]
    assert [one["code"] for one in answers] == ["ok", "bad-input", "bad-input", "ok", "ok"]
    assert result.stderr == ""
    piped = terminal.run("verify", "--jsonl", "-", typed=cases(card))
    assert piped.stdout == result.stdout


def test_a_missing_file(tmp_path):
    result = Terminal(tmp_path).run("verify", "--jsonl", tmp_path / "no.jsonl")
    assert result.exit_code == 2
    assert "no such file" in result.stderr


def test_a_line_too_long_is_passed_over(tmp_path, card, monkeypatch):
    monkeypatch.setattr(lines, "MAX_LINE", 2_000)
    good = json.dumps({"id": 1, "text": card, "keys": BY_JWK, "at": AT}).encode()
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"\n".join([b"x" * 9_000, good, b"x" * 2_001, good, b"x" * 5_000]))
    result = Terminal(tmp_path).run("verify", "--jsonl", path)
    codes = [json.loads(line)["code"] for line in result.stdout.splitlines()]
    assert codes == ["bad-input", "ok", "bad-input", "ok", "bad-input"]


def test_a_fault_of_ours_stops_nothing_and_is_told(tmp_path, card, monkeypatch):
    def fall(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(jsonl, "verify", fall)
    path = tmp_path / "cases.jsonl"
    path.write_bytes(cases(card))
    result = Terminal(tmp_path).run("verify", "--jsonl", path)
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 5
    assert "ZeroDivisionError" in result.stderr


def test_a_bar_where_somebody_watches(tmp_path, card, monkeypatch):
    from rich.console import Console

    shown = io.StringIO()
    monkeypatch.setattr(speech, "console", lambda **_: Console(file=shown, force_terminal=True))
    path = tmp_path / "cases.jsonl"
    path.write_bytes(cases(card))
    result = Terminal(tmp_path).run("verify", "--jsonl", path)
    assert len(result.stdout.splitlines()) == 5
    assert shown.getvalue()
