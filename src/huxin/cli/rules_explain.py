"""`huxin rules explain`: what a file of rules asks, rule by rule, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from rich.table import Table
from rich.text import Text

from huxin.adapters import clock, rule_files
from huxin.cli import speech
from huxin.cli.instant_type import Instant
from huxin.cli.options import json_option, writing_option
from huxin.cli.rule_labels import say
from huxin.kernel.errors import RefusalError
from huxin.kernel.instants import rfc3339
from huxin.packs import reader
from huxin.trust.rules.asks import Asked, asks, kind_words
from huxin.trust.rules.book import RuleBook
from huxin.trust.rules.explain import Language, in_language
from huxin.trust.rules.rule import Rule

__all__ = ["explanation", "purpose_name", "rules_for", "state"]

_MOST_NAMED: Final = 12
_EPILOG: Final = """\b
Examples 例:
  huxin rules explain rules.json
  huxin rules explain rules.json --purpose school --lang zh-Hant
  huxin rules explain rules/ --json

\b
What the rules answer to cards of yours 对手里的卡怎么答:
  huxin verify card.png --trust regions.json --rules rules.json --purpose school

\b
Exit status 退出码: 0 told 已说明 · 1 refused, or no rule for that purpose 读不了，或没有这个用途的规则
"""


@click.command("explain", epilog=_EPILOG, short_help="Say in words what is asked. 说明")
@click.argument(
    "paths",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, path_type=Path),
    metavar="RULES...",
)
@click.option("--purpose", help="Only the rules of this purpose.")
@click.option("--at", type=Instant(), help="In force as at this instant instead of now.")
@json_option
@writing_option
def explanation(
    paths: tuple[Path, ...],
    purpose: str | None,
    at: datetime | None,
    as_json: bool,
    language: Language,
) -> None:
    """Say in plain words what rules ask: of whom, since and until when, by what right, what they read.

    RULES is a file of rules or a folder of such files. What is read is taken from the logic itself.

    用白话说明规则问什么：问谁、起止、依据、读哪些内容、下一步；读什么是从规则本身算出来的。
    """
    book = rule_files.read_book(*paths)
    now = at or clock.now()
    found = rules_for(book, purpose)
    told = [_data(rule, book, language, now) for rule in found]
    if as_json:
        speech.print_json({"at": rfc3339(now), "rules": told})
        return
    console = speech.console()
    console.print(say("count", language, number=len(found)))
    for rule in found:
        console.print()
        console.print(
            Text(speech.harmless(f"{rule.region} · {rule.id} · {rule.version_text}"), "bold")
        )
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True, style="dim")
        table.add_column(overflow="fold")
        for label, text in _rows(rule, book, language, now):
            table.add_row(f"  {label}", Text(speech.harmless(text)))
        console.print(table)


def rules_for(book: RuleBook, purpose: str | None) -> tuple[Rule, ...]:
    """Return the rules of a purpose, of all without one; refuses with `no-rules` where there are none."""
    found = tuple([rule for rule in book.rules if purpose in (None, rule.purpose)])
    if not found:
        there = ", ".join(sorted(book.purposes())[:_MOST_NAMED]) or "-"
        raise RefusalError("no-rules", f"{purpose or ''} ({there})".strip())
    return found


def purpose_name(purpose: str, language: Language) -> str:
    """Return a purpose with the name that a pack gives it, where one does."""
    pack = reader.pack_of_purpose(purpose)
    if pack is None or language == "zh-Hant":  # packs are named in two writings
        return purpose
    return f"{pack.name.en if language == 'en' else pack.name.zh} ({purpose})"


def state(rule: Rule, now: datetime) -> str:
    """Return whether a rule is asked `now`, is `coming`, or is `over`."""
    if rule.in_force(now):
        return "now"
    return "coming" if now < rule.valid_from else "over"


def _rows(rule: Rule, book: RuleBook, language: Language, now: datetime) -> list[tuple[str, str]]:
    words = speech.current()
    span = f"{words.time(rule.valid_from)} → {words.time(rule.valid_until)}"
    kinds = kind_words(rule.kinds, language)
    rows = [
        ("purpose", purpose_name(rule.purpose, language)),
        ("effect", say(rule.effect, language)),
        ("kinds", say("kinds-of", language, kinds=kinds)),
        ("asks", in_language(rule.description, language) or say("not-said", language)),
        *(("looks", text) for text in _lines(asks(rule, language, book.value_sets), language)),
        ("in-force", f"{span} ({say(state(rule, now), language)})"),
        ("published", words.time(rule.published) if rule.published else say("not-said", language)),
        ("basis", _basis(rule, language)),
        *(("outbreak", text) for text in _outbreak(rule, language)),
        ("standing", say(rule.standing or "not-said", language)),
        ("next", in_language(rule.next_step, language) or say("not-said", language)),
    ]
    labels = [say(label, language) for label, _ in rows]
    return [
        ("" if number and label == labels[number - 1] else label, text)
        for number, (label, (_, text)) in enumerate(zip(labels, rows, strict=True))
    ]


def _lines(groups: Sequence[Asked], language: Language) -> list[str]:
    told = []
    for group in groups:
        told.append(group.of or say("person", language))
        told += [f"  - {line}" for line in group.lines]
    return told


def _basis(rule: Rule, language: Language) -> str:
    if rule.basis is None:
        return say("not-said", language)
    return say(
        "basis-of",
        language,
        instrument=in_language(rule.basis.instrument, language),
        article=rule.basis.article,
        read=rule.basis.read.isoformat(),
    )


def _outbreak(rule: Rule, language: Language) -> list[str]:
    if rule.outbreak is None:
        return []
    lessons = in_language(rule.outbreak.remote_lessons, language)
    return [say("declared", language, day=rule.outbreak.declared, lessons=lessons)]


def _data(rule: Rule, book: RuleBook, language: Language, now: datetime) -> dict[str, Any]:
    return {
        "region": rule.region,
        "rule": rule.id,
        "version": rule.version_text,
        "purpose": rule.purpose,
        "purpose_name": purpose_name(rule.purpose, language),
        "effect": rule.effect,
        "kinds": list(rule.kinds),
        "asks": in_language(rule.description, language),
        "reads": [
            {"of": group.of, "lines": list(group.lines)}
            for group in asks(rule, language, book.value_sets)
        ],
        "valid_from": rfc3339(rule.valid_from),
        "valid_until": rfc3339(rule.valid_until),
        "state": state(rule, now),
        "published": rfc3339(rule.published) if rule.published else None,
        "basis": _basis(rule, language) if rule.basis else None,
        "outbreak": next(iter(_outbreak(rule, language)), None),
        "standing": rule.standing,
        "next": in_language(rule.next_step, language),
    }
