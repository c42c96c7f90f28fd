"""What is said of two sides whose rules are compared: of a rule, of a person, and why not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from huxin.cli import speech
from huxin.cli.rule_labels import say
from huxin.trust.rules.asks import kind_words, line
from huxin.trust.rules.book import Decision, RuleBook
from huxin.trust.rules.explain import Language
from huxin.trust.rules.explain import explain as explained
from huxin.trust.rules.looks import Look
from huxin.trust.rules.neighbours import Comparison, Pair, Typical, decision
from huxin.trust.rules.population import Invented
from huxin.trust.rules.rule import KINDS, Rule

__all__ = ["Sides", "of_side", "person_words", "why"]


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides: their rules, what they are called, and how and when it is told."""

    books: tuple[RuleBook, RuleBook]
    names: tuple[str, str]
    language: Language
    now: datetime

    def say(self, label: str, **blanks: object) -> str:
        return say(label, self.language, **blanks)


def of_side(rule: Rule, only: Sequence[Look], pair: Pair, side: int, sides: Sides) -> Iterator[str]:
    """Yield what one side has of each thing that differs."""
    words = speech.current()
    if "effect" in pair.differs:
        yield sides.say(rule.effect)
    if "kinds" in pair.differs:
        yield kind_words(rule.kinds, sides.language)
    if "dates" in pair.differs:
        yield f"{words.time(rule.valid_from)} → {words.time(rule.valid_until)}"
    for look in only:
        of = kind_words(look.kinds, sides.language) if look.kinds else sides.say("person")
        told = line(look, sides.language, sides.books[side].value_sets)
        yield f"{of} · {told}"


def person_words(person: Invented, sides: Sides) -> str:
    held = [
        f"{kind_words((kind,), sides.language)} × {len(person.facts[kind])}"
        for kind in KINDS
        if person.facts[kind]
    ]
    if person.certificates:
        held.append(f"{sides.say('certificate')} × {len(person.certificates)}")
    cards = (", " if sides.language == "en" else "、").join(held) or sides.say("no-card")
    return f"{sides.say('years', age=person.age)} · {cards}"


def why(
    one: Comparison, typical: Typical, sides: Sides
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return for each side the rules that are not met, each with one sentence that says why."""
    here, there = (decision(book, one.purpose, typical.person, sides.now) for book in sides.books)
    return _reasons(here, sides), _reasons(there, sides)


def _reasons(decided: Decision, sides: Sides) -> list[tuple[str, str]]:
    if decided.answer in ("met", "no-rules"):
        return []
    told, _ = explained(decided, sides.language, zone=sides.now.astimezone().tzinfo or UTC)
    found = [
        (rule.rule.partition("/")[2], text)
        for rule in told
        for text in rule.because or (rule.asks,)
    ]
    return found or [("", sides.say("none-shown"))]
