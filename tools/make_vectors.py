"""Write spec/vectors/credentials.jsonl: cards good and broken, each with what has to come of it.

Run it after a change of `tools/vectors/`:  python -m tools.make_vectors
The keys, the instants and the signatures are fixed, so two runs give the same bytes;
`tests/spec/test_own_vectors.py` fails while the file on disk differs from `lines()`.
What is expected is written by hand beside each case, never computed by the program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tools.vectors import hcert_broken, hcert_good, hcert_judged, health_cards, pictures
from tools.vectors.case import Case

__all__ = ["FILE", "cases", "lines"]

FILE: Final = Path(__file__).parents[1] / "spec" / "vectors" / "credentials.jsonl"


def cases() -> Iterator[Case]:
    """Yield every case, good ones first."""
    yield from hcert_good.cases()
    yield from hcert_broken.cases()
    yield from hcert_judged.cases()
    yield from health_cards.cases()
    yield from pictures.cases()


def lines() -> str:
    """Return the whole file."""
    return "".join(json.dumps(case.line(), ensure_ascii=False) + "\n" for case in cases())


def main() -> None:
    text = lines()
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(text, "utf-8")
    print(f"{FILE.relative_to(FILE.parents[2])}: {text.count(chr(10))} lines")


if __name__ == "__main__":
    main()
