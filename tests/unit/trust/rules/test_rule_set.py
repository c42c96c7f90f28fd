"""Sets of rules as they are written down: what of one cannot both hold, and value sets as others publish them."""

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.rule_set import parse_set
from tests.lib.rules import document, foreign
from tests.lib.second_door import differences


def eu_set(name, *codes, **more):
    rows = {code: {"display": code, "lang": "en", "active": True} for code in codes}
    return {"valueSetId": name, "valueSetDate": "2021-07-01", "valueSetValues": rows, **more}


YES, NO = foreign(Logic=True), foreign(Logic=False)
GOOD = {
    "one version twice, the same": [YES, YES],
    "another version": [YES, foreign(Logic=False, Version="1.0.1")],
    "the same name in another region": [YES, foreign(Logic=False, Country="QV")],
    "numbers that are worth the same": [document(logic={"===": [1, 1]}), document(logic={"===": [1.0, 1]})],
    "a list of codes": {"rules": [YES], "valueSets": {"x": ["b", "a"]}},
    "a document of the EU": {"rules": [YES], "valueSets": {"x": eu_set("y", "b", "10", "9", "a")}},
    "a list of such documents": {"rules": [YES], "valueSets": [eu_set("x", "b"), eu_set("y")]},
}  # fmt: skip
BAD = {
    "one version with two contents": [NO, YES],
    "the other way round": [YES, NO],
    "also where it only says so otherwise": [document(logic={"===": [1, 1]}), document(logic={"===": [True, 1]})],
    "in an object": {"rules": [document(), document(effect="informs")]},
    "rules that are one document": {"rules": YES},
    "no name": {"rules": [YES], "valueSets": [{"valueSetValues": {}}]},
    "a name that is no text": {"rules": [YES], "valueSets": {"x": eu_set(1, "a")}},
    "no values": {"rules": [YES], "valueSets": {"x": {"valueSetId": "x"}}},
    "values in a list": {"rules": [YES], "valueSets": {"x": {"valueSetId": "x", "valueSetValues": ["a"]}}},
    "one name twice": {"rules": [YES], "valueSets": [eu_set("x", "a"), eu_set("x", "b")]},
    "a list of lists": {"rules": [YES], "valueSets": [["a"]]},
    "a list of nothing": {"rules": [YES], "valueSets": []},
    "too many sets": {"rules": [YES], "valueSets": {str(one): [] for one in range(1_001)}},
    "too many codes": {"rules": [YES], "valueSets": {"x": ["a"] * 100_001}},
    "codes that are none": {"rules": [YES], "valueSets": {"x": ["a", 1], "y": []}},
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_a_set(name):
    assert parse_set(GOOD[name]).rules


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_set(name):
    with pytest.raises(RefusalError, match="rule-shape"):
        parse_set(BAD[name])


def test_the_order_of_a_file_decides_nothing():
    with pytest.raises(RefusalError) as caught:
        parse_set([NO, YES], name="at.json")
    assert (
        caught.value.refusal.detail == "at.json: VR-QX-0001 1.0.0 stands twice, with two contents"
    )


def test_what_is_nested_too_deep_to_be_compared_is_not_the_same():
    notes = []
    for _ in range(2):
        note: list = []
        for _ in range(5_000):
            note = [note]
        notes.append(note)
    with pytest.raises(RefusalError, match="rule-shape"):
        parse_set([foreign(Note=note) for note in notes])


def test_value_sets_of_the_eu_are_the_lists_of_their_codes():
    assert parse_set(GOOD["a document of the EU"]).value_sets == {"x": ["10", "9", "a", "b"]}
    assert parse_set(GOOD["a list of such documents"]).value_sets == {"x": ["b"], "y": []}


@pytest.mark.needs("node")
def test_the_second_implementation_takes_and_refuses_the_same():
    case = {"text": "HC1:", "at": "2026-11-23", "keys": []}
    sets = [*GOOD.values(), *BAD.values()]
    assert differences([case | {"id": at, "rules": one} for at, one in enumerate(sets)]) == []
