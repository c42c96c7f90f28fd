"""The packs that are shipped hold together, and the reader says what does not."""

import copy
import json
from datetime import date
from importlib.resources import files
from typing import Any

import jsonschema
import pytest

from huxin.packs import reader
from huxin.packs.entries import Entry, read_entry
from huxin.packs.reader import PackError, Term, Words, parse_pack
from huxin.spec import schema

TODAY = date(2026, 11, 23)


def data(name: str = "school-entry") -> dict[str, Any]:
    text = (files("huxin.packs") / name / "pack.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@pytest.mark.parametrize("name", reader.pack_ids())
def test_a_shipped_pack_is_read_and_is_illustrative(name):
    found = reader.pack(name)
    assert found.id == name
    assert found.standing == "illustrative"
    assert set(found.outcome) == {"met", "not_met"}


@pytest.mark.parametrize("name", reader.pack_ids())
def test_a_minimal_card_of_a_pack_has_a_purpose_that_the_law_allows(name):
    found = reader.pack(name)
    form = schema("attestation")["$defs"]["purpose"]
    for choice in found.column(found.choice).choices:
        jsonschema.validate(found.minimal.purpose.replace("{choice}", choice.id), form)
        jsonschema.validate(f"{found.purpose}/{choice.id}", form)


@pytest.mark.parametrize("name", reader.pack_ids())
def test_demo_people_are_without_fault_in_any_year(name):
    for today in (TODAY, date(2028, 2, 29), date(2031, 1, 1)):
        for person in reader.demo_people(name, today):
            assert person.region in ("QV", "QW", "QX")
            found = read_entry(reader.pack(name), person.row, today=today)
            assert isinstance(found, Entry), found


def test_demo_people_bear_the_names_that_most_printers_lose():
    names = "".join(p.row.get("name", "") for p in reader.demo_people("school-entry", TODAY))
    assert {"㑇", "䶮", "𠅤"} <= set(names)


def test_travellers_have_documents_of_no_real_state():
    people = reader.demo_people("icvp", TODAY)
    assert {person.row["nationality"] for person in people} == {"UTO"}
    assert all(person.row["document"].startswith("SPEC") for person in people)


def test_school_entry_informs_and_does_not_admit():
    assert reader.pack("school-entry").effect == "informs"
    assert reader.pack("icvp").effect == "admits"


def test_a_purpose_leads_to_the_pack_with_its_words():
    assert reader.pack_of_purpose("work/food") is reader.pack("occupational-health")
    assert reader.pack_of_purpose("work/mining") is None


def test_what_is_not_shipped_is_not_there():
    with pytest.raises(KeyError):
        reader.pack("../spec")
    with pytest.raises(KeyError):
        reader.pack("school-entry").column("score")


@pytest.mark.parametrize(
    ("start", "term", "end"),
    [
        pytest.param(
            "2026-03-01", Term(years=1), "2027-02-28", id="the day before the anniversary"
        ),
        pytest.param("2024-02-29", Term(years=1), "2025-02-28", id="leap day"),
        pytest.param("2026-03-01", Term(days=10), "2026-03-11", id="days"),
        pytest.param("2026-03-01", Term(life=True), "9999-12-31", id="for life"),
    ],
)
def test_terms(start, term, end):
    assert term.of(date.fromisoformat(start)) == date.fromisoformat(end)


def test_a_sentence_is_filled_in_each_language():
    sentence = Words("可从事{choice}", "fit for {choice}")
    assert sentence.fill(choice=Words("食品", "Food")) == Words("可从事食品", "fit for Food")


# ------------------------------------------------------------------------------------ faulty packs


def changed(path: str, value: Any) -> dict[str, Any]:
    """The school pack with one place changed; `path` is `a.b.0.c`."""
    found = copy.deepcopy(data())
    *way, last = path.split(".")
    place: Any = found
    for step in way:
        place = place[int(step) if step.isdecimal() else step]
    place[int(last) if last.isdecimal() else last] = value
    return found


@pytest.mark.parametrize(
    ("path", "value", "told"),
    [
        ("kind", "itinerary", "itinerary is none of"),
        ("format", "jpeg", "jpeg is none of"),
        ("effect", "colours", "colours is none of"),
        ("standing", "eternal", "eternal is none of"),
        ("choice", "colour", "there is no column colour"),
        ("choice", "dose", "the column dose offers no choice"),
        ("minimal.until", "never", "there is no column never"),
        ("terms", {"colour": {"life": True}}, "there is no column colour"),
        ("columns.5.id", "latin", "the column latin stands twice"),
        ("columns.5.id", "location", "the column location goes onto no card"),
        ("columns.0.type", "picture", "no type picture"),
        ("columns.0.choices", [{"id": "a", "zh": "一", "en": "a", "also": []}], "choices where"),
        ("columns.3.choices", [], "choices where"),
        ("columns.3.choices.0.id", "a b", "cannot be written into a purpose"),
        ("columns.3.choices.0.disease", "measles", "is no code of a system"),
        ("columns.3.choices.0.vaccine", "ATC:x", "is no code of a system"),
        ("columns.3.choices.0.terms", {"batch": {"after": "colour"}}, "a term without its column"),
        ("columns.3.choices.0.terms", {"colour": {"life": True}}, "a term without its column"),
        ("columns.0.also", ["拼音"], "two columns are called 拼音"),
        ("name", {"zh": "证"}, "lacks a field"),
        ("name", {"zh": " ", "en": "x"}, "a sentence lacks one of its languages"),
        ("minimal", {"purpose": "x", "until": "date", "colour": "red"}, "wrong type"),
        ("columns", [1], "wrong type"),
        ("confidential", {"from": 18, "columns": []}, "18 is not a whole number from 0 to 17"),
        ("confidential", {"from": -1, "columns": []}, "-1 is not a whole number from 0 to 17"),
        ("confidential", {"from": 14, "columns": [1]}, "1 is not a text"),
        ("confidential", {"from": 14, "columns": ["colour"]}, "there is no column colour"),
        ("confidential", {"from": 14}, "lacks a field"),
        ("card_days", 0, "0 is not a whole number from 1 to 36525"),
        ("card_days", 10**9, "is not a whole number from 1 to 36525"),
        ("card_days", float("inf"), "inf is not a whole number"),
        ("card_days", "365", "'365' is not a whole number"),
        ("card_days", True, "True is not a whole number"),
        ("version", 1.5, "1.5 is not a whole number"),
        ("id", ["pool"], "is not a text"),
        ("purpose.id", 7, "7 is not a text"),
        ("kind", ["vaccination"], "is not a text"),
        ("minimal", {"purpose": "x", "until": 3}, "3 is not a text"),
        ("terms", {"complete_until": {"after": "date", "years": "1"}}, "'1' is not a whole number"),
        ("terms", {"complete_until": {"after": "date", "years": 1.5}}, "1.5 is not a whole number"),
        (
            "terms",
            {"complete_until": {"after": "date", "years": 9000}},
            "9000 is not a whole number",
        ),
        ("terms", {"complete_until": {"after": "date", "days": -1}}, "-1 is not a whole number"),
        ("terms", {"complete_until": {"life": "no"}}, "neither true nor false"),
        ("terms", {"complete_until": {"after": 1}}, "1 is not a text"),
        ("columns.3.required", False, "decides what a card is about, and may be left empty"),
        ("columns.3.required", "no", "neither true nor false"),
        ("columns.3.choices.0.series", "2", "'2' is not a whole number"),
        ("columns.3.choices.0.vaccine", 7, "7 is not a text"),
        ("columns.0.also", "abc", "'abc' is not a list"),
        ("columns.0.longest", "5", "'5' is not a whole number"),
        ("id", "School", "School cannot be written onto a card"),
        ("purpose.id", "a/b", "a/b cannot be written onto a card"),
        ("minimal.purpose", "a b", "a b cannot be written onto a card"),
        ("columns.1.id", "office", "the column latin is missing"),
        ("columns.3.choices.0.disease", None, "hepb is against no disease"),
    ],
)
def test_a_pack_that_does_not_hold_together_is_told(path, value, told):
    with pytest.raises(PackError, match=told):
        parse_pack(changed(path, value))


def test_a_format_has_room_for_its_events():
    with pytest.raises(PackError, match="hcert-6 holds no examination"):
        parse_pack(changed("kind", "examination") | {"format": "hcert-6"})


def test_a_term_for_life_needs_no_start():
    found = parse_pack(changed("columns.3.choices.0.terms", {"complete_until": {"life": True}}))
    assert found.column("vaccine").choices[0].terms["complete_until"].life
