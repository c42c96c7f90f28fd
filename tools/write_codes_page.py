"""Write docs/reference/codes.md from the register of codes, so that the page never lags behind.

Run it after a change of `src/huxin/spec/codes.json`:  python -m tools.write_codes_page
`tests/house/test_docs.py` fails while the page on disk differs from `page()`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from huxin.spec import CODES, Code

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "codes.md"

_HEAD = """\
# Codes 代号

Each reason for an answer has a short, stable word: its code. Programs may rely on it; sentences may be reworded, codes
may not. This page is written by `tools/write_codes_page.py` from the register `src/huxin/spec/codes.json`; do not edit it.

每个理由都有一个固定的短词，叫代号。句子会改，代号不变。本页由程序生成，请勿手改。
"""

_SECTIONS = {
    "verdict": """\
## Codes of a verdict 结论的代号

What a card is told. The second column is the [verdict](../explanation/verdicts.md) that the code leads to.
查验一张卡时的理由；第二栏是它导致的结论。
""",
    "input": """\
## Codes of an input 输入的代号

What a person who issues, imports or keeps keys is told. Nothing was written when such a code appears, except the rows of a
list that were right. 签发、导入、保管密钥时的提示；出现时什么都没有写入，名单中正确的行除外。
""",
    "list": """\
## Codes of a trust list 信任清单的代号

What is said about the list of a federation, to those who sign it and to those who fetch it. Where the outcome is *refused*, the list
that was held stays in use; *told* means that the list is used, and that people are told. 取用或签署联盟的信任清单时的提示。
“refused”：没有采用，手里的清单照用；“told”：照用，并告诉人。
""",
}


def page() -> str:
    """Return the whole page; refuses a kind of code that no section was written for."""
    kinds = {row.kind for row in CODES.values()}
    if strange := kinds - _SECTIONS.keys():
        raise ValueError(f"no section for codes of kind {sorted(strange)}")
    parts = [_HEAD]
    for kind, head in _SECTIONS.items():
        rows = [_row(row) for row in CODES.values() if row.kind == kind]
        table = [
            "| Code | Outcome | 中文 | 下一步 | English | Next step |",
            "|---|---|---|---|---|---|",
        ]
        parts += [head, "\n".join(table + rows) + "\n"]
    return "\n".join(parts)


def _row(row: Code) -> str:
    cells = (row.text["zh"], row.next["zh"], row.text["en"], row.next["en"])
    return f"| `{row.code}` | {row.outcome} | " + " | ".join(map(_cell, cells)) + " |"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def main() -> int:
    """Write the page, or with --check only say whether it is current."""
    parser = argparse.ArgumentParser(description="Write docs/reference/codes.md.")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if it would change"
    )
    if parser.parse_args().check:
        return int(not PAGE.exists() or PAGE.read_text("utf-8") != page())
    PAGE.write_text(page(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
