"""The schema of rule documents and the program that reads them say the same."""

from __future__ import annotations

from typing import Any, Final

import jsonschema
import pytest
from hypothesis import event, given

from huxin.kernel.errors import RefusalError
from huxin.packs import reader
from huxin.spec import schema
from huxin.trust.rules.adopt import documents
from huxin.trust.rules.expression import parse_logic
from huxin.trust.rules.rule import parse_rule
from tests.lib.logic import logics
from tests.lib.pack_people import local
from tests.lib.rules import document

SCHEMA: Final = schema("rule")
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)
SPAN: Final = {
    "published": local("2026-11-01 00:00"),
    "valid_from": local("2026-11-04 00:00"),
    "valid_until": local("2026-11-24 00:00"),
}


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_every_rule_of_a_pack_is_allowed(pack: str) -> None:
    for one in documents(pack, region="QV", **SPAN):
        VALIDATOR.validate(one)


def test_an_instant_may_have_many_decimals() -> None:
    last = document(valid_until="9999-12-31T23:59:59.9999999Z")
    VALIDATOR.validate(last)
    assert parse_rule(last).valid_until.microsecond == 999_999


def test_what_may_be_left_out() -> None:
    for name in ("published", "basis", "standing", "next_step", "fields"):
        VALIDATOR.validate(document(**{name: None}))


@pytest.mark.parametrize(
    "changes",
    [
        {"format": "huxin-rule/2"},
        {"id": None},
        {"id": "a b"},
        {"region": "-QV"},
        {"version": "1.0"},
        {"version": "01.0.0"},
        {"type": "wish"},
        {"purpose": "School"},
        {"purpose": "work/"},
        {"purpose": "work/food/cold"},
        {"kinds": ["rumour"]},
        {"kinds": "vaccination"},
        {"reads": "minds"},
        {"effect": "colours"},
        {"standing": "perhaps"},
        {"valid_until": None},
        {"valid_until": "2027-09-01T00:00:00"},
        {"valid_until": "soon"},
        {"published": "2026-09-01"},
        {"published": "2026-08-01t00:00:00z"},
        {"published": "2026-08-01T00:00:00.Z"},
        {"published": "2026-W31-6T00:00:00Z"},
        {"basis": document()["basis"] | {"read": "20260720"}},
        {"basis": "law"},
        {"basis": {"instrument": {}, "article": "1", "read": "2026"}},
        {"basis": {"instrument": {}, "read": "2026-07-20"}},
        {"outbreak": {"declared": "2026-08-30"}},
        {"outbreak": {"declared": "2026-08-30", "remote_lessons": {"en": "x"}, "by": "me"}},
        {"description": None},
        {"description": {"": "x"}},
        {"description": {"en": ""}},
        {"description": {"en": "x" * 2_001}},
        {"fields": ["x"] * 201},
        {"colour": "red"},
        {"logic": None},
        {"logic": {}},
        {"logic": {"or": [1, 2]}},
        {"logic": {"var": "a..b"}},
        {"logic": {"!": []}},
        {"logic": {"and": [True]}},
        {"logic": {"plusTime": ["2021-06-01", 1, "week"]}},
        {"logic": {"plusTime": ["2021-06-01", {"+": [1, 1]}, "day"]}},
        {"logic": 2**53},
    ],
    ids=str,
)
def test_both_refuse(changes: dict[str, Any]) -> None:
    changed = document(**changes)
    assert not VALIDATOR.is_valid(changed)
    with pytest.raises(RefusalError):
        parse_rule(changed)


@given(logic=logics())
def test_both_take_the_same_logic(logic: Any) -> None:
    """Of what is neither too deep nor too large: a schema does not count."""
    try:
        parse_logic(logic)
        taken = True
    except RefusalError as error:
        event(error.refusal.code)
        taken = False
    assert VALIDATOR.is_valid(document(logic=logic)) is taken
