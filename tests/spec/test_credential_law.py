"""`spec/credential.md` and the program say the same: codes, refused tags, and each bound to the last one."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import pytest

from huxin.kernel import cbor
from huxin.kernel.errors import RefusalError
from huxin.spec import CODES, schema
from huxin.trust import issue, qr, reading, verify
from huxin.trust.credentials import hcert, smart_health_card
from tests.lib import hostile
from tests.lib.documents import ROOT, table_rows
from tests.lib.regions import NOW, REED_ISLES, facts
from tools.vectors import plain

LAW: Final = (ROOT / "spec" / "credential.md").read_text("utf-8")
CLAIMS: Final = issue.issue(facts(), REED_ISLES, now=NOW).claims


def code_of(source: Any) -> str | None:
    """Return the code with which a source is refused when it is opened, or `None`."""
    (read,) = reading.open(source)
    if read.refusal is not None:
        return read.refusal.code
    assert read.credential is not None
    return read.credential.fault.code if read.credential.fault else None


# --------------------------------------------------------------------------------- codes and tables


def test_the_law_gives_every_code_its_verdict():
    start = LAW.index("| Verdict | Codes |")
    rows = {row[0]: row[1] for row in table_rows(LAW[start : LAW.index("9.2")])}
    listed = {
        outcome: set(re.findall(r"`([a-z-]+)`", codes))
        for outcome, codes in rows.items()
        if outcome != "rejected"
    }
    for outcome, codes in listed.items():
        assert codes == {code for code, row in CODES.items() if row.outcome == outcome}


def test_every_code_of_a_verdict_is_named_by_the_law():
    codes = {code for code, row in CODES.items() if row.kind == "verdict"}
    # What a card answers to a rule is the law of rules' to say, not this one's.
    assert {code for code in codes if f"`{code}`" not in LAW} == {"rule"}


def test_the_table_of_the_attestation_has_the_members_of_the_schema():
    start = LAW.index("| Key | Meaning | | Key | Meaning |")
    rows = list(table_rows(LAW[start : LAW.index("| Event | Members")]))
    keys = {cell.strip("`") for row in rows for cell in (row[0], row[3])}
    assert keys == set(schema("attestation")["properties"])


def test_the_table_of_events_has_the_members_of_the_schema():
    start = LAW.index("| Event | Members")
    rows = {row[0]: row[1] for row in table_rows(LAW[start : LAW.index("Diseases, products")])}
    common = set(re.findall(r"`(\w)`", rows.pop("all")))
    for kind, members in rows.items():
        form = schema("attestation")["$defs"][kind]
        required, _, optional = members.partition(";")
        named = set(re.findall(r"`(\w)`", required)), set(re.findall(r"`(\w)`", optional))
        assert named[0] == set(form["required"])
        assert named[0] | named[1] | common == set(form["properties"])


def test_the_tags_that_the_law_refuses_are_refused():
    clause = LAW[LAW.index("they make programs out of data:") : LAW.index("Other tags have no")]
    tags = [int(number) for number in re.findall(r"\b\d+\b", clause.replace("3.2", ""))]
    assert len(tags) > 15
    contents: list[Any] = [0, b"", "", []]
    for tag in tags:
        for value in contents:
            with pytest.raises(RefusalError):
                cbor.loads(plain.cbor(plain.Tag(tag, value)))
    for tag in {*range(300)} - {*tags, 0, 1}:
        assert cbor.loads(plain.cbor(plain.Tag(tag, "x"))) == cbor.Tag(tag, "x"), tag


# ------------------------------------------------------------------------------------------- bounds


def test_a_text_of_a_million_characters_is_looked_at_and_no_more():
    assert code_of("x" * 1_000_000) == "prefix"
    assert code_of("x" * 1_000_001) == "too-big"
    assert code_of(b"x" * 1_000_001) == "too-big"
    assert (reading.MAX_INPUT, qr.MAX_PICTURE_BYTES) == (1_000_000, 20_000_000)


def test_an_hcert_text_has_16384_characters():
    assert code_of("HC1:" + "0" * 16_380) == "inflate"
    assert code_of("HC1:" + "0" * 16_381) == "too-big"
    assert hcert.MAX_TEXT == 16_384


def test_a_health_card_has_65536_characters():
    assert code_of("shc:/" + "4" * 65_531) == "digits"  # odd
    assert code_of("shc:/" + "4" * 65_532) == "too-big"
    assert smart_health_card.MAX_TEXT == 65_536


def test_65536_bytes_are_inflated():
    assert code_of(hostile.hcert_text(bytes(65_536))) == "cbor"
    assert code_of(hostile.hcert_text(bytes(65_537))) == "too-big"
    assert code_of(hostile.health_card_text(plain.deflate(bytes(65_536), raw=True))) == "inflate"
    assert code_of(hostile.health_card_text(plain.deflate(bytes(65_537), raw=True))) == "too-big"


@pytest.mark.parametrize("shape", ["lists", "maps", "tags"])
def test_cbor_is_16_deep(shape):
    wrap: dict[str, Any] = {
        "lists": lambda x: [x],
        "maps": lambda x: {1: x},
        "tags": lambda x: plain.Tag(99, x),
    }
    value: Any = 0
    for _ in range(16):
        value = wrap[shape](value)
    cbor.loads(plain.cbor(value))
    with pytest.raises(RefusalError):
        cbor.loads(plain.cbor(wrap[shape](value)))


def test_json_is_64_deep():
    inside = json.loads("[" * 63 + "]" * 63)
    for value, code in ((inside, "jws"), ([inside], "inflate")):
        packed = plain.deflate(plain.json_bytes({"x": value}), raw=True)
        assert code_of(hostile.health_card_text(packed)) == code


def test_a_kid_has_64_bytes():
    payload = plain.cbor(CLAIMS)
    for size, code in ((64, None), (65, "kid")):
        header = plain.cbor({1: -7, 4: bytes(size)})
        assert code_of(hostile.signed_hcert(payload, header)) == code


def test_a_card_has_20_events_and_its_texts_1000_characters():
    dose = {"tg": "1", "ci": "C"}
    for doses, name, code in (
        (20, "A" * 1_000, None),
        (21, "A", "implausible"),
        (1, "A" * 1_001, "implausible"),
    ):
        body = {"v": [dose] * doses, "nam": {"fn": name}, "dob": "1990"}
        claims = CLAIMS | {-260: {1: body}}
        assert code_of(hostile.signed_hcert(plain.cbor(claims))) == code


def test_a_health_card_has_99_parts():
    assert code_of("shc:/99/99/" + "45" * 20) == "chunks"
    assert code_of("shc:/1/100/" + "45" * 20) == "digits"
    assert code_of("shc:/1/2/" + "45" * 1_191) == "chunks"
    assert code_of("shc:/1/2/" + "45" * 1_192) == "digits"


def test_a_file_has_50_cards():
    assert len(reading.open(json.dumps({"verifiableCredential": ["x"] * 50}))) == 50
    assert code_of(json.dumps({"verifiableCredential": ["x"] * 51})) == "format"
    assert code_of(json.dumps({"verifiableCredential": []})) == "format"


def test_a_bundle_has_500_entries():
    card = issue.issue(facts(), REED_ISLES, now=NOW, format="shc").claims
    entries = card["vc"]["credentialSubject"]["fhirBundle"]["entry"]
    for count, code in ((498, None), (499, "implausible")):
        crowd = [*entries, *[{"resource": {"resourceType": "Basic"}}] * count]
        bundle = {"resourceType": "Bundle", "entry": crowd}
        vc = card["vc"] | {"credentialSubject": {"fhirBundle": bundle}}
        packed = plain.deflate(plain.json_bytes(card | {"vc": vc}), raw=True)
        assert code_of(hostile.health_card_text(packed)) == code


def test_what_is_written_is_as_short_as_the_law_says():
    assert (issue.MAX_TEXT, issue.MAX_JWS, verify.REFUSE_AFTER.days) == (600, 1_195, 30)
