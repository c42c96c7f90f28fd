"""Reads a pack's rules: `rules.json` → rule documents that lack what a region gives when it adopts them.

Responsible for the frame: which fields there are, and that people are told in every language.  Leaves
the logic and the rest of a document to those above, who know what rules are; here it is plain data.

- `{"valueSets": {name: [code, …]}, "rules": [template, …]}`, and nothing else;
- a template is a document of `spec/rules.md` without region, publication and dates, and without the day
  on which an outbreak was declared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from huxin.packs.errors import PackError

__all__ = ["GIVEN", "LANGUAGES", "Templates", "parse_templates"]

GIVEN: Final = ("region", "published", "valid_from", "valid_until")
"""The fields of a rule that a region gives when it adopts it."""
LANGUAGES: Final = ("zh-Hans", "zh-Hant", "en")

_MOST_TOLD: Final = 5
_FIELDS: Final = frozenset(
    (
        *("format", "id", "version", "type", "purpose", "kinds", "reads", "effect", "basis"),
        *("standing", "description", "next_step", "fields", "logic"),
    )
)


_MAY: Final = frozenset({"outbreak"})


@dataclass(frozen=True, slots=True)
class Templates:
    """The rules of a pack as data, and the lists of codes that they look into."""

    value_sets: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    rules: tuple[Mapping[str, Any], ...] = field(default=(), hash=False)

    def purposes(self) -> tuple[str, ...]:
        """Return what people are asked for by these rules, each once, in order."""
        return tuple(dict.fromkeys(one["purpose"] for one in self.rules))


def parse_templates(data: Any) -> Templates:
    """Read the content of a `rules.json`; raises `PackError` where it does not hold together."""
    if faults := list(_faults(data)):
        raise PackError(f"rules.json: {'; '.join(faults[:_MOST_TOLD])}")
    sets = {name: tuple(codes) for name, codes in data["valueSets"].items()}
    return Templates(sets, tuple(data["rules"]))


def _faults(data: Any) -> Iterable[str]:
    if not isinstance(data, dict) or data.keys() != {"valueSets", "rules"}:
        yield "it holds valueSets and rules, and nothing else"
        return
    sets, rules = data["valueSets"], data["rules"]
    if not isinstance(sets, dict) or not all(map(_are_texts, sets.values())):
        yield "value sets are lists of codes by their names"
    if not isinstance(rules, list):
        yield "rules are a list"
        return
    for number, one in enumerate(rules, 1):
        yield from (f"rule {number}: {fault}" for fault in _rule_faults(one))
    names = [one.get("id") for one in rules if isinstance(one, dict)]
    yield from (f"the rule {name} stands twice" for name in names if names.count(name) > 1)


def _rule_faults(rule: Any) -> Iterable[str]:
    if not isinstance(rule, dict):
        yield "not an object"
        return
    yield from (f"{name} is given by the region" for name in GIVEN if name in rule)
    yield from (
        f"there is no field {name}" for name in sorted(rule.keys() - _FIELDS - _MAY - {*GIVEN})
    )
    yield from (f"{name} is missing" for name in sorted(_FIELDS - rule.keys()))
    if not isinstance(rule.get("purpose", ""), str):
        yield "the purpose is not a text"
    told = {name: rule.get(name) for name in ("description", "next_step")}
    told["basis"] = _inside(rule.get("basis"), "instrument")
    if "outbreak" in rule:
        told["outbreak"] = _inside(rule["outbreak"], "remote_lessons")
    for name, texts in told.items():
        if not isinstance(texts, dict) or not all(texts.get(one) for one in LANGUAGES):
            yield f"{name} is not told in {', '.join(LANGUAGES)}"


def _inside(one: Any, name: str) -> Any:
    return one.get(name) if isinstance(one, dict) else None


def _are_texts(codes: Any) -> bool:
    return isinstance(codes, list) and all(isinstance(one, str) for one in codes)
