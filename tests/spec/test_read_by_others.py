"""What we write is read by readers that other people wrote.

SMART Health Cards by `kill-the-clipboard` (JavaScript), HCERT by `cwt` (Python); both live
in environments of their own, which `bench/install_peers.sh` makes.  They read the clock
themselves, so these cards hold for long.
"""

from __future__ import annotations

import base64
import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from huxin.kernel.instants import PartialDate
from huxin.trust.credentials import smart_health_card
from huxin.trust.credentials.credential import StatusIndex
from huxin.trust.credentials.facts import (
    Clearance,
    Code,
    Event,
    Examination,
    Facts,
    Name,
    Recovery,
    Test,
    Vaccination,
)
from huxin.trust.issue import issue, minimal
from tests.lib.regions import LIN, MEASLES_DOSE, REED_ISLES, facts

pytestmark = pytest.mark.size("all")

BENCH: Final = Path(__file__).parents[2] / "bench"
LONG_AGO: Final = datetime(2025, 1, 1, tzinfo=UTC)
FAR_AWAY: Final = datetime(2099, 12, 31, tzinfo=UTC)
SAMPLED: Final = datetime(2024, 12, 20, 8, 30, tzinfo=UTC)
UNTIL: Final = PartialDate(2099, 12, 31)

Reader = Callable[[dict[str, str]], Any]


def reader(*command: str | Path) -> Reader:
    def read(given: dict[str, str]) -> Any:
        done = subprocess.run(
            command, input=json.dumps(given), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read


@pytest.fixture(scope="module")
def kill_the_clipboard() -> Reader:
    if not (BENCH / "peers-js" / "node_modules" / "kill-the-clipboard").is_dir():
        pytest.skip("needs npm's kill-the-clipboard; run: bench/install_peers.sh")
    return reader("node", BENCH / "peers-js" / "read.mjs")


@pytest.fixture(scope="module")
def cwt() -> Reader:
    python = BENCH / ".peers" / "bin" / "python"
    if not python.exists():
        pytest.skip("needs Python's cwt; run: bench/install_peers.sh")
    return reader(python, BENCH / "read_with_cwt.py")


def issued(content: Facts, format_name: Any, **how: Any) -> Any:
    return issue(content, REED_ISLES, now=LONG_AGO, expires=FAR_AWAY, format=format_name, **how)


def shown(card: Any) -> dict[str, str]:
    return {
        "text": card.text,
        "spki": base64.b64encode(REED_ISLES.key.public.spki).decode("ascii"),
        "kid": base64.b64encode(card.kid).decode("ascii"),
    }


# ------------------------------------------------------------------------------ SMART Health Cards

CVX_DOSE: Final = replace(MEASLES_DOSE, vaccine=Code("cvx", "94"))
BLOOD_TEST: Final = Test(
    disease=None,
    method=Code("loinc", "24111-7"),
    result=Code("snomed", "260385009"),
    sampled=SAMPLED,
)
BOTH_SCRIPTS: Final = Name(family="林", given="㑇", latin_family="LIN", latin_given="ZHOU")


@pytest.mark.needs("node")
@pytest.mark.parametrize("event", [CVX_DOSE, BLOOD_TEST], ids=["vaccination", "test"])
@pytest.mark.parametrize("name", [LIN.name, BOTH_SCRIPTS], ids=["whole name", "name in parts"])
def test_kill_the_clipboard_reads_our_health_card(kill_the_clipboard, event, name):
    content = facts(event, person=replace(LIN, name=name))
    card = issued(replace(content, identifier="QW-7F3K-9D2M"), "shc")
    read = kill_the_clipboard(shown(card))
    numbers = card.text.removeprefix(smart_health_card.PREFIX)
    assert read["jws"] == smart_health_card.from_digits(numbers)
    assert read["bundle"] == card.claims["vc"]["credentialSubject"]["fhirBundle"]


@pytest.mark.needs("node")
def test_kill_the_clipboard_refuses_it_when_one_pair_of_digits_is_changed(kill_the_clipboard):
    card = issued(replace(facts(CVX_DOSE), identifier=None), "shc")
    # A pair in the middle of the signature, which is the last 86 of them.
    changed = f"{(int(card.text[-80:-78]) + 1) % 10 + 3:02d}"
    spoiled = shown(card) | {"text": card.text[:-80] + changed + card.text[-78:]}
    with pytest.raises(AssertionError, match=r"(?i)signature"):
        kill_the_clipboard(spoiled)


# ------------------------------------------------------------------------------------------- HCERT

COVID: Final = Code("snomed", "840539006")
EVENTS: Final[dict[str, tuple[str, Event]]] = {
    "EU vaccination": ("hcert-1", Vaccination(disease=COVID, dose=1, series=1,
                                              date=PartialDate(2024, 9, 1))),
    "EU test": ("hcert-1", Test(disease=COVID, method=Code("loinc", "LP6464-4"),
                                result=Code("snomed", "260415000"), sampled=SAMPLED)),
    "EU recovery": ("hcert-1", Recovery(disease=COVID, first_positive=PartialDate(2024, 8, 1),
                                        valid_from=PartialDate(2024, 8, 12), valid_until=UNTIL)),
    "WHO vaccination": ("hcert-6", Vaccination(disease=Code("who", "DB61"), dose=1,
                                               date=PartialDate(2024, 5, 2), batch="YF-2405")),
    "own vaccination": ("hcert-100", MEASLES_DOSE),
    "own test": ("hcert-100", replace(BLOOD_TEST, disease=Code("icd-11", "1G40"))),
    "own recovery": ("hcert-100", Recovery(disease=Code("icd-11", "1F03"),
                                           first_positive=PartialDate(2024, 8))),
    "own examination": ("hcert-100", Examination(purpose="food-work", valid_until=UNTIL)),
    "own clearance": ("hcert-100", Clearance(purpose="school-entry", valid_until=UNTIL)),
}  # fmt: skip


def as_others_print(value: Any) -> Any:
    """Return claims as JSON has them: keys are texts."""
    return json.loads(json.dumps(value))


@pytest.mark.parametrize(("format_name", "event"), EVENTS.values(), ids=EVENTS)
def test_cwt_reads_our_hcert(cwt, format_name, event):
    card = issued(facts(event, person=replace(LIN, name=BOTH_SCRIPTS)), format_name)
    assert cwt(shown(card)) == as_others_print(card.claims)


def test_cwt_reads_our_minimal_card_and_its_place_in_a_status_list(cwt):
    least = minimal(
        facts(EVENTS["own clearance"][1]), purpose="school-entry", identifier="QW-AAAA-BBBB"
    )
    card = issued(least, "hcert-100", status=StatusIndex("https://reed-isles.example.org/s/1", 7))
    assert cwt(shown(card)) == as_others_print(card.claims)


def test_cwt_finds_no_key_for_it_under_another_kid(cwt):
    card = issued(facts(), "hcert-100")
    spoiled = shown(card) | {"kid": base64.b64encode(b"another!").decode("ascii")}
    with pytest.raises(AssertionError):
        cwt(spoiled)
