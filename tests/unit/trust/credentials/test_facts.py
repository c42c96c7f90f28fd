from datetime import UTC, datetime

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust.credentials.facts import Clearance, Code, Name, Test, as_json
from tests.lib.regions import facts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("icd-11:1F03", Code("icd-11", "1F03")),
        ("urn:x:y", Code("urn", "x:y")),
        ("1F03", Code("", "1F03")),
    ],
)
def test_codes_name_their_system(text: str, code: Code) -> None:
    assert Code.parse(text) == code


@pytest.mark.parametrize(
    ("name", "native", "latin"),
    [
        (Name("林", "㑇"), "林㑇", ""),
        (Name("𠅤", "䶮"), "𠅤䶮", ""),
        (
            Name("Gößinger", "Gabriele", "GOESSINGER", "GABRIELE"),
            "Gabriele Gößinger",
            "GOESSINGER GABRIELE",
        ),
        (Name("豈", "Ann"), "Ann 豈", ""),
        (Name(latin_family="VAN<DER<BERG"), "", "VAN DER BERG"),
        (Name(whole="林㑇", latin_whole="LIN ZHOU"), "林㑇", "LIN ZHOU"),
        (Name(family="Ali"), "Ali", ""),
    ],
)
def test_names_are_joined_as_their_script_does(name: Name, native: str, latin: str) -> None:
    assert (name.native, name.latin) == (native, latin)
    assert name.shown == (native or latin)


def test_facts_become_plain_json() -> None:
    data = as_json(facts())
    assert data["person"] == {
        "name": {"whole": "林㑇", "latin_whole": "LIN ZHOU"},
        "birth": "2020-03-05",
    }
    assert data["events"][0]["kind"] == "vaccination"
    assert data["events"][0]["disease"] == "icd-11:1F03"
    assert "maker" not in data["events"][0]


def test_instants_and_flags_become_json() -> None:
    test = Test(disease=None, sampled=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    assert as_json(test) == {"kind": "test", "sampled": "2026-01-02T03:04:00Z"}
    clearance = Clearance(
        purpose="school-entry", exemption=True, valid_until=PartialDate(2027, 1, 1)
    )
    assert as_json(clearance)["exemption"] is True
