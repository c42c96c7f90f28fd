"""Every action that the node writes into its trail can be read by the person concerned."""

import ast
import re
from types import SimpleNamespace

import pytest

from huxin.node.home.audit_words import ACTIONS, PRIVATE, action_words

_WRITERS = {"record", "Note"}
_ITSELF = "base/audit.py"


def _calls(root):
    """(file and line, first argument) of every call that writes into the trail."""
    node = root / "src/huxin/node"
    for path in sorted(node.rglob("*.py")):
        place = str(path.relative_to(node))
        if place == _ITSELF:
            continue
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and _writes(call.func):
                yield f"{place}:{call.lineno}", call.args[0] if call.args else None


def _writes(function):
    if isinstance(function, ast.Name):
        return function.id == "Note"
    if not isinstance(function, ast.Attribute) or function.attr not in _WRITERS:
        return False
    return isinstance(function.value, ast.Name) and function.value.id == "audit"


def test_every_action_is_written_as_a_constant_and_has_words(root):
    found = {}
    for place, first in _calls(root):
        assert isinstance(first, ast.Constant), f"{place}: name the action where it is written"
        found[place] = first.value
    assert len(found) > 15
    assert {place: code for place, code in found.items() if code not in ACTIONS} == {}


@pytest.mark.parametrize("code", ACTIONS)
def test_words_are_there_in_both_languages_and_accuse_nobody(code):
    words = ACTIONS[code]
    assert len(code) <= 40
    assert re.search(r"[\u4e00-\u9fff]", words.zh)
    assert re.fullmatch(r"[A-Z][A-Za-z',;:’ 4-]+", words.en)
    assert not re.search("异常|拒绝|非法|!|！|您|你", words.zh)
    assert not re.search(r"\b(you|your)\b", words.en, re.IGNORECASE)


def test_a_printed_card_says_on_what_and_an_old_code_is_shown_as_it_is():
    assert action_words("printed", {"form": "picture"}).en == "Saved a card as a picture"
    assert action_words("printed", {}) is ACTIONS["printed"]
    assert "melted" in action_words("melted", {}).zh
    assert set(PRIVATE) <= set(ACTIONS)


def test_the_test_would_notice_an_action_without_words(tmp_path):
    node = tmp_path / "src/huxin/node"
    node.mkdir(parents=True)
    node.joinpath("x.py").write_text('audit.record("peeked", by=by)\nNote(code)\naudit.seal()\n')
    kinds = [SimpleNamespace(place=place, first=first) for place, first in _calls(tmp_path)]
    assert [one.place for one in kinds] == ["x.py:1", "x.py:2"]
    assert [isinstance(one.first, ast.Constant) for one in kinds] == [True, False]
