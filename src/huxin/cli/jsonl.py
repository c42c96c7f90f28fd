"""The conformance door: cases in as lines of JSON, answers out as lines of JSON.

    {"id", "text" | "texts" | "picture" | "file", "keys": […], "revoked"?: […], "sets"?: […], "rules"?, "region"?,
     "purpose"?, "at"}
    {"id", "format", "steps", "claims", "facts", "verdict", "code"}

Where rules are given, in a case or beside all of them, the answer tells "purpose", "reasons", "because",
"valid_from", "valid_until" and "changes_at" besides; where status sets are, "sets", "looked_up" and "set_age".

- one line in, one line out, in order; a line that is no case gets the code `bad-input`, and the
  next one is read;
- a step is true where it held, false where it failed, null where it was not reached;
- keys are lent for the line, so a certificate may sign any HCERT (`lent` has the keys, lists and rules of a case);
- of several cards in a line the worst is told of; `texts` are shown together, by one person.

The law of this format is in `spec/`; other implementations answer the same lines.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from huxin.adapters import intake, pdf_pages
from huxin.cli import lent, lines
from huxin.cli.answer import WORST_FIRST
from huxin.cli.lines import MAX_LINE
from huxin.cli.plain_data import plain
from huxin.cli.rule_words import because
from huxin.kernel.errors import HuxinError, Refusal, RefusalError
from huxin.kernel.instants import parse_instant
from huxin.trust import qr, reading
from huxin.trust.credentials.facts import as_json
from huxin.trust.reading import Reading
from huxin.trust.rules import datetimes
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.wallet import milliseconds
from huxin.trust.verdict import CardCheck, Verdict
from huxin.trust.verify import Basis, verify

__all__ = ["answer", "run"]

_SOURCES: Final = ("text", "texts", "picture", "file")
_HCERT_STEPS: Final = (
    "picture", "prefix", "base45", "inflate", "cose", "key", "signature", "time", "usage",
    "plausible",
)  # fmt: skip
_HEALTH_CARD_STEPS: Final = (
    "picture", "digits", "jws", "inflate", "key", "signature", "time", "plausible", "revoked",
)  # fmt: skip
_ONLY_HEALTH_CARDS: Final = frozenset({"digits", "jws"})
_PDF: Final = b"%PDF"


def answer(line: bytes, folder: Path, rules: RuleBook | None = None) -> dict[str, Any]:
    """Return the answer to one line; `file` in it is relative to `folder`."""
    identifier = None
    try:
        case = lines.one_object(line)
        identifier = lines.identifier(case)
        lines.bounded(case)
        shown = _shown(case, folder)
        now = parse_instant(lent.text(case.get("at")))
        trust = lent.trust(case.get("keys"))
        withdrawn = lent.withdrawn(case, trust, now)
        book = lent.book(case, rules)
        purpose = None if case.get("purpose") is None else lent.text(case["purpose"])
        basis = Basis(trust, withdrawn.lookup.status(), book)
        verdicts = [verify(cards, basis, purpose=purpose, now=now) for cards in shown]
        verdict = min(verdicts, key=lambda one: WORST_FIRST.index(one.outcome))
        told = _told(identifier, verdict) | withdrawn.told(verdict, now)
        return told if book is None else told | _of_rules(verdict)
    except HuxinError:
        return _bad_input(identifier)


def _bad_input(identifier: str | int | float | None) -> dict[str, Any]:
    return {
        "id": identifier,
        "format": None,
        "steps": {},
        "claims": None,
        "facts": None,
        "verdict": "unknown",
        "code": "bad-input",
    }


def _told(identifier: str | int | float | None, verdict: Verdict) -> dict[str, Any]:
    check = verdict.cards[verdict.reasons[0].card or 0]
    credential = check.reading.credential
    facts = credential.facts if credential is not None else None
    return {
        "id": identifier,
        "format": credential.format if credential is not None else check.reading.format,
        "steps": _steps(check),
        "claims": plain(credential.claims) if credential is not None else None,
        "facts": plain(as_json(facts)) if facts is not None else None,
        "verdict": verdict.outcome,
        "code": verdict.code,
    }


def _of_rules(verdict: Verdict) -> dict[str, Any]:
    """Return what is told besides where rules are asked: every reason, why, and when it changes."""
    decision = verdict.decision
    return {
        "purpose": verdict.purpose,
        "reasons": [reason.code for reason in verdict.reasons],
        "because": because(decision.results) if decision is not None else [],
        "valid_from": _instant(verdict.valid_from),
        "valid_until": _instant(verdict.valid_until),
        "changes_at": _instant(decision.turns_at() if decision is not None else None),
    }


def _instant(one: datetime | None) -> str | None:
    return None if one is None else datetimes.as_text(milliseconds(one))


def _steps(check: CardCheck) -> dict[str, bool | None]:
    health_card = check.reading.format == "shc" or _ONLY_HEALTH_CARDS & check.steps.keys()
    names = _HEALTH_CARD_STEPS if health_card else _HCERT_STEPS
    return {name: check.steps.get(name) for name in names}


# ----------------------------------------------------------------------------------------- one case


def _shown(case: Mapping[str, Any], folder: Path) -> list[tuple[Reading, ...]]:
    """Return the cards, in groups that are judged together."""
    given = [name for name in _SOURCES if case.get(name) is not None]
    if len(given) != 1:
        raise RefusalError("bad-input", "one of text, texts, picture, file")
    (kind,) = given
    if kind == "texts":
        texts = tuple(map(lent.text, lent.some(case[kind])))
        if not texts:
            raise RefusalError("bad-input", "no card")
        return [reading.open(texts)]  # shown together, so by one person
    # One file may hold the cards of a whole family, and each is judged for itself.
    return [(card,) for card in _opened_one(kind, lent.text(case[kind]), folder)]


def _opened_one(kind: str, value: str, folder: Path) -> tuple[Reading, ...]:
    if kind == "picture":
        return _picture(value)
    return _file(folder / value) if kind == "file" else reading.open(value)


def _file(path: Path) -> tuple[Reading, ...]:
    # A pipe or a device would keep every later line waiting.
    if not path.is_file():
        raise RefusalError("bad-input", "no such file")
    return reading.open(intake.read(path, limit=MAX_LINE), pages=pdf_pages.pages)


def _picture(text: str) -> tuple[Reading, ...]:
    try:
        data = base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise RefusalError("bad-input", "not base64") from error
    if not qr.is_picture(data) and not data.startswith(_PDF):
        # `open` would take these bytes for a text, and they were said to be a picture.
        refusal = Refusal("picture", "of a kind that is not read")
        return (Reading(None, (), failed="picture", refusal=refusal),)
    return reading.open(data, pages=pdf_pages.pages)


# ------------------------------------------------------------------------------------- the whole run


def run(name: str, rules: RuleBook | None = None) -> None:
    """Answer every line of a file, or of standard input for `-`, on standard output."""
    lines.run(name, partial(answer, rules=rules), _bad_input(None))
