"""The rules of a pack: a frame that lacks what a region gives, and what is wrong with one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from huxin.packs import reader
from huxin.packs.errors import PackError
from huxin.packs.templates import parse_templates


def rule(**changes: Any) -> dict[str, Any]:
    found = copy.deepcopy(dict(reader.templates("icvp").rules[0]))
    return {name: one for name, one in (found | changes).items() if one is not None}


def told(*rules: Any, **sets: Any) -> dict[str, Any]:
    return {"valueSets": sets, "rules": list(rules)}


def test_value_sets_and_rules_are_kept_as_they_are():
    found = parse_templates(told(rule(), rule(id="B", purpose="entry/polio"), diseases=["a", "b"]))
    assert found.value_sets == {"diseases": ("a", "b")}
    assert found.rules[0] == rule()
    assert found.purposes() == ("entry/yellow-fever", "entry/polio")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (None, "it holds valueSets and rules"),
        ({"rules": []}, "it holds valueSets and rules"),
        (told() | {"colour": "red"}, "it holds valueSets and rules"),
        ({"valueSets": [], "rules": []}, "value sets are lists of codes"),
        (told(diseases="a"), "value sets are lists of codes"),
        (told(diseases=[5]), "value sets are lists of codes"),
        ({"valueSets": {}, "rules": {}}, "rules are a list"),
        (told(5), "rule 1: not an object"),
        (told(rule(region="QV")), "rule 1: region is given by the region"),
        (told(rule(valid_until="2027-01-01T00:00:00Z")), "rule 1: valid_until is given"),
        (told(rule(), rule(id="B", colour="red")), "rule 2: there is no field colour"),
        (told(rule(logic=None)), "rule 1: logic is missing"),
        (told(rule(effect=None)), "rule 1: effect is missing"),
        (told(rule(purpose=5)), "rule 1: the purpose is not a text"),
        (told(rule(basis="law")), "rule 1: basis is not told in"),
        (told(rule(basis={"instrument": {"en": "law"}})), "rule 1: basis is not told in"),
        (told(rule(description={"en": "x", "zh-Hans": "x"})), "rule 1: description is not told in"),
        (told(rule(next_step="go")), "rule 1: next_step is not told in"),
        (told(rule(outbreak="soon")), "rule 1: outbreak is not told in"),
        (told(rule(), rule()), "the rule ENTRY-YELLOW-FEVER stands twice"),
    ],
)
def test_a_frame_that_does_not_hold_together(data, why):
    with pytest.raises(PackError, match=why):
        parse_templates(data)
