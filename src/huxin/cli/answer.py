"""How a verdict is shown: name and year first, then the answer as word and symbol, then why.

- the word and its symbol are always there; colour only comes along, and only on a terminal;
- with no purpose asked, a card that is all right is *genuine*, and is not drawn in colour: no rule
  was asked whether it is accepted;
- a specimen is called one in every answer about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from huxin.cli import speech
from huxin.cli.facts_table import event_in_a_line, name_and_year
from huxin.cli.plain_data import plain
from huxin.cli.speech import Speech, harmless
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import rfc3339
from huxin.trust.credentials.facts import Facts, as_json
from huxin.trust.verdict import CardCheck, Outcome, Reason, Verdict

__all__ = ["SYMBOLS", "Scene", "show", "show_each"]

SYMBOLS: Final[dict[Outcome, str]] = {
    "accepted": "✓",
    "rejected": "✕",
    "cross-check": "◆",
    "unknown": "?",
}
_COLOURS: Final[dict[Outcome, str]] = {
    "accepted": "bold green",
    "rejected": "bold red",
    "cross-check": "bold yellow",
    "unknown": "bold bright_black",
}
_LAYER_WORDS: Final = {"status": "layer-status"}
_PLAIN: Final = "bold"


@dataclass(frozen=True, slots=True)
class Scene:
    """What holds for all answers of a call: the instant, and what was looked up."""

    at: datetime
    moved: bool
    looked_up: bool


def show(verdict: Verdict, scene: Scene, *, as_json: bool) -> None:
    """Write one answer to standard output."""
    words = speech.current()
    if as_json:
        speech.print_json(_data(verdict, scene, words))
        return
    console = speech.console()
    name, year = name_and_year(_facts(verdict), words)
    console.print()
    console.print(Text.assemble("  ", (name, "bold"), "   ", (year, "bold")))
    console.print(Text.assemble("  ", _word(verdict, words)))
    console.print()
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, value in _rows(verdict, scene, words):
        table.add_row(f"  {label}", Text(value))
    console.print(table)
    console.print()


def show_each(
    names: Sequence[str], verdicts: Sequence[Verdict], scene: Scene, *, as_json: bool
) -> None:
    """Write the answers about many people's cards, a row each."""
    words = speech.current()
    if as_json:
        pairs = zip(names, verdicts, strict=True)
        speech.print_json(
            [{"source": name} | _data(verdict, scene, words) for name, verdict in pairs]
        )
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for label in ("person", "birth", "answer", "why", "issuer", "source"):
        table.add_column(words.say(label), overflow="fold")
    for name, verdict in zip(names, verdicts, strict=True):
        person, year = name_and_year(_facts(verdict), words)
        table.add_row(
            Text(person, "bold"),
            Text(year, "bold"),
            _word(verdict, words),
            Text(_why(verdict, words)),
            Text(_region(verdict, words)),
            Text(harmless(name)),
        )
    console = speech.console()
    console.print(table)
    for note in _notes(verdicts, scene, words):
        console.print(Text(f"! {note}"))


def _word(verdict: Verdict, words: Speech) -> Text:
    outcome = verdict.outcome
    genuine = outcome == "accepted" and verdict.purpose is None
    word = words.say("genuine" if genuine else outcome)
    return Text(f"{SYMBOLS[outcome]} {word}", _PLAIN if genuine else _COLOURS[outcome])


def _facts(verdict: Verdict) -> Facts | None:
    """Return the facts of the first card that could be read: they are of one person."""
    read = (one.reading.credential for one in verdict.cards)
    return next((one.facts for one in read if one is not None and one.facts is not None), None)


def _rows(verdict: Verdict, scene: Scene, words: Speech) -> list[tuple[str, str]]:
    code = verdict.code
    rows = [(words.say("why"), _why(verdict, words)), (words.say("next"), words.next_step(code))]
    rows += [
        (words.say("also"), f"{words.sentence(one.code)}{_which(one, verdict, words, by=True)}")
        for one in verdict.reasons[1:]
    ]
    facts = _facts(verdict)
    for event in facts.events if facts is not None else ():
        rows.append((words.say("proves"), event_in_a_line(event, words)))
    rows.append((words.say("issuer"), _region(verdict, words)))
    if verdict.valid_from is not None or verdict.valid_until is not None:
        rows.append((words.say("valid"), _span(verdict, words)))
    rows.append((words.say("decided"), _layer(verdict.reasons[0], words)))
    if not scene.looked_up:
        rows.append((words.say("status"), words.say("no-status")))
    rows += [(words.say("warning"), note) for note in _notes([verdict], scene, words)]
    return rows


def _why(verdict: Verdict, words: Speech) -> str:
    return f"{words.sentence(verdict.code)}{_which(verdict.reasons[0], verdict, words)}"


def _which(reason: Reason, verdict: Verdict, words: Speech, *, by: bool = False) -> str:
    """Return which of several cards a reason is about, and `by` whom where that is not the card."""
    told = [_layer(reason, words)] if by and reason.layer != "card" else []
    if reason.card is not None and len(verdict.cards) > 1:
        told.append(words.say("card-number", number=reason.card + 1))
    return f" ({', '.join(told)})" if told else ""


def _region(verdict: Verdict, words: Speech) -> str:
    regions = [one.anchor.region for one in verdict.cards if one.anchor is not None]
    return ", ".join(dict.fromkeys(map(str, regions))) or words.say("region-unknown")


def _span(verdict: Verdict, words: Speech) -> str:
    start = words.time(verdict.valid_from) if verdict.valid_from else "…"
    end = words.time(verdict.valid_until) if verdict.valid_until else words.say("no-expiry")
    return f"{start} → {end}"


def _layer(reason: Reason, words: Speech) -> str:
    return words.say(_LAYER_WORDS.get(reason.layer, reason.layer))


def _notes(verdicts: Sequence[Verdict], scene: Scene, words: Speech) -> list[str]:
    """Return what changes no answer and should be seen all the same."""
    checks = [check for verdict in verdicts for check in verdict.cards]
    notes = [words.say("specimen")] if any(map(_is_specimen, checks)) else []
    found = (one.reading.credential.warnings for one in checks if one.reading.credential)
    notes += [words.say(one) for one in dict.fromkeys(w for warnings in found for w in warnings)]
    if scene.moved:
        notes.append(words.say("as-at", at=words.time(scene.at)))
    return notes


def _is_specimen(check: CardCheck) -> bool:
    return check.anchor is not None and check.anchor.environment != "production"


# ----------------------------------------------------------------------------------------- as data


def _data(verdict: Verdict, scene: Scene, words: Speech) -> dict[str, Any]:
    return {
        "verdict": verdict.outcome,
        "code": verdict.code,
        "layer": verdict.layer,
        "text": words.sentence(verdict.code),
        "next": words.next_step(verdict.code),
        "purpose": verdict.purpose,
        "at": rfc3339(scene.at),
        "valid_from": _instant(verdict.valid_from),
        "valid_until": _instant(verdict.valid_until),
        "specimen": any(map(_is_specimen, verdict.cards)),
        "revocations_looked_up": scene.looked_up,
        "reasons": [
            {"code": one.code, "layer": one.layer, "card": one.card, "detail": one.detail}
            for one in verdict.reasons
        ],
        "cards": [_card(one) for one in verdict.cards],
    }


def _card(check: CardCheck) -> dict[str, Any]:
    credential, anchor = check.reading.credential, check.anchor
    facts = credential.facts if credential is not None else None
    return {
        "format": credential.format if credential is not None else check.reading.format,
        "steps": check.steps,
        "region": anchor.region if anchor is not None else None,
        "kid": kid_text(anchor.kid) if anchor is not None else None,
        "environment": anchor.environment if anchor is not None else None,
        "facts": plain(as_json(facts)) if facts is not None else None,
        "warnings": list(credential.warnings) if credential is not None else [],
        "codes": [fault.code for fault in check.faults],
    }


def _instant(value: datetime | None) -> str | None:
    return rfc3339(value) if value is not None else None
