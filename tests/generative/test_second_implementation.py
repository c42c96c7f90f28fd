"""Spoilt cards, rules and lists, judged by both implementations: hundreds here, tens of thousands in `make soak`, no difference."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from huxin.kernel import cbor
from tests.conftest import SIZE
from tests.generative.test_hostile_input import CARD_LAYERS, CARDS, LAYERS
from tests.lib import hostile, rule_cases
from tests.lib.regions import LANTERN_BAY, NOW, REED_ISLES
from tests.lib.second_door import differences
from tools.vectors import plain

pytestmark = pytest.mark.needs("node")

# Of each layer of each format, and of each kind of case with rules or lists.
NUMBER: Final = {"quick": 10, "all": 40, "soak": 1_200}[SIZE]
KEYS: Final = [
    {
        "jwk": REED_ISLES.key.public.jwk() | {"kid": REED_ISLES.health_card_kid},
        "issuer": REED_ISLES.health_card_issuer,
    },
    {"jwk": LANTERN_BAY.key.public.jwk()},
]

_Made = TypeVar("_Made")


def drawn(strategy: st.SearchStrategy[Any], made: Callable[[Any], _Made | None]) -> list[_Made]:
    """Return what comes of so many examples; what cannot be written is left out."""
    found: list[_Made] = []

    @settings(
        max_examples=NUMBER,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def draw(example: Any) -> None:
        one = made(example)
        if one is not None:
            found.append(one)

    draw()
    return found


CASES: Final = {
    "expressions": ("eval", rule_cases.evaluations),
    "rules": ("check", rule_cases.checks),
    "people of a pack": ("verify", rule_cases.pack_people),
    "cards of every format": ("verify", rule_cases.any_cards),
    "EU certificates": ("verify", rule_cases.eu_people),
    "status sets": ("verify", rule_cases.status_cases),
}


@pytest.mark.parametrize("kind", CASES)
def test_cases_with_rules_and_lists(kind):
    door, strategy = CASES[kind]
    cases = drawn(strategy(), lambda case: case)
    assert cases
    assert differences(cases, door) == []


def agree(texts: list[str]) -> None:
    assert texts
    cases = [{"id": number, "text": text, "keys": KEYS, "at": NOW.isoformat()} for number, text in enumerate(texts)]  # fmt: skip
    assert differences(cases) == []


@pytest.mark.parametrize("layer", LAYERS)
@pytest.mark.parametrize("name", ["hcert-6", "hcert-100"])
def test_bytes_spoilt_at_a_layer(name, layer):
    data, wrap = hostile.hcert_wraps(CARDS[name].text)[layer]
    agree(drawn(hostile.edits(), lambda edits: wrap(hostile.spoiled(data, edits))))


@pytest.mark.parametrize("layer", CARD_LAYERS)
def test_bytes_of_a_health_card_spoilt_at_a_layer(layer):
    data, wrap = hostile.health_card_wraps(CARDS["shc"].text)[layer]
    agree(drawn(hostile.edits(), lambda edits: wrap(hostile.spoiled(data, edits))))


@pytest.mark.parametrize("name", ["hcert-6", "hcert-100"])
def test_another_value_anywhere_under_a_signature(name):
    payload = cbor.loads(hostile.parts_of(CARDS[name].text)[2])

    def made(example: tuple[Any, list[int]]) -> str | None:
        value, turns = example
        chosen = iter(turns)
        changed = hostile.replaced(payload, value, lambda number: next(chosen, 0) % number)
        return signed(changed)

    places = st.lists(st.integers(0, 30), max_size=8)
    agree(drawn(st.tuples(hostile.cbor_values(), places), made))


def test_any_cbor_under_a_signature():
    agree(drawn(hostile.cbor_values(), signed))


def signed(payload: Any) -> str | None:
    try:
        return hostile.signed_hcert(plain.cbor(payload))
    except (OverflowError, TypeError, ValueError):
        return None
