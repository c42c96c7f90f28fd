"""What the offline verifier says: each language is whole, and nothing is said that no table holds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.lib.documents import ROOT

VERIFIER = ROOT / "verifier"
TABLES = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((VERIFIER / "page" / "languages").glob("*.json"))
}
REGISTER = json.loads((ROOT / "src" / "huxin" / "spec" / "codes.json").read_text("utf-8"))["codes"]
IN_REGISTER = ("zh-Hans", "en")
BLANK = re.compile(r"\{[a-z]+\}")


def source() -> str:
    files = [VERIFIER / "page" / "index.html", *sorted((VERIFIER / "src" / "page").glob("*.js"))]
    return "\n".join(file.read_text("utf-8") for file in files)


def blanks(table: dict[str, Any], part: str) -> dict[str, list[str]]:
    return {name: sorted(BLANK.findall(text)) for name, text in table[part].items()}


def test_there_are_seven_languages_one_of_them_from_right_to_left():
    directions = {name: table["direction"] for name, table in TABLES.items()}
    assert sorted(directions) == ["ar", "en", "es", "fr", "ru", "zh-Hans", "zh-Hant"]
    assert [name for name, one in directions.items() if one == "rtl"] == ["ar"]


@pytest.mark.parametrize("language", TABLES)
def test_an_answer_can_be_said_as_a_whole(language):
    table = TABLES[language]
    assert table["language"] == language
    assert blanks(table, "answer") == blanks(TABLES["en"], "answer")
    assert all(table["answer"].values())
    if language not in IN_REGISTER:
        verdicts = [one["code"] for one in REGISTER if one["kind"] == "verdict"]
        assert list(table["codes"]) == verdicts
        assert all(one["text"] and one["next"] for one in table["codes"].values())


def test_the_page_itself_speaks_two():
    assert blanks(TABLES["zh-Hans"], "page") == blanks(TABLES["en"], "page")
    assert [name for name, table in TABLES.items() if "page" in table] == ["en", "zh-Hans"]


def test_whatever_is_said_by_name_stands_in_the_tables():
    known = set(TABLES["en"]["answer"]) | set(TABLES["en"]["page"])
    text = source()
    said = set(re.findall(r'data-say="([^"]+)"', text)) | set(re.findall(r'\.say\("([^"]+)"', text))
    said |= set(re.findall(r'"((?:trouble|camera|word|warn)-[a-z-]+[a-z])"', text)) - {
        "camera-start",
        "camera-stop",
    }
    assert len(said) > 80
    assert sorted(said - known) == []


def test_whatever_stands_in_the_tables_is_said():
    text = source()
    begun = set(re.findall(r"`([a-z-]+-)\$\{", text))
    unsaid = [
        name
        for part in ("answer", "page")
        for name in TABLES["en"][part]
        if f'"{name}"' not in text and not any(name.startswith(one) for one in begun)
    ]
    assert unsaid == []
