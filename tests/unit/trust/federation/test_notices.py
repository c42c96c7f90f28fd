"""What regions tell one another: one form, never unsaid, and no reason to believe less."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from huxin.kernel.errors import RefusalError
from huxin.trust.federation.notices import (
    MOST_NOTICES,
    Notice,
    added,
    all_notices,
    parse_notices,
    write_notices,
)
from tests.lib.federation_dicts import NOW, WORDS

ONE = Notice("2026-001", "incident", NOW, WORDS, WORDS, ("QV", "QW"))
NO = ("QW", {"zh": "不", "en": "No"})


def code(call):
    with pytest.raises(RefusalError) as caught:
        call()
    return caught.value.refusal.code


def test_notices_come_back_as_they_were_written():
    later = replace(ONE, name="2026-002", kind="news", corrects="2026-001", concerns=())
    data = write_notices("QV", (ONE, later))
    assert parse_notices(data, by="QV") == (ONE, later)
    assert data == write_notices("QV", (replace(ONE, concerns=("QW", "QV")), later))
    together = write_notices("federation", (replace(ONE, dissent=(NO,)),))
    assert parse_notices(together, by="federation")[0].dissent == (NO,)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(by="QW"),
        lambda whole: whole.update(more=1),
        lambda whole: whole["notices"].append(whole["notices"][0]),
        lambda whole: whole["notices"][0].update(kind="joke"),
        lambda whole: whole["notices"][0].update(colour="red"),
        lambda whole: whole["notices"][0].update(at="today"),
        lambda whole: whole["notices"][0].update(concerns=["?"]),
        lambda whole: whole["notices"][0].update(text={"zh": "只有中文"}),
        lambda whole: whole["notices"][0].update(dissent=[{"region": "QW", "text": WORDS}]),
    ],
    ids=["of others", "a field", "a name twice", "a kind", "a field of one", "an instant", "a region", "one language", "dissent from oneself"],
)  # fmt: skip
def test_what_is_not_in_order_is_refused(change):
    whole = json.loads(write_notices("QV", (ONE,)))
    change(whole)
    assert code(lambda: parse_notices(json.dumps(whole).encode(), by="QV")) == "trust-file"


def test_one_more_comes_behind_the_others_and_none_goes():
    held = added(None, ONE, by="QV")
    two = replace(ONE, name="2026-002", corrects="2026-001")
    assert parse_notices(added(held, two, by="QV"), by="QV") == (ONE, two)
    for wrong in (ONE, replace(two, corrects="2025-009"), replace(two, corrects="2026-002")):
        assert code(lambda wrong=wrong: added(held, wrong, by="QV")) == "trust-file"


def test_of_too_many_the_oldest_goes():
    many = [replace(ONE, name=f"n{number}") for number in range(MOST_NOTICES)]
    many[1] = replace(many[1], corrects="n0")
    data = added(write_notices("QV", many), replace(ONE, name="new", corrects="n499"), by="QV")
    left = parse_notices(data, by="QV")
    assert (len(left), left[0].name, left[-1].name) == (MOST_NOTICES, "n1", "new")


def test_all_are_read_the_newest_first_and_one_that_is_spoilt_hides_no_other():
    late = replace(ONE, name="late", at=NOW + timedelta(days=1))
    targets = {
        "federation/notices.json": write_notices("federation", (ONE,)),
        "QV/notices.json": write_notices("QV", (ONE, late)),
        "QW/notices.json": b"{}",
    }
    found, faulty = all_notices(targets, ("QX", "QW", "QV"))
    assert [(by, one.name) for by, one in found] == [
        ("QV", "late"),
        ("federation", "2026-001"),
        ("QV", "2026-001"),
    ]
    assert faulty == ("QW",)


def test_a_region_dissents_once():
    whole = json.loads(write_notices("federation", (replace(ONE, dissent=(NO,)),)))
    whole["notices"][0]["dissent"] *= 2
    assert code(lambda: parse_notices(json.dumps(whole).encode(), by="federation")) == "trust-file"
