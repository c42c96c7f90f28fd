"""The table of what pages say, `docs/reference/spoken.md`: read from it, and drawn anew.

Each page has a heading and a table of two columns; what changes from day to day is named there by
its kind, 〈日期〉 〈date〉, instead of being written.
"""

import re
from itertools import zip_longest
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "spoken.md"
_KINDS = (
    (re.compile(r"\b[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "〈编号〉", "〈number〉"),
    (re.compile(r"\b20\d\d-\d\d-\d\d\b"), "〈日期〉", "〈date〉"),
    (re.compile(r"\b\d\d:\d\d\b"), "〈时间〉", "〈time〉"),
)
# Days that do not move: the child's birthday, and the example beside a date.
_KEPT = {"2020-03-18", "2025-03-20", "2024-09-01"}


def told(lines: list[str], lang: str) -> list[str]:
    """The lines of a page, with what changes from day to day named by its kind."""
    return [_told(line, lang) for line in lines]


def _told(line: str, lang: str) -> str:
    for pattern, zh, en in _KINDS:
        for found in {*pattern.findall(line)} - _KEPT:
            line = line.replace(found, zh if lang == "zh" else en)
    return line.replace("|", "\\|")


def table(zh: list[str], en: list[str]) -> list[str]:
    """The rows of a page's table."""
    return [f"| {a} | {b} |" for a, b in zip_longest(zh, en, fillvalue="")]


def written() -> dict[str, list[str]]:
    """The rows of every page in the document, by its heading."""
    found: dict[str, list[str]] = {}
    for part in PAGE.read_text("utf-8").split("\n## ")[1:]:
        head, *lines = part.splitlines()
        rows = [line for line in lines if line.startswith("| ")]
        if rows:
            found[head] = rows[1:]
    return found
