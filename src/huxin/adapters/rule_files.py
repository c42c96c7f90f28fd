"""Files of rules: JSON → a book of rules.

A file holds a set of rules as `rule_set` reads it, and may say that it does: `"huxin": "rules", "version": 1`.
A folder holds such files.  Rules are not linted here: whoever publishes rules does that.

- every refusal names the file, and the rule where it is about one;
- a folder without such a file is refused, since it asks for nothing by mistake;
- one rule may stand in several files, but not one version of it with two contents; nor may a value set.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake
from huxin.kernel import strict_json
from huxin.kernel.errors import RefusalError
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.rule_set import Known, gather, parse_set

__all__ = ["MAX_FILE", "parse_file", "read_book"]

MAX_FILE: Final = 20_000_000
_PARTS: Final = frozenset({"huxin", "version", "rules", "valueSets"})


def read_book(*paths: Path) -> RuleBook:
    """Return the rules of files and folders as one book."""
    rules: Known = {}
    value_sets: dict[str, list[str]] = {}
    for path in paths:
        for file in _files(path):
            found = parse_file(_read(file), name=file.name)
            gather(rules, found.rules, name=file.name)
            for name, codes in found.value_sets.items():
                if value_sets.setdefault(name, codes) != codes:
                    where = f"{file.name}: value set {name[:40]}"
                    raise RefusalError("rule-shape", f"{where} stands twice, with two contents")
    return RuleBook(tuple(rules.values()), value_sets)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.json"))
    if not found:
        raise RefusalError("bad-input", f"{path.name}: a folder without a file *.json")
    return found


def _read(path: Path) -> bytes:
    try:
        return intake.read(path, limit=MAX_FILE)
    except RefusalError as error:
        if error.refusal.code == "too-big":  # whose words are about a card
            raise RefusalError("logic-size", error.refusal.detail) from error
        raise


def parse_file(data: bytes, *, name: str) -> RuleBook:
    """Return the rules of one file; `name` says in a refusal which it is."""
    return parse_set(_content(data, name), name=name)


def _content(data: bytes, name: str) -> Any:
    try:
        content = strict_json.parse(data, code="rule-shape")
    except RefusalError as error:
        code, detail = error.refusal.code, error.refusal.detail
        if code == "rule-shape":
            raise RefusalError(code, f"{name}: {detail}") from error
        raise
    if isinstance(content, dict) and "rules" in content:
        for part in content.keys() - _PARTS:
            raise RefusalError("rule-shape", f"{name}: {part[:40]} is not known here")
        if (content.get("huxin", "rules"), content.get("version", 1)) != ("rules", 1):
            raise RefusalError("rule-shape", f"{name}: of another kind or version")
    return content
