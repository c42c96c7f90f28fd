"""The schema of claim -100 and the program that writes it say the same.

What `issue` writes under claim -100 is allowed by `attestation.schema.json`, whatever
facts it was given; and its own quick form of the schema refuses what the schema refuses.
"""

from __future__ import annotations

from typing import Any, Final

import jsonschema
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from huxin.kernel.errors import RefusalError
from huxin.spec import CODES, schema
from huxin.trust.credentials import attestation, attestation_form
from huxin.trust.credentials.facts import KINDS
from huxin.trust.issue import issue
from tests.lib.facts import kept_by, own, texts, wild
from tests.lib.regions import NOW, REED_ISLES

SCHEMA: Final = schema("attestation")
VALIDATOR: Final = jsonschema.Draft202012Validator(SCHEMA)

# `issue` asks for a name and an identifier before a card is written.
ASKED_BEFORE: Final = ("i", "l", "n")
MEMBERS: Final = st.one_of(
    st.none(),
    # What is empty is left out, never written.  In Python's patterns, not in those of JSON
    # Schema, `$` also stands before a last line break.
    st.text(min_size=1, max_size=90).filter(lambda text: not text.endswith("\n")),
    texts(100),
    st.from_regex(r"[a-z0-9-]{0,34}[:/][!-~]{0,42}", fullmatch=True),
    st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}Z?)?", fullmatch=True),
)


def allowed(card: dict[str, Any]) -> bool:
    return VALIDATOR.is_valid(card)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@given(wild())
def test_what_is_issued_is_allowed_and_all_else_is_refused(facts):
    try:
        card = issue(facts, REED_ISLES, now=NOW)
    except RefusalError as error:
        event(error.refusal.code)
        assert error.refusal.code in CODES
        return
    event("issued")
    VALIDATOR.validate(card.claims[-260][-100])


@given(kept_by("hcert-100"))
def test_sound_facts_make_an_allowed_card(facts):
    VALIDATOR.validate(attestation.write(facts))


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_the_quick_form_and_the_schema_agree(kind, data):
    card = attestation.write(data.draw(own(kind)))
    inside = card["e"] if data.draw(st.booleans()) else card
    key = data.draw(st.sampled_from(sorted(set(inside) - {"e", "k", "v"})))
    value = data.draw(MEMBERS | st.integers(-1, 30) if isinstance(inside[key], int) else MEMBERS)
    if value is not None:
        inside[key] = value
    elif key not in ASKED_BEFORE:
        del inside[key]
    assert passes(card) == allowed(card), (key, value)


def passes(card: dict[str, Any]) -> bool:
    try:
        attestation_form.check(card)
    except RefusalError:
        return False
    return True
