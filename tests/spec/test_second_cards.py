"""Cards as they occur at the edges of the law, shown to both implementations: answered alike, and as the law says."""

from __future__ import annotations

import json
from typing import Any, Final

import pytest

from huxin.trust.credentials import smart_health_card as shc
from huxin.trust.issue import issue
from tests.lib.regions import NOW, REED_ISLES, facts
from tests.lib.second_door import answers_of_ours, differences

pytestmark = pytest.mark.needs("node")

CARD: Final = issue(facts(), REED_ISLES, now=NOW)
HEALTH_CARD: Final = issue(facts(), REED_ISLES, now=NOW, format="shc")
JWK: Final = REED_ISLES.key.public.jwk()
KEY: Final = {"jwk": JWK, "issuer": REED_ISLES.health_card_issuer}

Row = tuple[str, dict[str, Any], str]


def told(rows: list[Row]) -> dict[str, str]:
    """Show the rows to both, who must agree, and return the codes by name."""
    cases = [{"id": name, "at": "2026-11-23T10:00:00Z", "keys": [KEY]} | more for name, more, _ in rows]  # fmt: skip
    assert differences(cases) == []
    answers = answers_of_ours("verify", [json.dumps(case).encode() for case in cases])
    return {one["id"]: one["code"] for one in answers}


def check(rows: list[Row]) -> None:
    assert told(rows) == {name: code for name, _, code in rows}


def parts(size: int = 300) -> list[str]:
    compact = shc.from_chunks((HEALTH_CARD.text,))
    letters = [compact[at : at + size] for at in range(0, len(compact), size)]
    return [f"shc:/{at}/{len(letters)}/{shc.digits(one)}" for at, one in enumerate(letters, 1)]


def test_lines_of_a_text():
    two = f"{CARD.text}\n{HEALTH_CARD.text}"
    chunks = "\r\n".join(parts())
    check(
        [
            ("two cards", {"text": two}, "ok"),
            ("two cards, shown together", {"texts": [two]}, "ok"),
            ("blank lines", {"text": f"\n \n{two}\n\n"}, "ok"),
            ("all parts of a card", {"text": chunks}, "ok"),
            ("parts in two texts", {"texts": ["\n".join(parts()[:2]), "\n".join(parts()[2:])]}, "ok"),
            ("a part is missing", {"text": "\n".join(parts()[1:])}, "chunks"),
            ("a card on two lines", {"text": f"{CARD.text[:40]}\n{CARD.text[40:]}"}, "base45"),
            ("a card and a word", {"text": f"{CARD.text}\nhello"}, "base45"),
            ("99 lines", {"text": "\n".join([CARD.text] * 99)}, "ok"),
            ("100 lines", {"text": "\n".join([CARD.text] * 100)}, "too-big"),
            ("the next line elsewhere", {"text": f"{CARD.text}\u2028{CARD.text}"}, "base45"),
        ]
    )  # fmt: skip
