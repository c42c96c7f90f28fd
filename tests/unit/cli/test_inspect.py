"""`huxin inspect`: what a code contains, and that nothing was verified."""

import json

import pytest

from huxin.cli.plain_data import plain
from huxin.kernel.cbor import Tag
from huxin.kernel.instants import PartialDate
from huxin.trust import qr
from huxin.trust.credentials import cose, hcert
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.credentials.facts import Clearance
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.terminal import Terminal


@pytest.fixture
def terminal(tmp_path) -> Terminal:
    return Terminal(tmp_path)


@pytest.fixture(scope="module")
def text() -> str:
    return issue(facts(), REED_ISLES, now=NOW, status=StatusIndex("https://a.example/1", 7)).text


def sealed(claims: dict, unprotected: bytes | None = None) -> str:
    """Return an HC1 text around any claims; nobody looks at the signature here."""
    protected = cose.protect("ES256", b"12345678")
    return hcert.seal(protected, hcert.payload(claims), b"\0" * 64)


def test_a_card_without_trust(terminal, text):
    picture = terminal.folder / "card.png"
    picture.write_bytes(qr.png(text))
    result = terminal.run("inspect", picture)
    assert result.exit_code == 0
    for shown in (
        "Nothing was verified", "hcert-100", "✓ picture", "✓ cose", "ES256", "林㑇", "LIN ZHOU",
        "2020-03-05", "icd-11:1F03", "https://a.example/1 #7", '"k": "vaccination"',
        "Whoever scans it reads", "苇洲接种门诊",
    ):  # fmt: skip
        assert shown in result.stdout, shown
    assert text not in result.stdout


def test_the_same_in_chinese(terminal, text):
    shown = terminal.run("inspect", text, "--lang", "zh").stdout
    assert "什么都没有查验" in shown
    assert "扫码的人会读到" in shown


def test_an_exemption_is_there_to_be_seen_by_who_asks(terminal):
    exempt = Clearance(purpose="forum", exemption=True, valid_until=PartialDate(2027, 1, 1))
    card = issue(facts(exempt), REED_ISLES, now=NOW).text
    rows = [line.split() for line in terminal.run("inspect", card).stdout.splitlines()]
    assert ["Exemption", "yes"] in rows


def test_json(terminal, text):
    data = terminal.json("inspect", text)
    assert data["verified"] is False
    (card,) = data["cards"]
    assert card["header"]["alg"] == "ES256"
    assert card["claims"]["-260"]["-100"]["k"] == "vaccination"
    assert card["facts"]["events"][0]["kind"] == "vaccination"
    assert "Latin name" in card["reveals"]
    assert card["issued"] == "2026-11-23T10:00:00Z"


def test_a_health_card(terminal):
    data = terminal.json("inspect", issue(facts(), REED_ISLES, now=NOW, format="shc").text)
    (card,) = data["cards"]
    assert card["steps"] == {"digits": True, "jws": True, "inflate": True}
    assert card["claims"]["vc"]["rid"] == "QW-7F3K-9D2M-Q8XA"
    assert card["not_before"] == "2026-11-23T10:00:00Z"
    shown = terminal.run("inspect", issue(facts(), REED_ISLES, now=NOW, format="shc").text).stdout
    assert "rid" in shown
    assert REED_ISLES.health_card_kid in shown


@pytest.mark.parametrize(
    ("text", "code", "step"),
    [
        ("HC1:ABC", "inflate", "inflate"),
        ("hello", "prefix", "prefix"),
        ("shc:/1", "digits", "digits"),
    ],
)
def test_what_cannot_be_read_says_where_it_stopped(terminal, text, code, step):
    result = terminal.run("inspect", text)
    assert result.exit_code == 1
    assert f"[{code}]" in result.stdout
    assert f"✕ {step}" in result.stdout
    (card,) = terminal.json("inspect", text)["cards"]
    assert card["refused"]["code"] == code
    assert card["steps"][step] is False


def test_content_that_makes_no_facts_is_shown_as_claims(terminal):
    text = sealed({1: "QW", -260: {1: {"v": [], "x": b"\xff", "y": NOW, "z": Tag(99, 1)}}})
    result = terminal.run("inspect", text)
    assert result.exit_code == 0
    assert "[implausible]" in result.stdout
    assert "nothing about a person" in result.stdout
    (card,) = terminal.json("inspect", text)["cards"]
    assert card["facts"] is None
    assert card["claims"]["-260"]["1"] == {
        "v": [], "x": "_w", "y": "2026-11-23T10:00:00Z", "z": {"tag": 99, "value": 1},
    }  # fmt: skip


def test_several_cards(terminal, text):
    result = terminal.run("inspect", text, "HC1:ABC")
    assert result.exit_code == 1
    assert result.stdout.count("Nothing was verified") == 2


def test_plain_data():
    assert plain({-260: b"\0", b"k": [1.5, float("inf")], (1, 2): {"a": float("nan")}}) == {
        "-260": "AA", "aw": [1.5, "inf"], "[1,2]": {"a": "nan"},
    }  # fmt: skip
    assert plain(NOW.date()) == "2026-11-23"
    assert plain((1, "x", False)) == [1, "x", False]
    assert plain({False: 1}) == {"false": 1}
    assert plain(object).startswith("<class")
    assert json.dumps(plain(float("-inf")), allow_nan=False) == '"-inf"'
