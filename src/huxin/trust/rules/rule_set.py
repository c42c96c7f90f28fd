"""A set of rule documents as it is written down: JSON content → a book of rules.

Three forms: one rule document; a list of them; an object `{"rules": […], "valueSets": {…}}`.  One rule that
cannot be read refuses the whole, and says which.  Nothing is linted here: whoever publishes rules does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import Rule, parse_rule

__all__ = ["parse_set", "set_parts"]

_MAX_RULES: Final = 5_000


def parse_set(content: Any, *, name: str = "") -> RuleBook:
    """Return the rules of a set as a book; `name` says in a refusal where they stand."""
    documents, sets = set_parts(content, name=name)
    if documents is None:
        return RuleBook((_rule(content, name),))
    rules = [
        _rule(one, _where(name, f"rule {number}")) for number, one in enumerate(documents, start=1)
    ]
    return RuleBook(tuple(rules), sets)


def set_parts(content: Any, *, name: str = "") -> tuple[list[Any] | None, Mapping[str, list[str]]]:
    """Return the documents of a set, unread, and its value sets; `None` where it is one document."""
    documents, sets = content, {}
    if isinstance(content, dict):
        if "rules" not in content:
            return None, {}
        documents, sets = content["rules"], content.get("valueSets", {})
    if not isinstance(documents, list) or len(documents) > _MAX_RULES:
        raise RefusalError("rule-shape", _where(name, "not a list of rules", ": "))
    return documents, _value_sets(sets, name)


def _where(name: str, what: str, between: str = ", ") -> str:
    return f"{name}{between}{what}" if name else what


def _rule(document: Any, where: str) -> Rule:
    try:
        return parse_rule(document)
    except RefusalError as error:
        refusal = error.refusal
        raise RefusalError(refusal.code, _where(where, refusal.detail, ": ")) from error


def _value_sets(sets: Any, name: str) -> Mapping[str, list[str]]:
    if not isinstance(sets, dict) or not all(
        isinstance(codes, list) and all(isinstance(code, str) for code in codes)
        for codes in sets.values()
    ):
        raise RefusalError(
            "rule-shape", _where(name, "value sets are lists of codes by their names", ": ")
        )
    return sets
