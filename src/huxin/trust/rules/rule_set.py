"""A set of rule documents as it is written down: JSON content → a book of rules.

Three forms: one rule document; a list of them; an object `{"rules": […], "valueSets": {…}}`.  One rule that
cannot be read refuses the whole, and says which.  Nothing is linted here: whoever publishes rules does that.

- one version of a rule may stand twice, but not with two contents: else the order of a file would decide;
- a value set is a list of codes by its name, or a document as the EU publishes it, by a name or in a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import Rule, parse_rule
from huxin.trust.rules.values import equal

__all__ = ["Known", "gather", "parse_set", "set_parts"]

_MAX_RULES: Final = 5_000
_MAX_SETS: Final = 1_000
_MAX_CODES: Final = 100_000

Known = dict[tuple[str, str, str], Rule]
"""Rules by region, identifier and version."""


def parse_set(content: Any, *, name: str = "") -> RuleBook:
    """Return the rules of a set as a book; `name` says in a refusal where they stand."""
    documents, sets = set_parts(content, name=name)
    if documents is None:
        return RuleBook((_rule(content, name),))
    rules = [
        _rule(one, _where(name, f"rule {number}")) for number, one in enumerate(documents, start=1)
    ]
    gather({}, rules, name=name)
    return RuleBook(tuple(rules), sets)


def gather(known: Known, rules: Iterable[Rule], *, name: str = "") -> None:
    """Put rules beside those that are known; one version with two contents is refused."""
    for rule in rules:
        other = known.setdefault((rule.region, rule.id, rule.version_text), rule)
        if other is not rule and not _same(other, rule):
            twice = f"{rule.id} {rule.version_text} stands twice, with two contents"
            raise RefusalError("rule-shape", _where(name, twice, ": "))


def _same(one: Rule, other: Rule) -> bool:
    try:
        return equal(one.document, other.document)
    # What the law ignores of a foreign document may be nested deeper than anybody compares.
    except RecursionError:
        return False


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
    named = _by_name(sets) if isinstance(sets, list) else sets
    if isinstance(named, dict) and len(named) <= _MAX_SETS:
        found = {one: _codes(codes) for one, codes in named.items()}
        whole = {one: codes for one, codes in found.items() if codes is not None}
        if len(whole) == len(found):
            return whole
    raise RefusalError(
        "rule-shape", _where(name, "value sets are lists of codes by their names", ": ")
    )


def _by_name(sets: list[Any]) -> dict[str, Any] | None:
    """Return documents of the EU by what they call themselves; `None` where one has no name, two have one, or there is none."""
    named = {one["valueSetId"]: one for one in sets if _is_document(one)}
    return named if named and len(named) == len(sets) else None


def _is_document(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and isinstance(one.get("valueSetId"), str)
        and isinstance(one.get("valueSetValues"), dict)
    )


def _codes(one: Any) -> list[str] | None:
    """Return the codes of a value set, those of an EU document in order; `None` where it is none."""
    codes = sorted(one["valueSetValues"]) if _is_document(one) else one
    if not isinstance(codes, list) or len(codes) > _MAX_CODES:
        return None
    return codes if all(isinstance(code, str) for code in codes) else None
