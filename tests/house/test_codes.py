"""The register of codes and the program that gives them agree (test_docs: so does the page)."""

import ast
import json
import re

import pytest

GIVES_A_CODE = {"Refusal", "RefusalError"}


@pytest.fixture(scope="module")
def codes(root):
    register = json.loads((root / "src/huxin/spec/codes.json").read_text("utf-8"))
    return [row["code"] for row in register["codes"]]


@pytest.fixture(scope="module")
def modules(root):
    paths = sorted((root / "src/huxin").rglob("*.py"))
    return {path.relative_to(root): ast.parse(path.read_text("utf-8")) for path in paths}


def strings(tree: ast.AST) -> set[str]:
    """The texts of a program, not those of its docstrings: a bare text does nothing."""
    idle = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in idle
    }


def given(tree: ast.AST) -> set[object]:
    """The codes that stand literally where a refusal is made."""
    found: set[object] = set()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
            continue
        first = node.args[0] if node.args else None
        if node.func.id in GIVES_A_CODE and isinstance(first, ast.Constant):
            found.add(first.value)
    return found


def test_no_code_is_registered_twice(codes):
    assert len(codes) == len(set(codes))


def test_every_code_is_a_short_word(codes):
    assert [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", code)] == []


def test_every_registered_code_is_used(codes, modules):
    used = set().union(*(strings(tree) for tree in modules.values()))
    assert [code for code in codes if code not in used] == []


def test_every_code_given_is_registered(codes, modules):
    strangers = {
        str(path): sorted(map(str, given(tree) - set(codes))) for path, tree in modules.items()
    }
    assert {path: names for path, names in strangers.items() if names} == {}
