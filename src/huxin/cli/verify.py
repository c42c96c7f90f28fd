"""`huxin verify`: cards, a basis and a clock → the answer, in words, with its exit status."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click
from click.core import ParameterSource
from rich.progress import track

from huxin.adapters import clock, intake, status_files, trust_file, trust_state
from huxin.cli import answer, jsonl, speech
from huxin.cli.instant_type import Instant
from huxin.cli.looked_up import Lookup
from huxin.cli.options import (
    EXISTING_FILE,
    EXISTING_FOLDER,
    environment_option,
    json_option,
    language_option,
    place_rules_options,
    rules_asked,
)
from huxin.cli.sources import Source, open_together, source_of
from huxin.kernel import strict_json
from huxin.trust.anchors import TrustStore
from huxin.trust.federation.freshness import Freshness
from huxin.trust.status import Status, others
from huxin.trust.status.signed_set import Held
from huxin.trust.verdict import Verdict
from huxin.trust.verify import Basis
from huxin.trust.verify import verify as judge

__all__ = ["verify"]

_MAX_LIST: Final = 100_000_000
_MANY: Final = 20
_EPILOG: Final = """\b
Examples 例:
  huxin verify card.png --trust regions.json
  huxin verify page1.png page2.png --trust regions.json --rules rules.json --purpose school
  huxin verify *.png --trust regions.json --each
  huxin verify card.png --trust-state trust
  huxin verify card.png --trust regions.json --status 1.hxs --status 2.hxs
  huxin verify - --trust regions.json < card.txt
  huxin verify --jsonl cases.jsonl > answers.jsonl

\b
Exit status 退出码: 0 accepted 通过 · 1 rejected 不符合 · 3 cross-check 再看一项 · 4 unknown 无法判断
"""


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the person asked for."""

    cards: tuple[str, ...]
    trust: tuple[Path, ...]
    trust_state: Path | None
    revoked: tuple[Path, ...]
    status: tuple[Path, ...]
    at: datetime | None
    purpose: str | None
    rules: tuple[Path, ...]
    region: str | None
    environment: str
    each: bool
    jsonl_file: str | None
    as_json: bool


@click.command(epilog=_EPILOG, short_help="Verify cards: genuine or not, and why. 查验")
@click.argument("cards", nargs=-1, metavar="[CARD]...")
@click.option(
    "--trust",
    type=EXISTING_FILE,
    multiple=True,
    envvar="HUXIN_TRUST",
    help="Trust file: whose keys are believed (HUXIN_TRUST); may be given several times.",
)
@click.option(
    "--trust-state",
    type=EXISTING_FOLDER,
    help="The federation's list as `huxin trust refresh` keeps it, instead of trust files.",
)
@click.option(
    "--revoked",
    type=EXISTING_FILE,
    multiple=True,
    help="Revocation lists of health cards, batches of EU hashes, as JSON; several times.",
)
@click.option(
    "--status",
    type=EXISTING_FILE,
    multiple=True,
    help="Signed status set of a region; what was added to it, after it.  May be given several times.",
)
@click.option("--at", type=Instant(), help="Judge as at this instant instead of now; it is said.")
@click.option(
    "--purpose", help="Ask the rules of this purpose, not only whether a card is genuine."
)
@place_rules_options
@environment_option
@click.option("--each", is_flag=True, help="Judge the cards one by one: they are of many people.")
@click.option(
    "--jsonl",
    "jsonl_file",
    metavar="FILE",
    help="Conformance door: one case a line in, one answer a line out; '-' is standard input.",
)
@json_option
@language_option
def verify(**asked: Any) -> None:
    """Verify cards: genuine or not, by whose word, until when, and why not.

    CARD is a picture, a PDF, a text file, the text itself, or - for standard input.
    Several cards are judged together, as of one person; --each judges them one by one.

    查验卡片：真不真、谁签的、到何时、为什么不行。CARD 可以是图片、PDF、文本文件或文本本身。
    """
    wish = _Asked(**asked)
    if wish.jsonl_file is not None:
        if wish.cards:
            raise click.UsageError("--jsonl reads its cards from its file; give no CARD beside it.")
        if wish.status:
            raise click.UsageError(
                "--jsonl: what was withdrawn stands in its lines, not beside it."
            )
        if (wish.purpose, wish.at, wish.region) != (None, None, None) or wish.each:
            raise click.UsageError(
                "--jsonl: purpose, region and instant stand in its lines, not beside it."
            )
        jsonl.run(wish.jsonl_file, rules_asked(wish.rules, wish.region))
        return
    if not wish.cards:
        raise click.UsageError("Which card? Give a file, a text, or - for standard input.")
    now = wish.at or clock.now()
    trust, list_age, kept = _trust(wish, now)
    sets = status_files.read_sets(wish.status, trust=trust, now=now, kept=kept)
    lookup = Lookup(_lists(wish.revoked), sets)
    basis = Basis(trust, lookup.status(), rules_asked(wish.rules, wish.region))
    sources = [source_of(card, number) for number, card in enumerate(wish.cards, start=1)]
    verdicts = _verdicts(wish, sources, basis, now)
    scene = answer.Scene(
        now,
        moved=wish.at is not None,
        looked_up=lookup.was_made(verdicts),
        set_age=lookup.age(verdicts, now=now),
        purposes=tuple(sorted(basis.rules.purposes())) if basis.rules is not None else (),
        list_age=list_age,
    )
    if wish.each:
        answer.show_each([one.name for one in sources], verdicts, scene, as_json=wish.as_json)
    else:
        answer.show(verdicts[0], scene, as_json=wish.as_json)
    worst = min((one.outcome for one in verdicts), key=answer.WORST_FIRST.index)
    click.get_current_context().exit(answer.EXIT[worst])


def _verdicts(
    wish: _Asked, sources: Sequence[Source], basis: Basis, now: datetime
) -> list[Verdict]:
    people = [[one] for one in sources] if wish.each else [list(sources)]
    console = speech.console(errors=True)
    busy = len(people) > _MANY and console.is_terminal
    return [
        judge(open_together(shown), basis, purpose=wish.purpose, now=now)
        for shown in track(people, description="", console=console, disable=not busy)
    ]


def _trust(wish: _Asked, now: datetime) -> tuple[TrustStore, Freshness | None, tuple[Held, ...]]:
    """Return whom to believe, and what came with it of withdrawals.

    A list's age is said with the answer, and one that is too old is refused.
    """
    if wish.trust_state is not None:
        source = click.get_current_context().get_parameter_source("trust")
        if wish.trust and source is ParameterSource.COMMANDLINE:
            # A key that the list has buried would be alive in the file.
            raise click.UsageError("--trust or --trust-state, not both: which would decide?")
        state, environment = wish.trust_state, wish.environment
        store, age, held = trust_state.read_with_sets(state, environment=environment, now=now)
        return store, age, held.sets()
    if not wish.trust:
        raise click.UsageError("Whom to believe? Give --trust FILE or --trust-state DIR.")
    first, *others = [trust_file.read(path) for path in wish.trust]
    return first.with_others(others).store(wish.environment), None, ()


def _lists(paths: Sequence[Path]) -> Status | None:
    lists: list[Any] = []
    for path in paths:
        content = strict_json.parse(intake.read(path, limit=_MAX_LIST), code="bad-input")
        lists += content if isinstance(content, list) else [content]
    return others.parse(lists) if paths else None
