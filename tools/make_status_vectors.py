"""Write spec/vectors/status.jsonl: withdrawal lists good and broken, each with what has to come of it.

Run it after a change of `tools/vectors/status_*.py`:  python -m tools.make_status_vectors
As with the cards, keys and instants are fixed and two runs give the same bytes; what is expected is
written by hand.  `tests/spec/test_status_vectors.py` fails while the file differs from `lines()`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from tools.vectors import status_sets, status_tokens

__all__ = ["FILE", "lines"]

FILE: Final = Path(__file__).parents[1] / "spec" / "vectors" / "status.jsonl"


def lines() -> str:
    """Return the whole file."""
    return "".join(
        json.dumps(case.line(), ensure_ascii=False) + "\n"
        for case in (*status_sets.cases(), *status_tokens.cases())
    )


def main() -> None:
    text = lines()
    FILE.write_text(text, "utf-8")
    print(f"{FILE.relative_to(FILE.parents[2])}: {text.count(chr(10))} lines")


if __name__ == "__main__":
    main()
