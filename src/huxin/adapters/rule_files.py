"""Files of rules: JSON → a book of rules.

A file holds a set of rules as `rule_set` reads it, and may say that it does: `"huxin": "rules", "version": 1`.
A folder holds such files.  Rules are not linted here: whoever publishes rules does that.

- every refusal names the file, and the rule where it is about one;
- a folder without such a file is refused, since it asks for nothing by mistake;
- one rule may stand in several files, but not one version of it with two contents.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake
from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule import Rule
from huxin.trust.rules.rule_set import parse_set

__all__ = ["MAX_FILE", "read_book"]

MAX_FILE: Final = 20_000_000
_PARTS: Final = frozenset({"huxin", "version", "rules", "valueSets"})


def read_book(*paths: Path) -> RuleBook:
    """Return the rules of files and folders as one book; of two value sets of one name the last counts."""
    rules: dict[tuple[str, str, str], Rule] = {}
    value_sets: dict[str, list[str]] = {}
    for path in paths:
        for file in _files(path):
            found = parse_set(_content(file), name=file.name)
            for rule in found.rules:
                known = rules.setdefault((rule.region, rule.id, rule.version_text), rule)
                if known.document != rule.document:
                    where = f"{file.name}: {rule.id} {rule.version_text}"
                    raise RefusalError("rule-shape", f"{where} stands twice, with two contents")
            value_sets |= found.value_sets
    return RuleBook(tuple(rules.values()), value_sets)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.json"))
    if not found:
        raise RefusalError("bad-input", f"{path.name}: a folder without a file *.json")
    return found


def _content(path: Path) -> Any:
    try:
        content = strict_json.parse(intake.read(path, limit=MAX_FILE), code="rule-shape")
    except RefusalError as error:
        code, detail = error.refusal.code, error.refusal.detail
        if code == "too-big":  # whose words are about a card
            raise RefusalError("logic-size", detail) from error
        if code == "rule-shape":
            raise RefusalError(code, f"{path.name}: {detail}") from error
        raise
    if isinstance(content, dict) and "rules" in content:
        for name in content.keys() - _PARTS:
            raise RefusalError("rule-shape", f"{path.name}: {name[:40]} is not known here")
        if (content.get("huxin", "rules"), content.get("version", 1)) != ("rules", 1):
            raise RefusalError("rule-shape", f"{path.name}: of another kind or version")
    return content
