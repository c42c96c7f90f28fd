"""The packs' files are what their scripts write, and their words are short."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from huxin.packs import reader, shelf
from huxin.packs.templates import LANGUAGES
from huxin.trust.rules.lint import lint
from huxin.trust.rules.payload import READABLE
from huxin.trust.rules.rule import PURPOSES
from tests.lib.pack_people import book
from tools import write_pack_rules, write_packs_page

WORDS, LETTERS = 20, 35
# Letters that only the simplified script has; our traditional texts are written by hand.
SIMPLIFIED = set(
    "种过满岁为务员检领证来关带写读开进从业饮妆岗剂补学请门诊诊关区际历题见医护离传样体"
)
RULES = [
    pytest.param(pack, rule, id=rule["id"])
    for pack in reader.pack_ids()
    for rule in reader.templates(pack).rules
]


@pytest.mark.parametrize("pack", shelf.SHIPPED)
def test_the_files_of_a_pack_are_what_the_script_writes(pack: str) -> None:
    told = "run: python -m tools.write_pack_rules"
    folder = write_pack_rules.FOLDER / pack
    assert (folder / "rules.json").read_text("utf-8") == write_pack_rules.file_of(pack), told
    assert (folder / "manifest.json").read_text("utf-8") == write_pack_rules.manifest_for(pack), (
        told
    )


def test_the_page_of_packs_is_what_the_tests_say() -> None:
    told = "run: python -m tools.write_packs_page"
    assert write_packs_page.PAGE.read_text("utf-8") == write_packs_page.page(), told


def test_every_folder_is_a_pack_that_is_shipped_and_has_rules() -> None:
    folders = {path.parent.name for path in write_pack_rules.FOLDER.glob("*/pack.json")}
    assert folders == set(shelf.SHIPPED) == set(write_pack_rules.PACKS)


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_a_rule_is_told_in_short_sentences_in_every_language(pack: str, rule: Any) -> None:
    for texts in (rule["description"], rule["next_step"], rule["basis"]["instrument"]):
        assert tuple(texts) == LANGUAGES
        for language in ("zh-Hans", "zh-Hant"):
            sentences = re.split(r"[。：]", texts[language])
            assert all(len(one) <= LETTERS for one in sentences), texts[language]
        for sentence in re.split(r"[.:;]", texts["en"]):
            assert len(sentence.split()) <= WORDS, sentence
        assert not SIMPLIFIED & set(texts["zh-Hant"]), texts["zh-Hant"]


@pytest.mark.parametrize(("pack", "rule"), RULES)
def test_a_rule_is_illustrative_and_asks_for_what_may_be_asked(pack: str, rule: Any) -> None:
    assert rule["standing"] == reader.pack(pack).standing == "illustrative"
    assert rule["effect"] == reader.pack(pack).effect
    assert rule["purpose"].partition("/")[0] in PURPOSES
    if rule["reads"] == "facts":
        allowed = {f"{kind}.{name}" for kind, names in READABLE.items() for name in names}
        assert set(rule["fields"]) <= allowed | {"birth"}


@pytest.mark.parametrize("pack", reader.pack_ids())
def test_the_linter_lets_the_rules_of_a_pack_pass(pack: str) -> None:
    rules = book(pack)
    assert lint(rules, now=min(rule.valid_from for rule in rules.rules) - timedelta(days=3)) == ()


def test_no_two_packs_ask_for_one_purpose() -> None:
    purposes = [one for pack in reader.pack_ids() for one in reader.templates(pack).purposes()]
    assert len(purposes) == len(set(purposes))
