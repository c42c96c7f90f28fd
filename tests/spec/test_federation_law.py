"""The law of the federation says what the program does: numbers, codes, layers."""

import re
from datetime import timedelta
from typing import Final

import pytest

from huxin.spec import CODES
from huxin.trust.anchors import LAYERS
from huxin.trust.federation import charter, layout, policy, quorum, reasons, region_keys
from huxin.trust.federation.freshness import DEFAULT
from tests.lib.documents import ROOT, table_rows

LAW: Final = (ROOT / "spec" / "federation.md").read_text("utf-8")
ROLES: Final = {
    row[0].partition("`")[2].partition("`")[0]: row
    for row in table_rows(LAW[LAW.index("## 2.") : LAW.index("2.1")])
}


def section(number: int) -> str:
    return LAW[LAW.index(f"## {number}.") :].partition("\n## ")[0]


def duration(text: str) -> timedelta:
    number, unit = text.split()
    return timedelta(**{{"d": "days", "h": "hours"}[unit]: int(number)})


@pytest.mark.parametrize("role", sorted(ROLES))
def test_each_role_lasts_as_the_law_says(role):
    _, _, _, lasts, again, _ = ROLES[role]
    name = "region" if role == "region-XX" else role
    assert layout.LIFETIMES[name] == duration(lasts)
    assert layout.RESIGN[name] == duration(again)


def test_the_law_knows_every_role():
    names = {name.replace("region-XX", "region") for name in ROLES}
    assert names == set(layout.LIFETIMES) == set(layout.RESIGN)


def test_every_code_stands_in_the_law_and_no_other():
    known = {code for code, row in CODES.items() if row.kind == "list"}
    assert set(re.findall(r"`(trust-[a-z]+)`", LAW)) == known
    told = {*reasons.OF_CLIENT, *reasons.OF_LINT, *reasons.OF_AGE}
    assert told == known | {"too-big"}


def test_lint_says_the_gravest_first():
    rows = [row[0].strip("`") for row in table_rows(section(5))]
    assert rows == [code for code in reasons.OF_LINT if code != "too-big"]


def test_numbers_are_those_of_the_program():
    numbers = {int(found.replace(" ", "")) for found in re.findall(r"\d+(?: \d{3})*", LAW)}
    assert numbers >= {
        layout.MOST_TIMESTAMP,
        layout.MOST_METADATA,
        layout.MOST_TARGET,
        layout.MOST_REGIONS,
        quorum.MOST_COUNCIL,
        quorum.MOST_ROOT_KEYS,
        quorum.MOST_ROOT_COUNCIL,
        region_keys.MOST_BYTES,
        region_keys.MOST_KEYS,
        policy.MOST_BYTES,
        charter.LAPSE.days,
        charter.DEFAULT_CAPS.credentials,
        charter.DEFAULT_CAPS.issuing_days,
        charter.DEFAULT_CAPS.verifying_days,
        DEFAULT.stale // timedelta(hours=1),
        DEFAULT.warn.days,
        DEFAULT.refuse.days,
    }


def test_lists_of_words_are_those_of_the_program():
    for words in (region_keys.REASONS, charter.STANDINGS, LAYERS[1:]):
        assert all(f"`{word}`" in LAW for word in words)
    assert policy.PAYLOAD_TYPE in LAW
