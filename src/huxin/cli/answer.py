"""How a verdict is shown: name and year first, then the answer as word and symbol, then why.

- the word and its symbol are always there; colour only comes along, and only on a terminal;
- with no purpose asked, a card that is all right is *genuine*, and is not drawn in colour: no rule
  was asked whether it is accepted;
- a specimen is called one in every answer about it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from huxin.cli import speech
from huxin.cli.facts_table import event_in_a_line, name_and_year
from huxin.cli.list_age import told_age
from huxin.cli.looked_up import SetAge, told_set_age
from huxin.cli.plain_data import plain
from huxin.cli.speech import Speech, harmless
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import rfc3339
from huxin.trust.anchors import TrustLayer
from huxin.trust.credentials.facts import Facts, as_json
from huxin.trust.federation.freshness import Freshness
from huxin.trust.rules.book import Decision
from huxin.trust.rules.explain import Explanation, explain
from huxin.trust.verdict import CardCheck, Outcome, Reason, Verdict

__all__ = ["EXIT", "SYMBOLS", "WORST_FIRST", "Scene", "show", "show_each"]

EXIT: Final[dict[Outcome, int]] = {"accepted": 0, "rejected": 1, "cross-check": 3, "unknown": 4}
"""The exit status of an answer."""
WORST_FIRST: Final[tuple[Outcome, ...]] = ("rejected", "unknown", "cross-check", "accepted")
"""Of several answers, the one that most needs a person's attention stands for all."""
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
    """What holds for all answers of a call: the instant, what was looked up, what there are rules for.

    `set_age` is how old the status set is that the cards were looked up in, `list_age` how old the federation's list is, where the keys are from there.
    """

    at: datetime
    moved: bool
    looked_up: bool
    set_age: SetAge | None = None
    purposes: tuple[str, ...] = ()
    list_age: Freshness | None = None


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
    if _only_informs(verdict):  # nobody is turned away, whatever the rules miss
        return Text(f"{SYMBOLS['cross-check']} {words.say('due')}", _COLOURS["cross-check"])
    genuine = outcome == "accepted" and verdict.purpose is None
    word = words.say("genuine" if genuine else outcome)
    return Text(f"{SYMBOLS[outcome]} {word}", _PLAIN if genuine else _COLOURS[outcome])


def _only_informs(verdict: Verdict) -> bool:
    """Tell whether the answer is that rules are not met which only inform."""
    decision = verdict.decision
    rules = [result.rule for result in decision.results] if decision is not None else []
    informs = bool(rules) and all(rule.effect == "informs" for rule in rules)
    return verdict.code == "rule" and informs


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
    rows += _of_rules(verdict, words)
    if verdict.code == "no-rules" and scene.purposes:
        rows.append((words.say("purposes"), harmless(", ".join(scene.purposes))))
    if verdict.valid_from is not None or verdict.valid_until is not None:
        rows.append((words.say("valid"), _span(verdict, words)))
    rows.append((words.say("decided"), _decided(verdict, words)))
    if verdict.code == "ok" and _layer_of_key(verdict) != "trust-file":
        rows.append((words.say("believed"), words.say(f"by-{_layer_of_key(verdict)}")))
    if scene.list_age is not None:
        rows.append((words.say("list"), told_age(scene.list_age, words)))
    if scene.set_age is not None:
        rows.append((words.say("status"), told_set_age(scene.set_age, words)))
    if not scene.looked_up:
        rows.append((words.say("status"), words.say("no-status")))
    rows += [(words.say("warning"), note) for note in _notes([verdict], scene, words)]
    return rows


def _of_rules(verdict: Verdict, words: Speech) -> list[tuple[str, str]]:
    """Return what the rules say: what each that is not met asks, why, what to do, from or until when."""
    if verdict.decision is None:
        return []
    told, turn = _explained(verdict.decision, words)
    rows = [(words.say("effect"), words.say("informs"))] if _only_informs(verdict) else []
    for one in told:
        rows.append((words.say("asks"), harmless(f"{one.asks} ({one.rule})")))
        rows += [(words.say("because"), harmless(sentence)) for sentence in one.because]
        rows += [(words.say("to-do"), harmless(one.next_step))] if one.next_step else []
    return [*rows, (words.say("turns"), turn)] if turn else rows


def _explained(decision: Decision, words: Speech) -> tuple[tuple[Explanation, ...], str]:
    zone = decision.now.astimezone().tzinfo or UTC
    return explain(decision, "en" if words.language == "en" else "zh-Hans", zone=zone)


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


def _decided(verdict: Verdict, words: Speech) -> str:
    """Return which part of the basis decided; of a key that was taken away, who took it."""
    told, layer = _layer(verdict.reasons[0], words), _layer_of_key(verdict)
    if verdict.code != "distrusted" or layer == "trust-file":
        return told
    return f"{told} · {words.say(f'by-{layer}')}"


def _layer_of_key(verdict: Verdict) -> TrustLayer:
    """Return who decided about the key that the deciding card was signed with."""
    anchor = verdict.cards[verdict.reasons[0].card or 0].anchor
    return anchor.layer if anchor is not None else "trust-file"


def _notes(verdicts: Sequence[Verdict], scene: Scene, words: Speech) -> list[str]:
    """Return what changes no answer and should be seen all the same."""
    checks = [check for verdict in verdicts for check in verdict.cards]
    notes = [words.say("specimen")] if any(one.specimen for one in checks) else []
    found = (one.reading.credential.warnings for one in checks if one.reading.credential)
    notes += [words.say(one) for one in dict.fromkeys(w for warnings in found for w in warnings)]
    if scene.moved:
        notes.append(words.say("as-at", at=words.time(scene.at)))
    return notes


def _list(age: Freshness) -> dict[str, Any]:
    hours = age.age // timedelta(hours=1)
    return {"decision": age.decision, "code": age.code, "age_hours": hours}


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
        "specimen": verdict.specimen,
        "revocations_looked_up": scene.looked_up,
        "status_set": scene.set_age.data() if scene.set_age is not None else None,
        "list": _list(scene.list_age) if scene.list_age is not None else None,
        "reasons": [
            {"code": one.code, "layer": one.layer, "card": one.card, "detail": one.detail}
            for one in verdict.reasons
        ],
        "rules": _rules_data(verdict, words),
        "cards": [_card(one) for one in verdict.cards],
    }


def _rules_data(verdict: Verdict, words: Speech) -> dict[str, Any] | None:
    if verdict.decision is None:
        return None
    told, turn = _explained(verdict.decision, words)
    return {
        "answer": verdict.decision.answer,
        "only_informs": _only_informs(verdict),
        "not_met": [
            {
                "rule": one.rule,
                "asks": one.asks,
                "because": list(one.because),
                "next": one.next_step,
            }
            for one in told
        ],
        "turns": turn,
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
        "believed_by": anchor.layer if anchor is not None else None,
        "facts": plain(as_json(facts)) if facts is not None else None,
        "warnings": list(credential.warnings) if credential is not None else [],
        "codes": [fault.code for fault in check.faults],
    }


def _instant(value: datetime | None) -> str | None:
    return rfc3339(value) if value is not None else None
