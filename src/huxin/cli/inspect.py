"""`huxin inspect`: what a code contains.  It asks no trust and gives none."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import click
from rich.table import Table
from rich.text import Text

from huxin.cli import speech
from huxin.cli.facts_table import revealed, rows
from huxin.cli.options import json_option, language_option
from huxin.cli.plain_data import plain
from huxin.cli.sources import open_together, source_of
from huxin.cli.speech import Speech, harmless
from huxin.kernel.identifiers import kid_text
from huxin.kernel.instants import rfc3339
from huxin.trust.credentials.credential import Credential
from huxin.trust.credentials.facts import as_json
from huxin.trust.reading import Reading

__all__ = ["inspect"]

_NOT_READ: Final = 1
_EPILOG: Final = """\b
Examples 例:
  huxin inspect card.png
  huxin inspect page1.png page2.png
  huxin inspect card.txt --json
"""


@click.command(epilog=_EPILOG, short_help="Show what a code contains. 看码里写了什么")
@click.argument("cards", nargs=-1, required=True, metavar="CARD...")
@json_option
@language_option
def inspect(cards: tuple[str, ...], as_json: bool) -> None:
    """Show what a code contains: format, header, claims, facts. Nothing is verified.

    CARD is a picture, a PDF, a text file, the text itself, or - for standard input.

    只看码里写了什么，不查验。
    """
    sources = [source_of(card, number) for number, card in enumerate(cards, start=1)]
    readings = open_together(sources)
    words = speech.current()
    if as_json:
        speech.print_json(
            {
                "verified": False,
                "text": words.say("not-verified"),
                "cards": [_data(one, words) for one in readings],
            }
        )
    else:
        for one in readings:
            _show(one, words)
    if any(one.credential is None for one in readings):
        click.get_current_context().exit(_NOT_READ)


def _steps(one: Reading) -> dict[str, bool]:
    steps = dict.fromkeys(one.passed, True)
    return steps if one.failed is None else steps | {one.failed: False}


def _show(one: Reading, words: Speech) -> None:
    console = speech.console()
    console.print(Text(f"! {words.say('not-verified')}", "bold"))
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim")
    table.add_column(overflow="fold")
    for label, value in _head(one, words):
        table.add_row(label, Text(value))
    credential = one.credential
    if credential is None:
        console.print(table)
        return
    if credential.facts is not None:
        for label, value in rows(credential.facts, words):
            table.add_row(label, Text(value, "bold"))
    reveals = revealed(credential.facts, words) or (words.say("nothing"),)
    table.add_row(words.say("reveals"), Text(", ".join(reveals)))
    console.print(table)
    console.print(Text(f"\n{words.say('claims')}", "dim"))
    speech.print_json(plain(credential.claims))
    console.print()


def _head(one: Reading, words: Speech) -> Iterator[tuple[str, str]]:
    """Yield the rows that stand above the facts."""
    credential = one.credential
    yield words.say("format"), (credential.format if credential else one.format) or "?"
    yield (
        words.say("steps"),
        "  ".join(f"{'✓' if held else '✕'} {name}" for name, held in _steps(one).items()),
    )
    refusal = one.refusal or (credential.fault if credential else None)
    if refusal is not None:
        yield words.say("why"), f"{words.sentence(refusal.code)} [{refusal.code}]"
        yield words.say("next"), words.next_step(refusal.code)
    if credential is not None:
        yield from _header(credential, words)


def _header(card: Credential, words: Speech) -> Iterator[tuple[str, str]]:
    kid = kid_text(card.kid) if card.kid is not None else None
    rival = kid_text(card.rival_kid) if card.rival_kid is not None else None
    index = f"{card.status.uri} #{card.status.index}" if card.status is not None else None
    for label, value in (
        ("algorithm", card.algorithm),
        ("kid", kid),
        ("rival-kid", rival),
        ("iss", card.issuer),
        ("issued", words.time(card.issued) if card.issued else None),
        ("not-before", words.time(card.not_before) if card.not_before else None),
        ("expires", words.time(card.expires) if card.expires else None),
        ("rid", card.rid),
        ("status-index", index),
    ):
        if value is not None:
            yield words.say(label), harmless(value)
    for warning in card.warnings:
        yield words.say("warning"), words.say(warning)


def _data(one: Reading, words: Speech) -> dict[str, Any]:
    card = one.credential
    data: dict[str, Any] = {
        "format": card.format if card is not None else one.format,
        "steps": _steps(one),
    }
    refusal = one.refusal or (card.fault if card is not None else None)
    if refusal is not None:
        data["refused"] = words.refusal(refusal)
    if card is None:
        return data
    return data | {
        "header": {"alg": card.algorithm, "kid": None if card.kid is None else kid_text(card.kid)},
        "issuer": card.issuer,
        "issued": rfc3339(card.issued) if card.issued else None,
        "not_before": rfc3339(card.not_before) if card.not_before else None,
        "expires": rfc3339(card.expires) if card.expires else None,
        "claims": plain(card.claims),
        "facts": None if card.facts is None else plain(as_json(card.facts)),
        "reveals": list(revealed(card.facts, words)),
        "warnings": list(card.warnings),
    }
